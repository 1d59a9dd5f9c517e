// Aim: a form of maintenance that is refused says what is wrong beside its field, in both languages, and loses nothing that was
// typed; one form is one record, whatever is lost on the way. Method: the real door with the fleet in memory; a table of refusals;
// answers that are lost.

import { describe, expect, it } from "vitest";

import { must } from "../observations.ts";
import { fleetWorld, KEY, ONCE, ONE, said, WEEK, WEEKLY } from "./duty-forms.ts";
import { NOW, sent } from "./ops-world.ts";

describe("what is refused", () => {
  type Case = readonly [path: string, changed: Record<string, string>, field: string, en: RegExp];
  const CASES: readonly Case[] = [
    [ONE, { service: "" }, "service", /Is missing\. Choose a target/],
    [ONE, { service: "none" }, "service", /Is not understood/],
    [ONE, { regions: "mars" }, "regions", /Is not understood/],
    [ONE, { title_en: "" }, "title_en", /Is missing\. In one line/],
    [ONE, { title_en: "t".repeat(201) }, "title_en", /Is not understood/],
    [ONE, { title_en: "turned \u202e round" }, "title_en", /Is not understood/],
    [ONE, { title_zh: "字".repeat(201) }, "title_zh", /Is not understood/],
    [ONE, { from: "" }, "from", /Is missing/],
    [ONE, { from: "tomorrow" }, "from", /Is not understood/],
    [ONE, { from_zone: "Mars/Base" }, "from", /Choose a zone/],
    [ONE, { from: "2031-05-07T04:00" }, "from", /more than 7 days ago/],
    [ONE, { to: "2031-05-20T02:00" }, "to", /Must be after the beginning/],
    [ONE, { to: "2031-06-20T02:00" }, "to", /Is not understood/],
    [ONE, { from: "2033-05-20T04:00", to: "2033-05-20T04:00" }, "from", /more than 400 days ahead/],
    [
      ONE,
      { from: "2032-03-28T02:30", to: "2032-03-28T06:00" },
      "from",
      /no such time.*2032-03-28 01:30 \+01:00 .* or 2032-03-28 03:30 \+02:00/,
    ],
    [
      ONE,
      { from: "2031-10-26T02:30", to: "2031-10-26T06:00" },
      "from",
      /twice.*2031-10-26 00:30 UTC\), or .*2031-10-26 01:30 UTC/,
    ],
    [WEEK, { service: "" }, "service", /Is missing/],
    [WEEK, { title_zh: " " }, "title_en", /Is missing/],
    [WEEK, { days: "" }, "days", /Is not understood/],
    [WEEK, { days: "8" }, "days", /Is not understood/],
    [WEEK, { from_time: "" }, "from_time", /Is missing/],
    [WEEK, { from_time: "2 am" }, "from_time", /Is not understood/],
    [WEEK, { from_time: "24:00" }, "from_time", /Is not understood/],
    [WEEK, { to_time: "" }, "to_time", /Is missing/],
    [WEEK, { to_time: "02:30" }, "to_time", /Is not understood\. .*00:00 to 00:00 is the whole day/],
    [WEEK, { time_zone: "" }, "time_zone", /Is missing/],
    [WEEK, { time_zone: "Mars/Base" }, "time_zone", /Is not understood/],
    [WEEK, { from_day: "" }, "from_day", /Is missing/],
    [WEEK, { from_day: "2031-02-30" }, "from_day", /Is not understood/],
    [WEEK, { from_day: "2031-05-01" }, "from_day", /more than 7 days ago/],
    [WEEK, { from_day: "2033-05-01" }, "from_day", /more than 400 days ahead/],
    [WEEK, { until_day: "2031-05-17" }, "until_day", /not before the first/],
  ];
  const cases = CASES.map(([path, changed, field, en]) => ({ path, changed, field, en }));

  it.each(cases)("$path $changed is said beside $field", async ({ path, changed, field, en }) => {
    const world = fleetWorld();
    const values: Record<string, string> = { ...(path === ONE ? ONCE : WEEKLY), ...changed };
    const answer = await world.ask(path, sent(values));
    const html = await answer.text();
    expect([answer.status, world.fleet.windows]).toEqual([422, []]);
    const wrong = [...html.matchAll(/<p class="wrong" id="e-([a-z0-9_]+)">(.*?)<\/p>/g)];
    expect(wrong.map(([, id]) => id)).toEqual([field]);
    expect(wrong[0]?.[2]?.replaceAll("&quot;", '"')).toMatch(en);
    expect(html).toContain(`href="#f-${field}"`);
    expect(html).toContain(`value="${KEY}"`);
    for (const name of ["title_en", "title_zh", "from", "to", "from_time", "to_time", "from_day", "until_day"]) {
      const value = values[name];
      const input = [...html.matchAll(/<input [^>]*>/g)].find(([tag]) => tag.includes(` name="${name}"`))?.[0];
      if (value !== undefined) expect(input).toContain(` value="${value}"`);
    }
    const chinese = await (await world.ask(path, sent(values, { "accept-language": "zh-CN" }))).text();
    const sentence = must(/<p class="wrong" id="e-[a-z0-9_]+">(.*?)<\/p>/.exec(chinese)?.[1]);
    expect(sentence).toMatch(/[\u4e00-\u9fff]/);
    expect(sentence.replaceAll("UTC", "")).not.toMatch(/[A-Za-z]/);
  });

  it("is said all at once, and a form without its key is no form", async () => {
    const html = await (await fleetWorld().ask(WEEK, sent({ key: KEY }))).text();
    const wrong = [...html.matchAll(/id="e-([a-z0-9_]+)"/g)].map(([, id]) => id);
    expect(wrong).toEqual(["service", "title_en", "days", "from_time", "to_time", "time_zone", "from_day"]);
    const world = fleetWorld();
    for (const key of ["", "ops-short", `${KEY}x`]) {
      const answer = await world.ask(ONE, sent({ ...ONCE, key }));
      expect([answer.status, await said(answer)]).toEqual([422, expect.stringContaining("did not arrive as it was")]);
    }
    expect(world.fleet.windows).toEqual([]);
    console.log(`console: ${CASES.length} refusals of maintenance, in two languages`);
    expect(CASES).toHaveLength(32);
  });
});

