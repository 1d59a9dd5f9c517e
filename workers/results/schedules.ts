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
 * record from before it moves its beginning); another interval closes it and opens the next. Every seen minute is in one
 * of them: else more would be recorded than was expected.
 */
export function extendSchedules(schedules: readonly Schedule[], seen: readonly SeenMinute[]): Schedule[] {
  const result = schedules.map((schedule) => ({ ...schedule }));
  for (const { minute, everyMs } of seen.toSorted((a, b) => a.minute - b.minute)) {
    const at = result.findLastIndex((schedule) => schedule.fromMinute <= minute);
    const before = result[at];
    const first = result[0];
    if (before === undefined) {
      if (first === undefined) result.push({ fromMinute: minute, untilMinute: null, everyMs });
      else first.fromMinute = minute;
    } else if (before.untilMinute === null) {
      if (everyMs === before.everyMs || minute === before.fromMinute) continue;
      before.untilMinute = minute;
      result.push({ fromMinute: minute, untilMinute: null, everyMs });
    } else if (minute >= before.untilMinute) {
      // Measured again after it had been retired: the time between stays outside. What is told later of that time (by a
      // prober that was cut off, say) is expected by itself.
      const isLast = at === result.length - 1;
      const isNext = minute === before.untilMinute && everyMs === before.everyMs;
      const untilMinute = isLast ? null : minute + 1;
      if (isNext) before.untilMinute = untilMinute;
      else result.splice(at + 1, 0, { fromMinute: minute, untilMinute, everyMs });
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
