// Days that are settled, as the judge of one target has folded them: in its own storage, so that a verdict on a long period
// reads only its last days from D1. Only a copy: it is made anew each day, whenever anything it was made of differs, and
// always before a report is frozen.

import type { Journey } from "../../schema/words.ts";
import type { BadRun, ObjectivePart, Part } from "./part.ts";

/** What a folded day holds besides its part: histograms for display, hex of a set of EH1. */
export interface FoldedDay {
  readonly part: Part;
  readonly latency: readonly {
    readonly region: string;
    readonly journey: Journey;
    readonly hex: string;
    readonly maxMs: number | null;
  }[];
}

/** What a kept day was made of: contract text, exclusions, schedules; and when. */
interface Made {
  readonly of: string;
  readonly at: number;
}

/** Minutes of D1 may change long after, when it was away: no copy is older than this. */
const KEPT_MS = 86_400_000;
/** Storage takes 2 MB a value, and text may take two bytes a character; a longer day is folded again each time. */
const DAY_CHARACTERS = 900_000;
/** Most keys that storage takes at once. */
const AT_ONCE = 128;
/** Days of 50 regions are 50 kB each: so many are in memory at once. */
const READ_AT_ONCE = 16;

export type DaysStore = ReturnType<typeof daysStore>;

export function daysStore(storage: DurableObjectStorage) {
  // Minutes since the epoch have eight digits until 2160.
  const keyOf = (kind: "day" | "made", contract: string, fromMinute: number): string =>
    `${kind}:${contract}:${String(fromMinute).padStart(10, "0")}`;
  return {
    /** First minutes of the days that are kept, were made of the same, and are not too old. */
    async known(contract: string, madeOf: ReadonlyMap<number, string>, now: number): Promise<Set<number>> {
      const found = new Set<number>();
      const wanted = [...madeOf];
      for (let at = 0; at < wanted.length; at += AT_ONCE) {
        const slice = wanted.slice(at, at + AT_ONCE);
        const kept = await storage.get<Made>(slice.map(([fromMinute]) => keyOf("made", contract, fromMinute)));
        for (const [fromMinute, of] of slice) {
          const made = kept.get(keyOf("made", contract, fromMinute));
          if (made !== undefined && made.of === of && now - made.at < KEPT_MS) found.add(fromMinute);
        }
      }
      return found;
    },
    /** These days one after the other, in that order; only a few are in memory. Rejects when one is not there. */
    async *read(contract: string, fromMinutes: readonly number[]): AsyncGenerator<FoldedDay> {
      for (let at = 0; at < fromMinutes.length; at += READ_AT_ONCE) {
        const keys = fromMinutes.slice(at, at + READ_AT_ONCE).map((from) => keyOf("day", contract, from));
        const days = await storage.get<string>(keys);
        for (const key of keys) {
          const text = days.get(key);
          if (text === undefined) throw new Error(`${key} was kept and is not there`);
          yield unpacked(text);
        }
      }
    },
    /** False: it is too long to be kept. */
    async put(contract: string, fromMinute: number, of: string, day: FoldedDay, now: number): Promise<boolean> {
      const text = packed(day);
      if (text.length > DAY_CHARACTERS) return false;
      // Together or not at all: what says that a day is there, and the day.
      await storage.put<string | Made>({
        [keyOf("day", contract, fromMinute)]: text,
        [keyOf("made", contract, fromMinute)]: { of, at: now },
      });
      return true;
    },
    /** Days before the open period are of no use any more. */
    async forgetBefore(contract: string, fromMinute: number): Promise<void> {
      for (const kind of ["made", "day"] as const) {
        const range = { start: keyOf(kind, contract, 0), end: keyOf(kind, contract, fromMinute), limit: AT_ONCE };
        const old = await storage.list({ ...range, noCache: true });
        if (old.size > 0) await storage.delete([...old.keys()]);
      }
    },
  };
}

/** Raised when what is kept gets another shape: days of the old one are then folded again. */
export const DAY_SHAPE = 1;

type PackedRun = readonly [number, number, number, number, number, number];

/**
 * The text of a day. Its runs are lists of numbers, since a hopeless contract has 720 a day and region; and where no exclusion touched
 * it, what it is without them is not said twice.
 */
function packed(day: FoldedDay): string {
  return JSON.stringify(day, (key, value: unknown) => {
    if (key === "runs")
      return (value as BadRun[]).map((run): PackedRun => {
        const { fromMinute, toMinute, slots, down, bad, attempted } = run;
        return [fromMinute, toMinute, slots, down, bad, attempted];
      });
    if (!isObjective(value) || value.raw !== value.applied) return value;
    const { raw: _raw, ...rest } = value;
    return rest;
  });
}

function unpacked(text: string): FoldedDay {
  return JSON.parse(text, (key, value: unknown) => {
    if (key === "runs")
      return (value as PackedRun[]).map(([fromMinute, toMinute, slots, down, bad, attempted]): BadRun => {
        return { fromMinute, toMinute, slots, down, bad, attempted };
      });
    return isObjective(value) ? { ...value, raw: value.raw ?? value.applied } : value;
  }) as FoldedDay;
}

function isObjective(value: unknown): value is ObjectivePart {
  return typeof value === "object" && value !== null && "applied" in value;
}
