// A report as one long table for a spreadsheet: a fact a row, found by its columns, in the words of the JSON. Nothing is
// computed here, nothing is left out but the runs that the report itself leaves out, and no amount of money is in it. Pure; called
// by the page that hands the file out.

import type { DownRule, RegionRule } from "../config/contracts/contract.ts";
import { csvOf } from "./csv.ts";
import type { Cell } from "./csv.ts";
import {
  CREDIT,
  DURATION,
  EVIDENCE,
  INCIDENT_TIMES,
  JOURNEY,
  METHOD,
  PROPORTION,
  SLOTS,
  SUPPORT,
  TIMES,
} from "./report-csv-units.ts";
import type {
  Budget,
  DownRun,
  IncidentResult,
  JudgedExclusion,
  LatencyDisplay,
  ObjectiveResult,
  ProportionFigures,
  Report,
  ScopeResult,
  Segment,
} from "./report-shape.ts";

/** One row but for what all have in common. Empty where it says nothing. */
interface Row {
  readonly section: string;
  readonly contract_version?: number;
  /** `(all)`: what the region rule makes of all of them. */
  readonly region?: string;
  readonly objective?: string;
  /** Which of several: the id of a record, or a number that counts them. */
  readonly item?: Cell;
  readonly name: string;
  readonly value: Cell;
  readonly unit?: string;
  readonly from?: string;
  readonly to?: string;
  readonly note?: string;
}

/** Where rows belong: the columns that a group of them shares. */
type Place = Omit<Row, "name" | "value" | "unit" | "note">;

const COLUMNS = [
  "contract",
  "period",
  "revision",
  "section",
  "contract_version",
  "region",
  "objective",
  "item",
  "name",
  "value",
  "unit",
  "from",
  "to",
  "note",
] as const;

// What each number counts; the compiler asks for every field that a report may get.
/** The table. Numbers are plain, shares 0..1; instants ISO 8601 in UTC; an unknown value is an empty cell, never 0. */
export function reportCsv(report: Report): string {
  const rows = [
    ...summary(report),
    ...report.segments.flatMap(segmentRows),
    ...report.exclusions.flatMap(exclusionRows),
    ...incidentsRows(report),
    ...report.support.flatMap((each) =>
      facts({ section: "support", item: `${each.severity} ${each.clock}` }, SUPPORT, each),
    ),
    ...creditRows(report),
    ...claimRows(report),
    ...facts({ section: "method" }, METHOD, report.method),
    ...report.method.journeys.flatMap((each) => facts({ section: "method", item: each.journey }, JOURNEY, each)),
  ];
  const shared = { contract: report.contract.id, period: report.period.name, revision: report.revision };
  return csvOf(
    COLUMNS,
    rows.map((row) => ({ ...shared, ...row })),
  );
}

/** A row for each field that `units` names, in that order. */
function facts<K extends string>(
  place: Place,
  units: Readonly<Record<K, string>>,
  values: Readonly<Record<K, Cell>>,
): Row[] {
  return (Object.keys(units) as K[]).map((name) => ({ ...place, name, value: values[name], unit: units[name] }));
}

function summary({ contract, period, replaces, composed_at: composedAt, ...report }: Report): Row[] {
  const { label, target_label: targetLabel, source } = contract;
  const values: Readonly<Record<string, Cell>> = {
    contract_says: report.contract_says,
    verdict: report.verdict,
    closed: period.closed,
    through: iso(period.through),
    zone: period.zone,
    composed_at: iso(composedAt),
    replaces_revision: replaces?.revision ?? null,
    replaces_hash: replaces?.hash ?? null,
    label_en: label.en,
    label_zh: label.zh,
    tier: contract.tier,
    page: contract.page,
    target: contract.target,
    target_label_en: targetLabel.en,
    target_label_zh: targetLabel.zh,
    region_rule: ruleText(contract.region_rule),
    source_preset: source?.preset ?? null,
    source_url: source?.url ?? null,
    source_checked_on: source?.checked_on ?? null,
    source_warning_en: source?.warning?.en ?? null,
    source_warning_zh: source?.warning?.zh ?? null,
  };
  const place = { section: "report", from: iso(period.from), to: iso(period.to) };
  return Object.entries(values).map(([name, value]) => ({ ...place, name, value }));
}

function segmentRows(segment: Segment): Row[] {
  const shared = { contract_version: segment.contract_version };
  const place = { ...shared, section: "version", from: iso(segment.from), to: iso(segment.to) };
  return [
    { ...place, name: "contract_hash", value: segment.contract_hash, note: "SHA-256" },
    { ...place, name: "contract_seen_at", value: iso(segment.contract_seen_at) },
    { ...place, name: "through", value: iso(segment.through) },
    ...segment.scopes.flatMap((scope) => scopeRows(scope).map((row) => ({ ...shared, ...row }))),
  ];
}

