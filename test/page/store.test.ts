// Aim: the page reads what the composer wrote, and tells "nothing yet" from "cannot be read". Method: a real D1 in
// workerd with the real migrations, by miniflare; faults are made by taking the table away.

import { afterAll, beforeAll, expect, it } from "vitest";

import { statusPage } from "../../status-page/app.tsx";
import { FrontUnreadable } from "../../status-page/front.ts";
import { readFront } from "../../status-page/read.store.ts";
import { openD1 } from "../real-d1.ts";
import type { RealD1 } from "../real-d1.ts";
import { NOW, frontRow, healthy } from "./fixtures.ts";

let database: RealD1;
let DB: D1Database;

beforeAll(async () => {
  database = await openD1();
  expect(database.migrations.length).toBeGreaterThan(0);
  DB = database.d1;
}, 30_000);

afterAll(async () => {
  await database.close();
});

it("says null while no row was written, and gives the row byte for byte afterwards", async () => {
  expect(await readFront({ DB })).toBeNull();
  const row = frontRow([healthy()]);
  await DB.prepare("insert into front (id, composed_at, body) values (1, ?, ?)").bind(row.composedAt, row.body).run();
  expect(await readFront({ DB })).toEqual(row);
  const response = await statusPage({ now: () => NOW, read: readFront, spare: null, report: () => undefined }).request(
    "/en",
    {},
    { DB },
  );
  expect([response.status, (await response.text()).includes("All 7 regions measured and operational")]).toEqual([
    200,
    true,
  ]);
});

it("throws what has a name when the row cannot be read, and the page says so", async () => {
  await DB.prepare("drop table front").run();
  await expect(readFront({ DB })).rejects.toBeInstanceOf(FrontUnreadable);
  const reports: unknown[] = [];
  const page = statusPage({ now: () => NOW, read: readFront, spare: null, report: (error) => reports.push(error) });
  expect((await page.request("/en", {}, { DB })).status).toBe(503);
  expect(reports).toHaveLength(1);
});
