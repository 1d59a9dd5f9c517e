// The rounds of one simulated region: what its prober would have recorded in a slot while the truth is as it is. Makes real
// records through `recordRound`; those that went alike are made once and moved in time. Decides nothing. Called by `year.ts`.

import type { UnfitReason } from "../../schema/words.ts";
import { recordRound } from "../../workers/results/round-record.ts";
import type { RoundRecord } from "../../workers/results/records.ts";
import { oneOf } from "../random.ts";
import { facts, neverReady, observe, READY_MS, T0 } from "../observations.ts";
import type { ProbeTrouble, Span, Trouble, Truth } from "./truth.ts";

export const DEADLINE_MS = 5_000;
const LIMITS_MS = [200];
const UNFIT = ["scheduler_lag", "platform", "credentials", "moved"] as const;
const KEPT = 20_000;

/** How a target asks; a confirm round asks in its own way. */
export interface Asking {
  readonly purpose: "scheduled" | "confirm";
  readonly messages: number;
  readonly gapMs: number;
}

export interface Measured {
  readonly record: RoundRecord;
  /** Intended send of the first message that a trouble has cost, by its id: only of rounds that prove something. */
  readonly cost: ReadonlyMap<number, number>;
}

/** One region's own part of the truth. */
export class Prober {
  readonly region: string;
  readonly #everyMs: number;
  readonly #troubles: readonly Trouble[];
  readonly #probe: readonly ProbeTrouble[];
  readonly #blips: ReadonlySet<number>;
  readonly #strays: ReadonlyMap<number, number>;
  readonly #random: () => number;

  constructor(region: string, truth: Truth, random: () => number) {
    this.region = region;
    this.#everyMs = truth.everyMs;
    this.#troubles = truth.troubles.filter(({ regions }) => regions.includes(region));
    this.#probe = truth.probe.filter((each) => each.region === region);
    this.#blips = truth.blips.get(region) ?? new Set();
    this.#strays = truth.strays.get(region) ?? new Map();
    this.#random = random;
  }

  /** The fleet's own trouble of a kind at an instant; null: none. */
  trouble(kind: ProbeTrouble["kind"], at: number): ProbeTrouble | null {
    return this.#probe.find((each) => each.kind === kind && isIn(each, at)) ?? null;
  }

  /** `slotAt`: as the schedule has it; a clock that jumped writes another one. */
  measure(slotAt: number, startedAt: number, asking: Asking): Measured {
    const controls = this.trouble("controls", startedAt);
    const clock = asking.purpose === "scheduled" ? this.trouble("clock", slotAt) : null;
    const unfit = this.#unfit(controls !== null, clock !== null, startedAt);
    const cost = new Map<number, number>();
    const down = this.#troubles.find((each) => each.refused && isIn(each, startedAt));
    const region = this.region;
    const told = { everyMs: this.#everyMs, ...asking, unfit, controls: unfit === "controls" };
    const writtenAt = slotAt + (clock?.slots ?? 0) * this.#everyMs;
    if (down !== undefined) {
      if (unfit === "none") cost.set(down.id, startedAt);
      return { record: moved(template(null, told), region, writtenAt, startedAt), cost };
    }
    const signs = Array.from({ length: asking.messages }, (_, seq) => {
      const at = startedAt + READY_MS + seq * asking.gapMs;
      const sign = this.#sign(slotAt, seq, at, asking.purpose);
      const isLost = controls !== null && this.#random() < controls.loss;
      if (unfit === "none" && sign === "x") for (const { id } of this.#at(at)) if (!cost.has(id)) cost.set(id, at);
      return isLost ? "x" : sign;
    });
    return { record: moved(template(signs.join(""), told), region, writtenAt, startedAt), cost };
  }

  #at(at: number): Trouble[] {
    return this.#troubles.filter((each) => isIn(each, at));
  }

  #unfit(controls: boolean, clock: boolean, at: number): UnfitReason {
    if (controls) return "controls";
    if (clock) return "clock_step";
    return this.trouble("unfit", at) === null ? "none" : oneOf(this.#random, UNFIT);
  }

  #sign(slotAt: number, seq: number, at: number, purpose: Asking["purpose"]): "." | "o" | "x" {
    const chance = this.#random();
    for (const { loss, late } of this.#at(at)) {
      if (chance < loss) return "x";
      if (chance < loss + (1 - loss) * late) return "o";
    }
    if (purpose === "confirm") return ".";
    return this.#blips.has(slotAt) || this.#strays.get(slotAt) === seq ? "x" : ".";
  }
}

export function isIn({ fromAt, toAt }: Span, at: number): boolean {
  return fromAt <= at && at < toAt;
}

interface Told extends Asking {
  readonly everyMs: number;
  readonly unfit: UnfitReason;
  readonly controls: boolean;
}

const TEMPLATES = new Map<string, RoundRecord>();

/** A record whose slot and start are T0. `signs` null: no session became ready. */
function template(signs: string | null, told: Told): RoundRecord {
  const key = JSON.stringify([signs, told]);
  const known = TEMPLATES.get(key);
  if (known !== undefined) return known;
  const { purpose, messages, gapMs, everyMs, unfit, controls } = told;
  const seen = signs === null ? neverReady({ unfit, endedAt: T0 + 400 }) : spread(signs, gapMs, unfit);
  const record = recordRound(
    { ...seen, startedAt: T0 },
    facts({ purpose, everyMs, scheduled: messages, limitsMs: LIMITS_MS, deadlineMs: DEADLINE_MS }),
  );
  const made = { ...record, controls: controls ? { asked: 3, answered: 0 } : null };
  if (TEMPLATES.size >= KEPT) TEMPLATES.clear();
  TEMPLATES.set(key, made);
  return made;
}

function spread(signs: string, gapMs: number, unfit: UnfitReason) {
  const seen = observe(signs, { unfit });
  const messages = seen.messages.map((message) => {
    const intendedAt = T0 + READY_MS + message.seq * gapMs;
    const by = intendedAt - message.intendedAt;
    const receivedAt = message.receivedAt === null ? null : message.receivedAt + by;
    return { ...message, intendedAt, sentAt: intendedAt, receivedAt };
  });
  const lastAt = T0 + READY_MS + (signs.length - 1) * gapMs;
  // It closes 250 ms after its last message, else at the deadline.
  const endedAt = signs.includes("x")
    ? lastAt + DEADLINE_MS
    : Math.max(...messages.map(({ receivedAt }) => receivedAt ?? 0)) + 250;
  return { ...seen, messages, endedAt };
}

function moved(record: RoundRecord, region: string, slotAt: number, startedAt: number): RoundRecord {
  const by = startedAt - T0;
  return {
    ...record,
    series: { ...record.series, region },
    slotAt,
    startedAt,
    readyAt: record.readyAt === null ? null : record.readyAt + by,
    endedAt: record.endedAt + by,
    lossRuns: record.lossRuns.map(({ length, firstBadAt, nextGoodAt }) => ({
      length,
      firstBadAt: firstBadAt + by,
      nextGoodAt: nextGoodAt === null ? null : nextGoodAt + by,
    })),
  };
}
