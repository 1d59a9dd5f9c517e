// Aim: a dialogue keeps its schedule, knows its own turns, and shows every break of a session in counts that add up.
// Method: a virtual clock and a service whose every message and session has a fate that the test wrote down.

import { describe, expect, it } from "vitest";

import type { Incoming } from "../../workers/probes/driver.ts";
import { runDialogue } from "../../workers/probes/dialogue.probe.ts";
import { judge } from "../../workers/probes/outcomes.ts";
import { must } from "../observations.ts";
import { CLOSED, flyJourney, REFUSED, signsOf, T0 } from "./journey-world.ts";
import type { Driven, Flown, Service } from "./journey-world.ts";

const PLAN = { journey: "dialogue", turns: 10, gapMs: 50, payloadBytesLast: 1_000 } as const;
const ASK = "sonde/chat/weur/dialogue/ask";
const ANSWER = "sonde/chat/weur/dialogue/answer";
/** Two connects of 10 + 10 ms. */
const READY_MS = 20;
const DENIED = { ...REFUSED, phase: "subscribe" } as const;
const never = (): Promise<never> => new Promise(() => {});

type More = Parameters<typeof flyJourney>[3];
const fly = (service: Service = {}, more: More = {}): Promise<Flown> => flyJourney(PLAN, runDialogue, service, more);
/** Ends the session of a role, the latest one, so long after the round began. */
const cut =
  (
    ...cuts: readonly (readonly [afterMs: number, role: "publisher" | "subscriber"])[]
  ): NonNullable<NonNullable<More>["during"]> =>
  async (outside, the: Driven) => {
    let at = 0;
    for (const [afterMs, role] of cuts) {
      await outside.run(afterMs - at);
      at = afterMs;
      must(the.clients.findLast((client) => client.role === role)).end();
    }
  };

describe("turns", () => {
  it("are asked at ready + i gaps, grow evenly, and are ok when the same bytes are back", async () => {
    const flown = await fly();
    expect(signsOf(flown)).toBe("oooooooooo");
    const asked = flown.the.sent.filter(({ channel }) => channel === ASK);
    expect(asked.map(({ at }) => at - T0 - READY_MS)).toEqual([0, 50, 100, 150, 200, 250, 300, 350, 400, 450]);
    expect(asked.map(({ bytes }) => bytes)).toEqual([100, 200, 300, 400, 500, 600, 700, 800, 900, 1_000]);
    expect(flown.the.sent.filter(({ channel }) => channel === ANSWER).map(({ bytes }) => bytes)).toEqual(
      asked.map(({ bytes }) => bytes),
    );
    expect(judge(flown.seen, 1_000, 10).latencyMs).toEqual(Array(10).fill(40));
    expect([flown.seen.reconnects, flown.seen.connects.length]).toEqual([0, 2]);
  });

  it("never wait for the one before", async () => {
    const flown = await fly({ fate: (nth, _to, channel) => [channel === ASK && nth === 0 ? 900 : 20] });
    expect(judge(flown.seen, 1_000, 10).latencyMs[0]).toBe(920);
    expect(flown.the.sent.filter(({ channel }) => channel === ASK)[9]?.at).toBe(T0 + READY_MS + 450);
  });

  it.each([
    ["the question", ASK],
    ["the answer", ANSWER],
  ])("lost, late, twice, out of order, damaged: %s", async (_, on) => {
    const fates: Record<number, readonly number[]> = { 1: [20, 30], 3: [], 5: [1_150], 7: [90] };
    const flown = await fly({
      fate: (nth, _to, channel, data) => {
        if (channel !== on) return [20];
        if (nth === 9) return [{ afterMs: 20, data: data.with(60, 0x21) }];
        return fates[nth] ?? [20];
      },
    });
    expect(signsOf(flown)).toBe("ooololoool");
    expect(flown.record).toMatchObject({ lost: 3, duplicate: 1, afterDeadline: 1, corrupt: 1, error: 0, reordered: 2 });
  });

  it("a stranger's message is foreign, and is not answered", async () => {
    const stranger = new TextEncoder().encode("hello");
    const flown = await fly({
      fate: (nth, _to, _channel) => (nth === 0 ? [20, { afterMs: 5, data: stranger }] : [20]),
    });
    expect([signsOf(flown), flown.record.foreign]).toEqual(["oooooooooo", 2]);
    expect(flown.the.sent).toHaveLength(20);
  });

  it.each([
    ["question", "publisher"],
    ["answer", "subscriber"],
  ])("a refused %s is an error with the service's word", async (_, role) => {
    const limit = { ...REFUSED, phase: "publish", kind: "rate_limit" } as const;
    const flown = await fly({ published: (nth, _channel, from) => (nth === 2 && from.role === role ? limit : null) });
    expect(signsOf(flown)).toBe("ooeooooooo");
    expect(flown.record.failures).toEqual([{ phase: "publish", kind: "rate_limit", count: 1 }]);
  });
});

