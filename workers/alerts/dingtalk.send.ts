// DingTalk by a group's own bot. It answers HTTP 200 to everything: its own word is `errcode` 0. Sent as plain text: its Markdown has
// no escape that can be relied on, and nobody is mentioned. Called by the map of channels.

import { accepted, after, BACKOFF, byStatus, codeOf, NEVER, quote, refused, type Said } from "./answer.ts";
import type { ChannelAnswer } from "./alert.ts";
import { deliver, secretValue, type Sender } from "./ask.send.ts";
import { dingtalkSignature } from "./signing.ts";
import { letter, mentionEscape, sizeInBytes } from "./text.ts";

/** A message: 20,000 bytes, which JSON's own letters count towards. */
const TEXT_BYTES_MAX = 6_000;
/** Twenty a minute. */
const FREQUENCY_MS = 60_000;

/** Options: `keyword`. The key is the bot's signing secret. */
export const sendDingtalk: Sender = async (alert, settings, world) => {
  const address = secretValue(world, settings, "urlSecret");
  if ("missing" in address) return address.missing;
  const key = settings.keySecret === null ? null : secretValue(world, settings, "keySecret");
  if (key !== null && "missing" in key) return key.missing;
  const keyword = settings.options["keyword"] ?? "";
  const content = letter(alert, { max: TEXT_BYTES_MAX, sizeOf: sizeInBytes, escape: mentionEscape, keyword });
  const body = JSON.stringify({
    msgtype: "text",
    text: { content },
    at: { isAtAll: false, atMobiles: [], atUserIds: [] },
  });
  const now = world.outside.now();
  const sign = key === null ? null : await dingtalkSignature(key.value, now);
  const url = URL.parse(address.value);
  if (sign !== null) {
    url?.searchParams.set("timestamp", String(now));
    url?.searchParams.set("sign", sign);
  }
  const secrets = [address.value, key?.value ?? null, sign];
  // What is no URL is refused where the address is judged.
  return deliver(world, { alert, url: url?.href ?? address.value, body, secrets }, judge);
};

/** What a person has to mend, by DingTalk's code; and the codes of content that it never shows. */
const MENDS: Readonly<Record<string, string>> = {
  "310000":
    "Keyword, signature or address rule of the bot: set its keyword (option keyword) and its secret, check the clock",
  "400013": "The group does not exist any more: make a bot in another one",
  "400101": "The address has a token that is not known: copy the bot's address again",
  "400102": "The bot is switched off: switch it on",
  "430101": "DingTalk takes a link in it for unsafe",
  "430102": "DingTalk takes its text for improper",
  "430103": "DingTalk takes a picture in it for improper",
  "430104": "DingTalk takes its content for improper",
};

function judge(said: Said): ChannelAnswer {
  const errcode = said.json?.["errcode"];
  const words = quote(said.json?.["errmsg"]);
  if (said.status === 200 && errcode === 0) return accepted(said, "0", "errcode 0");
  const code = codeOf(errcode);
  if (code === null || said.status >= 500) return byStatus(said, code);
  // 130101: more than twenty a minute. 410100: more than the organisation may.
  if (code === "130101" || code === "410100" || said.status === 429) {
    return refused(said, code, `Too many messages${words}`, after(said.retryAfterMs ?? FREQUENCY_MS));
  }
  if (code === "300001" || code === "300005") {
    return refused(said, code, `The bot is gone${words}: make a new one.`, NEVER, true);
  }
  const mend = MENDS[code];
  if (mend !== undefined) return refused(said, code, `${mend}${words}.`, NEVER);
  return refused(said, code, `DingTalk does not take it: errcode ${code}${words}.`, BACKOFF);
}
