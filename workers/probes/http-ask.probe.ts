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
    const bytes = await bytesOf(response, bodyBytesMax);
    if (bytes === null) return failed("protocol", phase, `the answer is longer than ${bodyBytesMax} bytes`);
    return { status: response.status, body: new TextDecoder().decode(bytes), receivedAt: outside.now(), queuedMs };
  } catch {
    if (signal.aborted) return "late";
    // Refused, unknown name, bad certificate and a cut share one sentence here: `diagnose` tells them apart, after a connect.
    return failed("tcp", phase, "the connection failed", { transient: true, sure: false });
  }
}

/** The whole body. Null: longer than that, and what is left of it stays unread. */
export async function bytesOf(response: Response, bytesMax: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const reader = response.body?.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let read = await reader?.read(); read?.value !== undefined; read = await reader?.read()) {
    length += read.value.length;
    if (length > bytesMax) {
      void reader?.cancel().catch(() => {});
      return null;
    }
    chunks.push(read.value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
