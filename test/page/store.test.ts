// Aim: the page reads what the composer wrote, and tells "nothing yet" from "cannot be read". Method: a real D1 in
// workerd with the real migrations, by miniflare; faults are made by taking the table away.

import { afterAll, beforeAll, expect, it } from "vitest";

import { statusPage } from "../../status-page/app.tsx";
import { FrontUnreadable, parseFront } from "../../status-page/front.ts";
import { readFront } from "../../status-page/read.store.ts";
import { openD1 } from "../real-d1.ts";
import type { RealD1 } from "../real-d1.ts";
import { NOW, frontRow, healthy } from "./fixtures.ts";
import { boardPart, frontIncident, incidentsPart, maintenancePart } from "./part-fixtures.ts";

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

it("understands what stands beside the snapshots, and gives the snapshots alone as JSON", () => {
  const parts = [incidentsPart(), maintenancePart(), boardPart({ contract: "silver" }), boardPart()];
  const front = parseFront(frontRow([healthy()], NOW, parts));
  expect(front.snapshots).toEqual([healthy()]);
  expect(front.parts.incidents).toEqual(new Map([["rtm", incidentsPart()]]));
  expect(front.parts.maintenance).toEqual(new Map([["rtm", maintenancePart()]]));
  expect(front.parts.boards.map(({ contract }) => contract)).toEqual(["gold", "silver"]);
  expect(JSON.parse(new TextDecoder().decode(front.json))).toEqual([healthy()]);
  const left = JSON.stringify({ version: 2, snapshots: [], parts: [], left_out: ["incidents/rtm"] });
  expect(parseFront({ composedAt: NOW, body: left }).parts.leftOut).toEqual(["incidents/rtm"]);
  const cut = parseFront(frontRow([healthy()], NOW, [{ ...incidentsPart(), more: 1 }]));
  expect(cut.parts.leftOut, "twenty of many are not all").toEqual(["incidents/rtm"]);
});

it("puts snapshots in the order of their ids, which the row does not keep", () => {
  const of = (target: string) => ({ ...healthy(), target });
  const front = parseFront(frontRow([of("c"), of("a"), of("b")]));
  expect(front.snapshots.map(({ target }) => target)).toEqual(["a", "b", "c"]);
  expect(JSON.parse(new TextDecoder().decode(front.json))).toEqual(front.snapshots);
});

it("understands a row of before, byte for byte: snapshots and no parts", () => {
  const body = JSON.stringify([healthy()], null, 1);
  const front = parseFront({ composedAt: NOW, body });
  expect([front.snapshots.length, front.parts.incidents.size, front.parts.boards.length]).toEqual([1, 0, 0]);
  expect(front.parts.leftOut, "nobody knows what stood beside").toEqual(["incidents/rtm", "maintenance/rtm"]);
  expect(new TextDecoder().decode(front.json)).toBe(body);
});

it("refuses a row with anything strange in it", () => {
  const row = (change: object): string =>
    JSON.stringify({ version: 2, snapshots: [healthy()], parts: [incidentsPart()], ...change });
  const strange: readonly (readonly [string, string])[] = [
    ["no JSON", "{"],
    ["nothing", "null"],
    ["another version", row({ version: 3 })],
    ["no snapshots", row({ snapshots: undefined })],
    ["a snapshot of another version", row({ snapshots: [{ ...healthy(), version: 2 }] })],
    ["no parts", row({ parts: {} })],
    ["a part that nobody knows", row({ parts: [{ part: "weather", target: "rtm" }] })],
    ["a part of nobody", row({ parts: [{ ...incidentsPart(), target: undefined }] })],
    ["a list that is none", row({ parts: [{ ...incidentsPart(), live: {} }] })],
    [
      "an incident without a beginning",
      row({ parts: [incidentsPart([{ ...frontIncident(), impact_start: "" } as never])] }),
    ],
    ["maintenance without a window", row({ parts: [{ ...maintenancePart(), records: [{ title: {} }] }] })],
    ["a board without objectives", row({ parts: [{ ...boardPart(), objectives: null }] })],
    ["an objective without a verdict", row({ parts: [{ ...boardPart(), objectives: [{}] }] })],
  ];
  expect(() => parseFront({ composedAt: NOW, body: row({}) })).not.toThrow();
  for (const [what, body] of strange)
    expect(() => parseFront({ composedAt: NOW, body }), what).toThrow(FrontUnreadable);
  expect(strange).toHaveLength(13);
});
