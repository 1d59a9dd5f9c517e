// Aim: what is frozen stays what it was, whatever is configured later; only late minutes, exclusions and tickets correct it; what a
// report once knew is not forgotten; and one contract's trouble is not another's. Method: the golden month in a real D1, the real
// judge, then a change of configuration or of time, then a record that has it judged again.

import { drizzle } from "drizzle-orm/d1";
import { expect, it } from "vitest";

import { minutes } from "../../schema/d1-tables.ts";
import { idOf } from "../../workers/results/rows.store.ts";
import { recordsStore } from "../../workers/sla/records.store.ts";
import { must } from "../observations.ts";
import { world } from "../world.ts";
import type { World } from "../world.ts";
import {
  APRIL,
  availabilityOf,
  DAY,
  documentOf,
  GOLDEN,
  goldenAt,
  HOUR,
  MAY,
  MINUTE,
  oneSeries,
  reportsOf,
  writeHours,
} from "./judging.ts";

async function golden(contracts: readonly object[] = [GOLDEN], fromAt = APRIL): Promise<World> {
  const fleet = await world();
  configure(fleet, contracts);
  await writeHours(fleet, await oneSeries(fleet, fromAt), goldenAt(APRIL));
  fleet.at(MAY + 2 * HOUR);
  return fleet;
}

function configure(fleet: World, contracts: readonly object[]): void {
  fleet.reconfigure((input) => ({ ...input, contracts: contracts as never }));
}

const names = async (fleet: World): Promise<string[]> =>
  (await reportsOf(fleet)).map((row) => `${row.contract} ${row.period} ${row.revision}`);

/** Some other minutes than those that a test is about are excluded: the month is judged again. */
async function note(fleet: World): Promise<void> {
  const record = {
    key: "note",
    target: "push",
    contract: null,
    type: "scheduled-maintenance",
    fromAt: APRIL + 40_000 * MINUTE,
    toAt: APRIL + 40_010 * MINUTE,
    regions: null,
    announcedAt: APRIL,
    author: "ops@example.com",
    reason: "new certificates",
    proof: { where: "https://status.example.com/notice/1", sha256: "ab".repeat(32) },
    recordedAt: fleet.now(),
    withdraws: null,
  } as const;
  expect(await recordsStore(fleet.bindings.DB).appendExclusions([record])).toMatchObject({ ok: true });
}

it("a changed text, a changed fleet, a changed pace: nothing of it reaches what is frozen", async () => {
  const fleet = await golden();
  await fleet.judged("push");
  const first = documentOf((await reportsOf(fleet))[0]);
  // The same version, lenient and renamed, and another pace: an edit that should have been a new version.
  const lenient = (GOLDEN.objectives ?? []).map((each) => (each.kind === "slots" ? { ...each, target: 0.9 } : each));
  configure(fleet, [
    { ...GOLDEN, objectives: lenient, credits: [], label: "Renamed", fee: { amount: 1, currency: "USD" } },
  ]);
  fleet.reconfigure((input) => ({
    ...input,
    targets: input.targets.map((each) => ({ ...each, label: "Renamed", every: "60s" as const, messages: 20 })),
  }));
  fleet.at(MAY + 3 * DAY);
  await fleet.judged("push");
  expect(await names(fleet)).toEqual(["golden 2031-04 1", "golden 2031-05 0"]);
  await note(fleet);
  fleet.at(MAY + 4 * DAY);
  await fleet.judged("push");
  const second = documentOf((await reportsOf(fleet))[1]);
  expect(second).toMatchObject({
    revision: 2,
    verdict: "breached",
    contract: first.contract,
    method: first.method,
    credit: { pct: 10 },
  });
  expect(second.segments[0]).toMatchObject({ contract_hash: first.segments[0]?.contract_hash });
  expect(availabilityOf(second)).toMatchObject({ target: 0.999, figures: { counted: 43_190, down: 78 } });
  expect(JSON.parse(must((await reportsOf(fleet))[1]).money ?? "")).toMatchObject({ fee: 1_000, owed: 100 });
  // The open month has the new text, by a hash of its own.
  const open = documentOf((await reportsOf(fleet))[2]);
  expect(open.segments[0]?.contract_hash).not.toBe(first.segments[0]?.contract_hash);
});

it("the edges of an outage are told by its minutes, and still known when these are gone", async () => {
  const fleet = await golden();
  const [firstBadAt, nextGoodAt] = [APRIL + 5_000 * MINUTE + 7_000, APRIL + 5_012 * MINUTE + 2_000];
  const edge = { asOf: 1, revision: 0, config: 1, slots: 1, rounds: 1, scheduled: 20, ok: 0, lost: 20, error: 0 };
  const zeros = { connectFail: 0, notSent: 0, duplicate: 0, reordered: 0, corrupt: 0, foreign: 0, afterDeadline: 0 };
  const rest = { lagMsMax: 0, latency: Buffer.alloc(0), connect: Buffer.alloc(0), afterDeadlineMsMax: 0, unfit: 0 };
  for (const [minute, runs] of [
    [5_000, [[20, firstBadAt, null]]],
    [5_011, [[20, APRIL + 5_011 * MINUTE, nextGoodAt]]],
  ] as const) {
    const id = idOf(1, APRIL / MINUTE + minute);
    const row = { id, ...edge, ...zeros, ...rest, place: "", over: [], lossRuns: runs };
    await drizzle(fleet.bindings.DB).insert(minutes).values(row);
  }
  const edges = async (at: number) => {
    const { runs } = availabilityOf(documentOf((await reportsOf(fleet))[at]));
    const run = runs.find((each) => each.from === APRIL + 5_000 * MINUTE);
    return [run?.first_bad_at, run?.next_good_at];
  };
  await fleet.judged("push");
  expect(await edges(0)).toEqual([firstBadAt, nextGoodAt]);
  await fleet.bindings.DB.exec("DELETE FROM minutes");
  await note(fleet);
  fleet.at(MAY + 100 * DAY);
  for (let alarms = 0; alarms < 3; alarms++) await fleet.judged("push");
  expect(documentOf((await reportsOf(fleet))[1])).toMatchObject({ revision: 2 });
  expect(await edges(1)).toEqual([firstBadAt, nextGoodAt]);
});

