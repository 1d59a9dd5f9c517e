// Aim: every ordered pair of regions is measured exactly, on the asker's clock, and only when both were there.
// Method: three regions on one virtual clock, a network whose every way has a fate that the test wrote down; then the
// rounds joined and folded as the collector does it.

import { describe, expect, it } from "vitest";

import type { Target } from "../../workers/config/config.ts";
import { journeyMsMax } from "../../workers/config/journeys.ts";
import type { Driver, Failure, Incoming, Session } from "../../workers/probes/driver.ts";
import { failed } from "../../workers/probes/failure.ts";
import { openGate } from "../../workers/probes/gate.ts";
import type { Seen } from "../../workers/probes/journey.ts";
import { runMesh } from "../../workers/probes/mesh.probe.ts";
import { meshBytes, readMesh } from "../../workers/probes/mesh.ts";
import { foldMinute } from "../../workers/results/minute.ts";
import { joinPairs } from "../../workers/results/pairs.ts";
import type { RoundRecord } from "../../workers/results/records.ts";
import { assertRound, recordRound } from "../../workers/results/round-record.ts";
import { facts, must } from "../observations.ts";
import { virtualOutside } from "../virtual.ts";
import type { VirtualOutside } from "../virtual.ts";

const T0 = Date.UTC(2026, 10, 22);
const PLAN = { journey: "mesh", messages: 4, gapMs: 100 } as const;
const REGIONS = ["a", "b", "c"] as const;
type Region = (typeof REGIONS)[number];
const TARGET = {
  id: "chat",
  channel: "m/{region}",
  journeys: [{ journey: "loop" }, PLAN],
  regions: [...REGIONS],
  everyMs: 60_000,
  messages: 4,
  gapMs: 50,
  deadlineMs: 1_000,
  connectDeadlineMs: 500,
  payloadBytes: 100,
} as unknown as Target;

/** From, to, kind and how many of that kind went this way before: delays in ms of each copy; none: it is lost. */
type Fate = (from: Region, to: Region, kind: "q" | "a", before: number) => readonly number[];

interface World {
  readonly fate?: Fate;
  readonly refuses?: (region: Region, role: string) => Failure | null;
  /** A region's subscriber is closed after this long, ms from the slot. */
  readonly closes?: Readonly<Partial<Record<Region, number>>>;
  /** How late a region wakes, ms. */
  readonly lateMs?: Readonly<Partial<Record<Region, number>>>;
  /** Regions that do not run at all. */
  readonly absent?: readonly Region[];
}

/** A service that all regions share. */
function service(outside: VirtualOutside, world: World) {
  const rooms = new Map<string, (message: Incoming) => void>();
  const sent = new Map<string, number>();
  let strange = 0;
  const driverOf = (region: Region): Driver => {
    const session = (role: string): Session => ({
      timing: { queuedMs: 0, handshakeMs: 5, loginMs: 5 },
      async subscribe(channel, onMessage) {
        rooms.set(channel, onMessage);
      },
      publish(channel, data) {
        const to = channel.split("/").at(-1) as Region;
        const kind = readMesh(data)?.kind === "question" ? "q" : "a";
        const key = `${region}>${to} ${kind}`;
        const before = sent.get(key) ?? 0;
        sent.set(key, before + 1);
        for (const delayMs of (world.fate ?? (() => [20]))(region, to, kind, before)) {
          outside.after(delayMs, () => rooms.get(channel)?.({ data, receivedAt: outside.now() }));
        }
        return { sentAt: outside.now(), answer: Promise.resolve({ kind: "none" }) };
      },
      onClosed(listener) {
        const at = world.closes?.[region];
        if (role === "subscriber" && at !== undefined) {
          outside.after(T0 + at - outside.now(), () => listener(failed("closed", "deliver", "closed by the service")));
        }
      },
      close: () => Promise.resolve(),
    });
    return {
      capabilities: {
        transports: ["ws"],
        qos: [0],
        publishAck: "none",
        ordered: true,
        push: true,
        maxPayloadBytes: 1_000,
        channelSeparator: "/",
      },
      async connect(_endpoint, role) {
        const refusal = world.refuses?.(region, role) ?? null;
        if (refusal !== null) throw refusal;
        return session(role);
      },
      diagnose: (_endpoint, failure) => Promise.resolve(failure),
    };
  };
  return {
    driverOf,
    /** Somebody else writes to a region's channel. */
    intrude(to: Region, data: Uint8Array) {
      strange += 1;
      rooms.get(`m/${to}/mesh/${to}`)?.({ data, receivedAt: outside.now() });
      return strange;
    },
    answers: (from: Region, to: Region) => sent.get(`${from}>${to} a`) ?? 0,
  };
}

