// A messaging service for the tests of journeys: any number of sessions on channels, a fate for each message and each
// connect that the test wrote down, and a count of what is open. On the virtual clock, so nothing takes time.

import { fillPlaceholders } from "../../workers/config/placeholders.ts";
import { configOf } from "../../workers/config/parse.ts";
import type { Journey } from "../../schema/words.ts";
import type { Config, JourneyPlan, Target } from "../../workers/config/config.ts";
import { deadlineMsOf, journeyMsMax, limitsMsOf, scheduledOf } from "../../workers/config/journeys.ts";
import type { Driver, Failure, Incoming, Session } from "../../workers/probes/driver.ts";
import { failed } from "../../workers/probes/failure.ts";
import { openGate } from "../../workers/probes/gate.ts";
import type { JourneyOrder } from "../../workers/probes/journey-order.probe.ts";
import type { Observation } from "../../workers/probes/observation.ts";
import { judge } from "../../workers/probes/outcomes.ts";
import { assertRound, recordRound } from "../../workers/results/round-record.ts";
import type { RoundRecord } from "../../workers/results/records.ts";
import { expect } from "vitest";
import { facts, must } from "../observations.ts";
import { TimeoutError, within } from "../../workers/outside.ts";
import { virtualOutside } from "../virtual.ts";
import type { VirtualOutside } from "../virtual.ts";

export const T0 = Date.UTC(2026, 10, 22);
export const CLOSED: Failure = failed("closed", "deliver", "closed by the service");
export const REFUSED: Failure = failed("auth", "connect", "CONNACK 5", { code: 5 });

const SILENT: Failure = failed("timeout", "connect", "no answer");

const isLate = (problem: unknown): boolean => problem instanceof TimeoutError;

/** One session as the service sees it. `opened`: how many were opened before it, of all. */
export interface Client {
  readonly opened: number;
  readonly role: "publisher" | "subscriber";
  /** Ends it from the service's side. */
  end(failure?: Failure): void;
}

/** A copy of a message on its way: ms, and the bytes if they are not what was sent. */
export type Copy = number | { readonly afterMs: number; readonly data: Uint8Array };

export interface Service {
  /** Ms of handshake and of login; rejects to refuse; default 10 and 10. */
  readonly connect?: (opened: number, role: string) => Promise<{ handshakeMs: number; loginMs: number }>;
  readonly subscribe?: (client: Client) => Promise<void>;
  /** Copies of message `nth` (of all on that channel, from 0) to one subscriber; default one, after 20 ms. */
  readonly fate?: (nth: number, to: Client, channel: string, data: Uint8Array) => readonly Copy[];
  readonly published?: (nth: number, channel: string, from: Client) => Failure | null;
  readonly diagnose?: (failure: Failure) => Failure;
}

export interface Driven {
  readonly driver: Driver;
  readonly clients: Client[];
  readonly sent: { channel: string; at: number; bytes: number }[];
  open(): number;
  openMost(): number;
}

export function serviceOn(outside: VirtualOutside, service: Service): Driven {
  const clients: Client[] = [];
  const sent: Driven["sent"] = [];
  const listeners = new Map<string, Map<Client, (message: Incoming) => void>>();
  const counts = new Map<string, number>();
  let [opened, open, openMost] = [0, 0, 0];
  const waits = (ms: number): Promise<void> => new Promise((resolve) => void outside.after(ms, resolve));
  const driver: Driver = {
    capabilities: {
      transports: ["ws"],
      qos: [0],
      publishAck: "broker",
      ordered: true,
      push: true,
      maxPayloadBytes: 100_000,
      channelSeparator: "/",
    },
    async connect(_endpoint, role, context) {
      const number = opened;
      opened += 1;
      const timing = { handshakeMs: 10, loginMs: 10 };
      const { queuedMs } = await context.gate.run(async () => {
        // As every driver: it keeps the deadline that it was given.
        const asked = service.connect?.(number, role) ?? Promise.resolve({});
        const kept = within(outside, context.deadlines.connectMs, "connect", asked);
        Object.assign(timing, await kept.catch((problem) => Promise.reject(isLate(problem) ? SILENT : problem)));
        await waits(timing.handshakeMs);
      });
      await waits(timing.loginMs);
      open += 1;
      openMost = Math.max(openMost, open);
      let tell: (failure: Failure) => void = () => {};
      let isOpen = true;
      const leave = (): void => {
        if (!isOpen) return;
        isOpen = false;
        open -= 1;
        for (const channel of listeners.values()) channel.delete(client);
      };
      const client: Client = {
        opened: number,
        role,
        end(failure = CLOSED) {
          leave();
          tell(failure);
        },
      };
      clients.push(client);
      const session: Session = {
        timing: { queuedMs, ...timing },
        async subscribe(channel, onMessage) {
          await service.subscribe?.(client);
          const own = listeners.get(channel) ?? new Map();
          listeners.set(channel, own.set(client, onMessage));
        },
        publish(channel, data) {
          const nth = counts.get(channel) ?? 0;
          counts.set(channel, nth + 1);
          sent.push({ channel, at: outside.now(), bytes: data.length });
          const refusal = service.published?.(nth, channel, client) ?? null;
          for (const [to] of refusal === null ? (listeners.get(channel) ?? []) : []) {
            for (const copy of service.fate?.(nth, to, channel, data) ?? [20]) {
              const { afterMs, data: bytes } = typeof copy === "number" ? { afterMs: copy, data } : copy;
              outside.after(afterMs, () =>
                listeners.get(channel)?.get(to)?.({ data: bytes, receivedAt: outside.now() }),
              );
            }
          }
          const answer = refusal === null ? { kind: "none" as const } : { kind: "refused" as const, failure: refusal };
          return { sentAt: outside.now(), answer: Promise.resolve(answer) };
        },
        onClosed: (listener) => void (tell = listener),
        async close() {
          leave();
        },
      };
      return session;
    },
    diagnose: (_endpoint, failure) => Promise.resolve(service.diagnose?.(failure) ?? failure),
  };
  return { driver, clients, sent, open: () => open, openMost: () => openMost };
}

