// Who is on call at an instant, and when that changes: rotations in layers, and overrides above them, on the clock of the schedule's
// zone. Pure: the instant is an argument. A gap is a gap: nobody is made up to fill it. Called by `routing.ts` and `pages.ts`.

import { Temporal } from "temporal-polyfill";
import type { OnCallSchedule, Override, Rotation } from "../config/alerts/alerting.ts";
import { dateAt, hoursAt, instantOf } from "./weekly.ts";

/** So many shifts are looked through for somebody else; more of one person have no use but cost time. */
const STEPS_MAX = 200;

/** What a layer, or all of them, say at an instant, and at least until when; null: for ever. */
interface Shift {
  readonly contact: string | null;
  readonly until: number | null;
}

/** A contact's id; null: nobody is. */
export function onCallAt(schedule: OnCallSchedule, at: number): string | null {
  return shiftAt(schedule, at).contact;
}

/**
 * The first instant after `at` at which somebody else is on call than at `at`: another one, somebody after nobody, or nobody. Null:
 * never, or not within the next 200 shifts.
 */
export function nextHandover(schedule: OnCallSchedule, at: number): number | null {
  const before = shiftAt(schedule, at);
  let { until } = before;
  for (let step = 0; step < STEPS_MAX && until !== null; step += 1) {
    const shift = shiftAt(schedule, until);
    if (shift.contact !== before.contact) return until;
    until = shift.until;
  }
  return null;
}

/** Layers from above until one has somebody: what lies below that one changes nothing as long as it holds. */
function shiftAt({ zone, rotations, overrides }: OnCallSchedule, at: number): Shift {
  const layers: readonly (() => Shift)[] = [
    ...overrides.toReversed().map((override) => () => overrideAt(override, zone, at)),
    ...rotations.toReversed().map((rotation) => () => rotationAt(rotation, zone, at)),
  ];
  let until: number | null = null;
  for (const layer of layers) {
    const shift = layer();
    until = sooner(until, shift.until);
    if (shift.contact !== null) return { contact: shift.contact, until };
  }
  return { contact: null, until };
}

function overrideAt({ from, to, contact }: Override, zone: string, at: number): Shift {
  const [begins, ends] = [instantOf(from, zone), instantOf(to, zone)];
  if (at >= ends) return { contact: null, until: null };
  return at < begins ? { contact: null, until: begins } : { contact, until: ends };
}

function rotationAt({ from, everyDays, contacts, only }: Rotation, zone: string, at: number): Shift {
  const first = Temporal.PlainDateTime.from(from);
  // Counted from the first each time, so that a shift which began in an hour that was skipped never moves those after it.
  const beginning = (shift: number): number => instantOf(first.add({ days: shift * everyDays }), zone);
  if (at < beginning(0)) return { contact: null, until: beginning(0) };
  const days = first.toPlainDate().until(dateAt(at, zone)).days;
  // One later than the date says, since the clock may have been set back over the hand-over; then back to the one that has begun.
  let shift = Math.max(0, Math.floor(days / everyDays)) + 1;
  while (shift > 0 && beginning(shift) > at) shift -= 1;
  const contact = contacts[shift % contacts.length] ?? null;
  const ends = new Set(contacts).size > 1 ? beginning(shift + 1) : null;
  if (only === null || contact === null) return { contact, until: ends };
  const { inside, until } = hoursAt(only, zone, at);
  return inside ? { contact, until: sooner(until, ends) } : { contact: null, until };
}

function sooner(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
