// Aim: an act that may not be is refused beside its field, in both languages, and loses nothing that was typed; and whatever people
// typed is only text, wherever it is shown. Method: a real Duty behind the real door; a table of refusals, hostile text in every
// field and by every author.

import { describe, expect, it } from "vitest";

import { KEEPERS } from "../../workers/alerts/duty.do.ts";
import { must } from "../observations.ts";
import { sent } from "../page/ops-world.ts";
import { GOOD } from "./dutying.ts";
import { KEY, keyed, settled, stage } from "./ops-incidents-stage.ts";
import { said } from "./ops-sending.ts";

describe("what is refused", () => {
  type Case = readonly [
    what: string,
    form: string,
    values: Record<string, string>,
    status: number,
    en: RegExp,
    field: string | null,
  ];
  const LONG = "n".repeat(20_001);
  const CASES: readonly Case[] = [
    ["a note without words", "note", { note: " \r\n " }, 422, /Is missing\. For ourselves/, "note"],
    ["a note too long", "note", { note: LONG }, 422, /longer than it may be/, "note"],
    ["a note with a bell", "note", { note: "ding \u0007" }, 422, /cannot be printed/, "note"],
    ["an acknowledgement too long", "acknowledge", { note: LONG }, 422, /longer than it may be/, "note"],
    ["no statement", "publish", { statement: "", text_en: "x" }, 422, /Is missing\. Choose a statement/, "statement"],
    ["no such statement", "publish", { statement: "fixed", text_en: "x" }, 422, /Is not understood/, "statement"],
    ["no text", "publish", { statement: "monitoring" }, 422, /Is missing\. Public/, "text_en"],
    [
      "a text with a bell",
      "publish",
      { statement: "monitoring", text_en: "x", text_zh: "\u0007" },
      422,
      /printed/,
      "text_zh",
    ],
    ["no postmortem", "postmortem", {}, 422, /Is missing/, "text_en"],
    ["resolving what is bad", "resolve", { note: "x" }, 422, /measured bad now/, "force"],
    ["resolving it without a reason", "resolve", { force: "yes" }, 422, /Is missing/, "note"],
    ["reopening what is open", "reopen", { note: "x" }, 409, /It is open/, null],
    ["reopening without a word", "reopen", { note: "" }, 422, /Is missing/, "note"],
    ["merging into nothing", "merge", { into: "" }, 422, /Is missing\. Choose the incident/, "into"],
    ["merging into itself", "merge", { into: "chat-1" }, 422, /Choose another incident/, "into"],
    ["merging into what is not there", "merge", { into: "chat-99" }, 422, /no such incident/, "into"],
    ["merging into another target's", "merge", { into: "push-1" }, 422, /no such incident/, "into"],
    ["an act that there is not", "delete", {}, 422, /did not arrive as it was made/, null],
  ];

  it("is said beside its field, in two languages, and what was typed stays; nothing is written", async () => {
    const { post, events } = await stage();
    const before = (await events("chat-1")).length;
    let tried = 0;
    for (const [what, form, values, status, en, field] of CASES) {
      const filled = { key: KEY, do: form, ...values };
      const answer = await post("chat-1", filled);
      const html = await answer.text();
      expect([what, answer.status, (await events("chat-1")).length]).toEqual([what, status, before]);
      const problems = must(/<section class="problems" role="alert".*?<\/section>/.exec(html)?.[0]);
      expect(problems, what).toMatch(en);
      if (field !== null) {
        const id = `f-${form}-${field}`;
        expect(problems, what).toContain(`href="#${id}"`);
        expect(html, what).toContain(`id="${id}"`);
        expect(html, what).toContain(`id="e-${form}-${field}"`);
      }
      expect(html).toContain("<title>Error: chat-1");
      const zh = await (await post("chat-1", filled, { "accept-language": "zh-CN" })).text();
      const chinese = must(/<section class="problems".*?<\/section>/.exec(zh)?.[0]).replace(/<[^>]*>/g, "");
      expect(chinese, what).toMatch(/[\u4e00-\u9fff]/);
      expect(chinese, what).not.toMatch(/[A-Za-z]/);
      tried += 1;
    }
    console.log(`console: ${tried} refused acts, in two languages`);
    expect(tried).toBe(18);
  });

  it("is a form without its key, and one that says who was first", async () => {
    const { post, events, door } = await stage();
    const before = (await events("chat-1")).length;
    for (const key of ["", "ops-short", `${KEY}x`]) {
      const answer = await post("chat-1", { key, do: "acknowledge", note: "" });
      expect([answer.status, await said(answer)]).toEqual([
        422,
        expect.stringContaining("did not arrive as it was made"),
      ]);
    }
    expect((await events("chat-1")).length).toBe(before);
    await post("chat-1", { key: KEY, do: "acknowledge", note: "" });
    const bob = door({ guardOf: () => () => Promise.resolve({ ok: true, who: "bob@acme.example" }) });
    const second = await bob.ask("/ops/incidents/chat-1", sent({ key: keyed(2), do: "acknowledge", note: "me" }));
    expect([second.status, await said(second)]).toEqual([
      409,
      expect.stringMatching(/Somebody has acknowledged it already\. \(acknowledged by ada@acme\.example, \d{4}-/),
    ]);
    const nobody = door({ guardOf: () => () => Promise.resolve({ ok: true, who: "sonde" }) });
    const machine = await nobody.ask("/ops/incidents/chat-1", sent({ key: keyed(3), do: "note", note: "x" }));
    expect([machine.status, await said(machine)]).toEqual([409, expect.stringContaining("Only a person may do this")]);
  });

  it("is a drill that is not whole", async () => {
    const { world, desk } = await stage({ weur: GOOD, enam: GOOD, oc: GOOD });
    const good = { key: KEY, do: "drill", target: "push", of: "outage", severity: "error", scope: "region" };
    const whole: Record<string, string> = { ...good, regions: "weur", sentence_en: "x", sentence_zh: "演" };
    const cases: readonly (readonly [field: string, value: string])[] = [
      ["target", ""],
      ["target", KEEPERS],
      ["of", "blind"],
      ["severity", "P1"],
      ["scope", ""],
      ["regions", ""],
      ["regions", "oc"],
      ["sentence_en", ""],
      ["sentence_zh", " "],
      ["sentence_zh", "x".repeat(501)],
    ];
    for (const [field, value] of cases) {
      const answer = await world.ask("/ops/incidents", sent({ ...whole, [field]: value }));
      const html = await answer.text();
      expect([field, value.slice(0, 20), answer.status]).toEqual([field, value.slice(0, 20), 422]);
      const linked = [...html.matchAll(/href="#f-drill-(\w+)"/g)].map(([, id]) => id);
      expect(linked).toEqual([field]);
      expect(html).toContain(`id="f-drill-${field}"`);
    }
    for (const target of ["push", "chat", KEEPERS])
      expect(await desk.listed(target, { limit: 9, before: 99, state: null })).toEqual([]);
    expect(cases).toHaveLength(10);
  });
});

describe("texts of people", () => {
  const HOSTILE = `"><script>alert(1)</script><img src=x onerror=alert(1)>'&amp;</textarea></bdi>`;

  it("are only texts, in every field that is refused and once they are kept", async () => {
    const all = await stage();
    const { world, post, door, events } = all;
    let tried = 0;
    const inert = (html: string): void => {
      expect(html).not.toMatch(/<script|<img|<\/textarea><\/bdi>/);
      tried += 1;
    };
    const everything = {
      note: HOSTILE,
      into: HOSTILE,
      statement: HOSTILE,
      text_en: HOSTILE,
      text_zh: HOSTILE,
      force: HOSTILE,
    };
    for (const form of ["reopen", "merge", "publish", "resolve", HOSTILE])
      inert(await (await post("chat-1", { key: keyed(tried), do: form, ...everything })).text());
    const drill = ["target", "of", "severity", "scope", "regions", "sentence_en", "sentence_zh"];
    for (const field of drill) {
      const values = { key: KEY, do: "drill", [field]: HOSTILE };
      inert(await (await world.ask("/ops/incidents", sent(values))).text());
    }
    const mallory = door({ guardOf: () => () => Promise.resolve({ ok: true, who: HOSTILE }) });
    for (const [form, values] of [
      ["acknowledge", { note: HOSTILE }],
      ["note", { note: HOSTILE }],
      ["publish", { statement: "monitoring", text_en: HOSTILE, text_zh: HOSTILE }],
      ["postmortem", { text_en: HOSTILE, text_zh: HOSTILE }],
      ["resolve", { note: HOSTILE, force: "yes" }],
    ] as const) {
      const kept = await mallory.ask("/ops/incidents/chat-1", sent({ key: keyed(form), do: form, ...values }));
      expect([form, kept.status]).toEqual([form, 303]);
    }
    expect((await events("chat-1")).filter(({ author }) => author === HOSTILE).length).toBe(6);
    const sentences = { sentence_en: HOSTILE, sentence_zh: HOSTILE };
    const order = {
      key: keyed("d"),
      do: "drill",
      target: "chat",
      of: "outage",
      severity: "error",
      scope: "region",
    };
    expect((await mallory.ask("/ops/incidents", sent({ ...order, regions: "weur", ...sentences }))).status).toBe(303);
    const query = new URLSearchParams({ target: HOSTILE, state: HOSTILE, before: HOSTILE, done: HOSTILE }).toString();
    for (const path of ["/ops", "/ops/incidents", "/ops/incidents/chat-1", "/ops/incidents/chat-2"])
      for (const url of [path, `${path}?${query}`]) inert(await (await world.ask(url)).text());
    expect(await (await world.ask("/ops/incidents/chat-1")).text()).toContain("&lt;script&gt;");
    console.log(`console: ${tried} pages of incidents with hostile text`);
    expect(tried).toBe(20);
    await settled(all);
  });
});
