// What /here says: how the visitor's nearest region fares for each target now, and how the others fare, so that he can tell his own
// trouble from the service's. Pure: the present is an argument; from the front row alone. Called by here-routes.tsx.

import type { State } from "../schema/words.ts";
import type { Config } from "../workers/config/config.ts";
import type { RegionSnapshot, Snapshot } from "../workers/results/snapshot-shape.ts";
import { latency } from "./figures.ts";
import { nearestOf } from "./here-near.ts";
import type { JudgedBy, Near, Whereabouts } from "./here-near.ts";
import { clock, zoneName } from "./instants.ts";
import { plainLabel } from "./labels.ts";
import { delivery, stateNow } from "./region-view.ts";
import { troubleOf } from "./sentence.ts";
import type { HereWords } from "./words/here-words.ts";
import type { Words } from "./words/words.ts";

/** What it means for the visitor, from his region's state and those of the others. */
export type Verdict = "all_well" | "well_here" | "only_here" | "here_too" | "everywhere" | "unseen_here";

interface HereTarget {
  readonly name: string;
  readonly state: State;
  readonly stateWord: string;
  readonly verdict: string;
  /** How many of the others fare how. */
  readonly others: string;
  /** What is wrong here, or why nothing is known; null while up. */
  readonly because: string | null;
  /** Counts and percentile of the last minutes; empty: nothing recent. */
  readonly figures: readonly string[];
}

export interface HereView {
  readonly region: string;
  readonly judgedBy: string;
  /** Those that measure the region's targets, worst first. */
  readonly targets: readonly HereTarget[];
}

export interface Choice {
  readonly id: string;
  readonly name: string;
  readonly hint: string;
}

export interface Telling {
  readonly words: Words;
  readonly said: HereWords;
  readonly now: number;
  readonly zone: string;
}

/** Regions that measure, in the order of the configuration, else of the snapshots. Without a configuration an id may be its hint. */
export function choicesOf(config: Config | null, snapshots: readonly Snapshot[], words: Words): readonly Choice[] {
  const configured = (config?.regions ?? []).map((r) => ({ id: r.id, label: r.label, hint: r.hint as string }));
  const measured = snapshots.flatMap((s) => s.regions.map((r) => ({ id: r.region, label: r.label, hint: r.region })));
  const seen = new Set<string>();
  return [...configured, ...measured].flatMap(({ id, label, hint }) => {
    if (seen.has(id) || !measured.some((one) => one.id === id)) return [];
    seen.add(id);
    return [{ id, hint, name: plainLabel(label[words.language], id) }];
  });
}

/** The region that was asked for, else the nearest; null: the visitor must choose. An id that is not known is not repeated. */
export function chosenOf(
  choices: readonly Choice[],
  asked: string | undefined,
  at: Whereabouts | null,
): Near<Choice> | null {
  const choice = choices.find(({ id }) => id === asked);
  if (choice !== undefined) return { region: choice, by: "choice", km: null };
  return at === null ? null : nearestOf(choices, at);
}

/** Null: the region is in no snapshot. */
export function hereView(
  snapshots: readonly Snapshot[],
  near: Near<Choice>,
  at: Whereabouts | null,
  telling: Telling,
): HereView {
  const targets = snapshots.flatMap((snapshot) => {
    const region = snapshot.regions.find((one) => one.region === near.region.id);
    return region === undefined ? [] : [targetView(snapshot, region, telling)];
  });
  const order: readonly State[] = ["down", "degraded", "unmeasured", "up"];
  return {
    region: near.region.name,
    judgedBy: judgedByText(near, at, telling),
    targets: targets.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state)),
  };
}

function judgedByText({ by, km }: Near<Choice>, at: Whereabouts | null, { said, words }: Telling): string {
  const country = at?.country ?? null;
  const texts: Readonly<Record<JudgedBy, () => string>> = {
    coordinates: () =>
      said.byCoordinates(
        country === null ? null : countryName(country, words.tag),
        km === null ? null : words.number(km),
      ),
    continent: () => said.byContinent(country === null ? null : countryName(country, words.tag)),
    choice: () => said.byChoice,
  };
  return texts[by]();
}

function countryName(code: string, tag: string): string {
  return new Intl.DisplayNames(tag, { type: "region" }).of(code) ?? code;
}

interface Others {
  readonly bad: number;
  readonly up: number;
  readonly unseen: number;
}

/** What the states say together. Unknown is never taken for well: "all well" needs every region to be seen. */
export function verdictOf(here: State, { bad, up, unseen }: Others): Verdict {
  if (here === "unmeasured") return "unseen_here";
  if (here === "up") return bad + unseen === 0 && up > 0 ? "all_well" : "well_here";
  if (bad === 0) return "only_here";
  return up + unseen === 0 ? "everywhere" : "here_too";
}

function targetView(snapshot: Snapshot, region: RegionSnapshot, telling: Telling): HereTarget {
  const { words, said, now, zone } = telling;
  const { state, why } = stateNow(region, now);
  const states = snapshot.regions.filter((one) => one.region !== region.region).map((one) => stateNow(one, now).state);
  const count = (...which: readonly State[]): number => states.filter((one) => which.includes(one)).length;
  const others = { bad: count("down", "degraded"), up: count("up"), unseen: count("unmeasured") };
  const since = region.last_slot_at === null ? null : `${clock(region.last_slot_at, zone, now)} ${zoneName(zone)}`;
  return {
    name: plainLabel(snapshot.label[words.language], snapshot.target),
    state,
    stateWord: words.states[state],
    verdict: said.verdicts[verdictOf(state, others)],
    others: said.others({ ...others, of: states.length }),
    because:
      state === "up"
        ? null
        : why === null
          ? words.troubles[troubleOf(state, region.recent, region.ok_means)]
          : words.unknown(why, since),
    figures: figuresOf(snapshot, region, telling),
  };
}

function figuresOf(
  { objectives }: Snapshot,
  { recent, ok_means: meaning }: RegionSnapshot,
  telling: Telling,
): string[] {
  const { words, now, zone } = telling;
  if (recent === null) return [];
  const counts = delivery(recent, meaning, words);
  const [p50] = latency(recent.latency, objectives.latency_ms_p99, words).quantiles;
  const median = p50 === undefined ? [] : [`${p50.name} ${p50.text}`];
  const until = `${clock(recent.to, zone, now)} ${zoneName(zone)}, ${words.ago(now - recent.to)}`;
  return [
    `${words.recentSpan(words.roughly(Math.max(1000, recent.to - recent.from)))}: ${counts.text}`,
    ...(counts.missing === null ? [] : [counts.missing]),
    ...median,
    telling.said.until(until),
  ];
}
