// Aim: the charts draw what was measured and nothing else: gaps stay gaps, what is lost is beyond the top, and no state is told by
// colour alone. Method: tables of points; the SVG looked at as text.

import { expect, it, test } from "vitest";

import { anyOver, latencyBand } from "../../status-page/charts/band.ts";
import type { BandPoint } from "../../status-page/charts/band.ts";
import { barChart } from "../../status-page/charts/bars.ts";
import { heatMap } from "../../status-page/charts/heat.ts";
import { period } from "./fixtures.ts";

const TEXT = { id: "x", title: "T <i>", summary: "S", limit: "limit 200 ms", over: null, ms: (n: number) => `${n} ms` };
const point = (p50: BandPoint["p50"], p99: BandPoint["p99"] = p50): BandPoint => ({
  p50,
  p95: p99,
  p99,
  title: "t",
  label: "l",
});
const NONE = point(null);
const LOST = { over_ms: 5000 };
const pathOf = (svg: string, kind: string): string =>
  new RegExp(`<path class="${kind}" d="([^"]*)"`).exec(svg)?.[1] ?? "?";
const moves = (path: string): number => path.match(/M/g)?.length ?? 0;

test.each<[string, readonly BandPoint[], number, number]>([
  ["nothing", [NONE, NONE, NONE], 0, 3],
  ["one line", [point(10), point(12), point(11)], 1, 0],
  ["a gap", [point(10), point(12), NONE, point(11), point(13)], 2, 1],
  ["two gaps", [point(10), point(1), NONE, point(11), point(4), NONE, NONE, point(3), point(5)], 3, 3],
])("draws %s and interpolates nothing", (_, points, pieces, hatched) => {
  const svg = latencyBand(points, 200, TEXT);
  for (const kind of ["c-p50", "c-p95", "c-p99", "c-band"])
    expect([kind, moves(pathOf(svg, kind))]).toEqual([kind, pieces]);
  expect(svg.match(/<path class="h"/g)?.length ?? 0).toBe(hatched);
  expect(svg).not.toMatch(/NaN|Infinity|undefined| style=/);
});

it("puts a percentile among lost messages at the top, with a mark, and the limit in its place", () => {
  const svg = latencyBand([point(10, LOST), point(10, 100)], 200, { ...TEXT, over: "> 5 s" });
  expect(svg.match(/c-over/g)?.length).toBe(1);
  expect(svg).toContain("▲ &gt; 5 s");
  // 400 at the top (26), 0 at the bottom (190): 200 is in the middle, and 100 below it.
  expect(pathOf(svg, "c-limit")).toBe("M64 108H712");
  // No line leads to what is not known: a point alone, and the band at its own place from its P50 to the top.
  expect(pathOf(svg, "c-p99")).toBe("M550,149Z");
  expect(pathOf(svg, "c-p50")).toBe("M226,185.9L550,185.9");
  expect(pathOf(svg, "c-band")).toBe("M64 26h324V185.9h-324z");
  expect([anyOver([point(10, LOST)]), anyOver([point(10)])]).toEqual([true, false]);
});

test.each<[string, readonly BandPoint[], number, number, number]>([
  ["all of it lost", [point(LOST), point(LOST)], 0, 2, 0],
  ["lost between two that came", [point(10), point(12), point(LOST), point(11), point(9)], 2, 1, 0],
  ["one that came between two that were lost", [point(LOST), point(12), point(LOST)], 1, 2, 3],
  ["the P99 lost, the P50 not", [point(10, 20), point(12, LOST), point(11, 20)], 2, 1, 4],
])("leads no line to the top: %s", (_, points, pieces, marks, dots) => {
  const svg = latencyBand(points, 200, { ...TEXT, over: "> 5 s" });
  const path = pathOf(svg, "c-p99");
  expect([moves(path), svg.match(/c-over/g)?.length, svg.match(/c-dot/g)?.length ?? 0]).toEqual([pieces, marks, dots]);
  expect(path).not.toMatch(/,26(\D|$)/);
});

it("shows a point that has no neighbours, and escapes what it is told", () => {
  const svg = latencyBand([NONE, point(10, 40), NONE], 200, TEXT);
  expect(svg.match(/<circle class="c-dot"/g)?.length).toBe(3);
  expect(svg).toContain('<title id="x-t">T &lt;i&gt;</title>');
});

it("gives each state of a heat map a height of its own, and nothing where nothing was scheduled", () => {
  const states = ["up", "degraded", "down", "unmeasured"] as const;
  const cells = states.map((state, i) => ({ from: i * 10, to: i * 10 + 10, state, title: state }));
  const svg = heatMap([{ label: "00:00", cells }], "y", "T", "S");
  const heights = [...svg.matchAll(/<path class="([ugdh])" d="M[\d.]+ [\d.]+h[\d.]+v([\d.]+)h/g)].map((m) => [
    m[1],
    m[2],
  ]);
  expect(heights).toEqual([
    ["u", "4.1"],
    ["g", "8"],
    ["d", "12"],
    ["h", "12"],
  ]);
});