describe("request and reply", () => {
  it("uses the service's own way back: nobody subscribes to answers or sends them", async () => {
    const flown = await fly(
      {},
      {
        order: (outside, { driver }) => ({
          driver: {
            ...driver,
            async connect(endpoint, role, context) {
              const session = await driver.connect(endpoint, role, context);
              let reply = (_message: Incoming): void => {};
              return {
                ...session,
                publish(channel, data) {
                  outside.after(35, () => reply({ data, receivedAt: outside.now() }));
                  return session.publish(channel, data);
                },
                // The other side answers by itself, and is told nothing.
                subscribe: (channel) => session.subscribe(channel, () => {}),
                onReply: (listener) => void (reply = listener),
              };
            },
          },
        }),
      },
    );
    expect(signsOf(flown)).toBe("oooooooooo");
    expect(judge(flown.seen, 1_000, 10).latencyMs).toEqual(Array(10).fill(35));
    expect(new Set(flown.the.sent.map(({ channel }) => channel))).toEqual(new Set([ASK]));
  });
});

describe("a session that the service ends", () => {
  it.each(["publisher", "subscriber"] as const)(
    "%s: turns under way and due are errors, then it goes on",
    async (role) => {
      // Turns 0 and 1 are back by then, 2 and 3 are under way; the reconnect takes 20 ms.
      const flown = await fly({ fate: () => [30] }, { during: cut([READY_MS + 155, role]) });
      expect(signsOf(flown)).toBe("ooeeoooooo");
      expect(flown.record).toMatchObject({ error: 2, reconnects: 1, failures: [{ phase: "deliver", kind: "closed" }] });
      expect(flown.seen.connects).toHaveLength(3);
    },
  );

  it("turns that are due while it is gone are not sent, and are errors", async () => {
    const slow: Service["connect"] = (opened) => Promise.resolve({ handshakeMs: opened < 2 ? 10 : 180, loginMs: 10 });
    const flown = await fly({ connect: slow }, { during: cut([READY_MS + 105, "subscriber"]) });
    // Under way: 2. Due during 190 ms: 3, 4, 5.
    expect(signsOf(flown)).toBe("ooeeeeoooo");
    expect(flown.seen.messages.map((m) => m.sentAt === null)).toEqual([0, 0, 0, 1, 1, 1, 0, 0, 0, 0].map(Boolean));
  });

  it("a refused reconnect ends the dialogue: the rest are errors of that refusal", async () => {
    const flown = await fly(
      {
        connect: (opened) => (opened < 2 ? Promise.resolve({ handshakeMs: 10, loginMs: 10 }) : Promise.reject(REFUSED)),
      },
      { during: cut([READY_MS + 110, "publisher"]) },
    );
    expect(signsOf(flown)).toBe("ooeeeeeeee");
    expect(flown.record.failures).toEqual([
      { phase: "connect", kind: "auth", count: 7 },
      { phase: "deliver", kind: "closed", count: 1 },
    ]);
    expect([flown.record.reconnects, flown.record.connectFail, flown.record.connect.infinite]).toEqual([1, 7, 1]);
    expect(flown.tookMs).toBeLessThan(500);
  });

  it("a reconnect that is never answered costs one connect deadline, and never more than the round", async () => {
    const flown = await fly(
      { connect: (opened) => (opened < 2 ? Promise.resolve({ handshakeMs: 10, loginMs: 10 }) : never()) },
      { during: cut([READY_MS + 110, "publisher"]) },
    );
    expect(signsOf(flown)).toBe("ooeeeeeeee");
    expect(flown.record.reconnects).toBe(1);
  });

  it("a subscription that is refused is a refused reconnect", async () => {
    const flown = await fly(
      { subscribe: (client) => (client.opened < 2 ? Promise.resolve() : Promise.reject(DENIED)) },
      { during: cut([READY_MS + 110, "subscriber"]) },
    );
    expect(signsOf(flown)).toBe("ooeeeeeeee");
    expect(flown.record.failures.map(({ phase, kind }) => `${phase} ${kind}`)).toContain("subscribe auth");
  });

  it("again and again: three reconnects a session, no more", async () => {
    const at = [60, 120, 180, 240, 300].map((ms) => [READY_MS + ms, "publisher"] as const);
    const flown = await fly({}, { during: cut(...at.slice(0, 4)) });
    expect(flown.record.reconnects).toBe(3);
    expect(signsOf(flown).slice(5)).toBe("eeeee");
  });

  it("after the last turn has been asked nobody connects again", async () => {
    const flown = await fly({ fate: () => [100] }, { during: cut([READY_MS + 460, "publisher"]) });
    expect(flown.record.reconnects).toBe(0);
    expect(signsOf(flown)).toBe("ooooooeeee");
  });

  it("both at once: each is opened anew", async () => {
    const flown = await fly({}, { during: cut([READY_MS + 110, "publisher"], [READY_MS + 110, "subscriber"]) });
    expect([flown.record.reconnects, flown.seen.connects.length]).toEqual([2, 4]);
    expect(signsOf(flown)).toBe("ooeooooooo");
  });
});

