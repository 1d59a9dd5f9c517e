// Aim: the front row holds what its three writers know, and nothing that is not for everybody: a write that is lost, or kept and
// reported as lost, changes nothing in the end; a later one with older news changes nothing at all; what has not changed is not
// written. Method: the real statements, Duty and judge on a real D1, its bill read from `meta`; the row is read as the page does.

import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, inject, it } from "vitest";

import { parseFront } from "../../status-page/front.ts";
import type { Front } from "../../status-page/front.ts";
import { readFront } from "../../status-page/read.store.ts";
import { KEEPERS } from "../../workers/alerts/duty.do.ts";
import type { DutyStore } from "../../workers/alerts/duty.store.ts";
import { frontParts } from "../../workers/alerts/front-parts.store.ts";
import type { Bindings } from "../../workers/bindings.ts";
import type { NewMaintenance } from "../../workers/incidents/maintenance.ts";
import { frontPartStatement, frontScopeOf, frontStatement } from "../../workers/results/front.store.ts";
import type { PartText } from "../../workers/results/front.store.ts";
import { must } from "../observations.ts";
import { snapshot } from "../page/fixtures.ts";
import { boardPart, frontIncident, incidentsPart, maintenancePart } from "../page/part-fixtures.ts";
import { NOON, world } from "../world.ts";
import type { World } from "../world.ts";
import { breakOnce, WAYS } from "./breaking.ts";
import { ALERTS, BAD, GOOD, MINUTE, onDuty } from "./dutying.ts";
import type { OnDuty } from "./dutying.ts";
import { APRIL, GOLDEN, goldenAt, HOUR, MAY, oneSeries, writeHours } from "./judging.ts";

const d1 = (env as unknown as Bindings).DB;

beforeEach(async () => {
  await reset();
  await applyD1Migrations(d1, inject("migrations"));
});

/** A snapshot as its collector would have kept it. */
async function keepSnapshot(target: string, composedAt: number, db: D1Database = d1): Promise<void> {
  const body = JSON.stringify(snapshot([], { target, composed_at: composedAt }));
  await db
    .prepare(`INSERT OR REPLACE INTO "snapshots" VALUES (?1, ?2, ?2, ?3, ?3)`)
    .bind(target, composedAt, body)
    .run();
}

const composed = async (db: D1Database = d1): Promise<Front> =>
  parseFront(must((await readFront({ DB: db })) ?? undefined));
const textOf = (part: { readonly part: string; readonly target: string; readonly as_of: number }): PartText => ({
  key: `${part.part}/${part.target}`,
  target: part.target,
  asOf: part.as_of,
  body: JSON.stringify(part),
});
const SCOPE = { targets: ["rtm", "chat"], contracts: ["gold"] };

