// WeCom by a group's own bot. It answers HTTP 200 to everything: its own word is `errcode` 0. There is no signature: the key in the
// address is the secret. Sent as plain text: its Markdown has no escape, and `<@name>` would mention. Called by the map of channels.

import { accepted, after, BACKOFF, byStatus, codeOf, NEVER, quote, refused, type Said } from "./answer.ts";
import type { ChannelAnswer } from "./alert.ts";
import { deliver, secretValue, type Sender } from "./ask.send.ts";
import { letter, mentionEscape, sizeInBytes } from "./text.ts";

/** A text: 2,048 bytes of UTF-8. */
const TEXT_BYTES_MAX = 2_048;
/** Twenty a minute. */
const FREQUENCY_MS = 60_000;

export const sendWecom: Sender = async (alert, settings, world) => {
  const address = secretValue(world, settings, "urlSecret");
  if ("missing" in address) return address.missing;
  const content = letter(alert, { max: TEXT_BYTES_MAX, sizeOf: sizeInBytes, escape: mentionEscape });
  const body = JSON.stringify({ msgtype: "text", text: { content, mentioned_list: [], mentioned_mobile_list: [] } });
  return deliver(world, { alert, url: address.value, body }, judge);
};

/** The same would be refused again: type, form, an empty text, a length. */
const REFUSALS: ReadonlySet<string> = new Set(["40008", "40058", "44004", "45002", "47001"]);

function judge(said: Said): ChannelAnswer {
  const errcode = said.json?.["errcode"];
  const words = quote(said.json?.["errmsg"]);
  if (said.status === 200 && errcode === 0) return accepted(said, "0", "errcode 0");
  const code = codeOf(errcode);
  if (code === null || said.status >= 500) return byStatus(said, code);
  if (code === "45009" || code === "45033" || said.status === 429) {
    return refused(said, code, `Too many messages${words}`, after(said.retryAfterMs ?? FREQUENCY_MS));
  }
  if (code === "93000" || code === "93008") {
    return refused(said, code, `The bot is gone, or its key is not known${words}: make a new one.`, NEVER, true);
  }
  if (REFUSALS.has(code)) return refused(said, code, `WeCom refuses the message${words}.`, NEVER);
  return refused(said, code, `WeCom does not take it: errcode ${code}${words}.`, BACKOFF);
}
