// One month of minutes and twelve contracts that judge it differently: the acceptance data of reference/sla.md, section 3.
// Makes the record from its seed and says what each contract should come to; checks nothing itself. Used by the tests
// of the fold, of availability and of credits.

import type {
  Contract,
  CreditRule,
  CreditTier,
  DownRule,
  Objective,
  SlotsObjective,
} from "../../workers/config/contracts/contract.ts";
import type { ContractSays, Verdict } from "../../workers/sla/report-shape.ts";
import type { ExcludedSpan } from "../../workers/sla/part.ts";
import type { StripMinute } from "../../workers/results/strip.ts";
import type { Stream } from "../../workers/sla/fold.ts";
import { mulberry32 } from "../random.ts";

/** September 2026 in UTC has 43,200 minutes. Minutes of the month are counted from here. */
export const ORIGIN = Date.UTC(2026, 8, 1) / 60_000;
export const MONTH_MINUTES = 43_200;
export const MESSAGES = 20;
export const LATE_MS = 200;
export const REGION = "weur";

/** Chances to be lost and, of the others, to be late; without overrides those of a quiet month. Minutes included. */
const QUIET = { lost: 1e-4, late: 0.004 };
const OVERRIDES: readonly { from: number; to: number; lost?: number; late?: number; messages?: number }[] = [
  { from: 5_000, to: 5_011, lost: 1 },
  { from: 12_000, to: 12_039, lost: 0.3 },
  ...Array.from({ length: 8 }, (_, at) => ({ from: 20_000 + 100 * at, to: 20_000 + 100 * at, lost: 0.75 })),
  { from: 25_000, to: 25_019, lost: 1 },
  { from: 30_000, to: 30_089, messages: 0 },
  { from: 35_000, to: 35_029, late: 0.6 },
];
/** Announced maintenance. */
export const MAINTENANCE: ExcludedSpan = { fromMinute: ORIGIN + 25_000, toMinute: ORIGIN + 25_180, regions: null };

export interface GoldenMinute {
  readonly sent: number;
  readonly lost: number;
  readonly late: number;
}

/** The month from seed 7, and how many numbers were drawn for it. */
export function goldenMinutes(): { readonly minutes: readonly GoldenMinute[]; readonly draws: number } {
  const random = mulberry32(7);
  let draws = 0;
  const happens = (chance: number): boolean => {
    draws++;
    return random() < chance;
  };
  const minutes = Array.from({ length: MONTH_MINUTES }, (_, minute) => {
    const own = OVERRIDES.find(({ from, to }) => from <= minute && minute <= to);
    const sent = own?.messages ?? MESSAGES;
    let [lost, late] = [0, 0];
    for (let message = 0; message < sent; message++) {
      if (happens(own?.lost ?? QUIET.lost)) lost++;
      else if (happens(own?.late ?? QUIET.late)) late++;
    }
    return { sent, lost, late };
  });
  return { minutes, draws };
}

/** The month as one stream. Of the minutes in which nothing was sent every other one has no record at all. */
export function goldenStream(minutes: readonly GoldenMinute[]): Stream {
  const strip = new Map<number, StripMinute>();
  for (const [at, { sent, lost, late }] of minutes.entries()) {
    if (sent === 0 && at % 2 === 1) continue;
    const over = [{ limitMs: LATE_MS, count: late }];
    const counts = { scheduled: MESSAGES, ok: sent - lost, lost, error: 0, connectFail: 0 };
    strip.set(ORIGIN + at, { ...counts, over, unfit: "none", revision: 0 });
  }
  const schedules = [{ fromMinute: ORIGIN, untilMinute: null, everyMs: 60_000 }];
  return { region: REGION, journey: "loop", schedules, minutes: strip };
}

/** A slots objective over single minutes of which any loss counts; what a rule says otherwise is given. */
export function slotsObjective(own: Partial<SlotsObjective>): SlotsObjective {
  return {
    id: "availability",
    kind: "slots",
    journey: "loop",
    target: 0.999,
    slotMinutes: 1,
    bad: ["lost", "error"],
    lateMs: null,
    downIf: { rule: "rate", op: ">=", value: 0.2 },
    minSamples: 1,
    belowMin: "unmeasured",
    minRunSlots: 1,
    runRounding: "exact",
    denominator: "measured",
    excludedSlots: "drop",
    ...own,
  };
}

