// What the front page shows of a target's incidents and maintenance: only what is for everybody. Pure, time is an argument; called
// by the Duty, kept in D1 beside the snapshots, and composed with them into the front row. snake_case, since it is our JSON.

import { LANGUAGES } from "../../schema/words.ts";
import type { AlertSeverity, Language } from "../../schema/words.ts";
import type { Incident, Sentence, Statement } from "./incident.ts";
import { isPublic } from "./life.ts";
import type { Maintenance, MaintenanceWindow } from "./maintenance.ts";

const DAY_MS = 86_400_000;
const LIVE_SHOWN = 20;
const PAST_SHOWN = 10;
const PAST_MS = 90 * DAY_MS;
const MAINTENANCE_SHOWN = 50;
const MAINTENANCE_MS = 30 * DAY_MS;
const STATEMENT_CHARACTERS = 1_000;

/** Without names of people and without notes among ourselves. Instants: ms since the epoch. */
export interface FrontIncident {
  readonly id: string;
  readonly kind: "outage" | "brownout";
  readonly severity: AlertSeverity;
  readonly scope: "region" | "global";
  readonly state: "open" | "restored" | "resolved";
  readonly regions: readonly string[];
  readonly bad_regions: readonly string[];
  readonly sentence: Sentence;
  readonly impact_start: number;
  readonly impact_end: number | null;
  readonly detected_at: number;
  readonly acknowledged_at: number | null;
  readonly resolved_at: number | null;
  /** The first public word of a person, and the newest one (Markdown, at most 1,000 characters of each language). */
  readonly published_at: number | null;
  readonly statement: { readonly at: number; readonly statement: Statement; readonly text: Partial<Sentence> } | null;
  readonly postmortem: boolean;
  /** When the newest event that tells readers something was written down. Left out by an older Duty. */
  readonly told_at?: number | undefined;
}

/** Drills, merged ones and what is not the service's own trouble are not in it. */
export interface IncidentsPart {
  readonly part: "incidents";
  readonly target: string;
  /** When the newest event of all that it may show was written down: it never grows less. */
  readonly as_of: number;
  /** Open or restored, newest first; at most 20. */
  readonly live: readonly FrontIncident[];
  /** How many more live. Left out: none. */
  readonly more?: number | undefined;
  /** Resolved in the last 90 days, newest first; at most 10. */
  readonly past: readonly FrontIncident[];
}

/** As it was announced, with its rule: when it happens is computed by who shows it (`upcoming` of maintenance.ts). */
export interface FrontMaintenance {
  readonly id: string;
  /** Null: all. */
  readonly regions: readonly string[] | null;
  readonly title: Readonly<Partial<Record<Language, string>>>;
  readonly window: MaintenanceWindow;
  readonly recorded_at: number;
  readonly withdraws: string | null;
}

/** What is not over for longer than 30 days; at most 50: those that come first, then those that are over. */
export interface MaintenancePart {
  readonly part: "maintenance";
  readonly target: string;
  /** When the newest record was written down. */
  readonly as_of: number;
  readonly records: readonly FrontMaintenance[];
}

/** What the Duty knows of an incident. `recordedAt`: when its newest event was written down, in ms. */
export interface ToldIncident {
  readonly front: FrontIncident | null;
  readonly number: number;
  readonly recordedAt: number;
}

/** Null: it is not for everybody, or another incident has its story. */
export function frontIncidentOf(incident: Incident): FrontIncident | null {
  const { state } = incident;
  if (!isPublic(incident) || state === "merged") return null;
  const { id, kind, severity, scope, regions, badRegions, sentence, impactStart, impactEnd } = incident;
  if (kind !== "outage" && kind !== "brownout") return null;
  const said = incident.statements.at(-1);
  return {
    id,
    kind,
    severity,
    scope,
    state,
    regions,
    bad_regions: badRegions,
    sentence,
    impact_start: impactStart,
    impact_end: impactEnd,
    detected_at: incident.detected,
    acknowledged_at: incident.firstAckedAt,
    resolved_at: incident.resolvedAt,
    published_at: incident.publishedAt,
    statement: said === undefined ? null : { at: said.at, statement: said.statement, text: cutText(said.text) },
    postmortem: incident.postmortem !== null,
    told_at: incident.toldAt,
  };
}

