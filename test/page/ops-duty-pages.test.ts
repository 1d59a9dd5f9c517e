// Aim: the pages of maintenance, fleet, deliveries and previews tell what is so, in both languages; what people and receivers wrote is
// only text; and who does not answer is said to be unknown. Method: the real door with the fleet in memory; hostile text everywhere it
// may come from; both languages side by side.

import { describe, expect, it } from "vitest";

import type { DeliveryReport } from "../../workers/alerts/duty-answers.ts";
import { DUTY_EN } from "../../workers/console/duty-words-en.ts";
import { DUTY_ZH } from "../../workers/console/duty-words-zh.ts";
import { must } from "../observations.ts";
import { ALERTING, fleetWorld, KEY, ONCE, ONE, said, WEEK, WEEKLY } from "./duty-forms.ts";
import { HEALTHY, NOBODY_THERE } from "./fleet-world.ts";
import { CONFIG, NOW, opsWorld, recordsInMemory, sent } from "./ops-world.ts";

const PATHS = ["/ops/maintenance", ONE, WEEK, "/ops/fleet", "/ops/deliveries", "/ops/preview"];

describe("a page", () => {
  it("of maintenance says when, in which zone, what the clocks do, how long before, and that figures stay", async () => {
    const world = fleetWorld();
    await world.ask(ONE, sent(ONCE));
    await world.ask(WEEK, sent({ ...WEEKLY, key: `ops-${"w".repeat(32)}` }));
    const text = await said(await world.ask("/ops/maintenance"));
    expect(text).toContain("Probing goes on, and nothing is taken out of the figures. Only pages are muted");
    expect(text).toContain("2031-05-20 02:00 UTC – 2031-05-20 03:00 UTC ; recorded 4 d 14 h before it begins");
    expect(text).toContain("Weekly, Sun, 02:30–04:00 (Europe/Berlin); from 2031-05-18 on");
    expect(text).toContain("2031-05-18 02:30 +02:00 – 2031-05-18 04:00 +02:00 (Europe/Berlin)");
    expect(text).toContain("2031-10-26: 02:30 comes twice");
    expect(text).toContain("2032-03-28: there is no 02:30");
    const html = await (await world.ask("/ops/maintenance")).text();
    const way = must(/href="(\/ops\/exclusions\?about=chat[^"]*)"/.exec(html)?.[1]).replaceAll("&amp;", "&");
    const form = await (await world.ask(way)).text();
    expect(form).toContain("<details open");
    for (const value of ["2031-05-20T02:00", "2031-05-20T03:00", "2031-05-15T12:00", "chat-m1: New broker"])
      expect(form).toContain(`value="${value}"`);
    expect(form).toMatch(/<option value="chat" selected/);
    expect(form).toMatch(/name="regions" value="weur" checked/);
    // What is running says so; what is over is listed as such.
    world.now = Date.UTC(2031, 4, 20, 2, 30);
    expect(await said(await world.ask("/ops/maintenance"))).toContain("running now");
    world.now = Date.UTC(2031, 4, 20, 3);
    expect(await said(await world.ask("/ops/maintenance"))).toMatch(
      /Over or called off .*chat-m1.*does not happen any more/,
    );
  });

  it("of the fleet tells who is well, silent, unfit, in mid-round, new, and who did not answer", async () => {
    const world = fleetWorld();
    const { probers, duties, silences } = world.fleet;
    const lone = { lookedAt: NOW - 5_000, newestRoundAt: NOW - 60_000, waiting: 2, nextTryAt: NOW + 9_000, owed: 7 };
    Object.assign(duties, { chat: lone, push: lone, fleet_keepers: { ...lone, newestRoundAt: null } });
    Object.assign(probers, { "weur.0.v1": HEALTHY, "oc.0.v1": { ...HEALTHY, newestWakeAt: NOW - 600_000 } });
    silences.set("oc.0.v1", NOW - 480_000);
    const whole = await world.ask("/ops/fleet");
    const text = await said(whole);
    expect(whole.status).toBe(200);
    expect(text).toMatch(/weur\.0\.v1 ✓ on time Region .*\(weur\) Shard 0 Generation 1 Silent since not silent/);
    expect(text).toMatch(/FRA Newest round 2031-05-15 11:59:30 UTC \(30 s ago\) Scheduler lag 12 ms/);
    expect(text).toMatch(/Controls answered 3 of 3 Fit fit Armed first 2031-05-01/);
    expect(text).toMatch(/oc\.0\.v1 ✕ silent: it answers, and has missed a slot/);
    expect(text).toContain("2031-05-15 11:52 UTC, for 8 min");
    expect(text).toMatch(
      /chat Newest look 2031-05-15 11:59:55 UTC \(5 s ago\).*waiting 2 .*owed to D1 7 Minutes owed to D1 3/,
    );
    Object.assign(probers, { "weur.0.v1": null, "oc.0.v1": { ...HEALTHY, bornAt: 0, newestWakeAt: null } });
    const later = await said(await world.ask("/ops/fleet"));
    expect(later).toMatch(/weur\.0\.v1 ◔ in mid-round/);
    expect(later).toMatch(/oc\.0\.v1 ○ not armed yet/);
    delete probers["weur.0.v1"];
    delete duties["chat"];
    Object.assign(probers, { "oc.0.v1": { ...HEALTHY, unfit: "controls", controls: { asked: 3, answered: 0 } } });
    const partly = await world.ask("/ops/fleet");
    const rest = await said(partly);
    expect(partly.status).toBe(503);
    expect(rest).toMatch(/weur\.0\.v1 \? no answer/);
    expect(rest).toMatch(/oc\.0\.v1 ✓ on time .*0 of 3 Fit unfit: its control checks fail as well/);
    expect(rest).toMatch(/chat \? No answer from chat: nothing is known.*Minutes owed to D1 no answer/);
  });

  const REPORT: DeliveryReport = {
    key: "chat-7/0/trigger/pager",
    incident: "chat-7",
    channel: "pager",
    kind: "trigger",
    state: "sent",
    plannedAt: NOW - 60_000,
    tryAt: NOW - 60_000,
    sentAt: NOW - 30_000,
    tries: 2,
    title: "Outage of Chat",
    receipts: [
      { attempt: 1, at: NOW - 59_000, accepted: false, httpStatus: null, code: null, said: "" },
      { attempt: 2, at: NOW - 30_000, accepted: true, httpStatus: 202, code: "ok", said: "queued" },
    ],
  };

  it("of deliveries has the newest hundred of all, what waits first, each try with its answer", async () => {
    const world = fleetWorld();
    const { deliveries } = world.fleet;
    deliveries["chat"] = Array.from({ length: 150 }, (_, i) => ({ ...REPORT, plannedAt: NOW - 1_000_000 - i }));
    const waits = { ...REPORT, state: "waiting", sentAt: null, title: null, receipts: [], tries: 0 } as const;
    const keepers = { ...waits, incident: "fleet_keepers-1", channel: "old", tryAt: NOW + 5_000 };
    deliveries["push"] = [REPORT];
    deliveries["fleet_keepers"] = [keepers];
    const answer = await world.ask("/ops/deliveries");
    const html = await answer.text();
    expect([answer.status, html.split('<li class="card">').length - 1]).toEqual([200, 100]);
    const [first = "", second = ""] = html.split('<li class="card">').slice(1);
    expect(first).toContain("not written yet");
    expect(first).toContain("2031-05-15 12:00:05 UTC");
    expect(first).toContain('href="/ops/incidents/fleet_keepers-1"');
    expect(first).toContain("not configured any more");
    expect(second).toContain("Outage of Chat");
    expect(second).toContain("pager (webhook)");
    expect(second).toMatch(/Try 1.*no answer<.*Try 2.*accepted; HTTP 202; ok; queued/s);
    delete deliveries["push"];
    const partly = await world.ask("/ops/deliveries");
    expect([partly.status, await said(partly)]).toEqual([503, expect.stringContaining("No answer from push")]);
  });

  it("of previews asks for what is chosen, says when nobody would be told, and refuses what is not there", async () => {
    const world = fleetWorld();
    expect(await said(await world.ask("/ops/preview"))).not.toContain("Nobody would be told");
    const nobody = await said(await world.ask("/ops/preview?service=chat"));
    expect(nobody).toContain("Nobody would be told.");
    world.fleet.previews = [
      { channel: "pager", route: "all", level: 0, afterMs: 0, title: "Outage of Chat", sentence: "20 of 20 lost" },
      { channel: "pager", route: "all", level: 1, afterMs: 900_000, title: "Outage of Chat", sentence: "still" },
    ];
    const text = await said(await world.ask("/ops/preview?service=chat&regions=oc"));
    expect(text).toMatch(/at once level 1 of route all pager webhook Outage of Chat 20 of 20 lost/);
    expect(text).toMatch(/after 15 min level 2 of route all/);
    expect(world.fleet.asked).toEqual([
      ["chat", ["weur", "oc"]],
      ["chat", ["oc"]],
    ]);
    for (const wrong of ["service=none", "regions=oc", "service=chat&regions=mars"]) {
      expect((await world.ask(`/ops/preview?${wrong}`)).status).toBe(422);
    }
    expect(world.fleet.asked).toHaveLength(2);
    const without = opsWorld({ records: recordsInMemory(), fleet: world.fleet.desk });
    expect(await said(await without.ask("/ops/preview?service=chat"))).toContain("the configuration has no alerts");
  });

  it("whose whole fleet is away is 503 and says so, never that there is nothing", async () => {
    const world = opsWorld({
      records: recordsInMemory(),
      fleet: NOBODY_THERE,
      config: { ...CONFIG, alerting: ALERTING },
    });
    for (const path of ["/ops/maintenance", "/ops/fleet", "/ops/deliveries", "/ops/preview?service=chat"]) {
      const answer = await world.ask(path);
      const text = await said(answer);
      expect([path, answer.status]).toEqual([path, 503]);
      expect(text).toContain("No answer from chat");
      expect(text).not.toMatch(/None\.|✓|No message was planned|Nobody would be told/);
    }
    expect((await world.ask("/ops/maintenance/chat-m1/call-off")).status).toBe(503);
    expect((await world.ask("/ops/maintenance/chat-m1/call-off", sent({ key: KEY }))).status).toBe(503);
  });

  it("shows hostile texts as texts", async () => {
    const HOSTILE = `"><script>alert(1)</script><img src=x onerror=alert(1)>'&amp;`;
    const world = fleetWorld();
    const { fleet } = world;
    for (const name of Object.keys({ ...ONCE, ...WEEKLY })) {
      for (const [path, values] of [
        [ONE, { ...ONCE, service: "" }],
        [WEEK, { ...WEEKLY, service: "" }],
      ] as const) {
        const html = await (await world.ask(path, sent({ ...values, [name]: HOSTILE }))).text();
        expect([name, html]).toEqual([name, expect.not.stringMatching(/<script|<img/)]);
      }
    }
    await world.ask(ONE, sent({ ...ONCE, title_en: HOSTILE }));
    expect(fleet.windows).toHaveLength(1);
    fleet.deliveries["chat"] = [
      { ...REPORT, title: HOSTILE, channel: HOSTILE, incident: HOSTILE },
      {
        ...REPORT,
        receipts: [{ attempt: 1, at: NOW, accepted: false, httpStatus: 500, code: HOSTILE, said: HOSTILE }],
      },
    ];
    fleet.previews = [{ channel: HOSTILE, route: HOSTILE, level: 0, afterMs: 0, title: HOSTILE, sentence: HOSTILE }];
    Object.assign(fleet.probers, { "weur.0.v1": { ...HEALTHY, place: HOSTILE } });
    const query = `recorded=${encodeURIComponent(HOSTILE)}&about=${encodeURIComponent(HOSTILE)}&regions=${encodeURIComponent(HOSTILE)}`;
    const shown = ["/ops/maintenance/chat-m1/call-off", "/ops/preview?service=chat", "/ops/exclusions", ...PATHS];
    for (const path of shown) {
      const html = await (await world.ask(path.includes("?") ? path : `${path}?${query}`)).text();
      expect([path, html]).toEqual([path, expect.not.stringMatching(/<script|<img/)]);
    }
    for (const path of ["/ops/maintenance", "/ops/deliveries", "/ops/preview?service=chat", "/ops/fleet"])
      expect(await (await world.ask(path)).text()).toContain("&lt;script&gt;");
  });
});

it("has both languages whole: no sentence is missing, and none is left in the other", () => {
  const texts = (value: unknown, at: string): [string, string][] => {
    if (typeof value === "string") return [[at, value]];
    if (typeof value === "function") return [[at, String((value as (...all: unknown[]) => unknown)("A", "B", "C"))]];
    return Object.entries(value as object).flatMap(([name, own]) => texts(own, `${at}.${name}`));
  };
  const en = texts(DUTY_EN, "");
  const zh = new Map(texts(DUTY_ZH, ""));
  // Names of products are the same everywhere.
  const proper = /^\.channels\./;
  for (const [at, text] of en) {
    expect([at, text]).toEqual([at, expect.not.stringMatching(/[\u4e00-\u9fff]/)]);
    const other = must(zh.get(at));
    if (!proper.test(at) && at !== ".ms") expect([at, other]).toEqual([at, expect.stringMatching(/[\u4e00-\u9fff]/)]);
  }
  console.log(`console: ${en.length} sentences of duty in two languages`);
  expect([zh.size, en.length > 120]).toEqual([en.length, true]);
});
