// Aim: the public fleet page says where each prober was observed and how much it measured, keeps unknown apart from measured, shows silences
// as they were and never as an empty list when they could not be read. Method: the real app in process; pure pieces by tables.

import { describe, expect, it, test } from "vitest";

import { cityOf } from "../../status-page/fleet-cities.ts";
import { controlHosts } from "../../status-page/fleet-controls.ts";
import { SilencesUnreadable, parseSilence } from "../../status-page/fleet.ts";
import type { SilenceList, SilenceReader, SilenceSeen } from "../../status-page/fleet.ts";
import type { StatusPageOptions } from "../../status-page/app.tsx";
import { configOf } from "../../workers/config/parse.ts";
import { NOW, frontRow, healthy, period, region } from "./fixtures.ts";
import { missing, read, text, world } from "./world.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;
const config = configOf({
  name: "Acme",
  regions: [{ id: "weur", hint: "weur" }, "enam", "oc"],
  controls: ["https://one.example/x?key=hunter3", "https://two.example/"],
  targets: [{ id: "rtm", driver: "mqtt", address: "mqtts://secret-host.example", regions: ["weur", "enam", "oc"] }],
});
const seen = (change: Partial<SilenceSeen>): SilenceSeen => ({
  prober: "weur.0.v1",
  region: "weur",
  reason: "no_wake",
  newestWakeAt: NOW - 62 * MINUTE,
  seenAt: NOW - 60 * MINUTE,
  untilAt: NOW - 48 * MINUTE,
  ...change,
});

/** Silences in the hand of the test. */
function hand(list: SilenceSeen[], cut = false) {
  const made = { list: { silences: list, cut } as SilenceList | Error, reads: 0 };
  const reader: SilenceReader = {
    read: () => {
      made.reads++;
      return made.list instanceof Error ? Promise.reject(made.list) : Promise.resolve(made.list);
    },
  };
  return { made, reader };
}

// weur measures, enam is known and silent, eeur (index 3) was taken out, and oc has never measured.
const SNAPSHOT = {
  ...healthy(),
  regions: [
    region(2, { today: period(NOW - DAY, { up: 1430, degraded: 3, down: 5, unmeasured: 2 }, 40) }),
    region(1, { last_slot_at: NOW - 10 * MINUTE }),
    region(3),
  ],
};
const open = (list: SilenceSeen[], options: Partial<StatusPageOptions> = {}, cut = false) => {
  const { made, reader } = hand(list, cut);
  return { made, w: world(frontRow([SNAPSHOT]), { config, silences: reader, ...options }) };
};

describe("places", () => {
  test.each([
    [
      "en",
      [
        "Amsterdam (AMS)",
        "1,438 of 1,440 min measured, 99.86 %",
        "Oceania (oc)",
        "Ashburn (IAD)",
        "nothing new since 11:50:17",
      ],
    ],
    ["zh", ["阿姆斯特丹（AMS）", "1,440 分钟中测得 1,438 分钟，99.86%", "大洋洲（oc）", "尚未收到任何结果"]],
  ])("are told in %s", async (language, sayings) => {
    const { w } = open([]);
    const answer = await w.get(`/${language}/fleet`);
    expect([answer.status, answer.headers.get("content-language")?.slice(0, 2)]).toEqual([200, language]);
    const words = await read(answer);
    expect(missing(words, ...sayings)).toEqual([]);
    expect(missing(words, "secret-host", "hunter3", "eeur", "VIE")).toHaveLength(4);
    expect(missing(words, "one.example", "two.example")).toEqual([]);
  });

  it("keeps what is not measured apart: two of three have the sign and the word", async () => {
    const html = await text(await open([]).w.get("/en/fleet"));
    expect(html.split('<td class="unmeasured">').length - 1).toBe(2);
    expect(html.split("#i-unmeasured").length - 1).toBeGreaterThanOrEqual(2);
    expect(html).toContain("no result has arrived yet");
  });

  it("without a configuration are those of the figures, and say what is not known", async () => {
    const words = await read(await open([], { config: null }).w.get("/en/fleet"));
    const sayings = ["VIE", "not known: the configuration is refused", "Not known: the configuration is refused"];
    expect(missing(words, ...sayings)).toEqual([]);
  });

  it("knows cities by code, and no others", () => {
    expect([cityOf("NRT", "zh"), cityOf("ZZZ", "en"), cityOf("constructor", "en")]).toEqual(["东京", null, null]);
  });

  test.each<[string, readonly string[]]>([
    ["https://a.example/x?y=z", ["a.example"]],
    ["https://me:pass@a.example:8443/x", ["a.example"]],
    ["https://a.example?u=b@c.example", ["a.example"]],
    ["https://{region}.a.example/", ["{region}.a.example"]],
    ["nonsense", []],
  ])("of %s only the host is told", (url, hosts) => {
    expect(controlHosts([url])).toEqual(hosts);
  });
});

