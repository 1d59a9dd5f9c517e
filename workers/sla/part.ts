// A stretch of a period, judged slot by slot and summed: what `fold.ts` makes of minutes, and what adds up to the period.
// Integers and runs only, so that parts can be kept, merged in any grouping, and judged later. Types and their sum.

/** A run of consecutive down slots of one scope. Half-open, minutes since the epoch. */
export interface BadRun {
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly slots: number;
  /** Of its slots, how much was down: the number of slots, or less where the rule is `fractional`. */
  readonly down: number;
  /** Bad and attempted messages of its slots, those of all regions where the scope is null. */
  readonly bad: number;
  readonly attempted: number;
}

/** Time that a contract lets pass. Half-open, minutes since the epoch; regions null: all. Spans may overlap. */
export interface ExcludedSpan {
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly regions: readonly string[] | null;
}

/** Consecutive unmeasured slots of one scope. Half-open, minutes since the epoch. */
export interface Gap {
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** One objective of kind `slots`, one scope. `counted` = up + down + unmeasured. */
export interface SlotsPart {
  /** Slots of the period but those in which no round begins; excluded ones are among them only where the contract counts those as up. */
  readonly counted: number;
  readonly unmeasured: number;
  readonly excluded: number;
  /** Slots whose samples are too few for the rule to see one bad message in: 1 / samples is above its threshold. */
  readonly coarse: number;
  /** All runs, however short: `minRunSlots` is applied when the period is judged. Ascending, never adjacent. */
  readonly runs: readonly BadRun[];
  /** Of objectives with `minRunSlots` above 1, else empty: had they been down, runs beside them would be longer. As `runs`. */
  readonly gaps: readonly Gap[];
  /**
   * Minutes that were expected, not excluded and not measured, by reason ("silent": nobody recorded them; "too_few": less than half was
   * sent; "never_scheduled": no schedule of the region held them). Where the scope is null they are those of all regions.
   */
  readonly unmeasuredMinutes: Readonly<Record<string, number>>;
}

/** One proportion: bad of n attempted, and the sums that its design effect is estimated from. */
export interface CountsPart {
  readonly n: number;
  readonly bad: number;
  /** Attempted in minutes that did not count the limit: in neither of the two. */
  readonly unjudged: number;
  /** Minutes with n > 0. */
  readonly minutes: number;
  /**
   * Minutes of one region each: those that n is of, and those that were expected, not excluded and not measured, whose messages nobody
   * knows, also where no schedule of the region held them. Those that did not count the limit are in neither: their messages are
   * `unjudged`.
   */
  readonly measured: number;
  readonly unmeasured: number;
  /** Over these minutes: of bad^2, bad x n, n^2. */
  readonly badBad: number;
  readonly badN: number;
  readonly nn: number;
  /** The same over the days of the period, which a part never cuts: see `fold.ts`. */
  readonly blocks: { readonly count: number; readonly badBad: number; readonly badN: number; readonly nn: number };
}

/** An objective in one scope, with exclusions applied, and without. `duration` has nothing to sum. */
export type ObjectivePart =
  | { readonly kind: "slots"; readonly id: string; readonly applied: SlotsPart; readonly raw: SlotsPart }
  | { readonly kind: "counts"; readonly id: string; readonly applied: CountsPart; readonly raw: CountsPart };

/** One region, or (null) what the region rule makes of all of them. */
export interface ScopePart {
  readonly region: string | null;
  /** In the order of the contract, without those of kind `duration`. */
  readonly objectives: readonly ObjectivePart[];
}

/** Half-open, minutes since the epoch. Scopes: each region in the contract's order, then null unless the rule is `each`. */
export interface Part {
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly scopes: readonly ScopePart[];
}
