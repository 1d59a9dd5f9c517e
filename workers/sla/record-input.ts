// What a stranger's JSON says about exclusions and tickets, judged strictly: every mistake at once, each with a pointer to
// its place (RFC 6901) and what to write instead. Pure: time and configuration are arguments. Called by the door that
// records them; it never writes, and what it lets through is whole.

import type { Config } from "../config/config.ts";
import {
  EVENTS_MAX,
  EXCLUSION,
  isRecord,
  meant,
  readOne,
  TICKET_EVENT,
  unknownKey,
  WITHDRAWAL,
  WRITE,
} from "./record-fields.ts";
import type { InputError } from "./record-fields.ts";
import type { ExclusionRecord, TicketEvent } from "./records.ts";

const DAY_MS = 86_400_000;
/** As long as hours are kept: nothing older can be judged again. As far ahead nobody plans. */
const WINDOW_MS = 400 * DAY_MS;
/** An announcement may be older than what it announces. */
const ANNOUNCED_MS = 2 * WINDOW_MS;
/** How far the writer's clock may be ahead of ours. */
const CLOCK_MS = 5 * 60_000;
/** More than anyone mends in one go. */
const ERRORS_MAX = 100;

/** What a writer's words are held against. `messageId`: of the signed request, for events without a key of their own. */
export interface InputFacts {
  readonly config: {
    readonly regions: readonly Pick<Config["regions"][number], "id">[];
    readonly targets: readonly Pick<Config["targets"][number], "id">[];
    readonly contracts: readonly Pick<Config["contracts"][number], "id" | "target">[];
  };
  readonly now: number;
  readonly messageId: string;
}

export type NewExclusion = Omit<ExclusionRecord, "id">;
export type NewTicketEvent = Omit<TicketEvent, "id">;

/** A withdrawal as it comes in: the rest of its record repeats the one that it takes back. */
export interface Withdrawal extends Pick<NewExclusion, "key" | "target" | "author" | "reason" | "recordedAt"> {
  readonly withdraws: number;
}

/** One event, and the pointer to where it stood: "/events/3", "" for one that came alone. */
export interface Placed<T> {
  readonly at: string;
  readonly event: T;
}

export type InputRead<T> =
  | { readonly ok: true; readonly events: readonly Placed<T>[] }
  | { readonly ok: false; readonly errors: readonly InputError[] };

/** Exclusions and withdrawals of them: one, or `{ events: [...] }`. Withdrawals still have to be resolved. */
export function readExclusions(body: unknown, facts: InputFacts): InputRead<NewExclusion | Withdrawal> {
  return readEach<NewExclusion | Withdrawal>(body, facts, (event, fallbackKey) => {
    const recordedAt = facts.now;
    if (isRecord(event) && (event["withdraws"] ?? null) !== null) {
      const read = readOne(WITHDRAWAL, event);
      if ("errors" in read) return read;
      const { key = fallbackKey, ...said } = read.value;
      return { value: { ...said, key, recordedAt }, errors: knownTarget(said.target, facts) };
    }
    const read = readOne(EXCLUSION, event);
    if ("errors" in read) return read;
    const { key = fallbackKey, from: fromAt, to: toAt, announced_at: announcedAt, ...said } = read.value;
    const value = { ...said, key, fromAt, toAt, announcedAt, recordedAt, withdraws: null };
    return { value, errors: judgeExclusion(value, facts) };
  });
}

/** Events of tickets: one, or `{ events: [...] }`. */
export function readTicketEvents(body: unknown, facts: InputFacts): InputRead<NewTicketEvent> {
  return readEach(body, facts, (event, fallbackKey) => {
    const read = readOne(TICKET_EVENT, event);
    if ("errors" in read) return read;
    const { key = fallbackKey, note = "", ...said } = read.value;
    const value = { ...said, key, note, recordedAt: facts.now };
    return { value, errors: judgeTicketEvent(value, facts) };
  });
}

/** Makes whole records of withdrawals. `known`: every record of the targets that are named. */
export function resolveWithdrawals(
  events: readonly Placed<NewExclusion | Withdrawal>[],
  known: readonly ExclusionRecord[],
): InputRead<NewExclusion> {
  const errors: InputError[] = [];
  const whole: Placed<NewExclusion>[] = [];
  for (const { at, event } of events) {
    if ("fromAt" in event) {
      whole.push({ at, event });
      continue;
    }
    const found = known.find((each) => each.id === event.withdraws && each.target === event.target);
    const before = known.find((each) => each.withdraws === event.withdraws && each.key !== event.key);
    const refuse = (detail: string): void => void errors.push({ pointer: `${at}/withdraws`, detail });
    if (found === undefined) refuse(`there is no record ${event.withdraws} of this target`);
    else if (found.withdraws !== null) refuse("is a withdrawal itself: record the exclusion anew instead");
    else if (before !== undefined) refuse(`was withdrawn already, by record ${before.id}`);
    else {
      const { id: _, ...record } = found;
      whole.push({ at, event: { ...record, ...event } });
    }
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, events: whole };
}

