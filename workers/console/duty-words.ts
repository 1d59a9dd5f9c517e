// What the console's pages of maintenance, fleet, deliveries and previews can say, as one interface that both languages fill
// completely: a missing sentence does not compile. Types only; part of the console's words.

import type { ChannelName, UnfitReason } from "../../schema/words.ts";
import type { AlertKind } from "../alerts/alert.ts";
import type { ToldState } from "../alerts/told.ts";
import type { Silence } from "../rounds/silence.ts";

/** Fields of the forms of maintenance that no other form has. */
export type DutyField =
  | "service"
  | "title_en"
  | "title_zh"
  | "days"
  | "from_time"
  | "to_time"
  | "time_zone"
  | "from_day"
  | "until_day";

/** How a prober is: on time, in mid-round, not begun, or silent for one of two reasons. */
export type ProberState = "fine" | "flying" | "unborn" | Silence;

/** What a change of the clocks does to a window: a time of it is not there, or is there twice; or all of it is not there. */
export type ChangedTime = "skipped" | "twice" | "gone";

export interface DutyWords {
  readonly menu: Readonly<Record<"maintenance" | "fleet" | "deliveries" | "preview", string>>;
  readonly fields: Readonly<Record<DutyField, string>>;
  readonly write: Readonly<Record<DutyField, string>>;
  /** Nothing is known of this one. */
  noAnswer(who: string): string;
  /** Whether it was written is not known. */
  readonly unknown: string;
  ago(span: string): string;
  readonly keepers: string;

  // Maintenance
  readonly whatItDoes: readonly string[];
  readonly recordOnce: string;
  readonly recordWeekly: string;
  kept(id: string): string;
  keptCallOff(id: string, of: string): string;
  readonly ahead: string;
  readonly over: string;
  readonly running: string;
  readonly nextTimes: string;
  readonly noMore: string;
  noticeBefore(span: string): string;
  noticeAfter(span: string): string;
  readonly weekdays: readonly string[];
  weekly(days: string, from: string, to: string, zone: string): string;
  days(from: string, until: string | null): string;
  /** `time` of the window on `day` in its zone. `starts`: it is the window's beginning, else its end. */
  readonly changed: Readonly<Record<ChangedTime, (day: string, time: string, starts: boolean) => string>>;
  callOffOf(id: string): string;
  readonly callOffMore: string;
  readonly callOffButton: string;
  calledOff(id: string, who: string, at: string): string;
  readonly alreadyCalledOff: string;
  readonly excludeToo: string;

  // Fleet
  readonly fleetMore: string;
  readonly probers: string;
  readonly duties: string;
  readonly silencesUnread: string;
  readonly states: Readonly<Record<ProberState, string>>;
  readonly facts: Readonly<
    Record<
      | "region"
      | "shard"
      | "generation"
      | "place"
      | "newestRound"
      | "lag"
      | "backlog"
      | "controls"
      | "fit"
      | "born"
      | "silent"
      | "looked"
      | "lookedRound"
      | "waiting"
      | "nextTry"
      | "owedRows"
      | "owedMinutes",
      string
    >
  >;
  readonly unfit: Readonly<Record<UnfitReason, string>>;
  readonly notObserved: string;
  readonly notAsked: string;
  readonly never: string;
  readonly notSilent: string;
  readonly notSinceWake: string;
  readonly notKnown: string;
  ms(ms: number): string;
  since(at: string, span: string): string;
  answered(answered: number, asked: number): string;

  // Deliveries
  readonly deliveriesMore: string;
  readonly told: Readonly<Record<ToldState, string>>;
  readonly alerts: Readonly<Record<AlertKind, string>>;
  readonly planned: string;
  readonly sent: string;
  readonly channel: string;
  readonly incident: string;
  readonly tries: string;
  readonly nothingSent: string;
  readonly untitled: string;
  tryNumber(n: number): string;
  readonly accepted: string;
  readonly refusedTry: string;
  readonly silentTry: string;

  // Preview
  readonly previewMore: string;
  readonly show: string;
  readonly nobody: string;
  readonly noAlerting: string;
  previewOf(target: string, regions: string): string;
  readonly heads: readonly [after: string, channel: string, message: string];
  readonly atOnce: string;
  after(span: string): string;
  level(level: number, route: string): string;
  readonly channels: Readonly<Record<ChannelName, string>>;
  readonly gone: string;
}
