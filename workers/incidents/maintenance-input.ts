// What a stranger's JSON says about maintenance, judged strictly: every mistake at once, each with a pointer to its place (RFC
// 6901) and what to write instead. Pure: time, configuration and what is known are arguments. Called by the door that records
// it; it never writes, and what it lets through is whole.

import * as z from "zod";
import { refusalOfDate } from "../config/dates.ts";
import { hasUnprintable } from "../config/problems.ts";
import { refusalOfZone } from "../config/zones.ts";
import { type InputError, instantOf, isRecord, meant, unknownKey } from "../sla/record-fields.ts";
import type { Maintenance, MaintenanceWindow, NewMaintenance } from "./maintenance.ts";

const DAY_MS = 86_400_000;
const DAY_MINUTES = 1440;
/** Longer is no maintenance: an incident, or an end of service. */
const ONCE_MS = 14 * DAY_MS;
/** What was done in a hurry may be written down afterwards, but not for ever. */
const PAST_MS = 7 * DAY_MS;
/** As far ahead nobody plans. */
const AHEAD_MS = 400 * DAY_MS;
const WEEK_MINUTES = 7 * DAY_MINUTES;

/** What a writer's words are held against. `messageId`: of the signed request, for a record without a key of its own. */
export interface MaintenanceFacts {
  readonly config: {
    readonly regions: readonly { readonly id: string }[];
    readonly targets: readonly { readonly id: string }[];
  };
  /** Every record of the target that is named. */
  readonly known: readonly Maintenance[];
  readonly now: number;
  readonly messageId: string;
}

export type MaintenanceRead =
  | { readonly ok: true; readonly record: NewMaintenance }
  | { readonly ok: false; readonly errors: readonly InputError[] };

const line = (max: number, write: string): z.ZodType<string> =>
  z
    .string({ error: write })
    .trim()
    .min(1, { error: write })
    .max(max, { error: write })
    .refine((text) => !hasUnprintable(text), { error: write });

const WRITE_INSTANT =
  'write an instant with its offset, as in "2026-11-01T02:00:00+08:00", or whole milliseconds since 1970';
const instant = z.unknown().transform((value, context): number => {
  const at = instantOf(value);
  if (at !== null) return at;
  context.addIssue({ code: "custom", message: WRITE_INSTANT });
  return z.NEVER;
});

const WRITE_TIME = 'write a time of the day, as in "02:30"; "24:00" is the end of the day';
const timeOfDay = z
  .string({ error: WRITE_TIME })
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, { error: WRITE_TIME })
  .transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)));

const WRITE_DAY = 'write a day, as in "2027-01-31"';
const day = z.string({ error: WRITE_DAY }).refine((text) => refusalOfDate(text) === null, { error: WRITE_DAY });

const WRITE_DAYS = "write a list of days, 1 for Monday to 7 for Sunday, each once";
const WRITE_REGIONS = "write a list of region ids, or leave it out: all regions";
const WRITE_TITLE = "write what is done, 1 to 200 visible characters in one line, as { en, zh } or one of the two";
const WRITE_ZONE = 'write an IANA name, as in "Asia/Shanghai"';
const WRITE_WINDOW =
  'write { "kind": "once", from, to } or { "kind": "weekly", zone, days, from, to, from_day, until_day }';
const WRITE_KEY = "write 1 to 200 letters, digits and signs of ASCII, without spaces, or leave it out";

const OURS = {
  key: z.optional(z.string({ error: WRITE_KEY }).regex(/^[\x21-\x7e]{1,200}$/, { error: WRITE_KEY })),
  target: line(100, "write the id of a target"),
  author: line(200, "write who says so: 1 to 200 visible characters, in one line"),
};

