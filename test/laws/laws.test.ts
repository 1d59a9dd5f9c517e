// Aim: each law of the house can fail, and fails on nothing else. Method: small made-up files; for each law some that it
// must refuse and some that it must let pass, run through the very functions that house.test.ts runs on the tree.

import { describe, expect, it } from "vitest";
import * as imports from "./imports.laws.ts";
import { examine, type Law } from "./law.ts";
import { sourceOf } from "./source.ts";
import * as style from "./style.laws.ts";
import * as world from "./world.laws.ts";

/** [path, text]; text without a first comment is fine for all laws but one. */
type Case = readonly [string, string];
const PURE = "workers/results/a.ts";
const STORE = "workers/results/a.store.ts";

/** Snippets with two spaces or a line break between them, each as a file of its own. */
const inFile = (path: string, snippets: string): Case[] =>
  snippets
    .trim()
    .split(/\s{2,}/)
    .map((text): Case => [path, text]);

const named = (paths: string): Case[] => paths.split(" ").map((path): Case => [path, "// a"]);

const TABLE: readonly { readonly law: Law; readonly refused: readonly Case[]; readonly passed: readonly Case[] }[] = [
  {
    law: imports.schemaStandsAlone,
    refused: [
      ["schema/words.ts", 'import { a } from "../workers/config/config.ts";'],
      ["schema/words.ts", 'import type { a } from "../workers/config/config.ts";'],
      ["schema/words.ts", 'import { sql } from "drizzle-orm";'],
      ["schema/d1-tables.ts", 'import { z } from "zod";'],
      ["schema/d1-tables.ts", 'import { drizzle } from "drizzle-ormish";'],
      ["schema/d1-tables.ts", 'export * from "../sonde.config.ts";'],
    ],
    passed: [
      ["schema/d1-tables.ts", 'import { a } from "drizzle-orm/sqlite-core"; import { b } from "./words.ts";'],
      ["schema/migrations/d1/migrations.js", 'import a from "../../../workers/x.ts";'],
    ],
  },
  {
    law: imports.tablesAreForTwoDots,
    refused: [
      [PURE, 'import { minutes } from "../../schema/d1-tables.ts";'],
      [PURE, 'import type { Minute } from "../../schema/d1-tables.ts";'],
      ["status-page/view.ts", 'const a = await import("../schema/d1-tables.ts");'],
      ["sonde.config.ts", 'import { minutes } from "./schema/d1-tables.ts";'],
    ],
    passed: [
      [STORE, 'import { minutes } from "../../schema/d1-tables.ts";'],
      ["schema/collector-tables.ts", 'import { minutes } from "./d1-tables.ts";'],
      ["test/borders/a.test.ts", 'import { minutes } from "../../schema/d1-tables.ts";'],
      [PURE, '// import { minutes } from "../../schema/d1-tables.ts";'],
    ],
  },
  {
    law: imports.pureKnowsNoDoor,
    refused: [
      [PURE, 'import { now } from "../outside.ts";'],
      [PURE, 'import type { Bindings } from "../bindings.ts";'],
      [PURE, 'import type { Store } from "./results.store.ts";'],
      [PURE, 'type A = import("../rounds/prober.do.ts").Prober;'],
      [PURE, 'import { readFileSync } from "node:fs";'],
      [PURE, 'import { DurableObject } from "cloudflare:workers";'],
      ["status-page/pages/front.tsx", 'import { read } from "../read.store.ts";'],
      ["workers/local/fault.ts", 'import { serve } from "./network.server.ts";'],
      ["workers/results/a.odd.ts", 'import { now } from "../outside.ts";'],
      [PURE, 'import { createHash, randomBytes } from "node:crypto";'],
    ],
    passed: [
      [PURE, 'import { createHash } from "node:crypto";'],
      [PURE, 'import { z } from "zod"; import { b } from "./b.ts"; import { c } from "../config/config.ts";'],
      [STORE, 'import { now } from "../outside.ts"; import "node:fs";'],
      ["workers/bindings.ts", 'import type { Prober } from "./rounds/prober.do.ts";'],
      ["test/world.ts", 'import { now } from "../workers/outside.ts";'],
    ],
  },
  {
    law: imports.roomsLookUpstream,
    refused: [
      ["workers/config/a.ts", 'import type { SeriesName } from "../results/records.ts";'],
      ["workers/results/a.store.ts", 'import { a } from "../alerts/slack.send.ts";'],
      ["workers/probes/a.ts", 'import { a } from "../local/fault.ts";'],
      [PURE, 'import { a } from "../elsewhere/a.ts";'],
      [PURE, 'import { a } from "../../status-page/view.ts";'],
      [PURE, 'import { a } from "../../test/world.ts";'],
      [PURE, 'import config from "../../sonde.config.ts";'],
      [PURE, 'import manifest from "../../package.json" with { type: "json" };'],
      [PURE, 'import { now } from "../outside.ts";'],
      ["workers/misc/a.ts", "export const a = 1;"],
      ["workers/shared.ts", "export const a = 1;"],
    ],
    passed: [
      [
        PURE,
        'import { a } from "../config/config.ts"; import { b } from "./b.ts"; import { c } from "../../schema/words.ts";',
      ],
      [STORE, 'import { now } from "../outside.ts";'],
      ["workers/rounds/prober.do.ts", 'import { a } from "../results/envelope.ts";'],
      ["workers/main.entry.ts", 'import { a } from "../status-page/app.tsx"; import { b } from "./alerts/a.ts";'],
      ["workers/agent/agent.cli.ts", 'import { a } from "../local/a.ts";'],
      ["workers/config/current.ts", 'import config from "../../sonde.config.ts";'],
    ],
  },
  {
    law: imports.pageKnowsOnlyPureRooms,
    refused: [
      ["status-page/read.store.ts", 'import { a } from "../workers/results/results.store.ts";'],
      ["status-page/view.ts", 'import type { A } from "../workers/rounds/prober.do.ts";'],
      ["status-page/view.ts", 'import { now } from "../workers/outside.ts";'],
      ["status-page/view.ts", 'import { a } from "../test/world.ts";'],
    ],
    passed: [
      [
        "status-page/view.ts",
        'import { a } from "../workers/results/figures.ts"; import { Hono } from "hono"; import { b } from "./b.ts";',
      ],
      [
        "status-page/read.store.ts",
        'import { now } from "../workers/outside.ts"; import { a } from "../schema/d1-tables.ts";',
      ],
    ],
  },
  {
    law: imports.importsNameTheirFile,
    refused: [
      [PURE, 'import { a } from "./b";'],
      [PURE, 'import { a } from "./b.js";'],
      [PURE, 'export * from "../config";'],
      ["test/a.test.ts", 'import { a } from "..";'],
    ],
    passed: [
      [
        PURE,
        'import a from "./b.json"; import { b } from "./b.tsx"; import { z } from "zod/v4"; import c from "./c.sql";',
      ],
    ],
  },
  {
    law: world.pureTouchesNothing,
    refused: [
      ...inFile(
        PURE,
        `const a = Date.now();  const a = Date . now;  const a = new Date();  const a = new Date;  const a = new Date( );
         const a = Date();  const { now } = Date;  const a = Date['now']();  const a = performance.now();
         const a = Temporal.Now.instant();  const a = Math.random();  const { random } = Math;
         crypto.getRandomValues(a);  const a = crypto.randomUUID();  const { randomUUID } = crypto;
         const a = await fetch(url);  const a = b ? fetch(url) : null;  fetch(url);  globalThis.fetch(url);
         const a = new WebSocket(url);  let a: WebSocket;  setTimeout(a, 5);  setInterval(a, 5);  setImmediate(a);
         const a = setTimeout;  AbortSignal.timeout(5);  await scheduler.wait(5);  const a = process.hrtime();
         globalThis.setTimeout(a, 5);  const a = \`\${Date.now()}\`;  const a = /'/; const b = Date.now(); // '`,
      ),
      ["status-page/pages/front.tsx", "const a = <p>don't {Date.now()} won't</p>;"],
      ["workers/local/fault.ts", "const a = Math.random();"],
    ],
    passed: [
      ...inFile(
        PURE,
        `const a = new Date(at);  const a = new Date(0).toISOString();  const a = Date.UTC(2026, 1, 1);  let a: Date;
         // Date.now() is for others  const a = 'Math.random()';  const a = \`fetch(url)\`;  /* setTimeout */
         const a = outside.fetch(url);  const a = { fetch(request: Request): Response { return b; } };
         const a = new Intl.DateTimeFormat('en');  const a = validate(update);  const a = Math.max(1, 2);
         const a = Date.parse(text);  if (a instanceof Date) b();  clock.setTimeout(a);  Temporal.Instant.from(b);`,
      ),
      [STORE, "const a = Date.now();"],
      ["workers/outside.ts", "export const now = () => Date.now();"],
      ["test/a.test.ts", "const a = Date.now();"],
    ],
  },
  {
    law: world.oneDoorToTheWorld,
    refused: [
      ...inFile(
        STORE,
        `const a = Date.now();  const a = new Date();  const a = Math.random();  crypto.getRandomValues(a);
         const a = await fetch(url);  class A { b() { fetch(url); } }  setTimeout(a, 5);  new WebSocket(url);
         import { a } from "cloudflare:sockets";  import net from "node:net";  import { a } from "timers/promises";`,
      ),
      ["workers/main.entry.ts", "const a = Date.now();"],
      ["status-page/read.store.ts", "const a = Date.now();"],
    ],
    passed: [
      ...inFile(
        STORE,
        `class A { async fetch(request: Request): Promise<Response> { return b; } }  const a = await stub.fetch(request);
         const a = { fetch(request) { return b; } };  let a: WebSocket;  import { a } from "cloudflare:workers";
         const a = outside.now();  import { readFile } from "node:fs/promises";`,
      ),
      ["workers/local/start.cli.ts", "const a = Date.now();"],
      ["workers/outside.ts", "export const now = () => Date.now();"],
    ],
  },
  {
    law: style.filesAreShort,
    refused: [
      [PURE, "// a\n".repeat(401)],
      ["test/a.test.ts", `${"// a\n".repeat(400)}// a`],
      ["status-page/page.css", "a {}\n".repeat(401)],
    ],
    passed: [
      [PURE, "// a\n".repeat(400)],
      ["schema/migrations/d1/0000_first.sql", "--\n".repeat(900)],
    ],
  },
  {
    law: style.exportsHaveNames,
    refused: [
      [PURE, "export default 1;"],
      [PURE, "export default function a() {}"],
      [PURE, "const a = 1; export { a as default };"],
      [PURE, 'export { default as default } from "./b.ts";'],
      ["workers/local/start.cli.ts", "export default {};"],
    ],
    passed: [
      ["sonde.config.ts", "export default defineConfig({});"],
      ["vitest.config.ts", "export default {};"],
      ["workers/main.entry.ts", "export default {};"],
      [PURE, "// export default\nexport const a = 'export default';"],
    ],
  },
  {
    law: style.promisesHaveReasons,
    refused: [
      [PURE, "// TODO later"],
      [PURE, "/* FIXME */"],
      [PURE, "// TODO:\nconst a = 1;"],
    ],
    passed: [
      [PURE, "// TODO: the broker of step 2 refuses it"],
      [PURE, "// TODO(step 2): the broker refuses it"],
      [PURE, "const TODO = 'FIXME';"],
    ],
  },
  {
    law: style.filesHaveSpeakingNames,
    refused: named(
      "workers/rounds/round-manager.ts test/helpers.ts status-page/utils.ts workers/common.ts schema/index.ts " +
        "workers/alerts/AlertManager.send.ts status-page/parts/index.tsx",
    ),
    passed: named("workers/results/uncommon.ts workers/results/index-of-minutes.ts README.md"),
  },
  {
    law: style.filesIntroduceThemselves,
    refused: [
      [PURE, 'import { a } from "./b.ts"; // too late'],
      [PURE, ""],
      [PURE, "//\nconst a = 1;"],
      ["vitest.config.ts", "export default {};"],
    ],
    passed: [
      [PURE, "// What it owns."],
      ["workers/local/start.cli.ts", "#!/usr/bin/env node\n// Starts the fleet."],
      ["status-page/a.tsx", "/** Parts. */"],
      ["README.md", "# House"],
    ],
  },
  {
    law: style.typesAreTypes,
    refused: [
      [PURE, "enum State { up }"],
      [PURE, "export const enum State { up }"],
      [PURE, "function a(b: any) {}"],
      [PURE, "let a: any;"],
      [PURE, "const a = b as any;"],
      [PURE, "const a = (b as any).c;"],
      [PURE, "let a: Map<string, any>;"],
      [PURE, "let a: any[];"],
      ["test/a.test.ts", "const a: Record<string, any> = {};"],
    ],
    passed: [
      [PURE, "// any of them: any\nconst a = 'as any'; const anyone: Any = b;"],
      ["status-page/a.tsx", "const a = <p>As good as any other: any of them</p>;"],
      [PURE, "const any = [1].some(Boolean);"],
    ],
  },
  {
    law: style.noMachineInTheTree,
    refused: [
      [PURE, `const a = "/${"work"}/main/x.ts";`],
      ["README.md", `see /${"tmp"}/notes.md`],
      ["test/README.md", `(/${"home"}/someone/x)`],
      ["package.json", `"a": "file:///${"work"}/x"`],
    ],
    passed: [
      ["README.md", "workers/work/a, https://example.com/work/a, ./tmp/a, the work/time balance"],
      [PURE, 'app.get("/work", a);'],
    ],
  },
];

