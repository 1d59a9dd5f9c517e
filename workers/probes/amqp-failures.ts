// What the end of an AMQP channel or connection means, by the reply code and by what we were doing. Codes: AMQP 0-9-1
// specification, 1.2. RabbitMQ's text beside them is never read: it repeats names.

import type { FailureKind, Phase } from "../../schema/words.ts";
import type { Close } from "./amqp-frames.ts";
import type { Failure } from "./driver.ts";
import { failed } from "./failure.ts";

/** How it ended: by a close with a code, without a word, by what is not AMQP, or by losing its consumer. */
export type Ending = Close | "cut" | "garbage" | "cancelled";

export function failureOfEnding(ending: Ending, phase: Phase): Failure {
  switch (ending) {
    case "cut":
      return failed("closed", phase, "closed by the service", { transient: true });
    case "garbage":
      return failed("protocol", phase, "the service sent what is not AMQP 0-9-1", { transient: true });
    case "cancelled":
      return failed("closed", phase, "the service cancelled the consumer", { transient: true });
    default:
      return failureOfCode(ending, phase);
  }
}

function failureOfCode({ of, code }: Close, phase: Phase): Failure {
  const kind = kindOf(code, phase);
  // 530 is said for an unknown virtual host, for one that is not this user's, and for one that is full.
  const sure = code !== 530;
  const transient = kind === "closed" || kind === "rate_limit";
  return failed(kind, phase, `${of} closed with ${code}: ${WHAT_FAILED[code] ?? "unknown code"}`, {
    code,
    transient,
    sure,
  });
}

function kindOf(code: number, phase: Phase): FailureKind {
  switch (code) {
    case 311:
    case 402:
    case 403:
    case 404:
    case 405:
    case 406:
    case 530:
      return REFUSED[phase];
    case 501:
    case 502:
    case 503:
    case 504:
    case 505:
    case 540:
      return "protocol";
    case 506:
      return "rate_limit";
    default:
      return "closed";
  }
}

/** What "no" means to what we were doing. */
const REFUSED: Readonly<Record<Phase, FailureKind>> = {
  connect: "auth",
  subscribe: "subscribe",
  publish: "publish",
  deliver: "closed",
  close: "closed",
};

const WHAT_FAILED: Readonly<Record<number, string>> = {
  311: "content too large",
  320: "connection forced",
  402: "invalid path",
  403: "access refused",
  404: "not found",
  405: "resource locked",
  406: "precondition failed",
  501: "frame error",
  502: "syntax error",
  503: "command invalid",
  504: "channel error",
  505: "unexpected frame",
  506: "resource error",
  530: "not allowed",
  540: "not implemented",
  541: "internal error",
};
