// Telegram by a bot. Its own word is `ok: true`. Plain text without a parse mode: there is nothing to escape, and a word joiner keeps
// names behind an @ from being mentions. Called by the map of channels.

import {
  accepted,
  after,
  BACKOFF,
  byStatus,
  codeOf,
  NEVER,
  objectOf,
  quote,
  refused,
  type Said,
  unsent,
} from "./answer.ts";
import type { ChannelAnswer } from "./alert.ts";
import { deliver, secretValue, type Sender } from "./ask.send.ts";
import { letter, linksOf, mentionEscape } from "./text.ts";

const HOME = "https://api.telegram.org";
/** sendMessage: 4,096 after parsing. */
const TEXT_CHARS_MAX = 4_096;

/** Options: `chat`. The address, if one is named, is that of a Bot API server of one's own. */
export const sendTelegram: Sender = async (alert, settings, world) => {
  const token = secretValue(world, settings, "keySecret");
  if ("missing" in token) return token.missing;
  // Part of the path: what does not look like a token could lead to another method.
  if (!/^\d{3,20}:[\w-]{20,100}$/.test(token.value)) {
    return unsent("Nothing was sent: the key is not a token of a Telegram bot (digits, a colon, letters).", NEVER);
  }
  const chat = settings.options["chat"] ?? "";
  if (chat === "") return unsent(`Nothing was sent: the channel ${settings.id} has no option chat.`, NEVER);
  const home = settings.urlSecret === null ? { value: HOME } : secretValue(world, settings, "urlSecret");
  if ("missing" in home) return home.missing;
  const body = {
    chat_id: chat,
    text: letter(alert, { max: TEXT_CHARS_MAX, escape: mentionEscape }),
    link_preview_options: { is_disabled: true },
    // Buttons need public addresses: a link to this machine would be refused, and the text has them all.
    reply_markup: {
      inline_keyboard: linksOf(alert).flatMap((link) => (link.url.startsWith("https:") ? [[link]] : [])),
    },
  };
  const url = `${home.value.replace(/\/+$/, "")}/bot${token.value}/sendMessage`;
  return deliver(world, { alert, url, body: JSON.stringify(body), secrets: [token.value] }, judge);
};

/** `error_code` is the status. 403: the bot was blocked or thrown out. 401 and 404: no such token. */
function judge(said: Said): ChannelAnswer {
  const { status, json } = said;
  const code = codeOf(json?.["error_code"]);
  const words = quote(json?.["description"]);
  const hints = objectOf(json?.["parameters"]);
  const seconds = hints?.["retry_after"];
  const laterMs = typeof seconds === "number" ? seconds * 1_000 : said.retryAfterMs;
  if (status === 200 && json?.["ok"] === true) return accepted(said, null, "ok");
  if (code === "429" || status === 429) {
    return refused(said, code, `Too many messages${words}`, after(laterMs));
  }
  if (code === "401" || code === "404") {
    return refused(said, code, `The bot's token is not known${words}: set the token that BotFather shows.`, NEVER);
  }
  if (code === "403") {
    return refused(
      said,
      code,
      `The bot may not write to this chat${words}: add it again, or choose another chat.`,
      NEVER,
      true,
    );
  }
  const moved = codeOf(hints?.["migrate_to_chat_id"]);
  if (moved !== null) return refused(said, code, `The chat has a new id: set the option chat to ${moved}.`, NEVER);
  if (code === "400") return refused(said, code, `Telegram refuses the message or the chat${words}.`, NEVER);
  if (code !== null && status < 400) return refused(said, code, `Telegram does not take it${words}.`, BACKOFF);
  return byStatus(said, code);
}