/** Runs one slot in all regions, and gives each pair's record by "a>b". */
async function slot(world: World = {}, meddle?: (the: ReturnType<typeof service>) => void) {
  const outside = virtualOutside(T0);
  const the = service(outside, world);
  const seen = new Map<Region, Promise<readonly Seen[]>>();
  for (const region of REGIONS.filter((each) => world.absent?.includes(each) !== true)) {
    outside.after(world.lateMs?.[region] ?? 0, () => {
      const order = {
        outside,
        driver: the.driverOf(region),
        endpoint: { address: "ws://127.0.0.1:1", options: {}, secrets: {} },
        context: {
          deadlines: { connectMs: 500, subscribeMs: 500, closeMs: 400 },
          gate: openGate(outside.now),
        },
        target: TARGET,
        region,
        slotAt: T0,
        channelOf: (of: string, ...parts: readonly string[]) => [`m/${of}`, ...parts].join("/"),
      };
      seen.set(region, runMesh(order, PLAN));
    });
  }
  if (meddle !== undefined) outside.after(800, () => meddle(the));
  await outside.run(10_000);
  const records = new Map<string, RoundRecord>();
  for (const [region, running] of seen) {
    for (const { peer, observation } of await running) {
      const series = { target: "chat", region, journey: "mesh", peer } as const;
      const own = { series, slotAt: T0, scheduled: PLAN.messages, deadlineMs: 1_000, connectDeadlineMs: 500 };
      const record = recordRound(observation, facts(own));
      assertRound(record);
      expect(record.endedAt - T0, "never longer than it may take").toBeLessThanOrEqual(journeyMsMax(PLAN, TARGET));
      records.set(`${region}>${peer}`, record);
    }
  }
  return { records, the };
}

const arrived = (record: RoundRecord | undefined, envelope = 1) =>
  record === undefined ? [] : [{ record, receivedAt: record.slotAt + 7_000, envelope }];

/** As the collector joins them: what a pair's minute says. */
function joinedOf(records: ReadonlyMap<string, RoundRecord>, from: Region, to: Region) {
  return must(joinPairs(arrived(records.get(`${from}>${to}`)), arrived(records.get(`${to}>${from}`)))[0]).record;
}

