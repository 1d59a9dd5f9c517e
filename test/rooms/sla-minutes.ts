// Minutes written as signs, for tests of what contracts make of them. Builds streams and finds parts; checks nothing itself.

import type { SlotsObjective } from "../../workers/config/contracts/contract.ts";
import type { StripMinute } from "../../workers/results/strip.ts";
import { foldPart } from "../../workers/sla/fold.ts";
import type { Stream } from "../../workers/sla/fold.ts";
import type { CountsPart, ExcludedSpan, Part, SlotsPart } from "../../workers/sla/part.ts";
import { ORIGIN, contractOf } from "./golden-month.ts";

/** A minute of 20 messages; `ok` is what is left of what was sent, and nothing was late. */
export function minuteOf(own: Partial<StripMinute> = {}): StripMinute {
  const { scheduled = 20, lost = 0, error = 0 } = own;
  const over = [{ limitMs: 200, count: 0 }];
  return {
    scheduled,
    ok: scheduled - lost - error,
    lost,
    error,
    connectFail: 0,
    over,
    unfit: "none",
    revision: 0,
    ...own,
  };
}

/**
 * `.` all delivered, `x` all lost, a digit so many lost, `u` unfit by its controls, `f` too few sent, `?` no record, `-` or `!` a
 * minute that no schedule holds (`!`: recorded nevertheless), `_` one that a schedule holds and in which no round begins, as of a
 * slow cadence. Blanks are for the reader. RangeError for both of the last kinds: a slow cadence is that of the gaps, too.
 */
export function streamOf(signs: string, own: Partial<Stream> = {}, fromMinute = ORIGIN): Stream {
  const minutes = new Map<number, StripMinute>();
  const schedules: { fromMinute: number; untilMinute: number; everyMs: number }[] = [];
  if (/[-!]/.test(signs) && signs.includes("_")) throw new RangeError(`both - and _ in ${signs}`);
  for (const [at, sign] of [...signs.replaceAll(" ", "")].entries()) {
    const minute = fromMinute + at;
    // No multiple of minute + 1 is this minute.
    const everyMs = sign === "_" ? (minute + 1) * 60_000 : 60_000;
    if (sign !== "-" && sign !== "!") schedules.push({ fromMinute: minute, untilMinute: minute + 1, everyMs });
    if (sign === "." || sign === "!") minutes.set(minute, minuteOf());
    else if (sign === "x") minutes.set(minute, minuteOf({ lost: 20 }));
    else if (sign === "u") minutes.set(minute, minuteOf({ lost: 20, unfit: "controls" }));
    else if (sign === "f") minutes.set(minute, minuteOf({ ok: 9 }));
    else if (/\d/.test(sign)) minutes.set(minute, minuteOf({ lost: Number(sign) }));
  }
  return { region: "weur", journey: "loop", schedules, minutes, ...own };
}

/** Half-open, in minutes after the origin. */
export function span(from: number, to: number, regions: readonly string[] | null = null): ExcludedSpan {
  return { fromMinute: ORIGIN + from, toMinute: ORIGIN + to, regions };
}

/** The signs of one region by one objective. */
export function slotsOf(
  objective: SlotsObjective,
  signs: string,
  spans: readonly ExcludedSpan[] = [],
): { readonly applied: SlotsPart; readonly raw: SlotsPart } {
  const { length } = signs.replaceAll(" ", "");
  const part = foldPart(contractOf([objective]), ORIGIN, ORIGIN, ORIGIN + length, [streamOf(signs)], spans);
  return slotsPart(part, "weur");
}

export function slotsPart(part: Part, region: string | null, objective = 0): { applied: SlotsPart; raw: SlotsPart } {
  const found = part.scopes.find((scope) => scope.region === region)?.objectives[objective];
  if (found?.kind !== "slots") throw new RangeError(`no slots ${objective} of ${region}`);
  return found;
}

export function countsPart(part: Part, region: string | null, objective = 0): { applied: CountsPart; raw: CountsPart } {
  const found = part.scopes.find((scope) => scope.region === region)?.objectives[objective];
  if (found?.kind !== "counts") throw new RangeError(`no counts ${objective} of ${region}`);
  return found;
}