/** One target, its loop and this journey, at this pace: connect deadline 700 ms, deadline 1 s, messages of 100 bytes. */
export function targetWith(plan: JourneyPlan): { config: Config; target: Target } {
  const { journey, ...rest } = plan;
  const written = Object.entries(rest).map(([name, value]) =>
    name.endsWith("Ms") ? [name.slice(0, -2), `${String(value)}ms`] : [name, value],
  );
  const config = configOf({
    name: "Test",
    regions: ["weur", "oc"],
    targets: [
      {
        id: "chat",
        driver: "mqtt",
        address: "ws://127.0.0.1:1/mqtt",
        every: "600s",
        deadline: "1s",
        connectDeadline: "700ms",
        journeys: ["loop", { journey, ...Object.fromEntries(written) } as { journey: Journey }],
      },
    ],
  });
  return { config, target: must(config.targets[0]) };
}

export interface Flown {
  readonly seen: Observation;
  readonly record: RoundRecord;
  readonly the: Driven;
  readonly tookMs: number;
}

/** Runs one round of a journey, and holds what every round must keep against it. */
export async function flyJourney<P extends JourneyPlan>(
  plan: P,
  run: (order: JourneyOrder, plan: P) => Promise<Observation>,
  service: Service = {},
  more: {
    readonly during?: (outside: VirtualOutside, the: Driven) => Promise<void>;
    readonly order?: (outside: VirtualOutside, order: JourneyOrder) => Partial<JourneyOrder>;
    /** A clock that is stepped has no durations. */
    readonly clockIsSound?: boolean;
  } = {},
): Promise<Flown> {
  const outside = virtualOutside(T0);
  const the = serviceOn(outside, service);
  const { config, target } = targetWith(plan);
  const order: JourneyOrder = {
    outside,
    driver: the.driver,
    endpoint: { address: "ws://127.0.0.1:1/mqtt", options: {}, secrets: {} },
    context: {
      deadlines: { connectMs: target.connectDeadlineMs, subscribeMs: target.connectDeadlineMs, closeMs: 400 },
      gate: openGate(outside.now),
    },
    target,
    region: "weur",
    slotAt: T0,
    channelOf: (of, ...parts) =>
      [fillPlaceholders(target.channel, { target: target.id, region: of }), ...parts].join("/"),
  };
  const flight = run({ ...order, ...more.order?.(outside, order) }, plan);
  await more.during?.(outside, the);
  await outside.run(400_000);
  const seen = await flight;
  const { journey } = plan;
  const record = recordRound(
    seen,
    facts({
      series: { target: target.id, region: "weur", journey, peer: "" },
      slotAt: T0,
      everyMs: target.everyMs,
      deadlineMs: deadlineMsOf(plan, target),
      connectDeadlineMs: target.connectDeadlineMs,
      limitsMs: limitsMsOf(journey, config.objectives),
      scheduled: scheduledOf(plan, target),
    }),
  );
  assertRound(record);
  const tookMs = seen.endedAt - T0;
  if (more.clockIsSound !== false) {
    expect(tookMs, "never longer than it may take").toBeLessThanOrEqual(journeyMsMax(plan, target));
  }
  expect(the.open(), "no session is left open").toBe(0);
  return { seen, record, the, tookMs };
}

/** What became of each as a sign: o ok, l lost, e error, n not sent. */
export function signsOf({ seen, record }: Pick<Flown, "seen" | "record">): string {
  return judge(seen, record.deadlineMs, record.scheduled)
    .outcomes.map((outcome) => outcome[0])
    .join("");
}
