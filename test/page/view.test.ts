// Aim: what the page says is true of the snapshot, and never more than that. Method: tables over the pure functions;
// each row is a case one can read aloud. No DOM, no HTTP.

import { describe, expect, it, test } from "vitest";

import type { PeriodFigures, RegionSnapshot, Snapshot } from "../../workers/results/snapshot-shape.ts";
import { availability, floorShare, latency, quantile } from "../../status-page/figures.ts";
import { clock, stamp } from "../../status-page/instants.ts";
import { plainLabel } from "../../status-page/labels.ts";
import { delivery, stateNow } from "../../status-page/region-view.ts";
import { pageView } from "../../status-page/view.ts";
import { EN } from "../../status-page/words/en.ts";
import { negotiate } from "../../status-page/words/languages.ts";
import type { Words } from "../../status-page/words/words.ts";
import { ZH } from "../../status-page/words/zh.ts";
import { must } from "../observations.ts";
import * as fixtures from "./fixtures.ts";
import { NOW, healthy, latencyFigures, many, other, period, recent, region, snapshot } from "./fixtures.ts";

// No-break spaces are for the page; here they would only hide what is compared.
const plain = (text: string): string => text.replaceAll("\u00a0", " ");
const WAYS = { target: (id: string): string => `/en/targets/${id}`, region: () => null, zone: null };
const say = (snapshots: readonly Snapshot[], words: Words = EN, now = NOW): string =>
  plain(pageView(snapshots, now, words, WAYS)?.sentence ?? "nothing");

const up = (i: number): RegionSnapshot => region(i);
const losing = (i: number): RegionSnapshot => region(i, { state: "down", recent: recent(50, { ok: 20, lost: 100 }) });
const refusing = (i: number): RegionSnapshot =>
  region(i, { state: "down", recent: recent(50, { ok: 0, error: 120, failure: "connect: tcp" }) });
const slow = (i: number): RegionSnapshot => region(i, { state: "degraded", recent: recent(50, { late: 30 }) });
const unseen = (i: number): RegionSnapshot => region(i, { state: "unmeasured", why: "controls" });

describe("the sentence on top", () => {
  test.each<[string, readonly RegionSnapshot[], string, string]>([
    [
      "all up",
      [0, 1, 2, 3, 4, 5, 6].map(up),
      "All 7 regions measured and operational",
      "全部 7 个区域均已测量，运行正常",
    ],
    ["one region, up", [up(2)], "Western Europe: measured and operational", "西欧：已测量，运行正常"],
    ["one loses", [up(0), losing(2)], "Western Europe: messages are being lost", "西欧：消息正在丢失"],
    ["one refuses", [up(0), refusing(2)], "Western Europe: connections are refused", "西欧：连接被拒绝"],
    ["one is slow", [up(0), slow(2)], "Western Europe: slow", "西欧：延迟偏高"],
    ["one unseen", [up(0), unseen(6)], "We cannot see Oceania", "无法观测：大洋洲"],
    [
      "two lose",
      [losing(2), losing(3), up(0)],
      "Western Europe and Eastern Europe: messages are being lost",
      "西欧、东欧：消息正在丢失",
    ],
    [
      "two down, differently",
      [losing(2), refusing(3), up(0)],
      "Western Europe and Eastern Europe: down",
      "西欧、东欧：服务中断",
    ],
    ["all lose", [losing(2), losing(3)], "All 2 regions: messages are being lost", "全部 2 个区域：消息正在丢失"],
    ["all unseen", [unseen(2), unseen(3)], "We cannot see any of the 2 regions", "全部 2 个区域均无法观测"],
    [
      "worst first, then unknown",
      [unseen(6), slow(5), losing(2), up(0)],
      "Western Europe: messages are being lost; Southeast Asia: slow; we cannot see Oceania",
      "西欧：消息正在丢失；东南亚：延迟偏高；无法观测：大洋洲",
    ],
    [
      "three named, the rest counted",
      [losing(0), losing(1), losing(2), losing(3), losing(4), up(5)],
      "Western North America, Eastern North America, Western Europe and 2 more: messages are being lost",
      "北美西部、北美东部、西欧及另外 2 个：消息正在丢失",
    ],
  ])("%s", (_, regions, en, zh) => {
    expect(say([snapshot(regions)])).toBe(en);
    expect(say([snapshot(regions)], ZH)).toBe(zh);
  });

  it("says of many services which are in trouble", () => {
    expect(say(many(3))).toBe("All 3 services measured and operational in every region");
    expect(say(many(8))).toBe("Service 8: down in at least one region; Service 6: degraded in at least one region");
    expect(say(many(6))).toBe("Service 6 – Western Europe: slow");
  });

  it("puts the worst service first and keeps the order of equals", () => {
    const order = pageView(many(8), NOW, EN, WAYS)?.targets.map((t) => t.name) ?? [];
    expect(order.slice(0, 3)).toEqual(["Service 8", "Service 6", "Service 1"]);
  });

  it("does not call the beginning an outage", () => {
    expect(say([fixtures.notStarted()])).toBe("Measuring has begun, no result has arrived yet");
    expect(pageView([], NOW, EN, WAYS)).toBeNull();
  });
});

