// Aim: a round whose messages are requests keeps its schedule, never has more than six under way, and counts each message from
// when it was meant to be sent. Method: the real driver and journey on a virtual clock, with a gateway whose every answer takes
// as long as the test wrote down; and what the page is told that such a round means.

import { describe, expect, it } from "vitest";

import { configOf } from "../../workers/config/parse.ts";
import { agoraRestDriver } from "../../workers/probes/agora-rest.probe.ts";
import { openGate } from "../../workers/probes/gate.ts";
import { runLoop } from "../../workers/probes/loop.probe.ts";
import type { Observation } from "../../workers/probes/observation.ts";
import { judge } from "../../workers/probes/outcomes.ts";
import { composeSnapshot } from "../../workers/results/snapshot.ts";
import { virtualOutside } from "../virtual.ts";

const T0 = Date.UTC(2026, 10, 22);
const APP_ID = "0123456789abcdef0123456789abcdef";
const ENDPOINT = {
  address: "https://api.agora.io",
  options: { appId: APP_ID, user: "u", peer: "bob", waitForAck: true },
  secrets: { customerKey: "k", customerSecret: "s" },
};

interface Flown {
  readonly observation: Observation;
  /** Requests under way at once, at most. */
  readonly atOnce: number;
  readonly requests: number;
}

/** `answerMs` by the order of requests; null: never. */
async function fly(
  plan: { readonly messages: number; readonly gapMs: number; readonly deadlineMs: number },
  answerMs: (seq: number) => number | null,
): Promise<Flown> {
  const clock = virtualOutside(T0);
  let requests = -1;
  let open = 0;
  let atOnce = 0;
  const outside = {
    ...clock,
    fetch: (_url: string, init?: RequestInit): Promise<Response> =>
      new Promise((resolve, reject) => {
        const seq = requests++;
        open += 1;
        atOnce = Math.max(atOnce, open);
        init?.signal?.addEventListener("abort", () => {
          open -= 1;
          reject(new Error("aborted"));
        });
        const ms = seq === -1 ? 10 : answerMs(seq);
        if (ms === null) return;
        clock.after(ms, () => {
          open -= 1;
          const body = seq === -1 ? {} : { result: "success", code: "message_delivered" };
          resolve(Response.json(body, { status: seq === -1 ? 400 : 200 }));
        });
      }),
  };
  const { deadlineMs } = plan;
  const deadlines = { connectMs: 1_000, subscribeMs: 1_000, closeMs: 400, answerMs: deadlineMs };
  const round = runLoop(
    outside,
    agoraRestDriver(outside),
    ENDPOINT,
    { ...plan, slotAt: T0, channel: "room", connectDeadlineMs: 1_000, payloadBytes: 100 },
    { deadlines, gate: openGate(outside.now) },
  );
  await clock.run(60_000);
  return { observation: await round, atOnce, requests: requests + 1 };
}

describe("at a pace that the configuration allows", () => {
  const PLAN = { messages: 20, gapMs: 1_000, deadlineMs: 5_000 };

  it("messages that are answered count, from the intended send to the answer", async () => {
    const { observation, atOnce, requests } = await fly(PLAN, () => 40);
    const judged = judge(observation, PLAN.deadlineMs, 20);
    expect(judged.latencyMs).toEqual(Array.from({ length: 20 }, () => 40));
    expect(observation.connects).toEqual([{ timing: { queuedMs: 0, handshakeMs: 10, loginMs: 0 }, connectMs: 10 }]);
    expect([atOnce, requests]).toEqual([1, 21]);
  });

  it("a gateway that answers nothing costs one deadline a message, and no message waits for another", async () => {
    const { observation, atOnce, requests } = await fly(PLAN, () => null);
    expect(judge(observation, PLAN.deadlineMs, 20).outcomes).toEqual(Array.from({ length: 20 }, () => "lost"));
    expect(observation.messages.map((each) => (each.sentAt ?? 0) - each.intendedAt)).toEqual(
      Array.from({ length: 20 }, () => 0),
    );
    expect(atOnce).toBeLessThanOrEqual(6);
    expect(requests, "all were really written").toBe(21);
    expect(observation.endedAt - (observation.readyAt ?? 0)).toBeLessThanOrEqual(19 * 1_000 + 5_000 + 2);
  });

  it("answers that overtake each other are no messages out of order", async () => {
    const { observation } = await fly(PLAN, (seq) => (seq % 2 === 0 ? 1_500 : 20));
    const judged = judge(observation, PLAN.deadlineMs, 20);
    expect([judged.outcomes.filter((each) => each === "ok").length, judged.reordered, judged.duplicate]).toEqual([
      20, 0, 0,
    ]);
  });
});

it("at a pace that it refuses, six are under way at most, and the wait of the others is not hidden", async () => {
  const { observation, atOnce } = await fly({ messages: 18, gapMs: 10, deadlineMs: 5_000 }, () => 300);
  const judged = judge(observation, 5_000, 18);
  expect(atOnce).toBe(6);
  expect(judged.outcomes.every((each) => each === "ok")).toBe(true);
  // The seventh was meant to be sent at 60 ms and found a place at 300.
  expect(judged.latencyMs.slice(5, 7)).toEqual([300, 540]);
});

it("the page is told what such a series counts", () => {
  const config = (options: object): Parameters<typeof composeSnapshot>[0] =>
    configOf({
      name: "a",
      regions: ["weur"],
      targets: [
        {
          id: "t",
          driver: "agora-rest",
          address: "https://api.agora.io",
          credentials: { appCertificate: "AGORA_APP_CERTIFICATE" },
          options: { appId: APP_ID, ...options },
          gap: "1s",
        },
      ],
    });
  const told = (options: object): readonly unknown[] => {
    const made = config(options);
    const [target] = made.targets;
    if (target === undefined) throw new Error("no target");
    const snapshot = composeSnapshot(made, target, [], T0);
    return [snapshot.publish_ack, ...snapshot.regions.map((region) => region.ok_means)];
  };
  expect(told({})).toEqual(["broker", "accepted"]);
  expect(told({ peer: "bob" })).toEqual(["broker", "accepted"]);
  expect(told({ peer: "bob", waitForAck: true })).toEqual(["receiver", "acknowledged"]);
});
