// Whether the page's figures are new, for whoever watches the watcher. Pure; called by machine-routes.ts with what last-good.ts gave.
// Says nothing about the services under watch: a fleet that measures an outage is in good health.

import type { Shown } from "./last-good.ts";

/** A composer that is well writes each minute; two lost writes and a slow one are no alarm. */
const OLD_MS = 5 * 60_000;

export interface Health {
  /** `old`: nobody composes. `stale`: the database did not answer, these are the last good figures. `empty`: nothing was measured yet. */
  readonly status: "ok" | "old" | "stale" | "empty" | "unreadable";
  /** ms since the epoch, and until now; null: there are no figures. */
  readonly composed_at: number | null;
  readonly age_ms: number | null;
}

export function healthOf(shown: Shown, now: number): Health {
  if (shown.kind === "unreadable") return { status: "unreadable", composed_at: null, age_ms: null };
  if (shown.front === null)
    return { status: shown.kind === "stale" ? "stale" : "empty", composed_at: null, age_ms: null };
  const { composedAt } = shown.front.row;
  const ageMs = now - composedAt;
  const status = shown.kind === "stale" ? "stale" : ageMs > OLD_MS ? "old" : "ok";
  return { status, composed_at: composedAt, age_ms: ageMs };
}
