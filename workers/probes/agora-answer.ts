// Reads what Agora's Signaling gateway answers to a message: what of it counts, and which class of failure all else is. Pure;
// called by `agora-rest.probe.ts`. Anything may come in; nothing of it goes into our words. Statuses and codes: Agora docs,
// Signaling, REST API, "Send peer-to-peer message" and "Error codes".

import type { FailureKind, OkMeaning } from "../../schema/words.ts";
import type { Failure } from "./driver.ts";
import { failed } from "./failure.ts";
import { parsedJson, recordIn } from "./json-words.ts";

/** What the message must have become in order to count. */
export type Wanted = Exclude<OkMeaning, "delivered">;

/** Null: the answer says what was wanted of it. Else why the message does not count. */
export function failureOfMessage(status: number, body: string, wanted: Wanted): Failure | null {
  if (status !== 200) return failureOfStatus(status, "publish");
  const said = recordIn(parsedJson(body));
  if (said === null) return failed("protocol", "publish", "the answer is not Agora's JSON", { code: status });
  if (said["result"] !== "success") return failed("publish", "publish", "the gateway says that it failed");
  switch (said["code"]) {
    case "message_delivered":
      return null;
    case "message_offline":
      return failed("receiver_offline", "publish", "the receiver is not online", { transient: true });
    case "message_sent":
    case undefined:
      // Accepted is not acknowledged: the call asked to wait for the receiver.
      return wanted === "accepted"
        ? null
        : failed("protocol", "publish", "accepted without the receiver's acknowledgement, which was asked for");
    default:
      return failed("protocol", "publish", "the answer holds a code that is not documented");
  }
}

/**
 * The same for the call that opens a session: a message without content, which the gateway must refuse as such. Null: it
 * did, in its own words, so the way to it is open and it did not object to the credentials.
 */
export function failureOfOpening(status: number, body: string): Failure | null {
  if (status !== 400 && status !== 200) return failureOfStatus(status, "connect");
  if (recordIn(parsedJson(body)) !== null) return null;
  return failed("protocol", "connect", "what answers is not Agora's gateway: no JSON", { code: status });
}

function failureOfStatus(status: number, phase: "connect" | "publish"): Failure {
  const known = STATUSES[status];
  if (known !== undefined) {
    const [kind, detail, transient = false] = known;
    return failed(kind, phase, detail, { code: status, transient });
  }
  const refused = phase === "connect" ? "handshake" : "publish";
  if (status >= 300 && status < 400) {
    // Never followed: it would carry credentials, and our clock, to another place.
    return failed("protocol", phase, "the gateway sends us elsewhere", { code: status });
  }
  if (status >= 500) return failed(refused, phase, "the gateway failed", { code: status, transient: true });
  return failed(refused, phase, "refused with an HTTP status that is not documented", { code: status });
}

const STATUSES: Readonly<Record<number, readonly [FailureKind, string, boolean?]>> = {
  400: ["publish", "invalid request"],
  401: ["auth", "credentials refused"],
  403: ["auth", "not allowed: App ID, or Signaling not enabled"],
  408: ["timeout", "the gateway had no answer in its own time", true],
  413: ["publish", "too large"],
  415: ["protocol", "not taken for JSON"],
  429: ["rate_limit", "too many requests", true],
  435: ["publish", "content refused"],
};
