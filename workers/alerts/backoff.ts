// When a message is tried again, when it is given up, and what the fallback is then told. Pure: chance is an argument. Never
// changes a message's key. Called by Duty with what a channel answered.

import type { Alert, ChannelAnswer } from "./alert.ts";
import { ALERT_WORDS } from "./message-words.ts";
import { titleOf } from "./message.ts";
import type { GiveUp, Unheard } from "./told.ts";

/** What is left of a message's try: the instant of the next one, or why there is none. */
export type NextTry = { readonly again: number } | { readonly giveUp: GiveUp };

/** After the first try, the second, ...; after the last of them always the same. */
const WAITS_MS = [5_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000] as const;
const JITTER = 0.2;
const RETRY_AFTER_MAX_MS = 3_600_000;
const RETRY_AFTER_MIN_MS = 1_000;
const GIVE_UP_MS = 86_400_000;

/**
 * What follows a try that was not accepted; RangeError for one that was. `tries` counts this one. `random`: 0 to 1, for the jitter.
 * The last try is a day after the first. A receiver's own Retry-After is kept to, but for at most an hour.
 */
export function nextTry(
  entry: { readonly firstTriedAt: number; readonly tries: number },
  answer: ChannelAnswer,
  now: number,
  random: number,
): NextTry {
  if (answer.accepted) throw new RangeError("what was accepted is not tried again");
  if (answer.disable) return { giveUp: "disabled" };
  if (answer.again.when === "never") return { giveUp: "never" };
  const lastAt = entry.firstTriedAt + GIVE_UP_MS;
  if (now >= lastAt) return { giveUp: "too_long" };
  return { again: Math.min(now + waitMs(answer.again, entry.tries, random), lastAt) };
}

function waitMs(again: Exclude<ChannelAnswer["again"], { when: "never" }>, tries: number, random: number): number {
  const chance = Math.min(1, Math.max(0, random));
  if (again.when === "after" && Number.isFinite(again.ms)) {
    const asked = Math.max(RETRY_AFTER_MIN_MS, again.ms);
    return Math.ceil(Math.min(RETRY_AFTER_MAX_MS, asked * (1 + JITTER * chance)));
  }
  const wait = WAITS_MS[Math.min(Math.max(1, tries), WAITS_MS.length) - 1] ?? 600_000;
  return Math.round(wait * (1 - JITTER + 2 * JITTER * chance));
}

export interface Failed {
  /** Channel id: not where it sends to. */
  readonly channel: string;
  readonly why: Unheard;
  /** Of the last answer; null: there was none. */
  readonly answer: Pick<ChannelAnswer, "httpStatus" | "code" | "said"> | null;
}

/**
 * What the fallback is told: the message, written for it, and that another channel could not be told, and why. Key, kind and links
 * stay those of `alert`.
 */
export function giveUpNotice(alert: Alert, failed: Failed): Alert {
  const words = ALERT_WORDS[alert.language];
  const { httpStatus, code, said } = failed.answer ?? { httpStatus: null, code: null, said: "" };
  const status = httpStatus === null ? [] : [`HTTP ${httpStatus}`];
  const answered = [...status, ...(code === null ? [] : [code]), ...(said === "" ? [] : [said])].join(" ");
  return {
    ...alert,
    title: titleOf([words.notTold(failed.channel), alert.title], words),
    sentence: words.join([alert.sentence, words.unheard(failed.channel, failed.why)]),
    facts: [
      ...alert.facts,
      { name: words.names.notTold, value: failed.channel },
      ...(answered === "" ? [] : [{ name: words.names.lastAnswer, value: answered }]),
    ],
  };
}
