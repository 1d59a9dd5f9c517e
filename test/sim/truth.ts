// What really happens in a simulated year, drawn from a seed before anything is measured: outages, brown-outs, single lost rounds
// and messages, and all that goes wrong with the fleet itself, its channels and its people. Plain data; measures and judges
// nothing. Made by `year.ts`; `judge-incidents.ts` and `judge-alerts.ts` hold what Sonde said against it.

import { between, mulberry32, oneOf, shuffled } from "../random.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** 2026-01-01T00:00:00Z. */
export const YEAR_AT = Date.UTC(2026, 0, 1);
/** The last days are for what is still under way. */
const TRUTH_DAYS = 362;

export const REGIONS = ["r01", "r02", "r03", "r04", "r05", "r06", "r07", "r08", "r09", "r10", "r11"] as const;
export const CHANNELS = ["ops", "pager", "boss", "mail", "fleet"] as const;

/** Half-open, ms since the epoch. */
export interface Span {
  readonly fromAt: number;
  readonly toAt: number;
}

/** The service is bad. */
export interface Trouble extends Span {
  readonly id: number;
  readonly kind: "outage" | "brownout";
  readonly regions: readonly string[];
  /** Share of messages lost, and of the others late. */
  readonly loss: number;
  readonly late: number;
  /** Connects are refused, instead of messages lost. */
  readonly refused: boolean;
}

export const PROBE_TROUBLES = ["silent", "controls", "unfit", "clock", "late"] as const;

/**
 * The fleet's own trouble in one region. `silent`: no prober. `controls`: its network. `unfit`: it knows that it is no witness.
 * `clock`: its clock jumps once. `late`: it cannot hand over until the end; nor can any, if the collector is away.
 */
export interface ProbeTrouble extends Span {
  readonly kind: (typeof PROBE_TROUBLES)[number];
  readonly region: string;
  /** Of `controls`: what its own network loses. */
  readonly loss: number;
  /** Of `clock`: by so many slots. */
  readonly slots: number;
}

/** `mute`: no answer. `busy`: not before so long. `amnesia`: it takes the message and the answer is lost. `refusing`: never that one. */
export interface ChannelTrouble extends Span {
  readonly channel: string;
  readonly mode: "mute" | "busy" | "amnesia" | "refusing" | "gone";
  readonly retryAfterMs: number;
}

export interface Maintenance extends Span {
  readonly regions: readonly string[] | null;
  readonly announcedAt: number;
}

export interface Truth {
  readonly everyMs: EveryMs;
  readonly troubles: readonly Trouble[];
  readonly probe: readonly ProbeTrouble[];
  /** Slots of one lost round, and of one lost message with its place in the round; by region. */
  readonly blips: ReadonlyMap<string, ReadonlySet<number>>;
  readonly strays: ReadonlyMap<string, ReadonlyMap<number, number>>;
  readonly channels: readonly ChannelTrouble[];
  readonly maintenance: readonly Maintenance[];
}

/** How often in a year; at 10 s there are six times as many rounds to simulate, so less that lasts long. */
const YEARLY = {
  60_000: { outages: 28, brownouts: 16, silent: 12, controls: 14, unfit: 24, clock: 10, late: 12 },
  10_000: { outages: 12, brownouts: 4, silent: 12, controls: 6, unfit: 20, clock: 10, late: 5 },
} as const;
export type EveryMs = keyof typeof YEARLY;
/** Of each region: rounds that are lost alone (sla.md 6: 1e-4 at 60 s). */
const BLIPS = 52;
/** Share of messages lost for no reason. */
const BACKGROUND = 1e-5;

