// Whose part is broken: a prober's own network, a region's way to the service or back, one way between two regions, or the service.
// Says also that it cannot tell. Run after an alarm, not to raise one: every 56th quiet round of 180 messages loses one by chance.
// Rules come first, then `likelihood.ts`. Never decides whether there is an incident. Called by the corridor that opens them.
// Source: reference/sla.md 6, "Localisation".

import type { ControlTally } from "../results/records.ts";
import { APART_NATS, type Cause, covers, explain, type Leg } from "./likelihood.ts";

/** What a region saw of its own loop in the rounds that are looked at. */
export interface RegionSeen {
  readonly region: string;
  /** Messages; 0: nothing was measured. `bad`: lost or refused. */
  readonly attempted: number;
  readonly bad: number;
  /** The prober's own word on its rounds. */
  readonly fit: boolean;
  /** Null: none was asked. */
  readonly controls: ControlTally | null;
  /** The same loop by another network provider of this region; null: there is none. */
  readonly second: { readonly attempted: number; readonly bad: number } | null;
}

/**
 * Questions of `from` to `to`, of rounds in which both were there. `lostThere`: refused, or never heard (error + sent - heard).
 * `lostBack`: heard, but the answer was lost or late (heard - ok, at least 0). So the answers are attempted - lostThere.
 */
export interface PairSeen {
  readonly from: string;
  readonly to: string;
  readonly rounds: number;
  readonly attempted: number;
  readonly lostThere: number;
  readonly lostBack: number;
}

/** A region that says nothing about the service: the fleet's keepers are told, nobody else. */
export type SetAside =
  | { readonly region: string; readonly why: "controls"; readonly failed: number; readonly asked: number }
  | { readonly region: string; readonly why: "unfit" }
  /** Bad, while another provider of the region is fine: the prober's own. The second counts are that provider's. */
  | {
      readonly region: string;
      readonly why: "provider";
      readonly bad: number;
      readonly attempted: number;
      readonly secondBad: number;
      readonly secondAttempted: number;
    };

/** One fault with its numbers. */
export interface Found {
  readonly cause: Cause;
  /** Messages on its paths. */
  readonly bad: number;
  readonly attempted: number;
  /** A link of which fewer than 5 messages or 3 rounds are known. */
  readonly suspected: boolean;
}

/**
 * `nothing`: nothing was measured. `alone`: the only measured region is bad, which says nothing about the others. `own_loop`: a
 * region's loop is bad and its paths from and to others are not. `alike`: several explanations are as likely.
 */
export type Unclear = "nothing" | "alone" | "own_loop" | "alike";

export interface Attribution {
  /** That of the strongest fault. `prober`: nothing but `setAside`. `none`: no more than chance loses. */
  readonly kind: Cause["kind"] | "prober" | "none" | "unclear";
  /** Of all faults of this kind; `link`: from, to; `core`: whose loops are bad; `prober`: all set aside; `unclear`: whom it is about. */
  readonly regions: readonly string[];
  /** Null unless `unclear`. */
  readonly unclear: Unclear | null;
  /** The strongest first; empty unless a fault was found. */
  readonly found: readonly Found[];
  /** Messages on the paths of what was found; of all measured paths where nothing was. */
  readonly bad: number;
  readonly attempted: number;
  /** All other measured paths (a region to a region, or to itself), and those that lost less than a fifth. */
  readonly otherPaths: { readonly measured: number; readonly healthy: number };
  /** By loops: regions that are not set aside, and bad ones. */
  readonly loops: { readonly measured: number; readonly bad: number };
  readonly setAside: readonly SetAside[];
  /** How far the explanation is ahead of the next one (e to the power of it: odds). Null: a rule decided without the messages. */
  readonly nats: number | null;
}

const SECOND_PROVIDER_MESSAGES = 3;
const CORE_REGIONS_MIN = 3;
const LINK_MESSAGES = 5;
const LINK_ROUNDS = 3;

interface Path extends Leg {
  readonly rounds: number;
}

/**
 * RangeError: counts that are no whole numbers or do not add up, a region or a pair that comes twice, a pair of a region with
 * itself or with an unknown one. Pairs may be missing, or all of them.
 */
