// Aim: a room counts each message to each subscriber, each subscriber by itself, and lets no seat that could not be filled
// pass for a loss. Method: a virtual clock, a service whose every copy has a fate that the test wrote down, and further
// objects that the test plays.

import { describe, expect, it } from "vitest";

import { HANDSHAKES_AT_ONCE } from "../../workers/probes/gate.ts";
import { judge } from "../../workers/probes/outcomes.ts";
import { within } from "../../workers/outside.ts";
import { runRoom } from "../../workers/probes/room.probe.ts";
import type { FurtherRows, Row, SeatEvent, Sitting } from "../../workers/probes/rows.ts";
import { Seats } from "../../workers/probes/seats.probe.ts";
import { decodeEnvelope, encodeEnvelope } from "../../workers/results/envelope.ts";
import { foldMinute } from "../../workers/results/minute.ts";
import { must } from "../observations.ts";
import type { VirtualOutside } from "../virtual.ts";
import { flyJourney, REFUSED, signsOf, T0 } from "./journey-world.ts";
import type { Driven, Flown, Service } from "./journey-world.ts";
import type { JourneyOrder } from "../../workers/probes/journey-order.probe.ts";

const PLAN = { journey: "room", subscribers: 4, messages: 5, gapMs: 50, joinDeadlineMs: 2_000 } as const;
type Plan = Parameters<typeof runRoom>[1];
type More = NonNullable<Parameters<typeof flyJourney>[3]>;
const never = (): Promise<never> => new Promise(() => {});
const fly = (service: Service = {}, plan: Partial<Plan> = {}, more: More = {}): Promise<Flown> =>
  flyJourney({ ...PLAN, ...plan } as Plan, runRoom, service, more);
/** One line of signs for each subscriber. */
const bySeat = (flown: Flown, messages: number = PLAN.messages): string[] =>
  signsOf(flown).match(new RegExp(`.{${messages}}`, "g")) ?? [];
/** The publisher is opened first; subscriber k is number k + 1 of all. */
const seat = (k: number): number => k + 1;

describe("deliveries", () => {
  it("each message to each subscriber, on the clock; joining is not latency", async () => {
    const flown = await fly({ connect: () => Promise.resolve({ handshakeMs: 200, loginMs: 100 }) });
    expect(bySeat(flown)).toEqual(["ooooo", "ooooo", "ooooo", "ooooo"]);
    expect(flown.the.sent.map(({ at }) => at - must(flown.seen.readyAt ?? undefined))).toEqual([0, 50, 100, 150, 200]);
    expect(flown.seen.readyAt).toBe(T0 + 300);
    expect(new Set(judge(flown.seen, 1_000, 20).latencyMs)).toEqual(new Set([20]));
    // Four subscribers; the publisher's connect is no join.
    expect(flown.seen.connects).toHaveLength(4);
    expect(flown.tookMs).toBe(300 + 200 + 20 + 250);
  });

  it("lost, late, twice, out of order and damaged, each subscriber by itself", async () => {
    const flown = await fly({
      fate: (nth, to, _channel, data) => {
        if (to.opened === seat(0) && nth === 1) return [];
        if (to.opened === seat(1) && nth === 2) return [1_050];
        if (to.opened === seat(2) && nth === 0) return [20, 25];
        if (to.opened === seat(2) && nth === 3) return [90];
        if (to.opened === seat(3) && nth === 4) return [{ afterMs: 20, data: data.with(60, 0x21) }];
        return [20];
      },
    });
    expect(bySeat(flown)).toEqual(["olooo", "ooloo", "ooooo", "ooool"]);
    expect(flown.record).toMatchObject({
      scheduled: 20,
      ok: 17,
      lost: 3,
      duplicate: 1,
      reordered: 2,
      corrupt: 1,
      afterDeadline: 1,
    });
  });

  it("a message that the service refuses is an error for everyone", async () => {
    const limit = { ...REFUSED, phase: "publish", kind: "rate_limit" } as const;
    const flown = await fly({ published: (nth) => (nth === 2 ? limit : null) });
    expect(bySeat(flown)).toEqual(["ooeoo", "ooeoo", "ooeoo", "ooeoo"]);
    expect(flown.record.failures).toEqual([{ phase: "publish", kind: "rate_limit", count: 4 }]);
  });

  it("a stranger in the room is heard by all, and counts for nobody", async () => {
    const hello = new TextEncoder().encode("hello");
    const flown = await fly({ fate: (nth) => (nth === 0 ? [20, { afterMs: 5, data: hello }] : [20]) });
    expect([flown.record.ok, flown.record.foreign]).toEqual([20, 4]);
  });

  it("a subscriber's loss is a run of its own", async () => {
    const flown = await fly({
      fate: (nth, to) => (to.opened === seat(1) ? (nth > 2 ? [] : [20]) : to.opened === seat(2) ? [] : [20]),
    });
    expect(flown.record.lossRuns.map(({ length }) => length)).toEqual([2, 5]);
  });
});

