// Aim: the ledger counts what was done to messages as the design's words have it (late is part of delivered, duplicates
// aside in reordering), keeps to its bound, and comes back whole from its lines. Method: tables of writes and their counts.

import { describe, expect, test } from "vitest";
import { createFlights } from "../../workers/local/flight.ts";
import {
  createLedger,
  ledgerCounts,
  ledgerCountsBy,
  ledgerLine,
  payloadKey,
  readLedgerLines,
  runOf,
} from "../../workers/local/ledger.ts";
import type { Ledger, LedgerCounts } from "../../workers/local/ledger.ts";
import { payloadOf } from "./clients.ts";

const LIMITS = { limitMs: 200, deadlineMs: 5_000 };
const NOTHING: LedgerCounts = {
  seen: 0,
  dropped: 0,
  delivered: 0,
  overLimit: 0,
  afterDeadline: 0,
  unwritten: 0,
  duplicated: 0,
  reordered: 0,
};

/** `2@30>7` is message 2, written after 30 ms to connection 7 (0, unless said); `2x` was dropped, `2?` never written. */
function played(script: string, ledger: Ledger = createLedger(), region = "weur", runId = "r1"): Ledger {
  const entries = new Map<string, ReturnType<Ledger["enter"]>>();
  const steps = script.split(" ").filter((step) => step !== "");
  const parsed = steps.map((step) => /^(\d+)(?:x|\?|@([\d.]+)(?:>(\d+))?)$/.exec(step) as RegExpExecArray);
  for (const [step, seq = ""] of [...parsed].sort((a, b) => Number(a[1]) - Number(b[1]))) {
    if (entries.has(seq)) continue;
    const key = `${runId}/${seq}`;
    entries.set(seq, ledger.enter({ region, topic: "t", key, seenAt: Number(seq), dropped: step.endsWith("x") }));
  }
  for (const [, seq = "", delayMs, to = "0"] of parsed) {
    if (delayMs !== undefined) ledger.wrote(entries.get(seq) as never, Number(delayMs), Number(to));
  }
  return ledger;
}

describe("counts", () => {
  const table: [name: string, script: string, counts: Partial<LedgerCounts>][] = [
    ["nothing", "", {}],
    ["three in order", "0@10 1@10 2@10", { seen: 3, delivered: 3 }],
    ["one dropped", "0@10 1x 2@10", { seen: 3, delivered: 2, dropped: 1 }],
    ["one that nobody took", "0@10 1?", { seen: 2, delivered: 1, unwritten: 1 }],
    ["at the limit is not over it", "0@200 1@200.001", { seen: 2, delivered: 2, overLimit: 1 }],
    ["at the deadline is delivered", "0@5000 1@5000.001", { seen: 2, delivered: 1, overLimit: 1, afterDeadline: 1 }],
    ["a copy is extra", "0@10 0@10 1@10", { seen: 2, delivered: 2, duplicated: 1 }],
    ["a late copy is no late message", "0@10 1@10 0@6000", { seen: 2, delivered: 2, duplicated: 1 }],
    ["two swapped are one reordered", "1@10 0@20 2@10", { seen: 3, delivered: 3, reordered: 1 }],
    ["RFC 4737: below the highest seen", "0@1 3@1 1@1 2@1 4@1", { seen: 5, delivered: 5, reordered: 2 }],
    ["copies are set aside in reordering", "0@1 1@1 0@1 2@1", { seen: 3, delivered: 3, duplicated: 1 }],
    ["a fan-out is no duplicate", "0@10>1 0@10>2 1@10>1 1@10>2", { seen: 2, delivered: 2 }],
    ["each receiver has its own order", "1@10>1 0@10>2 0@10>1 1@10>2", { seen: 2, delivered: 2, reordered: 1 }],
  ];
  test.each(table)("%s", (_name, script, counts) => {
    expect(ledgerCounts(played(script).entries(), LIMITS)).toEqual({ ...NOTHING, ...counts });
  });

  test("runs do not reorder each other, and are counted apart, as regions are", () => {
    const ledger = createLedger();
    played("0@10 5@10", ledger, "weur", "r1");
    played("0@10 1x", ledger, "weur", "r2");
    played("1@300 0@10", ledger, "oc", "r3");
    const foreign = ledger.enter({ region: "oc", topic: "t", key: "hash:00", seenAt: 0, dropped: false });
    ledger.wrote(foreign, 10, 0);
    const all = ledger.entries();
    expect(ledgerCounts(all, LIMITS)).toMatchObject({ seen: 7, delivered: 6, dropped: 1, reordered: 1, overLimit: 1 });
    expect([...ledgerCountsBy("region", all, LIMITS)].map(([id, { seen }]) => [id, seen])).toEqual([
      ["weur", 4],
      ["oc", 3],
    ]);
    const runs = ledgerCountsBy("run", all, LIMITS);
    expect([...runs.keys()]).toEqual(["r1", "r2", "r3"]);
    expect(runs.get("r2")).toMatchObject({ seen: 2, dropped: 1, delivered: 1 });
    expect(runs.get("r3")).toMatchObject({ seen: 2, reordered: 1, overLimit: 1 });
  });
});

