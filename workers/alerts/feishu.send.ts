// Feishu and Lark by a group's own bot. Both answer HTTP 200 to everything: their own word is `code` (or `StatusCode`) 0. The card has
// plain text only, which knows neither Markdown nor mentions. Called by the map of channels.

import { accepted, after, BACKOFF, byStatus, codeOf, NEVER, quote, refused, type Said } from "./answer.ts";
import type { Alert, ChannelAnswer } from "./alert.ts";
import { deliver, secretValue, type Sender } from "./ask.send.ts";
import { feishuSignature } from "./signing.ts";
import { FACT_NAME_CHARS_MAX, FACT_VALUE_CHARS_MAX, fit, linksOf, oneLine, partsOf, sizeInBytes } from "./text.ts";

/** A request of a bot: 20 KB. With these it has 16 KB at most. */
const TITLE_CHARS_MAX = 200;
const SENTENCE_BYTES_MAX = 4_000;
const FACTS_MAX = 8;
/** A hundred a minute, five a second. */
const FREQUENCY_MS = 60_000;

/** Options: `keyword`. The key is the bot's signing secret. */
export const sendFeishu: Sender = async (alert, settings, world) => {
  const address = secretValue(world, settings, "urlSecret");
  if ("missing" in address) return address.missing;
  const key = settings.keySecret === null ? null : secretValue(world, settings, "keySecret");
  if (key !== null && "missing" in key) return key.missing;
  const seconds = Math.floor(world.outside.now() / 1_000);
  const sign = key === null ? null : await feishuSignature(key.value, seconds);
  const body = {
    ...(sign === null ? {} : { timestamp: String(seconds), sign }),
    msg_type: "interactive",
    card: cardOf(alert, settings.options["keyword"] ?? ""),
  };
  const secrets = [key?.value ?? null, sign];
  return deliver(world, { alert, url: address.value, body: JSON.stringify(body), secrets }, judge);
};

const COLOURS = { critical: "red", error: "red", warning: "orange", info: "blue" } as const;

const plainText = (content: string): object => ({ tag: "plain_text", content });

function cardOf(alert: Alert, keyword: string): object {
  const { title, source, sentence, facts } = partsOf(alert);
  const heading = fit(title, { max: TITLE_CHARS_MAX });
  const fields = facts.slice(0, FACTS_MAX).map(({ name, value }) => {
    const text = `${fit(name, { max: FACT_NAME_CHARS_MAX })}: ${fit(value, { max: FACT_VALUE_CHARS_MAX })}`;
    return { is_short: true, text: plainText(text) };
  });
  const buttons = linksOf(alert).map(({ text, url }) => ({
    tag: "button",
    text: plainText(text),
    type: "default",
    url,
  }));
  const by = fit(source, { max: FACT_NAME_CHARS_MAX });
  const note = heading.includes(keyword) ? by : `${by} ${oneLine(keyword)}`;
  const told = fit(sentence, { max: SENTENCE_BYTES_MAX, sizeOf: sizeInBytes });
  return {
    config: { wide_screen_mode: true },
    header: { title: plainText(heading), template: alert.kind === "resolve" ? "green" : COLOURS[alert.severity] },
    elements: [
      ...(told === "" ? [] : [{ tag: "div", text: plainText(told) }]),
      ...(fields.length === 0 ? [] : [{ tag: "div", fields }]),
      ...(buttons.length === 0 ? [] : [{ tag: "action", actions: buttons }]),
      { tag: "note", elements: [plainText(note)] },
    ],
  };
}

/** What a person has to mend in the bot's settings or in ours. */
const MENDS: Readonly<Record<string, string>> = {
  "19021": "The signature is not valid: set the bot's signing secret, and check that the clock is right",
  "19022":
    "The bot takes no message from this address: take the list of addresses off the bot, Workers have no fixed ones",
  "19024": "The bot's keyword is missing: set the option keyword to one of the bot's words",
  "9499": "The request is not one that the bot takes",
};

function judge(said: Said): ChannelAnswer {
  const { json } = said;
  const codes = [json?.["code"], json?.["StatusCode"]].filter((code) => code !== undefined);
  const words = quote(json?.["msg"] ?? json?.["StatusMessage"]);
  if (said.status === 200 && codes.length > 0 && codes.every((code) => code === 0))
    return accepted(said, "0", "code 0");
  const code = codeOf(codes.find((each) => each !== 0));
  if (code === null || said.status >= 500) return byStatus(said, code);
  if (code === "11232" || said.status === 429) {
    return refused(said, code, `Too many messages${words}`, after(said.retryAfterMs ?? FREQUENCY_MS));
  }
  if (code === "19001") return refused(said, code, `The bot is gone${words}: make a new one.`, NEVER, true);
  const mend = MENDS[code];
  if (mend !== undefined) return refused(said, code, `${mend}${words}.`, NEVER);
  return refused(said, code, `Feishu does not take it: code ${code}${words}.`, BACKOFF);
}
