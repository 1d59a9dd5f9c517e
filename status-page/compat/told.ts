// An incident as the outside formats tell it: from the front row (the newest word only) or from its own row (all of them), in one
// shape, with its updates. Pure. Called by the Statuspage documents and the feeds. What was measured is an update of its own beside
// what people said, so that an incident about which nobody spoke is not silent.

import { LANGUAGES } from "../../schema/words.ts";
import type { Language } from "../../schema/words.ts";
import type { FrontIncident } from "../../workers/incidents/front-parts.ts";
import type { Statement } from "../../workers/incidents/incident.ts";
import type { PublicIncident, PublicText, Speaker } from "../incidents.ts";

/** Of the words that people said, the newest so many; a client that polls needs no more. */
const WORDS_MOST = 50;

interface Word {
  readonly at: number;
  readonly by: Speaker;
  readonly statement: Statement | "postmortem";
  readonly text: PublicText;
}

/** Instants: ms since the epoch. */
export interface ToldIncident extends Pick<
  PublicIncident,
  "id" | "target" | "kind" | "severity" | "impactStart" | "impactEnd" | "detected"
> {
  readonly state: "open" | "restored" | "resolved";
  readonly regions: readonly string[];
  readonly sentence: PublicText;
  readonly resolvedAt: number | null;
  /** When the newest event of its story was written down; left out: an older Duty did not say. */
  readonly toldAt?: number | undefined;
  /** The oldest first. */
  readonly words: readonly Word[];
  readonly hasPostmortem: boolean;
  /** False: only the newest word is here. */
  readonly complete: boolean;
}

/** One step of the story. `key` is the same whichever way it was read. */
export interface Update {
  readonly key: string;
  readonly at: number;
  readonly by: Speaker;
  readonly status: Statement | "postmortem";
  /** What was said, Markdown; null: it was only measured. */
  readonly text: PublicText | null;
  readonly measured: "detected" | "restored" | "resolved" | null;
}

export function toldOfFront(target: string, one: FrontIncident): ToldIncident {
  const { statement } = one;
  return {
    id: one.id,
    target,
    kind: one.kind,
    severity: one.severity,
    state: one.state,
    regions: one.regions,
    sentence: one.sentence,
    impactStart: one.impact_start,
    impactEnd: one.impact_end,
    detected: one.detected_at,
    resolvedAt: one.resolved_at,
    toldAt: one.told_at,
    words: statement === null ? [] : [{ ...statement, by: "operations" }],
    hasPostmortem: one.postmortem,
    complete: statement === null && !one.postmortem,
  };
}

/** Null: another one has its story. */
export function toldOf(one: PublicIncident): ToldIncident | null {
  const { state, statements, postmortem } = one;
  if (state === "merged") return null;
  const words: Word[] = statements
    .slice(-WORDS_MOST)
    .map(({ at, author, statement, text }) => ({ at, by: author, statement, text }));
  if (postmortem !== null)
    words.push({ at: postmortem.at, by: postmortem.author, statement: "postmortem", text: postmortem.text });
  return { ...one, state, words, hasPostmortem: postmortem !== null, complete: statements.length <= WORDS_MOST };
}

/** All updates, the newest first; of the same instant what was measured comes before what was said of it. */
export function updatesOf(one: ToldIncident): readonly Update[] {
  const measured = (what: NonNullable<Update["measured"]>, at: number | null, status: Statement): Update[] =>
    at === null ? [] : [{ key: what, at, by: "sonde", status, text: null, measured: what }];
  const isOver = one.state !== "open";
  const updates = [
    ...measured("detected", one.detected, "investigating"),
    ...measured(
      "restored",
      isOver && one.impactEnd !== null ? Math.max(one.impactEnd, one.detected) : null,
      "monitoring",
    ),
    ...measured("resolved", one.state === "resolved" ? one.resolvedAt : null, "resolved"),
    ...one.words.map(({ at, by, statement, text }, i): Update => {
      const earlier = one.words.slice(0, i).filter((word) => word.at === at && word.statement === statement).length;
      const key = `${statement}/${at}${earlier === 0 ? "" : `/${earlier}`}`;
      return { key, at, by, status: statement, text, measured: null };
    }),
  ];
  return updates.toSorted((a, b) => b.at - a.at);
}

/**
 * When something last happened to it that a reader is told. Never goes back: who comes back is not resolved any more, so that its
 * updates are fewer than they were, but the event that says so is the newest.
 */
export function changedAt(one: ToldIncident): number {
  return Math.max(one.detected, one.toldAt ?? 0, ...updatesOf(one).map(({ at }) => at));
}

/** In that language, else in the first that there is; null where nothing was said. */
export function sayIn(
  text: PublicText,
  language: Language,
): { readonly text: string; readonly language: Language } | null {
  for (const each of [language, ...LANGUAGES]) {
    const found = text[each] ?? "";
    if (found.trim() !== "") return { text: found, language: each };
  }
  return null;
}
