// Aim: what is recorded in the console is what was typed, by whoever is signed in, once, whatever fails and however often it is sent;
// what is withdrawn stays and is marked; what cannot be read is never shown as nothing. Method: the real door on a real D1;
// races, changed forms, each write lost, and kept though reported lost.

import { applyD1Migrations, reset } from "cloudflare:test";
import { beforeEach, describe, expect, inject, it } from "vitest";

import { newestVerdicts } from "../../workers/console/verdicts.store.ts";
import { recordsStore } from "../../workers/sla/records.store.ts";
import { must } from "../observations.ts";
import { NOW, sent } from "../page/ops-world.ts";
import { WAYS } from "./breaking.ts";
import { ADA, broken, counts, d1, EXCLUSION, FORMS, KEY, open, said, STORED, TICKET } from "./ops-sending.ts";

beforeEach(async () => {
  await reset();
  await applyD1Migrations(d1, inject("migrations"));
});

describe("what is recorded", () => {
  it("is what was typed, in its zones, by who is signed in and nobody else", async () => {
    const answer = await open().ask("/ops/exclusions", sent({ ...EXCLUSION, author: "mallory", withdraws: "1" }));
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/ops/exclusions?recorded=1"]);
    expect(await recordsStore(d1).exclusionsOf("chat")).toEqual([{ ...STORED, key: KEY, id: 1 }]);
    const bare = { about: "push", regions: "", announced_at: "", where: "", sha256: "", key: `${KEY.slice(0, -1)}2` };
    const { regions: _, ...rest } = { ...EXCLUSION, ...bare };
    expect((await open().ask("/ops/exclusions", sent(rest))).status).toBe(303);
    expect(await recordsStore(d1).exclusionsOf("push")).toMatchObject([
      { target: "push", contract: null, regions: null, announcedAt: null, proof: null, author: ADA },
    ]);
  });

  it("is an event of a ticket, and its clocks are read at once", async () => {
    const world = open();
    expect((await world.ask("/ops/tickets", sent(TICKET))).headers.get("location")).toBe("/ops/tickets?recorded=1");
    const page = await said(await world.ask("/ops/tickets?recorded=1"));
    for (const words of ["Record 1 is written.", "OPS-7 (open)", "P1 First response", "running", "30 min of 1 h"])
      expect(page.replaceAll("\u00a0", " ")).toContain(words);
    expect(page).toContain("due 2031-05-15 14:30 +02:00");
    expect(await recordsStore(d1).ticketEventsOf("standard")).toMatchObject([
      { kind: "opened", at: NOW - 1_800_000, author: ADA, recordedAt: NOW, severity: "P1", waiting: null, note: "" },
    ]);
  });

  it.each(FORMS)(
    "%s, sent three times at once and once more, is one record, and is told once",
    async (path, values) => {
      await recordsStore(d1).appendExclusions([STORED]);
      const world = open();
      const answers = await Promise.all([1, 2, 3].map(() => world.ask(path, sent(values))));
      answers.push(await world.ask(path, sent(values)));
      expect(answers.map(({ status }) => status)).toEqual([303, 303, 303, 303]);
      expect(new Set(answers.map(({ headers }) => headers.get("location"))).size).toBe(1);
      expect(await counts()).toEqual(path === "/ops/tickets" ? [1, 1] : [2, 0]);
      expect(world.told).toBe(1);
    },
  );

  it("is not changed by whoever goes back and sends other words: that is asked for again, with a new key", async () => {
    const world = open();
    await world.ask("/ops/exclusions", sent(EXCLUSION));
    const answer = await world.ask("/ops/exclusions", sent({ ...EXCLUSION, reason: "another" }));
    const html = await answer.text();
    expect([answer.status, await counts()]).toEqual([409, [1, 0]]);
    expect(html).toContain("This form was recorded before with other content");
    expect(html).toContain('value="another"');
    const key = must(/name="key" value="(ops-[^"]{32})"/.exec(html)?.[1]);
    expect(key).not.toBe(KEY);
    expect((await world.ask("/ops/exclusions", sent({ ...EXCLUSION, key, reason: "another" }))).status).toBe(303);
    expect(await counts()).toEqual([2, 0]);
  });

  it("may be withdrawn, once; the record stays and is marked", async () => {
    const world = open();
    await recordsStore(d1).appendExclusions([STORED, { ...STORED, key: "2", target: "push", contract: null }]);
    const path = "/ops/exclusions/1/withdraw";
    expect(await said(await world.ask(path))).toContain("new broker, 新");
    expect((await world.ask(path, sent({ key: KEY, reason: "wrong day" }))).status).toBe(303);
    expect((await recordsStore(d1).exclusionsOf("chat")).at(1)).toEqual({
      ...STORED,
      key: KEY,
      id: 3,
      reason: "wrong day",
      withdraws: 1,
    });
    const list = await (await world.ask("/ops/exclusions")).text();
    expect(list).toMatch(/<li class="card gone" id="r1">/);
    expect(list).toContain("Withdrawn by record 3 of ada@acme.example, 2031-05-15 14:00 +02:00: wrong day");
    expect(list).not.toContain('href="/ops/exclusions/1/withdraw"');
    expect(list).toContain('href="/ops/exclusions/2/withdraw"');
    const again = await world.ask(path, sent({ key: `${KEY.slice(0, -1)}2`, reason: "wrong day" }));
    expect([again.status, await said(again)]).toEqual([422, expect.stringContaining("withdrawn already, by record 3")]);
    for (const id of ["3", "99", "0", "x"])
      expect((await world.ask(`/ops/exclusions/${id}/withdraw`)).status).toBe(404);
    expect(await counts()).toEqual([3, 0]);
  });
});