describe("the statement", () => {
  const board: PartText = { key: "board/gold", target: "rtm", asOf: 5, body: JSON.stringify(boardPart()) };

  it("takes parts of what is in scope, writes a row of each, and nothing where nothing has changed", async () => {
    await keepSnapshot("rtm", 1_000);
    await keepSnapshot("gone", 9_000);
    const rows = async (...parts: PartText[]): Promise<readonly number[]> => {
      const done = await d1.batch([
        ...parts.map((part) => frontPartStatement(d1, part)),
        frontStatement(d1, SCOPE, true),
      ]);
      return [done.at(-1)?.meta.rows_read ?? 0, done.reduce((sum, each) => sum + each.meta.rows_written, 0)];
    };
    const gone = textOf(incidentsPart([frontIncident()], [], "gone"));
    const secret = { ...board, key: "board/secret" };
    // A text key is a row of an index more when it is new.
    const [, first] = await rows(textOf(incidentsPart()), textOf(maintenancePart()), board, gone, secret);
    const [read, again] = await rows(textOf(incidentsPart()), textOf(maintenancePart()), board);
    console.log(`front row of 1 snapshot and 3 parts: ${read} rows read, ${first} written; ${again} without news`);
    expect([first, again]).toEqual([11, 0]);
    expect(read).toBeLessThanOrEqual(17);
    const front = await composed();
    expect(front.row.composedAt, "figures are as old as they are").toBe(1_000);
    expect(front.snapshots.map(({ target }) => target)).toEqual(["rtm"]);
    expect(front.parts).toEqual({
      incidents: new Map([["rtm", incidentsPart()]]),
      maintenance: new Map([["rtm", maintenancePart()]]),
      boards: [boardPart()],
      leftOut: [],
    });
  });

  it("grows by one where only a part has changed; older news change nothing", async () => {
    await keepSnapshot("rtm", 1_000);
    const write = (asOf: number, tier: string) =>
      d1.batch([
        frontPartStatement(d1, { ...board, asOf, body: JSON.stringify(boardPart({ tier })) }),
        frontStatement(d1, SCOPE, true),
      ]);
    const seen: unknown[] = [];
    for (const [asOf, tier] of [
      [5, "a"],
      [6, "b"],
      [5, "late"],
      [6, "b"],
      [7, "c"],
    ] as const) {
      await write(asOf, tier);
      const { row, parts } = await composed();
      seen.push([row.composedAt, parts.boards[0]?.tier]);
    }
    expect(seen).toEqual([
      [1_000, "a"],
      [1_001, "b"],
      [1_001, "b"],
      [1_001, "b"],
      [1_002, "c"],
    ]);
  });

  it("takes the parts from the row that is there where none was changed, whoever composed it, and not of another scope", async () => {
    const targets = Array.from({ length: 40 }, (_, i) => `t${i}`);
    const scope = { targets, contracts: ["gold"] };
    for (const target of targets) await keepSnapshot(target, 1_000);
    await d1.batch([
      ...targets.map((target) => frontPartStatement(d1, textOf(incidentsPart([], [], target)))),
      ...targets.map((target) => frontPartStatement(d1, textOf(maintenancePart([], target)))),
      frontPartStatement(d1, board),
      frontStatement(d1, scope, true),
    ]);
    const whole = await composed();
    const later = async (at: number, of: typeof scope) => {
      await keepSnapshot("t7", at);
      const [done] = await d1.batch([frontStatement(d1, of, false)]);
      const { snapshots, parts, row } = await composed();
      expect([row.composedAt, snapshots.length]).toEqual([at, of.targets.length]);
      return { parts, rows: done?.meta.rows_read ?? Infinity };
    };
    const next = await later(2_000, scope);
    expect(next.parts).toEqual(whole.parts);
    // Fewer targets, no contract: what is not public any more is gone with the next write, whoever writes.
    const fewer = await later(3_000, { targets: ["t7", "t8"], contracts: [] });
    expect([fewer.parts.incidents.size, fewer.parts.maintenance.size, fewer.parts.boards]).toEqual([2, 2, []]);
    const back = await later(4_000, scope);
    expect(back.parts).toEqual(whole.parts);
    // A row of an older version says of no scope what it was composed for.
    await d1.prepare(`UPDATE "front" SET "body" = '[]'`).run();
    expect((await later(5_000, scope)).parts).toEqual(whole.parts);
    console.log(`front row of 40 snapshots and 81 parts: ${next.rows} rows read, ${back.rows} where the scope is new`);
    expect([next.rows <= 86, back.rows <= 250]).toEqual([true, true]);
  });

  it("is not led astray by texts that look like its own", async () => {
    await keepSnapshot("rtm", 1_000);
    const sentence = { en: `'],"snapshots":[{"version":2,"scope":"`, zh: `","parts":[]}` };
    await d1.batch([
      frontPartStatement(d1, textOf(incidentsPart([frontIncident({ sentence })]))),
      frontStatement(d1, SCOPE, true),
    ]);
    for (const at of [2_000, 3_000]) {
      await keepSnapshot("rtm", at);
      await d1.batch([frontStatement(d1, SCOPE, false)]);
      const { parts, snapshots } = await composed();
      expect([snapshots.length, parts.incidents.get("rtm")?.live[0]?.sentence]).toEqual([1, sentence]);
    }
  });

  it("names what there was no room for, and keeps the smaller ones", async () => {
    await keepSnapshot("rtm", 1_000);
    const long = (en: number) => frontIncident({ sentence: { en: "x".repeat(en), zh: "长" } });
    await d1.batch([
      frontPartStatement(d1, textOf(incidentsPart([long(120_000)]))),
      frontPartStatement(d1, textOf(incidentsPart([long(390_000)], [], "chat"))),
      frontPartStatement(d1, board),
      frontStatement(d1, SCOPE, true),
    ]);
    await keepSnapshot("rtm", 2_000);
    await d1.batch([frontStatement(d1, SCOPE, false)]);
    const { parts } = await composed();
    expect([[...parts.incidents.keys()], parts.boards.length, parts.leftOut]).toEqual([["rtm"], 1, ["incidents/chat"]]);
  });

  it("never fails a batch for its size: leaves out what does not fit, and stays as it was where nothing does", async () => {
    const targets = Array.from({ length: 100 }, (_, i) => `t${i}`);
    const scope = { targets, contracts: [] };
    const fill = async (summaryBytes: number) => {
      const text = (bytes: number): string => JSON.stringify({ x: "x".repeat(bytes - 8) });
      const statement = d1.prepare(`INSERT OR REPLACE INTO "snapshots" VALUES (?1, 1, 1, ?2, ?3)`);
      await d1.batch(targets.map((target) => statement.bind(target, text(42_000), text(summaryBytes))));
    };
    const tell = async (asOf: number, of: readonly string[], bytes: number) => {
      const part = (target: string) => {
        const told = incidentsPart([frontIncident({ sentence: { en: "x".repeat(bytes), zh: "" } })], [], target);
        return textOf({ ...told, as_of: asOf });
      };
      await d1.batch(of.map((target) => frontPartStatement(d1, part(target))));
    };
    await tell(1, targets, 3_000);
    const seen: unknown[] = [];
    for (const [summaryBytes, anew] of [
      [14_000, true],
      [17_000, true],
      [17_000, false],
      [30_000, false],
    ] as const) {
      await fill(summaryBytes);
      const [done] = await d1.batch([frontStatement(d1, scope, anew)]);
      const row = must((await readFront({ DB: d1 })) ?? undefined);
      const body = JSON.parse(row.body) as { snapshots: []; parts: []; left_out?: [] };
      expect(row.body.length).toBeLessThan(2_000_000);
      seen.push([done?.meta.changes, body.snapshots.length, body.parts.length, body.left_out?.length]);
    }
    // Twenty incidents with long words take some 50 kB: five million of them are no text that D1 would make.
    await tell(2, targets.slice(1), 90_000);
    await fill(14_000);
    await d1.batch([frontStatement(d1, scope, true)]);
    const { parts } = JSON.parse(must((await readFront({ DB: d1 })) ?? undefined).body) as {
      parts: { target: string }[];
    };
    expect(
      parts.map(({ target }) => target),
      "the only one that takes no more than its share",
    ).toEqual(["t0"]);
    expect(seen).toEqual([
      [1, 100, 100, undefined],
      [1, 100, 0, 200],
      [0, 100, 0, 200],
      [0, 100, 0, 200],
    ]);
  });

  it("shows nothing of contracts that are not public", () => {
    const contract = (id: string, page: "public" | "access") => ({ id, page });
    const contracts = [contract("gold", "public"), contract("gold", "public"), contract("secret", "access")];
    const scope = frontScopeOf({ targets: [], contracts } as unknown as Parameters<typeof frontScopeOf>[0]);
    expect(scope).toEqual({ targets: [], contracts: ["gold"] });
  });
});

