// Aim: what is sent to the door for exclusions and tickets is recorded once or not at all, whatever fails and however often
// it is sent; a key never stands for two contents, a record is never withdrawn twice, and who sends one that was withdrawn hears
// so. Method: the real handler on a real D1; each write lost, and kept though reported lost; races of two requests.

import { applyD1Migrations, reset } from "cloudflare:test";
import { beforeEach, describe, expect, inject, it } from "vitest";

import type { NewExclusion } from "../../workers/sla/record-input.ts";
import { recordsStore } from "../../workers/sla/records.store.ts";
import { must } from "../observations.ts";
import { WAYS } from "./breaking.ts";
import type { Way } from "./breaking.ts";
import { ask, counts, d1, EXCLUSION, NOW, reports, request, TICKET } from "./records-sending.ts";

const STORED = {
  key: "maintenance-1",
  target: "chat",
  contract: null,
  type: "scheduled-maintenance",
  fromAt: Date.UTC(2031, 4, 10, 2),
  toAt: Date.UTC(2031, 4, 10, 3),
  regions: ["weur"],
  announcedAt: Date.UTC(2031, 4, 1),
  author: "Ada",
  reason: "new broker, 新",
  proof: { where: "notice.pdf", sha256: "a".repeat(64) },
  recordedAt: NOW,
  withdraws: null,
} as const satisfies NewExclusion;

beforeEach(async () => {
  await reset();
  await applyD1Migrations(d1, inject("migrations"));
});

/** A D1 whose next batch fails that way. */
function broken(way: Way): D1Database {
  let isBroken = true;
  return new Proxy(d1, {
    get(real, name): unknown {
      const own: unknown = Reflect.get(real, name);
      if (typeof own !== "function") return own;
      if (name !== "batch") return own.bind(real);
      return async (statements: D1PreparedStatement[]) => {
        if (!isBroken) return real.batch(statements);
        isBroken = false;
        if (way === "kept") await real.batch(statements);
        throw new Error("D1_ERROR: Network connection lost.");
      };
    },
  });
}