/** A contract by calendar months in UTC, every region held to it by itself. */
export function contractOf(objectives: readonly Objective[], own: Partial<Contract> = {}): Contract {
  return {
    id: "golden",
    version: 1,
    label: { en: "Golden month", zh: "Golden month" },
    tier: "standard",
    page: "public",
    source: null,
    target: "broker",
    regions: [REGION],
    regionRule: "each",
    effective: { from: "2026-01-01", to: null },
    period: { unit: "month", anchor: "calendar", anchorDay: null, zone: "UTC", clip: "none" },
    objectives,
    exclusions: [],
    credits: [],
    creditTerms: {
      basis: "service-fee",
      capPct: 100,
      minAmount: null,
      form: "credit",
      stacking: "max",
      onePerIncident: false,
      roundTo: 0.01,
      rounding: "down",
    },
    claim: null,
    calendars: {},
    support: [],
    escalation: [],
    fee: null,
    ...own,
  };
}

/** One line of the table: a contract, what it lets pass, and what the month comes to by it. */
export interface GoldenRule {
  readonly name: string;
  readonly contract: Contract;
  readonly objective: SlotsObjective;
  readonly spans: readonly ExcludedSpan[];
  readonly slots: number;
  readonly unmeasured: number;
  readonly down: number;
  /** Percent, rounded to four decimals, as the table prints them: of the contract, low, high. */
  readonly shares: readonly [string, string, string];
  readonly says: ContractSays;
  /** Percent of the fee, before anything is rounded. */
  readonly creditPct: number;
  readonly verdict: Verdict;
}

/** `[below, pct]`, the first the highest: each reaches down to the next one. */
type Ladder = readonly (readonly [number, number])[];

const lostOver = (value: number): DownRule => ({ rule: "rate", op: ">", value });
const ALL: DownRule = { rule: "all-fail" };
const SILENCE_IS_UP = { belowMin: "up", denominator: "all" } as const;
const USUAL: Ladder = [
  [0.9995, 10],
  [0.99, 25],
  [0.95, 50],
];
const THREE_NINES: Ladder = [
  [0.999, 10],
  [0.99, 25],
  [0.95, 50],
];

function ladder(steps: Ladder): readonly CreditRule[] {
  const tiers = steps.map(([below, pct], at): CreditTier => ({ below, atLeast: steps[at + 1]?.[0] ?? 0, pct }));
  return steps.length === 0 ? [] : [{ objective: "availability", kind: "ladder", tiers }];
}

type Expected = Pick<GoldenRule, "slots" | "unmeasured" | "down" | "shares" | "says" | "creditPct" | "verdict">;

function rule(
  name: string,
  maintenance: "drop" | "count",
  own: Partial<SlotsObjective>,
  credits: readonly CreditRule[],
  expected: Expected,
  capPct = 100,
): GoldenRule {
  const objective = slotsObjective(own);
  const blank = contractOf([objective]);
  const contract: Contract = {
    ...blank,
    id: name,
    exclusions:
      maintenance === "count"
        ? []
        : [{ type: "scheduled-maintenance", noticeMs: null, capMinutes: null, window: null, needsProof: false }],
    credits,
    creditTerms: { ...blank.creditTerms, capPct },
  };
  return { name, contract, objective, spans: maintenance === "drop" ? [MAINTENANCE] : [], ...expected };
}

/** `"slots unmeasured down | A low high | says credit verdict"`, as a line of the table reads. */
function line(text: string): Expected {
  const [integers = "", percents = "", words = ""] = text.split(" | ");
  const [slots = 0, unmeasured = 0, down = 0] = integers.split(" ").map(Number);
  const [a = "", low = "", high = ""] = percents.split(" ");
  const [says, creditPct, verdict] = words.split(" ");
  return {
    slots,
    unmeasured,
    down,
    shares: [a, low, high],
    says: says as ContractSays,
    creditPct: Number(creditPct),
    verdict: verdict as Verdict,
  };
}