describe("joining", () => {
  it("six at once, and what a seat waited is in no join time", async () => {
    const flown = await fly({ connect: () => Promise.resolve({ handshakeMs: 100, loginMs: 20 }) }, { subscribers: 20 });
    const joins = flown.seen.connects.flatMap((each) => ("connectMs" in each ? [each.connectMs] : []));
    expect(joins).toEqual(Array(20).fill(120));
    // 21 handshakes in four waves of at most six: the last wait three times 100 ms.
    expect(HANDSHAKES_AT_ONCE).toBe(6);
    expect(flown.record.queuedMsMax).toBe(300);
    expect(flown.seen.readyAt).toBe(T0 + 4 * 100 + 20);
  });

  it("a subscriber that is refused has errors of its own kind, the others hear everything", async () => {
    const flown = await fly({
      connect: (opened) =>
        opened === seat(2) ? Promise.reject(REFUSED) : Promise.resolve({ handshakeMs: 10, loginMs: 10 }),
      subscribe: (client) =>
        client.opened === seat(3) ? Promise.reject({ ...REFUSED, phase: "subscribe" }) : Promise.resolve(),
    });
    expect(bySeat(flown)).toEqual(["ooooo", "ooooo", "eeeee", "eeeee"]);
    expect(flown.record.failures).toEqual([
      { phase: "connect", kind: "auth", count: 5 },
      { phase: "subscribe", kind: "auth", count: 5 },
    ]);
    expect([flown.record.connectFail, flown.record.connect.infinite]).toEqual([5, 2]);
  });

  it("who has not joined by the deadline is refused, also who never had a turn", async () => {
    const flown = await fly(
      { connect: (opened) => (opened === 0 ? Promise.resolve({ handshakeMs: 1, loginMs: 1 }) : never()) },
      {
        subscribers: 20,
        joinDeadlineMs: 1_000,
      },
    );
    expect(signsOf(flown)).toBe("e".repeat(100));
    expect(flown.record.failures).toEqual([{ phase: "connect", kind: "timeout", count: 100 }]);
    expect(flown.record.notSent).toBe(0);
  });

  it("no handshake outlasts the deadline for joining, however late its turn came", async () => {
    const endedAt: number[] = [];
    await fly(
      {},
      { subscribers: 20, joinDeadlineMs: 1_000 },
      {
        order: (outside, { driver }) => ({
          driver: {
            ...driver,
            async connect(endpoint, role, context) {
              if (role === "publisher") return driver.connect(endpoint, role, context);
              const waiting = within(outside, context.deadlines.connectMs, "connect", never());
              return context.gate
                .run(() => waiting.catch(() => Promise.reject(REFUSED)))
                .then(({ value }) => value)
                .finally(() => endedAt.push(outside.now() - T0));
            },
          },
        }),
      },
    );
    // Two waves of six: the second had 300 ms left. The others had none.
    expect(endedAt).toHaveLength(12);
    expect(Math.max(...endedAt)).toBe(1_000);
  });

  it("a subscription that is not confirmed costs the connect deadline", async () => {
    const flown = await fly({ subscribe: (client) => (client.opened === seat(0) ? never() : Promise.resolve()) });
    expect(bySeat(flown)).toEqual(["eeeee", "ooooo", "ooooo", "ooooo"]);
    expect(flown.record.failures).toEqual([{ phase: "subscribe", kind: "timeout", count: 5 }]);
  });

  it("a publisher that is refused is the round's refusal, at once", async () => {
    const flown = await fly({
      connect: (opened) => (opened === 0 ? Promise.reject(REFUSED) : Promise.resolve({ handshakeMs: 10, loginMs: 10 })),
    });
    expect([signsOf(flown), flown.seen.readyAt]).toEqual(["e".repeat(20), null]);
    expect(flown.record.failures).toEqual([{ phase: "connect", kind: "auth", count: 20 }]);
  });

  it("a driver that throws what is no failure is our defect", async () => {
    const flown = await fly({ connect: () => Promise.reject(new TypeError("oops")) });
    expect([signsOf(flown), flown.record.unfit]).toEqual(["n".repeat(20), "platform"]);
  });
});

