// The one sentence on top, worst first, and the trouble of a region in a few words. Pure; called by the view.
// Unknown is said as unknown: "we cannot see Oceania" is neither good nor bad news about the service.

import type { RecentFigures } from "../workers/results/snapshot-shape.ts";
import type { OkMeaning, State } from "../schema/words.ts";
import type { Trouble, Words } from "./words/words.ts";

/** From the worst to the best; unmeasured is worse than up because it might be anything. */
export const WORST_FIRST = ["down", "degraded", "unmeasured", "up"] as const satisfies readonly State[];

/** The worst of several states; unmeasured where there is none. */
export function worst(states: readonly State[]): State {
  return WORST_FIRST.find((state) => states.includes(state)) ?? "unmeasured";
}

/** What the last rounds say is wrong. */
export function troubleOf(state: State, recent: RecentFigures | null, meaning: OkMeaning): Trouble {
  const connecting = recent?.failure?.startsWith("connect") ?? false;
  const error = recent?.error ?? 0;
  const lost = recent?.lost ?? 0;
  if (state === "down") {
    if (error + lost === 0) return "down";
    if (lost > error) return meaning === "delivered" ? "lost" : "unanswered";
    return connecting ? "connections" : "refused";
  }
  const late = recent?.late ?? 0;
  if (late > lost + error) return "slow";
  if (error + lost === 0) return "degraded";
  if (lost > error) return meaning === "delivered" ? "some_lost" : "some_unanswered";
  return connecting ? "some_connections" : "some_refused";
}

/** A region as the sentence needs it. `started` is false before its first result. */
export interface Said {
  readonly name: string;
  readonly state: State;
  readonly trouble: Trouble;
  readonly started: boolean;
}

const NAMED = 3;

function named(items: readonly { readonly name: string }[], words: Words): string {
  const names = items.slice(0, NAMED).map((item) => item.name);
  return words.list(names, items.length - names.length);
}

/** One target in one sentence. */
export function sentenceOf(regions: readonly Said[], words: Words): string {
  const first = regions[0];
  if (first === undefined) return words.nothingYet;
  if (regions.every((r) => !r.started)) return words.noRoundYet;
  if (regions.every((r) => r.state === "up")) return words.allUp(regions.length, first.name);
  const parts: string[] = [];
  for (const state of ["down", "degraded"] as const) {
    const hit = regions.filter((r) => r.state === state);
    const one = hit[0];
    if (one === undefined) continue;
    const trouble: Trouble = hit.every((r) => r.trouble === one.trouble) ? one.trouble : state;
    const all = hit.length === regions.length && hit.length > 1;
    parts.push(all ? words.everywhere(hit.length, trouble) : words.troubled(named(hit, words), trouble));
  }
  const unseen = regions.filter((r) => r.state === "unmeasured");
  if (unseen.length === regions.length && unseen.length > 1) return words.cannotSeeAny(unseen.length);
  if (unseen.length > 0) parts.push(words.cannotSee(named(unseen, words), parts.length === 0));
  return words.parts(parts);
}

export interface SaidTarget {
  readonly name: string;
  readonly state: State;
  readonly sentence: string;
}

/** Several targets in one sentence: the one in trouble by its own sentence, several by their names. */
export function sentenceOfAll(targets: readonly SaidTarget[], words: Words): string {
  const troubled = targets.filter((t) => t.state !== "up");
  const only = troubled[0];
  if (only === undefined) return words.allServicesUp(targets.length);
  if (troubled.length === 1) return words.serviceTrouble(only.name, only.sentence);
  const parts: string[] = [];
  for (const state of ["down", "degraded", "unmeasured"] as const) {
    const hit = targets.filter((t) => t.state === state);
    if (hit.length > 0) parts.push(words.servicesTroubled(named(hit, words), state));
  }
  return words.parts(parts);
}