describe("silences", () => {
  it("are told with reason, span and zone, newest first", async () => {
    const { w } = open([
      seen({}),
      seen({ region: "enam", prober: "enam.0.v2", reason: "no_answer", newestWakeAt: null }),
    ]);
    const words = await read(await w.get("/en/fleet"));
    const sayings = [
      "answers, and missed a slot",
      "does not answer",
      "2026-11-22 11:12:17 UTC (12 min)",
      "enam.0.v2",
      "not known",
    ];
    expect(missing(words, ...sayings)).toEqual([]);
    expect(words).not.toContain("None: every prober");
    expect(await read(await w.get("/en/fleet?zone=Asia/Tokyo"))).toContain("2026-11-22 20:12:17 Asia/Tokyo");
  });

  test.each<[string, Partial<SilenceSeen>, boolean]>([
    ["one that lasts", { untilAt: null }, true],
    ["one that lasts since long", { untilAt: null, seenAt: NOW - 90 * DAY }, true],
    ["one that ended 29 days ago", { untilAt: NOW - 29 * DAY }, true],
    ["one that ended 31 days ago", { untilAt: NOW - 31 * DAY }, false],
    ["a past one of a region that was taken out", { region: "eeur", prober: "eeur.0.v1" }, true],
    ["a lasting one of a region that was taken out", { region: "eeur", prober: "eeur.0.v1", untilAt: null }, false],
  ])("%s", async (_, change, shown) => {
    const words = await read(await open([seen(change)]).w.get("/en/fleet"));
    expect([words.includes("answers, and missed a slot"), words.includes("None: every prober")]).toEqual([
      shown,
      !shown,
    ]);
    expect(words.includes("no longer measured from")).toBe(shown && change.region === "eeur");
  });

  it("that could not be read are not known, and the rest of the page stays", async () => {
    const { made, w } = open([]);
    made.list = new SilencesUnreadable("on purpose");
    const answer = await w.get("/en/fleet");
    expect([answer.status, answer.headers.get("x-sonde-stale"), w.reports.length]).toEqual([200, "1", 1]);
    const words = await read(answer);
    expect(missing(words, "whether there were silences is not known", "Amsterdam (AMS)")).toEqual([]);
    expect(words).not.toContain("None: every prober");
  });

  it("are the last good ones with their age while the database is away, and read at most once in five seconds", async () => {
    const { made, w } = open([seen({})]);
    await w.get("/en/fleet");
    await w.get("/zh/fleet");
    expect(made.reads).toBe(1);
    made.list = new SilencesUnreadable("on purpose");
    w.now += 10_000;
    const answer = await w.get("/en/fleet");
    const words = await read(answer);
    expect(missing(words, "silences as of 2026-11-22 12:00:17 UTC", "answers, and missed a slot")).toEqual([]);
    expect(answer.headers.get("x-sonde-stale")).toBe("1");
  });

  test.each<[string, number, boolean]>([
    ["all of these days", 1, true],
    ["the oldest is too old already", 40, false],
  ])("that were cut off say so: %s", async (_, days, said) => {
    const old = seen({ seenAt: NOW - days * DAY - MINUTE, untilAt: NOW - days * DAY });
    const words = await read(await open([seen({}), old], {}, true).w.get("/en/fleet"));
    expect(words.includes("there may be more")).toBe(said);
  });

  it("with a reason that nobody knows are an error", () => {
    expect(() => parseSilence({ ...seen({}), reason: "bored" })).toThrow(SilencesUnreadable);
  });

  it("are text, whatever a region is called", async () => {
    const html = await text(await open([seen({ region: "<script>\u202e", prober: "\u202e<i>" })]).w.get("/en/fleet"));
    expect([html.includes("<script>\u202e"), html.includes("\u202e"), html.includes("&lt;i&gt;")]).toEqual([
      false,
      false,
      true,
    ]);
  });
});

describe("the answer", () => {
  it("is 304 within the minute, another one with other news, empty for HEAD", async () => {
    const { made, w } = open([]);
    const etag = (await w.get("/en/fleet")).headers.get("etag") ?? "";
    expect((await w.get("/en/fleet", { "if-none-match": etag })).status).toBe(304);
    made.list = { silences: [seen({ untilAt: null })], cut: false };
    w.now += 6000;
    expect((await w.get("/en/fleet", { "if-none-match": etag })).status).toBe(200);
    const head = await w.get("/fleet", {}, "HEAD");
    expect([head.status, await head.text(), head.headers.get("cache-control")?.slice(0, 6)]).toEqual([
      200,
      "",
      "public",
    ]);
    expect(head.headers.get("content-security-policy")).toContain("default-src 'none'");
  });

  it("is 503 where no figures can be read at all, and 404 where nobody reads silences", async () => {
    const { reader } = hand([]);
    expect((await world(new Error("away"), { silences: reader }).get("/en/fleet")).status).toBe(503);
    expect((await world(frontRow([SNAPSHOT])).get("/en/fleet")).status).toBe(404);
  });

  it("says that nothing was measured yet, and names the places that will", async () => {
    const { reader } = hand([]);
    const words = await read(await world(null, { config, silences: reader }).get("/en/fleet"));
    expect(missing(words, "Nothing has been measured yet", "no result has arrived yet", "Oceania")).toEqual([]);
  });
});
