// Discord by webhook, asked to wait until the message is stored: its own word is then 200 with the id of the message (or 204). Mentions
// are switched off, and Markdown is escaped besides. Called by the map of channels.

import { accepted, after, byStatus, codeOf, NEVER, quote, refused, type Said } from "./answer.ts";
import type { Alert, ChannelAnswer } from "./alert.ts";
import { deliver, secretValue, type Sender } from "./ask.send.ts";
import { discordEscape, FACT_NAME_CHARS_MAX, FACT_VALUE_CHARS_MAX, fit, linksOf, partsOf } from "./text.ts";

/** An embed: title 256, description 4,096, field name 256, value 1,024, all together 6,000. With these it is 5,950 at most. */
const TITLE_CHARS_MAX = 250;
const SENTENCE_CHARS_MAX = 1_800;
const FIELDS_MAX = 7;
const LINK_CHARS_MAX = 500;

const COLOURS = { critical: 0xd92d20, error: 0xd92d20, warning: 0xf79009, info: 0x2e90fa } as const;
const RESOLVED = 0x12b76a;

export const sendDiscord: Sender = async (alert, settings, world) => {
  const address = secretValue(world, settings, "urlSecret");
  if ("missing" in address) return address.missing;
  const url = URL.parse(address.value);
  url?.searchParams.set("wait", "true");
  // What is no URL is refused where the address is judged.
  return deliver(world, { alert, url: url?.href ?? address.value, body: JSON.stringify(bodyOf(alert)) }, judge);
};

function bodyOf(alert: Alert): object {
  const { title, source, sentence, facts } = partsOf(alert);
  const short = (text: string, max: number): string => fit(text, { max, escape: discordEscape });
  // In angle brackets, so that no preview is fetched.
  const links = linksOf(alert).map(({ text, url }) => `${text}: <${url}>`);
  const shown = links.filter((link) => link.length <= LINK_CHARS_MAX).join("\n");
  const description = [short(sentence, SENTENCE_CHARS_MAX), shown].filter((part) => part !== "").join("\n\n");
  const embed = {
    title: short(title, TITLE_CHARS_MAX),
    ...(description === "" ? {} : { description }),
    color: alert.kind === "resolve" ? RESOLVED : COLOURS[alert.severity],
    fields: facts.slice(0, FIELDS_MAX).map(({ name, value }) => ({
      name: short(name, FACT_NAME_CHARS_MAX),
      value: short(value, FACT_VALUE_CHARS_MAX - FACT_NAME_CHARS_MAX),
      inline: true,
    })),
    footer: { text: fit(source, { max: FACT_NAME_CHARS_MAX }) },
  };
  return { embeds: [embed], allowed_mentions: { parse: [] } };
}

/** Discord's codes: 10015 unknown webhook, 50027 invalid webhook token; 429 says `retry_after` in seconds. */
function judge(said: Said): ChannelAnswer {
  const code = codeOf(said.json?.["code"]);
  const words = quote(said.json?.["message"]);
  const id = said.json?.["id"];
  if (said.status === 204) return accepted(said, null, "204 No Content");
  if (said.status === 200 && typeof id === "string" && id !== "")
    return accepted(said, null, `stored as message${quote(id)}`);
  if (said.status === 404 || code === "10015" || code === "50027") {
    return refused(said, code, `The webhook is gone${words}: make a new one in Discord.`, NEVER, true);
  }
  if (said.status === 429) {
    const seconds = said.json?.["retry_after"];
    const ms = typeof seconds === "number" ? seconds * 1_000 : said.retryAfterMs;
    return refused(said, code, `Too many messages${words}`, after(ms));
  }
  return byStatus(said, code);
}
