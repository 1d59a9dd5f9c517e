// All that one look of a Duty decides, as data: events, what is remembered, and which regions are asked once more. Pure: the same
// look again gives the same. Of a target: from its rounds. Of the fleet's keepers: from what the targets' Duties tell about regions
// that see nothing, so that one silent prober is one incident however many targets it had.

import type { Language } from "../../schema/words.ts";
import type { Config, Target } from "../config/config.ts";
import type { Contract } from "../config/contracts/contract.ts";
import type { RoundRecord } from "../results/records.ts";
import { decideAbout } from "./about.ts";
import type { AboutSeen } from "./about.ts";
import { burning, burnOf } from "./burn.ts";
import type { Burning, BurnObjective, MinuteCounts } from "./burn.ts";
import { burnSentence } from "./burn-words.ts";
import { decide } from "./decide.ts";
import { SONDE } from "./incident.ts";
import type { Incident, NewIncidentEvent } from "./incident.ts";
import { storySentence } from "./look-words.ts";
import { placeOf } from "./place.ts";
import { placeSentence } from "./place-words.ts";
import { isSpent } from "./spells.ts";
import type { RegionSeen } from "./spells.ts";
import type { StoryFacts } from "./story.ts";
import { NOTHING_WATCHED, seenOf, watchRounds } from "./watch.ts";
import type { Watch, Watched } from "./watch.ts";

/** What burns is looked at this often: three days of minutes are read for it. */
export const BURN_EVERY_MS = 300_000;
const HOUR_MS = 3_600_000;
const HOUR_MINUTES = 60;
const RESOLVE_MS = 30 * 60_000;
/** For a round itself and its way here. */
const LATE_MS = 30_000;
const BLIND_MS = 180_000;

/** What a Duty keeps between two looks, beside its incidents. Plain data. */
export interface Memory {
  readonly watch: Watch;
  /** By contract and objective. */
  readonly burning: Readonly<Record<string, Burning>>;
  readonly burnLookedAt: number;
  /** Minutes of the hour that goes on: what is older is handed out to be kept apart, an hour a row. */
  readonly pooled: readonly MinuteCounts[];
  /** Of the keepers' Duty: by target, what its own has told last. */
  readonly blind: Readonly<Record<string, readonly BlindRegion[]>>;
}

export const NO_MEMORY: Memory = { watch: NOTHING_WATCHED, burning: {}, burnLookedAt: 0, pooled: [], blind: {} };

/** A region that a target's Duty sees nothing of. */
export interface BlindRegion {
  readonly region: string;
  readonly since: number;
  readonly reason: string;
}

interface LookInput {
  readonly config: Config;
  readonly now: number;
  readonly memory: Memory;
  /** All that live. */
  readonly incidents: readonly Incident[];
  readonly nextNumber: number;
}

export interface TargetLook extends LookInput {
  readonly target: Target;
  readonly records: readonly RoundRecord[];
  /** Three days of minutes as they are kept, where what burns is to be looked at; null: not this time. */
  readonly minutes: readonly MinuteCounts[] | null;
  /** Support clocks that have run out, or will; null: nobody looked. */
  readonly support: readonly AboutSeen[] | null;
}

export interface Looked {
  readonly events: readonly NewIncidentEvent[];
  readonly memory: Memory;
  readonly confirm: Watched["confirm"];
  /** Minutes of hours that are over, to be added to what is kept of them. */
  readonly pooled: readonly MinuteCounts[];
  /** Regions that nothing is known of. */
  readonly blind: readonly BlindRegion[];
  /** Of an incident that is over: nothing that is seen can be about it any more. */
  readonly isSpent: (incident: Incident) => boolean;
}

