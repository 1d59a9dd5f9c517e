// Asks the control endpoints: independent of the service under watch and of each other. Never while messages fly.

import type { Outside } from "../outside.ts";
import { within } from "../outside.ts";
import type { ControlAnswer } from "./controls.ts";

/** The most that a control check takes; less where the next slot is near. */
export const CONTROL_TIMEOUT_MS = 3_000;

/** One answer for each URL, in their order. Never rejects; takes at most `timeoutMs`. */
export function askControls(outside: Outside, urls: readonly string[], timeoutMs: number): Promise<ControlAnswer[]> {
  return Promise.all(urls.map((url) => ask(outside, url, timeoutMs)));
}

async function ask(outside: Outside, url: string, timeoutMs: number): Promise<ControlAnswer> {
  const abort = new AbortController();
  try {
    const asked = outside.fetch(url, {
      redirect: "manual",
      signal: abort.signal,
      headers: { "cache-control": "no-cache" },
    });
    const response = await within(outside, timeoutMs, "control", asked);
    const answeredAt = outside.now();
    void response.body?.cancel();
    // What stands before a server that is down answers with 5xx: that is no sign of life from beyond our own network.
    if (response.status >= 500) return { answeredAt: null, serverAt: null };
    const serverAt = Date.parse(response.headers.get("date") ?? "");
    return { answeredAt, serverAt: Number.isNaN(serverAt) ? null : serverAt };
  } catch {
    abort.abort();
    return { answeredAt: null, serverAt: null };
  }
}
