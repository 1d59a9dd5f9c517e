// Mail by Cloudflare's binding `send_email`. Its own word is the id of the message. Text only: nothing in it can be fetched, and the
// subject is one line. Called by the map of channels. Errors: Cloudflare's code, if it gives one, is kept; its words are quoted.

import { within } from "../outside.ts";
import {
  accepted,
  BACKOFF,
  codeOf,
  keptAnswer,
  NEVER,
  objectOf,
  piecesOf,
  quote,
  refused,
  unsent,
  withoutPieces,
} from "./answer.ts";
import type { ChannelAnswer } from "./alert.ts";
import { ANSWER_MS, type EmailBinding, type Sender } from "./ask.send.ts";
import { letterOfMail } from "./mail.ts";
import { plain } from "./text.ts";

/** Options: `from`, `to` (several with commas between). */
export const sendEmail: Sender = async (alert, settings, world) => {
  const mail = letterOfMail(alert, settings);
  if (mail === null) {
    return unsent(
      `Nothing was sent: the channel ${settings.id} needs the options from and to, with up to 50 addresses.`,
      NEVER,
    );
  }
  const binding = world.sendEmail;
  if (binding === null) {
    return unsent("Nothing was sent: this Worker has no binding send_email. Add it to wrangler.toml.", NEVER);
  }
  // A signed link may be quoted from the mail.
  const pieces = piecesOf([...(alert.ackUrl === null ? [] : [alert.ackUrl]), ...(world.hidden ?? [])]);
  return keptAnswer(await handOver(binding, mail, world.outside, pieces), pieces);
};

async function handOver(
  binding: EmailBinding,
  mail: Parameters<EmailBinding["send"]>[0],
  outside: Parameters<typeof within>[0],
  pieces: readonly string[],
): Promise<ChannelAnswer> {
  try {
    const result = await within(outside, ANSWER_MS, "send_email", binding.send(mail));
    const id = result?.messageId;
    if (typeof id !== "string" || id === "") return unsent("The binding gave no id for the message.", BACKOFF);
    return accepted({ status: 200 }, null, `message${quote(id)}`);
  } catch (problem) {
    const code = codeOf(objectOf(problem)?.["code"]);
    // Before they are cut: half a secret would not be found.
    const words = quote(withoutPieces(plain(String(objectOf(problem)?.["message"] ?? "")), pieces));
    return refused({ status: null }, code, `The mail was not taken${words}.`, isLasting(code) ? NEVER : BACKOFF);
  }
}

/** Limits, delivery and Cloudflare's own troubles pass; sender, recipient and content do not mend by themselves. Others: unknown. */
function isLasting(code: string | null): boolean {
  if (code === null || /LIMIT|DELIVERY|INTERNAL|TIMEOUT|UNAVAILABLE/.test(code)) return false;
  return code.startsWith("E_");
}
