// Aim: as test/rooms/gateway-fuzz.test.ts, with a real WebSocket in workerd between: its own reading of frames, its own events.
// Method: rounds against gateways that put 25 hostile frames from a seed before each of their answers, to whomever it goes;
// then bytes that are no WebSocket, and a message above what the runtime takes.

import { describe, expect, it } from "vitest";

import { JSON_OPTIONS, TEXT_OPTIONS } from "./gateway-options.ts";
import type { Gateways } from "./gateway.server.ts";
import { serverOf, type Tried, tryRound } from "./trial.ts";

const { port, user, password, token } = await serverOf<Gateways>("gateway");
const SECRETS = { user, password, token };
const MESSAGES = 20;
/** Publisher and subscriber at login, subscriber at join, both at each message. */
const HOSTILE_A_ROUND = 25 * (3 + 2 * MESSAGES);

function round(dialect: "json" | "text", path: string): Promise<Tried> {
  return tryRound({
    driver: "websocket",
    address: `ws://127.0.0.1:${port}/${dialect}/${path}`,
    channel: "lab",
    options: dialect === "json" ? JSON_OPTIONS : TEXT_OPTIONS,
    secrets: SECRETS,
    messages: MESSAGES,
  });
}

describe("hostile frames over a real WebSocket", () => {
  it.each(["json", "text"] as const)("%s: every message of ours is still counted, once", async (dialect) => {
    let frames = 0;
    for (let wave = 0; wave < 2; wave += 1) {
      const seeds = Array.from({ length: 4 }, (_, i) => 100 * wave + i + 1);
      for (const { record, observation } of await Promise.all(seeds.map((seed) => round(dialect, `fuzz/${seed}`)))) {
        expect(record).toMatchObject({
          ok: MESSAGES,
          lost: 0,
          error: 0,
          duplicate: 0,
          reordered: 0,
          corrupt: 0,
          unfit: "none",
        });
        expectNoSecret(observation);
        frames += HOSTILE_A_ROUND;
      }
    }
    console.log(`websocket-fuzz.test.ts: ${dialect}: ${frames} hostile frames`);
    expect(frames).toBeGreaterThan(8_000);
  });

  it("bytes that are no WebSocket end the session, whatever they are", async () => {
    for (let wave = 0; wave < 3; wave += 1) {
      const seeds = Array.from({ length: 10 }, (_, i) => 10 * wave + i + 1);
      for (const { observation, record } of await Promise.all(seeds.map((seed) => round("json", `raw/${seed}`)))) {
        expect(observation.failure).toMatchObject({ phase: expect.stringMatching(/^(subscribe|deliver)$/) });
        expect(["closed", "protocol", "timeout"]).toContain(observation.failure?.kind);
        expect(record).toMatchObject({ ok: 0, unfit: "none" });
        expectNoSecret(observation);
        expect(observation.endedAt - observation.startedAt).toBeLessThan(2 * 2_000 + 400 + 20 * 10 + 1_000);
      }
    }
  });

  it("a message above what the runtime takes ends the session", async () => {
    const { observation, record } = await round("json", "huge");
    expect(observation.failure).toMatchObject({ phase: "subscribe", kind: "closed" });
    expect(record).toMatchObject({ error: MESSAGES, unfit: "none" });
    expectNoSecret(observation);
  });
});

function expectNoSecret(seen: unknown): void {
  const words = JSON.stringify(seen);
  for (const secret of Object.values(SECRETS)) expect(words).not.toContain(JSON.stringify(secret).slice(1, -1));
}
