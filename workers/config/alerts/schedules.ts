// Reads `contacts` and `schedules` of the alerts: who is reached where, and who is on call when. Wall-clock times stay text here;
// `alerts/on-call.ts` puts them on the clock of their zone. Called by `alerts.ts`.

import * as z from "zod";
import { readEach } from "../contracts/term-fields.ts";
import { field, id, inner, judged, readFields, wholeNumber } from "../fields.ts";
import { type Plain, REFUSED } from "../plain.ts";
import type { Path, Report } from "../problems.ts";
import { refusalOfZone } from "../zones.ts";
import type { Contact, OnCallSchedule, Override, Rotation } from "./alerting.ts";
import { HOURS_FIELDS, hoursOf, WALL_TIME } from "./moments.ts";
import { type Known, readReference, readReferences, readSome } from "./references.ts";

const CONTACTS_MAX = 50;
const CONTACT_CHANNELS_MAX = 10;
const SCHEDULES_MAX = 10;
const ROTATIONS_MAX = 10;
const SHIFTS_MAX = 20;
const OVERRIDES_MAX = 50;

const CONTACT_EXAMPLE = '{ id: "lin", channels: ["mail"] }';
const ROTATION_EXAMPLE = '{ from: "2026-01-05T09:00", everyDays: 7, contacts: ["lin", "ana"] }';
const SCHEDULE_EXAMPLE = `{ id: "primary", zone: "Europe/Berlin", rotations: [${ROTATION_EXAMPLE}] }`;
const OVERRIDE_EXAMPLE = '{ from: "2026-12-24T09:00", to: "2026-12-27T09:00", contact: "ana" }';

const CONTACT_FIELDS = { id: id('id: "lin"'), channels: inner('channels: ["mail"]', "required") };
const SCHEDULE_FIELDS = {
  id: id('id: "primary"'),
  zone: field(judged(z.string(), refusalOfZone).optional(), 'zone: "Europe/Berlin"'),
  rotations: inner(`rotations: [${ROTATION_EXAMPLE}]`, "required"),
  overrides: inner(`overrides: [${OVERRIDE_EXAMPLE}]`, "optional"),
};
const ROTATION_FIELDS = {
  from: field(WALL_TIME, 'from: "2026-01-05T09:00"'),
  everyDays: wholeNumber(1, 366, 7, "everyDays: 7"),
  contacts: inner('contacts: ["lin", "ana"]', "required"),
  only: inner('only: { days: [1, 2, 3, 4, 5], from: "09:00", to: "17:00" }', "optional"),
};
const OVERRIDE_FIELDS = {
  from: field(WALL_TIME, 'from: "2026-12-24T09:00"'),
  to: field(WALL_TIME, 'to: "2026-12-27T09:00"'),
  contact: inner('contact: "ana"', "required"),
};

export function readContacts(list: Plain, path: Path, channels: Known, report: Report): readonly Contact[] {
  const shape = { max: CONTACTS_MAX, write: `contacts: [${CONTACT_EXAMPLE}]` };
  return readEach(list, path, shape, report, (one, at): Contact | null => {
    const read = readFields(CONTACT_FIELDS, one, at, report);
    const places = { max: CONTACT_CHANNELS_MAX, write: CONTACT_FIELDS.channels.write };
    const own = readReferences(read.channels, [...at, "channels"], channels, places, report);
    return read.id === undefined ? null : { id: read.id, channels: own };
  });
}

/** `zone`: of schedules that name none. */
export function readSchedules(
  list: Plain,
  path: Path,
  around: { readonly zone: string; readonly contacts: Known },
  report: Report,
): readonly OnCallSchedule[] {
  const shape = { max: SCHEDULES_MAX, write: `schedules: [${SCHEDULE_EXAMPLE}]` };
  return readEach(list, path, shape, report, (one, at): OnCallSchedule | null => {
    const read = readFields(SCHEDULE_FIELDS, one, at, report);
    const turns = { max: ROTATIONS_MAX, write: SCHEDULE_FIELDS.rotations.write };
    const rotations = readSome(read.rotations, [...at, "rotations"], turns, report, (each, below) =>
      readRotation(each, below, around.contacts, report),
    );
    const swaps = { max: OVERRIDES_MAX, write: `overrides: [${OVERRIDE_EXAMPLE}]` };
    const overrides = readEach(read.overrides, [...at, "overrides"], swaps, report, (each, below) =>
      readOverride(each, below, around.contacts, report),
    );
    return read.id === undefined ? null : { id: read.id, zone: read.zone ?? around.zone, rotations, overrides };
  });
}

function readRotation(one: Plain, path: Path, contacts: Known, report: Report): Rotation | null {
  const read = readFields(ROTATION_FIELDS, one, path, report);
  const shape = { max: SHIFTS_MAX, write: ROTATION_FIELDS.contacts.write };
  // Who stands there twice has two shifts a turn.
  const shifts = readSome(read.contacts, [...path, "contacts"], shape, report, (each, at) =>
    readReference(each, at, contacts, report),
  );
  const only = readOnly(read.only, [...path, "only"], report);
  if (read.from === undefined || read.everyDays === undefined) return null;
  return { from: read.from, everyDays: read.everyDays, contacts: shifts, only };
}

function readOnly(value: Plain, path: Path, report: Report): Rotation["only"] {
  if (value === undefined || value === REFUSED) return null;
  return hoursOf(readFields(HOURS_FIELDS, value, path, report), path, report);
}

function readOverride(one: Plain, path: Path, contacts: Known, report: Report): Override | null {
  const { from, to, contact } = readFields(OVERRIDE_FIELDS, one, path, report);
  const who = contact === undefined ? null : readReference(contact, [...path, "contact"], contacts, report);
  if (from === undefined || to === undefined) return null;
  if (to <= from) {
    const mend = `write a time after ${from}, or swap the two`;
    report.add([...path, "to"], to, { problem: "is not after its beginning", mend });
  }
  return who === null ? null : { from, to, contact: who };
}