describe("silence", () => {
  const at = (age: number, state: RegionSnapshot["state"] = "up"): RegionSnapshot =>
    region(6, { last_slot_at: NOW - age, stale_after_ms: 180_000, state });

  test.each<[string, RegionSnapshot, ReturnType<typeof stateNow>]>([
    ["new", at(1000), { state: "up", why: null }],
    ["as old as allowed", at(180_000), { state: "up", why: null }],
    ["a millisecond too old", at(180_001), { state: "unmeasured", why: "silent" }],
    ["too old, though it was down", at(180_001, "down"), { state: "unmeasured", why: "silent" }],
    ["never heard of", region(6, { last_slot_at: null }), { state: "unmeasured", why: "never" }],
    ["unfit", region(6, { state: "unmeasured", why: "controls" }), { state: "unmeasured", why: "controls" }],
    [
      "unfit for a reason that we do not know",
      region(6, { state: "unmeasured", why: "toString" }),
      { state: "unmeasured", why: "unclear" },
    ],
  ])("%s", (_, given, expected) => expect(stateNow(given, NOW)).toEqual(expected));

  it("turns a page that nobody writes any more from green to unknown", () => {
    expect(say([healthy()], EN, NOW + 60_000)).toBe("All 7 regions measured and operational");
    expect(say([healthy()], EN, NOW + 200_000)).toBe("We cannot see any of the 7 regions");
  });

  it("changes what the ETag is made of", () => {
    const judged = (now: number): string => pageView([healthy()], now, EN, WAYS)?.judged ?? "";
    expect(judged(NOW)).not.toBe(judged(NOW + 200_000));
  });
});

describe("shares are cut off", () => {
  test.each<[number, number, string]>([
    [259_171, 259_200, "99.9888 %"],
    [999_999, 1_000_000, "99.9999 %"],
    [9_999_999, 10_000_000, "99.9999 %"],
    [99_999_999, 100_000_000, "99.9999 %"],
    [259_200, 259_200, "100 %"],
    [43_199, 43_200, "99.997 %"],
    [1439, 1440, "99.93 %"],
    [59, 60, "98 %"],
    [4, 5, "80 %"],
    [0, 1440, "0 %"],
    [1, 100_000_000, "0.0000 %"],
  ])("%i of %i is %s", (part, whole, text) => {
    const share = floorShare(part, whole);
    expect(share === null ? null : plain(EN.percent(share))).toBe(text);
  });

  it("has nothing to say of nothing", () => expect(floorShare(0, 0)).toBeNull());

  it("never rounds up, for any share", () => {
    let checked = 0;
    for (let whole = 1; whole < 100_000; whole = Math.ceil(whole * 1.37)) {
      for (const part of [0, 1, Math.floor(whole / 3), whole - 2, whole - 1, whole]) {
        if (part < 0) continue;
        const share = floorShare(part, whole);
        if (share === null) throw new Error("no share");
        expect(share.units / 10 ** share.digits).toBeLessThanOrEqual((part / whole) * 100 + 1e-9);
        expect(share.units === 100 && share.digits === 0).toBe(part === whole || (part === whole && whole === 1));
        checked++;
      }
    }
    expect(checked).toBeGreaterThan(100);
  });
});