describe("the bound", () => {
  test("the oldest leave, and how many is known", () => {
    const ledger = createLedger(10);
    for (let seq = 0; seq < 1_000; seq += 1) {
      ledger.enter({ region: "weur", topic: "t", key: `r/${seq}`, seenAt: seq, dropped: false });
      expect(ledger.entries().length).toBe(Math.min(seq + 1, 10));
    }
    expect(ledger.entries().map((entry) => entry.seenAt)).toEqual([990, 991, 992, 993, 994, 995, 996, 997, 998, 999]);
    expect(ledger.left()).toBe(990);
  });

  test("a write for an entry that has left is harmless; one of another ledger is a broken belief", () => {
    const ledger = createLedger(1);
    const old = played("0@1", ledger).entries()[0] as never;
    played("1@1", ledger);
    expect(() => ledger.wrote(old, 1, 0)).not.toThrow();
    expect(() => createLedger().wrote(old, 1, 0)).toThrow(/another ledger/);
  });
});

describe("keys", () => {
  const table: [payload: string | Uint8Array, key: string | RegExp][] = [
    [payloadOf("run-7", 19), "run-7/19"],
    ["sonde1 a/b 3 x", "a/b/3"],
    ["sonde1 r 007 x", "r/7"],
    ["sonde1 r 3", /^hash:[0-9a-f]{16}$/],
    ["sonde2 r 3 x", /^hash:/],
    ["sonde1 r -3 x", /^hash:/],
    // FNV-1a of "hello" is 4f9f2cab; the second half is ours.
    ["hello", /^hash:4f9f2cab[0-9a-f]{8}$/],
    ["", /^hash:/],
    [new Uint8Array([0xff, 0x00, 0x80]), /^hash:/],
  ];
  test.each(table)("%j", (payload, key) => {
    const bytes = typeof payload === "string" ? new TextEncoder().encode(payload) : payload;
    expect(payloadKey(bytes)).toMatch(typeof key === "string" ? new RegExp(`^${key}$`) : key);
  });

  test("a run's name may hold a slash", () => {
    expect(runOf("a/b/3")).toEqual({ runId: "a/b", seq: 3 });
    expect(runOf("hash:00")).toBeNull();
  });
});

describe("lines", () => {
  test("what is exported comes back whole", () => {
    const entries = played("0@10.25 1x 0@11 2? 3@7>4").entries();
    const text = entries.map(ledgerLine).join("");
    expect(text.split("\n")[0]).toBe(
      '{"region":"weur","topic":"t","key":"r1/0","seen_at":0,"dropped":false,"delays_ms":[10.25,11],"written_order":[0,1],"to":[0,0]}',
    );
    expect(readLedgerLines(text)).toEqual(entries);
  });

  test.each(["{}", "null", "x", '{"region":"w","topic":"t","key":"k","seen_at":0,"dropped":false,"delays_ms":[1]}'])(
    "refuses %s",
    (line) => expect(() => readLedgerLines(line)).toThrow(),
  );
});

describe("messages in flight", () => {
  const flight = (n: number) => ({ entry: n as never, fate: null as never, seenMs: n });

  test("each connection gets a message once, the same payload sent twice counts as two", () => {
    const flights = createFlights();
    flights.up("t", "k", flight(1));
    flights.up("t", "k", flight(2));
    const got = [1, 2, 1, 1, 2].map((to) => flights.down("t", "k", to, 0)?.seenMs ?? null);
    expect(got).toEqual([1, 1, 2, null, 2]);
  });

  test("what went up before a connection opened (a retained message) is not its message", () => {
    const flights = createFlights();
    flights.up("t", "k", flight(1));
    expect(flights.down("t", "k", 9, flights.count())).toBeNull();
    expect(flights.down("other", "k", 9, 0)).toBeNull();
  });

  test("the oldest are forgotten", () => {
    const flights = createFlights(3);
    for (let n = 0; n < 50; n += 1) flights.up("t", `k${n}`, flight(n));
    expect([46, 47, 48, 49].map((n) => flights.knows("t", `k${n}`))).toEqual([false, true, true, true]);
    expect(flights.down("t", "k48", 1, 0)?.seenMs).toBe(48);
  });
});
