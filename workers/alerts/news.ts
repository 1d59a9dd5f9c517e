// What of an incident or of maintenance is news for everybody, and for whom. Without names of people and without notes among ourselves.
// Pure. A matter is one incident or one record of maintenance; each news of it has the next number. Called by the Duty's side, which
// tells, and by the herald, which hears.

import type { Incident, IncidentEvent, Sentence, Statement } from "../incidents/incident.ts";
import { isPublic } from "../incidents/life.ts";
import type { Maintenance } from "../incidents/maintenance.ts";
import type { Choice } from "./subscription.ts";

/** `off`: an incident that another one took over, or what is for nobody any more: nothing more is said of it. */
export type NewsKind =
  | "began"
  | "again"
  | "statement"
  | "restored"
  | "resolved"
  | "postmortem"
  | "planned"
  | "calledOff"
  | "off";

/** Plain data, as it travels and is kept. Instants: ms since the epoch. */
export interface News {
  /** The incident's id, or that of the maintenance. */
  readonly matter: string;
  readonly target: string;
  readonly kind: NewsKind;
  /** Null: all. */
  readonly regions: readonly string[] | null;
  readonly severity: Incident["severity"];
  readonly recordedAt: number;
  readonly what: "outage" | "brownout" | "maintenance";
  readonly sentence: Readonly<Partial<Sentence>>;
  readonly said: { readonly what: Statement | "postmortem"; readonly text: Readonly<Partial<Sentence>> } | null;
  readonly startedAt: number;
  /** Good again; of maintenance its end; null: not yet, or it comes back each week. */
  readonly endedAt: number | null;
}

const KINDS: Readonly<Partial<Record<IncidentEvent["change"]["kind"], NewsKind>>> = {
  opened: "began",
  reopened: "again",
  joined: "began",
  published: "statement",
  restored: "restored",
  resolved: "resolved",
  postmortem: "postmortem",
  merged: "off",
};
const TEXT_CHARS_MAX = 4_000;

/** What these new events of an incident bring, the last of them; null: nothing for everybody. `incident`: with them in it. */
export function newsOfIncident(incident: Incident, fresh: readonly IncidentEvent[]): News | null {
  const { kind: what, id, target, regions, severity, sentence, impactStart, impactEnd, postmortem } = incident;
  if (!isPublic(incident) || (what !== "outage" && what !== "brownout")) return null;
  const told = fresh.flatMap((event) => {
    const kind = KINDS[event.change.kind];
    return kind === undefined ? [] : [{ kind, recordedAt: event.recordedAt }];
  });
  const last = told.at(-1);
  if (last === undefined) return null;
  const said = incident.statements.at(-1);
  const learnt = last.kind === "postmortem" ? postmortem : null;
  const text = learnt?.text ?? said?.text;
  return {
    matter: id,
    target,
    what,
    kind: incident.state === "merged" ? "off" : last.kind,
    regions,
    severity,
    sentence,
    recordedAt: last.recordedAt,
    said:
      text === undefined
        ? null
        : { what: learnt === null ? (said?.statement ?? "resolved") : "postmortem", text: cut(text) },
    startedAt: impactStart,
    endedAt: impactEnd,
  };
}

/** A record that calls another one off is the second news of that one. */
export function newsOfMaintenance(record: Maintenance): News {
  const { id, withdraws, target, regions, title, window, recordedAt } = record;
  return {
    matter: withdraws ?? id,
    target,
    kind: withdraws === null ? "planned" : "calledOff",
    regions,
    severity: "info",
    what: "maintenance",
    sentence: title,
    recordedAt,
    said: null,
    startedAt: window.kind === "once" ? window.fromAt : recordedAt,
    endedAt: window.kind === "once" ? window.toAt : null,
  };
}

/** Whether someone with this choice is told. An incident of a region that joins later is told from then on. */
export function isChosen({ targets, regions }: Choice, news: Pick<News, "target" | "regions">): boolean {
  if (targets !== null && !targets.includes(news.target)) return false;
  if (regions === null || news.regions === null) return true;
  return news.regions.some((region) => regions.includes(region));
}

function cut(text: Readonly<Partial<Sentence>>): Readonly<Partial<Sentence>> {
  return Object.fromEntries(Object.entries(text).map(([language, one]) => [language, one.slice(0, TEXT_CHARS_MAX)]));
}
