// Aim: the page reads what the composer wrote, and tells "nothing yet" from "cannot be read". Method: a real D1 in
// workerd with the real migrations, by miniflare; faults are made by taking the table away.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { afterAll, beforeAll, expect, it } from "vitest";

import { statusPage } from "../../status-page/app.tsx";
import { FrontUnreadable } from "../../status-page/front.ts";
import { readFront } from "../../status-page/read.store.ts";
import { NOW, frontRow, healthy } from "./fixtures.ts";

const MIGRATIONS = join(import.meta.dirname, "../../schema/migrations/d1");

let miniflare: Miniflare;
let DB: D1Database;

beforeAll(async () => {
  miniflare = new Miniflare(
    convertV4MiniflareOptions({
      // Else it asks Cloudflare for a sample of request.cf, and telemetry for attention.
      cf: false,
      telemetry: { enabled: false },
      modules: true,
      script: "export default { fetch: () => new Response() }",
      d1Databases: { DB: "page" },
      compatibilityDate: "2026-10-20",
    }),
  );
  // Miniflare's own types of the same thing.
  DB = (await miniflare.getD1Database("DB")) as unknown as D1Database;
  const files = readdirSync(MIGRATIONS)
    .filter((name) => name.endsWith(".sql"))
    .sort();
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    for (const statement of readFileSync(join(MIGRATIONS, file), "utf8").split("--> statement-breakpoint")) {
      await DB.prepare(statement).run();
    }
  }
}, 30_000);

afterAll(async () => {
  await miniflare.dispose();
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
