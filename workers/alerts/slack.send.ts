// Slack by incoming webhook. Its own word is the text `ok`. All that was measured goes into plain text with Slack's three control
// characters escaped, so that it can neither mention nor link. Called by the map of channels.

import { accepted, byStatus, codeOf, NEVER, quote, refused, type Said } from "./answer.ts";
import type { Alert, ChannelAnswer } from "./alert.ts";
import { deliver, secretValue, type Sender } from "./ask.send.ts";
import { FACT_NAME_CHARS_MAX, fit, linksOf, partsOf, slackEscape } from "./text.ts";

/** Block Kit: header 150, section 3,000, a field 2,000, ten fields in a section. */
const HEADER_CHARS_MAX = 150;
const FIELDS_MAX = 10;
/** Far below: the whole body has an undocumented cap of about 13,000 (slackapi/bolt-js 2509). */
const SENTENCE_CHARS_MAX = 2_500;
const VALUE_CHARS_MAX = 300;

export const sendSlack: Sender = async (alert, settings, world) => {
  const address = secretValue(world, settings, "urlSecret");
  if ("missing" in address) return address.missing;
  return deliver(world, { alert, url: address.value, body: JSON.stringify(bodyOf(alert)) }, judge);
};

const plainText = (text: string, max: number): object => ({
  type: "plain_text",
  text: fit(text, { max, escape: slackEscape }),
  emoji: false,
});

function bodyOf(alert: Alert): object {
  const { title, source, sentence, facts } = partsOf(alert);
  const fields = facts
    .slice(0, FIELDS_MAX)
    .map(({ name, value }) => plainText(`${fit(name, { max: FACT_NAME_CHARS_MAX })}: ${value}`, VALUE_CHARS_MAX));
  const buttons = linksOf(alert).map(({ text, url }, index) => ({
    type: "button",
    action_id: `sonde-${index}`,
    text: plainText(text, 75),
    url,
  }));
  const blocks = [
    { type: "header", text: plainText(title, HEADER_CHARS_MAX) },
    ...(sentence === "" ? [] : [{ type: "section", text: plainText(sentence, SENTENCE_CHARS_MAX) }]),
    ...(fields.length === 0 ? [] : [{ type: "section", fields }]),
    ...(buttons.length === 0 ? [] : [{ type: "actions", elements: buttons }]),
    { type: "context", elements: [plainText(source, FACT_NAME_CHARS_MAX)] },
  ];
  // The text is what a phone shows; the blocks are what the channel shows.
  const text = fit(title, { max: HEADER_CHARS_MAX, escape: slackEscape });
  return { text, mrkdwn: false, unfurl_links: false, unfurl_media: false, blocks };
}

/** Codes after Slack's changelog of 17 May 2016 and its page on incoming webhooks. */
function judge(said: Said): ChannelAnswer {
  const word = said.body.trim();
  const code = /^[a-z_]{2,60}$/.test(word) ? codeOf(word) : null;
  if (said.status === 200 && word === "ok") return accepted(said, "ok", "ok");
  if (said.status === 404 || said.status === 410) {
    return refused(
      said,
      code,
      `The webhook or its channel is gone${quote(word)}: make a new webhook in Slack.`,
      NEVER,
      true,
    );
  }
  if (said.status === 403) {
    return refused(
      said,
      code,
      `Slack does not allow this webhook to post${quote(word)}: ask who runs the workspace.`,
      NEVER,
    );
  }
  return byStatus(said, code);
}
