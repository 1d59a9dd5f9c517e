// What a target's Duty answers to those who ask it: the console, the API, the link in a message. Types only; plain data, since it
// travels between objects.

import type { Act, Drill, Refusal, RefusalWord } from "../incidents/acts.ts";
import type { Incident, IncidentEvent, IncidentState } from "../incidents/incident.ts";
import type { AlertKind, ChannelAnswer } from "./alert.ts";
import type { ToldState } from "./told.ts";

/** One message and what became of it. */
export interface DeliveryReport {
  readonly key: string;
  readonly incident: string;
  readonly channel: string;
  readonly kind: AlertKind;
  readonly state: ToldState;
  readonly plannedAt: number;
  readonly tryAt: number;
  readonly sentAt: number | null;
  readonly tries: number;
  /** Null: not composed yet. */
  readonly title: string | null;
  readonly receipts: readonly {
    readonly attempt: number;
    readonly at: number;
    readonly accepted: boolean;
    readonly httpStatus: number | null;
    readonly code: string | null;
    readonly said: string;
  }[];
}

export interface IncidentReport {
  readonly incident: Incident;
  readonly events: readonly IncidentEvent[];
  /** The first page that a channel accepted. */
  readonly notifiedAt: number | null;
  readonly deliveries: readonly DeliveryReport[];
}

/** One line of a list. */
export type ListedIncident = Pick<IncidentReport, "incident" | "notifiedAt">;

/** `before`: only those with lower numbers. `state`: null for all; `live` for those that are open or restored. */
export interface ListQuery {
  readonly limit: number;
  readonly before: number;
  readonly state: IncidentState | "live" | null;
}

/** A rehearsal as it is ordered: the Duty gives it its id. */
export interface DrillOrder extends Omit<Drill, "id"> {
  readonly who: string;
  /** The writer's own: the same order twice is one drill. */
  readonly key: string;
}

/** An act as it is ordered: another incident by its id. */
export type ActOrder = Exclude<Act, { readonly kind: "merge" }> | { readonly kind: "merge"; readonly into: string };

export interface Order {
  readonly incident: string;
  readonly act: ActOrder;
  /** Who signed in, and for what it is (`console`, `api`, `link`). */
  readonly who: string;
  /** When it was so in the world; null: now. */
  readonly at: number | null;
  /** The writer's own: the same order twice is one act. */
  readonly key: string;
}

/** `refused`: a word that whoever asked has a sentence for. */
export type ActAnswer =
  | { readonly ok: true; readonly repeated: boolean; readonly incident: Incident }
  | { readonly ok: false; readonly refused: RefusalWord | "unknown_incident"; readonly before: Refusal["before"] };

/** What a link in a message would do, before anybody has clicked. */
export type LinkAnswer =
  | { readonly ok: true; readonly incident: Incident; readonly to: string; readonly expiresAt: number }
  /** `before`: of one that somebody has acknowledged already. */
  | {
      readonly ok: false;
      readonly refused: "forged" | "expired" | "spent" | "unknown_incident" | "already_acknowledged" | "over";
      readonly before: Refusal["before"];
    };

/** What the receiver answered to a test. */
export type TestAnswer =
  | { readonly ok: true; readonly key: string; readonly answer: ChannelAnswer; readonly tookMs: number }
  | { readonly ok: false; readonly refused: "no_channel" };

/** What a Duty's keepers want to know of it. Instants: ms since the epoch. */
export interface DutyHealth {
  /** Its newest look since it woke; null: none since then. */
  readonly lookedAt: number | null;
  /** Slot of the newest round of `loop` that it has looked at; null: it knows of none. */
  readonly newestRoundAt: number | null;
  /** Messages that wait, and when the next one of them is tried. */
  readonly waiting: number;
  readonly nextTryAt: number | null;
  /** Rows that D1 has not got yet. */
  readonly owed: number;
}

/** A message that would be sent if these regions went down now and nobody acknowledged. */
export interface Preview {
  readonly channel: string;
  readonly route: string;
  readonly level: number;
  /** After the first of them, ms. */
  readonly afterMs: number;
  readonly title: string;
  readonly sentence: string;
}