export function lookAtRounds(look: TargetLook): Looked {
  const { config, target, now, memory, incidents, records } = look;
  const { watch, confirm, pooled } = watchRounds(memory.watch, records, { config, target, now });
  const all = seenOf(watch, target);
  // Blindness is the keepers' own story.
  const seen = all.map((each) => ({ ...each, blindSince: null, blindReason: null }));
  const facts = {
    target: target.id,
    now,
    settings: settingsOf(config),
    sentenceOf: (story: StoryFacts) => storySentence(story, config, () => placedOf(watch, target, story, config)),
  };
  const events = decide({ incidents, nextNumber: look.nextNumber }, seen, facts);
  const opened = (list: readonly NewIncidentEvent[]): number =>
    list.filter(({ change }) => change.kind === "opened").length;
  const minutes = joined([...memory.pooled, ...pooled]);
  const hour = Math.floor(now / HOUR_MS);
  const isOver = ({ minute }: MinuteCounts): boolean => Math.floor(minute / HOUR_MINUTES) < hour;
  const budgets = burnsOf(look, minutes);
  const about = { target: target.id, regions: target.regions, now };
  if (budgets !== null) {
    const nextNumber = look.nextNumber + opened(events);
    events.push(...decideAbout(incidents, budgets.seen, { ...about, kind: "budget", audience: "service", nextNumber }));
  }
  if (look.support !== null) {
    const nextNumber = look.nextNumber + opened(events);
    events.push(
      ...decideAbout(incidents, look.support, { ...about, kind: "support", audience: "support", nextNumber }),
    );
  }
  // A target that is measured each hour has its next chance an hour later; of silence the detector knows that already.
  const isOverdue = (reason: string | null, since: number): boolean =>
    reason === "silence" || now - since > 2 * target.everyMs + LATE_MS;
  // One that a person has ended stays known for as long as it burns, or is missed: else it would open another.
  const burningNow = budgets === null ? memory.burning : budgets.burning;
  const goesOn = new Set<string | null>([
    ...Object.keys(burningNow),
    ...(look.support ?? []).map((each) => each.about),
  ]);
  return {
    events,
    memory: {
      ...memory,
      watch,
      pooled: minutes.filter((each) => !isOver(each)),
      ...(budgets === null ? {} : { burning: budgets.burning, burnLookedAt: now }),
    },
    confirm,
    pooled: minutes.filter(isOver),
    blind: all.flatMap(({ region, blindSince, blindReason }) =>
      blindSince === null || !isOverdue(blindReason, blindSince)
        ? []
        : [{ region, since: blindSince, reason: blindReason ?? "unknown" }],
    ),
    isSpent: (incident) => isSpent(incident, seen) && !goesOn.has(incident.about),
  };
}

/** The keepers': a region is blind since the first target that sees nothing of it. Targets that are no more are forgotten. */
export function lookAtBlind(look: LookInput & { readonly keepers: string }): Looked {
  const { config, now, memory, incidents, nextNumber, keepers } = look;
  const known = Object.entries(memory.blind).filter(([target]) => config.targets.some(({ id }) => id === target));
  const measuredFrom = new Set(config.targets.flatMap(({ regions }) => regions));
  const seen = config.regions
    .filter(({ id }) => measuredFrom.has(id))
    .map(({ id: region }): RegionSeen => {
      const told = known.flatMap(([, regions]) => regions.filter((each) => each.region === region));
      const first = told.toSorted((a, b) => a.since - b.since)[0];
      const blind = { blindSince: first?.since ?? null, blindReason: first?.reason ?? null };
      return { region, measured: first === undefined, outage: null, brownout: null, ...blind };
    });
  const sentenceOf = (story: StoryFacts) => storySentence(story, config, () => null);
  const facts = { target: keepers, now, settings: settingsOf(config), sentenceOf };
  return {
    events: decide({ incidents, nextNumber }, seen, facts),
    memory: { ...memory, blind: Object.fromEntries(known) },
    confirm: [],
    pooled: [],
    blind: [],
    isSpent: (incident) => isSpent(incident, seen),
  };
}

