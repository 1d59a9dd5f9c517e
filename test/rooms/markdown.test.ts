// Aim: what people write is read as they meant it, and no text can smuggle in markup, an address that runs code, or more work
// than its length is worth. Method: a table of texts with their trees, written short; hostile texts with counted steps; seeded
// nonsense, whose words must all come out again in order.

import { describe, expect, test } from "vitest";
import { type Block, blocksOf, plainOf, TEXT_MAX } from "../../workers/incidents/markdown.ts";
import type { Inline } from "../../workers/incidents/markdown-inline.ts";
import { between, mulberry32, oneOf } from "../random.ts";

/** p(a b[c]{d}): a tree in one line. */
function short(blocks: readonly Block[]): string {
  return blocks
    .map((block) => {
      switch (block.kind) {
        case "paragraph":
          return `p(${shortInlines(block.of)})`;
        case "heading":
          return `h${block.level}(${shortInlines(block.of)})`;
        case "code":
          return `code(${block.text.replaceAll("\n", "⏎")})`;
        case "quote":
          return `quote(${short(block.of)})`;
        case "list":
          return `${block.start === null ? "ul" : `ol${block.start}`}(${block.items.map(short).join(" | ")})`;
      }
    })
    .join(" ");
}

function shortInlines(of: readonly Inline[]): string {
  return of
    .map((each) => {
      switch (each.kind) {
        case "text":
          return each.text;
        case "code":
          return `‹${each.text}›`;
        case "break":
          return "⏎";
        case "strong":
          return `B{${shortInlines(each.of)}}`;
        case "emphasis":
          return `I{${shortInlines(each.of)}}`;
        case "link":
          return `A{${shortInlines(each.of)}→${each.href}}`;
      }
    })
    .join("");
}

const TREES: readonly (readonly [string, string])[] = [
  ["", ""],
  [" \n\n \t ", ""],
  ["one\ntwo\n\nthree", "p(one⏎two) p(three)"],
  ["one\r\ntwo\rthree\u2028four", "p(one⏎two⏎three⏎four)"],
  ["# A\n## B\n### C\n#### D", "h1(A) h2(B) h3(C) h3(D)"],
  ["### A\n# B\n### C", "h1(A) h1(B) h2(C)"],
  ["## A ##\n## C#\n#none\n# ", "h1(A) h2(C#) p(#none⏎#)"],
  ["> # A\n\n### B", "quote(h1(A)) h2(B)"],
  ["text\n# A\ntext", "p(text) h1(A) p(text)"],
  ["a **b** c *d* e __f__ _g_", "p(a B{b} c I{d} e B{f} I{g})"],
  ["**a *b* c**", "p(B{a I{b} c})"],
  ["***both*** and **a *b***", "p(B{I{both}} and B{a I{b}})"],
  ["**a *b** c*", "p(B{a *b} c*)"],
  ["*a **b* c", "p(I{a **b} c)"],
  ["5 * 3 * 2, 2*3, snake_case_name, __init", "p(5 * 3 * 2, 2*3, snake_case_name, __init)"],
  ["**注意**：已恢复", "p(B{注意}：已恢复)"],
  ["**** and ** and __ and *", "p(**** and ** and __ and *)"],
  ["*a\nb*", "p(I{a⏎b})"],
  ["`a*b*` ``c`d`` ` x ` `", "p(‹a*b*› ‹c`d› ‹x› `)"],
  ["*a `b* c`", "p(*a ‹b* c›)"],
  ["```\na\n  <b>\n\n```\nafter", "code(a⏎  <b>⏎) p(after)"],
  ["```json\n{}\n````\nafter", "code({}) p(after)"],
  ["````\n```\n````", "code(```)"],
  ["```\nnever closed", "code(never closed)"],
  ["```two words\nno fence", "p(```two words⏎no fence)"],
  ["- a\n- b\n* c", "ul(p(a) | p(b) | p(c))"],
  ["3. a\n4) b\n- c", "ol3(p(a) | p(b)) ul(p(c))"],
  ["- a\n  more\n\n  - b\n    - c\n- d", "ul(p(a⏎more) ul(p(b) ul(p(c))) | p(d))"],
  ["- a\n\n- b\n\nafter", "ul(p(a) | p(b)) p(after)"],
  ["- a\nafter", "ul(p(a)) p(after)"],
  ["-\n  a\n-b", "ul(p(a)) p(-b)"],
  ["2026. 11. 1", "ol2026(ol11(p(1)))"],
  ["> a\n> > b\n>c\n\nd", "quote(p(a) quote(p(b)) p(c)) p(d)"],
  ["> - a\n>   b\n> ```\n> c\n", "quote(ul(p(a⏎b)) code(c))"],
  [`${">".repeat(8)} deep`, "quote(quote(quote(quote(quote(quote(p(>> deep)))))))"],
  ["[a](https://x.example/b?c=d&e#f)", "p(A{a→https://x.example/b?c=d&e#f})"],
  ["[**a** `b`](http://x.example) [m](mailto:a@x.example)", "p(A{B{a} ‹b›→http://x.example/} A{m→mailto:a@x.example})"],
  ["**[a](https://x.example) b**", "p(B{A{a→https://x.example/} b})"],
  ["[a [b](https://x.example) c](https://y.example)", "p([a A{b→https://x.example/} c](https://y.example))"],
  ["[a *b](https://x.example) c*", "p(A{a *b→https://x.example/} c*)"],
  ["*a [b* c](https://x.example)", "p(I{a [b} c](https://x.example))"],
  ["[*a [b](https://x.example)*", "p([I{a A{b→https://x.example/}})"],
  ["[a](HTTPS://X.example/%28b%29)", "p(A{a→https://x.example/%28b%29})"],
  ["[a](/b) [c](//d.example) [e] (f) [g](ftp://h)", "p([a](/b) [c](//d.example) [e] (f) [g](ftp://h))"],
  [
    "[a](javascript:alert(1)) [b](JaVaScRiPt:x) [c](data:text/html,x)",
    "p([a](javascript:alert(1)) [b](JaVaScRiPt:x) [c](data:text/html,x))",
  ],
  ["[a](https://) [b](http://[) [c](https://a b)", "p([a](https://) [b](http://[) [c](https://a b))"],
  ["[a](https://bank.example@evil.example)", "p([a](https://bank.example@evil.example))"],
  ["[a](java\u0000script:x) [b](\u202ehttps://x.example)", "p([a](javascript:x) A{b→https://x.example/})"],
  ["![a](https://x.example/i.png)", "p(!A{a→https://x.example/i.png})"],
  ["<https://x.example> <script>alert(1)</script> &amp;", "p(<https://x.example> <script>alert(1)</script> &amp;)"],
  ["\\*a\\* \\[b](https://x.example) \\\\ \\a \\`c`", "p(*a* [b](https://x.example) \\ \\a `c`)"],
  ["a\u202eb\u2066c\u0007d\u200be\ufefff\ud800g\u0085h", "p(abcdefgh)"],
  ["👩‍💻 ok", "p(👩‍💻 ok)"],
  ["---\n***\n| a |", "p(---⏎***⏎| a |)"],
];