describe("rounds that never begin", () => {
  it.each([0, 1])("a refused connect (%i) makes all turns errors", async (which) => {
    const flown = await fly({
      connect: (opened) =>
        opened === which ? Promise.reject(REFUSED) : Promise.resolve({ handshakeMs: 10, loginMs: 10 }),
    });
    expect([signsOf(flown), flown.seen.readyAt]).toEqual(["eeeeeeeeee", null]);
    expect(flown.record.failures).toEqual([{ phase: "connect", kind: "auth", count: 10 }]);
  });

  it("a subscription that is never confirmed costs the connect deadline", async () => {
    const flown = await fly({ subscribe: never });
    expect(flown.record.failures).toEqual([{ phase: "subscribe", kind: "timeout", count: 10 }]);
    expect(flown.tookMs).toBe(700);
  });

  it("one that ends as soon as it is subscribed is closed, not lost", async () => {
    const flown = await fly({
      subscribe: async (client) => client.end(CLOSED),
    });
    expect(signsOf(flown)).toBe("eeeeeeeeee");
  });

  it("a driver that throws what is no failure is our defect", async () => {
    const flown = await fly({ connect: () => Promise.reject(new TypeError("oops")) });
    expect([signsOf(flown), flown.record.unfit]).toEqual(["nnnnnnnnnn", "platform"]);
  });
});

describe("a process that stands still, a clock that steps", () => {
  it.each([
    ["standing still", "stall", 2_000, "scheduler_lag"],
    ["a clock set forward", "stepClock", 3_600_000, "scheduler_lag"],
    ["a clock set back", "stepClock", -3_600_000, "clock_step"],
  ] as const)("%s makes the round prove nothing, and does not hang it", async (_, what, ms, unfit) => {
    const flown = await fly(
      {},
      {
        clockIsSound: false,
        during: async (outside) => {
          await outside.run(130);
          outside[what](ms);
        },
      },
    );
    expect(flown.record.unfit).toBe(unfit);
  });
});
