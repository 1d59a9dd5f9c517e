// Since when until when a series was scheduled, as its records show it: what silence is counted against. A region added
// today has no empty past; one that was removed keeps its own. No clock, no database.

import type { Schedule } from "./expected.ts";

/** A minute of which at least one round was recorded, with the interval that made it. */
export interface SeenMinute {
  readonly minute: number;
  readonly everyMs: number;
}

/**
 * The schedules after these minutes have been seen, ascending and without overlap. The first record opens one (a late
 * record from before it moves its beginning); another interval closes it and opens the next.
 */
export function extendSchedules(schedules: readonly Schedule[], seen: readonly SeenMinute[]): Schedule[] {
  const result = schedules.map((schedule) => ({ ...schedule }));
  for (const { minute, everyMs } of seen.toSorted((a, b) => a.minute - b.minute)) {
    const first = result[0];
    const last = result.at(-1);
    if (first === undefined || last === undefined) result.push({ fromMinute: minute, untilMinute: null, everyMs });
    else if (minute < first.fromMinute) first.fromMinute = minute;
    else if (last.untilMinute !== null) {
      // Measured again after it had been retired: the time between stays outside.
      if (minute >= last.untilMinute) result.push({ fromMinute: minute, untilMinute: null, everyMs });
    } else if (everyMs !== last.everyMs && minute > last.fromMinute) {
      last.untilMinute = minute;
      result.push({ fromMinute: minute, untilMinute: null, everyMs });
    }
  }
  return result;
}

/** The same, ended: nothing is expected from `untilMinute` on. An ended one stays as it was. */
export function retireSchedules(schedules: readonly Schedule[], untilMinute: number): Schedule[] {
  return schedules.map((schedule) => ({
    ...schedule,
    untilMinute: schedule.untilMinute ?? Math.max(schedule.fromMinute, untilMinute),
  }));
}