describe("texts and their trees", () => {
  test.each(TREES)("%j", (text, tree) => {
    expect(short(blocksOf(text))).toBe(tree);
  });

  test("as plain text", () => {
    const text =
      "# A\n\n**b** [c](https://x.example)\nd\n\n- e\n- f\n  g\n\n9. h\n10. i\n\n> j\n>\n> k\n\n```\nl\n\nm\n```";
    expect(plainOf(blocksOf(text))).toBe(
      "A\n\nb c (https://x.example/)\nd\n\n- e\n- f\n  g\n\n9. h\n10. i\n\n> j\n>\n> k\n\nl\n\nm",
    );
    expect(plainOf(blocksOf("[https://x.example/](https://x.example/)"))).toBe("https://x.example/");
  });
});

describe("more than anyone should write", () => {
  test("is cut, and says so", () => {
    const kept = plainOf(blocksOf("a".repeat(TEXT_MAX + 1)));
    expect([kept.length, kept.at(-1)]).toEqual([TEXT_MAX + 1, "…"]);
    expect(plainOf(blocksOf("a".repeat(TEXT_MAX)))).toHaveLength(TEXT_MAX);
    // Half of a pair is not kept.
    expect(plainOf(blocksOf(`${"a".repeat(TEXT_MAX - 1)}😀`))).toBe(`${"a".repeat(TEXT_MAX - 1)}…`);
  });

  const N = 100_000;
  const HOSTILE: Readonly<Record<string, string>> = {
    "10 MB": "word ".repeat(2_000_000),
    brackets: "[".repeat(N),
    "closing brackets": "]".repeat(N),
    "links never closed": "[a](".repeat(N),
    "links closed too often": "[a](b))".repeat(N),
    "addresses without an end": `[a](${"b".repeat(N)}`,
    stars: "*".repeat(N),
    "stars and words": "*a **b ".repeat(N),
    "stars in brackets": "[*a __b ".repeat(N),
    "closed in the wrong order": "*a [b* c] __d".repeat(N),
    underscores: "_a__b".repeat(N),
    backticks: "`".repeat(N),
    "backticks of all lengths": Array.from({ length: 190 }, (_, at) => "`".repeat(at + 1)).join(" "),
    "deep quotes": ">".repeat(N),
    "deep quotes, many": `${">".repeat(50)} a\n`.repeat(N / 50),
    "deep lists": "- ".repeat(N),
    "lists of nothing": "-\n".repeat(N),
    "lists far apart": "- a\n\n\n\n\n".repeat(N),
    "list in list": Array.from({ length: 200 }, (_, at) => `${"  ".repeat(at)}- a`).join("\n"),
    fences: "```\n".repeat(N),
    "fences of all lengths": Array.from({ length: 190 }, (_, at) => "`".repeat(192 - at)).join("\n"),
    "empty lines": "\n".repeat(N),
    spaces: `${" ".repeat(N)}a`,
    "spaces behind": `# a${" ".repeat(N)}b`,
    signs: `# ${"#".repeat(N)} a`,
    backslashes: "\\".repeat(N),
    tabs: "\t".repeat(N),
  };

  test.each(Object.entries(HOSTILE))("%s: work in proportion, nothing deep", (_, text) => {
    const half = { steps: 0 };
    const whole = { steps: 0 };
    blocksOf(`${text.slice(0, TEXT_MAX / 2)}…`, half);
    const blocks = blocksOf(text, whole);
    expect(depthOf(blocks)).toBeLessThanOrEqual(7);
    const length = Math.min(text.length, TEXT_MAX);
    expect(whole.steps).toBeGreaterThanOrEqual(length);
    // Seven levels, each of which looks at a line and then at its signs; a tab is four signs.
    expect(whole.steps).toBeLessThanOrEqual(16 * 4 * (length + 1));
    if (text.length >= TEXT_MAX) expect(whole.steps).toBeLessThanOrEqual(2.2 * half.steps);
  });

  test("so many were tried", () => {
    expect([TREES.length, Object.keys(HOSTILE).length]).toEqual([54, 27]);
  });
});

