// The border of the configuration: whatever the user wrote goes in, a Config that every room may trust comes out, or
// every problem at once. Never throws on bad input except in `configOf`, never repeats a secret. Called by the entry
// of the Worker, by the local fleet and by the agent, each before anything else.

import * as z from "zod";
import { LANGUAGES } from "../../schema/words.ts";
import { readAccess, readRecords } from "./access.ts";
import { readAlerts } from "./alerts/alerts.ts";
import { writtenIds } from "./alerts/references.ts";
import { readBrand } from "./brand.ts";
import type { Config } from "./config.ts";
import { readContracts } from "./contracts/contracts.ts";
import { field, inner, isRecord, judged, lineSchema, readFields, reportRepeated } from "./fields.ts";
import { type ObjectivesRead, readObjectives } from "./objectives.ts";
import { readMetrics } from "./metrics.ts";
import { PAGE_URL } from "./page-url.ts";
import { fillPlaceholders } from "./placeholders.ts";
import { plainOf } from "./plain.ts";
import { ConfigError, newReport, type Problem, type Refusal } from "./problems.ts";
import { readRegions } from "./regions.ts";
import { readTargets } from "./targets.ts";
import { readSubscriptions } from "./subscriptions.ts";
import { refusalOfZone } from "./zones.ts";

export type ParsedConfig =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: Problem[] };

const PLACE_URL = "https://www.cloudflare.com/cdn-cgi/trace";

/** Three owners, three networks, each made to be asked whether the Internet is there; empty answers. */
const CONTROLS = [
  "https://www.gstatic.com/generate_204",
  "https://detectportal.firefox.com/success.txt",
  "https://cp.cloudflare.com/generate_204",
];
const CONTROLS_MAX = 5;

const CONFIG_FIELDS = {
  name: field(lineSchema(), 'name: "Acme messaging"'),
  languages: field(
    z
      .array(z.enum(LANGUAGES))
      .min(1)
      .default([...LANGUAGES]),
    'languages: ["en", "zh"]',
  ),
  timeZone: field(judged(z.string(), refusalOfZone).default("UTC"), 'timeZone: "Europe/Berlin"'),
  regions: inner('regions: ["weur", "enam"]', "required"),
  targets: inner("targets: [{ id, driver, address }]", "required"),
  objectives: inner("objectives: { availability: .999 }", "optional"),
  contracts: inner("contracts: [{ id, target, preset, effective: { from } }]", "optional"),
  access: inner('access: { team: "acme", audience: "64 hex digits" }', "optional"),
  records: inner('records: { secret: "SONDE_RECORDS_SECRET" }', "optional"),
  url: PAGE_URL,
  alerts: inner("alerts: { channels: [{ id, channel }], routes: [{ id, to }] }", "optional"),
  metrics: inner('metrics: { otlp: { endpoint: "https://otlp.example" } }', "optional"),
  subscriptions: inner('subscriptions: { email: "lin-mail" }', "optional"),
  brand: inner('brand: { link: "https://acme.example" }', "optional"),
  placeUrl: field(judged(z.string(), refusalOfPlaceUrl).default(PLACE_URL), `placeUrl: "${PLACE_URL}"`),
  controls: field(judged(z.array(z.string()), refusalOfControls).default(CONTROLS), 'controls: ["https://..."]'),
};

