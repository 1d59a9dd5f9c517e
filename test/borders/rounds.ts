// Envelopes as a prober would have made them, from rounds written as signs (`observations.ts`): for tests that begin at
// the collector's door.

import { encodeEnvelope } from "../../workers/results/envelope.ts";
import type { RoundRecord } from "../../workers/results/records.ts";
import { recordRound } from "../../workers/results/round-record.ts";
import type { RoundFacts } from "../../workers/results/round-record.ts";
import { facts, observe } from "../observations.ts";

export interface Told {
  readonly target?: string;
  readonly region?: string;
  readonly slotAt: number;
  readonly everyMs?: number;
  readonly configHash: string;
  /** A sign a message; default "....". */
  readonly signs?: string;
  readonly sequence?: number;
  readonly generation?: number;
  readonly dropped?: number;
  readonly facts?: Partial<RoundFacts>;
}

export function roundOf(told: Told): RoundRecord {
  const { slotAt, signs = "....", configHash, everyMs = 10_000 } = told;
  const series = { target: told.target ?? "chat", region: told.region ?? "weur", journey: "loop" as const, peer: "" };
  const own = {
    series,
    slotAt,
    everyMs,
    deadlineMs: 1_000,
    connectDeadlineMs: 1_000,
    limitsMs: [200, 600],
    scheduled: signs.length,
  };
  return recordRound(observe(signs, {}, slotAt), facts({ ...own, configHash, ...told.facts }));
}

/** One envelope with these rounds, which must be of one region and configuration. */
export function envelopeOf(...told: readonly [Told, ...Told[]]): Uint8Array {
  const [first] = told;
  return encodeEnvelope({
    prober: `${first.region ?? "weur"}.0`,
    generation: first.generation ?? 1,
    software: "0.0.0",
    configHash: first.configHash,
    // Sequences of a prober ascend; what they are is nobody's concern but the prober's.
    sequence: first.sequence ?? Math.floor(first.slotAt / 1_000),
    dropped: first.dropped ?? 0,
    records: told.map(roundOf),
    signature: null,
  });
}

/** An envelope for each slot of [fromAt, toAt). */
export function slotsOf(fromAt: number, toAt: number, told: Omit<Told, "slotAt">): Uint8Array[] {
  const envelopes: Uint8Array[] = [];
  const everyMs = told.everyMs ?? 10_000;
  for (let slotAt = Math.ceil(fromAt / everyMs) * everyMs; slotAt < toAt; slotAt += everyMs) {
    envelopes.push(envelopeOf({ ...told, slotAt }));
  }
  return envelopes;
}
