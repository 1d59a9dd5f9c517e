// What an incident is: what happened, in order, each event with its author and time; appended and never changed. Types only.
// `life.ts` beside it says which event may follow which, and what they add up to. Instants: whole ms since the epoch.

import type { AlertSeverity, Language } from "../../schema/words.ts";
import type { Audience } from "../config/alerts/alerting.ts";

/**
 * `outage`: messages are lost or refused. `brownout`: many are late, or a few are lost for long. `budget`: an error budget burns
 * too fast. `blind`: a region measures nothing. `support`: a contract's support clock has run out.
 */
export const INCIDENT_KINDS = ["outage", "brownout", "budget", "blind", "support"] as const;
export type IncidentKind = (typeof INCIDENT_KINDS)[number];

/** Sonde itself. Everybody else is who signed in. */
export const SONDE = "sonde";

/** Counts of one region since its impact began, bad ones among those attempted. */
export interface Impact {
  readonly region: string;
  readonly attempted: number;
  readonly bad: number;
}

/** One sentence in each language. */
export type Sentence = Readonly<Record<Language, string>>;

/** What happened. `at`: when it was so in the world; when it was written is beside it. */
export type IncidentChange =
  | {
      readonly kind: "opened";
      readonly of: IncidentKind;
      readonly audience: Audience;
      readonly severity: AlertSeverity;
      /** `global`: most regions at once. */
      readonly scope: "region" | "global";
      readonly regions: readonly string[];
      /** Contract id and objective, of `budget` and `support`; else null. */
      readonly about: string | null;
      readonly sentence: Sentence;
      /** Tried out on purpose: in no figure. */
      readonly drill: boolean;
    }
  | { readonly kind: "joined"; readonly region: string }
  /** This region is good again, or `removed`: not measured from any more, and nobody knows. The incident goes on while another one is bad. */
  | { readonly kind: "left"; readonly region: string; readonly removed?: true | undefined }
  /** The sentence as it is now, with its numbers: what was localised, how bad it is. */
  | {
      readonly kind: "measured";
      readonly severity: AlertSeverity;
      readonly sentence: Sentence;
      readonly impact: readonly Impact[];
    }
  | { readonly kind: "acknowledged"; readonly note: string }
  /** What people say in public, Markdown; at least one language. */
  | { readonly kind: "published"; readonly statement: Statement; readonly text: Partial<Sentence> }
  /** For ourselves. */
  | { readonly kind: "noted"; readonly note: string }
  /** Measured: every region is good again. */
  | { readonly kind: "restored" }
  /** Declared, by a person or after a while. */
  | { readonly kind: "resolved"; readonly note: string }
  /** Bad again before it was resolved, or a person says so. */
  | { readonly kind: "reopened"; readonly region: string | null; readonly note: string }
  /** Another incident has this one's story from here on: regional ones fold into a global one. */
  | { readonly kind: "merged"; readonly into: string }
  /** The other side of it. */
  | { readonly kind: "absorbed"; readonly incident: string; readonly regions: readonly string[] }
  /** What was learnt, Markdown; at least one language. A later one replaces it; all stay in the timeline. */
  | { readonly kind: "postmortem"; readonly text: Partial<Sentence> }
  /** Flapping: what follows is one story, and pages are muted while it lasts. */
  | { readonly kind: "flapping"; readonly on: boolean };

/** Statuspage's words. */
export const STATEMENTS = ["investigating", "identified", "monitoring", "resolved"] as const;
export type Statement = (typeof STATEMENTS)[number];

/** As it is kept. */
export interface IncidentEvent {
  /** `chat-7`: target, number. Given once. */
  readonly incident: string;
  /** 1 and up, within the incident. */
  readonly number: number;
  /** The writer's own: the same act sent twice is one event. */
  readonly key: string;
  readonly at: number;
  readonly recordedAt: number;
  readonly author: string;
  readonly change: IncidentChange;
}

/** What is to be kept; incident and number are given by whoever keeps it. */
export type NewIncidentEvent = Omit<IncidentEvent, "number" | "recordedAt">;

/** `open`: bad now. `restored`: good again, not declared yet. */
export const INCIDENT_STATES = ["open", "restored", "resolved", "merged"] as const;
export type IncidentState = (typeof INCIDENT_STATES)[number];

/** What its events add up to. */
export interface Incident {
  readonly id: string;
  readonly target: string;
  readonly kind: IncidentKind;
  readonly audience: Audience;
  readonly severity: AlertSeverity;
  readonly scope: "region" | "global";
  readonly state: IncidentState;
  readonly drill: boolean;
  readonly about: string | null;
  /** All that it ever touched, and those that are bad now. */
  readonly regions: readonly string[];
  readonly badRegions: readonly string[];
  readonly sentence: Sentence;
  readonly impact: readonly Impact[];
  readonly flapping: boolean;
  readonly mergedInto: string | null;
  readonly absorbed: readonly string[];
  /** sla.md 7. Null: not yet. */
  readonly impactStart: number;
  readonly detected: number;
  /** The first since it last came back: whoever had it in hand before is asked again. */
  readonly acked: { readonly at: number; readonly by: string } | null;
  /** The first of all: what figures count. */
  readonly firstAckedAt: number | null;
  readonly impactEnd: number | null;
  /** Whether a person's word ended it, since nothing was measured bad any more and only a person had kept it open. */
  readonly endedByWord: boolean;
  readonly resolvedAt: number | null;
  /** The first public word of a person. */
  readonly publishedAt: number | null;
  readonly statements: readonly {
    readonly at: number;
    readonly author: string;
    readonly statement: Statement;
    readonly text: Partial<Sentence>;
  }[];
  readonly postmortem: { readonly at: number; readonly author: string; readonly text: Partial<Sentence> } | null;
  /** How often it came back. */
  readonly reopened: number;
  /** When the newest event that tells readers something was written down, `reopened` among them: it never grows less. */
  readonly toldAt: number;
  /** Number of the newest event. */
  readonly events: number;
}
