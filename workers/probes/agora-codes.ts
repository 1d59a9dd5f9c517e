// Which class of failure an error code of Agora's SDK is. Pure; called by `agora-sdk.probe.ts`. Codes: Agora docs, Signaling,
// "Error codes", of SDK 2.3.0: -100xx are of the login, -110xx of channels.

import type { FailureKind, Phase } from "../../schema/words.ts";
import type { Failure } from "./driver.ts";
import { failed } from "./failure.ts";

type Class = readonly [kind: FailureKind, detail: string, transient?: boolean];

const CODES: Readonly<Record<number, Class>> = {
  [-10003]: ["config", "the App ID is not valid"],
  [-10005]: ["auth", "the token is not valid"],
  [-10006]: ["config", "the user id is not valid"],
  [-10008]: ["config", "the channel's name is not valid"],
  [-10009]: ["auth", "the token has expired"],
  [-10010]: ["handshake", "no server has room", true],
  [-10011]: ["timeout", "the login was not answered in time", true],
  [-10012]: ["handshake", "the login was rejected by a failing server", true],
  [-10013]: ["handshake", "the login was aborted"],
  [-10014]: ["config", "a parameter is not valid"],
  [-10015]: ["auth", "the login is not authorised"],
  [-10016]: ["auth", "the token is for another App ID"],
  [-10021]: ["rate_limit", "too many calls", true],
  [-10022]: ["config", "Signaling is not enabled for this App ID"],
  [-10025]: ["closed", "there is no connection", true],
  [-10027]: ["config", "the user is logged in elsewhere"],
  [-11010]: ["publish", "the message is too large"],
  [-11019]: ["timeout", "the subscription was not answered in time", true],
  [-11020]: ["rate_limit", "too many subscriptions", true],
  [-11021]: ["subscribe", "the subscription failed", true],
  [-11024]: ["publish", "the message was not taken", true],
  [-11025]: ["rate_limit", "too many messages", true],
  [-11026]: ["timeout", "the message was not answered in time", true],
  [-11027]: ["closed", "the channel is not connected", true],
  [-11033]: ["receiver_offline", "the receiver is not online", true],
  [-11035]: ["receiver_offline", "the receiver is not online; the message is kept for later", true],
  [-11036]: ["receiver_offline", "the receiver is not online", true],
  [-11038]: ["subscribe", "the token does not allow to subscribe"],
  [-11039]: ["publish", "the token does not allow to publish"],
};

const OTHERWISE: Readonly<Record<Phase, FailureKind>> = {
  connect: "handshake",
  subscribe: "subscribe",
  publish: "publish",
  deliver: "protocol",
  close: "unknown",
};

/** What was thrown by the SDK; its words stay out, since they repeat what it was given. */
export function failureOfSdk(problem: unknown, phase: Phase): Failure {
  const code = codeOf(problem);
  const known = code === null ? undefined : CODES[code];
  if (code !== null && known !== undefined) {
    const [kind, detail, transient = false] = known;
    return failed(kind, phase, `SDK ${code}: ${detail}`, { code, transient });
  }
  const more = { transient: true, sure: false };
  if (code === null) return failed(OTHERWISE[phase], phase, "the SDK failed without a code", more);
  return failed(OTHERWISE[phase], phase, `SDK ${code}: not among the codes that are known here`, { code, ...more });
}

function codeOf(problem: unknown): number | null {
  if (typeof problem !== "object" || problem === null) return null;
  for (const name of ["errorCode", "code"]) {
    const code: unknown = Reflect.get(problem, name);
    if (typeof code === "number" && Number.isInteger(code)) return code;
  }
  return null;
}