/** Judges anything at all. On failure: every problem that was found, at most PROBLEMS_MAX and a last one that counts. */
export function parseConfig(input: unknown): ParsedConfig {
  const report = newReport();
  const plain = plainOf(input, report);
  const top = readFields(CONFIG_FIELDS, plain, [], report);
  if (isRecord(plain)) reportRepeated(plain["languages"], ["languages"], report);
  const { regions, ids } = readRegions(top.regions, ["regions"], report);
  const objectives = readObjectives(top.objectives, ["objectives"], report);
  const around = { regionIds: ids, goodRegionIds: regions.map((region) => region.id), objectives };
  const targets = readTargets(top.targets, ["targets"], around, report);
  const access = readAccess(top.access, ["access"], report);
  const recordsSecret = readRecords(top.records, ["records"], report);
  const targetIds = writtenIds(top.targets);
  const aroundContracts = {
    targetIds,
    regionIds: ids,
    // What is refused already would be refused a second time by each contract that is about it.
    fleet: report.list().length > 0 ? null : { targets, objectives: whole(objectives) },
    timeZone: top.timeZone ?? "UTC",
    hasAccess: top.access !== undefined,
  };
  const before = report.list().length;
  const contracts = readContracts(top.contracts, ["contracts"], aroundContracts, report);
  const aroundAlerts = {
    targetIds,
    regionIds: ids,
    tiers: report.list().length > before ? null : [...new Set(contracts.map(({ tier }) => tier))],
    timeZone: top.timeZone ?? "UTC",
    language: top.languages?.[0] ?? LANGUAGES[0],
    hasUrl: isRecord(plain) && plain["url"] !== undefined,
  };
  const alerting = readAlerts(top.alerts, ["alerts"], aroundAlerts, report);
  const metrics = readMetrics(top.metrics, ["metrics"], report);
  const hasAlerts = top.alerts !== undefined;
  const aroundNews = { alerting, hasAlerts, hasUrl: aroundAlerts.hasUrl };
  const subscriptions = readSubscriptions(top.subscriptions, ["subscriptions"], aroundNews, report);
  const brand = readBrand(top.brand, ["brand"], report);
  const problems = report.list();
  if (problems.length > 0) return { ok: false, problems };
  const { name, languages, timeZone, placeUrl, controls } = top;
  if (controls === undefined) throw unreported();
  if (name === undefined || languages === undefined || timeZone === undefined || placeUrl === undefined)
    throw unreported();
  const rest = {
    objectives: whole(objectives),
    placeUrl,
    controls,
    contracts,
    access,
    recordsSecret,
    alerting,
    metrics,
    subscriptions,
    brand,
  };
  return { ok: true, config: { name, languages, timeZone, regions, targets, url: top.url ?? null, ...rest } };
}

/** The configuration, or a ConfigError whose message a terminal can show: bad configuration stops the deploy. */
export function configOf(input: unknown): Config {
  const parsed = parseConfig(input);
  if (!parsed.ok) throw new ConfigError(parsed.problems);
  return parsed.config;
}

function whole(read: ObjectivesRead): Config["objectives"] {
  const { availability, delivery, latencyMsP99, connectMsP99, downShare, degradedShare, limitsMs } = read;
  if (availability === undefined || delivery === undefined || latencyMsP99 === undefined) throw unreported();
  if (connectMsP99 === undefined || downShare === undefined || degradedShare === undefined) throw unreported();
  if (limitsMs === undefined) throw unreported();
  return { availability, delivery, latencyMsP99, connectMsP99, downShare, degradedShare, limitsMs };
}

/** A field was refused and nobody reported it: ours to mend, not the user's. */
function unreported(): Error {
  return new Error("configuration: an entry was refused without a problem in the report");
}

function refusalOfPlaceUrl(text: string): Refusal | null {
  return isHttps(text) ? null : { problem: "is not an https address", mend: `write placeUrl: "${PLACE_URL}"` };
}

function refusalOfControls(list: readonly string[]): Refusal | null {
  const mend = `write [] or 2 to ${CONTROLS_MAX} https addresses of different owners: controls: ["${CONTROLS[0]}", ...]`;
  if (list.length === 1 || list.length > CONTROLS_MAX) return { problem: `has ${list.length} entries`, mend };
  if (new Set(list).size < list.length) return { problem: "holds an address twice", mend };
  const filled = list.map((text) => fillPlaceholders(text, { region: "weur" }));
  return filled.every(isHttps) ? null : { problem: "holds what is not an https address", mend };
}

function isHttps(text: string): boolean {
  const url = text.length <= 500 ? URL.parse(text) : null;
  // On one machine the network simulator answers in place of the world outside.
  const isLocal = url?.protocol === "http:" && url.hostname === "127.0.0.1";
  return url !== null && (url.protocol === "https:" || isLocal) && url.username === "" && url.password === "";
}
