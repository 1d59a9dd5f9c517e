// Builders of the parts of an SLA report for the tests of its pages: figures whose sums agree, as the judge would make them. No
// chance in them. The closed month is that of October 2026 in Shanghai; sla-fixtures.ts makes whole reports of these.

import type {
  DownRun,
  Evidence,
  IncidentsResult,
  JudgedExclusion,
  ObjectiveResult,
  ProportionFigures,
  QuantileResult,
  RatioResult,
  ScopeResult,
  SlotsFigures,
  SlotsResult,
} from "../../workers/sla/report-shape.ts";
import { REGIONS } from "./fixtures.ts";

export const MINUTE = 60_000;
/** Midnights of Asia/Shanghai. */
export const OCTOBER = { from: Date.UTC(2026, 8, 30, 16), to: Date.UTC(2026, 9, 31, 16) };
export const NOVEMBER = { from: OCTOBER.to, to: Date.UTC(2026, 10, 30, 16) };
/** The open month is judged up to here. */
export const THROUGH = Date.UTC(2026, 10, 22, 11, 50);
export const HASH = "6f1c0a52d0f3b1e5a8f2c9d4e7b60718293a4b5c6d7e8f90a1b2c3d4e5f60718";

export function run(from: number, minutes: number, change: Partial<DownRun> = {}): DownRun {
  const attempted = minutes * 20;
  const known = { first_bad_at: from + 14_000, next_good_at: from + minutes * MINUTE + 3000 };
  return { from, to: from + minutes * MINUTE, down: minutes, bad: attempted - 7, attempted, ...known, ...change };
}

/** Figures of slots of a minute: everything that is neither down nor unmeasured was up. */
export function slotsFigures(
  counted: number,
  down: number,
  unmeasured: number,
  change: Partial<SlotsFigures> = {},
): SlotsFigures {
  const measured = counted - unmeasured;
  const value = measured > 0 ? (measured - down) / measured : null;
  const low = (measured - down) / counted;
  const high = (counted - down) / counted;
  return {
    counted,
    down,
    unmeasured,
    excluded: 0,
    minutes_down: down,
    value,
    low,
    high,
    coverage: measured / counted,
    contract_says: value === null ? "no_data" : value >= 0.999 ? "met" : "breached",
    verdict: value === null ? "no_data" : low >= 0.999 ? "met" : high < 0.999 ? "breached" : "undetermined",
    ...change,
  };
}

const ALLOWED = 44.64;

export function slots(figures: SlotsFigures, runs: readonly DownRun[], change: Partial<SlotsResult> = {}): SlotsResult {
  return {
    kind: "slots",
    id: "availability",
    journey: "loop",
    target: 0.999,
    slot_minutes: 1,
    bad: ["lost", "error"],
    late_ms: null,
    down_if: { rule: "rate", op: ">=", value: 0.2 },
    min_run_slots: 1,
    figures,
    without_exclusions: figures,
    budget: {
      unit: "minute",
      allowed: ALLOWED,
      used: figures.minutes_down,
      left: ALLOWED - figures.minutes_down,
      burn_rate: figures.value === null ? null : figures.minutes_down / ALLOWED,
      exhausted_at: null,
    },
    runs,
    runs_left_out: 0,
    unmeasured_minutes: figures.unmeasured > 0 ? [{ reason: "silent", minutes: figures.unmeasured }] : [],
    ...change,
  };
}

export function evidence(change: Partial<Evidence> = {}): Evidence {
  return {
    grade: "proven_met",
    confidence: 0.95,
    at_least: 0.999911153,
    at_most: 0.99999881,
    design_effect: 1,
    design_effect_from: "estimated",
    effective_sample: 892_800,
    more_good_needed: 0,
    ...change,
  };
}

export function proportion(
  attempted: number,
  bad: number,
  proof: Partial<Evidence> = {},
  change: Partial<ProportionFigures> = {},
): ProportionFigures {
  const value = attempted > 0 ? (attempted - bad) / attempted : null;
  return {
    attempted,
    bad,
    unjudged: 0,
    value,
    contract_says: value === null ? "no_data" : value >= 0.9999 ? "met" : "breached",
    verdict: "undetermined",
    evidence: evidence(proof),
    ...change,
  };
}

export function ratio(figures: ProportionFigures, change: Partial<RatioResult> = {}): RatioResult {
  const allowed = figures.attempted * 0.0001;
  return {
    kind: "ratio",
    id: "delivery",
    journey: "loop",
    target: 0.9999,
    within_ms: null,
    figures,
    without_exclusions: figures,
    budget: {
      unit: "message",
      allowed,
      used: figures.bad,
      left: allowed - figures.bad,
      burn_rate: allowed > 0 ? figures.bad / allowed : null,
      exhausted_at: null,
    },
    ...change,
  };
}

