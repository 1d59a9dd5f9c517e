// Whole SLA reports for the tests of their pages: kept, breached, still open, of one stream, unmeasured, and hostile. Made of
// sla-parts.ts; the closed month is that of October 2026 in Shanghai, the open one November until NOW.

import type { ObjectiveResult, Report, ScopeResult, Segment } from "../../workers/sla/report-shape.ts";
import { NO_INCIDENTS } from "../../workers/sla/incident-times.ts";
import { NOW, REGIONS } from "./fixtures.ts";
import {
  HASH,
  MINUTE,
  NOVEMBER,
  OCTOBER,
  THROUGH,
  badObjectives,
  exclusion,
  goodObjectives,
  incidents,
  proportion,
  quantile,
  ratio,
  run,
  scope,
  slots,
  slotsFigures,
} from "./sla-parts.ts";

const segment = (scopes: readonly ScopeResult[], change: Partial<Segment> = {}): Segment => ({
  contract_version: 2,
  contract_hash: HASH,
  contract_seen_at: OCTOBER.from - 9 * 86_400_000,
  ...OCTOBER,
  through: OCTOBER.to,
  scopes,
  ...change,
});

const NO_CREDIT: Report["credit"] = {
  lines: [],
  terms_written: true,
  pct: 0,
  capped: false,
  terms: {
    basis: "service-fee",
    capPct: 50,
    form: "credit",
    stacking: "max",
    onePerIncident: false,
    roundTo: 0.01,
    rounding: "down",
  },
  provisional: false,
};

/** A closed month that was kept everywhere, changed as the test needs. */
export function report(scopes: readonly ScopeResult[], change: Partial<Report> = {}): Report {
  return {
    version: 1,
    contract: {
      id: "messaging",
      label: { en: "Messaging", zh: "消息服务" },
      tier: "enterprise",
      page: "public",
      target: "rtm",
      target_label: { en: "Real-time messaging", zh: "实时消息" },
      region_rule: "each",
      source: null,
    },
    period: { name: "2026-10", ...OCTOBER, zone: "Asia/Shanghai", closed: true, through: OCTOBER.to },
    revision: 1,
    replaces: null,
    composed_at: OCTOBER.to + 10 * MINUTE,
    contract_says: "met",
    verdict: "met",
    segments: [segment(scopes)],
    exclusions: [],
    incidents: { ...NO_INCIDENTS, kept_since: OCTOBER.from },
    support: [],
    credit: NO_CREDIT,
    claim: null,
    method: {
      every_ms: 3000,
      messages: 1,
      gap_ms: 0,
      deadline_ms: 5000,
      connect_deadline_ms: 3000,
      journeys: [{ journey: "loop", scheduled: 20, gap_ms: 50 }],
      software: "0.3.0",
    },
    ...change,
  };
}

export const kept = (): Report => report([scope(2, goodObjectives())]);

const LINE = { contract_version: 2, kind: "ladder", of_fee: 1, set_aside: false } as const;

/** Seven regions, one of which broke its promise; exclusions that count and that do not; credit, claim and support. */
export function breached(): Report {
  const scopes = REGIONS.map((_, i) => scope(i, i === 2 ? badObjectives() : goodObjectives()));
  return report(scopes, {
    contract_says: "breached",
    verdict: "breached",
    revision: 2,
    replaces: { revision: 1, hash: HASH },
    exclusions: [
      exclusion(),
      exclusion({
        id: 2,
        type: "third-party-network",
        regions: ["weur", "eeur"],
        announced_at: null,
        proof: null,
        minutes: 0,
        refused: "no_proof",
        reason: "The carrier was at fault",
      }),
      exclusion({ id: 3, minutes: 30, refused: "over_cap", announced_at: exclusion().from + MINUTE }),
    ],
    incidents: incidents(),
    support: [
      {
        severity: "P1",
        clock: "first-response",
        target_ms: 3_600_000,
        calendar: "24x7",
        tickets: 4,
        kept: 3,
        missed: 1,
        running: 0,
        median_ms: 1_260_000,
        max_ms: 5_430_000,
      },
      {
        severity: "P2",
        clock: "restore",
        target_ms: 14_400_000,
        calendar: "office",
        tickets: 1,
        kept: 0,
        missed: 0,
        running: 1,
        median_ms: null,
        max_ms: null,
      },
    ],
    credit: {
      ...NO_CREDIT,
      lines: [
        {
          ...LINE,
          region: "weur",
          objective: "availability",
          value: 0.998602659,
          target: 0.999,
          minutes_down: 62,
          tier: { below: 0.999, at_least: 0.99, pct: 10 },
          pct: 10,
        },
        {
          ...LINE,
          kind: "accelerated",
          region: "weur",
          objective: "delivery",
          value: 0.99878,
          target: 0.9999,
          minutes_down: null,
          tier: null,
          pct: 5.5,
          set_aside: true,
        },
      ],
      pct: 10,
    },
    claim: {
      opens_at: Date.UTC(2026, 10, 6, 16),
      deadline_at: Date.UTC(2026, 11, 30, 16),
      channel: "Ticket in the console",
      evidence: ["times and regions", "request logs"],
      authority: "provider",
    },
  });
}