describe("a mesh of three", () => {
  it("measures all six pairs, there and back on one clock", async () => {
    const delays: Readonly<Record<string, number>> = { "a>b": 10, "b>a": 30, "a>c": 50, "c>a": 50, "b>c": 1, "c>b": 2 };
    const { records } = await slot({ fate: (from, to) => [delays[`${from}>${to}`] ?? 0] });
    expect([...records.keys()].toSorted()).toEqual(["a>b", "a>c", "b>a", "b>c", "c>a", "c>b"]);
    for (const [pair, record] of records) {
      expect(record, pair).toMatchObject({ ok: 4, lost: 0, error: 0, notSent: 0, heard: 4, unfit: "none" });
      expect(record.readyAt, "all from one instant").toBe(T0 + 500);
    }
    expect(must(records.get("a>b")).latencyMsMax).toBe(40);
    expect(must(records.get("b>a")).latencyMsMax).toBe(40);
    expect(must(records.get("c>b")).latencyMsMax).toBe(3);
  });

  it("tells a question that was lost from an answer that was lost", async () => {
    const { records } = await slot({
      fate: (from, to, kind, before) => {
        if (from === "a" && to === "b" && kind === "q" && before === 1) return [];
        if (from === "c" && to === "a" && kind === "a" && before < 2) return [];
        return [20];
      },
    });
    const there = joinedOf(records, "a", "b");
    expect(there).toMatchObject({ ok: 3, lost: 1, heard: 3, unfit: "none" });
    const back = joinedOf(records, "a", "c");
    expect(back).toMatchObject({ ok: 2, lost: 2, heard: 4, unfit: "none" });
    expect(joinedOf(records, "b", "a")).toMatchObject({ ok: 4, lost: 0, heard: 4 });
  });

  it("counts late, duplicate and reordered answers", async () => {
    const { records } = await slot({
      fate: (from, to, kind, before) => {
        if (from === "b" && to === "a" && kind === "a") return [[20, 25], [300], [20], [2_000]][before] ?? [20];
        return [20];
      },
    });
    expect(must(records.get("a>b"))).toMatchObject({ ok: 3, lost: 1, duplicate: 1, reordered: 1, heard: 4 });
    expect(must(records.get("a>c"))).toMatchObject({ ok: 4, duplicate: 0, reordered: 0 });
  });

  it.each<[string, World, string]>([
    ["a region that does not run", { absent: ["b"] }, "absent"],
    ["a region that wakes too late", { lateMs: { b: 600 } }, "scheduler_lag"],
    ["a region that is refused", { refuses: (r) => (r === "b" ? failed("auth", "connect", "no") : null) }, "refused"],
    ["a region that is cut off in the middle", { closes: { b: 700 } }, "cut"],
  ])("%s makes the ways to it unmeasured, never lost; the others go on", async (_, world, how) => {
    const { records } = await slot(world);
    for (const from of ["a", "c"] as const) {
      const own = must(records.get(`${from}>b`));
      const joined = must(joinPairs(arrived(own), arrived(records.get(`b>${from}`)))[0]).record;
      expect(joined, from).toMatchObject({ unfit: "peer", heard: null });
      expect(foldMinute(T0 / 60_000, joinPairs(arrived(own), [])), "alone").toMatchObject({
        unfit: "peer",
        heard: null,
      });
    }
    expect(joinedOf(records, "a", "c")).toMatchObject({ ok: 4, lost: 0, unfit: "none" });
    const own = records.get("b>a");
    if (how === "refused") expect(own).toMatchObject({ error: 4, connectFail: 4, heard: null, unfit: "none" });
    if (how === "scheduler_lag") expect(own).toMatchObject({ notSent: 4, heard: null, unfit: "scheduler_lag" });
    if (how === "cut") expect(must(own).heard).toBeNull();
  });

  it("heeds no stranger: neither circles nor foreign regions make it send", async () => {
    const { records, the } = await slot({}, (service_) => {
      const payload = new TextEncoder().encode("sonde1 aaaaaaaaaaaaaaaa 0 bbbbbbbbbbbbbbbb ....");
      service_.intrude("a", meshBytes({ kind: "question", from: "zz", slotAt: T0, payload }));
      service_.intrude("a", meshBytes({ kind: "question", from: "b", slotAt: T0 - 60_000, payload }));
      service_.intrude("a", new Uint8Array(0));
      service_.intrude(
        "a",
        Uint8Array.from({ length: 300 }, (_, i) => i % 256),
      );
      for (let copy = 0; copy < 50; copy++) {
        const other = new TextEncoder().encode(`question ${copy}`);
        service_.intrude("a", meshBytes({ kind: "question", from: "c", slotAt: T0, payload: other }));
      }
    });
    expect(the.answers("a", "c"), "one for each question that may come").toBeLessThanOrEqual(PLAN.messages);
    expect(must(records.get("a>b"))).toMatchObject({ ok: 4, foreign: 4 });
    expect(must(records.get("b>a"))).toMatchObject({ ok: 4, foreign: 0 });
  });
});

describe("joined minutes", () => {
  it("are revised when the peer's word comes late, once for each envelope", async () => {
    const { records } = await slot();
    const own = arrived(records.get("a>b"), 1);
    const peer = must(records.get("b>a"));
    const late = [{ record: peer, receivedAt: T0 + 600_000, envelope: 9 }];
    const minute = T0 / 60_000;
    expect(foldMinute(minute, joinPairs(own, []), [])).toMatchObject({ revision: 0, unfit: "peer" });
    expect(foldMinute(minute, joinPairs(own, late), late)).toMatchObject({ revision: 1, unfit: "none", heard: 4 });
    const bothLate = own.map((round) => ({ ...round, receivedAt: T0 + 500_000, envelope: 5 }));
    expect(foldMinute(minute, joinPairs(bothLate, late), late)).toMatchObject({ revision: 1 });
    const before = [{ record: peer, receivedAt: T0 + 400_000, envelope: 3 }];
    expect(foldMinute(minute, joinPairs(bothLate, before), before)).toMatchObject({ revision: 0 });
  });
});

describe("the words", () => {
  it("go there and back, and nothing else is read", () => {
    const message = { kind: "answer", from: "apac-ne", slotAt: T0, payload: Uint8Array.of(0, 255, 32) } as const;
    expect(readMesh(meshBytes(message))).toEqual(message);
    for (const text of ["", "q", "q a", "q a x ", "x a 1 ", "q A 1 ", `q a ${"1".repeat(17)} `, " q a 1 "]) {
      expect(readMesh(new TextEncoder().encode(text)), text).toBeNull();
    }
  });
});
