// The fields of a report that the CSV has a row for, in the order of the rows, and the unit of each ("" where it has none). The compiler
// asks for a field that is missing here. Pure data; read by `report-csv.ts`.

import type {
  CreditLine,
  DurationResult,
  Evidence,
  IncidentsResult,
  ProportionFigures,
  Report,
  SlotsFigures,
  SupportResult,
  TimesResult,
} from "./report-shape.ts";

export const SLOTS: Readonly<Record<keyof SlotsFigures, string>> = {
  counted: "slot",
  down: "slot",
  unmeasured: "slot",
  excluded: "slot",
  minutes_down: "minute",
  value: "share",
  low: "share",
  high: "share",
  coverage: "share",
  contract_says: "",
  verdict: "",
};
export const PROPORTION: Readonly<Record<Exclude<keyof ProportionFigures, "evidence">, string>> = {
  attempted: "message",
  bad: "message",
  unjudged: "message",
  value: "share",
  contract_says: "",
  verdict: "",
};
export const EVIDENCE: Readonly<Record<keyof Evidence, string>> = {
  grade: "",
  confidence: "share",
  at_least: "share",
  at_most: "share",
  design_effect: "",
  design_effect_from: "",
  effective_sample: "message",
  more_good_needed: "message",
};
export const DURATION: Readonly<Record<Exclude<keyof DurationResult, "id">, string>> = {
  kind: "",
  of: "",
  limit_ms: "ms",
  stat: "",
  incidents: "incident",
  known: "incident",
  median_ms: "ms",
  max_ms: "ms",
  value_ms: "ms",
  contract_says: "",
  verdict: "",
};
export const TIMES: Readonly<Record<keyof TimesResult, string>> = {
  n: "incident",
  unknown: "incident",
  median_ms: "ms",
  max_ms: "ms",
};
export const INCIDENT_TIMES: readonly (keyof IncidentsResult["times"])[] = [
  "detect",
  "acknowledge",
  "restore",
  "resolve",
  "publish",
];
export const SUPPORT: Readonly<Record<Exclude<keyof SupportResult, "severity" | "clock">, string>> = {
  target_ms: "ms",
  calendar: "",
  tickets: "ticket",
  kept: "ticket",
  missed: "ticket",
  running: "ticket",
  median_ms: "ms",
  max_ms: "ms",
};
export const CREDIT: Readonly<
  Record<Exclude<keyof CreditLine, "contract_version" | "region" | "objective" | "tier">, string>
> = {
  kind: "",
  value: "share",
  target: "share",
  minutes_down: "minute",
  pct: "percent",
  of_fee: "share",
  set_aside: "",
};
export const METHOD: Readonly<Record<Exclude<keyof Report["method"], "journeys">, string>> = {
  every_ms: "ms",
  messages: "message",
  gap_ms: "ms",
  deadline_ms: "ms",
  connect_deadline_ms: "ms",
  software: "",
};

export const JOURNEY: Readonly<Record<keyof Report["method"]["journeys"][number], string>> = {
  journey: "",
  scheduled: "",
  gap_ms: "ms",
};