describe("a database that fails", () => {
  const both = WAYS.flatMap((way) => FORMS.map(([path, values]) => [way, path, values] as const));

  it.each(both)(
    "%s: %s keeps what was typed; sent again as it stands, it is recorded once",
    async (way, path, values) => {
      await recordsStore(d1).appendExclusions([STORED]);
      const world = open({ records: recordsStore(broken(way)) });
      const failed = await world.ask(path, sent(values));
      const html = await failed.text();
      expect([failed.status, failed.headers.get("retry-after"), world.told]).toEqual([503, "10", 0]);
      expect(html).toContain("it is not known whether this was recorded");
      expect(html).toContain(`name="key" value="${KEY}"`);
      expect(html).toContain(`value="${values["reason"] ?? values["ticket"] ?? ""}"`);
      expect(world.reports.join()).toMatch(/nothing is known to be recorded: .*connection lost/i);
      expect((await world.ask(path, sent(values))).status).toBe(303);
      expect(await counts()).toEqual(path === "/ops/tickets" ? [1, 1] : [2, 0]);
    },
  );

  it("is no empty list: every page says so, and forms are still there to be filled", async () => {
    await reset();
    const world = open({ verdicts: () => newestVerdicts(d1) });
    for (const path of ["/ops", "/ops/exclusions", "/ops/exclusions/1/withdraw", "/ops/tickets"]) {
      const answer = await world.ask(path);
      const html = await answer.text();
      expect([path, answer.status]).toEqual([path, 503]);
      expect(html).toContain("The database does not answer");
      expect(html).not.toContain("None.");
      if (path !== "/ops") expect(html).toContain("<form");
    }
    const kept = await (await world.ask("/ops/exclusions/1/withdraw", sent({ key: KEY, reason: "wrong day" }))).text();
    expect(kept).toContain('value="wrong day"');
  });
});