const WINDOW = {
  once: z.strictObject({ kind: z.literal("once"), from: instant, to: instant }),
  weekly: z.strictObject({
    kind: z.literal("weekly"),
    zone: z.string({ error: WRITE_ZONE }).refine((zone) => refusalOfZone(zone) === null, { error: WRITE_ZONE }),
    days: z
      .array(z.int({ error: WRITE_DAYS }).min(1, { error: WRITE_DAYS }).max(7, { error: WRITE_DAYS }), {
        error: WRITE_DAYS,
      })
      .min(1, { error: WRITE_DAYS })
      .max(7, { error: WRITE_DAYS })
      .refine((days) => new Set(days).size === days.length, { error: WRITE_DAYS }),
    from: timeOfDay,
    to: timeOfDay,
    from_day: day,
    until_day: z.nullish(day).transform((text) => text ?? null),
  }),
};

const RECORD = z.strictObject({
  ...OURS,
  regions: z
    .nullish(
      z
        .array(line(100, WRITE_REGIONS), { error: WRITE_REGIONS })
        .min(1, { error: WRITE_REGIONS })
        .max(100, { error: WRITE_REGIONS }),
    )
    .transform((regions) => regions ?? null),
  title: z
    .strictObject(
      { en: z.optional(line(200, WRITE_TITLE)), zh: z.optional(line(200, WRITE_TITLE)) },
      { error: WRITE_TITLE },
    )
    .refine(({ en, zh }) => en !== undefined || zh !== undefined, { error: WRITE_TITLE }),
  window: z.discriminatedUnion("kind", [WINDOW.once, WINDOW.weekly], { error: WRITE_WINDOW }),
  withdraws: z.optional(z.null()),
});

const WITHDRAWAL = z.strictObject({ ...OURS, withdraws: line(100, "write the id of the record that is called off") });

/** One record of maintenance, or `{ withdraws: id, target, author }`, which calls one off. */
export function readMaintenance(input: unknown, facts: MaintenanceFacts): MaintenanceRead {
  if (!isRecord(input)) return { ok: false, errors: [{ pointer: "", detail: "is no JSON object" }] };
  if ((input["withdraws"] ?? null) !== null) return readWithdrawal(input, facts);
  const read = RECORD.safeParse(input);
  if (!read.success) return { ok: false, errors: errorsOf(read.error, input) };
  const { key = facts.messageId, target, author, regions, window: said, title } = read.data;
  const window = windowOf(said);
  const errors = [
    ...knownTarget(target, facts),
    ...judgeRegions(regions ?? [], facts),
    ...judgeWindow(window, facts.now),
  ];
  const record = { key, target, regions, title: titleOf(title), window, author, withdraws: null };
  return errors.length === 0 ? { ok: true, record } : { ok: false, errors };
}

function readWithdrawal(input: Record<string, unknown>, facts: MaintenanceFacts): MaintenanceRead {
  const read = WITHDRAWAL.safeParse(input);
  if (!read.success) return { ok: false, errors: errorsOf(read.error, input) };
  const { key = facts.messageId, target, author, withdraws } = read.data;
  const errors = knownTarget(target, facts);
  const found = facts.known.find((each) => each.id === withdraws && each.target === target);
  const before = facts.known.find((each) => each.withdraws === withdraws && each.key !== key);
  const refuse = (detail: string): number => errors.push({ pointer: "/withdraws", detail });
  if (errors.length > 0 || found === undefined) {
    if (errors.length === 0) refuse(`there is no record "${withdraws.slice(0, 60)}" of this target`);
    return { ok: false, errors };
  }
  if (found.withdraws !== null) refuse("calls one off itself: record the maintenance anew instead");
  else if (before !== undefined) refuse(`was called off already, by record ${before.id}`);
  const { regions, title, window } = found;
  const record = { key, target, regions, title, window, author, withdraws };
  return errors.length === 0 ? { ok: true, record } : { ok: false, errors };
}

type WindowSaid = z.output<(typeof WINDOW)["once"]> | z.output<(typeof WINDOW)["weekly"]>;