export function localise(regions: readonly RegionSeen[], pairs: readonly PairSeen[]): Attribution {
  assertSeen(regions, pairs);
  const setAside = regions.flatMap((each) => asideOf(each) ?? []);
  const aside = new Set(setAside.map(({ region }) => region));
  const loops = regions.filter((each) => each.attempted > 0 && !aside.has(each.region));
  const paths = pathsOf(
    loops,
    pairs.filter(({ from, to }) => !aside.has(from) && !aside.has(to)),
  );
  const badLoops = loops.filter(isBad).map(({ region }) => region);
  const seen: Seen = { paths, setAside, loops: { measured: loops.length, bad: badLoops.length } };
  const measured = new Set(paths.flatMap(({ from, to }) => [from, to])).size;
  if (measured === 0) return setAside.length > 0 ? ofProbers(seen) : unclear(seen, "nothing", [], null);

  // Fewer faults than half of the regions, or it is the core's.
  const { causes, nats } = explain(paths, Math.max(1, Math.ceil(measured / 2) - 1));
  if (isCoreByLoops(measured, badLoops.length)) {
    const lead = causes[0]?.kind === "core" ? nats : null;
    return attributed(seen, [{ kind: "core" }], badLoops, lead);
  }
  const [first] = causes;
  if (first === undefined) return setAside.length > 0 ? ofProbers(seen) : withoutFault(seen, "none", [], null, nats);
  const measuredLoops = loops.map(({ region }) => region);
  if (measured === 1) return unclear(seen, "alone", measuredLoops, null);
  if (first.kind === "core" && measured < CORE_REGIONS_MIN) return unclear(seen, "alike", badLoops, nats);
  if (nats < APART_NATS) return unclear(seen, "alike", badLoops, nats);
  // A loop alone that is bad names no path; a fault beside it does.
  const named = causes.filter((cause) => !isOwnLoop(cause));
  const loopsAlone = causes.filter(isOwnLoop).map(({ from }) => from);
  const [main] = named;
  if (main === undefined) return unclear(seen, "own_loop", loopsAlone, nats);
  return attributed(seen, named, main.kind === "core" ? badLoops : regionsOf(main, named), nats);
}

/** Of three regions or more half at least; of two both. */
function isCoreByLoops(measured: number, bad: number): boolean {
  return (measured >= CORE_REGIONS_MIN && bad * 2 >= measured) || (measured > 1 && bad === measured);
}

/** A fifth, as a bad round of 20 has 4 (reference/sla.md 6). */
function isBad({ bad, attempted }: { readonly bad: number; readonly attempted: number }): boolean {
  return attempted > 0 && bad * 5 >= attempted;
}

/** Null: this region's word counts. */
function asideOf({ region, attempted, bad, fit, controls, second }: RegionSeen): SetAside | null {
  if (controls !== null) {
    const failed = controls.asked - controls.answered;
    if (failed > 0 && failed * 3 >= controls.asked * 2)
      return { region, why: "controls", failed, asked: controls.asked };
  }
  if (!fit) return { region, why: "unfit" };
  if (second === null || second.attempted < SECOND_PROVIDER_MESSAGES) return null;
  if (!isBad({ bad, attempted }) || isBad(second)) return null;
  return { region, why: "provider", bad, attempted, secondBad: second.bad, secondAttempted: second.attempted };
}

/** A question is a message one way, its answer one the other way: each counts where it flew. */
function pathsOf(loops: readonly RegionSeen[], pairs: readonly PairSeen[]): Path[] {
  const paths = new Map<string, Map<string, Path>>();
  const add = (from: string, to: string, rounds: number, attempted: number, bad: number): void => {
    const row = paths.get(from) ?? new Map<string, Path>();
    const known = row.get(to) ?? { from, to, rounds, attempted: 0, bad: 0 };
    paths.set(from, row);
    row.set(to, {
      from,
      to,
      rounds: Math.max(known.rounds, rounds),
      attempted: known.attempted + attempted,
      bad: known.bad + bad,
    });
  };
  for (const { region, attempted, bad } of loops) add(region, region, 0, attempted, bad);
  for (const { from, to, rounds, attempted, lostThere, lostBack } of pairs) {
    add(from, to, rounds, attempted, lostThere);
    add(to, from, rounds, attempted - lostThere, lostBack);
  }
  return [...paths.values()].flatMap((row) => [...row.values()]).filter(({ attempted }) => attempted > 0);
}