it("a ticket that nobody answers is missed by time alone", async () => {
  const support = [{ severity: "P1", clock: "restore", target: "10d" }];
  const fleet = await golden([{ ...GOLDEN, support }]);
  const opened = {
    key: "t1",
    contract: "golden",
    ticket: "T-1",
    kind: "opened",
    at: MAY - DAY,
    severity: "P1",
  } as const;
  const event = { ...opened, waiting: null, by: "human", author: "a@example.com", note: "", recordedAt: MAY } as const;
  expect(await recordsStore(fleet.bindings.DB).appendTicketEvents([event])).toMatchObject({ ok: true });
  await fleet.judged("push");
  expect(documentOf((await reportsOf(fleet))[0]).support).toMatchObject([{ tickets: 1, running: 1, missed: 0 }]);
  fleet.at(MAY + 20 * DAY);
  await fleet.judged("push");
  expect(documentOf((await reportsOf(fleet))[1])).toMatchObject({
    revision: 2,
    support: [{ tickets: 1, running: 0, missed: 1 }],
  });
});

it("a contract that is prolonged after its end goes on under another name, beside what is frozen", async () => {
  const fleet = await golden([{ ...GOLDEN, effective: { from: "2031-04-01", to: "2031-04-10" } }]);
  fleet.at(APRIL + 11 * DAY);
  await fleet.judged("push");
  expect(await names(fleet)).toEqual(["golden 2031-04 1"]);
  const later = { ...GOLDEN, version: 2, effective: { from: "2031-04-11" } };
  configure(fleet, [{ ...GOLDEN, effective: { from: "2031-04-01", to: "2031-04-10" } }, later]);
  fleet.at(APRIL + 20 * DAY);
  await fleet.judged("push");
  expect(await names(fleet)).toEqual(["golden 2031-04 1", "golden 2031-04-11 0"]);
  const open = documentOf((await reportsOf(fleet))[1]);
  expect(open.period).toMatchObject({ from: APRIL + 10 * DAY, to: MAY });
  fleet.at(MAY + 2 * HOUR);
  for (let alarms = 0; alarms < 2; alarms++) await fleet.judged("push");
  expect((await names(fleet)).slice(0, 2)).toEqual(["golden 2031-04 1", "golden 2031-04-11 1"]);
});

it("an open period of other bounds is replaced when the contract's periods are changed", async () => {
  const fleet = await golden();
  fleet.at(APRIL + 5 * DAY);
  await fleet.judged("push");
  expect(await names(fleet)).toEqual(["golden 2031-04 0"]);
  configure(fleet, [{ ...GOLDEN, period: { unit: "quarter" } }]);
  fleet.at(APRIL + 6 * DAY);
  await fleet.judged("push");
  expect(await names(fleet)).toEqual(["golden 2031-Q2 0"]);
});

it("one contract that cannot be written does not stop the others", async () => {
  const fleet = await golden([{ ...GOLDEN, id: "bad" }, GOLDEN]);
  await fleet.judge("push").arm("push");
  await fleet.inJudge("push", async (judge) => {
    const { d1 } = judge.stores;
    const { freeze, writeOpen } = d1;
    const refuse = (): Promise<never> => Promise.reject(new Error("too large"));
    const refusing: Pick<typeof d1, "freeze" | "writeOpen"> = {
      freeze: (row) => (row.contract === "bad" ? refuse() : freeze(row)),
      writeOpen: (row, shown) => (row.contract === "bad" ? refuse() : writeOpen(row, shown)),
    };
    Object.assign(d1, refusing);
    await judge.alarm();
    await judge.alarm();
  });
  expect(await names(fleet)).toEqual(["golden 2031-04 1", "golden 2031-05 0"]);
});

it("a fleet that joined on the last day makes no month met", async () => {
  const fleet = await golden([GOLDEN], MAY - DAY);
  await fleet.bindings.DB.exec("DELETE FROM hours");
  const quiet = new Map([...goldenAt(APRIL)].filter(([minute]) => minute >= (MAY - DAY) / MINUTE));
  await writeHours(fleet, 1, quiet, 2);
  await fleet.judged("push");
  const april = documentOf((await reportsOf(fleet))[0]);
  expect(april).toMatchObject({ verdict: "undetermined", contract_says: "met" });
  expect(availabilityOf(april)).toMatchObject({
    figures: { counted: 43_200, unmeasured: 41_760, value: 1, verdict: "undetermined" },
    unmeasured_minutes: [{ reason: "never_scheduled", minutes: 41_760 }],
  });
  const words = april.segments[0]?.scopes[0]?.objectives.map((each) =>
    each.kind === "duration" ? "" : each.figures.verdict,
  );
  expect(words).toEqual(["undetermined", "undetermined", "undetermined"]);
});

it("a version that has not begun is in no report yet", async () => {
  const later = { ...GOLDEN, version: 2, effective: { from: "2031-04-20" } };
  const fleet = await golden([GOLDEN, later]);
  fleet.at(APRIL + 19 * DAY - 5 * MINUTE);
  await fleet.judged("push");
  const report = documentOf((await reportsOf(fleet))[0]);
  expect(report.segments.map((each) => each.contract_version)).toEqual([1]);
  expect(report.period.through).toBeLessThanOrEqual(fleet.now());
});