describe("one form", () => {
  it("is one record, with the instants that its zones say and the author who is signed in", async () => {
    const world = fleetWorld();
    for (let twice = 0; twice < 2; twice += 1) {
      const answer = await world.ask(ONE, sent({ ...ONCE, author: "mallory" }));
      expect([answer.status, answer.headers.get("location")]).toEqual([303, "/ops/maintenance?recorded=chat-m1"]);
    }
    expect(world.fleet.windows).toEqual([
      {
        id: "chat-m1",
        key: KEY,
        target: "chat",
        regions: ["weur"],
        title: { en: "New broker" },
        window: { kind: "once", fromAt: Date.UTC(2031, 4, 20, 2), toAt: Date.UTC(2031, 4, 20, 3) },
        author: "ada@acme.example",
        recordedAt: NOW,
        withdraws: null,
      },
    ]);
    const other = await world.ask(ONE, sent({ ...ONCE, title_en: "Another broker" }));
    expect([other.status, await said(other)]).toEqual([409, expect.stringContaining("recorded before with other")]);
    expect(world.fleet.windows).toHaveLength(1);
    // The judges have nothing to do with it.
    expect(world.told).toBe(0);
  });

  it.each(["lost", "unanswered"] as const)(
    "whose answer is %s is sent again as it stands, and is one",
    async (next) => {
      const world = fleetWorld();
      world.fleet.next = next;
      const away = await world.ask(WEEK, sent(WEEKLY));
      const html = await away.text();
      expect([away.status, away.headers.get("retry-after")]).toEqual([503, "10"]);
      expect(html).toContain("it is recorded once");
      expect(html).toContain(`value="${KEY}"`);
      expect((await world.ask(WEEK, sent(WEEKLY))).status).toBe(303);
      expect(world.fleet.windows.map(({ window }) => window)).toEqual([
        {
          kind: "weekly",
          zone: "Europe/Berlin",
          days: [7],
          fromMinute: 150,
          toMinute: 240,
          fromDay: "2031-05-18",
          untilDay: null,
        },
      ]);
    },
  );

  it("has the end of the day where a browser can only write midnight", async () => {
    const world = fleetWorld();
    await world.ask(WEEK, sent({ ...WEEKLY, from_time: "00:00", to_time: "00:00" }));
    expect(world.fleet.windows[0]?.window).toMatchObject({ fromMinute: 0, toMinute: 1_440 });
  });

  it("that calls one off does so once, for good, and leaves the record", async () => {
    const world = fleetWorld();
    await world.ask(ONE, sent(ONCE));
    const path = "/ops/maintenance/chat-m1/call-off";
    expect(await said(await world.ask(path))).toContain("cannot be taken back");
    const key = `ops-${"c".repeat(32)}`;
    for (let twice = 0; twice < 2; twice += 1) {
      const answer = await world.ask(path, sent({ key }));
      expect(answer.headers.get("location")).toBe("/ops/maintenance?recorded=chat-m2");
    }
    expect(world.fleet.windows).toMatchObject([
      { withdraws: null },
      { withdraws: "chat-m1", author: "ada@acme.example" },
    ]);
    const again = await world.ask(path, sent({ key: `ops-${"d".repeat(32)}` }));
    expect([again.status, await said(again)]).toEqual([409, expect.stringContaining("called off already")]);
    expect(world.fleet.windows).toHaveLength(2);
    const listed = await said(await world.ask("/ops/maintenance?recorded=chat-m2"));
    expect(listed).toContain("chat-m1 is called off, by record chat-m2.");
    expect(listed).toContain("Called off by record chat-m2 of ada@acme.example");
    for (const none of ["chat-m2", "chat-m9", "none-m1", "push-m1"]) {
      for (const init of [{}, sent({ key })]) {
        expect([none, (await world.ask(`/ops/maintenance/${none}/call-off`, init)).status]).toEqual([none, 404]);
      }
    }
  });
});
