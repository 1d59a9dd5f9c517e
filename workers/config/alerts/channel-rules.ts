// What each kind of channel needs: an address, a key, options. One exhaustive table: a new kind is a line here, which the compiler asks
// for. Secrets stand in it by name only. Called by `channels.ts`; the options are read by `alerts/<name>.send.ts`.

import * as z from "zod";
import type { ChannelName } from "../../../schema/words.ts";
import { oneOf } from "../contracts/term-fields.ts";
import { type Fields, field, judged, lineSchema } from "../fields.ts";
import type { Refusal } from "../problems.ts";

/** Whether the name of a secret must stand there, may, or has no business there. */
type Need = "needed" | "optional" | "none";

interface ChannelRules {
  readonly url: Need;
  readonly key: Need;
  readonly options: Fields;
}

const KEYWORD = { keyword: field(lineSchema().optional(), 'keyword: "Sonde"') };
const HOSTS = ["events.pagerduty.com", "events.eu.pagerduty.com"] as const;
const HOST = { host: field(oneOf(HOSTS).optional(), `host: "${HOSTS[0]}"`) };
const CHAT = 'chat: "-1001234567890"';
const FROM = 'from: "sonde@example.com"';
const TO = 'to: "ops@example.com, lin@example.com"';
const MAIL = {
  from: field(
    judged(z.string(), (text) => refusalOfMail([text], FROM)),
    FROM,
  ),
  to: field(
    judged(z.string(), (text) =>
      refusalOfMail(
        text.split(",").map((one) => one.trim()),
        TO,
      ),
    ),
    TO,
  ),
};
/** Cloudflare and Resend take no more. */
const RECIPIENTS_MAX = 50;

export const CHANNEL_RULES: Readonly<Record<ChannelName, ChannelRules>> = {
  webhook: { url: "needed", key: "needed", options: {} },
  slack: { url: "needed", key: "none", options: {} },
  teams: { url: "needed", key: "none", options: {} },
  discord: { url: "needed", key: "none", options: {} },
  telegram: { url: "none", key: "needed", options: { chat: field(judged(z.string(), refusalOfChat), CHAT) } },
  pagerduty: { url: "none", key: "needed", options: HOST },
  alertmanager: { url: "needed", key: "optional", options: {} },
  feishu: { url: "needed", key: "optional", options: KEYWORD },
  dingtalk: { url: "needed", key: "optional", options: KEYWORD },
  wecom: { url: "needed", key: "none", options: {} },
  email: { url: "none", key: "none", options: MAIL },
  "email-http": { url: "needed", key: "needed", options: MAIL },
};

/** A number (of groups below zero), or the name of a public channel. */
function refusalOfChat(text: string): Refusal | null {
  if (/^(-?[1-9]\d{0,19}|@[A-Za-z][A-Za-z0-9_]{3,31})$/.test(text)) return null;
  return { problem: "is not the number or the @name of a chat", mend: `write ${CHAT}` };
}

/** "lin@example.com", or "Lin <lin@example.com>" in one line; more is for the mail's own server to judge. */
function refusalOfMail(addresses: readonly string[], write: string): Refusal | null {
  if (addresses.length > RECIPIENTS_MAX) {
    return { problem: `has ${addresses.length} addresses`, mend: `write at most ${RECIPIENTS_MAX}` };
  }
  const bare = /^[^\s@<>,;"]+@[^\s@<>,;"]+$/;
  const named = /^[^\p{Cc}@<>,;"]{1,80} <([^<>]+)>$/u;
  const isRight = addresses.every((one) => bare.test(named.exec(one)?.[1] ?? one));
  return isRight ? null : { problem: "holds what is not an address of mail", mend: `write ${write}` };
}
