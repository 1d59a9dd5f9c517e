// What the codes of MQTT mean: CONNACK, PUBACK and PUBCOMP, SUBACK and DISCONNECT, as failures in our own words. Pure tables.
// Sources: MQTT 3.1.1, section 3.2.2.3; MQTT 5.0, section 2.4. A service's own text (Reason String) is never read.

import type { FailureKind, Phase } from "../../schema/words.ts";
import type { Failure } from "./driver.ts";
import { failed } from "./failure.ts";

export type MqttVersion = "3.1.1" | "5";

/** Kind, meaning, and whether the same try may well succeed a moment later. */
type Reason = readonly [kind: FailureKind, means: string, transient: boolean];

const RETURN_CODES: Readonly<Record<number, Reason>> = {
  1: ["protocol", "protocol version refused", false],
  2: ["config", "client identifier rejected", false],
  3: ["rate_limit", "server unavailable", true],
  4: ["auth", "not authorised", false],
  5: ["auth", "not authorised", false],
};

/** Of a whole connection: in CONNACK and in the DISCONNECT that a service sends. */
const REASON_CODES: Readonly<Record<number, Reason>> = {
  // A service of 3.1.1 answers a client of 5 so.
  0x01: ["protocol", "protocol version refused", false],
  0x80: ["unknown", "unspecified error", true],
  0x81: ["protocol", "malformed packet", true],
  0x82: ["protocol", "protocol error", true],
  0x83: ["unknown", "error of this service's own", true],
  0x84: ["protocol", "protocol version refused", false],
  0x85: ["config", "client identifier rejected", false],
  0x86: ["auth", "not authorised", false],
  0x87: ["auth", "not authorised", false],
  0x88: ["rate_limit", "server unavailable", true],
  0x89: ["rate_limit", "server busy", true],
  0x8a: ["auth", "banned", false],
  0x8b: ["closed", "server shutting down", true],
  0x8c: ["auth", "authentication method refused", false],
  0x8d: ["closed", "keep alive timeout", true],
  0x8e: ["closed", "session taken over", true],
  0x8f: ["subscribe", "topic filter invalid", false],
  0x90: ["publish", "topic name invalid", false],
  0x93: ["protocol", "receive maximum exceeded", true],
  0x94: ["protocol", "topic alias invalid", true],
  0x95: ["publish", "packet too large", false],
  0x96: ["rate_limit", "message rate too high", true],
  0x97: ["rate_limit", "quota exceeded", true],
  0x98: ["closed", "administrative action", true],
  0x99: ["publish", "payload format invalid", false],
  0x9a: ["config", "retain not supported", false],
  0x9b: ["config", "QoS not supported", false],
  // Like a redirect of HTTP, which nobody follows here either: the address that was configured does not serve.
  0x9c: ["handshake", "use another server", true],
  0x9d: ["handshake", "server moved", false],
  0x9f: ["rate_limit", "connection rate exceeded", true],
  0xa0: ["closed", "maximum connect time", true],
};

/** CONNACK that is not 0; anything else that came in its place has no code, or one of the library's own. */
export function refusedLogin(version: MqttVersion, code: unknown): Failure {
  const reason = reasonOf(version === "5" ? REASON_CODES : RETURN_CODES, code);
  if (reason === null) {
    return failed("protocol", "connect", "the answer to CONNECT was not MQTT", { transient: true, sure: false });
  }
  const [kind, means, transient] = reason.is;
  return failed(kind, "connect", `CONNACK ${reason.code}: ${means}`, { code: reason.code, transient });
}

/** SUBACK of 128 and above: 3.1.1 has only that one, 5 says why. */
export function refusedSubscription(code: number): Failure {
  return refused("subscribe", "SUBACK", code);
}

/** PUBACK, PUBREC or PUBCOMP that is an error; 3.1.1 has none. */
export function refusedPublish(code: number): Failure {
  return code >= 0x80
    ? refused("publish", "PUBACK", code)
    : failed("protocol", "publish", `PUBACK ${code}, which MQTT does not know`, { code });
}

/** A message that the service has said beforehand it would not take: code 0x95, as it would have said itself. */
export function tooLarge(bytes: number, bytesMax: number): Failure {
  return failed("publish", "publish", `a packet of ${bytes} bytes, and the service takes ${bytesMax}`, { code: 0x95 });
}

/** DISCONNECT from the service, which only MQTT 5 allows; 0 is a normal end, that we did not ask for. */
export function sentAway(code: number): Failure {
  const reason = reasonOf(REASON_CODES, code);
  const [kind, means, transient] = reason?.is ?? ["closed", "closed by the service", true];
  const phase: Phase = kind === "publish" || kind === "subscribe" ? kind : "deliver";
  return failed(kind, phase, `DISCONNECT ${code}: ${means}`, { code, transient });
}

function refused(phase: "publish" | "subscribe", packet: string, code: number): Failure {
  const [kind, means, transient] = REASON_CODES[code] ?? ["unknown", "refused", false];
  // Too many, too fast: the service's limit, and nothing wrong with this message or topic.
  const isLimit = kind === "rate_limit";
  return failed(isLimit ? kind : phase, phase, `${packet} ${code}: ${means}`, {
    code,
    transient: isLimit && transient,
  });
}

function reasonOf(table: Readonly<Record<number, Reason>>, code: unknown): { is: Reason; code: number } | null {
  const is = typeof code === "number" ? table[code] : undefined;
  return is === undefined ? null : { is, code: Number(code) };
}
