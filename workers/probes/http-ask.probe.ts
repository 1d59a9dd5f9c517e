// One HTTP request with a hard end: redirects are not followed, the body is read up to a size, and all of it, headers and
// body, has one deadline. For drivers that speak HTTP. Streams nothing out.

import type { Outside } from "../outside.ts";
import type { Failure, Gate } from "./driver.ts";
import { failed } from "./failure.ts";

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
  /** When the last byte of the body was there, ms since the epoch. */
  readonly receivedAt: number;
  /** Waited for a free place at the gate. */
  readonly queuedMs: number;
}

/** Why there is no answer. `late`: our deadline, or the caller's `cancel`. */
export type NoAnswer = "late" | Failure;

export interface HttpAsk {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
  readonly bodyBytesMax: number;
  readonly phase: Failure["phase"];
}

/**
 * The answer, and how to give up on it at once; never rejects. A place at the gate is kept until the headers are there, which
 * is what the platform limits; whoever finds none free waits, and that counts towards the deadline.
 */
export function ask(
  outside: Outside,
  gate: Gate,
  request: HttpAsk,
): { readonly answer: Promise<HttpAnswer | NoAnswer>; readonly cancel: () => void } {
  const abort = new AbortController();
  let end = (): void => {};
  const ended = new Promise<"late">((resolve) => {
    end = () => {
      abort.abort();
      resolve("late");
    };
  });
  const callOff = outside.after(request.timeoutMs, end);
  const asked = askOnce(outside, gate, request, abort.signal).finally(callOff);
  return { answer: Promise.race([asked, ended]), cancel: end };
}

async function askOnce(
  outside: Outside,
  gate: Gate,
  request: HttpAsk,
  signal: AbortSignal,
): Promise<HttpAnswer | NoAnswer> {
  const { url, headers, body, phase, bodyBytesMax } = request;
  try {
    const { value: response, queuedMs } = await gate.run(async () =>
      // Its turn came too late: nothing is sent for it any more.
      signal.aborted ? null : outside.fetch(url, { method: "POST", headers, body, redirect: "manual", signal }),
    );
    if (response === null) return "late";
    const text = await textOf(response, bodyBytesMax);
    if (text === null) return failed("protocol", phase, `the answer is longer than ${bodyBytesMax} bytes`);
    return { status: response.status, body: text, receivedAt: outside.now(), queuedMs };
  } catch {
    if (signal.aborted) return "late";
    // Refused, unknown name, bad certificate and a cut share one sentence here: `diagnose` tells them apart, after a connect.
    return failed("tcp", phase, "the connection failed", { transient: true, sure: false });
  }
}

/** Null: longer than that. */
async function textOf(response: Response, bytesMax: number): Promise<string | null> {
  if (response.body === null) return "";
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.length;
    if (bytes > bytesMax) {
      void reader.cancel().catch(() => {});
      return null;
    }
    text += decoder.decode(value, { stream: true });
  }
}
