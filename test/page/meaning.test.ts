// Aim: where no delivery was measured, the page says so in words, and nowhere speaks of delivery, arrival or loss; where
// delivery was measured, it says nothing of this. Method: whole documents, in both languages and in every state, read as text.

import { describe, expect, it } from "vitest";

import type { OkMeaning } from "../../schema/words.ts";
import type { RegionSnapshot, Snapshot } from "../../workers/results/snapshot-shape.ts";
import { EN } from "../../status-page/words/en.ts";
import { ZH } from "../../status-page/words/zh.ts";
import { frontRow, healthy, period, recent, region, snapshot } from "./fixtures.ts";
import { missing, read, world } from "./world.ts";

type NoDelivery = Exclude<OkMeaning, "delivered">;
const MEANINGS = ["accepted", "acknowledged"] as const satisfies readonly NoDelivery[];

/** What only somebody may say who has seen a message arrive. */
const CLAIMS = /deliver|arriv|\blost\b|losing|subscriber|round trip|送达|到达|投递|丢失|往返|订阅/gi;

/** Every state that has words for what went wrong. */
function states(meaning: OkMeaning): readonly (readonly [string, readonly RegionSnapshot[]])[] {
  const of = (index: number, change: Partial<RegionSnapshot> = {}): RegionSnapshot =>
    region(index, { ok_means: meaning, ...change });
  const bad = { state: "down" as const, month: period(Date.UTC(2026, 10, 1), { up: 900, down: 100 }, 50) };
  const ill = { state: "degraded" as const };
  return [
    ["up", [of(0), of(1)]],
    ["unanswered", [of(0, { ...bad, recent: recent(50, { ok: 20, lost: 100 }) })]],
    ["all unanswered", [0, 1].map((i) => of(i, { ...bad, recent: recent(50, { ok: 20, lost: 100 }) }))],
    ["refused", [of(0, { ...bad, recent: recent(50, { ok: 0, error: 120, failure: "publish: receiver_offline" }) })]],
    ["not connected", [of(0, { ...bad, recent: recent(50, { ok: 0, error: 120, failure: "connect: auth" }) })]],
    ["some unanswered", [of(0, { ...ill, recent: recent(50, { ok: 106, lost: 14 }) })]],
    ["slow", [of(0, { ...ill, recent: recent(190, { late: 31 }) })]],
    ["not measured", [of(0, { state: "unmeasured", why: "credentials" }), of(1, { last_slot_at: null, recent: null })]],
  ];
}

const restTarget = (regions: readonly RegionSnapshot[], change: Partial<Snapshot> = {}): Snapshot =>
  snapshot(regions, { driver: "agora-rest", gap_ms: 1000, messages: 20, ...change });
const page = async (path: string, ...snapshots: readonly Snapshot[]): Promise<string> =>
  read(await world(frontRow(snapshots)).get(path));

describe.each(MEANINGS)("a target whose messages are %s", (meaning) => {
  const cases = states(meaning);

  it.each(cases)("%s: says that it is no delivery, in both languages, and nothing else of it", async (_, regions) => {
    for (const words of [EN, ZH]) {
      for (const messages of [1, 20]) {
        const text = await page(`/${words.language}`, restTarget(regions, { messages }));
        const sentence = words.noDelivery[meaning];
        // Above the figures, and where the method is explained.
        expect(text.split(sentence).length - 1).toBe(2);
        expect(missing(text, words.okRate[meaning], words.latencyOf[meaning])).toEqual([]);
        // Of results of our own one may say that they arrive.
        const rest = text.replaceAll(sentence, "").replaceAll(words.unknown("never", null), "");
        expect([...rest.matchAll(CLAIMS)].map(([claim]) => claim)).toEqual([]);
      }
    }
  });

  it("calls its figures by what they are", async () => {
    const [, regions = []] = cases[1] ?? [];
    const en = await page("/en", restTarget(regions));
    expect(
      missing(
        en,
        "Western North America: messages stay unanswered",
        "100 unanswered",
        meaning === "accepted" ? "Time to acceptance P99" : "Time to acknowledgement P99",
        meaning === "accepted" ? "late message is still accepted" : "late message is still acknowledged",
        "messages are unanswered or refused",
      ),
    ).toEqual([]);
    const zh = await page("/zh", restTarget(regions));
    expect(missing(zh, "消息没有得到应答", "无应答 100", meaning === "accepted" ? "受理用时" : "确认用时")).toEqual([]);
  });

  it("says it in the list of several services too, of that one only", async () => {
    const other = snapshot([region(2)], { target: "mqtt", label: { en: "Broker", zh: "消息服务" } });
    for (const words of [EN, ZH]) {
      const [, regions = []] = cases[0] ?? [];
      const text = await page(`/${words.language}`, restTarget(regions), other);
      expect(text.split(words.noDelivery[meaning]).length - 1).toBe(1);
      expect(missing(text, words.okRate[meaning], words.okRate.delivered)).toEqual([]);
    }
  });

  it("says so to machines, region by region", async () => {
    const response = await world(frontRow([restTarget(states(meaning)[0]?.[1] ?? [])])).get("/api/v1/snapshot.json");
    const [first] = (await response.json()) as Snapshot[];
    expect(first?.regions.map((each) => each.ok_means)).toEqual([meaning, meaning]);
  });
});

it("claims the least that is true of all regions", async () => {
  const text = await page(
    "/en",
    restTarget([region(0, { ok_means: "acknowledged" }), region(1, { ok_means: "accepted" })]),
  );
  expect(text).toContain(EN.noDelivery.accepted);
  expect(text).not.toContain(EN.noDelivery.acknowledged);
});

it("says nothing of this where deliveries are measured", async () => {
  for (const words of [EN, ZH]) {
    const text = await page(`/${words.language}`, healthy());
    for (const meaning of MEANINGS) {
      expect(text).not.toContain(words.noDelivery[meaning]);
      expect(text).not.toContain(words.latencyOf[meaning]);
      expect(text).not.toContain(words.okRate[meaning]);
    }
  }
});

it("is not misled by a journey that only connects: its sessions are accepted, its target's messages are delivered", async () => {
  const both = [region(0), region(0, { journey: "connect", ok_means: "accepted" })];
  const text = await page("/en", snapshot(both));
  expect(text).not.toContain(EN.noDelivery.accepted);
  expect(text).toContain(EN.okRate.delivered);
});
