// Aim: whatever a service does, in any mixture, the rounds of connect, dialogue and room end in time, leave nothing open
// and add up. Method: services from seeds: delays, losses, copies, damage, refusals, silence, cuts at any moment; every
// round is held against what each round must keep (`journey-world.ts`).

import { describe, expect, it } from "vitest";

import { runConnect } from "../../workers/probes/connect.probe.ts";
import { runDialogue } from "../../workers/probes/dialogue.probe.ts";
import { failed } from "../../workers/probes/failure.ts";
import { runRoom } from "../../workers/probes/room.probe.ts";
import { Seats } from "../../workers/probes/seats.probe.ts";
import type { JourneyPlan } from "../../workers/config/config.ts";
import type { Observation } from "../../workers/probes/observation.ts";
import type { JourneyOrder } from "../../workers/probes/journey-order.probe.ts";
import { between, mulberry32, oneOf } from "../random.ts";
import type { VirtualOutside } from "../virtual.ts";
import { CLOSED, flyJourney, REFUSED } from "./journey-world.ts";
import type { Copy, Driven, Flown, Service } from "./journey-world.ts";

const ROUNDS = 150;
const VAGUE = failed("tcp", "connect", "the connection failed", { sure: false });
const never = (): Promise<never> => new Promise(() => {});

function service(random: () => number): Service {
  const trouble = random() < 0.2 ? 0 : random() * 0.3;
  const bad = (): boolean => random() < trouble;
  return {
    connect: () =>
      bad()
        ? oneOf(random, [() => Promise.reject(REFUSED), () => Promise.reject(VAGUE), never])()
        : Promise.resolve({ handshakeMs: between(random, 0, 300), loginMs: between(random, 0, 200) }),
    subscribe: (client) => {
      if (random() < trouble / 3) client.end();
      return bad()
        ? oneOf(random, [() => Promise.reject({ ...REFUSED, phase: "subscribe" }), never])()
        : Promise.resolve();
    },
    fate: (_nth, to, _channel, data): readonly Copy[] => {
      if (random() < trouble / 20) to.end(CLOSED);
      if (!bad()) return [between(random, 0, 60)];
      return oneOf(random, [
        [],
        [between(random, 900, 2_000)],
        [5, 9, 9],
        [{ afterMs: 7, data: data.with(data.length - 1, 0x21) }],
        [{ afterMs: 7, data: new Uint8Array(data.length) }, 30],
      ] as const);
    },
    published: () => (random() < trouble / 10 ? { ...REFUSED, phase: "publish", kind: "rate_limit" } : null),
  };
}

const PLANS: readonly [string, JourneyPlan, (order: JourneyOrder, plan: never) => Promise<Observation>][] = [
  [
    "connect",
    { journey: "connect", attempts: 6 },
    (order, plan: { attempts: number }) => runConnect(order, plan.attempts),
  ],
  ["dialogue", { journey: "dialogue", turns: 25, gapMs: 40, payloadBytesLast: 2_000 }, runDialogue],
  ["room", { journey: "room", subscribers: 70, messages: 8, gapMs: 40, joinDeadlineMs: 6_000 }, runRoom],
];

describe("any service", () => {
  it.each(PLANS)(`${ROUNDS} rounds of %s`, async (_, plan, run) => {
    const kinds = new Set<string>();
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const random = mulberry32(seed);
      const flown: Flown = await flyJourney(plan, run as never, service(random), {
        order: (outside: VirtualOutside, order: JourneyOrder) => ({
          further(_k, sitting, tell) {
            const seats = new Seats(
              order,
              sitting,
              (event) => void outside.after(between(random, 0, 9), () => tell([event])),
            );
            seats.fill();
            if (random() < 0.1) outside.after(between(random, 0, 3_000), () => void seats.leave());
            return { left: seats.left, leave: () => void seats.leave() };
          },
        }),
        during: async (outside: VirtualOutside, the: Driven) => {
          for (let cuts = between(random, 0, 4); cuts > 0; cuts--) {
            await outside.run(between(random, 1, 900));
            const client = the.clients[between(random, 0, Math.max(0, the.clients.length - 1))];
            client?.end();
          }
        },
      });
      const { record } = flown;
      for (const [kind, count] of Object.entries({ ...record }))
        if (typeof count === "number" && count > 0) kinds.add(kind);
    }
    // Else the seeds have tried nothing.
    const wanted = {
      connect: [],
      dialogue: ["lost", "duplicate", "corrupt", "reconnects"],
      room: ["lost", "duplicate", "corrupt", "notSent"],
    };
    for (const kind of ["ok", "error", "connectFail", ...wanted[plan.journey as "room"]])
      expect([...kinds]).toContain(kind);
  });
});
