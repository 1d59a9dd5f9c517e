// An alert as a mail: sender, recipients, a subject on one line, a plain text. Pure; called by both channels of mail.

import type { ChannelSettings } from "../config/alerts/alerting.ts";
import type { Alert } from "./alert.ts";
import { fit, letter, oneLine, partsOf } from "./text.ts";

/** RFC 5322 wants lines below 998; nobody reads more than this of a subject. */
const SUBJECT_CHARS_MAX = 200;
const TEXT_CHARS_MAX = 20_000;
/** Cloudflare and Resend: 50 recipients. */
const RECIPIENTS_MAX = 50;

export interface Mail {
  readonly from: string;
  readonly to: string[];
  readonly subject: string;
  readonly text: string;
  /** Only of mail to subscribers: how to end it (RFC 2369, RFC 8058). */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The option that holds the address which ends a subscription with one POST; no user can set it. */
export const END_OPTION = "end";

/** Null: the options `from` and `to` are not addresses. Several recipients stand in `to` with commas between. */
export function letterOfMail(alert: Alert, { options }: Pick<ChannelSettings, "options">): Mail | null {
  const from = oneLine(options["from"] ?? "");
  const to = (options["to"] ?? "")
    .split(",")
    .map(oneLine)
    .filter((address) => address !== "");
  const isRight = [from, ...to].every((address) => /^[^@]+@[^@]+$/.test(address));
  if (!isRight || to.length === 0 || to.length > RECIPIENTS_MAX) return null;
  const subject = fit(partsOf(alert).title, { max: SUBJECT_CHARS_MAX });
  const end = options[END_OPTION];
  const text = letter(alert, { max: TEXT_CHARS_MAX });
  if (end === undefined || !/^https?:\/\/[\w.:/-]+$/.test(end)) return { from, to, subject, text };
  const headers = { "List-Unsubscribe": `<${end}>`, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" };
  return { from, to, subject, text, headers };
}
