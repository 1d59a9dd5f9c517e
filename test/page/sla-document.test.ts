// Aim: the documents of contracts: well-formed, complete in both languages, and safe whatever people wrote into them. Method:
// every fixture in every language, looked at as text.

import { describe, expect, it, test } from "vitest";

import type { Report } from "../../workers/sla/report-shape.ts";
import * as fixtures from "./sla-fixtures.ts";
import { BREACHED, STRANGER, contractOf, slaWorld, stored } from "./sla-world.ts";
import { read } from "./world.ts";

describe("texts of people", () => {
  const hostile = fixtures.hostileReport();
  test.each(["/en/sla", "/zh/sla", "/en/sla/messaging", "/zh/sla/messaging/2026-10"])(
    "are only texts on %s",
    async (path) => {
      const w = slaWorld(STRANGER, [stored(hostile)], { contracts: [contractOf(hostile)] });
      const response = await w.get(path);
      const html = await response.text();
      expect(response.status).toBe(200);
      expect(html).not.toMatch(/<script(?!>\{let d=document,)|<img|\u202e|\u2067|href="javascript/);
      expect(html).not.toMatch(/长{501}/);
      expect(html).toMatch(/&lt;(script|img)/);
    },
  );

  it("are escaped in the calendar as well", async () => {
    const w = slaWorld(STRANGER, [stored(hostile)], { contracts: [contractOf(hostile)] });
    const response = await w.get("/sla/messaging/claims.ics");
    const lines = (await response.text()).replaceAll("\r\n ", "").split("\r\n");
    expect(lines.filter((line) => line.startsWith("BEGIN:"))).toEqual(["BEGIN:VCALENDAR", "BEGIN:VEVENT"]);
  });
});

describe("the document", () => {
  const ALL: Readonly<Record<string, Report>> = {
    kept: fixtures.kept(),
    breached: BREACHED,
    open: fixtures.openMonth(),
    combined: fixtures.combined(),
    nothing: fixtures.nothingMeasured(),
  };

  test.each(Object.entries(ALL))("%s is well-formed, with links that lead somewhere", async (_, one) => {
    const w = slaWorld(STRANGER, [stored(one)], { contracts: [contractOf(one)] });
    for (const path of ["/en/sla/messaging", "/zh/sla/messaging", "/en/sla"]) {
      const html = await (await w.get(path)).text();
      const open: string[] = [];
      for (const [, close, tag = "", self] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)\b(?:[^>"]|"[^"]*")*?(\/?)>/gi)) {
        if (/^(meta|link)$/.test(tag)) continue;
        if (close === "/") expect(open.pop()).toBe(tag);
        else if (self !== "/") open.push(tag);
      }
      expect(open).toEqual([]);
      const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map((m) => m[1]);
      expect(new Set(ids).size).toBe(ids.length);
      for (const [, id] of html.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(id);
    }
  });

  test.each(Object.entries(ALL))("%s has no leftovers of the other language", async (_, one) => {
    const plain: Report = { ...one, exclusions: [], claim: null, support: [] };
    const w = slaWorld(STRANGER, [stored(plain)], { contracts: [contractOf(plain)] });
    const en = (await read(await w.get("/en/sla/messaging"))).replace("中文", "");
    expect(en).not.toMatch(/[\u3000-\u9fff\uff00-\uffef]/);
    const zh = (await read(await w.get("/zh/sla/messaging"))).replace(/\b[0-9a-f]{64}\b/g, "");
    const allowed =
      /^(English|rtm|Sonde|API|UTC|SLA|JSON|CSV|iCal|SHA|Asia|Shanghai|Clopper|Pearson|P\d\d|ms|enterprise|wnam|enam|weur|eeur|apac|ne|se|oc)$/;
    const strange = [...zh.matchAll(/[A-Za-z]\w*/g)].map((m) => m[0]).filter((word) => !allowed.test(word));
    expect(strange).toEqual([]);
    expect(`${en}${zh}`).not.toMatch(/undefined|NaN|null|\[object|Infinity/);
  });
});