/** `told`: of one target, in any order. Null: none of them was ever for everybody. */
export function incidentsPartOf(target: string, told: readonly ToldIncident[], now: number): IncidentsPart | null {
  if (told.length === 0) return null;
  const newestFirst = told
    .toSorted((a, b) => b.number - a.number)
    .flatMap(({ front }) => (front === null ? [] : [front]));
  const live = newestFirst.filter(({ state }) => state !== "resolved");
  const more = live.length - LIVE_SHOWN;
  const isPast = ({ state, resolved_at: at }: FrontIncident): boolean =>
    state === "resolved" && at !== null && at > now - PAST_MS;
  return {
    part: "incidents",
    target,
    as_of: Math.max(...told.map(({ recordedAt }) => recordedAt)),
    live: live.slice(0, LIVE_SHOWN),
    ...(more > 0 ? { more } : {}),
    past: newestFirst.filter(isPast).slice(0, PAST_SHOWN),
  };
}

/**
 * `records`: all of one target, in any order. Null: there are none. Where they are too many, those stay that go on or come next: to
 * keep the last ones would hide what is under way today.
 */
export function maintenancePartOf(
  target: string,
  records: readonly Maintenance[],
  now: number,
): MaintenancePart | null {
  if (records.length === 0) return null;
  const calledOff = new Map<string, Maintenance>();
  for (const record of records.toSorted((a, b) => b.recordedAt - a.recordedAt))
    // The first one counts, as in `upcoming`.
    if (record.withdraws !== null) calledOff.set(record.withdraws, record);
  const plans = records.flatMap((record) => {
    if (record.withdraws !== null) return [];
    const off = calledOff.get(record.id);
    const endAt = Math.min(endOf(record.window), off?.recordedAt ?? Infinity);
    if (endAt < now - MAINTENANCE_MS) return [];
    // Behind all that is to come, what is over: the last one first.
    const rank = endAt < now ? Number.MAX_SAFE_INTEGER - endAt : beginOf(record.window);
    return [{ rank, all: off === undefined ? [record] : [record, off] }];
  });
  const shown: Maintenance[] = [];
  for (const { all } of plans.toSorted((a, b) => a.rank - b.rank))
    // One that is called off and its withdrawal stay together: alone, it would be shown as if it were to come.
    if (shown.length + all.length <= MAINTENANCE_SHOWN) shown.push(...all);
  return {
    part: "maintenance",
    target,
    as_of: Math.max(...records.map(({ recordedAt }) => recordedAt)),
    records: shown
      .sort((a, b) => a.recordedAt - b.recordedAt || (a.id < b.id ? -1 : 1))
      .map(({ id, regions, title, window, recordedAt, withdraws }) => {
        return { id, regions, title, window, recorded_at: recordedAt, withdraws };
      }),
  };
}

/** Of a weekly one when it is in force: it may be under way at any time from then on. */
function beginOf(window: MaintenanceWindow): number {
  return window.kind === "once" ? window.fromAt : Date.parse(`${window.fromDay}T00:00:00Z`);
}

/** Not before its last occurrence ends; of a weekly one up to three days later, since zones and midnights are not looked at. */
function endOf(window: MaintenanceWindow): number {
  if (window.kind === "once") return window.toAt;
  return window.untilDay === null ? Infinity : Date.parse(`${window.untilDay}T00:00:00Z`) + 3 * DAY_MS;
}

function cutText(text: Partial<Sentence>): Partial<Sentence> {
  const cut: Partial<Record<Language, string>> = {};
  for (const language of LANGUAGES) {
    const whole = text[language];
    if (whole !== undefined) cut[language] = cutOff(whole);
  }
  return cut;
}

/** At most so many characters, the last a mark that there was more; never half of a character. */
function cutOff(text: string): string {
  if (text.length <= STATEMENT_CHARACTERS) return text;
  return `${text.slice(0, STATEMENT_CHARACTERS - 1).replace(/[\uD800-\uDBFF]$/u, "")}…`;
}
