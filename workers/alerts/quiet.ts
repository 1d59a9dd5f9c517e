// Quiet hours of a route: whether they are on, and until when. Pure: the instant is an argument. Knows nothing of severities: who is
// excepted is for the caller. Called by `pages.ts`.

import type { QuietHours } from "../config/alerts/alerting.ts";
import { hoursAt } from "./weekly.ts";

/** The first ms that is no longer quiet; null: it is not quiet now. Hours that follow on each other are one. */
export function quietUntil(quiet: QuietHours, at: number): number | null {
  const { inside, until } = hoursAt(quiet, quiet.zone, at);
  return inside ? until : null;
}
