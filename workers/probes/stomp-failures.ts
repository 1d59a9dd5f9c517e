// What an ERROR frame or a close means, by what we were doing and by the service's word for it where that is one that is known
// here. The specification (STOMP 1.2, ERROR) gives no codes and leaves the text to the service, so most of it is inferred.

import type { FailureKind, Phase } from "../../schema/words.ts";
import type { Failure } from "./driver.ts";
import { failed } from "./failure.ts";

/** What RabbitMQ 3.10 says in the header `message`. Anything else may repeat a secret, and is not passed on. */
const KNOWN: ReadonlySet<string> = new Set([
  "Bad CONNECT",
  "Bad command",
  "Version mismatch",
  "Unknown destination",
  "Invalid destination",
  "Processing error",
  "access_refused",
  "not_found",
  "not_allowed",
  "precondition_failed",
  "resource_locked",
  "resource_error",
  "connection_forced",
]);
/** RabbitMQ's reason for closing when the broker refused what a frame asked for: then there is no ERROR frame. */
const REFUSED_BY_RABBITMQ = "STOMP died";

/** `publish`: something that we sent has no answer yet. `isAnswer`: the frame names the receipt of one of our own frames. */
export function failureOfErrorFrame(message: string | undefined, doing: Phase, isAnswer: boolean): Failure {
  const code = message !== undefined && KNOWN.has(message) ? message : undefined;
  const kind = kindOfWord(code, doing);
  const sure = isAnswer || code !== undefined;
  const words = `ERROR${code === undefined ? "" : ` (${code})`} ${DOING[doing]}`;
  return failed(kind, doing, words, { sure, transient: kind === "closed", ...(code === undefined ? {} : { code }) });
}

/** A close without an ERROR frame before it. */
export function failureOfClose(code: number, reason: string, doing: Phase): Failure {
  if (reason === REFUSED_BY_RABBITMQ && (doing === "subscribe" || doing === "publish"))
    return failed(doing, doing, `closed ${DOING[doing]}, as RabbitMQ does to refuse`, { code, sure: false });
  return failed("closed", endOf(doing), "closed by the service", { code, transient: true });
}

export function failureOfGarbage(doing: Phase): Failure {
  return failed("protocol", endOf(doing), "the service sent what is not STOMP", { transient: true });
}

/** Not about a message: then it is the way back that ended. */
function endOf(doing: Phase): Phase {
  return doing === "publish" ? "deliver" : doing;
}

function kindOfWord(code: string | undefined, doing: Phase): FailureKind {
  if (code === "resource_error") return "rate_limit";
  if (code === "connection_forced") return "closed";
  if (doing === "connect") return code === "Version mismatch" ? "protocol" : "auth";
  return doing === "subscribe" || doing === "publish" ? doing : "closed";
}

const DOING: Readonly<Record<Phase, string>> = {
  connect: "in place of CONNECTED",
  subscribe: "in place of the subscription's receipt",
  publish: "after a message",
  deliver: "in mid-round",
  close: "at the end",
};
