// Aim: the law about migrations can fail. Method: its command runs on copies of schema/ in which somebody changed a table
// and wrote no migration; each must be found, named and explained. That the house itself keeps it is `npm run check`.

import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Runs the law on a copy in which `from` stands as `to` in one file of schema/. */
function lawOn(file: string, from: string, to: string): { status: number | null; out: string } {
  const folder = mkdtempSync(join(tmpdir(), "sonde-law-"));
  folders.push(folder);
  cpSync(join(ROOT, "schema"), join(folder, "schema"), { recursive: true });
  for (const name of readdirSync(ROOT).filter((each) => each.startsWith("drizzle.")))
    cpSync(join(ROOT, name), join(folder, name));
  const text = readFileSync(join(folder, "schema", file), "utf8");
  expect(text.split(from).length, `${file} holds ${from}`).toBeGreaterThan(1);
  writeFileSync(join(folder, "schema", file), text.replace(from, to));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, "migrations.cli.ts"), folder],
    { encoding: "utf8" },
  );
  return { status, out: `${stdout}\n${stderr}` };
}

it("finds a column without a migration, and says which database and what to do", () => {
  const { status, out } = lawOn(
    "prober-tables.ts",
    'bornAt: integer("born_at").notNull(),',
    'bornAt: integer("born_at").notNull(),\n  moons: integer("moons"),',
  );
  expect(status).toBe(1);
  expect(out).toMatch(/prober: \d+ in step with its tables: NO/);
  expect(out).toMatch(/d1: \d+ in step with its tables: yes/);
  expect(out).toMatch(/collector: \d+ in step with its tables: yes/);
  expect(out).toContain("npm run migrations -- --name what_it_does");
});

it("finds a renamed column, where drizzle-kit asks a question and ends with 0", () => {
  const { status, out } = lawOn("d1-tables.ts", 'text("place")', 'text("site")');
  expect(status).toBe(1);
  expect(out).toMatch(/d1: \d+ in step with its tables: NO/);
});

it("finds a history that drizzle-kit itself cannot read any more", () => {
  const { status, out } = lawOn(
    "migrations/prober/meta/0000_snapshot.json",
    '"dialect": "sqlite"',
    '"dialect": "mysql"',
  );
  expect(status).toBe(1);
  expect(out).toMatch(/prober: \d+ in step with its tables: NO/);
});