describe("availability of the month", () => {
  const minutes = (good: number, degraded: number, down: number, unmeasured: number): PeriodFigures =>
    period(0, { up: good, degraded, down, unmeasured }, 50);

  test.each<[string, PeriodFigures, [string | null, string, string, string, string]]>([
    ["all measured, met", minutes(43_190, 0, 10, 0), ["99.976 %", "99.976 %", "99.976 %", "100 %", "met"]],
    ["degraded counts as up", minutes(40_000, 3200, 0, 0), ["100 %", "100 %", "100 %", "100 %", "met"]],
    ["exactly the target", minutes(999, 0, 1, 0), ["99.9 %", "99.9 %", "99.9 %", "100 %", "met"]],
    [
      "breached even if all unknown was up",
      minutes(43_000, 0, 100, 100),
      ["99.767 %", "99.537 %", "99.768 %", "99.768 %", "breached"],
    ],
    ["unknown decides", minutes(43_100, 0, 0, 100), ["100 %", "99.768 %", "100 %", "99.768 %", "undetermined"]],
    [
      "two bad minutes in the first five of a month are within its budget",
      { ...minutes(3, 0, 2, 0), minutes_whole: 43_200 },
      ["60 %", "60 %", "60 %", "100 %", "undetermined"],
    ],
    [
      "the budget is gone, whatever is still to come",
      { ...minutes(1_000, 0, 44, 0), minutes_whole: 43_200 },
      ["95.78 %", "95.78 %", "95.78 %", "100 %", "breached"],
    ],
    [
      "flawless so far, and the month is long",
      { ...minutes(40_000, 0, 0, 0), minutes_whole: 43_200 },
      ["100 %", "100 %", "100 %", "100 %", "undetermined"],
    ],
    ["nothing measured", minutes(0, 0, 0, 500), [null, "0 %", "100 %", "0 %", "no_data"]],
    ["nothing expected", minutes(0, 0, 0, 0), [null, "0 %", "100 %", "0 %", "no_data"]],
  ])("%s", (_, given, [value, low, high, coverage, verdict]) => {
    const a = availability(given, 0.999);
    const text = (s: Parameters<typeof EN.percent>[0]): string => plain(EN.percent(s));
    expect([a.value === null ? null : text(a.value), text(a.low), text(a.high), text(a.coverage), a.verdict]).toEqual([
      value,
      low,
      high,
      coverage,
      verdict,
    ]);
  });

  it("names the lowest region, and a breach in one is a breach", () => {
    const tile = pageView([fixtures.oneDown()], NOW, EN, WAYS)?.targets[0]?.tiles[0];
    expect(plain([tile?.text, tile?.judged, ...(tile?.notes ?? [])].join(" | "))).toBe(
      "99.844 % | target breached: 1 of 7 regions | lowest: Western Europe",
    );
  });

  it("has no hundred percent before the first minute is closed", () => {
    const text = JSON.stringify(pageView([fixtures.firstSeconds()], NOW, EN, WAYS));
    expect(text).toContain("no data yet");
    expect(text).not.toMatch(/100\u00a0%/);
  });
});

describe("percentiles", () => {
  test.each<[string, Parameters<typeof quantile>, [string, string | null, string | null]]>([
    ["a number", ["P99", 43, 1000, 200, EN], ["43 ms", "within 200 ms", null]],
    ["at the limit is not below it", ["P99", 200, 1000, 200, EN], ["200 ms", "over 200 ms", null]],
    ["among the lost", ["P99", { over_ms: 5000 }, 1000, 200, EN], ["> 5 s", "over 200 ms", null]],
    ["among the lost, in Chinese", ["P99", { over_ms: 5000 }, 1000, 200, ZH], ["> 5 秒", "超出 200 ms", null]],
    ["too few", ["P99", null, 120, 200, EN], ["–", null, "120 of 299 samples"]],
    ["too few for P95", ["P95", null, 12, null, EN], ["–", null, "too few samples (12)"]],
    ["none at all", ["P50", null, 0, null, EN], ["–", null, "no samples"]],
    ["no limit of its own", ["P50", 43, 1000, null, EN], ["43 ms", null, null]],
  ])("%s", (_, given, [text, judged, why]) => {
    const q = quantile(...given);
    expect([plain(q.text), q.judged === null ? null : plain(q.judged), q.why]).toEqual([text, judged, why]);
  });

  it("gives the slowest and the count where there is no P99", () => {
    expect(plain(latency(latencyFigures(50, 120), 200, EN).without ?? "")).toBe(
      "no P99: 120 of 299 samples, slowest 170 ms",
    );
    expect(latency(latencyFigures(50, 299), 200, EN).without).toBeNull();
    expect(latency(latencyFigures(0, 0), 200, EN)).toEqual({ quantiles: [], without: "no samples" });
  });
});