/** The first outage of `push`, decided; what its Duty was told to do with D1 is `step`. */
async function outage(step: (on: OnDuty) => void = () => {}): Promise<OnDuty> {
  const on = await onDuty(ALERTS);
  await keepSnapshot("push", NOON, on.fleet.bindings.DB);
  await on.slot(NOON + MINUTE, GOOD, "push");
  step(on);
  for (const nth of [2, 3, 4]) await on.slot(NOON + nth * MINUTE, BAD, "push");
  return on;
}

const PLANNED: NewMaintenance = {
  key: "k1",
  target: "push",
  regions: null,
  title: { en: "New broker" },
  window: { kind: "once", fromAt: NOON + HOUR, toAt: NOON + 2 * HOUR },
  author: "lin@example.com",
  withdraws: null,
};

describe("a Duty", () => {
  it("shows an outage, what people say of it, and maintenance; no names, no notes, no drills", async () => {
    const on = await outage();
    const DB = on.fleet.bindings.DB;
    const live = async () => (await composed(DB)).parts.incidents.get("push")?.live ?? [];
    expect((await live()).map(({ id, state, statement }) => [id, state, statement])).toEqual([
      ["push-1", "open", null],
    ]);
    const order = { incident: "push-1", who: "lin@example.com", at: null };
    const text = { en: "We look at it." };
    await on.during("push", async (duty) => {
      await duty.act("push", { ...order, key: "n", act: { kind: "note", note: "rang Wang Wei" } });
      await duty.act("push", { ...order, key: "p", act: { kind: "publish", statement: "investigating", text } });
      const sentence = { en: "Tried out.", zh: "演练。" };
      const drill = { of: "outage", severity: "critical", scope: "region", regions: ["weur"], sentence } as const;
      await duty.drill("push", { ...drill, key: "d", who: "lin@example.com" });
      await duty.announce("push", PLANNED);
    });
    await on.look("push");
    const { row, parts } = await composed(DB);
    expect((await live()).map(({ id, statement }) => [id, statement?.statement, statement?.text])).toEqual([
      ["push-1", "investigating", text],
    ]);
    expect(parts.maintenance.get("push")?.records.map(({ id, title }) => [id, title])).toEqual([
      ["push-m1", { en: "New broker" }],
    ]);
    expect(await on.during("push", ({ stores }) => stores.store.head()?.incidents), "the drill is there").toBe(2);
    expect(row.body).not.toMatch(/lin@example|Wang Wei|push-2/);
    await on.fleet.inspect();
  });

  it.each(WAYS)("a batch that is %s: the row says what the Duty knows in the end", async (way) => {
    let broke = (): boolean => false;
    const on = await outage(({ fleet }) => void ({ broke } = breakOnce(fleet.bindings.DB, "batch", way)));
    await on.look("push");
    expect(broke()).toBe(true);
    const { parts } = await composed(on.fleet.bindings.DB);
    expect(parts.incidents.get("push")?.live.map(({ id, state }) => [id, state])).toEqual([["push-1", "open"]]);
    await on.fleet.inspect();
  });

  it("what goes on stays on the page however many came after it, rehearsals and budgets among them", () => {
    const opened = (id: string, drill: boolean) => {
      const sentence = { en: "Bad.", zh: "坏。" };
      const about = null;
      const of = { kind: "opened", of: "outage", severity: "critical", scope: "region" } as const;
      const change = { ...of, about, drill, sentence, audience: "service", regions: ["weur"] } as const;
      return { incident: id, number: 1, key: `${id} o`, at: NOON, recordedAt: NOON, author: "sonde", change };
    };
    const events = (id: string) => [opened(id, id !== "rtm-1")];
    const ids = Array.from({ length: 150 }, (_, i) => ({ id: `rtm-${150 - i}`, live: i === 149 }));
    const store = {
      newestIds: (limit: number) => ids.slice(0, limit),
      live: () => ids.filter(({ live }) => live).map(({ id }) => ({ id, events: events(id), notifiedAt: null })),
      story: (id: string) => ({ id, events: events(id), notifiedAt: null }),
    };
    const [part] = frontParts(store as unknown as DutyStore).of("rtm", new Set(["rtm-1"]), false, NOON);
    const { live } = JSON.parse(must(part).body) as { readonly live: readonly { readonly id: string }[] };
    expect(live.map(({ id }) => id)).toEqual(["rtm-1"]);
  });

  it("of the keepers shows nothing", async () => {
    const on = await onDuty(ALERTS);
    await on.during(KEEPERS, (duty) =>
      duty.report(KEEPERS, "push", [{ region: "weur", since: NOON - HOUR, reason: "silent" }]),
    );
    await on.look(KEEPERS);
    const { results } = await on.fleet.bindings.DB.prepare(`SELECT "key" FROM "front_parts"`).all();
    expect(results).toEqual([]);
  });
});

