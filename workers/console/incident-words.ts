// What the console's pages of incidents can say, as one interface that both languages fill completely: a missing sentence does not
// compile. Types only; part of the console's words.

import type { AlertSeverity } from "../../schema/words.ts";
import type { RefusalWord } from "../incidents/acts.ts";
import type { IncidentChange, IncidentKind, IncidentState, Statement } from "../incidents/incident.ts";

/** What a form of these pages does. */
export const INCIDENT_FORMS = ["acknowledge", "publish", "note", "resolve", "reopen", "merge", "postmortem"] as const;
export type IncidentForm = (typeof INCIDENT_FORMS)[number] | "drill";

/** Fields, by their names in the forms. */
export type IncidentField =
  | "note"
  | "statement"
  | "text_en"
  | "text_zh"
  | "force"
  | "into"
  | "target"
  | "of"
  | "severity"
  | "scope"
  | "regions"
  | "sentence_en"
  | "sentence_zh";

export type Time = "detect" | "acknowledge" | "restore" | "resolve" | "publish";
export type Stamp = "impactStart" | "detected" | "notified" | "acked" | "published" | "impactEnd" | "resolved";

export interface IncidentWords {
  readonly menu: Readonly<Record<"incidents", string>>;
  readonly live: string;
  readonly noneLive: string;
  /** Nobody answers for them, so that there may be some. */
  unreadable(names: string): string;
  readonly keepers: string;
  readonly drill: string;
  readonly kinds: Readonly<Record<IncidentKind, string>>;
  readonly states: Readonly<Record<IncidentState, string>>;
  readonly severities: Readonly<Record<AlertSeverity, string>>;
  readonly statements: Readonly<Record<Statement, string>>;
  title(kind: string, of: string): string;
  since(at: string): string;
  fromTo(from: string, to: string): string;
  lasted(span: string): string;
  soFar(span: string): string;
  readonly endNotMeasured: string;
  readonly noRegions: string;
  acknowledgedBy(who: string, at: string): string;
  readonly nobodyHasIt: string;
  acknowledge(id: string): string;

  // The list
  readonly all: string;
  readonly anyTarget: string;
  readonly anyState: string;
  readonly liveStates: string;
  readonly filter: string;
  readonly filterTarget: string;
  readonly filterState: string;
  readonly none: string;
  readonly older: string;
  readonly newest: string;
  readonly times: string;
  /** What they are of; `newest`: so many of each target were looked at. */
  timesOf(counted: number, newest: number): string;
  readonly heads: readonly [time: string, median: string, max: string, n: string];
  readonly spans: Readonly<Record<Time, string>>;
  unknownOf(unknown: number): string;

  // One incident
  readonly measured: string;
  readonly facts: Readonly<Record<"state" | "severity" | "scope" | "about" | "target", string>>;
  readonly scopes: Readonly<Record<"region" | "global", string>>;
  readonly flapping: string;
  cameBack(times: number): string;
  readonly wentOnIn: string;
  readonly tookOver: string;
  readonly badNow: string;
  readonly goodAgain: string;
  counts(bad: string, attempted: string, share: string): string;
  readonly noCounts: string;
  readonly stamps: Readonly<Record<Stamp, string>>;
  after(span: string): string;
  afterPage(span: string): string;
  readonly beforePage: string;
  readonly notYet: string;
  readonly never: string;
  readonly notMeasured: string;
  readonly noPage: string;
  readonly told: string;
  readonly toldNobody: string;
  readonly planned: string;
  nextTry(at: string): string;
  readonly timeline: string;
  leftOut(n: number): string;
  enteredAt(at: string): string;
  readonly did: {
    opened(severity: string, regions: string): string;
    joined(region: string): string;
    left(region: string): string;
    removed(region: string): string;
    measured(severity: string): string;
    readonly acknowledged: string;
    published(statement: string): string;
    readonly noted: string;
    readonly restored: string;
    readonly resolved: string;
    reopened(region: string | null): string;
    readonly merged: string;
    readonly absorbed: string;
    readonly postmortem: string;
    readonly flapping: Readonly<Record<"on" | "off", string>>;
  };
  /** After an act: what is written now. */
  readonly done: Readonly<Record<IncidentChange["kind"], string>>;
  readonly postmortem: string;

  // Forms
  readonly acts: string;
  /** What it does, and its button. */
  readonly forms: Readonly<Record<IncidentForm, readonly [title: string, button: string]>>;
  readonly preview: string;
  readonly previewed: string;
  readonly previewMore: string;
  readonly noText: string;
  readonly markdown: string;
  readonly drillMore: string;
  readonly fields: Readonly<Record<IncidentField, string>>;
  /** What to write, as a whole sentence. */
  readonly write: Readonly<Record<IncidentField, string>>;
  readonly noteOptional: string;
  readonly refused: Readonly<Record<RefusalWord | "unknown_incident", string>>;
  readonly conflict: string;
  readonly unknown: string;
}
