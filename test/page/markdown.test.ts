// Aim: what people write is printed as markup of ours only, whatever it says. Method: each kind of block as it comes out; hostile
// texts alone and inside every sign; seeded mixtures, whose tags and attributes are all looked at.

import { expect, test } from "vitest";
import { Markdown } from "../../status-page/parts/markdown.tsx";
import { blocksOf } from "../../workers/incidents/markdown.ts";
import { between, mulberry32, oneOf } from "../random.ts";

const printed = (text: string, below: 1 | 2 | 3 = 2): string => String(Markdown({ blocks: blocksOf(text), below }));

/** Opening tags as they may be, whole. */
const OURS =
  /<(?:(?:p|h[3-6]|blockquote|ul|li|ol start="\d{1,9}"|pre tabindex="0"|code|strong|em|a href="(?:https?:\/\/|mailto:)[^"<>\s]*" rel="nofollow noopener noreferrer")>|br\/>)|<\/(?:p|h[3-6]|blockquote|ul|ol|li|pre|code|strong|em|a)>/g;

/** What is left when our tags are gone: escaped text, without a sign that could begin a tag. */
const left = (html: string): string => html.replace(OURS, "");

const PRINTED: readonly (readonly [string, string])[] = [
  ["a **b** *c*\n`d`", "<p>a <strong>b</strong> <em>c</em><br/><code>d</code></p>"],
  ["# A\n## B\n### C", "<h3>A</h3><h4>B</h4><h5>C</h5>"],
  ["- a\n- b", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"],
  ["7. a", '<ol start="7"><li><p>a</p></li></ol>'],
  ["> a", "<blockquote><p>a</p></blockquote>"],
  ["```\n<b>\n  x\n```", '<pre tabindex="0"><code>&lt;b&gt;\n  x</code></pre>'],
  [
    "[a&b](https://x.example/?c&d='e)",
    '<p><a href="https://x.example/?c&amp;d=%27e" rel="nofollow noopener noreferrer">a&amp;b</a></p>',
  ],
];

test.each(PRINTED)("%j", (text, html) => {
  expect(printed(text)).toBe(html);
});

test("headings begin below the one that the text stands under", () => {
  expect([printed("# A", 1), printed("# A", 3), printed("# A\n## B\n### C", 3)]).toEqual([
    "<h2>A</h2>",
    "<h4>A</h4>",
    "<h4>A</h4><h5>B</h5><h6>C</h6>",
  ]);
});

const HOSTILE = [
  "<script>alert(1)</script>",
  '<img src=x onerror="alert(1)">',
  "<svg/onload=alert(1)>",
  "</p></div><iframe srcdoc='x'>",
  "[a](javascript:alert(1))",
  "[a](JAVASCRIPT:alert`1`)",
  "[a](data:text/html;base64,PHNjcmlwdD4=)",
  "[a](vbscript:x)",
  "[a](java\tscript:x)",
  '[a](https://x.example/"onmouseover=alert`1`)',
  "[a](https://x.example/'><script>alert`1`</script>)",
  '[<img onerror=alert(1)>](https://x.example/?"<b>)',
  "[a](mailto:x@x.example?body=<script>)",
  '<https://x.example/"onclick=x>',
  "&lt;script&gt;&#106;avascript:",
  "<!-- a --><![CDATA[ b ]]>",
  "{{constructor.constructor('alert(1)')()}}${7*7}",
];
const AROUND = ["", "# ", "> ", "- ", "1. ", "```\n", "`", "**", "_", "[", "\\", "```html\n"];

test("hostile texts stay texts, inside of every sign", () => {
  let tried = 0;
  for (const text of HOSTILE) {
    for (const sign of AROUND) {
      const html = printed(`${sign}${text}${sign.trim() === "[" ? "](https://x.example)" : sign.trimEnd()}`);
      expect([sign, text, /[<>"]/.test(left(html))]).toEqual([sign, text, false]);
      expect(/href="(?!https?:|mailto:)/i.test(html)).toBe(false);
      tried++;
    }
  }
  expect(tried).toBe(204);
});

test("seeded mixtures: no tag and no attribute but ours", () => {
  const random = mulberry32(7);
  const parts = [
    ...HOSTILE,
    ...AROUND,
    "a ",
    "\n",
    "\n\n",
    "](",
    ")",
    "]",
    "<",
    ">",
    '"',
    "'",
    "&",
    "](https://x.example/)",
  ];
  let links = 0;
  for (let tried = 0; tried < 3_000; tried++) {
    const text = Array.from({ length: between(random, 1, 20) }, () => oneOf(random, parts)).join("");
    const html = printed(text);
    expect([text, /[<>"]/.test(left(html))]).toEqual([text, false]);
    links += html.match(/<a /g)?.length ?? 0;
  }
  console.log("3,000 mixtures", { links });
  expect(links).toBeGreaterThan(100);
});