async function golden(contracts: readonly (typeof GOLDEN)[]): Promise<World> {
  const fleet = await world();
  fleet.reconfigure((input) => ({
    ...input,
    access: { team: "acme", audience: "a".repeat(64) },
    contracts: [...contracts],
  }));
  await oneSeries(fleet, APRIL);
  await writeHours(fleet, 1, goldenAt(APRIL, 1_440));
  await keepSnapshot("push", APRIL, fleet.bindings.DB);
  fleet.at(APRIL + 20 * HOUR);
  return fleet;
}

describe("a judge", () => {
  const SECRET = { ...GOLDEN, id: "secret", page: "access" as const };

  it("shows the open period of public contracts, until they are public no more", async () => {
    const fleet = await golden([GOLDEN, SECRET]);
    const { DB } = fleet.bindings;
    await fleet.judged("push");
    const { parts, row } = await composed(DB);
    expect(parts.boards.map(({ contract, period }) => [contract, period.name])).toEqual([["golden", "2031-04"]]);
    expect(parts.boards[0]?.objectives.map(({ id }) => id)).toEqual(["availability", "delivery", "latency"]);
    expect(row.body).not.toMatch(/secret|"fee"/);
    const keys = async () => (await DB.prepare(`SELECT "key" FROM "front_parts" ORDER BY 1`).all()).results;
    expect(await keys()).toEqual([{ key: "board/golden" }]);
    fleet.reconfigure((input) => ({ ...input, contracts: [{ ...GOLDEN, page: "access" as const }] }));
    fleet.at(APRIL + 21 * HOUR);
    await fleet.judged("push");
    expect(await keys()).toEqual([]);
    expect((await composed(DB)).parts.boards).toEqual([]);
  });

  it.each(WAYS.flatMap((way) => (["writeOpen", "keepBoards"] as const).map((name) => [way, name] as const)))(
    "%s: %s, and the next turn mends it",
    async (way, name) => {
      const fleet = await golden([GOLDEN]);
      await fleet.judge("push").arm("push");
      await fleet.inJudge("push", async (judge) => {
        const { broke } = breakOnce(judge.stores.d1, name, way);
        await judge.alarm();
        expect(broke()).toBe(true);
      });
      fleet.at(APRIL + 20 * HOUR + 5 * MINUTE);
      await fleet.judged("push");
      const { parts } = await composed(fleet.bindings.DB);
      expect(parts.boards.map(({ contract }) => contract)).toEqual(["golden"]);
      expect(parts.boards[0]?.composed_at).toBeGreaterThanOrEqual(APRIL + 20 * HOUR + 5 * MINUTE);
      expect(MAY).toBeGreaterThan(must(parts.boards[0]).period.through);
    },
  );
});
