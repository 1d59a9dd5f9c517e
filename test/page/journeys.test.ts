// Aim: a region's other journeys are shown as what they are: their own units, their own limit, never as the region's
// state. Method: the pure view of snapshots by hand, and the rendered page's text.

import { describe, expect, it } from "vitest";

import type { JourneySnapshot } from "../../workers/results/snapshot-shape.ts";
import { journeyViews } from "../../status-page/journeys-view.ts";
import type { JourneyView } from "../../status-page/journeys-view.ts";
import { pageView } from "../../status-page/view.ts";
import { EN } from "../../status-page/words/en.ts";
import type { Words } from "../../status-page/words/words.ts";
import { ZH } from "../../status-page/words/zh.ts";
import { must } from "../observations.ts";
import { latencyFigures, NOW, other, region, snapshot, withJourneys, frontRow } from "./fixtures.ts";
import { serve } from "./serve.ts";

const WAYS = { target: (id: string): string => `/en/targets/${id}`, region: () => null, zone: null };
const viewOf = (one: JourneySnapshot, words: Words = EN, now = NOW): JourneyView =>
  must(journeyViews(region(0, { others: [one] }), snapshot([region(0)]), now, words)[0]);
const plain = (text: string | null | undefined): string => (text ?? "").replaceAll("\u00a0", " ");

describe("a journey's row", () => {
  it("counts in its own unit", () => {
    const room = viewOf(other("room", 58));
    expect([room.name, room.counted]).toEqual(["room with many receivers", "deliveries, delivered"]);
    expect(room.cells.map((cell) => cell.delivery.counts)).toEqual([
      "15,000 of 15,000",
      "2,160,000 of 2,160,000",
      "92,880,000 of 92,880,000",
    ]);
    expect(viewOf(other("connect", 140)).counted).toBe("connections, accepted");
    expect(viewOf(other("dialogue", 90), ZH).counted).toBe("轮次，送达");
  });

  it("judges connect by the objective of connecting, all others by that of the round trip", () => {
    const judged = (one: JourneySnapshot): string => plain(viewOf(one).cells[2].latency.quantiles.at(-1)?.judged);
    expect(judged(other("connect", 140))).toBe("within 600 ms");
    expect(judged(other("room", 140))).toBe("over 200 ms");
  });

  it("tells where the time of connecting goes, with as many percentiles as the sample supports", () => {
    const { cells } = viewOf(other("connect", 140));
    expect(cells[2].notes.map(plain)).toEqual([
      "handshake P50 140 ms, P95 210 ms, P99 294 ms",
      "login P50 9 ms, P95 14 ms, P99 19 ms",
    ]);
    const few = other("connect", 140);
    const phases = { handshake: latencyFigures(140, 20), login: latencyFigures(9, 0) };
    const month = { ...few.month, phases };
    expect(viewOf({ ...few, month }).cells[2].notes.map(plain)).toEqual(["handshake P50 140 ms"]);
  });

  it("counts sessions opened anew", () => {
    expect(viewOf(other("dialogue", 90)).cells[1].notes).toEqual(["2 sessions opened anew"]);
    expect(viewOf(other("dialogue", 90), ZH).cells[1].notes).toEqual(["会话重连 2 次"]);
    expect(viewOf(other("room", 90)).cells[1].notes).toEqual([]);
  });

  it("that is silent or unfit is not measured, and says why", () => {
    expect(viewOf(other("room", 58), EN, NOW + 600_000).state).toBe("unmeasured");
    const unfit = viewOf(other("room", 58, { state: "unmeasured", why: "platform" }));
    expect(unfit.stateText).toBe("Not measured – the platform of our prober failed");
    const never = viewOf(other("room", 58, { last_slot_at: null, recent: null }));
    expect([never.state, never.cells[0].delivery.text]).toEqual(["unmeasured", "nothing recent"]);
  });
});

describe("the page", () => {
  const withRoom = (state: JourneySnapshot["state"]) =>
    pageView([snapshot([region(0, { others: [other("room", 58, { state })] })])], NOW, EN, WAYS);

  it("a journey that is down is shown, and does not judge the region; the ETag changes", () => {
    const [up, down] = [must(withRoom("up") ?? undefined), must(withRoom("down") ?? undefined)];
    expect([down.state, down.sentence]).toEqual([up.state, up.sentence]);
    expect(down.judged).not.toBe(up.judged);
    expect(down.targets[0]?.detail?.regions[0]?.journeys[0]?.state).toBe("down");
  });

  it("a snapshot from before there were any, or without any, has no such table", async () => {
    const served = await serve(async () => frontRow([snapshot([region(0)])]));
    const more = await serve(async () => frontRow([withJourneys()]));
    try {
      expect(await (await fetch(`${served.url}/en/`)).text()).not.toContain("Also measured");
      for (const [path, texts] of [
        ["/en/", ["Also measured", "dialogue of many turns", "connections, accepted"]],
        ["/zh/", ["其他测量", "多轮对话", "会话重连 2 次"]],
      ] as const) {
        const html = await (await fetch(`${more.url}${path}`)).text();
        for (const text of texts) expect(html.split(text).length - 1).toBeGreaterThanOrEqual(3);
      }
    } finally {
      await served.close();
      await more.close();
    }
  });
});
