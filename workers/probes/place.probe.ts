// Where a prober really runs: it asks a page behind Cloudflare, which answers the colo of whoever asks. The hint says
// only what was hoped for. Never while messages fly.

import type { Outside } from "../outside.ts";
import { within } from "../outside.ts";

/** The most that it takes. */
export const PLACE_TIMEOUT_MS = 3_000;

/** The colo ("AMS"), or "" when it cannot be learnt now. Never rejects. Format: lines of key=value (cdn-cgi/trace). */
export async function observePlace(
  outside: Outside,
  placeUrl: string,
  timeoutMs: number = PLACE_TIMEOUT_MS,
): Promise<string> {
  const abort = new AbortController();
  try {
    const asked = outside
      .fetch(placeUrl, { redirect: "manual", signal: abort.signal })
      .then((response) => response.text());
    const text = await within(outside, timeoutMs, "place", asked);
    return /^colo=([A-Z0-9-]{2,12})$/m.exec(text.slice(0, 4_096))?.[1] ?? "";
  } catch {
    abort.abort();
    return "";
  }
}
