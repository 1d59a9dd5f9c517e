// Aim: the from-to matrix says which way lost what, and never calls good what is not known. Method: cells by hand, their
// words in both languages, and the table as it stands in the page.

import { describe, expect, it } from "vitest";

import { matrixView } from "../../status-page/matrix-view.ts";
import { EN } from "../../status-page/words/en.ts";
import { ZH } from "../../status-page/words/zh.ts";
import type { MatrixCell, Snapshot } from "../../workers/results/snapshot-shape.ts";
import { frontRow, healthy, NOW } from "./fixtures.ts";
import { text, world } from "./world.ts";

const CELL: MatrixCell = {
  from: "weur",
  to: "oc",
  state: "up",
  why: null,
  last_slot_at: NOW - 10_000,
  rounds: 5,
  rounds_unmeasured: 0,
  sent: 15,
  heard: 15,
  ok: 15,
  lost: 0,
  error: 0,
  late: 0,
  latency: { samples: 15, p50: 240, p95: null, p99: null, max_ms: 260 },
};

function withMatrix(...cells: readonly Partial<MatrixCell>[]): Snapshot {
  return { ...healthy(), matrix: cells.map((cell) => ({ ...CELL, ...cell })) };
}

function cellOf(cell: Partial<MatrixCell>, words = EN) {
  const snapshot = withMatrix(cell);
  const view = matrixView(snapshot, NOW, words);
  const row = snapshot.regions.findIndex((each) => each.region === "weur");
  const column = snapshot.regions.findIndex((each) => each.region === "oc");
  return view?.rows[row]?.cells[column];
}

describe("a cell", () => {
  it.each<[string, Partial<MatrixCell>, string, string, readonly string[]]>([
    ["all came back", {}, "up", "15 of 15", ["P50 240 ms"]],
    [
      "lost on the way there",
      { ok: 13, lost: 2, heard: 13 },
      "up",
      "13 of 15",
      ["2 lost on the way there", "P50 240 ms"],
    ],
    [
      "lost or too late on the way back",
      { ok: 12, lost: 3 },
      "up",
      "12 of 15",
      ["3 lost or too late on the way back", "P50 240 ms"],
    ],
    [
      "refused",
      { state: "down", sent: 0, heard: 0, ok: 0, error: 15 },
      "down",
      "0 of 15",
      ["15 refused", "P50 240 ms"],
    ],
    ["one side absent", { state: "unmeasured", why: "peer" }, "unmeasured", "not measured", ["one side was not there"]],
    ["old news", { last_slot_at: NOW - 3_600_000 }, "unmeasured", "not measured", []],
    ["never", { last_slot_at: null, state: "unmeasured", why: "silent" }, "unmeasured", "not measured", []],
  ])("%s", (_, cell, state, said, notes) => {
    const plain = (words: string): string => words.replaceAll("\u00a0", " ");
    const shown = cellOf(cell);
    expect(shown?.state).toBe(state);
    expect(plain(shown?.text ?? "")).toBe(said);
    expect(shown?.notes.map(plain)).toEqual(notes);
  });

  it.each<[string, Partial<MatrixCell["latency"]>, number]>([
    ["at once", { p50: 0 }, 1],
    ["below a quarter of 400 ms, since there and back are two deliveries of 200", { p50: 99 }, 1],
    ["a quarter", { p50: 100 }, 2],
    ["a half", { p50: 200 }, 3],
    ["not broken", { p50: 359 }, 4],
    ["the limit", { p50: 400 }, 4],
    ["over it", { p50: 900 }, 4],
    ["among the lost", { p50: { over_ms: 5000 } }, 4],
    ["too few for a median: the slowest", { p50: null, max_ms: 240 }, 3],
    ["nothing came back", { p50: null, max_ms: null }, 0],
  ])("has a bar as long as its time is of the limit: %s", (_, change, heat) => {
    expect(cellOf({ latency: { ...CELL.latency, ...change } })?.heat).toBe(heat);
    expect(cellOf({ latency: { ...CELL.latency, ...change }, last_slot_at: null })?.heat).toBe(0);
  });

  it("says that the median fell among the lost ones", () => {
    const notes = cellOf({ latency: { ...CELL.latency, p50: { over_ms: 5000 } } })?.notes ?? [];
    expect(notes.map((note) => note.replaceAll("\u00a0", " "))).toEqual(["P50 > 5 s"]);
  });

  it("speaks Chinese as well", () => {
    expect(cellOf({ ok: 13, lost: 2, heard: 14 }, ZH)?.notes.slice(0, 2)).toEqual([
      "去程丢失 1 条",
      "回程丢失或超时 1 条",
    ]);
  });
});

describe("the table", () => {
  it("stands in the page with its headings, and only where there is a mesh", async () => {
    const html = await text(await world(frontRow([withMatrix({})])).get("/en"));
    expect(html).toContain("From region to region");
    expect(html).toContain('<td class="on-up h3">');
    expect(html).toContain("its share of 400 ms, in quarters");
    expect(html).toMatch(/<th scope="col">[^<]*Oceania/);
    expect(html).toMatch(/<th scope="row">[^<]*Western Europe/);
    expect(await text(await world(frontRow([healthy()])).get("/en"))).not.toContain("From region to region");
    expect(matrixView(healthy(), NOW, EN)).toBeNull();
  });
});
