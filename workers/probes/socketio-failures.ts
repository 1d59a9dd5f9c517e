// What the words of a Socket.IO service mean: refused connections, callbacks that refuse, reasons of an end, and frames that
// its client must not see. Pure. Only numbers of a service get into a failure, never its texts. Protocol: Socket.IO
// protocol revision 5, over Engine.IO protocol revision 4.

import type { Failure } from "./driver.ts";
import { failed } from "./failure.ts";

type Words = Readonly<Record<string, unknown>>;

/** Names that libraries of middleware give to a refusal, in `data.code` or `data.type`. */
const AUTH_NAMES: ReadonlySet<string> = new Set([
  "unauthorized",
  "unauthorizederror",
  "forbidden",
  "not_authorized",
  "invalid_token",
  "token_expired",
  "credentials_required",
  "credentials_bad_scheme",
]);

/** A CONNECT_ERROR: its `message`, and the `data` that a middleware may have put beside it. */
export function refusedConnect(message: unknown, data: unknown): Failure {
  const code = codeIn(data);
  const coded = codedFailure(code, "connect");
  if (coded !== null) return coded;
  if (namesAuth(data)) return failed("auth", "connect", "a middleware refused the connection, and named authorisation");
  const text = typeof message === "string" ? message.slice(0, 200).toLowerCase() : "";
  const unsure = { sure: false, ...(code !== undefined && { code }) };
  // The one text of socket.io's own.
  if (text === "invalid namespace") return failed("handshake", "connect", "the namespace does not exist", unsure);
  if (/rate.?limit|too many|throttl/.test(text)) {
    return failed("rate_limit", "connect", "the connection was refused as one too many", {
      ...unsure,
      transient: true,
    });
  }
  if (/auth|credential|token|jwt|forbidden|denied|permission|password|login/.test(text)) {
    return failed("auth", "connect", "a middleware refused the connection, as it seems for its credentials", unsure);
  }
  return failed("handshake", "connect", "a middleware refused the connection", unsure);
}

/**
 * A callback's first argument: null where it refuses nothing. There is no standard: `false`, or an object with `error`,
 * `ok: false`, `success: false`, `status: "error"` or an HTTP status of 400 to 599 refuses; everything else is a yes.
 * Numbers besides are the application's own: `error: 0` says that there is none.
 */
export function refusalIn(word: unknown, phase: "subscribe" | "publish"): Failure | null {
  if (word === false) return refused(phase);
  if (typeof word !== "object" || word === null) return null;
  const { error, ok, success, status } = word as Words;
  const inner = typeof error === "object" && error !== null ? codeIn(error) : undefined;
  const code = codeIn(word) ?? inner;
  const says = ok === false || success === false || status === "error" || status === "ERROR";
  const holds = ![undefined, null, false, "", 0].some((none) => none === error);
  if (code !== undefined && code >= 400 && code <= 599) return codedFailure(code, phase) ?? refused(phase, code);
  return says || holds ? refused(phase, code) : null;
}

function refused(phase: "subscribe" | "publish", code?: number): Failure {
  const what = phase === "subscribe" ? "the join was refused" : "the message was refused";
  return failed(phase, phase, `${what} by the callback`, { sure: false, ...(code !== undefined && { code }) });
}

/** The reasons that the client gives for a `disconnect`. Null: the socket's own end says more. */
export function endedBy(reason: string): Failure | null {
  switch (reason) {
    case "io server disconnect":
      return failed("closed", "deliver", "disconnected by the service", { transient: true });
    case "ping timeout":
      return failed("timeout", "deliver", "no ping from the service in the time that it promised", { transient: true });
    case "parse error":
    case "transport error":
      return failed("protocol", "deliver", "the service sent what is not Socket.IO", { transient: true });
    default:
      return null;
  }
}

/** A WebSocket's close code: RFC 6455, section 7.4.1. */
export function cutBy(code: number): Failure {
  if (code === 1009) return failed("publish", "publish", "closed: a message was too big for the service", { code });
  return failed("closed", "deliver", "closed by the service", { code, transient: true });
}

/**
 * A judge of one connection's frames, before the client sees them: the frame, or one in its place; null: not Socket.IO.
 * The client of 4.8 throws, where nobody can catch it, at an event (`42`, `45`) or a refusal (`44`) without a body, and at a
 * refusal whose message is no text; and it waits for ever when the first frame does not open (`0`).
 */
export function frameJudge(): (frame: string | ArrayBuffer) => string | ArrayBuffer | null {
  let opened = false;
  return (frame) => {
    if (!opened && (typeof frame !== "string" || !frame.startsWith("0"))) return null;
    opened = true;
    if (typeof frame !== "string") return frame;
    // A namespace and an acknowledgement's number may stand between type and body; the client reads blanks as digits.
    if (frame === "" || /^4(2|4|5[^-]*-)(\/[^,]*(,|$))?[\d\s]*$/.test(frame)) return null;
    return frame.startsWith("44") ? plainRefusal(frame) : frame;
  };
}

function plainRefusal(frame: string): string | null {
  const [head = "", namespace = ""] = /^44(\/[^,]*,)?[\d\s]*/.exec(frame) ?? [];
  try {
    const body: unknown = JSON.parse(frame.slice(head.length));
    if (typeof body !== "object" || body === null || Array.isArray(body)) return null;
    const { message, data } = body as Words;
    return `44${namespace}${JSON.stringify({ message: typeof message === "string" ? message : "", data })}`;
  } catch {
    return null;
  }
}

function codedFailure(code: number | undefined, phase: "connect" | "subscribe" | "publish"): Failure | null {
  if (code === 401 || code === 403) return failed("auth", phase, `refused with code ${code}`, { code });
  if (code === 429) return failed("rate_limit", phase, "refused with code 429", { code, transient: true });
  return null;
}

/** Numbers only: a text could be anything, a secret among it. */
function codeIn(data: unknown): number | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const { code, status, statusCode } = data as Words;
  return [code, statusCode, status].find((one): one is number => Number.isInteger(one) && Math.abs(Number(one)) < 1e6);
}

function namesAuth(data: unknown): boolean {
  if (typeof data !== "object" || data === null) return false;
  const { code, type } = data as Words;
  return [code, type].some((one) => typeof one === "string" && AUTH_NAMES.has(one.slice(0, 40).toLowerCase()));
}