/** The month that is still running: Western Europe has used up its budget. */
export function openMonth(): Report {
  const minutes = (THROUGH - NOVEMBER.from) / MINUTE;
  const n = minutes * 20;
  const figures = slotsFigures(minutes, 31, 0, { contract_says: "breached", verdict: "undetermined" });
  const budget = {
    unit: "minute",
    allowed: 43.2,
    used: 31,
    left: 12.2,
    burn_rate: 0.995,
    exhausted_at: Date.UTC(2026, 10, 29, 3),
  } as const;
  const few = { grade: "not_enough_evidence", at_least: 0.999895986, at_most: 1, more_good_needed: 1156 } as const;
  const prior = { design_effect: 3, design_effect_from: "prior", effective_sample: 9600 } as const;
  const objectives: readonly ObjectiveResult[] = [
    slots(figures, [run(NOVEMBER.from + 9000 * MINUTE, 31)], { budget }),
    ratio(proportion(28_800, 0, { ...few, ...prior })),
    quantile(proportion(n, 1200, { at_least: 0.9978, at_most: 0.9984 }, { contract_says: "met", verdict: "met" })),
    {
      kind: "duration",
      id: "ack",
      of: "ack",
      limit_ms: 900_000,
      stat: "max",
      incidents: 2,
      known: 2,
      median_ms: 300_000,
      max_ms: 720_000,
      value_ms: 720_000,
      contract_says: "met",
      verdict: "met",
    },
  ];
  return report([scope(2, objectives), scope(4, objectives)], {
    period: { name: "2026-11", ...NOVEMBER, zone: "Asia/Shanghai", closed: false, through: THROUGH },
    revision: 0,
    contract_says: "breached",
    verdict: "undetermined",
    composed_at: NOW - 600_000,
    segments: [segment([scope(2, objectives), scope(4, objectives)], { ...NOVEMBER, through: THROUGH })],
    credit: { ...NO_CREDIT, pct: 10, provisional: true },
  });
}

/** One stream of three regions; the regions themselves bind nobody. Two versions of the contract within the month. */
export function combined(): Report {
  const half = OCTOBER.from + 14 * 86_400_000;
  const looked = [0, 2, 4].map((i) => scope(i, goodObjectives(20_160), { binding: false, latency: [] }));
  const all = scope(0, goodObjectives(20_160), { region: null, label: null, latency: [] });
  const whole = report([...looked, all]);
  return {
    ...whole,
    contract: { ...whole.contract, region_rule: { atLeast: 2 } },
    segments: [
      segment([...looked, all], { contract_version: 1, to: half, through: half }),
      segment([...looked, all], { from: half }),
    ],
  };
}

/** Nothing was measured. */
export function nothingMeasured(): Report {
  const none = proportion(0, 0, {
    grade: "not_enough_evidence",
    at_least: null,
    at_most: null,
    more_good_needed: 29_956,
  });
  const figures = slotsFigures(44_640, 0, 44_640, { low: 0, high: 1, coverage: 0 });
  const objectives = [
    slots(figures, []),
    ratio({ ...none, verdict: "no_data" }),
    quantile({ ...none, verdict: "no_data" }),
  ];
  return report([scope(2, objectives, { latency: [] })], { contract_says: "no_data", verdict: "no_data" });
}

const EVIL = `</td><script>alert(1)</script>\u202egnp.exe" onload='x'`;

/** All that people wrote is an attack. */
export function hostileReport(): Report {
  const whole = breached();
  const label = { en: EVIL, zh: `<img src=x onerror=alert(1)>\u2067${"长".repeat(400)}` };
  return {
    ...whole,
    contract: {
      ...whole.contract,
      label,
      tier: EVIL,
      target_label: label,
      source: { preset: EVIL, url: "javascript:alert(1)", checked_on: EVIL, warning: label },
    },
    segments: whole.segments.map((one) => ({ ...one, scopes: one.scopes.map((each) => ({ ...each, label })) })),
    exclusions: [
      exclusion({ reason: EVIL, author: EVIL, regions: [EVIL], proof: { where: `javascript:${EVIL}`, sha256: EVIL } }),
    ],
    claim: whole.claim === null ? null : { ...whole.claim, channel: EVIL, evidence: [EVIL] },
  };
}