it("hatches a bar by what was not measured, puts a mark under downtime, and lets one minute be seen", () => {
  const day = (up: number, down: number, unmeasured: number) => ({
    figures: { ...period(0, { up, down, unmeasured }, 80) },
    open: false,
    title: "t",
  });
  const kinds = (svg: string): string => [...svg.matchAll(/<path class="(\w)"/g)].map((m) => m[1]).join("");
  expect(kinds(barChart([day(1440, 0, 0)], "l"))).toBe("u");
  expect(kinds(barChart([day(1439, 1, 0)], "l"))).toBe("udd");
  expect(kinds(barChart([day(0, 0, 1440)], "l"))).toBe("h");
  expect(kinds(barChart([day(0, 0, 0)], "l"))).toBe("n");
  expect(kinds(barChart([day(700, 0, 740)], "l"))).toBe("hu");
  // A quarter of 56.
  expect(barChart([day(1439, 1, 0)], "l")).toContain("v14h");
});

it("marks each line where it has but one point: a small sample has a P50 and no P99", () => {
  const [few, enough] = [point(50, null), point(50, 120)];
  const dots = (svg: string): number => svg.match(/c-dot/g)?.length ?? 0;
  expect([dots(latencyBand([few, enough, few], 200, TEXT)), dots(latencyBand([enough, enough], 200, TEXT))]).toEqual([
    2, 0,
  ]);
});

it("leaves out names that would lie upon each other, and hatches beneath all words", () => {
  const names = (count: number): number =>
    latencyBand(
      Array.from({ length: count }, () => NONE),
      200,
      TEXT,
    ).match(/c-mid/g)?.length ?? 0;
  expect([names(5), names(90) <= 9]).toEqual([5, true]);
  const svg = latencyBand([NONE, point(10)], 200, TEXT);
  expect(svg.indexOf('class="h"')).toBeLessThan(svg.indexOf('class="c-limit"'));
});

test.each([23, 24, 25])("puts the minutes of a day of %i hours where they are, within the picture", (hours) => {
  const cells = [{ from: 15, to: 45, state: "down", title: "t" }] as const;
  const svg = heatMap(
    Array.from({ length: hours }, () => ({ label: "00:00", cells })),
    "y",
    "T",
    "S",
  );
  const tall = Number(/viewBox="0 0 720 (\d+)"/.exec(svg)?.[1]);
  const drawn = [...svg.matchAll(/class="d" d="M([\d.]+) ([\d.]+)h([\d.]+)v([\d.]+)/g)].map((m) =>
    m.slice(1).map(Number),
  );
  // A quarter of 616 to three quarters of it, from 96 on.
  expect(drawn.map(([x, , width]) => [x, width])).toEqual(Array.from({ length: hours }, () => [250, 308]));
  expect(drawn.every(([, top = NaN, , height = NaN]) => top >= 0 && top + height <= tall)).toBe(true);
});

test("bars are as tall as their place, whatever they are divided into", () => {
  let tried = 0;
  for (const up of [0, 1, 30, 59, 60])
    for (const degraded of [0, 1, 30, 60])
      for (const down of [0, 1, 30, 60]) {
        const unmeasured = 60 - up - degraded - down;
        if (unmeasured < 0) continue;
        const figures = period(0, { up, degraded, down, unmeasured }, 80);
        const svg = barChart([{ figures, open: false, title: "t" }], "l");
        const heights = [...svg.matchAll(/d="M[\d.]+ ([\d.]+)h[\d.]+v([\d.]+)/g)].map(([, y, h]) => [
          Number(y),
          Number(h),
        ]);
        const sum = heights.reduce((total, [y = 0, h = 0]) => total + (y < 56 ? h : 0), 0);
        expect(Math.abs(sum - 56)).toBeLessThan(0.4);
        tried++;
      }
  console.log(`${tried} bars`);
  expect(tried).toBe(29);
});

test("no chart has a style of its own, a script, or a text that is not escaped", () => {
  const naughty = `<script>"'&`;
  const told = { id: "x", title: naughty, summary: naughty, limit: naughty, over: naughty, ms: () => naughty };
  const charts = [
    latencyBand([{ ...point(50, LOST), title: naughty, label: naughty }], 200, told),
    heatMap([{ label: naughty, cells: [{ from: 0, to: 9, state: "up", title: naughty }] }], "y", naughty, naughty),
    barChart([{ figures: period(0, { up: 0 }, 0), open: true, title: naughty }], naughty),
  ];
  for (const svg of charts) {
    expect(svg).not.toMatch(/<script| style=|NaN|undefined/);
    // Each quote ends an attribute: an escaped text has none.
    expect((svg.match(/"/g)?.length ?? 1) % 2).toBe(0);
    expect(svg).not.toContain(naughty.slice(8));
  }
  expect(charts).toHaveLength(3);
});
