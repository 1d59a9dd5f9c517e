// What people may do to an incident: each act becomes events, or is refused with a word that says why. Pure; who asks and when
// are arguments. Never looks at rounds, and changes nothing that was measured: people annotate. Called by the console and its API.

import type { AlertSeverity } from "../../schema/words.ts";
import { LANGUAGES } from "../../schema/words.ts";
import { SONDE } from "./incident.ts";
import type { Incident, IncidentChange, NewIncidentEvent, Sentence, Statement } from "./incident.ts";
import { isPublic, isWorse } from "./life.ts";

export const TEXT_CHARS_MAX = 20_000;

export type Act =
  | { readonly kind: "acknowledge"; readonly note: string }
  | { readonly kind: "publish"; readonly statement: Statement; readonly text: Partial<Sentence> }
  | { readonly kind: "note"; readonly note: string }
  /** `force`: although it is measured bad. Then the note may not be empty. */
  | { readonly kind: "resolve"; readonly note: string; readonly force: boolean }
  | { readonly kind: "reopen"; readonly note: string }
  | { readonly kind: "merge"; readonly into: Incident }
  | { readonly kind: "postmortem"; readonly text: Partial<Sentence> };

/** Who does it, and when. */
export interface Actor {
  /** Who signed in. */
  readonly who: string;
  /** When it was so in the world; at the latest now. */
  readonly at: number;
  readonly now: number;
  /** The actor's own: the same act sent twice is one. */
  readonly key: string;
  /** Whether an event with this key is kept already. */
  readonly isKept: boolean;
}

/** Words of refusal; the console says them in its languages. */
export const REFUSALS = [
  "already_acknowledged",
  "still_bad",
  "not_open",
  "not_over",
  "is_merged",
  "merge_into_itself",
  "merge_into_another_target",
  "merge_into_another_kind",
  "merge_into_one_that_is_over",
  "merge_into_a_later_one",
  "no_text",
  "text_too_long",
  "text_unprintable",
  "at_in_the_future",
  "at_before_the_impact",
  "not_a_person",
  "not_public",
] as const;
export type RefusalWord = (typeof REFUSALS)[number];

export interface Refusal {
  readonly refused: RefusalWord;
  /** Of `already_acknowledged`: who was first, and when. Else null. */
  readonly before: { readonly at: number; readonly by: string } | null;
}

/** A rehearsal: told like a real one, marked, and in no figure. */
export interface Drill {
  /** `chat-7` */
  readonly id: string;
  readonly of: "outage" | "brownout";
  readonly severity: AlertSeverity;
  readonly scope: "region" | "global";
  readonly regions: readonly string[];
  readonly sentence: Sentence;
}

/**
 * The events that follow from an act; none if its key is kept already. Lines must be parted by "\n" alone: whoever reads a form makes
 * them so. A note may be empty where the act speaks for itself: acknowledging, and resolving what is good.
 */
export function actOf(incident: Incident, act: Act, actor: Actor): readonly NewIncidentEvent[] | Refusal {
  if (actor.isKept) return [];
  const refused = refusalOfActor(actor, incident.impactStart) ?? refusalOfText(act) ?? refusalOfState(incident, act);
  if (refused !== null) {
    return { refused, before: refused === "already_acknowledged" ? incident.acked : null };
  }
  return eventsOf(incident, act, actor);
}

/** Opens a rehearsal. It ends when a person resolves it. */
export function openDrill(drill: Drill, actor: Actor): readonly NewIncidentEvent[] | Refusal {
  if (actor.isKept) return [];
  const { id, of, severity, scope, regions, sentence } = drill;
  const refused = refusalOfActor(actor, -Infinity) ?? refusalOfWords(LANGUAGES.map((language) => sentence[language]));
  if (refused !== null) return { refused, before: null };
  const change = { kind: "opened", of, audience: "service", severity, scope, regions, about: null, sentence } as const;
  return [eventOf(id, actor, "", { ...change, drill: true })];
}

function refusalOfActor({ who, at, now }: Actor, impactStart: number): RefusalWord | null {
  if (who === SONDE || who.trim() === "") return "not_a_person";
  if (at > now) return "at_in_the_future";
  return at < impactStart ? "at_before_the_impact" : null;
}

