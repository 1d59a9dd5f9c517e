// A driver by itself: one round of `loop` in workerd, against whatever address a test gives, and its record.

import { inject } from "vitest";

import type { DriverName } from "../../schema/words.ts";
import type { Options } from "../../workers/config/config.ts";
import { outside } from "../../workers/outside.ts";
import { driverFor } from "../../workers/probes/drivers.probe.ts";
import { openGate } from "../../workers/probes/gate.ts";
import { runLoop } from "../../workers/probes/loop.probe.ts";
import type { Observation } from "../../workers/probes/observation.ts";
import type { RoundRecord } from "../../workers/results/records.ts";
import { recordRound } from "../../workers/results/round-record.ts";
import { facts } from "../observations.ts";

export interface Trial {
  readonly driver: DriverName;
  readonly address: string;
  readonly channel: string;
  readonly options?: Options;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly messages?: number;
  readonly gapMs?: number;
  readonly deadlineMs?: number;
  readonly connectDeadlineMs?: number;
  readonly payloadBytes?: number;
}

export interface Tried {
  readonly observation: Observation;
  readonly record: RoundRecord;
}

/** Starts the server of `<name>.server.ts`, if no test has yet, and gives what it said of itself. */
export async function serverOf<T>(name: string): Promise<T> {
  const answer = await fetch(`${inject("serversUrl")}/start/${name}`, { method: "POST" });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json<T>();
}

/** As `serverOf`, for a server that needs a Debian program: null where there is none (`programs.ts`), said loudly. */
export async function foreignServerOf<T>(name: string, program: string): Promise<T | null> {
  const address = await serverOf<T | null>(name);
  if (address === null) console.warn(`SKIPPED: ${program} is not here, so nothing was tried with it`);
  return address;
}

export async function tryRound(trial: Trial): Promise<Tried> {
  const { messages = 8, gapMs = 10, deadlineMs = 2_000, connectDeadlineMs = 2_000, payloadBytes = 100 } = trial;
  const deadlines = {
    connectMs: connectDeadlineMs,
    subscribeMs: connectDeadlineMs,
    closeMs: 400,
    answerMs: deadlineMs,
  };
  const slotAt = Math.floor(outside.now() / 1_000) * 1_000;
  const observation = await runLoop(
    outside,
    await driverFor(trial.driver, outside),
    { address: trial.address, options: trial.options ?? {}, secrets: trial.secrets ?? {} },
    { slotAt, channel: trial.channel, messages, gapMs, deadlineMs, connectDeadlineMs, payloadBytes },
    { deadlines, gate: openGate(outside.now) },
  );
  const own = { slotAt, deadlineMs, connectDeadlineMs, limitsMs: [200], scheduled: messages };
  return { observation, record: recordRound(observation, facts(own)) };
}

/** What a round without any fault looks like. */
export function clean(messages: number): Partial<RoundRecord> {
  const none = { lost: 0, error: 0, notSent: 0, duplicate: 0, reordered: 0, corrupt: 0, foreign: 0 };
  return { scheduled: messages, ok: messages, ...none, unfit: "none" };
}
