// When a credit can be claimed, and until when: the contract's spans as instants. Pure. Knows nothing of what is owed; the
// report asks only where something is. Called by `report.ts`.

import type { Claim, ClaimSpan, Contract } from "../config/contracts/contract.ts";
import { dayNumbered, dayOf } from "../results/calendar.ts";
import { addBusinessDays } from "./business.ts";
import { type PeriodSpan, cycleEnd } from "./periods.ts";
import type { ClaimResult } from "./report-shape.ts";

const MINUTE_MS = 60_000;

/**
 * The claim of a period. `contract` is the version that it is claimed by, `versions` are all of it. Counted from the day of
 * the period's last moment; where the contract counts from the incident, from the day of the last moment of `incidentAt`
 * (end of the last down run, ms), or from the period's end where no run is known. Null: the contract says nothing of claims.
 * RangeError for a calendar that the contract does not have, or one without work.
 *
 * The deadline is the end of the nth day, business day or billing cycle after that day. It opens when so many days or cycles
 * have passed, but with the start of the nth business day: "from the 5th working day" (Tencent Cloud IM).
 */
export function claimOf(
  contract: Contract,
  versions: readonly Contract[],
  period: Pick<PeriodSpan, "toMinute">,
  incidentAt: number | null,
): ClaimResult | null {
  const { claim } = contract;
  if (claim === null) return null;
  const periodEndsAt = period.toMinute * MINUTE_MS;
  const since = claim.from === "incident" ? (incidentAt ?? periodEndsAt) : periodEndsAt;
  const spanOf = (span: ClaimSpan) => afterSpan(span, since - 1, contract, versions, claim);
  return {
    opens_at: claim.opensAfter === null ? since : spanOf(claim.opensAfter).opensAt,
    deadline_at: spanOf(claim.deadline).endsAt,
    channel: claim.channel,
    evidence: claim.evidence,
    authority: claim.authority,
  };
}

function afterSpan(
  { unit, count }: ClaimSpan,
  lastAt: number,
  contract: Contract,
  versions: readonly Contract[],
  claim: Claim,
): { readonly opensAt: number; readonly endsAt: number } {
  const { zone } = contract.period;
  const lastMinute = Math.floor(lastAt / MINUTE_MS);
  if (unit === "business-day") {
    const day = addBusinessDays(lastAt, count, calendarOf(contract, claim.calendar), zone);
    return { opensAt: day.fromAt, endsAt: day.toAt };
  }
  const endMinute =
    unit === "day"
      ? dayNumbered(dayOf(lastMinute, zone).number + count, zone).toMinute
      : cycleEnd(versions, contract, lastMinute, count);
  return { opensAt: endMinute * MINUTE_MS, endsAt: endMinute * MINUTE_MS };
}

function calendarOf(contract: Contract, id: string | null) {
  if (id === null) return null;
  const calendar = contract.calendars[id];
  if (calendar === undefined) throw new RangeError(`contract ${contract.id} has no calendar "${id}"`);
  return calendar;
}
