// Which single fault, or which few, explains best where messages were lost: one of the whole service, of a region's publishing,
// receiving or both, or of one way from a region to another. Each is weighed in nats (natural logarithms of odds) against chance,
// less a penalty for how seldom such a fault is. Pure numbers: knows no probers, no controls and no words. Called by `localise.ts`.

/** Messages that one region published and one region (it may be the same) should have received. */
export interface Leg {
  readonly from: string;
  readonly to: string;
  readonly attempted: number;
  readonly bad: number;
}

/** `publish`, `subscribe`: the service as a region sends to it, receives from it; `region`: both. */
export type Cause =
  | { readonly kind: "core" }
  | { readonly kind: "publish" | "subscribe" | "region"; readonly region: string }
  | { readonly kind: "link"; readonly from: string; readonly to: string };

export interface Weighed {
  readonly cause: Cause;
  /** Log-likelihood against chance, less the penalty. Above 0: explains better than chance does. */
  readonly nats: number;
}

export interface Explanation {
  /** Strongest first; none: chance explains it best. */
  readonly causes: readonly Cause[];
  /** By how much this explanation is ahead of the next best one; never negative. */
  readonly nats: number;
}

/** reference/sla.md 6, "Localisation". */
const PENALTY_NATS = { core: 3, publish: 5, subscribe: 5, region: 5, link: 9 } as const;
const CHANCE = 1e-4;
const FAULT_SHARE_MIN = 0.02;

/** Odds below e to 1 tell nobody where to look: explanations nearer to each other than this are not told apart. */
export const APART_NATS = 1;

/** Whether the messages of this leg suffer from this cause. */
export function covers(cause: Cause, leg: Leg): boolean {
  switch (cause.kind) {
    case "core":
      return true;
    case "publish":
      return leg.from === cause.region;
    case "subscribe":
      return leg.to === cause.region;
    case "region":
      return leg.from === cause.region || leg.to === cause.region;
    case "link":
      return leg.from === cause.from && leg.to === cause.to;
  }
}

/** Two faults at once are seldom: one more is believed at 20 to 1. A single stray loss among nine messages reaches 1.1. */
const BESIDE_NATS = 3;

/**
 * Every single cause there may be for these legs, the likeliest first. A cause's messages share one loss, p = max(bad /
 * attempted, .02), against 1e-4: k ln(p / 1e-4) + (n - k) ln((1 - p) / (1 - 1e-4)), less its penalty.
 */
export function weigh(legs: readonly Leg[]): Weighed[] {
  const core = new Tally();
  const rows = new Map<string, Tally>();
  const columns = new Map<string, Tally>();
  const regions = new Map<string, Tally>();
  for (const leg of legs) {
    core.add(leg);
    tallyOf(rows, leg.from).add(leg);
    tallyOf(columns, leg.to).add(leg);
    tallyOf(regions, leg.from).add(leg);
    if (leg.to !== leg.from) tallyOf(regions, leg.to).add(leg);
  }
  const ofRegions = (kind: "publish" | "subscribe" | "region", tallies: ReadonlyMap<string, Tally>): Weighed[] =>
    [...tallies].map(([region, tally]) => ({ cause: { kind, region }, nats: natsOf(tally, PENALTY_NATS[kind]) }));
  const weighed: Weighed[] = [
    { cause: { kind: "core" }, nats: natsOf(core, PENALTY_NATS.core) },
    ...ofRegions("publish", rows),
    ...ofRegions("subscribe", columns),
    ...ofRegions("region", regions),
    ...legs.map((leg): Weighed => {
      return { cause: { kind: "link", from: leg.from, to: leg.to }, nats: natsOf(leg, PENALTY_NATS.link) };
    }),
  ];
  return weighed.sort((a, b) => b.nats - a.nats);
}

/**
 * The best explanation of these legs (each pair of regions once): chance, the core, or up to `causesMax` faults elsewhere, taken
 * greedily, each on what those before it leave unexplained. Where publishing and receiving of a region cannot be told apart, it is
 * the region. Faults beside the strongest one that are not clear themselves are left out.
 */