function refusalOfText(act: Act): RefusalWord | null {
  switch (act.kind) {
    case "merge":
      return null;
    case "publish":
    case "postmortem": {
      const texts = LANGUAGES.flatMap((language) => act.text[language] ?? []);
      return texts.length === 0 ? "no_text" : refusalOfWords(texts);
    }
    case "acknowledge":
      return act.note === "" ? null : refusalOfWords([act.note]);
    case "resolve":
      return act.note === "" && !act.force ? null : refusalOfWords([act.note]);
    case "note":
    case "reopen":
      return refusalOfWords([act.note]);
  }
}

/** All but newline and tab. */
const CONTROL = /[^\P{Cc}\n\t]/u;

/** What is wrong with texts that must say something; null: nothing. */
export function refusalOfWords(texts: readonly string[]): RefusalWord | null {
  if (texts.some((text) => text.length > TEXT_CHARS_MAX)) return "text_too_long";
  if (texts.some((text) => CONTROL.test(text))) return "text_unprintable";
  return texts.some((text) => text.trim() === "") ? "no_text" : null;
}

function refusalOfState(incident: Incident, act: Act): RefusalWord | null {
  const { state, acked } = incident;
  if (state === "merged" && act.kind !== "note") return "is_merged";
  switch (act.kind) {
    case "note":
      return null;
    case "publish":
    case "postmortem":
      return isPublic(incident) ? null : "not_public";
    case "acknowledge":
      return acked === null ? null : "already_acknowledged";
    case "resolve":
      if (state === "resolved") return "not_open";
      return isMeasuredBad(incident) && !act.force ? "still_bad" : null;
    case "reopen":
      return state === "open" ? "not_over" : null;
    case "merge":
      return refusalOfMerge(incident, act.into);
  }
}

function isMeasuredBad({ state, drill, badRegions }: Incident): boolean {
  return state === "open" && !drill && badRegions.length > 0;
}

/** One kind into its own; or any of the service's into an outage, which explains it. */
function refusalOfMerge(from: Incident, into: Incident): RefusalWord | null {
  if (from.id === into.id) return "merge_into_itself";
  if (from.target !== into.target) return "merge_into_another_target";
  if (from.state === "resolved") return "not_open";
  if (into.state !== "open") return "merge_into_one_that_is_over";
  const isFit = from.kind === into.kind || (from.audience === into.audience && into.kind === "outage");
  if (!isFit || from.drill !== into.drill) return "merge_into_another_kind";
  // Else the time before the later one began would be in no figure.
  return from.kind === into.kind && from.impactStart < into.impactStart ? "merge_into_a_later_one" : null;
}

function eventsOf(incident: Incident, act: Act, actor: Actor): readonly NewIncidentEvent[] {
  const own = (what: string, change: IncidentChange): NewIncidentEvent => eventOf(incident.id, actor, what, change);
  switch (act.kind) {
    case "acknowledge":
      return [own("", { kind: "acknowledged", note: act.note })];
    case "publish":
      return [own("", { kind: "published", statement: act.statement, text: act.text })];
    case "note":
      return [own("", { kind: "noted", note: act.note })];
    case "postmortem":
      return [own("", { kind: "postmortem", text: act.text })];
    case "reopen":
      return [own("", { kind: "reopened", region: null, note: act.note })];
    case "resolve": {
      const resolved = own("", { kind: "resolved", note: act.note });
      if (incident.drill && incident.state === "open") return [own("/restored", { kind: "restored" }), resolved];
      if (!isMeasuredBad(incident)) return [resolved];
      const note = `Resolved although measured bad: ${incident.badRegions.join(", ")}.`;
      return [own("/forced", { kind: "noted", note }), resolved];
    }
    case "merge":
      return mergeOf(incident, act.into, actor);
  }
}

/** Whoever takes in a worse one is as bad from then on. */
function mergeOf(from: Incident, into: Incident, actor: Actor): readonly NewIncidentEvent[] {
  const { severity, impact, badRegions } = from;
  const absorbed = { kind: "absorbed", incident: from.id, regions: badRegions } as const;
  const worse = { kind: "measured", severity, sentence: into.sentence, impact } as const;
  return [
    eventOf(from.id, actor, "", { kind: "merged", into: into.id }),
    eventOf(into.id, actor, "/absorbed", absorbed),
    ...(isWorse(severity, into.severity) ? [eventOf(into.id, actor, "/worse", worse)] : []),
  ];
}

function eventOf(incident: string, { who, at, key }: Actor, what: string, change: IncidentChange): NewIncidentEvent {
  return { incident, key: `${key}${what}`, at, author: who, change };
}
