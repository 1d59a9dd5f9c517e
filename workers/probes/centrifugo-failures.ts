// What the numbers of Centrifugo mean: errors in replies to commands, and codes of a disconnect. Pure. Numbers only: a
// server's text never gets into a failure. Codes: Centrifugo's documentation, "Client protocol codes".

import type { FailureKind, Phase } from "../../schema/words.ts";
import type { Failure } from "./driver.ts";
import { failed } from "./failure.ts";

type Asked = "connect" | "subscribe" | "publish";

/** Errors that mean the same whatever was asked: kind, words, transient. */
const ERRORS: Readonly<Record<number, readonly [FailureKind, string, boolean]>> = {
  101: ["auth", "unauthorised", false],
  106: ["rate_limit", "a limit is exceeded", false],
  107: ["protocol", "the request was not understood", false],
  109: ["auth", "the token has expired", false],
  110: ["auth", "the connection has expired", false],
  111: ["rate_limit", "too many requests", true],
  113: ["auth", "the token was revoked", false],
};

/** Errors that refuse just what was asked. */
const REFUSALS: Readonly<Record<number, string>> = {
  100: "an internal error of the service",
  102: "the channel is unknown: perhaps its namespace is not configured",
  103: "permission denied",
  104: "not a method of this service",
  105: "subscribed already",
  108: "not available: not switched on for this channel",
  112: "the position in the channel cannot be recovered",
};

/** An error in the reply to a command. Codes from 400 are the application's own. */
export function refusedBy(code: number, asked: Asked): Failure {
  const known = ERRORS[code];
  if (known !== undefined) {
    const [kind, words, transient] = known;
    return failed(kind, asked, `error ${code}: ${words}`, { code, transient });
  }
  const words = REFUSALS[code] ?? "an error of the application's own";
  if (asked === "connect") {
    // Permission is what a connection asks for; all else is no word about who asks.
    return failed(code === 103 ? "auth" : "handshake", asked, `error ${code}: ${words}`, {
      code,
      transient: code === 100,
    });
  }
  return failed(asked, asked, `error ${code}: ${words}`, { code, transient: code === 100 });
}

/** Codes of a disconnect that say more than "closed": kind, phase, words, transient. */
const DISCONNECTS: Readonly<Record<number, readonly [FailureKind, Phase, string, boolean]>> = {
  1009: ["publish", "publish", "a message was too big for the service", false],
  3005: ["auth", "deliver", "the connection has expired", false],
  3006: ["auth", "deliver", "the subscription has expired", false],
  3013: ["rate_limit", "deliver", "too many requests", true],
  3500: ["auth", "deliver", "the token is invalid", false],
  3501: ["protocol", "deliver", "the request was not understood", false],
  3502: ["timeout", "deliver", "no login in the time that the service allows", true],
  3504: ["rate_limit", "deliver", "one connection too many", false],
  3505: ["rate_limit", "deliver", "one channel too many", false],
  3506: ["protocol", "deliver", "the channel carries what JSON cannot", false],
  3507: ["auth", "deliver", "permission denied", false],
  3508: ["publish", "deliver", "not available", false],
  3509: ["rate_limit", "deliver", "too many errors", false],
};

/** A close of the socket, or a disconnect that was pushed. 3500-3999 and 4500-4999 are meant to be final. */
export function disconnectedBy(code: number): Failure {
  const known = DISCONNECTS[code];
  if (known !== undefined) {
    const [kind, phase, words, transient] = known;
    return failed(kind, phase, `disconnected with code ${code}: ${words}`, { code, transient });
  }
  const final = (code >= 3500 && code < 4000) || (code >= 4500 && code < 5000);
  return failed("closed", "deliver", "closed by the service", { code, transient: !final });
}

/** The service took the subscription away: an unsubscribe that was pushed (2500 and above: it may be taken up again). */
export function unsubscribedBy(code: number): Failure {
  if (code === 2501)
    return failed("auth", "deliver", "unsubscribed with code 2501: the subscription has expired", { code });
  return failed("closed", "deliver", `unsubscribed by the service with code ${code}`, {
    code,
    transient: code >= 2500,
  });
}
