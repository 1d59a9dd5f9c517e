// What our API answers with of verdicts and incidents, as schemas. Pure; owns names and meanings of fields. Called by routes.ts and answers.ts.

import { z } from "zod";

import { ALERT_SEVERITIES } from "../../schema/words.ts";
import { INCIDENT_STATES, STATEMENTS } from "../../workers/incidents/incident.ts";
import { PUBLIC_KINDS } from "../incidents.ts";
import { at, count, label, named } from "./fields.ts";

const VERDICTS = ["met", "breached", "undetermined", "resolution_insufficient", "no_data"] as const;

export const VERDICT = named(
  "verdict",
  z.object({
    contract: z.string(),
    label,
    tier: z.string(),
    target: z.string(),
    period: z.string().describe('"2026-11", "2026-Q4", "2026"'),
    from: at("Begin of the period"),
    to: at("End of the period, not part of it"),
    revision: count("0 while the period is open; a closed one never changes, a later revision replaces it"),
    open: z.boolean(),
    composed_at: at("When it was judged"),
    contract_says: z.enum(["met", "breached", "no_data"]).describe("By the contract's own arithmetic"),
    verdict: z.enum(VERDICTS).describe("What is proven: `undetermined` where the unmeasured could turn it"),
    credit_pct: z.number().describe("Credit by the contract, percent of the fee"),
    hash: z.string().describe("SHA-256 of the report's bytes, 64 hex digits"),
    report: z.string().describe("Address of these bytes, on this origin"),
  }),
);
export type VerdictAnswer = z.infer<typeof VERDICT>;

const said = z.object({ en: z.string().optional(), zh: z.string().optional() });
const ids = z.array(z.string());

export const INCIDENT = named(
  "incident",
  z.object({
    id: z.string(),
    target: z.string(),
    kind: z.enum(PUBLIC_KINDS),
    severity: z.enum(ALERT_SEVERITIES),
    scope: z.enum(["region", "global"]),
    state: z.enum(INCIDENT_STATES),
    regions: ids,
    bad_regions: ids.describe("Not good again yet"),
    sentence: said,
    impact: z.array(z.object({ region: z.string(), attempted: count("Messages"), bad: count("Messages") })),
    flapping: z.boolean(),
    reopened: count("Times"),
    merged_into: z.string().nullable(),
    absorbed: ids,
    impact_start: at("The first bad message"),
    detected: at("Found"),
    notified: at("The first page that was accepted").nullable(),
    acked: at("Somebody took it").nullable(),
    published: at("The first word of people about it").nullable(),
    impact_end: at("Good again").nullable(),
    resolved: at("Closed").nullable(),
  }),
);

export const STATEMENT = named(
  "statement",
  z.object({ at: at("Said"), by: z.enum(["sonde", "operations"]), statement: z.enum(STATEMENTS), text: said }),
);
export const POSTMORTEM = z.object({ at: at("Said"), by: z.enum(["sonde", "operations"]), text: said }).nullable();
export const EVENT = named(
  "event",
  z
    .looseObject({
      number: count("From 1"),
      at: at("Happened"),
      recorded_at: at("Written down"),
      by: z.enum(["sonde", "operations"]),
      kind: z.string(),
    })
    .describe("And what belongs to its kind"),
);