describe("each law of the house", () => {
  for (const { law, refused, passed } of TABLE) {
    it(`can fail: ${law.name}`, () => {
      for (const [path, text] of refused) {
        const { checked, violations } = examine(law, [sourceOf(path, text)]);
        expect(checked, `${path} is covered`).toBe(1);
        expect(violations.length, `${path}: ${text}`).toBeGreaterThan(0);
        expect(violations[0]).toMatch(new RegExp(`^${path}:\\d+ `));
      }
      for (const [path, text] of passed) expect(examine(law, [sourceOf(path, text)]).violations, text).toEqual([]);
      console.log(`laws: ${refused.length} refused, ${passed.length} passed: ${law.name}`);
    });
  }

  it("is in this table", () => {
    const laws = [...imports.IMPORT_LAWS, ...world.WORLD_LAWS, ...style.STYLE_LAWS];
    expect(TABLE.map((row) => row.law.name).toSorted()).toEqual(laws.map((law) => law.name).toSorted());
  });

  it("counts what it checked, so that nothing at all can be told from nothing wrong", () => {
    expect(examine(imports.schemaStandsAlone, [sourceOf("README.md", "")])).toEqual({ checked: 0, violations: [] });
  });
});

describe("the tree as a whole", () => {
  it("needs a README.md in each visible folder at the top", () => {
    expect(style.foldersHaveReadmes(["a/x.ts", "a/README.md", "b/c/x.ts", "b/c/README.md", ".ci/x", "x.ts"])).toEqual({
      checked: 2,
      violations: ["b/ has no README.md"],
    });
  });

  it("needs a file for each driver", () => {
    expect(
      style.driversHaveFiles(["mqtt", "nats"], ["workers/probes/mqtt.probe.ts", "workers/probes/nats.ts"]),
    ).toEqual({
      checked: 2,
      violations: ["workers/probes/nats.probe.ts is missing"],
    });
  });
});
