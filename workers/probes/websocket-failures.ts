// What it means that a gateway closed: by code and by phase. Codes: RFC 6455, section 7.4.1, and IANA's WebSocket Close Code
// Number Registry (3000, 3003). 4000 to 4999 are each service's own; many copy HTTP's status (4401) or count from 4001.

import type { Phase } from "../../schema/words.ts";
import type { Failure } from "./driver.ts";
import { failed } from "./failure.ts";

/** Policy, "Unauthorized", "Forbidden", and their private cousins. During login alone they speak of the login. */
const AUTH: ReadonlySet<number> = new Set([1008, 3000, 3003, 4001, 4003, 4401, 4403]);
const REGISTERED: ReadonlySet<number> = new Set([3000, 3003]);
/** "Try again later", and HTTP's 429. */
const RATE: ReadonlySet<number> = new Set([1013, 4429]);
/** Protocol error, unsupported data, invalid data, missing extension: it could not read what we sent. */
const PROTOCOL: ReadonlySet<number> = new Set([1002, 1003, 1007, 1010]);
const TOO_BIG = 1009;

/** `loggingIn`: nothing has been confirmed yet, so that a refusal is one of the login. */
export function closedBy(code: number, phase: Phase, loggingIn: boolean): Failure {
  if (loggingIn && AUTH.has(code)) {
    return failed("auth", phase, `closed with ${code} in place of a login`, { code, sure: REGISTERED.has(code) });
  }
  if (RATE.has(code)) {
    return failed("rate_limit", phase, `closed with ${code}: try again later`, { code, transient: true });
  }
  if (PROTOCOL.has(code))
    return failed("protocol", phase, `closed with ${code}: our frames were not accepted`, { code });
  if (code === TOO_BIG && phase === "deliver") {
    return failed("publish", "publish", "closed with 1009: a message was too big", { code });
  }
  return failed("closed", phase, "closed by the service", { code, transient: true });
}