describe("an exclusion", () => {
  it("is recorded, and read as it was written", async () => {
    const { status, body } = await ask(request(EXCLUSION));
    expect([status, body]).toEqual([201, { recorded: [{ key: "maintenance-1", id: 1, repeated: false }] }]);
    expect(await recordsStore(d1).exclusionsOf("chat")).toEqual([{ ...STORED, id: 1 }]);
    expect(await recordsStore(d1).exclusionsOf("push")).toEqual([]);
    const whole = { ...EXCLUSION, key: "2", regions: null, announced_at: null, proof: null, contract: "standard" };
    await ask(request(whole, { id: "msg_2" }));
    const bare = { key: "2", regions: null, announcedAt: null, proof: null, contract: "standard", id: 2 };
    expect((await recordsStore(d1).exclusionsOf("push", "chat")).at(1)).toEqual({ ...STORED, ...bare });
  });

  it("sent again is the same one, also later and with another message id", async () => {
    await ask(request(EXCLUSION));
    const again = { now: () => NOW + 3_600_000 };
    const { status, body } = await ask(request(EXCLUSION, { id: "msg_2", at: NOW + 3_600_000 }), again);
    expect([status, body.recorded]).toEqual([200, [{ key: "maintenance-1", id: 1, repeated: true }]]);
    expect(await recordsStore(d1).exclusionsOf("chat")).toEqual([{ ...STORED, id: 1 }]);
  });

  it("without a key has that of its message: sent again, once; in another message, twice", async () => {
    const { key: _, ...bare } = EXCLUSION;
    const ids = ["msg_1", "msg_1", "msg_2"];
    const answers: unknown[] = [];
    for (const id of ids) answers.push(must((await ask(request(bare, { id }))).body.recorded?.[0]));
    expect(answers).toEqual([
      { key: "msg_1/0", id: 1, repeated: false },
      { key: "msg_1/0", id: 1, repeated: true },
      { key: "msg_2/0", id: 2, repeated: false },
    ]);
    expect(await counts()).toEqual([2, 0]);
  });

  it.each([
    ["target", "push"],
    ["contract", "standard"],
    ["type", "dos"],
    ["from", "2031-05-10T02:00:00.001Z"],
    ["to", "2031-05-10T03:00:00.001Z"],
    ["regions", ["oc"]],
    ["regions", null],
    ["announced_at", null],
    ["author", "Bo"],
    ["reason", "another"],
    ["proof", null],
    ["proof", { where: "notice.pdf", sha256: "b".repeat(64) }],
  ])("with the same key and another %s is refused, and so is all that comes with it", async (name, value) => {
    await ask(request(EXCLUSION));
    const events = [
      { ...EXCLUSION, key: "new" },
      { ...EXCLUSION, [name]: value },
    ];
    const { status, body } = await ask(request({ events }, { id: "msg_2" }));
    expect([status, body.errors?.map(({ pointer }) => pointer)]).toEqual([409, ["/events/1"]]);
    expect(body.detail).toMatch(/Withdraw it and record it anew/);
    expect(await recordsStore(d1).exclusionsOf("chat", "push")).toEqual([{ ...STORED, id: 1 }]);
  });

  it("comes with 99 others, in their order, some of them repeated", async () => {
    const events = Array.from({ length: 100 }, (_, i) => ({ ...EXCLUSION, key: `k${i}` }));
    await ask(request({ events: events.slice(40, 60) }));
    const { status, body } = await ask(request({ events }, { id: "msg_2" }));
    expect(status).toBe(201);
    expect(body.recorded?.map(({ key }) => key)).toEqual(events.map(({ key }) => key));
    expect(body.recorded?.filter(({ repeated }) => repeated)).toHaveLength(20);
    // No number is left out: a gap would look like a record that somebody has deleted.
    expect(body.recorded?.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual(events.map((_, i) => i + 1));
    expect(await counts()).toEqual([100, 0]);
  });
});

describe("a withdrawal", () => {
  const said = { key: "w1", withdraws: 1, target: "chat", author: "Bo", reason: "wrong day" };

  it("is a record of its own, which repeats the one it takes back; once", async () => {
    await ask(request(EXCLUSION));
    expect((await ask(request(said, { id: "msg_2" }))).body.recorded).toEqual([{ key: "w1", id: 2, repeated: false }]);
    expect((await ask(request(said, { id: "msg_3" }))).status).toBe(200);
    expect((await ask(request({ ...said, key: "w2" }, { id: "msg_4" }))).status).toBe(422);
    expect((await ask(request({ ...said, withdraws: 2, key: "w3" }, { id: "msg_5" }))).status).toBe(422);
    expect(await recordsStore(d1).exclusionsOf("chat")).toEqual([
      { ...STORED, id: 1 },
      { ...STORED, ...said, id: 2 },
    ]);
  });

  it("shows when its record is sent again: that one does not count, and another key makes it anew", async () => {
    await ask(request({ events: [EXCLUSION, { ...EXCLUSION, key: "other" }] }));
    await ask(request(said, { id: "msg_2" }));
    const again = { events: [EXCLUSION, { ...EXCLUSION, key: "other" }, { ...EXCLUSION, key: "anew" }] };
    const { status, body } = await ask(request(again, { id: "msg_3" }));
    expect([status, body.recorded]).toEqual([
      201,
      [
        { key: "maintenance-1", id: 1, repeated: true, withdrawn_by: 3 },
        { key: "other", id: 2, repeated: true },
        { key: "anew", id: 4, repeated: false },
      ],
    ]);
    const alone = await ask(request(EXCLUSION, { id: "msg_4" }));
    expect([alone.status, alone.body.recorded?.[0]?.withdrawn_by]).toEqual([200, 3]);
    // The withdrawal itself stands.
    expect((await ask(request(said, { id: "msg_5" }))).body.recorded).toEqual([{ key: "w1", id: 3, repeated: true }]);
  });

  it("and another of the same record, both on their way at once: one of them, and nothing else of the other", async () => {
    await ask(request(EXCLUSION));
    const store = recordsStore(d1);
    const [first] = await store.exclusionsOf("chat");
    const withdrawal = (key: string): NewExclusion => ({ ...STORED, key, withdraws: must(first).id });
    // Both have looked before either wrote.
    const both = await Promise.all([
      store.appendExclusions([withdrawal("w1")]),
      store.appendExclusions([{ ...STORED, key: "beside" }, withdrawal("w2")]),
    ]);
    expect(both).toEqual([
      { ok: true, recorded: [{ key: "w1", id: 2, repeated: false }] },
      { ok: false, conflicts: [1] },
    ]);
    await store.appendExclusions([{ ...STORED, key: "after" }]);
    const all = await store.exclusionsOf("chat");
    expect(all.map(({ id, key }) => [id, key])).toEqual([
      [1, "maintenance-1"],
      [2, "w1"],
      [3, "after"],
    ]);
  });
});

describe("an event of a ticket", () => {
  it("is recorded once, in the order of arrival", async () => {
    const events = [TICKET, { ...TICKET, key: "r", kind: "replied", severity: null, note: "on it" }];
    expect((await ask(request({ events }, { path: "tickets" }))).status).toBe(201);
    expect((await ask(request({ events }, { path: "tickets", id: "msg_2" }))).status).toBe(200);
    const one = { contract: "standard", ticket: "OPS-7", at: Date.UTC(2031, 4, 10, 2), waiting: null, by: "human" };
    expect(await recordsStore(d1).ticketEventsOf("standard")).toEqual([
      { ...one, id: 1, key: "ops-7-opened", kind: "opened", severity: "P1", author: "Ada", note: "", recordedAt: NOW },
      { ...one, id: 2, key: "r", kind: "replied", severity: null, author: "Ada", note: "on it", recordedAt: NOW },
    ]);
    expect(await recordsStore(d1).ticketEventsOf("gold")).toEqual([]);
  });

  it("with the same key and other words is refused", async () => {
    await ask(request(TICKET, { path: "tickets" }));
    const { status, body } = await ask(request({ ...TICKET, severity: "P2" }, { path: "tickets", id: "msg_2" }));
    expect([status, await counts()]).toEqual([409, [0, 1]]);
    // Nobody can take it back, so nobody is told to.
    expect(JSON.stringify(body)).toMatch(/an event with another key/);
    expect(JSON.stringify(body)).not.toMatch(/withdr/i);
  });
});

describe("a write that fails", () => {
  const both = WAYS.flatMap((way) =>
    [["exclusions", EXCLUSION] as const, ["tickets", TICKET] as const].map(
      ([path, event]) => [way, path, event] as const,
    ),
  );

  it.each(both)("%s: %s are asked for again, and recorded once", async (way, path, event) => {
    const events = [event, { ...event, key: "second" }];
    const failed = await ask(request({ events }, { path }), { store: recordsStore(broken(way)) });
    expect([failed.status, failed.headers.get("retry-after")]).toEqual([503, "10"]);
    expect(reports.join()).toMatch(/nothing is known to be recorded: .*connection lost/i);
    const kept = way === "kept" ? 2 : 0;
    expect((await counts()).toSorted()).toEqual([0, kept]);
    const again = await ask(request({ events }, { path }));
    expect(again.status).toBe(way === "kept" ? 200 : 201);
    expect(again.body.recorded?.map(({ repeated }) => repeated)).toEqual([way === "kept", way === "kept"]);
    expect((await counts()).toSorted()).toEqual([0, 2]);
  });

  it.each(WAYS.map((way) => [way]))("%s: a withdrawal is asked for again, and recorded once", async (way) => {
    await ask(request(EXCLUSION));
    const withdrawal = { key: "w", withdraws: 1, target: "chat", author: "Bo", reason: "wrong day" };
    const sent = (): Request => request(withdrawal, { id: "msg_2" });
    expect((await ask(sent(), { store: recordsStore(broken(way)) })).status).toBe(503);
    expect((await ask(sent())).status).toBe(way === "kept" ? 200 : 201);
    expect(await counts()).toEqual([2, 0]);
  });

  it("is no empty read either: no tables, no records", async () => {
    await reset();
    const store = recordsStore(d1);
    await expect(store.exclusionsOf("chat")).rejects.toThrow();
    await expect(store.ticketEventsOf("standard")).rejects.toThrow();
    await expect(store.appendExclusions([STORED])).rejects.toThrow();
    expect((await ask(request(EXCLUSION))).status).toBe(503);
  });

  it("twice at once is one record", async () => {
    const answers = await Promise.all([ask(request(EXCLUSION)), ask(request(EXCLUSION)), ask(request(EXCLUSION))]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 201]);
    expect(await counts()).toEqual([1, 0]);
  });

  it("twice at once with two contents is one of them", async () => {
    const other = { ...EXCLUSION, reason: "another" };
    const answers = await Promise.all([ask(request(EXCLUSION)), ask(request(other, { id: "msg_2" }))]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    expect(await counts()).toEqual([1, 0]);
  });
});
