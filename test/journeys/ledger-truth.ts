// What a fleet must have seen, from the simulator's ledger alone: slot by slot, then summed up to minutes and longer. Knows
// the SLA's words by its own arithmetic and uses none of the fleet's folding, so that an error there cannot hide here.

import { ledgerCounts } from "../../workers/local/ledger.ts";
import type { LedgerEntry } from "../../workers/local/ledger.ts";

/** The integers that every level must show. Names as in records; `late` is over the SLA's limit. */
export interface Truth {
  readonly scheduled: number;
  readonly ok: number;
  readonly lost: number;
  readonly error: number;
  readonly notSent: number;
  readonly late: number;
  readonly duplicate: number;
  readonly reordered: number;
}

export interface Terms {
  readonly everyMs: number;
  readonly messages: number;
  readonly limitMs: number;
  readonly deadlineMs: number;
}

const MINUTE_MS = 60_000;

/** By `region slotAt`. A message belongs to the slot in which the simulator saw it. */
export function slotTruths(entries: readonly LedgerEntry[], terms: Terms): Map<string, Truth> {
  const groups = Map.groupBy(
    entries,
    (entry) => `${entry.region} ${Math.floor(entry.seenAt / terms.everyMs) * terms.everyMs}`,
  );
  return new Map([...groups].map(([name, group]) => [name, truthOf(group, terms)]));
}

function truthOf(group: readonly LedgerEntry[], terms: Terms): Truth {
  const counts = ledgerCounts(group, terms);
  return {
    scheduled: terms.messages,
    ok: counts.delivered,
    // What was never written had no open subscriber left: the round had closed at its deadline.
    lost: counts.dropped + counts.afterDeadline + counts.unwritten,
    error: 0,
    notSent: terms.messages - counts.seen,
    late: counts.overLimit,
    duplicate: counts.duplicated,
    reordered: counts.reordered,
  };
}

/** A round that was refused at the door: the ledger knows nothing of messages that never came. */
export function refusedTruth(terms: Terms): Truth {
  return { ...NOTHING, scheduled: terms.messages, error: terms.messages };
}

const NOTHING: Truth = { scheduled: 0, ok: 0, lost: 0, error: 0, notSent: 0, late: 0, duplicate: 0, reordered: 0 };

export function sumTruths(list: readonly Truth[]): Truth {
  const sum = { ...NOTHING };
  for (const each of list) for (const key of Object.keys(NOTHING) as (keyof Truth)[]) sum[key] += each[key];
  return sum;
}

/** By minute since the epoch, of one region. */
export function minuteTruths(slots: ReadonlyMap<string, Truth>, region: string): Map<number, Truth> {
  const own = [...slots].filter(([name]) => name.startsWith(`${region} `));
  const byMinute = Map.groupBy(own, ([name]) => Math.floor(Number(name.split(" ")[1]) / MINUTE_MS));
  return new Map([...byMinute].map(([minute, list]) => [minute, sumTruths(list.map(([, truth]) => truth))]));
}

/** design.md 2.5 and 2.6, in whole numbers: down from a fifth lost or refused, degraded from a tenth bad or late. */
export function stateOfTruth({ scheduled, ok, lost, error, late }: Truth): "up" | "degraded" | "down" | "unmeasured" {
  const attempted = ok + lost + error;
  if (attempted * 2 < scheduled) return "unmeasured";
  if ((lost + error) * 5 >= attempted) return "down";
  return (lost + error + late) * 10 >= attempted ? "degraded" : "up";
}
