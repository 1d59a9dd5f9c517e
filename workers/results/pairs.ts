// Joins what two regions say of each other in `mesh`: the asker's round of a slot with the round that its peer made in the
// same slot. A pair is measured only when the peer says that it was there. Pure; the same rounds give the same join in
// any order. Called by the collector before a minute is folded, and for what the page shows as "now".

import type { ArrivedRound } from "./minute.ts";
import type { RoundRecord } from "./records.ts";

/**
 * The asker's rounds, each with what its peer heard of it. A round whose peer was not there (or has not told yet) is unfit:
 * its questions may have been lost on nobody's account. Its counts stay, as evidence.
 */
export function joinPairs(own: readonly ArrivedRound[], peer: readonly ArrivedRound[]): ArrivedRound[] {
  const witnesses = new Map<number, ArrivedRound>();
  for (const round of peer) {
    const known = witnesses.get(round.record.slotAt);
    if (known === undefined || round.envelope < known.envelope) witnesses.set(round.record.slotAt, round);
  }
  return own.map((round) => ({ ...round, record: joined(round.record, witnesses.get(round.record.slotAt)?.record) }));
}

function joined(own: RoundRecord, peer: RoundRecord | undefined): RoundRecord {
  const heard = peer?.heard ?? null;
  if (heard !== null) return { ...own, heard };
  return { ...own, heard: null, unfit: own.unfit === "none" ? "peer" : own.unfit };
}