function scopeRows(scope: ScopeResult): Row[] {
  const region = scope.region ?? "(all)";
  return [
    { section: "scope", region, name: "binding", value: scope.binding },
    { section: "scope", region, name: "label_en", value: scope.label?.en ?? null },
    { section: "scope", region, name: "label_zh", value: scope.label?.zh ?? null },
    ...scope.objectives.flatMap((each) => objectiveRows({ section: "objective", region, objective: each.id }, each)),
    ...scope.latency.flatMap((each) => latencyRows(region, each)),
  ];
}

function objectiveRows(place: Place, result: ObjectiveResult): Row[] {
  const put = (name: string, value: Cell, unit = ""): Row => ({ ...place, name, value, unit });
  if (result.kind === "duration") return facts(place, DURATION, result);
  const head = [put("kind", result.kind), put("journey", result.journey)];
  const budget = budgetRows({ ...place, section: "budget" }, result.budget);
  if (result.kind === "slots") {
    return [
      ...head,
      put("target", result.target, "share"),
      put("slot_minutes", result.slot_minutes, "minute"),
      put("bad", result.bad.join(" ")),
      put("late_ms", result.late_ms, "ms"),
      put("down_if", downText(result.down_if)),
      put("min_run_slots", result.min_run_slots, "slot"),
      ...facts({ ...place, section: "with_exclusions" }, SLOTS, result.figures),
      ...facts({ ...place, section: "without_exclusions" }, SLOTS, result.without_exclusions),
      ...budget,
      ...result.runs.map((run, at) => runRow({ ...place, section: "down_run", item: at + 1 }, run)),
      { ...place, section: "down_run", name: "runs_left_out", value: result.runs_left_out, unit: "run" },
      ...result.unmeasured_minutes.map(({ reason, minutes }) => ({
        ...place,
        section: "unmeasured",
        name: reason,
        value: minutes,
        unit: "minute",
      })),
    ];
  }
  const terms =
    result.kind === "ratio"
      ? [put("target", result.target, "share"), put("within_ms", result.within_ms, "ms")]
      : [
          put("q", result.q, "share"),
          put("limit_ms", result.limit_ms, "ms"),
          put("direction", result.direction),
          put("estimate", result.estimate),
        ];
  return [
    ...head,
    ...terms,
    ...proportionRows({ ...place, section: "with_exclusions" }, result.figures),
    ...proportionRows({ ...place, section: "without_exclusions" }, result.without_exclusions),
    ...budget,
  ];
}

function proportionRows(place: Place, figures: ProportionFigures): Row[] {
  return [...facts(place, PROPORTION, figures), ...facts(place, EVIDENCE, figures.evidence)];
}

function budgetRows(place: Place, budget: Budget): Row[] {
  const { unit, exhausted_at: at } = budget;
  return [
    { ...place, name: "allowed", value: budget.allowed, unit },
    { ...place, name: "used", value: budget.used, unit },
    { ...place, name: "left", value: budget.left, unit },
    { ...place, name: "burn_rate", value: budget.burn_rate },
    { ...place, name: "exhausted_at", value: iso(at) },
  ];
}

function runRow(place: Place, run: DownRun): Row {
  const edges = [
    run.first_bad_at === null ? "" : `; first bad ${iso(run.first_bad_at)}`,
    run.next_good_at === null ? "" : `; next good ${iso(run.next_good_at)}`,
  ];
  return {
    ...place,
    name: "down",
    value: run.down,
    unit: "slot",
    from: iso(run.from),
    to: iso(run.to),
    note: `${run.bad} of ${run.attempted} messages bad${edges.join("")}`,
  };
}

function latencyRows(region: string, latency: LatencyDisplay): Row[] {
  const place = { section: "latency", region, item: latency.journey };
  // A rank among the lost has no number: it is over the deadline.
  const shown = (value: LatencyDisplay["p99"]): Cell =>
    value === null || typeof value === "number" ? value : `> ${value.over_ms}`;
  return [
    { ...place, name: "samples", value: latency.samples, unit: "message" },
    { ...place, name: "p50", value: shown(latency.p50), unit: "ms" },
    { ...place, name: "p95", value: shown(latency.p95), unit: "ms" },
    { ...place, name: "p99", value: shown(latency.p99), unit: "ms" },
    { ...place, name: "max_ms", value: latency.max_ms, unit: "ms" },
  ];
}