/** Of a target that the configuration no longer has: what was open is nobody's any more, and ends without a known end. */
export function lookAtGone(look: LookInput): Looked {
  const { now, memory, incidents } = look;
  const change = { kind: "resolved", note: "The configuration no longer has this target." } as const;
  const live = incidents.filter(({ state }) => state === "open" || state === "restored");
  return {
    events: live.map(({ id }) => ({ incident: id, key: `${id}/gone`, at: now, author: SONDE, change })),
    memory: { ...memory, watch: NOTHING_WATCHED },
    confirm: [],
    pooled: [],
    blind: [],
    isSpent: () => true,
  };
}

/** How long without news means blind, and quiet means resolved; whole ms. Also what the method page says. */
export function settingsOf({ alerting }: Config): { readonly resolveMs: number; readonly blindMs: number } {
  return { resolveMs: alerting?.resolveMs ?? RESOLVE_MS, blindMs: alerting?.blindMs ?? BLIND_MS };
}

/** Where it is, in one sentence; null: only a brown-out is there, of which lost messages may be none, or the outage is gone. */
function placedOf(watch: Watch, target: Target, story: StoryFacts, config: Config) {
  const starts = story.regions.flatMap((region) => watch.detectors[region]?.outage?.startedAt ?? []);
  // The last rounds would tell of whatever else is bad.
  if (starts.length === 0) return null;
  const since = Math.min(...starts);
  const labels = new Map(
    config.regions.map(({ id, label }): [string, Readonly<Record<Language, string>>] => [id, label]),
  );
  return placeSentence(placeOf(watch, target, since), labels);
}

/** Contracts and their objectives on messages of `loop`; the newest version in force. Null: not this time. */
function burnsOf({ config, target, now, memory, minutes, incidents }: TargetLook, fresh: readonly MinuteCounts[]) {
  if (minutes === null) return null;
  const counts = joined([...minutes, ...fresh]);
  const all: Record<string, Burning> = {};
  const seen: AboutSeen[] = [];
  for (const contract of newestOf(config.contracts, target.id)) {
    for (const objective of contract.objectives) {
      if (!isBurnable(objective)) continue;
      const about = `${contract.id}/${objective.id}`;
      const reading = burnOf(counts, objective, now);
      const state = burning(memory.burning[about] ?? null, reading);
      if (state === null) continue;
      all[about] = state;
      // Where nothing was measured the sentence of before stands.
      const before = incidents.findLast((each) => each.kind === "budget" && each.about === about)?.sentence;
      const sentence = burnSentence(state, reading, objective, contract.period.unit) ?? before ?? null;
      if (sentence !== null) seen.push({ about, startedAt: state.sinceAt, severity: state.severity, sentence });
    }
  }
  return { burning: all, seen };
}

function isBurnable(objective: Contract["objectives"][number]): objective is BurnObjective {
  const isCounted = objective.kind === "ratio" || (objective.kind === "quantile" && objective.direction !== "connect");
  return isCounted && objective.journey === "loop";
}

function newestOf(contracts: readonly Contract[], target: string): readonly Contract[] {
  const newest = new Map<string, Contract>();
  for (const contract of contracts) if (contract.target === target) newest.set(contract.id, contract);
  return [...newest.values()];
}

/** Each minute once. */
export function joined(minutes: readonly MinuteCounts[]): MinuteCounts[] {
  const byMinute = Map.groupBy(minutes, ({ minute }) => minute);
  return [...byMinute]
    .sort(([a], [b]) => a - b)
    .map(([minute, all]) => {
      const over = Map.groupBy(
        all.flatMap((each) => each.over),
        ({ limitMs }) => limitMs,
      );
      return {
        minute,
        attempted: all.reduce((sum, each) => sum + each.attempted, 0),
        bad: all.reduce((sum, each) => sum + each.bad, 0),
        over: [...over].map(([limitMs, each]) => ({ limitMs, count: each.reduce((sum, { count }) => sum + count, 0) })),
      };
    });
}
