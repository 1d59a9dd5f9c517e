// Aim: the document itself: well-formed, complete in both languages, and safe whatever names it is given. Method: every
// fixture in every language, looked at as text.

import { describe, expect, it, test } from "vitest";

import * as fixtures from "./fixtures.ts";
import { frontRow, healthy, many } from "./fixtures.ts";
import { missing, read, world } from "./world.ts";

describe("the document", () => {
  const cases = {
    healthy: [healthy()],
    down: [fixtures.oneDown()],
    silent: [fixtures.oneSilent()],
    degraded: [fixtures.oneDegraded()],
    mixed: [fixtures.mixed()],
    first: [fixtures.firstSeconds()],
    notStarted: [fixtures.notStarted()],
    young: [fixtures.young()],
    many: many(100),
    empty: [],
  } as const;

  test.each(Object.entries(cases))(
    "%s is well-formed, with ids that are one and links that lead somewhere",
    async (_, snapshots) => {
      for (const path of ["/en", "/zh"]) {
        const html = await (await world(frontRow(snapshots)).get(path)).text();
        const open: string[] = [];
        for (const [, close, tag = "", self] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)\b(?:[^>"]|"[^"]*")*?(\/?)>/gi)) {
          if (close === "/") expect(open.pop()).toBe(tag);
          else if (self !== "/") open.push(tag);
        }
        expect(open).toEqual([]);
        const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map((m) => m[1]);
        expect(new Set(ids).size).toBe(ids.length);
        for (const [, id] of html.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(id);
      }
    },
  );

  test.each(Object.entries(cases))("%s has no leftovers of the other language", async (_, snapshots) => {
    const en = (await read(await world(frontRow(snapshots)).get("/en"))).replace("中文", "");
    expect(en).not.toMatch(/[\u3000-\u9fff\uff00-\uffef]/);
    const zh = await read(await world(frontRow(snapshots)).get("/zh"));
    const allowed =
      /^(English|Sonde|JSON|MQTT|UTC|TCP|Asia|Shanghai|P\d\d|ms|[A-Z]{3}|wnam|enam|weur|eeur|apac|ne|se|oc)$/;
    const strange = [...zh.matchAll(/[A-Za-z]\w*/g)].map((m) => m[0]).filter((word) => !allowed.test(word));
    expect(strange).toEqual([]);
    expect(`${en}${zh}`).not.toMatch(/undefined|NaN|null|\[object|Infinity/);
  });

  it("lets no name be more than a name", async () => {
    const w = world(frontRow([fixtures.hostile()]));
    for (const path of ["/en", "/zh", `/en/targets/${encodeURIComponent('a/b"<c>')}`]) {
      const response = await w.get(path);
      const html = await response.text();
      expect(response.status).toBe(200);
      expect(html).not.toMatch(/<script(?!>\{let d=document,)|<img|<b>:x|\u202e|\u2067/);
      expect(html).not.toMatch(/长{81}/);
    }
    expect(await (await w.get("/en")).text()).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  });

  it("says what is wrong, whose fault it may be, and what is not known", async () => {
    const words = await read(await world(frontRow([fixtures.mixed()])).get("/en"));
    expect(
      missing(
        words,
        "Western North America: connections are refused; Southeast Asia: slow; we cannot see Eastern Europe",
        "1 down 1 degraded 1 not measured 4 operational",
        "refused while connecting: no TCP connection",
        "Not measured – our control checks fail as well, so the fault may be ours",
        "place not known yet",
        "31 late, 4 not sent (our side)",
        "P50 > 5 s",
      ),
    ).toEqual([]);
  });

  it("explains its method with the target's own numbers", async () => {
    const words = await read(await world(frontRow([healthy()])).get("/en"));
    expect(
      missing(
        words,
        "Every 10 s each region sends 4 messages, 50 ms apart",
        "waits 5 s for each",
        "down when at least 20 % of its messages are lost or refused",
        "Minutes still open are not yet counted",
        "±1 ms",
      ),
    ).toEqual([]);
  });
});