describe("the overview", () => {
  it("has each contract with its newest verdict, exclusions with their marks, open tickets with what is due", async () => {
    const row = `INSERT INTO reports (contract, period, revision, target, from_at, to_at, composed_at, contract_says, verdict, credit_pct, hash, body)`;
    const put = (period: string, revision: number, from: number, says: string, verdict: string): D1PreparedStatement =>
      d1
        .prepare(`${row} VALUES ('standard', ?1, ?2, 'chat', ?3, 0, 0, ?4, ?5, 0, '', '')`)
        .bind(period, revision, from, says, verdict);
    await d1.batch([
      put("2031-04", 2, Date.UTC(2031, 3), "breached", "breached"),
      put("2031-05", 0, Date.UTC(2031, 4), "met", "undetermined"),
    ]);
    const store = recordsStore(d1);
    await store.appendExclusions(Array.from({ length: 25 }, (_, i) => ({ ...STORED, key: `k${i}` })));
    await store.appendExclusions([{ ...STORED, key: "w", withdraws: 25 }]);
    const event = {
      contract: "standard",
      at: NOW,
      severity: null,
      waiting: null,
      by: "human",
      recordedAt: NOW,
    } as const;
    const more = { author: "Bo", note: "" } as const;
    await store.appendTicketEvents([
      { ...event, ...more, key: "1", ticket: "A-1", kind: "opened", at: NOW - 7_200_000, severity: "P1" },
      { ...event, ...more, key: "2", ticket: "A-2", kind: "opened", at: NOW - 7_200_000, severity: "P2" },
      { ...event, ...more, key: "3", ticket: "A-2", kind: "closed" },
      { ...event, ...more, key: "4", ticket: "A-3", kind: "replied" },
    ]);
    const answer = await open({ verdicts: () => newestVerdicts(d1) }).ask("/ops");
    const page = (await said(answer)).replaceAll("\u00a0", " ");
    expect(answer.status).toBe(200);
    expect(page).toContain("2031-05, so far The contract says met Sonde’s word undetermined");
    expect(page).toContain("Gold (gold) not judged yet");
    expect(page.match(/Record \d+/g)).toHaveLength(20);
    expect(page).toContain("Withdrawn by record 26");
    expect(page).toContain("A-1 (standard) P1 First response missed 2 h of 1 h due 2031-05-15 13:00 +02:00");
    expect(page).not.toContain("A-2");
    expect(page).toContain("A-3 (standard) No clocks: no “opened” is recorded.");
  });

  it("and the lists are the same in Chinese, and have no word of the other language left", async () => {
    await recordsStore(d1).appendExclusions([{ ...STORED, reason: "新", author: "甲" }]);
    for (const path of ["/ops", "/ops/exclusions", "/ops/exclusions/1/withdraw", "/ops/tickets"]) {
      const world = open();
      const zh = await said(await world.ask(path, { headers: { "accept-language": "zh" } }));
      const strange =
        zh.replace(/ada@acme\.example|Acme messaging|notice\.pdf|[0-9a-f]{64}/g, "").match(/[A-Za-z][\w-]+/g) ?? [];
      const known =
        /^(Sonde|SHA-256|UTC|Europe|Berlin|Asia|Shanghai|chat|push|standard|gold|weur|oc|Western|P\d|sha256sum|shasum|certutil|hashfile|file|Linux|macOS|Windows|SHA256)$/;
      expect(strange.filter((word) => !known.test(word))).toEqual([]);
      const en = (await said(await world.ask(path))).replace(/新|甲/g, "");
      expect(en).not.toMatch(/[\u3000-\u9fff\uff00-\uffef]/);
      expect(`${zh}${en}`).not.toMatch(/undefined|NaN|null|\[object/);
    }
  });

  it("of many exclusions leads to older ones", async () => {
    await recordsStore(d1).appendExclusions(Array.from({ length: 60 }, (_, i) => ({ ...STORED, key: `k${i}` })));
    const first = await (await open().ask("/ops/exclusions")).text();
    expect(first.match(/<li class="card"/g)).toHaveLength(50);
    const older = must(/href="(\/ops\/exclusions\?before=11)"/.exec(first)?.[1]);
    const second = await (await open().ask(older)).text();
    expect(second.match(/<li class="card"/g)).toHaveLength(10);
    expect(second).toContain('href="/ops/exclusions"');
  });
});
