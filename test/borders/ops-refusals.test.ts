// Aim: a form that is refused says what is wrong beside each field, in both languages, and loses nothing that was typed; and
// whatever people typed is only text, wherever it is shown. Method: the real door on a real D1; a table of refusals, hostile text
// in every field, and in every record.

import { applyD1Migrations, reset } from "cloudflare:test";
import { beforeEach, describe, expect, inject, it } from "vitest";

import { recordsStore } from "../../workers/sla/records.store.ts";
import { must } from "../observations.ts";
import { NOW, sent } from "../page/ops-world.ts";
import { counts, d1, EXCLUSION, FORMS, KEY, open, said, STORED, TICKET } from "./ops-sending.ts";

beforeEach(async () => {
  await reset();
  await applyD1Migrations(d1, inject("migrations"));
});

describe("what is refused", () => {
  type Case = readonly [path: string, changed: Record<string, string>, field: string, en: RegExp];
  const E = "/ops/exclusions";
  const T = "/ops/tickets";
  const CASES: readonly Case[] = [
    [E, { about: "" }, "about", /Is missing\. Choose a target/],
    [E, { about: "none" }, "about", /Is not understood/],
    [E, { about: "push/standard" }, "about", /Is not understood/],
    [E, { type: "" }, "type", /Is missing/],
    [E, { type: "weather" }, "type", /Is not understood/],
    [E, { from: "" }, "from", /Is missing/],
    [E, { from: "tomorrow" }, "from", /Is not understood/],
    [E, { from: "2031-02-30T10:00" }, "from", /Is not understood/],
    [E, { from: "2029-01-01T00:00" }, "from", /more than 400 days ago/],
    [E, { from_zone: "Mars/Base" }, "from", /Choose a zone/],
    [E, { to: "2031-05-10T02:00" }, "to", /Must be after the beginning/],
    [E, { to: "2033-05-10T02:00" }, "to", /more than 400 days ahead/],
    [E, { announced_at: "2031-05-16T00:00" }, "announced_at", /in the future/],
    // Left out, it would be recorded as not announced.
    [E, { announced_at: "soon" }, "announced_at", /Is not understood/],
    [E, { announced_at: "2030-10-27T02:30", announced_at_zone: "Europe/Berlin" }, "announced_at", /twice/],
    [E, { announced_at: "2028-01-01T00:00" }, "announced_at", /more than 800 days ago/],
    [E, { regions: "mars" }, "regions", /Is not understood/],
    [E, { reason: " " }, "reason", /Is missing/],
    [E, { reason: "turned \u202e round" }, "reason", /Is not understood/],
    [E, { reason: "r".repeat(2_001) }, "reason", /Is not understood/],
    [E, { where: "" }, "where", /Is not understood\. An address or a name/],
    [E, { sha256: "abc" }, "sha256", /64 hex digits/],
    [
      E,
      { from: "2031-03-30T02:30" },
      "from",
      /no such time.*2031-03-30 01:30 \+01:00 \(2031-03-30 00:30 UTC\) or 2031-03-30 03:30 \+02:00/,
    ],
    [
      E,
      { from: "2030-10-27T02:30" },
      "from",
      /twice.*2030-10-27 02:30 \+02:00 \(2030-10-27 00:30 UTC\), or 2030-10-27 02:30 \+01:00/,
    ],
    [T, { contract: "" }, "contract", /Is missing/],
    [T, { contract: "none" }, "contract", /Is not understood/],
    [T, { ticket: "" }, "ticket", /Is missing/],
    [T, { ticket: "t".repeat(101) }, "ticket", /Is not understood/],
    [T, { kind: "" }, "kind", /Is missing/],
    [T, { kind: "sold" }, "kind", /Is not understood/],
    [T, { at: "" }, "at", /Is missing/],
    [T, { at: "2031-05-16T00:00" }, "at", /in the future/],
    [T, { at: "2029-05-16T00:00" }, "at", /more than 400 days ago/],
    [T, { severity: "" }, "severity", /Is missing/],
    [T, { severity: "P9" }, "severity", /Is not understood/],
    [T, { kind: "closed" }, "severity", /Belongs to “opened”/],
    [T, { waiting: "waiting-customer" }, "waiting", /Belongs to “waiting”/],
    [T, { kind: "waiting", severity: "" }, "waiting", /Is missing/],
    [T, { by: "" }, "by", /Is missing/],
    [T, { note: "n".repeat(2_001) }, "note", /Is not understood/],
  ];
  const cases = CASES.map(([path, changed, field, en]) => ({ path, changed, field, en }));

  it.each(cases)(
    "$path $changed is said beside $field, and what was typed stays",
    async ({ path, changed, field, en }) => {
      const values: Record<string, string> = { ...(path === E ? EXCLUSION : TICKET), ...changed };
      const answer = await open().ask(path, sent(values));
      const html = await answer.text();
      expect([answer.status, await counts()]).toEqual([422, [0, 0]]);
      const wrong = [...html.matchAll(/<p class="wrong" id="e-([a-z0-9_]+)">(.*?)<\/p>/g)];
      expect(wrong.map(([, id]) => id)).toEqual([field]);
      expect(wrong[0]?.[2]?.replaceAll("&quot;", '"')).toMatch(en);
      expect(html).toContain(`href="#f-${field}"`);
      expect(html).toContain(`id="f-${field}"`);
      expect(html).toContain(`value="${KEY}"`);
      for (const name of ["from", "to", "announced_at", "at", "reason", "where", "sha256", "ticket", "note"]) {
        const value = values[name];
        if (value === undefined) continue;
        const input = [...html.matchAll(/<input [^>]*>/g)].find(([tag]) => tag.includes(` name="${name}"`))?.[0];
        expect(input).toContain(` value="${value}"`);
      }
      for (const name of ["type", "kind", "by", "severity", "waiting"]) {
        const value = values[name] ?? "";
        if (html.includes(`<option value="${value}"`) && value !== "") {
          expect(html).toContain(`<option value="${value}" selected`);
        }
      }
      const zh = sent(values, { "accept-language": "zh-CN" });
      const chinese = await (await open().ask(path, zh)).text();
      const sentence = must(/<p class="wrong" id="e-[a-z0-9_]+">(.*?)<\/p>/.exec(chinese)?.[1]);
      expect(sentence).toMatch(/[\u4e00-\u9fff]/);
      expect(sentence.replace(/UTC|SHA-256/g, "")).not.toMatch(/[A-Za-z]/);
    },
  );

  it("is said all at once, and the form without its key is no form", async () => {
    const html = await (await open().ask(T, sent({ key: KEY }))).text();
    const wrong = [...html.matchAll(/id="e-([a-z0-9_]+)"/g)].map(([, id]) => id);
    expect(wrong).toEqual(["contract", "ticket", "kind", "at", "by"]);
    for (const key of ["", "ops-short", `${KEY}x`, "someone-else"]) {
      const answer = await open().ask(T, sent({ ...TICKET, key }));
      expect([answer.status, await said(answer)]).toEqual([
        422,
        expect.stringContaining("did not arrive as it was made"),
      ]);
    }
    expect(await counts()).toEqual([0, 0]);
    console.log(`console: ${CASES.length} refusals, in two languages`);
    expect(CASES).toHaveLength(40);
  });
});