interface Judged<T> {
  readonly value: T;
  readonly errors: readonly InputError[];
}

/** Pointers of `readEvent` begin at the event. Every key must be there once, and every record be withdrawn once. */
function readEach<T extends { readonly key: string; readonly withdraws?: number | null }>(
  body: unknown,
  facts: InputFacts,
  readEvent: (event: unknown, fallbackKey: string) => Judged<T> | Pick<Judged<T>, "errors">,
): InputRead<T> {
  const isBatch = isRecord(body) && "events" in body;
  const list: unknown = isBatch ? body["events"] : [body];
  const more = isBatch ? Object.keys(body).filter((key) => key !== "events") : [];
  const errors: InputError[] = more.map((key) => unknownKey(key, ["events"]));
  if (!Array.isArray(list) || list.length === 0 || list.length > EVENTS_MAX) {
    return { ok: false, errors: [...errors, { pointer: "/events", detail: `write ${WRITE["events"]}` }] };
  }
  const events: Placed<T>[] = [];
  const seen = new Set<string>();
  const once = (pointer: string, value: string | number): void => {
    if (seen.has(`${value} ${typeof value}`)) errors.push({ pointer, detail: "stands in this request twice" });
    seen.add(`${value} ${typeof value}`);
  };
  for (const [index, event] of list.entries()) {
    const at = isBatch ? `/events/${index}` : "";
    const read = readEvent(event, `${facts.messageId}/${index}`);
    for (const error of read.errors) errors.push({ ...error, pointer: at + error.pointer });
    if (!("value" in read)) continue;
    once(`${at}/key`, read.value.key);
    if (typeof read.value.withdraws === "number") once(`${at}/withdraws`, read.value.withdraws);
    events.push({ at, event: read.value });
  }
  return errors.length > 0 ? { ok: false, errors: errors.slice(0, ERRORS_MAX) } : { ok: true, events };
}

function judgeExclusion(event: NewExclusion, facts: InputFacts): InputError[] {
  const { config, now } = facts;
  const { contract, regions, fromAt, toAt, announcedAt } = event;
  const errors = knownTarget(event.target, facts);
  const add = (pointer: string, detail: string): void => void errors.push({ pointer, detail });
  if (contract !== null) {
    const versions = config.contracts.filter((each) => each.id === contract);
    if (versions.length === 0) add("/contract", unknownId("contract", contract, idsOf(config.contracts)));
    else if (versions.every((each) => each.target !== event.target)) add("/contract", "is about another target");
  }
  for (const [index, region] of (regions ?? []).entries()) {
    const pointer = `/regions/${index}`;
    if (!config.regions.some(({ id }) => id === region)) {
      add(pointer, unknownId("region", region, idsOf(config.regions)));
    } else if (regions?.indexOf(region) !== index) add(pointer, "stands there twice");
  }
  if (fromAt < now - WINDOW_MS) add("/from", "is more than 400 days ago");
  if (toAt > now + WINDOW_MS) add("/to", "is more than 400 days ahead");
  if (fromAt >= toAt) add("/to", "is not after from");
  if (announcedAt !== null && announcedAt > now + CLOCK_MS) add("/announced_at", "is in the future");
  if (announcedAt !== null && announcedAt < now - ANNOUNCED_MS) add("/announced_at", "is more than 800 days ago");
  return errors;
}

function judgeTicketEvent(event: NewTicketEvent, { config, now }: InputFacts): InputError[] {
  const errors: InputError[] = [];
  const add = (pointer: string, detail: string): void => void errors.push({ pointer, detail });
  if (!config.contracts.some(({ id }) => id === event.contract)) {
    add("/contract", unknownId("contract", event.contract, idsOf(config.contracts)));
  }
  const grades = event.kind === "opened" || event.kind === "regraded";
  if (grades && event.severity === null) add("/severity", `is missing: write ${WRITE["severity"]}`);
  if (!grades && event.severity !== null) add("/severity", "belongs to opened and regraded only");
  const waits = event.kind === "waiting";
  if (waits && event.waiting === null) add("/waiting", `is missing: write ${WRITE["waiting"]}`);
  if (!waits && event.waiting !== null) add("/waiting", "belongs to waiting only");
  if (event.at > now + CLOCK_MS) add("/at", "is in the future");
  if (event.at < now - WINDOW_MS) add("/at", "is more than 400 days ago");
  return errors;
}

function knownTarget(target: string, { config }: InputFacts): InputError[] {
  if (config.targets.some(({ id }) => id === target)) return [];
  return [{ pointer: "/target", detail: unknownId("target", target, idsOf(config.targets)) }];
}

function idsOf(list: readonly { readonly id: string }[]): string[] {
  return [...new Set(list.map(({ id }) => id))];
}

function unknownId(what: string, word: string, known: readonly string[]): string {
  if (known.length === 0) return `there is no ${what} in the configuration`;
  return `there is no such ${what} in the configuration; ${meant(word, known)}`;
}
