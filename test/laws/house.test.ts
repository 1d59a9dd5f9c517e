// Aim: the house stays as design.md, section 4 says. Method: reads every file of the tree and holds it against each law;
// each prints how many files it checked and fails when that is none. That the laws can fail is shown in laws.test.ts.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DRIVERS } from "../../schema/words.ts";
import { IMPORT_LAWS } from "./imports.laws.ts";
import { type Examined, examine } from "./law.ts";
import { type Source, sourceOf } from "./source.ts";
import { driversHaveFiles, foldersHaveReadmes, STYLE_LAWS } from "./style.laws.ts";
import { WORLD_LAWS } from "./world.laws.ts";

const ROOT = join(import.meta.dirname, "../..");
/** Not ours: installed, built, or the tools' own state. */
const SKIPPED = new Set(["node_modules", ".git", ".wrangler", ".sonde", ".ci", "dist", "coverage", "test-results"]);
const TEXT = /\.(tsx?|mts|js|mjs|json|jsonc|sql|md|toml|css|html|ya?ml|txt|svg)$|(^|\/)(\.[a-z]+|LICENSE)$/;

function* pathsBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) yield* pathsBelow(path);
    else if (entry.isFile()) yield path;
  }
}

const paths = [...pathsBelow("")].sort();
const files: readonly Source[] = paths
  .filter((path) => TEXT.test(path))
  .map((path) => sourceOf(path, readFileSync(join(ROOT, path), "utf8")));

function expectKept({ checked, violations }: Examined, name: string, why: string): void {
  console.log(`house: ${String(checked).padStart(4)} checked: ${name}`);
  expect(checked, "a law that checked nothing has not been kept").toBeGreaterThan(0);
  expect(violations, `${name}\nbecause ${why}`).toEqual([]);
}

describe("the laws of the house", () => {
  for (const law of [...IMPORT_LAWS, ...WORLD_LAWS, ...STYLE_LAWS]) {
    it(law.name, () => expectKept(examine(law, files), law.name, law.why));
  }

  it("every top-level folder has a README.md", () => {
    expectKept(
      foldersHaveReadmes(paths),
      "every top-level folder has a README.md",
      "a folder is a room, and a room has a sign",
    );
  });

  it("every driver has its file in workers/probes/", () => {
    expectKept(
      driversHaveFiles(DRIVERS, paths),
      "every driver has its file",
      "a driver is one file, one line and one word",
    );
  });

  it("every relative import leads to a file", () => {
    const missing = files.flatMap((file) =>
      file.imports
        .filter((one) => one.target !== null && !paths.includes(one.target))
        .map((one) => `${file.path}:${one.line} ${one.specifier}`),
    );
    const checked = files.reduce((sum, file) => sum + file.imports.length, 0);
    expectKept(
      { checked, violations: missing },
      "every relative import leads to a file",
      "else the laws about imports looked past it",
    );
  });
});