interface Seen {
  readonly paths: readonly Path[];
  readonly setAside: readonly SetAside[];
  readonly loops: Attribution["loops"];
}

function attributed(
  seen: Seen,
  causes: readonly Cause[],
  regions: readonly string[],
  nats: number | null,
): Attribution {
  const found = causes.map((cause) => {
    const own = seen.paths.filter((path) => covers(cause, path));
    const { bad, attempted } = sumOf(own);
    const suspected =
      cause.kind === "link" && (attempted < LINK_MESSAGES || own.every(({ rounds }) => rounds < LINK_ROUNDS));
    return { cause, bad, attempted, suspected };
  });
  const explained = seen.paths.filter((path) => causes.some((cause) => covers(cause, path)));
  const others = seen.paths.filter((path) => !explained.includes(path));
  return {
    kind: causes[0]?.kind ?? "none",
    regions,
    unclear: null,
    found,
    ...sumOf(explained),
    otherPaths: { measured: others.length, healthy: others.filter((path) => !isBad(path)).length },
    loops: seen.loops,
    setAside: seen.setAside,
    nats,
  };
}

function unclear(seen: Seen, why: Unclear, regions: readonly string[], nats: number | null): Attribution {
  return withoutFault(seen, "unclear", regions, why, nats);
}

function ofProbers(seen: Seen): Attribution {
  return withoutFault(
    seen,
    "prober",
    seen.setAside.map(({ region }) => region),
    null,
    null,
  );
}

function withoutFault(
  seen: Seen,
  kind: "none" | "prober" | "unclear",
  regions: readonly string[],
  why: Unclear | null,
  nats: number | null,
): Attribution {
  return { ...attributed(seen, [], regions, nats), ...sumOf(seen.paths), kind, unclear: why };
}

function sumOf(paths: readonly Path[]): { bad: number; attempted: number } {
  return {
    bad: paths.reduce((total, { bad }) => total + bad, 0),
    attempted: paths.reduce((total, { attempted }) => total + attempted, 0),
  };
}

function isOwnLoop(cause: Cause): cause is Extract<Cause, { kind: "link" }> {
  return cause.kind === "link" && cause.from === cause.to;
}

function regionsOf(first: Cause, causes: readonly Cause[]): string[] {
  if (first.kind === "link") return [first.from, first.to];
  return causes.flatMap((cause) => ("region" in cause && cause.kind === first.kind ? [cause.region] : []));
}

function assertSeen(regions: readonly RegionSeen[], pairs: readonly PairSeen[]): void {
  const known = new Set<string>();
  for (const { region, attempted, bad, controls, second } of regions) {
    if (known.has(region)) throw new RangeError(`region ${region} is there twice`);
    known.add(region);
    assertPart(bad, attempted, region);
    if (controls !== null) assertPart(controls.answered, controls.asked, region);
    if (second !== null) assertPart(second.bad, second.attempted, region);
  }
  const asked = new Map<string, Set<string>>();
  for (const { from, to, rounds, attempted, lostThere, lostBack } of pairs) {
    if (from === to || !known.has(from) || !known.has(to)) throw new RangeError(`${from} and ${to} are no pair`);
    const ofAsker = asked.get(from) ?? new Set();
    if (ofAsker.has(to)) throw new RangeError(`the pair ${from} and ${to} is there twice`);
    asked.set(from, ofAsker.add(to));
    assertPart(lostThere, attempted, from);
    assertPart(lostBack, attempted - lostThere, from);
    assertPart(0, rounds, from);
  }
}

function assertPart(part: number, of: number, region: string): void {
  if (!Number.isSafeInteger(part) || !Number.isSafeInteger(of) || part < 0 || part > of) {
    throw new RangeError(`${part} of ${of} messages of ${region} cannot be`);
  }
}
