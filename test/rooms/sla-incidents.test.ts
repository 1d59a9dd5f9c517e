// Aim: a report lists each incident of its period once, with the times of its whole story, and sums them up without inventing any.
// Method: incidents by hand with times in minutes, merged in chains, broken chains and circles; the summaries worked out on paper.

import { describe, expect, test } from "vitest";

import { begunIn, folded, incidentsOf, NO_INCIDENTS } from "../../workers/sla/incident-times.ts";
import type { ServiceIncident } from "../../workers/sla/incident-times.ts";
import { mulberry32 } from "../random.ts";

const MIN = 60_000;
const T0 = Date.UTC(2026, 10, 1);
const after = (minutes: number | null = null): number | null => (minutes === null ? null : T0 + minutes * MIN);

/** Begin, detected, first page, acknowledged, restored, resolved, first public word: minutes after T0. */
function incident(id: string, times: readonly (number | null)[], own: Partial<ServiceIncident> = {}): ServiceIncident {
  const [begin, detected, notified, acked, restored, resolved, published] = times;
  return {
    id,
    kind: "outage",
    severity: "error",
    scope: "region",
    drill: false,
    regions: ["a"],
    mergedInto: null,
    impactStart: T0 + (begin ?? 0) * MIN,
    detected: after(detected),
    notified: after(notified),
    acked: after(acked),
    impactEnd: after(restored),
    resolvedAt: after(resolved),
    publishedAt: after(published),
    ...own,
  };
}

describe("merged incidents", () => {
  const brown = incident("c-1", [0, 3, 4, 6, null, null, null], { kind: "brownout", mergedInto: "c-2" });
  const region = incident("c-2", [5, 6, null, null, null, null, 9], { regions: ["b"], mergedInto: "c-3" });
  const wide = incident("c-3", [5, 10, 11, 15, 30, 60, 40], { scope: "global", regions: ["b", "c"] });
  const whole = incident("c-3", [0, 3, 4, 6, 30, 60, 9], { scope: "global", regions: ["b", "c", "a"] });

  test("fold into the last of them: the first of each time counts, the end is that of the one that is left", () => {
    let tried = 0;
    for (const list of [
      [brown, region, wide],
      [wide, region, brown],
      [region, wide, brown],
    ]) {
      expect(folded(list)).toEqual([whole]);
      tried += 1;
    }
    expect(tried).toBe(3);
  });

  test("whose chain is not known to its end, or is a circle, is in no list", () => {
    expect(folded([brown, region])).toEqual([]);
    expect(folded([brown, { ...region, mergedInto: "c-1" }])).toEqual([]);
    expect(folded([{ ...brown, mergedInto: "c-1" }, wide])).toEqual([wide]);
  });

  test("drills are not there, nor what they would add", () => {
    expect(folded([{ ...brown, drill: true }, { ...region, drill: true }, wide])).toEqual([wide]);
  });
});

test("an incident is in the one span that it began in, and where it touched one of the regions", () => {
  const spans = Array.from({ length: 12 }, (_, nth) => ({
    from: T0 + nth * 100 * MIN,
    to: T0 + (nth + 1) * 100 * MIN,
  }));
  const random = mulberry32(7);
  const list = Array.from({ length: 200 }, (_, nth) => {
    const begin = Math.floor(random() * 1_200);
    return incident(`c-${nth}`, [begin, begin, null, null, begin + 300], {
      regions: nth % 3 === 0 ? ["a", "b"] : ["b"],
    });
  });
  const found = spans.flatMap((span) => begunIn(list, span, ["b", "z"]).map(({ id }) => id));
  expect(found.toSorted()).toEqual(list.map(({ id }) => id).toSorted());
  expect(spans.flatMap((span) => begunIn(list, span, ["a"]))).toHaveLength(67);
  const edges = [incident("c-1", [99.999]), incident("c-2", [100])];
  expect(spans.slice(0, 2).map((span) => begunIn(edges, span, ["a"]).map(({ id }) => id))).toEqual([["c-1"], ["c-2"]]);
});

describe("what a report says", () => {
  const MONTH = { from: T0, to: T0 + 1_000 * MIN };
  const list = [
    incident("c-1", [10, 12, 13, 12, 40, 70, 20]),
    incident("c-2", [50, 51, 52, 62, 60, null, null]),
    incident("c-3", [900, 901, null, 905, null, null, null]),
    incident("c-4", [-5, 0, 0, 0, 0, 0, 0]),
  ];
  const said = incidentsOf({ since: T0 - 5 * MIN, list }, MONTH, ["a"]);

  test("the incidents of the period, each with its instants", () => {
    expect(said.list.map(({ id }) => id)).toEqual(["c-1", "c-2", "c-3"]);
    expect(said.list[0]).toEqual({
      id: "c-1",
      kind: "outage",
      severity: "error",
      scope: "region",
      regions: ["a"],
      impact_start: after(10),
      detected: after(12),
      notified: after(13),
      acked: after(12),
      impact_end: after(40),
      resolved: after(70),
      published: after(20),
    });
  });

  test("n, median and longest of each time; unknown ones are counted apart, and none is below 0", () => {
    const inMinutes = Object.entries(said.times).map(([name, { n, unknown, median_ms, max_ms }]) => {
      return [name, n, unknown, ...[median_ms, max_ms].map((ms) => (ms === null ? null : ms / MIN))];
    });
    expect(inMinutes).toEqual([
      ["detect", 3, 0, 1, 2],
      ["acknowledge", 2, 1, 5, 10],
      ["restore", 2, 1, 20, 30],
      ["resolve", 1, 2, 60, 60],
      ["publish", 1, 2, 10, 10],
    ]);
  });

  test.each<[string, number | null, number | null]>([
    ["never", null, null],
    ["after the period", 1_000, null],
    ["in its last minute", 999, 999],
    ["within", 500, 500],
    ["before it", -5, 0],
  ])("written down since %s", (_name, since, told) => {
    expect(incidentsOf({ since: after(since), list: [] }, MONTH, ["a"])).toEqual({
      ...NO_INCIDENTS,
      kept_since: after(told),
    });
  });
});
