// Aim: the laws neither fire on comments and strings nor miss code between them. Method: tricky snippets, each with the
// code words that must stay visible and those that must not; and the tree itself, whose imports must all exist.

import { describe, expect, it } from "vitest";
import { sourceOf, strip } from "./source.ts";

// Each row: the snippet; SEEN must stay in the code, every HIDDEN must be gone. The third: it is a .tsx.
const SNIPPETS: readonly (readonly [string, string, boolean?])[] = [
  ["a line comment", "SEEN(); // HIDDEN\nSEEN();"],
  ["a block comment over lines", "SEEN(); /* HIDDEN\n HIDDEN */ SEEN();"],
  ["a comment mark in a string", 'const url = "https://HIDDEN"; SEEN();'],
  ["a string mark in a comment", "// don't HIDDEN\nSEEN();"],
  ["an escaped quote", 'f("a\\"HIDDEN"); SEEN();'],
  ["an escaped backslash before the quote", 'f("HIDDEN\\\\"); SEEN();'],
  ["the other quote within", `f('"HIDDEN'); SEEN(); g("'HIDDEN"); SEEN();`],
  ["a template", "f(`HIDDEN`); SEEN();"],
  ["code within a template", "f(`HIDDEN ${SEEN()} HIDDEN`); SEEN();"],
  ["a template within a template", "f(`HIDDEN ${g(`HIDDEN ${SEEN()} HIDDEN`)} HIDDEN`); SEEN();"],
  ["an object within a template", "f(`HIDDEN ${g({ a: { b: SEEN } })} HIDDEN`); SEEN();"],
  ["an escaped template mark", "f(`HIDDEN \\` \\${HIDDEN}`); SEEN();"],
  ["a comment mark in a template", "f(`HIDDEN // ${SEEN()} /* HIDDEN`); SEEN();"],
  ["a regular expression with a quote", 'f(/HIDDEN"/); SEEN();'],
  ["a regular expression with a comment mark", "const a = /[/*]HIDDEN/; SEEN();"],
  ["a regular expression with an escaped slash", "x.match(/\\/\\/HIDDEN/g); SEEN();"],
  ["a regular expression after a keyword", "return /'HIDDEN/.test(SEEN);"],
  ["a regular expression as the body of an arrow", "f(() => /`HIDDEN/); SEEN();"],
  ["a division", "const a = b / SEEN / c; // HIDDEN"],
  ["a division after a call", "const a = f(b) / SEEN; const c = 'HIDDEN' / SEEN;"],
  ["a division after an element", "const a = b[0] / SEEN; // HIDDEN"],
  ["a shebang", "#!/usr/bin/env node HIDDEN'\nSEEN();".replace("HIDDEN'", "'")],
  ["a comment that never ends", "SEEN(); /* HIDDEN"],
  ["a generic", "const a = new Map<string, SEEN>(); // HIDDEN"],
  ["an apostrophe in JSX text", "<p>don't {SEEN()} won't</p>;", true],
  ["quotation marks in JSX text", '<p>said "{SEEN()}" he</p>;', true],
  ["quotation marks right after a tag", '<p>"{SEEN()}"</p>;', true],
  ["quotation marks after a placeholder", '<p>{SEEN} "{SEEN()}"</p>;', true],
  ["an address in JSX text", "<p>https://x.y {SEEN()}</p>;", true],
  ["an attribute", '<a href="//HIDDEN" title={SEEN}>x</a>;', true],
  ["an empty tag and a closing one", '<p><br />{SEEN()}</p>; f("HIDDEN"); <img src={x} />; SEEN();', true],
  ["a string after a tag's placeholder", '<p>{f("HIDDEN", SEEN)}</p>;', true],
  ["a comment in JSX", "<p>{/* HIDDEN */}{SEEN()}</p>;", true],
  ["a string type in a .tsx", 'type A = Record<"HIDDEN", SEEN> | "HIDDEN"; const b = a as "HIDDEN";', true],
  ["a template in a .tsx", "const a = html`HIDDEN ${SEEN()}`; return `HIDDEN`;", true],
];

describe("strip", () => {
  it("keeps code, blanks the rest, and keeps every place", () => {
    console.log(`source.test.ts: ${SNIPPETS.length} snippets`);
    for (const [what, text, jsx] of SNIPPETS) {
      const { code, comments } = strip(text, jsx === true);
      expect(code.length, what).toBe(text.length);
      expect(comments.length, what).toBe(text.length);
      expect(code.split("\n").length, what).toBe(text.split("\n").length);
      expect(code, what).not.toContain("HIDDEN");
      expect(code.match(/SEEN/g)?.length, `${what}: ${code}`).toBe(text.match(/SEEN/g)?.length);
      expect(comments, what).not.toContain("SEEN");
    }
  });

  it("keeps comments apart", () => {
    expect(strip('f("// no"); // yes\n/* and */ g(`/* no */`);', false).comments.trim().replace(/\s+/g, " ")).toBe(
      "// yes /* and */",
    );
  });
});

describe("imports", () => {
  it("are found in all their forms, and only where they are code", () => {
    const text = [
      'import { a } from "./a.ts";',
      'import type { B } from "../b/b.ts";',
      "import {\n  c,\n} from '../../schema/c.ts';",
      'import "./side.ts";',
      'export * from "./d.ts";',
      'export { e } from "node:fs";',
      'const f = await import("./f.ts");',
      'type G = import("./g.ts").G;',
      'const h = require("h");',
      '// import { no } from "./comment.ts";',
      'const text = `import { no } from "./template.ts"`;',
      'Array.from("./method.ts"); const from = "./variable.ts";',
    ].join("\n");
    expect(sourceOf("workers/x/y.ts", text).imports.map((one) => [one.specifier, one.target, one.line])).toEqual([
      ["./a.ts", "workers/x/a.ts", 1],
      ["../b/b.ts", "workers/b/b.ts", 2],
      ["../../schema/c.ts", "schema/c.ts", 5],
      ["./side.ts", "workers/x/side.ts", 6],
      ["./d.ts", "workers/x/d.ts", 7],
      ["node:fs", null, 8],
      ["./f.ts", "workers/x/f.ts", 9],
      ["./g.ts", "workers/x/g.ts", 10],
      ["h", null, 11],
    ]);
  });
});