describe("sessions that the service ends", () => {
  const cut =
    (number: number, afterMs: number): More["during"] & {} =>
    async (outside: VirtualOutside, the: Driven) => {
      await outside.run(afterMs);
      must(the.clients.find(({ opened }) => opened === number)).end();
    };

  it("a subscriber: what was sent to it is lost, what comes next is refused, and nobody waits", async () => {
    const flown = await fly({}, {}, { during: cut(seat(1), 20 + 110) });
    expect(bySeat(flown)).toEqual(["ooooo", "oolee", "ooooo", "ooooo"]);
    expect(flown.record.failures).toEqual([{ phase: "deliver", kind: "closed", count: 2 }]);
    expect(flown.tookMs).toBe(20 + 200 + 20 + 250);
  });

  it("the publisher: what was sent still arrives, the rest are errors", async () => {
    const flown = await fly({}, {}, { during: cut(0, 20 + 110) });
    expect(bySeat(flown)).toEqual(Array(4).fill("oooee"));
    expect(flown.record.failures).toEqual([{ phase: "deliver", kind: "closed", count: 8 }]);
  });

  it("the publisher, before the room is full", async () => {
    const slow: Service["connect"] = (opened) => Promise.resolve({ handshakeMs: 10, loginMs: opened === 0 ? 10 : 300 });
    const flown = await fly({ connect: slow }, {}, { during: cut(0, 100) });
    expect(signsOf(flown)).toBe("e".repeat(20));
  });
});

