// Aim: the driver works with a broker that we did not write: Debian's mosquitto, by WebSocket. Method: whole rounds, many
// in a row; nothing may be lost. (Its WebSockets add 100 ms now and then: latencies are not looked at.)
// TCP is not tried: the driver speaks ws and wss only.

import { describe, expect, inject, it } from "vitest";

import { tryRound } from "./lab.ts";

const { mosquitto, ci } = inject("servers");
const MISSING =
  "mosquitto is not installed, so the driver was not tried with it. Install it: apt-get install mosquitto";
const ROUNDS = 5;

if (mosquitto === null) console.warn(`SKIPPED: ${MISSING}`);

describe("mosquitto", () => {
  it("is there, where it must be", () => {
    if (ci) expect(mosquitto, MISSING).not.toBeNull();
  });

  const address = `ws://127.0.0.1:${mosquitto?.wsPort ?? 0}/mqtt`;
  const more = { messages: 20, gapMs: 10, deadlineMs: 5_000, connectDeadlineMs: 3_000 };

  it.skipIf(mosquitto === null).each([[0], [1]] as const)(
    `delivers ${ROUNDS} rounds at QoS %i without loss`,
    async (qos) => {
      for (let round = 0; round < ROUNDS; round++) {
        const { record } = await tryRound({ address, qos, ...more });
        expect(record).toMatchObject({
          ok: 20,
          lost: 0,
          error: 0,
          notSent: 0,
          duplicate: 0,
          reordered: 0,
          corrupt: 0,
          foreign: 0,
        });
      }
    },
  );

  it.skipIf(mosquitto === null)("delivers rounds that fly at the same time, each to its own", async () => {
    const tried = await Promise.all(Array.from({ length: 3 }, () => tryRound({ address, qos: 1, ...more })));
    for (const { record } of tried) expect(record).toMatchObject({ ok: 20, lost: 0, foreign: 0 });
  });

  it.skipIf(mosquitto === null)("refuses a wrong password", async () => {
    const { observation, record } = await tryRound({ address, password: "wrong on purpose", ...more });
    expect(observation.failure).toMatchObject({ phase: "connect", kind: "auth", code: 5, sure: true });
    expect(record).toMatchObject({ error: 20, connectFail: 20 });
    expect(JSON.stringify(observation)).not.toContain("wrong on purpose");
  });
});
