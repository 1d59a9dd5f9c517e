// Mail by an HTTP API that speaks as Resend does (POST /emails). Its own word is a 2xx with the id of the mail. The same key goes with
// every try, so that a mail which was taken is not sent twice within a day. Called by the map of channels.

import { accepted, BACKOFF, byStatus, codeOf, NEVER, quote, refused, type Said, unsent } from "./answer.ts";
import type { ChannelAnswer } from "./alert.ts";
import { deliver, secretValue, type Sender } from "./ask.send.ts";
import { letterOfMail } from "./mail.ts";
import { safeKey } from "./safe-key.ts";

/** Options: `from`, `to` (several with commas between). The address is the API's, the key its bearer token. */
export const sendEmailHttp: Sender = async (alert, settings, world) => {
  const address = secretValue(world, settings, "urlSecret");
  if ("missing" in address) return address.missing;
  const key = secretValue(world, settings, "keySecret");
  if ("missing" in key) return key.missing;
  const mail = letterOfMail(alert, settings);
  if (mail === null) {
    return unsent(
      `Nothing was sent: the channel ${settings.id} needs the options from and to, with up to 50 addresses.`,
      NEVER,
    );
  }
  const headers = { authorization: `Bearer ${key.value}`, "idempotency-key": safeKey(alert.key) };
  const body = JSON.stringify(mail);
  return deliver(world, { alert, url: address.value, headers, body, secrets: [key.value] }, judge);
};

/** Names after Resend's page of errors. */
function judge(said: Said): ChannelAnswer {
  const { status, json } = said;
  const name = codeOf(json?.["name"]);
  const words = quote(json?.["message"]);
  const id = json?.["id"];
  if (status >= 200 && status < 300 && typeof id === "string" && id !== "") {
    return accepted(said, null, `mail${quote(id)}`);
  }
  if (name === "concurrent_idempotent_requests")
    return refused(said, name, `An earlier try is still under way${words}.`, BACKOFF);
  if (name === "invalid_idempotent_request") {
    return refused(said, name, `An earlier try with other words was taken${words}.`, NEVER);
  }
  if (status === 401 || status === 403) {
    return refused(said, name, `The API takes neither key nor sender${words}: check both.`, NEVER);
  }
  if (status === 400 || status === 422) return refused(said, name, `The API refuses the mail${words}.`, NEVER);
  return byStatus(said, name);
}
