// How many minutes of a period a series was scheduled in: the denominator of coverage. A minute without a slot is outside,
// one with a slot and without a record is unmeasured, and only this count can tell how many of those there are.
// Closed form, since a year has 525,600 minutes and a page asks for many series. Called by collector and reports.

const MINUTE_MS = 60_000;

/** A stretch of time in which a series was measured at one cadence. Minutes since the epoch; `untilMinute` is outside. */
export interface Schedule {
  readonly fromMinute: number;
  /** Null while it goes on. */
  readonly untilMinute: number | null;
  /** Divides 60,000 ms or is a multiple of it; slots lie on multiples of it since the epoch. */
  readonly everyMs: number;
}

/**
 * Minutes in [fromMinute, toMinute) that hold at least one slot of a series. RangeError if schedules overlap (a minute
 * would count twice), end before they begin, or have a cadence that does not fit minutes; or if the period is reversed.
 */
export function expectedMinutes(schedules: readonly Schedule[], fromMinute: number, toMinute: number): number {
  if (!(fromMinute <= toMinute)) throw new RangeError(`a period from minute ${fromMinute} to ${toMinute}`);
  assertApart(schedules);
  return schedules.reduce((sum, schedule) => {
    const from = Math.max(fromMinute, schedule.fromMinute);
    const to = Math.min(toMinute, schedule.untilMinute ?? toMinute);
    return from < to ? sum + minutesWithSlot(from, to, schedule.everyMs) : sum;
  }, 0);
}

/** Every minute, or each `everyMs / 60 000`th one counted from the epoch: multiples of k in [from, to). */
function minutesWithSlot(from: number, to: number, everyMs: number): number {
  if (everyMs <= MINUTE_MS) return to - from;
  const k = everyMs / MINUTE_MS;
  return Math.ceil(to / k) - Math.ceil(from / k);
}

/** RangeError as `expectedMinutes` has it, for schedules that overlap, end before they begin, or do not fit minutes. */
export function assertApart(schedules: readonly Schedule[]): void {
  let busyUntil = -Infinity;
  for (const { fromMinute, untilMinute, everyMs } of [...schedules].sort((a, b) => a.fromMinute - b.fromMinute)) {
    const until = untilMinute ?? Infinity;
    if (!Number.isInteger(fromMinute) || (untilMinute !== null && !Number.isInteger(untilMinute))) {
      throw new RangeError(`a schedule from minute ${fromMinute} to ${until}: not whole minutes`);
    }
    if (until < fromMinute) throw new RangeError(`a schedule from minute ${fromMinute} to ${until}`);
    // One that was taken back in the minute it began holds nothing, and so overlaps nothing.
    if (until === fromMinute) continue;
    if (fromMinute < busyUntil) throw new RangeError(`two schedules hold minute ${fromMinute}`);
    busyUntil = until;
    const fits = everyMs > 0 && (MINUTE_MS % everyMs === 0 || everyMs % MINUTE_MS === 0);
    if (!fits) throw new RangeError(`every ${everyMs} ms neither divides a minute nor is a multiple of it`);
  }
}