export function explain(legs: readonly Leg[], causesMax: number): Explanation {
  const all = weigh(legs);
  const core = all.find(({ cause }) => cause.kind === "core")?.nats ?? -Infinity;
  // A way that is broken in both directions looks like either of its ends to the greedy: links are tried by themselves, too.
  const mixed = localFaults(legs, causesMax, false);
  const links = localFaults(legs, causesMax, true);
  const [found, second] = totalOf(links) > totalOf(mixed) ? [links, mixed] : [mixed, links];
  const local = totalOf(found);
  if (core > 0 && core > local) return { causes: [{ kind: "core" }], nats: core - local };
  if (found.length === 0) return { causes: [], nats: Math.max(0, -(all[0]?.nats ?? 0)) };

  const causes = found.map(({ cause }) => cause);
  const leadAmong = (cause: Cause, beside: readonly Cause[]): Weighed =>
    leadOf(
      cause,
      legs.filter((leg) => !beside.some((other) => other !== cause && covers(other, leg))),
    );
  const kept = causes.filter((cause, at) => at === 0 || leadAmong(cause, causes).nats >= BESIDE_NATS);
  const judged = kept.map((cause) => leadAmong(cause, kept));
  const isRival = second.some(({ cause }) => !found.some((each) => isSame(each.cause, cause)));
  const rival = Math.max(0, core, isRival ? totalOf(second) : 0);
  const lead = Math.min(local - rival, ...judged.map(({ nats }) => nats));
  return { causes: withoutDoubles(judged.map(({ cause }) => cause)), nats: Math.max(0, lead) };
}

function localFaults(legs: readonly Leg[], causesMax: number, linksOnly: boolean): Weighed[] {
  const found: Weighed[] = [];
  let rest = legs;
  while (found.length < causesMax) {
    const best = weigh(rest).find(({ cause }) => (linksOnly ? cause.kind === "link" : cause.kind !== "core"));
    if (best === undefined || best.nats <= 0) break;
    found.push(best);
    rest = rest.filter((leg) => !covers(best.cause, leg));
  }
  return found;
}

function totalOf(found: readonly Weighed[]): number {
  return found.reduce((total, { nats }) => total + nats, 0);
}

/** How far a cause is ahead of chance and of all others, those of the same region aside; these may make it the region. */
function leadOf(cause: Cause, legs: readonly Leg[]): Weighed {
  const weighed = weigh(legs);
  const rivals = weighed.filter((rival) => !isSame(rival.cause, cause));
  const own = weighed.find((each) => isSame(each.cause, cause))?.nats ?? 0;
  const sameRegion = rivals.filter((rival) => sharesRegion(rival.cause, cause));
  const other = rivals.find((rival) => !sharesRegion(rival.cause, cause));
  const isApart = sameRegion.every((rival) => own - rival.nats >= APART_NATS);
  const region = "region" in cause && !isApart ? { kind: "region" as const, region: cause.region } : cause;
  return { cause: region, nats: own - Math.max(0, other?.nats ?? 0) };
}

function isSame(a: Cause, b: Cause): boolean {
  if (a.kind === "link") return b.kind === "link" && a.from === b.from && a.to === b.to;
  return a.kind === b.kind && (a.kind === "core" || sharesRegion(a, b));
}

function sharesRegion(a: Cause, b: Cause): boolean {
  return "region" in a && "region" in b && a.region === b.region;
}

/** A region that neither sends nor receives is one fault. */
function withoutDoubles(causes: readonly Cause[]): Cause[] {
  const merged: Cause[] = [];
  for (const cause of causes) {
    const at = merged.findIndex((each) => sharesRegion(each, cause));
    if (at === -1) merged.push(cause);
    else if ("region" in cause) merged[at] = { kind: "region", region: cause.region };
  }
  return merged;
}

class Tally {
  attempted = 0;
  bad = 0;
  add(leg: Leg): void {
    this.attempted += leg.attempted;
    this.bad += leg.bad;
  }
}

function tallyOf(tallies: Map<string, Tally>, region: string): Tally {
  const known = tallies.get(region) ?? new Tally();
  tallies.set(region, known);
  return known;
}

function natsOf({ attempted, bad }: Tally | Leg, penalty: number): number {
  if (attempted === 0) return -penalty;
  const share = Math.max(bad / attempted, FAULT_SHARE_MIN);
  const good = attempted - bad;
  // None good: 0 x ln(0) is 0 here, not NaN.
  const ofGood = good === 0 ? 0 : good * Math.log((1 - share) / (1 - CHANCE));
  return bad * Math.log(share / CHANCE) + ofGood - penalty;
}