describe("further objects", () => {
  /** Objects that the test plays, each with a gate of its own; `reportMs`: how long a report is on its way. */
  const objects =
    (asked: Sitting[], reportMs: number, fate: (k: number) => "has" | "never" | "dies") =>
    (outside: VirtualOutside, order: JourneyOrder): { further: FurtherRows } => ({
      further(k, sitting, tell): Row {
        asked.push(sitting);
        if (fate(k) === "never") return { left: Promise.resolve(), leave() {} };
        const report = (events: readonly SeatEvent[]): void => void outside.after(reportMs, () => tell(events));
        let die = (): void => {};
        const death = new Promise<void>((resolve) => (die = resolve));
        const seats = new Seats(order, sitting, (event) => {
          report([event]);
          // While message 3 is under way to the other seats: that must not read as lost.
          if (fate(k) === "dies" && event.kind === "heard" && event.message === 3) void seats.leave().then(die);
        });
        seats.fill();
        return { left: Promise.race([seats.left, death]), leave: () => void seats.leave() };
      },
    });

  it("fifty seats each, and every delivery counts once; their arrivals are stamped when they are reported", async () => {
    const asked: Sitting[] = [];
    const flown = await fly({}, { subscribers: 120, joinDeadlineMs: 5_000 }, { order: objects(asked, 7, () => "has") });
    expect(asked.map(({ first, seats }) => [first, seats])).toEqual([
      [50, 50],
      [100, 20],
    ]);
    expect(flown.record).toMatchObject({ scheduled: 600, ok: 600, lost: 0, error: 0, notSent: 0, reordered: 0 });
    const latency = judge(flown.seen, 1_000, 600).latencyMs;
    expect([new Set(latency.slice(0, 250)), new Set(latency.slice(250))]).toEqual([new Set([20]), new Set([27])]);
    expect(flown.seen.connects).toHaveLength(120);
  });

  it("one that can not be had is our own fault: not sent, and the round proves nothing", async () => {
    const flown = await fly(
      {},
      { subscribers: 120, joinDeadlineMs: 5_000 },
      { order: objects([], 7, (k) => (k === 2 ? "never" : "has")) },
    );
    expect(flown.record).toMatchObject({ ok: 500, notSent: 100, lost: 0, error: 0, unfit: "platform" });
  });

  it("one that dies in mid-round: what it had not reported is not sent", async () => {
    const flown = await fly(
      {},
      { subscribers: 120, joinDeadlineMs: 5_000, gapMs: 200 },
      { order: objects([], 7, (k) => (k === 1 ? "dies" : "has")) },
    );
    expect(flown.record).toMatchObject({ unfit: "platform", lost: 0, error: 0 });
    expect(flown.record.notSent).toBeGreaterThan(0);
    expect(flown.record.ok + flown.record.notSent).toBe(600);
  });

  it("seats that nobody releases leave by themselves when their time is up", async () => {
    const heard: string[] = [];
    let left = false;
    const flown = await fly(
      {},
      { subscribers: 60 },
      {
        order: (_outside, order) => ({
          further(_k, sitting, tell): Row {
            const seats = new Seats(order, sitting, (event) => {
              heard.push(event.kind);
              tell([event]);
            });
            seats.fill();
            void seats.left.then(() => (left = true));
            // As when the asker has died: `leave` never comes.
            return { left: seats.left, leave() {} };
          },
        }),
      },
    );
    expect([flown.record.ok, left, flown.the.open()]).toEqual([300, true, 0]);
    expect(heard.filter((kind) => kind === "heard")).toHaveLength(50);
  });

  it("500 subscribers and 100 messages, half of them lost, fit into an envelope and a minute", async () => {
    const plan = { subscribers: 500, messages: 100, gapMs: 10, joinDeadlineMs: 20_000 };
    const flown = await fly({ fate: (nth, to) => ((nth + to.opened) % 2 === 0 ? [] : [20]) }, plan);
    expect(flown.record).toMatchObject({ scheduled: 50_000, ok: 25_000, lost: 25_000 });
    expect(flown.record.lossRuns).toHaveLength(500);
    const head = {
      prober: "weur.0",
      generation: 1,
      software: "0.0.0",
      configHash: flown.record.configHash,
      sequence: 1,
    };
    const bytes = encodeEnvelope({ ...head, dropped: 0, records: [flown.record], signature: null });
    expect(decodeEnvelope(bytes).records).toEqual([flown.record]);
    expect(bytes.length).toBeLessThan(10_000);
    const folded = foldMinute(T0 / 60_000, [{ record: flown.record, receivedAt: T0 + 30_000, envelope: 1 }]);
    expect(folded.lossRuns.reduce((sum, run) => sum + run.length, 0)).toBe(25_000);
  });
});

describe("a process that stands still, a clock that steps", () => {
  it.each([
    ["standing still while the room fills", 10, "stall", 2_000, "scheduler_lag"],
    ["standing still", 130, "stall", 2_000, "scheduler_lag"],
    ["a clock set forward", 130, "stepClock", 3_600_000, "scheduler_lag"],
    ["a clock set back", 130, "stepClock", -3_600_000, "clock_step"],
    ["a clock set back while the room fills", 10, "stepClock", -3_600_000, "clock_step"],
  ] as const)("%s makes the round prove nothing, and does not hang it", async (_, afterMs, what, ms, unfit) => {
    const flown = await fly(
      {},
      {},
      {
        clockIsSound: false,
        during: async (outside) => {
          await outside.run(afterMs);
          outside[what](ms);
        },
      },
    );
    expect(flown.record.unfit).toBe(unfit);
  });
});
