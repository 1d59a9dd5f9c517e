// What one look at a target's regions shows, kind by kind: which are bad since when, and which of that is a story that has been
// told to its end. Pure. Never decides what follows from it; that is `decide.ts`, which calls this.

import type { Incident } from "./incident.ts";

/** Kinds that come from looking at regions. */
export type WatchedKind = "outage" | "brownout" | "blind";

/** An outage or a brown-out of one region, as its detector has it. Instants: intended sends, of its first bad message and of the first good one after it. */
export interface Bout {
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly attempted: number;
  readonly bad: number;
  readonly flapping: boolean;
}

/** What is known of one region now. Every region that the target is measured from is there, measured or not. */
export interface RegionSeen {
  readonly region: string;
  readonly measured: boolean;
  /** The one that goes on, or the latest that ended, for as long as the caller remembers it. */
  readonly outage: Bout | null;
  readonly brownout: Bout | null;
  /** Unmeasured since. */
  readonly blindSince: number | null;
  readonly blindReason: string | null;
}

/** One region's bad time. */
export interface Spell extends Bout {
  readonly region: string;
  readonly reason: string | null;
}

/** One region as one kind sees it. */
export interface View {
  readonly region: string;
  readonly spell: Spell | null;
  /** Without a spell it is good; else nobody knows. */
  readonly known: boolean;
  readonly measured: boolean;
}

/** Each region as this kind sees it, without what `settled` incidents have told to its end. A region is blind from `blindMs` on. */
export function viewsOf(
  kind: WatchedKind,
  seen: readonly RegionSeen[],
  settled: readonly Incident[],
  facts: { readonly now: number; readonly blindMs: number },
): View[] {
  const told = settled.filter((incident) => incident.kind === kind && !incident.drill);
  return seen.map((each) => {
    const { region, measured } = each;
    const spell = spellOf(kind, each);
    const isTold = spell !== null && told.some((incident) => tells(incident, spell));
    const isRipe = kind !== "blind" || (spell !== null && facts.now - spell.startedAt >= facts.blindMs);
    // Unripe blindness keeps a story that has the region, and begins none.
    return { region, measured, spell: isTold || !isRipe ? null : spell, known: measured || isTold };
  });
}

/**
 * Whether nothing that is seen can be about this incident any more: only then may it be left out of what is known. One that was
 * resolved while a region was bad stays until that region is good, else the same outage would open another incident; and so does
 * one whose ended outage is still shown.
 */
export function isSpent(incident: Incident, seen: readonly RegionSeen[]): boolean {
  if (incident.state === "open" || incident.state === "restored") return false;
  const { kind } = incident;
  if (incident.state === "merged" || incident.drill || kind === "budget" || kind === "support") return true;
  return !seen.some((each) => {
    const spell = spellOf(kind, each);
    return spell !== null && tells(incident, spell);
  });
}

/** Of one that is resolved. A region that was good by then and is bad again is a new story, even if its first bad message was before that word. */
function tells(incident: Incident, { region, startedAt, endedAt }: Spell): boolean {
  const { resolvedAt, impactEnd } = incident;
  if (resolvedAt === null) return false;
  if (incident.badRegions.includes(region)) return startedAt <= resolvedAt;
  return endedAt !== null && incident.regions.includes(region) && startedAt <= (impactEnd ?? resolvedAt);
}

function spellOf(kind: WatchedKind, seen: RegionSeen): Spell | null {
  const { region, measured, blindSince, blindReason, outage, brownout } = seen;
  switch (kind) {
    case "outage":
      return outage === null ? null : { ...outage, region, reason: null };
    case "brownout": {
      if (brownout === null) return null;
      // What came of an outage is told as that: a brown-out that goes on after it begins there.
      const startedAt = Math.max(brownout.startedAt, outage?.endedAt ?? brownout.startedAt);
      if (brownout.endedAt !== null && brownout.endedAt <= startedAt) return null;
      return { ...brownout, startedAt, region, reason: null };
    }
    case "blind": {
      if (measured || blindSince === null) return null;
      const counts = { attempted: 0, bad: 0, flapping: false };
      return { startedAt: blindSince, endedAt: null, ...counts, region, reason: blindReason };
    }
  }
}