const late: Partial<SlotsObjective> = { bad: ["lost", "late"], lateMs: LATE_MS };
/** Rule 11 owes a hundred times its down share: 51 of the month's 43,200 minutes. */
const ACCELERATED: readonly CreditRule[] = [{ objective: "availability", kind: "accelerated", factor: 100 }];
const ELEVEN_PCT = (100 * 100 * 51) / 43_200;

export const GOLDEN_RULES: readonly GoldenRule[] = [
  rule(
    "seed",
    "drop",
    { minSamples: 10 },
    ladder(THREE_NINES),
    line("43020 90 58 | 99.8649 99.6560 99.8652 | breached 10 breached"),
  ),
  rule(
    "tencent-im",
    "drop",
    { target: 0.99, downIf: ALL, ...SILENCE_IS_UP },
    ladder([
      [0.99, 10],
      [0.95, 20],
      [0.9, 30],
    ]),
    line("43020 90 12 | 99.9721 99.7629 99.9721 | met 0 met"),
  ),
  rule(
    "pub-sub",
    "count",
    { target: 0.9995, downIf: ALL, ...SILENCE_IS_UP },
    ladder(USUAL),
    line("43200 90 32 | 99.9259 99.7176 99.9259 | breached 10 breached"),
  ),
  rule(
    "aws-iot",
    "count",
    { slotMinutes: 5, downIf: { rule: "fractional" }, ...SILENCE_IS_UP },
    ladder([
      [0.999, 10],
      [0.99, 25],
      [0.95, 100],
    ]),
    line("8640 18 10.82 | 99.8748 99.6664 99.8748 | breached 10 breached"),
  ),
  rule(
    "chatkit",
    "count",
    { ...late, downIf: lostOver(0.01), ...SILENCE_IS_UP },
    [],
    line("43200 90 3541 | 91.8032 91.5949 91.8032 | breached 0 resolution_insufficient"),
  ),
  rule(
    "pusher-channels",
    "drop",
    { target: 0.9995, slotMinutes: 5, downIf: ALL, ...SILENCE_IS_UP },
    [],
    line("8604 18 2 | 99.9768 99.7675 99.9768 | met 0 undetermined"),
  ),
  rule(
    "cloud-run",
    "count",
    { target: 0.9995, downIf: lostOver(0.01), ...SILENCE_IS_UP },
    ladder(USUAL),
    line("43200 90 162 | 99.6250 99.4167 99.6250 | breached 10 resolution_insufficient"),
  ),
  rule(
    "five-in-a-row",
    "count",
    { downIf: lostOver(0.05), minRunSlots: 5, ...SILENCE_IS_UP },
    ladder(THREE_NINES),
    line("43200 90 71 | 99.8356 99.6273 99.8356 | breached 10 breached"),
  ),
  rule(
    "tencent-rum",
    "drop",
    { downIf: { rule: "count", gte: 5 }, ...SILENCE_IS_UP },
    ladder([
      [0.999, 10],
      [0.99, 20],
      [0.98, 50],
    ]),
    line("43020 90 51 | 99.8815 99.6722 99.8815 | breached 10 breached"),
  ),
  rule(
    "tianyu",
    "drop",
    { downIf: lostOver(0.0001), ...SILENCE_IS_UP },
    [],
    line("43020 90 141 | 99.6722 99.4630 99.6722 | breached 0 resolution_insufficient"),
  ),
  rule(
    "stream",
    "drop",
    { target: 0.99999, downIf: lostOver(0.2), ...SILENCE_IS_UP },
    ACCELERATED,
    { ...line("43020 90 51 | 99.8815 99.6722 99.8815 | breached 11.8 breached"), creditPct: ELEVEN_PCT },
    30,
  ),
  rule(
    "emqx",
    "drop",
    { target: 0.9999, downIf: ALL, ...SILENCE_IS_UP },
    ladder([
      [0.9999, 15],
      [0.99, 30],
      [0.95, 100],
    ]),
    line("43020 90 12 | 99.9721 99.7629 99.9721 | breached 15 breached"),
  ),
];