export function quantile(figures: ProportionFigures, change: Partial<QuantileResult> = {}): QuantileResult {
  const allowed = figures.attempted * 0.01;
  return {
    kind: "quantile",
    id: "latency",
    journey: "loop",
    q: 0.99,
    limit_ms: 200,
    direction: "delivery",
    estimate: true,
    figures,
    without_exclusions: figures,
    budget: {
      unit: "message",
      allowed,
      used: figures.bad,
      left: allowed - figures.bad,
      burn_rate: 0.31,
      exhausted_at: null,
    },
    ...change,
  };
}

/** A good month of one region: few losses, one unmeasured stretch. */
export function goodObjectives(minutes = 44_640): readonly ObjectiveResult[] {
  const n = minutes * 20;
  return [
    slots(slotsFigures(minutes, 3, 2), [run(OCTOBER.from + 700 * MINUTE, 3)]),
    ratio(proportion(n, 61, {}, { verdict: "met" })),
    quantile(proportion(n, 2711, { at_least: 0.9968, at_most: 0.9971 }, { contract_says: "met", verdict: "met" })),
  ];
}

/** A month with an outage, a maintenance that counts, and losses in clusters. */
export function badObjectives(): readonly ObjectiveResult[] {
  const figures = slotsFigures(44_460, 62, 90, { excluded: 180 });
  const runs = [
    run(OCTOBER.from + 5000 * MINUTE, 12),
    run(OCTOBER.from + 12_000 * MINUTE, 40, { first_bad_at: null }),
    run(OCTOBER.from + 30_000 * MINUTE, 10, { first_bad_at: null, next_good_at: null }),
  ];
  const reasons = [
    { reason: "silent", minutes: 60 },
    { reason: "controls", minutes: 21 },
    { reason: "too_few", minutes: 9 },
  ];
  const lossy = { grade: "proven_breached", at_least: 0.998421, at_most: 0.999012 } as const;
  const clustered = { design_effect: 4.713, effective_sample: 188_281.4, more_good_needed: null } as const;
  return [
    slots(figures, runs, {
      without_exclusions: slotsFigures(44_640, 82, 90),
      runs_left_out: 4,
      unmeasured_minutes: reasons,
    }),
    ratio(proportion(887_400, 1082, { ...lossy, ...clustered }, { verdict: "breached" })),
    quantile(
      proportion(887_400, 5919, { at_least: 0.9931, at_most: 0.9935 }, { contract_says: "met", verdict: "met" }),
    ),
  ];
}

export function scope(
  index: number,
  objectives: readonly ObjectiveResult[],
  change: Partial<ScopeResult> = {},
): ScopeResult {
  const [id, en, zh, , p50] = REGIONS[index % REGIONS.length] ?? ["x", "X", "X", "", 50];
  const latency = { journey: "loop", samples: 892_800, p50, p95: p50 * 1.5, p99: p50 * 2.1, max_ms: 1840 } as const;
  return { region: id, label: { en, zh }, binding: true, objectives, latency: [latency], ...change };
}

export function exclusion(change: Partial<JudgedExclusion> = {}): JudgedExclusion {
  const from = OCTOBER.from + 25_000 * MINUTE;
  return {
    id: 1,
    type: "scheduled-maintenance",
    from,
    to: from + 180 * MINUTE,
    regions: null,
    announced_at: from - 96 * 60 * MINUTE,
    author: "lin@example.com",
    reason: "Replacement of the message store, announced in the console",
    proof: { where: "https://status.example/notices/81", sha256: HASH },
    recorded_at: from - 95 * 60 * MINUTE,
    minutes: 180,
    refused: null,
    ...change,
  };
}

/** Two of them since the fifth of October: one told through, and a brown-out that nobody has taken in hand. */
export function incidents(): IncidentsResult {
  const since = OCTOBER.from + 4 * 86_400_000;
  const [first, second] = [since + 80 * MINUTE, since + 9_000 * MINUTE];
  const none = { n: 0, unknown: 2, median_ms: null, max_ms: null };
  return {
    kept_since: since,
    list: [
      {
        id: "rtm-1",
        kind: "outage",
        severity: "critical",
        scope: "global",
        regions: ["weur", "eeur", "enam"],
        impact_start: first + 14_000,
        detected: first + 74_000,
        notified: first + 76_000,
        acked: first + 376_000,
        impact_end: first + 12 * MINUTE,
        resolved: first + 45 * MINUTE,
        published: first + 9 * MINUTE,
      },
      {
        id: "rtm-2",
        kind: "brownout",
        severity: "warning",
        scope: "region",
        regions: ["weur"],
        impact_start: second,
        detected: second + 600_000,
        notified: null,
        acked: null,
        impact_end: null,
        resolved: null,
        published: null,
      },
    ],
    times: {
      detect: { n: 2, unknown: 0, median_ms: 330_000, max_ms: 600_000 },
      acknowledge: { n: 1, unknown: 1, median_ms: 300_000, max_ms: 300_000 },
      restore: { n: 1, unknown: 1, median_ms: 706_000, max_ms: 706_000 },
      resolve: none,
      publish: { n: 1, unknown: 1, median_ms: 526_000, max_ms: 526_000 },
    },
  };
}
