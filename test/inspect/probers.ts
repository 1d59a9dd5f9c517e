// The probers: what one has forgotten is at its collectors (or was counted as dropped), what it keeps is the end of its
// sequence, agrees with what the collectors hold, and never tells one slot in two ways.

import type { Envelope } from "../../workers/results/envelope.ts";
import { decodeEnvelope } from "../../workers/results/envelope.ts";
import { unpackWake } from "../../workers/results/wake.ts";
import { text } from "./findings.ts";
import type { Findings } from "./findings.ts";
import { keyOf } from "./intake.ts";
import type { Taken } from "./intake.ts";
import type { FleetState, ProberState } from "./state.ts";

/** What the collectors have of one prober. */
interface Heard {
  readonly sequences: Set<number>;
  /** By the sequence that said so: wakes that had to go unheard. */
  readonly dropped: Map<number, number>;
}

export function inspectProbers(state: FleetState, taken: readonly Taken[], findings: Findings): void {
  const heard = new Map<string, Heard>();
  for (const collector of taken) {
    for (const envelope of collector.envelopes.values()) {
      if (envelope === null) continue;
      const name = nameOf(envelope);
      const known = heard.get(name) ?? { sequences: new Set(), dropped: new Map() };
      heard.set(name, known);
      known.sequences.add(envelope.sequence);
      if (envelope.dropped > 0) known.dropped.set(envelope.sequence, envelope.dropped);
    }
  }
  const counted = new Map(taken.flatMap((collector) => [...collector.counted]));
  for (const prober of state.probers) inspectProber(prober, heard.get(prober.name), counted, findings);
}

function nameOf(envelope: Envelope): string {
  return `${envelope.prober}.v${envelope.generation}`;
}

function inspectProber(
  prober: ProberState,
  heard: Heard | undefined,
  counted: Taken["counted"],
  findings: Findings,
): void {
  findings.count("probers");
  const what = `prober ${prober.name}`;
  const wakes = prober.wakes.toSorted((a, b) => a.sequence - b.sequence);
  const oldest = wakes[0]?.sequence ?? 1;
  const told = new Map<string, string>();
  const drops = new Map(heard?.dropped);
  wakes.forEach((wake, i) => {
    findings.count("wakes kept");
    if (wake.sequence !== oldest + i) findings.bad(`${what}: wake ${wake.sequence} follows ${oldest + i - 1}`);
    findings.holds(`${what}: wake ${wake.sequence}`, () => {
      for (const part of unpackWake(wake.bytes)) {
        const envelope = decodeEnvelope(part.envelope);
        findings.equal(`${what}: envelope`, [nameOf(envelope), envelope.sequence], [prober.name, wake.sequence]);
        drops.set(wake.sequence, envelope.dropped);
        for (const record of envelope.records) {
          findings.count("records in kept wakes");
          const key = keyOf(record);
          findings.equal(`${what}: ${key}: target`, record.series.target, part.target);
          const bare = text(record);
          if (told.has(key) && told.get(key) !== bare) findings.bad(`${what}: tells ${key} in two ways`);
          told.set(key, bare);
          const known = counted.get(key);
          if (known !== undefined && text(known.record) !== bare)
            findings.bad(`${what}: ${key} is something else at its collector`);
        }
      }
    });
  });
  // Sequences begin at 1; what is below the oldest kept was deleted, which only an acknowledgement allows (or a full
  // store, which the next envelope tells; the one that tells it may itself still be kept).
  const missing: number[] = [];
  for (let sequence = 1; sequence < oldest; sequence++) {
    findings.count("wakes forgotten");
    if (heard?.sequences.has(sequence) !== true) missing.push(sequence);
  }
  const dropped = [...drops.values()].reduce((sum, each) => sum + each, 0);
  if (missing.length > dropped) {
    findings.bad(
      `${what}: forgot wakes ${missing.slice(0, 10).join(", ")} (${missing.length}), which no collector has; ${dropped} were dropped`,
    );
  }
}
