// The driver by itself: one round through `runLoop` in workerd, against whatever address a test gives, and its record.

import { inject } from "vitest";

import { ledgerCounts, readLedgerLines } from "../../workers/local/ledger.ts";
import type { LedgerCounts } from "../../workers/local/ledger.ts";
import { outside } from "../../workers/outside.ts";
import { driverFor } from "../../workers/probes/drivers.probe.ts";
import { openGate } from "../../workers/probes/gate.ts";
import { runLoop } from "../../workers/probes/loop.probe.ts";
import type { Observation } from "../../workers/probes/observation.ts";
import type { RoundRecord } from "../../workers/results/records.ts";
import { recordRound } from "../../workers/results/round-record.ts";
import { facts } from "../observations.ts";

export interface Trial {
  readonly address: string;
  readonly qos?: 0 | 1;
  readonly user?: string;
  readonly password?: string;
  readonly topic?: string;
  readonly messages?: number;
  readonly gapMs?: number;
  readonly deadlineMs?: number;
  readonly connectDeadlineMs?: number;
}

export interface Tried {
  readonly observation: Observation;
  readonly record: RoundRecord;
}

export const LIMIT_MS = 200;
export const DEADLINE_MS = 1_000;

/** Runs one round. Each has a topic of its own, unless it names one. */
export async function tryRound(trial: Trial): Promise<Tried> {
  const { user, password } = inject("servers");
  const { messages = 8, gapMs = 10, deadlineMs = DEADLINE_MS, connectDeadlineMs = 1_000 } = trial;
  const secrets = { user: trial.user ?? user, password: trial.password ?? password };
  const channel = trial.topic ?? `lab/${crypto.randomUUID()}`;
  const deadlines = { connectMs: connectDeadlineMs, subscribeMs: connectDeadlineMs, closeMs: 400 };
  const slotAt = Math.floor(outside.now() / 1_000) * 1_000;
  const observation = await runLoop(
    outside,
    await driverFor("mqtt", outside),
    { address: trial.address, options: { qos: trial.qos ?? 0 }, secrets },
    { slotAt, channel, messages, gapMs, deadlineMs, connectDeadlineMs, payloadBytes: 100 },
    { deadlines, gate: openGate(outside.now) },
  );
  const own = { slotAt, deadlineMs, connectDeadlineMs, limitsMs: [LIMIT_MS], scheduled: messages };
  return { observation, record: recordRound(observation, facts(own)) };
}

/** The simulated way to the broker that no fleet uses. */
export function labAddress(): string {
  return `ws://127.0.0.1:${inject("servers").ports["lab"]}/mqtt`;
}

/** A misbehaving server; its clients hear only each other, not those of another test. */
export function hostileAddress(path: string): string {
  return `ws://127.0.0.1:${inject("servers").hostile.broker}/${path}`;
}

export async function breakLab(...words: string[]): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${inject("servers").controlPort}/fault`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ region: "lab", words }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  await answer.body?.cancel();
}

/** What the simulator did since then, by its own ledger. */
export async function labLedger(sinceAt: number): Promise<LedgerCounts> {
  const answer = await fetch(`http://127.0.0.1:${inject("servers").controlPort}/ledger`);
  const entries = readLedgerLines(await answer.text()).filter(
    (entry) => entry.region === "lab" && entry.seenAt >= sinceAt,
  );
  return ledgerCounts(entries, { limitMs: LIMIT_MS, deadlineMs: DEADLINE_MS });
}