describe("delivery as raw counts", () => {
  const counts = { ok: 259_171, lost: 21, error: 8, not_sent: 0, late: 3 };
  test.each<[string, Parameters<typeof delivery>, string, string | null]>([
    ["delivered", [counts, "delivered", EN], "259,171 of 259,200 delivered", "21 lost, 8 refused, 3 late"],
    ["only accepted", [counts, "accepted", EN], "259,171 of 259,200 accepted", "21 unanswered, 8 refused, 3 late"],
    [
      "late by a limit that was not always in force",
      [{ ...counts, lost: 0, error: 0, late: 24, late_of: 24 }, "delivered", EN],
      "259,171 of 259,171 delivered",
      "24 of 24 late",
    ],
    ["in Chinese", [counts, "delivered", ZH], "259,200 条中 259,171 条送达", "丢失 21，被拒绝 8，迟到 3"],
    [
      "our fault is named as ours",
      [{ ...counts, lost: 0, error: 0, late: 0, not_sent: 40 }, "delivered", EN],
      "259,171 of 259,171 delivered",
      "40 not sent (our side)",
    ],
    [
      "duplicates",
      [{ ...counts, lost: 0, error: 0, late: 0, duplicate: 1, reordered: 2, corrupt: 3 }, "delivered", EN],
      "259,171 of 259,171 delivered",
      "1 duplicate, 2 out of order, 3 corrupt",
    ],
    ["nothing at all", [{ ok: 0, lost: 0, error: 0, not_sent: 0, late: 0 }, "delivered", EN], "no data yet", null],
    [
      "nothing but our fault",
      [{ ok: 0, lost: 0, error: 0, not_sent: 4, late: 0 }, "delivered", EN],
      "nothing sent",
      "4 not sent (our side)",
    ],
  ])("%s", (_, given, text, missing) => {
    const view = delivery(...given);
    expect([view.text, view.missing]).toEqual([text, missing]);
  });
});

describe("instants", () => {
  it("names the zone of each", () => {
    expect(stamp(NOW, "UTC")).toBe("2026-11-22 12:00:17 UTC");
    expect(stamp(NOW, "Asia/Shanghai")).toBe("2026-11-22 20:00:17 Asia/Shanghai");
    expect(clock(NOW - 7000, "UTC", NOW)).toBe("12:00:10");
    expect(clock(NOW - 86_400_000, "UTC", NOW)).toBe("2026-11-21 12:00:17");
  });

  it("says how old the data is, in the zone and in UTC", () => {
    const asOf = (zone: string, words: Words): string =>
      plain(pageView([snapshot([region(0)], { time_zone: zone })], NOW, words, WAYS)?.asOf ?? "");
    expect(asOf("UTC", EN)).toBe("Data as of 2026-11-22 12:00:14 UTC, 3 s ago");
    expect(asOf("Asia/Shanghai", ZH)).toBe(
      "数据截至 2026-11-22 20:00:14 Asia/Shanghai（2026-11-22 12:00:14 UTC），3 秒前",
    );
  });

  it("is in the visitor's zone in every clock, while days and months stay the page's own", () => {
    const own = region(0, { others: [{ ...other("room", 58), last_slot_at: NOW - 3_600_000 }] });
    const snap = snapshot([own], { time_zone: "Australia/Adelaide" });
    const inZone = (zone: string | null) => {
      const [target] = pageView([snap], NOW, EN, { ...WAYS, zone })?.targets ?? [];
      const { view, journeys } = must(target?.detail?.regions[0]);
      return [plain(view.lastRound), plain(journeys[0]?.stateText ?? ""), plain(view.periods[2].title)];
    };
    const [there, here] = [inZone(null), inZone("Asia/Tokyo")];
    const at = own.last_slot_at ?? 0;
    expect(there[0]).toContain(clock(at, "Australia/Adelaide", NOW));
    expect(here[0]).toContain(clock(at, "Asia/Tokyo", NOW));
    expect(here[1]).toContain(clock(NOW - 3_600_000, "Asia/Tokyo", NOW));
    expect(here[2]).toBe(there[2]);
  });

  test.each<[number, string]>([
    [-5000, "0 s ago"],
    [119_999, "119 s ago"],
    [120_000, "2 min ago"],
    [7_200_000, "2 h ago"],
    [172_800_000, "2 days ago"],
  ])("%i ms is %s", (ms, text) => expect(plain(EN.ago(ms))).toBe(text));
});

describe("names and languages", () => {
  test.each<[string | undefined, string]>([
    ["Western Europe", "Western Europe"],
    ["\u202egnp.exe", "gnp.exe"],
    ["a\u0000\nb", "a b"],
    ["\u2066\u2069\u200b", "fallback"],
    [undefined, "fallback"],
    ["长".repeat(400), `${"长".repeat(79)}…`],
  ])("%j becomes %j", (label, expected) => expect(plainLabel(label, "fallback")).toBe(expected));

  test.each<[string | undefined, "en" | "zh"]>([
    [undefined, "en"],
    ["zh-CN,zh;q=0.9,en;q=0.8", "zh"],
    ["de,zh;q=0.5", "zh"],
    ["en;q=0.2, zh-TW;q=0.7", "zh"],
    ["fr", "en"],
    ["*", "en"],
    ["zh;q=0, en", "en"],
    ["zh;q=banana", "en"],
  ])("Accept-Language %j is answered in %s", (header, language) =>
    expect(negotiate(header, ["en", "zh"])).toBe(language),
  );
});