/** `share`: how much of all that happens in a year; less is a quieter year, for those in a hurry. */
export function drawTruth(seed: number, everyMs: EveryMs, share = 1): Truth {
  const random = mulberry32(seed * 7_919 + everyMs);
  const yearly = YEARLY[everyMs];
  const many = (count: number): number[] => {
    const least = Math.round((share * count) / 2);
    return Array.from({ length: between(random, Math.max(1, least), Math.max(1, 3 * least)) });
  };
  const outages = many(yearly.outages).map((_, i) => outage(random, i));
  const planned = many(10).map(() => maintenance(random));
  // Half of what is announced is what takes the service down.
  const announced = planned.flatMap((window, i): Trouble[] => {
    if (random() < 0.5) return [];
    const fromAt = window.fromAt + between(random, 0, 600) * SECOND;
    const toAt = Math.min(fromAt + logSpan(random, 2 * MINUTE, HOUR), window.toAt - MINUTE);
    if (toAt <= fromAt) return [];
    const regions = window.regions ?? REGIONS;
    return [{ id: 1_000 + i, kind: "outage", fromAt, toAt, regions, loss: 1, late: 0, refused: random() < 0.5 }];
  });
  const brownouts = many(yearly.brownouts).map((_, i) => brownout(random, 2_000 + i));
  const single = PROBE_TROUBLES.flatMap((kind) => many(yearly[kind]).map(() => probeTrouble(random, kind, everyMs)));
  // Every fourth one strikes where the service is down at that very time.
  const beside = single.map((each): ProbeTrouble => {
    if (random() < 0.75) return each;
    const near = oneOf(random, [...outages, ...brownouts]);
    const fromAt = near.fromAt + Math.floor((random() * 1.4 - 0.2) * (near.toAt - near.fromAt));
    return { ...each, region: oneOf(random, near.regions), fromAt, toAt: fromAt + each.toAt - each.fromAt };
  });
  // A collector that is away takes nothing from any region.
  const probe = beside.flatMap((each) =>
    each.kind === "late" && random() < 0.3 ? REGIONS.map((region) => ({ ...each, region })) : [each],
  );
  const messages = everyMs === 60_000 ? 20 : 4;
  return {
    everyMs,
    troubles: [...outages, ...announced, ...brownouts].sort((a, b) => a.fromAt - b.fromAt),
    probe: probe.sort((a, b) => a.fromAt - b.fromAt),
    blips: new Map(REGIONS.map((region) => [region, new Set(many(BLIPS).map(() => slot(random, everyMs)))])),
    strays: new Map(
      REGIONS.map((region) => {
        const count = Math.round((365 * DAY * messages * BACKGROUND) / everyMs);
        return [region, new Map(many(count).map(() => [slot(random, everyMs), between(random, 0, messages - 1)]))];
      }),
    ),
    channels: many(26).map(() => channelTrouble(random, outages)),
    maintenance: planned,
  };
}

function slot(random: () => number, everyMs: number): number {
  return YEAR_AT + Math.floor((random() * TRUTH_DAYS * DAY) / everyMs) * everyMs;
}

function instant(random: () => number): number {
  return YEAR_AT + 3 * HOUR + Math.floor(random() * TRUTH_DAYS * DAY);
}

/** Short ones as often as long ones, on a logarithmic scale. */
function logSpan(random: () => number, fromMs: number, toMs: number): number {
  return Math.round(fromMs * (toMs / fromMs) ** random());
}

/** One region, several, or most of them. */
function someRegions(random: () => number): readonly string[] {
  const scope = random();
  if (scope < 0.2) return REGIONS;
  const count = scope < 0.6 ? 1 : scope < 0.85 ? between(random, 2, 5) : between(random, 6, 10);
  return shuffled(random, REGIONS).slice(0, count).sort();
}

function outage(random: () => number, id: number): Trouble {
  const fromAt = instant(random);
  const toAt = fromAt + logSpan(random, 30 * SECOND, 6 * HOUR);
  return { id, kind: "outage", fromAt, toAt, regions: someRegions(random), loss: 1, late: 0, refused: random() < 0.3 };
}

function brownout(random: () => number, id: number): Trouble {
  const fromAt = instant(random);
  const toAt = fromAt + logSpan(random, 10 * MINUTE, 4 * HOUR);
  const isLate = random() < 0.4;
  const [loss, late] = isLate ? [0, 0.2 + 0.8 * random()] : [0.05 + 0.45 * random(), 0.1];
  return { id, kind: "brownout", fromAt, toAt, regions: someRegions(random), loss, late, refused: false };
}

function probeTrouble(random: () => number, kind: ProbeTrouble["kind"], everyMs: number): ProbeTrouble {
  const fromAt = instant(random);
  const lasts = {
    silent: () => logSpan(random, 3 * MINUTE, 4 * DAY),
    controls: () => logSpan(random, MINUTE, 2 * HOUR),
    unfit: () => between(random, 1, 10) * everyMs,
    clock: () => everyMs,
    late: () => logSpan(random, 2 * MINUTE, 5 * HOUR),
  }[kind];
  // The intake refuses what is more than five minutes ahead.
  const most = Math.floor((5 * MINUTE) / everyMs) - 1;
  const slots = between(random, 1, most) * (random() < 0.5 ? -1 : 1);
  return { kind, region: oneOf(random, REGIONS), fromAt, toAt: fromAt + lasts(), loss: random(), slots };
}

/** Half of them while there is something to say. */
function channelTrouble(random: () => number, outages: readonly Trouble[]): ChannelTrouble {
  const near = oneOf(random, outages);
  const fromAt = random() < 0.5 ? instant(random) : near.fromAt - between(random, 0, 7_200) * SECOND;
  const mode = oneOf(random, ["mute", "mute", "busy", "busy", "amnesia", "amnesia", "refusing", "gone"] as const);
  const toAt = fromAt + logSpan(random, 2 * MINUTE, 30 * HOUR);
  return { channel: oneOf(random, CHANNELS), fromAt, toAt, mode, retryAfterMs: logSpan(random, 500, 2 * HOUR) };
}

function maintenance(random: () => number): Maintenance {
  const fromAt = instant(random);
  const regions = random() < 0.4 ? null : someRegions(random);
  const announcedAt = fromAt - between(random, 1, 72) * HOUR;
  return { fromAt, toAt: fromAt + logSpan(random, 15 * MINUTE, 4 * HOUR), regions, announcedAt };
}
