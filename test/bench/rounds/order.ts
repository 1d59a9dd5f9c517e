// What the bench asks its Worker for, and what it gets back: rounds of the real `runLoop`, judged by the real `judge`. Types
// and sums only.

import type { DriverName } from "../../../schema/words.ts";
import type { Endpoint } from "../../../workers/probes/driver.ts";

/** Rounds of one session, one after another. None is an empty request: what remains of a figure when nothing is measured. */
export interface RoundOrder {
  readonly driver: DriverName;
  readonly endpoint: Endpoint;
  readonly channel: string;
  readonly rounds: number;
  readonly messages: number;
  readonly gapMs: number;
  readonly deadlineMs: number;
  readonly payloadBytes: number;
}

/** Sums over the rounds of an order. */
export interface RoundAnswer {
  readonly scheduled: number;
  readonly ok: number;
  readonly lost: number;
  readonly error: number;
  readonly notSent: number;
  readonly duplicate: number;
  readonly reordered: number;
  readonly corrupt: number;
  readonly foreign: number;
  /** The first failure of a round or of a message, and the first reason why a round proves nothing; null: none. */
  readonly failure: string | null;
  /** Of each `ok` message: from its intended send, and from its write. */
  readonly latencyMs: readonly number[];
  readonly sinceWriteMs: readonly number[];
}

/** Whether nothing at all went wrong. */
export function isClean(answer: RoundAnswer): boolean {
  const { lost, error, notSent, duplicate, reordered, corrupt, foreign } = answer;
  const wrong = lost + error + notSent + duplicate + reordered + corrupt + foreign;
  return answer.ok === answer.scheduled && wrong === 0 && answer.failure === null;
}

export function sumAnswers(answers: readonly RoundAnswer[]): RoundAnswer {
  const sum = (of: (answer: RoundAnswer) => number): number => answers.reduce((all, answer) => all + of(answer), 0);
  return {
    scheduled: sum((answer) => answer.scheduled),
    ok: sum((answer) => answer.ok),
    lost: sum((answer) => answer.lost),
    error: sum((answer) => answer.error),
    notSent: sum((answer) => answer.notSent),
    duplicate: sum((answer) => answer.duplicate),
    reordered: sum((answer) => answer.reordered),
    corrupt: sum((answer) => answer.corrupt),
    foreign: sum((answer) => answer.foreign),
    failure: answers.find((answer) => answer.failure !== null)?.failure ?? null,
    latencyMs: answers.flatMap((answer) => answer.latencyMs),
    sinceWriteMs: answers.flatMap((answer) => answer.sinceWriteMs),
  };
}

/** The counts of an answer in one line, without its lists. */
export function countsOf(answer: RoundAnswer): Readonly<Record<string, number | string | null>> {
  const { latencyMs: _latencies, sinceWriteMs: _waits, ...counts } = answer;
  return counts;
}