describe("texts of people", () => {
  const HOSTILE = `"><script>alert(1)</script><img src=x onerror=alert(1)>'&amp;`;
  const inert = (html: string): void => {
    expect(html).not.toMatch(/<script|<img|onerror=alert\(1\)>(?!&)/);
    expect(html).toContain("&lt;script&gt;");
  };

  const typedFields = [
    ...Object.keys(EXCLUSION).map((n) => [FORMS[0], n]),
    ...Object.keys(TICKET).map((n) => [FORMS[2], n]),
  ];
  it("are only texts, in every field that is refused", async () => {
    let tried = 0;
    for (const [form, name] of typedFields as [(typeof FORMS)[number], string][]) {
      const [path, values] = form;
      // Every one but the one that is hostile may be right: the whole is then refused for another one.
      const answer = await open().ask(path, sent({ ...values, type: "", kind: "", [name]: HOSTILE }));
      const html = await answer.text();
      expect([name, answer.status]).toEqual([name, 422]);
      expect(html).not.toMatch(/<script|<img/);
      tried += 1;
    }
    console.log(`console: ${tried} fields with hostile text`);
    expect(tried).toBe(23);
  });

  it("are only texts, once they are recorded", async () => {
    const proof = { where: HOSTILE, sha256: "a".repeat(64) };
    await recordsStore(d1).appendExclusions([{ ...STORED, author: HOSTILE, reason: HOSTILE, proof }]);
    const event = {
      contract: "standard",
      at: NOW - 1,
      severity: null,
      waiting: null,
      by: "human",
      recordedAt: NOW,
    } as const;
    const opened = {
      ...event,
      key: "o",
      ticket: HOSTILE,
      kind: "opened",
      severity: "P1",
      author: HOSTILE,
      note: HOSTILE,
    } as const;
    await recordsStore(d1).appendTicketEvents([opened]);
    const world = open();
    for (const path of ["/ops", "/ops/exclusions", "/ops/exclusions/1/withdraw", "/ops/tickets"]) {
      if (path !== "/ops") inert(await (await world.ask(path)).text());
      expect(await (await world.ask(path)).text()).not.toMatch(/<script|<img/);
    }
    const query = new URLSearchParams({
      ticket: HOSTILE,
      contract: HOSTILE,
      recorded: HOSTILE,
      before: HOSTILE,
    }).toString();
    for (const path of ["/ops", "/ops/exclusions", "/ops/tickets"]) {
      expect(await (await world.ask(`${path}?${query}`)).text()).not.toMatch(/<script|<img/);
    }
  });
});
