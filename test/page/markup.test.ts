// Aim: our JSX makes the very markup that Hono's own would, each stands in the other, and no text is ever markup. Method: trees from a
// seed, made by both and compared; hostile texts in every place; what is no text is refused.

import { jsx as honoJsx } from "hono/jsx/jsx-runtime";
import { raw } from "hono/html";
import { describe, expect, test } from "vitest";

import { Fragment, escapeHtml, inBytes, jsx, markup, toUtf8 } from "../../status-page/jsx/jsx-runtime.ts";
import { mulberry32 } from "../random.ts";

type Maker = (tag: string | ((props: Record<string, unknown>) => unknown), props: Record<string, unknown>) => unknown;
const OURS = jsx as unknown as Maker;
const HONOS = honoJsx as unknown as Maker;

const TEXTS = [
  "plain",
  "",
  "a & b",
  "<script>alert(1)</script>",
  `"quoted" 'twice'`,
  "中文\u00a0100 %",
  "&amp;",
  "</p>",
];
const TAGS = ["p", "div", "td", "svg", "path", "br", "meta", "input"];
const ATTRIBUTES = ["class", "id", "aria-label", "viewBox", "stroke-width", "data-x", "href", "lang"];

/** The same tree by either maker: all that is random comes from the seed. */
function tree(make: Maker, random: () => number, depth: number): unknown {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const child = (): unknown => {
    const kind = Math.floor(random() * (depth > 3 ? 5 : 8));
    if (kind < 2) return pick(TEXTS);
    if (kind === 2) return Math.floor(random() * 1e6);
    if (kind === 3) return pick([null, undefined, false]);
    if (kind === 4) return raw("<b>finished</b>");
    if (kind === 5) return [child(), [child()]];
    return tree(make, random, depth + 1);
  };
  const attributes: Record<string, unknown> = {};
  for (let i = Math.floor(random() * 4); i > 0; i--)
    attributes[pick(ATTRIBUTES)] = pick([...TEXTS, 7, null, undefined]);
  const tag = pick(TAGS);
  if (["br", "meta", "input"].includes(tag)) return make(tag, attributes);
  const children = Array.from({ length: 1 + Math.floor(random() * 3) }, child);
  if (random() < 0.2) return make((props) => props["children"], { children: make(tag, { ...attributes, children }) });
  return make(tag, { ...attributes, children: random() < 0.5 ? children : children[0] });
}

describe("markup", () => {
  test("is what Hono's runtime makes of the same tree", () => {
    let tried = 0;
    for (let seed = 1; seed <= 500; seed++) {
      const ours = String(tree(OURS, mulberry32(seed), 0));
      expect(ours).toBe(String(tree(HONOS, mulberry32(seed), 0)));
      if (ours.length > 50) tried += 1;
    }
    expect(tried).toBeGreaterThan(200);
  });

  test("stands in Hono's, and Hono's in ours", () => {
    const own = jsx("b", { children: "<i>" });
    const honos = HONOS("i", { children: "&" });
    expect(String(HONOS("p", { children: own }))).toBe("<p><b>&lt;i&gt;</b></p>");
    expect(String(jsx("p", { children: honos }))).toBe("<p><i>&amp;</i></p>");
    expect(String(HONOS(() => own, {}))).toBe("<b>&lt;i&gt;</b>");
    expect(String(Fragment({ children: [own, "<"] }))).toBe("<b>&lt;i&gt;</b>&lt;");
  });

  test.each(TEXTS)("%j is text in a child and in an attribute", (said) => {
    const html = String(jsx("p", { title: said, children: [said, [said]] }));
    expect(html).toBe(`<p title="${escapeHtml(said)}">${escapeHtml(said)}${escapeHtml(said)}</p>`);
    expect(escapeHtml(said)).not.toMatch(/[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ["true", { open: true }, '<details open=""></details>'],
    ["false", { open: false }, "<details></details>"],
    [
      "of aria, both",
      { "aria-hidden": true, "aria-busy": false },
      '<details aria-hidden="true" aria-busy="false"></details>',
    ],
    ["a number", { tabindex: 0 }, '<details tabindex="0"></details>'],
  ])("an attribute that is %s", (_, props, html) => {
    expect(String(jsx("details", props))).toBe(html);
  });

  test.each<[string, () => unknown]>([
    ["a promise", () => jsx("p", { children: Promise.resolve("late") })],
    ["an object", () => jsx("p", { children: { toString: () => "<b>" } })],
    ["a function as an attribute", () => jsx("p", { onclick: () => 1 })],
    ["a name that is more than a name", () => jsx("p", { 'x"><script': "1" })],
  ])("%s is refused", (_, make) => {
    expect(make).toThrow(TypeError);
  });

  test("of ours is not escaped twice", () => {
    expect(String(jsx("p", { children: markup("<b>&amp;</b>") }))).toBe("<p><b>&amp;</b></p>");
  });

  test("that is in bytes already stands in its place, and no text can ask for it", () => {
    const utf8 = (html: unknown): string => new TextDecoder().decode(toUtf8(String(html)));
    const bytes = (html: string): Uint8Array => new TextEncoder().encode(html);
    const twice = jsx("p", {
      children: ["\u000001\u0000", inBytes(bytes("<b>一</b>")), "–", inBytes(bytes("<i>2</i>"))],
    });
    expect(utf8(twice)).toBe("<p>\ufffd01\ufffd<b>一</b>–<i>2</i></p>");
    // The next document has its own.
    expect(utf8(jsx("p", { children: inBytes(bytes("3")) }))).toBe("<p>3</p>");
    expect(utf8("a")).toBe("a");
    // By another way than ours: nothing is lost, and nothing breaks.
    expect(utf8("a\u0000000\u0000b\u0000c")).toBe("a000bc");
  });
});
