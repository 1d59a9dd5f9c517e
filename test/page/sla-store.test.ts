// Aim: reports are read from D1 as they were written, the newest first, and a fault is an error and never "there is none".
// Method: a real D1 in workerd with the real migrations, by miniflare; faults are made by changing or taking away rows.

import { afterAll, beforeAll, beforeEach, expect, it, test } from "vitest";

import { statusPage } from "../../status-page/app.tsx";
import { storedReports } from "../../status-page/sla.store.ts";
import { SlaUnreadable } from "../../status-page/sla.ts";
import type { ReportHead, StoredReport } from "../../status-page/sla.ts";
import { NOW } from "./fixtures.ts";
import { openD1 } from "../real-d1.ts";
import type { RealD1 } from "../real-d1.ts";
import * as fixtures from "./sla-fixtures.ts";
import { OCTOBER } from "./sla-parts.ts";
import { MONEY, as, contractOf, stored } from "./sla-world.ts";

let database: RealD1;
let DB: D1Database;

beforeAll(async () => {
  database = await openD1();
  DB = database.d1;
}, 30_000);

afterAll(async () => {
  await database.close();
});

async function insert(row: StoredReport): Promise<void> {
  const { contract, period, revision, fromAt, toAt, composedAt, contractSays, verdict, creditPct, hash, body, money } =
    row;
  await DB.prepare("insert into reports values (?, ?, ?, 'rtm', ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    .bind(contract, period, revision, fromAt, toAt, composedAt, contractSays, verdict, creditPct, hash, body, money)
    .run();
}

const NEWEST = stored(as(fixtures.openMonth(), "messaging"));
const SECOND = stored(fixtures.breached(), MONEY);
const FIRST = stored({ ...fixtures.breached(), revision: 1, replaces: null });
// Sorts behind "2026-11" as text, and is older: the instant decides, not the name.
const QUARTER = stored({
  ...fixtures.kept(),
  period: { ...fixtures.kept().period, name: "2026-Q3", from: 1_782_864_000_000, to: OCTOBER.from },
});
const OTHER = stored(as(fixtures.kept(), "other"));

function headOf(row: StoredReport): ReportHead {
  const { body: _body, money: _money, report: _report, ...head } = row;
  return head;
}

beforeEach(async () => {
  await DB.prepare("delete from reports").run();
});

it("says that there is none while nothing was written", async () => {
  expect(await storedReports.heads({ DB })).toEqual([]);
  expect(await storedReports.periods({ DB }, "messaging")).toEqual([]);
  expect(await storedReports.report({ DB }, "messaging", null, null)).toBeNull();
});

it("gives the newest revision of the newest period of each contract", async () => {
  for (const row of [QUARTER, FIRST, NEWEST, SECOND, OTHER]) await insert(row);
  expect(await storedReports.heads({ DB })).toEqual([headOf(NEWEST), headOf(OTHER)]);
  await DB.prepare("delete from reports where period = '2026-11'").run();
  expect(await storedReports.heads({ DB })).toEqual([headOf(SECOND), headOf(OTHER)]);
});

it("says of each report whom it was composed for, and throws where that is not told", async () => {
  const closed = stored(as(fixtures.breached(), "messaging", "access"));
  for (const row of [NEWEST, closed, OTHER]) await insert(row);
  const pages = (heads: readonly ReportHead[]) => heads.map((head) => [head.contract, head.period, head.page]);
  expect(pages(await storedReports.periods({ DB }, "messaging"))).toEqual([
    ["messaging", "2026-11", "public"],
    ["messaging", "2026-10", "access"],
  ]);
  expect(pages(await storedReports.heads({ DB }))).toEqual([
    ["messaging", "2026-11", "public"],
    ["other", "2026-10", "public"],
  ]);
  await DB.prepare("update reports set body = replace(body, '\"access\"', '\"friends\"')").run();
  await expect(storedReports.periods({ DB }, "messaging")).rejects.toBeInstanceOf(SlaUnreadable);
});

it("gives every revision of every period of one contract, the newest first", async () => {
  for (const row of [QUARTER, FIRST, NEWEST, SECOND, OTHER]) await insert(row);
  expect(await storedReports.periods({ DB }, "messaging")).toEqual([NEWEST, SECOND, FIRST, QUARTER].map(headOf));
});

test.each<[string | null, number | null, StoredReport | null]>([
  [null, null, NEWEST],
  ["2026-10", null, SECOND],
  ["2026-10", 1, FIRST],
  ["2026-10", 3, null],
  ["2026-Q3", null, QUARTER],
  ["2019-01", null, null],
])("gives the report of %s, revision %s, byte for byte with its money", async (period, revision, row) => {
  for (const each of [QUARTER, FIRST, NEWEST, SECOND, OTHER]) await insert(each);
  expect(await storedReports.report({ DB }, "messaging", period, revision)).toEqual(row);
});

test.each<[string, string]>([
  ["a changed body", "update reports set body = replace(body, 'weur', 'eeur')"],
  ["no body", "update reports set body = ''"],
  ["a changed hash", "update reports set hash = 'ff'"],
  ["a word that nobody knows", "update reports set verdict = 'fine'"],
])("throws for %s, and the page says so", async (_, fault) => {
  await insert(SECOND);
  await DB.prepare(fault).run();
  await expect(storedReports.report({ DB }, "messaging", "2026-10", null)).rejects.toBeInstanceOf(SlaUnreadable);
  const reports: unknown[] = [];
  const page = statusPage({
    now: () => NOW,
    read: () => Promise.resolve(null),
    spare: null,
    report: (error) => reports.push(error),
    contracts: [contractOf(fixtures.breached())],
    sla: storedReports,
  });
  for (const path of ["/en/sla/messaging", "/sla/messaging/2026-10.json", "/en/sla"]) {
    expect((await page.request(path, {}, { DB })).status).toBe(503);
  }
  expect(reports).toHaveLength(3);
});

it("shows what D1 holds", async () => {
  for (const row of [FIRST, SECOND]) await insert(row);
  const page = statusPage({
    now: () => NOW,
    read: () => Promise.resolve(null),
    spare: null,
    report: (error) => expect(error).toBeNull(),
    contracts: [contractOf(fixtures.breached())],
    sla: storedReports,
  });
  const html = await (await page.request("/en/sla/messaging", {}, { DB })).text();
  expect(html).toContain("The contract says: breached.");
  expect(await (await page.request("/sla/messaging/2026-10.json?revision=1", {}, { DB })).text()).toBe(FIRST.body);
});

// The last: it takes the table away.
it("throws when the table cannot be read", async () => {
  await DB.prepare("drop table reports").run();
  await expect(storedReports.heads({ DB })).rejects.toBeInstanceOf(SlaUnreadable);
  await expect(storedReports.periods({ DB }, "messaging")).rejects.toBeInstanceOf(SlaUnreadable);
  await expect(storedReports.report({ DB }, "messaging", null, null)).rejects.toBeInstanceOf(SlaUnreadable);
});
