// What the console can say, as one interface that both languages fill completely: a missing sentence does not compile. Types
// only. Called by its pages; the words of verdicts, kinds and clocks are those of the SLA pages, which a test holds them to.

import type { Clock, ExclusionType, PauseReason, Severity } from "../config/contracts/contract.ts";
import type { Language } from "../../schema/words.ts";
import type { ClockReading, TicketEventKind } from "../sla/records.ts";
import type { ContractSays, Verdict } from "../sla/report-shape.ts";
import type { DutyField, DutyWords } from "./duty-words.ts";
import type { IncidentWords } from "./incident-words.ts";

/** Fields of the forms, by their names in the API; `about` is target and contract in one. */
export type Field =
  | DutyField
  | "about"
  | "contract"
  | "type"
  | "from"
  | "to"
  | "announced_at"
  | "regions"
  | "reason"
  | "where"
  | "sha256"
  | "ticket"
  | "kind"
  | "at"
  | "severity"
  | "waiting"
  | "by"
  | "note";

/** Pages that say one thing. */
export type Said = "signIn" | "denied" | "unsure" | "forged" | "notFound" | "method" | "broken";

type Two = readonly [title: string, more: string];

export interface Words {
  readonly language: Language;
  readonly tag: string;
  readonly title: string;
  readonly skip: string;
  readonly menuLabel: string;
  readonly menu: Readonly<Record<"overview" | "exclusions" | "tickets", string>> &
    DutyWords["menu"] &
    IncidentWords["menu"];
  readonly statusPage: string;
  signedIn(who: string): string;
  readonly said: Readonly<Record<Said, Two>>;
  /** In front of the title of a page whose form was refused. */
  readonly errorTitle: string;
  readonly unreadable: string;
  readonly none: string;
  readonly colon: string;
  readonly semicolon: string;
  recorded(id: number): string;
  span(ms: number): string;

  /** Of maintenance, fleet, deliveries, previews. */
  readonly duty: DutyWords;
  readonly incidents: IncidentWords;

  // Overview
  readonly contracts: string;
  readonly says: string;
  readonly word: string;
  period(name: string, open: boolean): string;
  readonly notJudged: string;
  readonly lastExclusions: string;
  readonly openTickets: string;

  // Exclusions
  readonly recordExclusion: string;
  readonly recordTicket: string;
  readonly targetAlone: string;
  everyContract(target: string): string;
  readonly allRegions: string;
  announced(at: string): string;
  readonly notAnnounced: string;
  by(who: string, at: string): string;
  record(id: number): string;
  withdrawn(id: number, who: string, at: string): string;
  readonly withdraw: string;
  withdrawOf(id: number): string;
  readonly withdrawMore: string;
  readonly withdrawButton: string;
  readonly alreadyWithdrawn: string;
  readonly proof: string;
  readonly older: string;
  readonly newer: string;

  // Tickets
  readonly noClocks: string;
  readonly neverOpened: string;
  readonly ticketOpen: string;
  readonly ticketClosed: string;
  readonly addEvent: string;
  dueAt(at: string): string;
  readonly notDue: string;
  counted(counted: string, target: string): string;
  readonly automatic: string;
  newestOf(shown: number, all: number): string;

  // Forms
  readonly save: string;
  readonly refusedTitle: string;
  readonly zone: string;
  readonly choose: string;
  readonly optional: string;
  readonly fields: Readonly<Record<Field, string>>;
  /** What to write, as a whole sentence. */
  readonly write: Readonly<Record<Field, string>>;
  readonly hashHow: string;
  readonly severities: Readonly<Record<Severity, string>>;
  readonly waits: Readonly<Record<PauseReason, string>>;
  readonly bys: Readonly<Record<"human" | "automatic", string>>;
  readonly kinds: Readonly<Record<TicketEventKind, string>>;
  readonly types: Readonly<Record<ExclusionType, string>>;
  readonly clocks: Readonly<Record<Clock, string>>;
  readonly readings: Readonly<Record<ClockReading["verdict"], string>>;
  readonly contractSays: Readonly<Record<ContractSays, string>>;
  readonly verdicts: Readonly<Record<Verdict, string>>;

  // Refusals
  readonly zoneUnknown: string;
  /** The clocks are changed then; `first` and `second`: the instants that may be meant. */
  readonly changed: Readonly<Record<"skipped" | "twice", (first: string, second: string) => string>>;
  readonly refused: {
    readonly whole: string;
    readonly conflict: string;
    readonly unknown: string;
    missing(write: string): string;
    unclear(write: string): string;
    readonly notAfter: string;
    readonly future: string;
    tooOld(days: string): string;
    tooFar(days: string): string;
    readonly onlyGraded: string;
    readonly onlyWaiting: string;
    withdrawn(id: string): string;
  };
}

/** 2 d 3 h, 1 h 30 min, 45 s: the two largest units that are not 0, cut off. */
export function spanText(ms: number, units: Readonly<Record<"d" | "h" | "min" | "s", string>>): string {
  const seconds = Math.floor(ms / 1_000);
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(seconds / 86_400), units.d],
    [Math.floor(seconds / 3_600) % 24, units.h],
    [Math.floor(seconds / 60) % 60, units.min],
    [seconds % 60, units.s],
  ];
  const shown = parts.filter(([n]) => n > 0).slice(0, 2);
  return shown.length === 0 ? `0\u00a0${units.s}` : shown.map(([n, unit]) => `${n}\u00a0${unit}`).join(" ");
}
