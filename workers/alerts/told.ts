// What a plan is made of and what it makes: messages as the outbox knows them, their keys, and their order on a channel. Pure;
// sends nothing and decides nothing. Called by `plan.ts` and what stands beside it, and by Duty, which keeps the outbox.

import type { Alerting } from "../config/alerts/alerting.ts";
import type { AlertKind } from "./alert.ts";

/** `dropped`: overtaken before it went out; it counts as never planned. */
export type ToldState = "waiting" | "sent" | "given_up" | "dropped";

/** A message of one incident, as the outbox has it. Lists of these are in the order in which they were planned. */
export interface Told {
  readonly key: string;
  /** Channel id. */
  readonly channel: string;
  /** Route id. */
  readonly route: string;
  readonly kind: AlertKind;
  readonly state: ToldState;
  /** Of one that was given up; else null or left out. */
  readonly gaveUp?: GiveUp | null;
  /** As planned: tries have their own times. So what waits though it is due waits for its receiver. */
  readonly dueAt: number;
  readonly sentAt: number | null;
  /** Number of the newest event that it tells of; of the newest there was when it was written, if that was later. */
  readonly event: number;
}

/** Why a message was given up: the address is gone, the same would be refused again, or it was tried for a day. */
export type GiveUp = "disabled" | "never" | "too_long";

/** Why a channel was not told; `gone`: it is not configured any more. */
export type Unheard = GiveUp | "gone";

/** A message to be kept in the outbox, and to be written when it is first tried. */
export interface PlannedEntry {
  readonly key: string;
  readonly channel: string;
  readonly route: string;
  readonly kind: AlertKind;
  readonly incident: string;
  readonly event: number;
  readonly dueAt: number;
  /** Of the escalation, 0 and up; 0 for what is told to all who know. */
  readonly level: number;
}

export interface PlanFacts {
  /** Null: not configured, so that nobody is told anything. */
  readonly alerting: Alerting | null;
  /** Of the contracts on the target. */
  readonly tiers: readonly string[];
  readonly now: number;
  /** End of the maintenance inside which the incident (or its return) began; null: there was none. */
  readonly mutedUntil: number | null;
  /** A global incident of the target is open: what is regional is told as part of it. */
  readonly held: boolean;
}

export interface Plan {
  readonly entries: readonly PlannedEntry[];
  /** Keys of waiting messages that are overtaken. One that is on its way at this moment, and arrives, was sent nevertheless. */
  readonly drop: readonly string[];
  /** Plan again then, even if nothing happens until then. Null: only when something happens or a message's state changes. */
  readonly nextAt: number | null;
}

/** `chat-7/0/trigger/ops`: incident, episode, what, channel. What is told a second time on purpose has more in it. */
export function keyOf(incident: string, episode: number, ...rest: readonly (string | number)[]): string {
  return [incident, episode, ...rest].join("/");
}

/** What a key says: the episode, what the message is, and on. RangeError for no such key. */
export function partsOf(key: string): {
  readonly episode: number;
  readonly what: string;
  readonly rest: readonly string[];
} {
  const [, episode, what, ...rest] = key.split("/");
  if (episode === undefined || what === undefined || !/^\d+$/.test(episode))
    throw new RangeError(`${key} is no message's key`);
  return { episode: Number(episode), what, rest };
}

/**
 * The message that could not be told, if this key is that of one which tells a fallback of it; null: it speaks for itself. It was
 * given up, or its channel is gone from the configuration.
 */
export function unheardOf<T extends Told>(key: string, told: readonly T[]): T | null {
  const { episode, what, rest } = partsOf(key);
  if (what !== INSTEAD) return null;
  const own = told.filter((each) => each.channel === rest[0] && partsOf(each.key).episode === episode);
  return own.find(({ state }) => state === "given_up") ?? own[0] ?? null;
}

export const INSTEAD = "instead";
