// Aim: ninety days say what is true of each, as a picture and in one sentence, and lead to their table. Method: days by hand, read in
// words and paths; the same days of another region, language or date.

import { describe, expect, it, test } from "vitest";

import type { DayCounts, Snapshot } from "../../workers/results/snapshot-shape.ts";
import { daysView } from "../../status-page/days.ts";
import { dayBefore } from "../../status-page/instants.ts";
import { barsSvg, daysHtml } from "../../status-page/parts/bars.tsx";
import { pageView } from "../../status-page/view.ts";
import { EN } from "../../status-page/words/en.ts";
import type { Words } from "../../status-page/words/words.ts";
import { ZH } from "../../status-page/words/zh.ts";
import { NOW, region, snapshot } from "./fixtures.ts";

// No-break spaces are for the page; here they would only hide what is compared.
const plain = (text: string): string => text.replaceAll("\u00a0", " ");
const WAYS = { target: (id: string): string => `/en/targets/${id}`, region: () => null, zone: null };

describe("ninety days", () => {
  it("says in one sentence what the bars show", () => {
    const days = [
      ...Array.from({ length: 87 }, () => null),
      [1440, 1440, 0, 0, 1, 1],
      [1440, 1430, 0, 10, 1, 1],
      [720, 720, 0, 0, 1, 1],
    ] as const;
    const view = daysView(days, "2026-11-22", EN);
    expect(plain(view.label)).toBe("90 days: 3 with data, 87 without; lowest 99.30 % on 2026-11-21");
    expect(plain(daysView(days, "2026-11-22", ZH).label)).toBe(
      "90 天：3 天有数据，87 天没有数据；最低为 2026-11-21 的 99.30%",
    );
    expect(view.closed.map((b) => b.kind)).toEqual([...Array.from({ length: 87 }, () => "none"), "up", "down"]);
    expect(view.today?.kind).toBe("up");
  });

  test.each<[string, readonly [number, number, number, number, number, number] | null, string, number]>([
    ["no data", null, "none", 1],
    ["scheduled and not measured", [1440, 0, 0, 0, 0, 0], "unmeasured", 1],
    ["all up", [1440, 1440, 0, 0, 1, 1], "up", 0],
    ["a tenth unknown", [1000, 800, 0, 0, 1, 1], "up", 0.2],
    ["one degraded minute", [1440, 1439, 1, 0, 1, 1], "degraded", 0],
    ["one down minute", [1440, 1439, 0, 1, 1, 1], "down", 0],
  ])("%s", (_, day, kind, hatched) => {
    const { closed, today } = daysView([day, day], "2026-11-22", EN);
    expect(closed).toEqual([today]);
    expect([today?.kind, today?.hatched]).toEqual([kind, hatched]);
    if (kind === "down") expect(today?.down).toBeGreaterThanOrEqual(0.2);
  });

  it("draws what looks alike as one path, from left to right, and each kind that there is", () => {
    const days = [null, [1440, 1440, 0, 0, 1, 1], [1440, 1440, 0, 0, 1, 1], [1440, 1430, 0, 10, 1, 1]] as const;
    const svg = barsSvg(daysView(days, "2026-11-22", EN));
    // What is closed, then the open day and its outline.
    expect([...svg.matchAll(/<path class="(\w)"/g)].map((m) => m[1])).toEqual(["n", "u", "u", "d", "o"]);
    expect(svg).toContain('<path class="n" d="M0 0h7.6v34h-7.6z"/>');
    expect(svg).toContain('<path class="u" d="M10 0h7.6v34h-7.6zm10 0h7.6v34h-7.6z"/>');
    // The foot of the bad day, and the mark below it.
    expect(svg).toContain(
      '<path class="u" d="M30 0h7.6v25.5h-7.6z"/><path class="d" d="M30 25.5h7.6v8.5h-7.6zm0 11.5h7.6v4h-7.6z"/>',
    );
    expect(svg).not.toContain("NaN");
  });

  it("leads to its table on the region's own page, where there is one", () => {
    const view = daysView([null, [1440, 1440, 0, 0, 1, 1]], "2026-11-22", EN);
    expect(daysHtml(view, "<X>", '/en/targets/"a"/regions/x', EN)).toContain(
      '<a href="/en/targets/&quot;a&quot;/regions/x#days">Day by day<span class="hidden">: &lt;X&gt;</span></a>',
    );
    expect(daysHtml(view, "X", null, EN)).not.toContain("<a");
  });

  it("keeps what is closed as long as it is the same, and sees each day that is not", () => {
    const past = Array.from({ length: 89 }, (_, at) => [1440, 1440 - at, at, 0, 1, 1] as const);
    const picture = (days: readonly DayCounts[], today: string): string => {
      const view = pageView([{ ...snapshot([region(0, { days })]), today }], NOW, EN, WAYS);
      const shown = view?.targets[0]?.detail?.regions[0]?.view.days;
      return shown === undefined ? "" : barsSvg(shown);
    };
    const open = [700, 699, 1, 0, 1, 1] as const;
    const alone = (days: readonly DayCounts[], today: string): string => barsSvg(daysView(days, today, EN));
    const lives: readonly (readonly [readonly DayCounts[], string])[] = [
      [[...past, open], "2026-11-22"],
      [[...past, [701, 699, 1, 1, 1, 1]], "2026-11-22"],
      // Late minutes mend a day that is over.
      [[...past.slice(0, -1), [1440, 1440, 0, 0, 1, 1], open], "2026-11-22"],
      [[...past.slice(1), open, null], "2026-11-23"],
      [[], "2026-11-23"],
      [[...past, open], "2026-11-22"],
    ];
    for (const [days, today] of lives) expect(picture(days, today)).toBe(alone(days, today));
  });

  it("are not those of another region, nor of another language, nor of yesterday", () => {
    const label = (one: Snapshot, words: Words = EN): string =>
      pageView([one], NOW, words, WAYS)?.targets[0]?.detail?.regions[0]?.view.days.label ?? "";
    // Called the same in both languages.
    const days = [[1440, 1439, 0, 1, 1, 1], null, [1440, 1440, 0, 0, 1, 1]] as const;
    const one = snapshot([region(0, { label: { en: "X", zh: "X" }, days })]);
    const texts = [label(one), label(one, ZH), label({ ...one, today: "2026-11-23" }), label(one)].map(plain);
    expect(texts).toEqual([
      "3 days: 2 with data, 1 without; lowest 99.93 % on 2026-11-20",
      "3 天：2 天有数据，1 天没有数据；最低为 2026-11-20 的 99.93%",
      "3 days: 2 with data, 1 without; lowest 99.93 % on 2026-11-21",
      texts[0],
    ]);
  });

  it("does not let a day without data be the lowest, nor the best", () => {
    expect(daysView([null, [1440, 0, 0, 0, 0, 0]], "2026-11-22", EN).label).toBe("2 days: 0 with data, 2 without");
  });

  it("keeps its order where today is no date", () => {
    const { label } = daysView([null, [1440, 1439, 0, 1, 1, 1], [1440, 1440, 0, 0, 1, 1]], "soon", EN);
    expect(plain(label)).toBe("3 days: 2 with data, 1 without; lowest 99.93 % on yesterday");
  });

  it("counts calendar days over the end of summer time, a year and a leap day", () => {
    expect(dayBefore("2026-10-26", 2)).toBe("2026-10-24");
    expect(dayBefore("2028-03-01", 1)).toBe("2028-02-29");
    expect(dayBefore("2027-01-01", 1)).toBe("2026-12-31");
    expect(dayBefore("soon", 1)).toBeNull();
  });
});