function depthOf(blocks: readonly Block[]): number {
  const inner = blocks.flatMap((block) => {
    if (block.kind === "quote") return [depthOf(block.of)];
    return block.kind === "list" ? block.items.map(depthOf) : [];
  });
  return 1 + Math.max(0, ...inner);
}

function linksOf(blocks: readonly Block[]): string[] {
  const ofInlines = (of: readonly Inline[]): string[] =>
    of.flatMap((each) => {
      if (each.kind === "link") return [each.href, ...ofInlines(each.of)];
      return "of" in each ? ofInlines(each.of) : [];
    });
  return blocks.flatMap((block) => {
    switch (block.kind) {
      case "paragraph":
      case "heading":
        return ofInlines(block.of);
      case "quote":
        return linksOf(block.of);
      case "list":
        return block.items.flatMap(linksOf);
      case "code":
        return [];
    }
  });
}

test("seeded nonsense: never throws, links only where they may go, every word in its place", () => {
  const random = mulberry32(20_261_122);
  const signs = ["*", "**", "_", "__", "`", "``", "[", "]", "](", ")", "(", "\\", "\n", "\n\n", " ", "  ", "    ", "!"];
  const lines = [
    "\n> ",
    "\n- ",
    "\n  - ",
    "\n7. ",
    "\n# ",
    "\n### ",
    "\n```\n",
    "> ",
    "<b>",
    "<script>",
    "&lt;",
    "\u202e",
  ];
  const links = ["](https://x.example/)", "](javascript:alert`1`)", "](data:text/html,x)", "](mailto:a@x.example)"];
  const kinds = { links: 0, stressed: 0, nested: 0, code: 0 };
  for (let tried = 0; tried < 5_000; tried++) {
    let words = 0;
    const text = Array.from({ length: between(random, 1, 60) }, () => {
      const draw = random();
      if (draw < 0.35) return `字${words++}字`;
      return oneOf(random, draw < 0.75 ? signs : draw < 0.92 ? lines : links);
    }).join("");
    const blocks = blocksOf(text);
    const hrefs = linksOf(blocks);
    expect(hrefs.filter((href) => !/^(https:\/\/x\.example\/|mailto:a@x\.example)$/.test(href))).toEqual([]);
    const said = plainOf(blocks).match(/字\d+字/g) ?? [];
    expect([text, said]).toEqual([text, Array.from({ length: words }, (_, at) => `字${at}字`)]);
    const tree = short(blocks);
    kinds.links += hrefs.length;
    kinds.stressed += tree.match(/[BI]\{/g)?.length ?? 0;
    kinds.nested += tree.match(/(quote|ul|ol\d+)\(/g)?.length ?? 0;
    kinds.code += tree.match(/code\(|‹/g)?.length ?? 0;
  }
  console.log("5,000 texts", kinds);
  expect(Math.min(...Object.values(kinds))).toBeGreaterThan(200);
});
