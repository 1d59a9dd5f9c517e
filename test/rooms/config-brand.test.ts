// Aim: the brand can be read on the page and can do nothing. Method: tables of what is taken and of what is refused, with the words that
// say how to mend it; the grounds are held against the page's own stylesheet.

import { describe, expect, it, test } from "vitest";

import { GROUNDS, contrast, nearestReadable, readableRatio } from "../../workers/config/contrast.ts";
import { LOGO_BYTES_MAX, LOGO_CHARS_MAX } from "../../workers/config/logo.ts";
import { measuredOf } from "../../workers/config/config.ts";
import { type ParsedConfig, parseConfig } from "../../workers/config/parse.ts";
import { STYLE } from "../../status-page/style.ts";

const parsed = (brand: unknown): ParsedConfig =>
  parseConfig({
    name: "Acme",
    regions: ["weur"],
    targets: [{ id: "rtm", driver: "mqtt", address: "mqtts://broker.example" }],
    brand,
  });

const problemsOf = (brand: unknown): readonly string[] => {
  const result = parsed(brand);
  return result.ok ? [] : result.problems.map((one) => JSON.stringify(one));
};

const svg = (inside: string, start = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">'): string =>
  `data:image/svg+xml;base64,${btoa(`${start}${inside}</svg>`)}`;

function png(width: number, height: number, bytes = 33): string {
  const data = new Uint8Array(bytes);
  data.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  const view = new DataView(data.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  let letters = "";
  for (const byte of data) letters += String.fromCharCode(byte);
  return `data:image/png;base64,${btoa(letters)}`;
}

describe("colours", () => {
  it("have the contrast that WCAG says", () => {
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 10);
    expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
    expect(contrast("#ff0000", "#ffffff")).toBeCloseTo(3.998, 3);
  });

  it("are judged on the page's own grounds", () => {
    const [light = "", dark = ""] = STYLE.split("@media (prefers-color-scheme:dark)");
    for (const ground of GROUNDS.light)
      expect([ground, light.includes(`:${ground.replace("#ffffff", "#fff")}`)]).toEqual([ground, true]);
    for (const ground of GROUNDS.dark) expect([ground, dark.includes(`:${ground}`)]).toEqual([ground, true]);
  });

  it("that are refused come with the nearest that would do", () => {
    let tried = 0;
    for (let red = 0; red < 256; red += 51) {
      for (let green = 0; green < 256; green += 51) {
        for (let blue = 0; blue < 256; blue += 51) {
          const colour = `#${[red, green, blue].map((c) => c.toString(16).padStart(2, "0")).join("")}`;
          for (const theme of ["light", "dark"] as const) {
            const near = nearestReadable(colour, theme);
            expect(readableRatio(near, theme)).toBeGreaterThanOrEqual(4.5);
            expect(near === colour).toBe(readableRatio(colour, theme) >= 4.5);
            tried++;
          }
        }
      }
    }
    expect(tried).toBe(432);
  });

  test.each<[string, unknown, RegExp]>([
    [
      "too pale",
      { light: "#ff9900", dark: "#8fb4f5" },
      /contrast of 1\.\d\d:1 to the page's light ground; text needs 4\.5:1.*write light: \\"#[0-9a-f]{6}/,
    ],
    ["too dark", { light: "#1f4fa3", dark: "#1f4fa3" }, /contrast of \d\.\d\d:1 to the page's dark ground/],
    ["a name", { light: "navy", dark: "#8fb4f5" }, /is not a colour/],
    ["a rule", { light: "#1f4fa3}*{", dark: "#8fb4f5" }, /is not a colour/],
    ["half", { light: "#1f4fa3" }, /is missing/],
  ])("%s is refused", (_, accent, words) => {
    const problems = problemsOf({ accent });
    expect([problems.length, problems[0]]).toEqual([1, expect.stringMatching(words)]);
  });
});

describe("a logo", () => {
  test.each<[string, string, number, number]>([
    ["a drawing", svg('<path d="M0 0h9z" fill="url(#g)"/>'), 56, 28],
    ["a wide one", svg("", '<?xml version="1.0"?><!-- ours --><svg viewBox="0,0,1000,50">'), 180, 9],
    ["a PNG", png(200, 100), 56, 28],
  ])("%s is taken, and drawn in its proportions", (_, logo, width, height) => {
    const result = parsed({ logo });
    expect(result.ok && result.config.brand?.logo).toEqual({ src: logo, width, height });
  });

  test.each<[string, string, RegExp]>([
    ["script", svg("<script>1</script>"), /holds <script>/],
    ["script of another name", svg("<s:script>1</s:script>"), /another vocabulary/],
    ["handler", svg('<path onload="1"/>'), /event handler/],
    ["handler behind a slash", svg('<path/onload="1"/>'), /event handler/],
    ["foreign", svg("<foreignObject/>"), /holds <foreignObject>/],
    ["animation", svg('<animate attributeName="d"/>'), /holds <animate>/],
    ["picture of a stranger", svg('<image href="https://x.example/p.png"/>'), /holds <image>/],
    ["address", svg('<path xlink:href="//x.example"/>'), /an address/],
    ["address in a fill", svg('<path fill="url(https://x.example/a)"/>'), /an address/],
    ["entity", svg("", '<!DOCTYPE svg [<!ENTITY a "b">]><svg viewBox="0 0 1 1">'), /a declaration/],
    ["hidden letters", svg('<path fill="&#106;"/>'), /an address/],
    ["no size", svg("", "<svg>"), /viewBox/],
    ["a line", svg("", '<svg viewBox="0 0 4000 1">'), /viewBox/],
    ["no PNG", `data:image/png;base64,${btoa("GIF89a".repeat(8))}`, /not a PNG/],
    ["a PNG of nothing", png(0, 100), /not a PNG/],
    ["a page", "data:text/html;base64,PGI+", /not a picture/],
    ["an address", "https://acme.example/logo.png", /not a picture/],
    ["no base64", "data:image/svg+xml,<svg/>", /not a picture/],
    ["too large", png(10, 10, LOGO_BYTES_MAX + 1), /20481 bytes/],
    ["far too large", png(10, 10, 100_000), new RegExp(`write at most ${LOGO_CHARS_MAX}`)],
  ])("with %s is refused", (_, logo, words) => {
    const problems = problemsOf({ logo });
    expect([problems.length, problems[0]?.slice(0, 3000)]).toEqual([1, expect.stringMatching(words)]);
    // The picture is not repeated.
    expect(problems[0]?.length).toBeLessThan(1000);
  });

  it("may be as large as it is said", () => {
    expect(problemsOf({ logo: png(10, 10, LOGO_BYTES_MAX) })).toEqual([]);
  });

  it("alone may be long", () => {
    expect(problemsOf({ link: `https://acme.example/${"x".repeat(3000)}` })[0]).toContain("write at most 2000");
  });
});

describe("the rest", () => {
  test.each<[string, string]>([
    ["http", "http://acme.example"],
    ["a program", "javascript:alert(1)"],
    ["a password", "https://a:b@acme.example"],
    ["no address", "acme"],
  ])("a link with %s is refused", (_, link) => {
    expect(problemsOf({ link })).toHaveLength(1);
  });

  it("is null where nothing is said, refuses unknown keys, and decides no measurement", () => {
    const [none, some] = [parsed(undefined), parsed({ link: "https://acme.example/" })];
    expect(none.ok && none.config.brand).toBeNull();
    expect(problemsOf({ colour: "red" })[0]).toContain("brand");
    if (!none.ok || !some.ok) throw new Error("both are good");
    expect(measuredOf(some.config)).toEqual(measuredOf(none.config));
  });
});