/** What people wrote has cells of its own, so that nothing has to be taken apart again. */
function exclusionRows(exclusion: JudgedExclusion): Row[] {
  const place = {
    section: "exclusion",
    region: exclusion.regions?.join(" ") ?? "(all)",
    item: exclusion.id,
    from: iso(exclusion.from),
    to: iso(exclusion.to),
  };
  const values: Readonly<Record<string, Cell>> = {
    type: exclusion.type,
    refused: exclusion.refused,
    announced_at: iso(exclusion.announced_at),
    recorded_at: iso(exclusion.recorded_at),
    author: exclusion.author,
    reason: exclusion.reason,
    proof_where: exclusion.proof?.where ?? null,
    proof_sha256: exclusion.proof?.sha256 ?? null,
  };
  return [
    { ...place, name: "minutes", value: exclusion.minutes, unit: "minute" },
    ...Object.entries(values).map(([name, value]) => ({ ...place, name, value })),
  ];
}

function incidentsRows({ incidents }: Report): Row[] {
  if (incidents === undefined) return [];
  return [
    { section: "incident_times", name: "kept_since", value: iso(incidents.kept_since) },
    ...INCIDENT_TIMES.flatMap((of) => facts({ section: "incident_times", item: of }, TIMES, incidents.times[of])),
    ...incidents.list.flatMap(incidentRows),
  ];
}

function incidentRows(incident: IncidentResult): Row[] {
  const place = {
    section: "incident",
    region: incident.regions.join(" "),
    item: incident.id,
    from: iso(incident.impact_start),
    to: iso(incident.impact_end),
  };
  const values: Readonly<Record<string, Cell>> = {
    kind: incident.kind,
    severity: incident.severity,
    scope: incident.scope,
    detected: iso(incident.detected),
    notified: iso(incident.notified),
    acked: iso(incident.acked),
    restored: iso(incident.impact_end),
    resolved: iso(incident.resolved),
    published: iso(incident.published),
  };
  return Object.entries(values).map(([name, value]) => ({ ...place, name, value }));
}

function creditRows({ credit }: Report): Row[] {
  const { terms } = credit;
  const lines = credit.lines.flatMap((line, at) => {
    const place = {
      section: "credit_line",
      contract_version: line.contract_version,
      region: line.region ?? "(all)",
      objective: line.objective,
      item: at + 1,
    };
    const { tier } = line;
    const ofTier =
      tier === null
        ? []
        : [
            { ...place, name: "tier_below", value: tier.below, unit: "share" },
            { ...place, name: "tier_at_least", value: tier.at_least, unit: "share" },
            { ...place, name: "tier_pct", value: tier.pct, unit: "percent" },
          ];
    return [...facts(place, CREDIT, line), ...ofTier];
  });
  const section = "credit";
  return [
    ...lines,
    { section, name: "terms_written", value: credit.terms_written },
    { section, name: "pct", value: credit.pct, unit: "percent", note: "of the whole fee" },
    { section, name: "capped", value: credit.capped },
    { section, name: "provisional", value: credit.provisional },
    { section, name: "basis", value: terms.basis },
    { section, name: "cap_pct", value: terms.capPct, unit: "percent" },
    { section, name: "form", value: terms.form },
    { section, name: "stacking", value: terms.stacking },
    { section, name: "one_per_incident", value: terms.onePerIncident },
    { section, name: "round_to", value: terms.roundTo },
    { section, name: "rounding", value: terms.rounding },
  ];
}

function claimRows({ claim }: Report): Row[] {
  if (claim === null) return [];
  const section = "claim";
  return [
    { section, name: "opens_at", value: iso(claim.opens_at) },
    { section, name: "deadline_at", value: iso(claim.deadline_at), note: "too late at this instant" },
    { section, name: "channel", value: claim.channel },
    ...claim.evidence.map((each, at) => ({ section, item: at + 1, name: "evidence", value: each })),
    { section, name: "authority", value: claim.authority },
  ];
}

function downText(rule: DownRule): string {
  if (rule.rule === "rate") return `rate ${rule.op} ${rule.value}`;
  return rule.rule === "count" ? `count >= ${rule.gte}` : rule.rule;
}

function ruleText(rule: RegionRule): string {
  return typeof rule === "string" ? rule : `at least ${rule.atLeast} down`;
}

/** An instant in UTC; the text of one that is not there is empty. */
function iso(at: number | null): string {
  return at === null ? "" : new Date(at).toISOString().replace(".000Z", "Z");
}