function windowOf(said: WindowSaid): MaintenanceWindow {
  if (said.kind === "once") return { kind: "once", fromAt: said.from, toAt: said.to };
  const { zone, days, from: fromMinute, to: toMinute, from_day: fromDay, until_day: untilDay } = said;
  return { kind: "weekly", zone, days: [...days].sort((a, b) => a - b), fromMinute, toMinute, fromDay, untilDay };
}

function titleOf({ en, zh }: { readonly en?: string | undefined; readonly zh?: string | undefined }) {
  return { ...(en === undefined ? {} : { en }), ...(zh === undefined ? {} : { zh }) };
}

function judgeWindow(window: MaintenanceWindow, now: number): InputError[] {
  const errors: InputError[] = [];
  const add = (name: string, detail: string): void => void errors.push({ pointer: `/window/${name}`, detail });
  if (window.kind === "once") {
    const { fromAt, toAt } = window;
    if (fromAt < now - PAST_MS) add("from", "is more than 7 days ago");
    if (fromAt > now + AHEAD_MS) add("from", "is more than 400 days ahead");
    if (fromAt >= toAt) add("to", "is not after from");
    else if (toAt - fromAt > ONCE_MS) add("to", "is more than 14 days after from");
    return errors;
  }
  const { days, fromMinute, toMinute, fromDay, untilDay } = window;
  const fromAt = Date.parse(`${fromDay}T00:00:00Z`);
  // A day is not an instant: somewhere it is still the day before.
  if (fromAt < now - PAST_MS - DAY_MS) add("from_day", "is more than 7 days ago");
  if (fromAt > now + AHEAD_MS) add("from_day", "is more than 400 days ahead");
  if (untilDay !== null && untilDay < fromDay) add("until_day", "is before from_day");
  const minutes = toMinute > fromMinute ? toMinute - fromMinute : toMinute + DAY_MINUTES - fromMinute;
  if (fromMinute === DAY_MINUTES) add("from", 'write "00:00", and the days after');
  else if (fromMinute === toMinute) add("to", 'is the time of from; a whole day is "00:00" to "24:00"');
  else if (minutes * days.length >= WEEK_MINUTES)
    add("days", "is all of the time: nobody would ever be told of anything");
  return errors;
}

function judgeRegions(regions: readonly string[], { config }: MaintenanceFacts): InputError[] {
  return regions.flatMap((region, index) => {
    const pointer = `/regions/${index}`;
    if (!config.regions.some(({ id }) => id === region)) {
      return [{ pointer, detail: unknownId("region", region, config.regions) }];
    }
    return regions.indexOf(region) === index ? [] : [{ pointer, detail: "stands there twice" }];
  });
}

function knownTarget(target: string, { config }: MaintenanceFacts): InputError[] {
  if (config.targets.some(({ id }) => id === target)) return [];
  return [{ pointer: "/target", detail: unknownId("target", target, config.targets) }];
}

function unknownId(what: string, word: string, known: readonly { readonly id: string }[]): string {
  return `there is no such ${what} in the configuration; ${meant(
    word,
    known.map(({ id }) => id),
  )}`;
}

function errorsOf({ issues }: z.ZodError, input: Record<string, unknown>): InputError[] {
  return issues.flatMap(({ path, message, ...issue }): InputError[] => {
    const pointer = path.map((step) => `/${String(step)}`).join("");
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => unknownKey(key, keysAt(pointer, input), pointer));
    }
    const value = path.reduce<unknown>((holder, step) => Reflect.get(Object(holder), step), input);
    return [{ pointer, detail: `${value === undefined ? "is missing" : "is not understood"}: ${message}` }];
  });
}

function keysAt(pointer: string, input: Record<string, unknown>): readonly string[] {
  if (pointer === "/title") return ["en", "zh"];
  if (pointer !== "/window")
    return Object.keys((input["withdraws"] ?? null) === null ? RECORD.shape : WITHDRAWAL.shape);
  const said = input["window"];
  return Object.keys(isRecord(said) && said["kind"] === "once" ? WINDOW.once.shape : WINDOW.weekly.shape);
}
