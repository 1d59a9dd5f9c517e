// Aim: what people do to incidents in the console is done once, by who is signed in, however often it is sent and whichever answer
// is lost; other words under the same key are never taken for the first. Method: a real Duty behind the real door; double
// submits, changed forms, answers that are lost before and after the act, a Duty that is silent.

import { describe, expect, it } from "vitest";

import type { IncidentDesk } from "../../workers/console/incident-desk.ts";
import { must } from "../observations.ts";
import { sent } from "../page/ops-world.ts";
import { BAD, GOOD } from "./dutying.ts";
import { KEY, keyed, settled, stage } from "./ops-incidents-stage.ts";
import { ADA, said } from "./ops-sending.ts";

const ACTS: readonly (readonly [form: string, values: Record<string, string>, kind: string])[] = [
  ["acknowledge", { note: "on it" }, "acknowledged"],
  ["publish", { statement: "investigating", text_en: "We look.\r\n\r\n- one", text_zh: "" }, "published"],
  ["note", { note: "rang the broker's people\r\ntwice" }, "noted"],
  ["resolve", { note: "customer says so", force: "yes" }, "resolved"],
  ["postmortem", { text_en: "# What happened", text_zh: "# 经过" }, "postmortem"],
];

describe("what people do", () => {
  it.each(ACTS)(
    "%s: sent three times at once and once more, is done once, by who is signed in",
    async (form, values, kind) => {
      const all = await stage();
      const { post, events, world, made } = all;
      const before = (await events("chat-1")).length;
      const filled = { key: KEY, do: form, who: "mallory", author: "mallory", ...values };
      const answers = await Promise.all([1, 2, 3].map(() => post("chat-1", filled)));
      answers.push(await post("chat-1", filled));
      expect(answers.map(({ status }) => status)).toEqual([303, 303, 303, 303]);
      const fresh = (await events("chat-1")).slice(before).filter(({ author }) => author !== "sonde");
      const own = fresh.filter(({ key }) => key === KEY);
      expect(own).toMatchObject([{ author: ADA, at: made.now(), change: { kind } }]);
      expect(fresh.map(({ change }) => change.kind)).toEqual(form === "resolve" ? ["noted", "resolved"] : [kind]);
      const number = must(own[0]).number;
      const places = answers.map(({ headers }) => headers.get("location"));
      expect(new Set(places)).toEqual(new Set([`/ops/incidents/chat-1?done=${number}`]));
      const page = await (await world.ask(must(places[0] ?? undefined))).text();
      expect(page).toMatch(/<p class="notice" role="status">/);
      // Only who did it is told so, and only of what is there.
      expect(await (await world.ask("/ops/incidents/chat-1?done=999")).text()).not.toContain('class="notice"');
      expect(await (await world.ask("/ops/incidents/chat-1?done=1")).text()).not.toContain('class="notice"');
      await settled(all);
    },
  );

  it("keeps lines as they were typed, parted by one sign", async () => {
    const { post, events } = await stage();
    await post("chat-1", { key: KEY, do: "note", note: "\r\n\r\none\r\n  two\r\n\r\n" });
    expect((await events("chat-1")).at(-1)?.change).toEqual({ kind: "noted", note: "one\n  two" });
    await post("chat-1", {
      key: keyed(2),
      do: "publish",
      statement: "identified",
      text_en: " \r\n",
      text_zh: "# 甲\r\n乙",
    });
    expect((await events("chat-1")).at(-1)?.change).toEqual({
      kind: "published",
      statement: "identified",
      text: { zh: "# 甲\n乙" },
    });
  });

  it("takes both texts at their longest, in signs of nine bytes as a form sends them, and no sign more", async () => {
    const { post, events } = await stage();
    const long = "长".repeat(20_000);
    const whole = { key: KEY, do: "postmortem", text_en: long, text_zh: long };
    expect((await post("chat-1", whole)).status).toBe(303);
    const change = (await events("chat-1")).at(-1)?.change;
    expect(change?.kind === "postmortem" && change.text.zh?.length).toBe(20_000);
    const more = await post("chat-1", { ...whole, key: keyed(2), text_zh: `${long}长` });
    const html = await more.text();
    expect(more.status).toBe(422);
    expect(html).toContain('href="#f-postmortem-text_zh"');
    expect(html).not.toContain('href="#f-postmortem-text_en"');
  });

  it("acknowledged from the overview, stops asking", async () => {
    const { world, post } = await stage();
    const html = await (await world.ask("/ops")).text();
    const form = must(/<form method="post" action="\/ops\/incidents\/chat-1">(.*?)<\/form>/.exec(html)?.[1]);
    const values = Object.fromEntries(
      [...form.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, k, v]) => [must(k), v ?? ""]),
    );
    expect(values).toMatchObject({ do: "acknowledge" });
    expect((await post("chat-1", values)).status).toBe(303);
    const after = await (await world.ask("/ops")).text();
    expect(after).toContain(`acknowledged by ${ADA}`);
    expect(after).not.toContain("Acknowledge chat-1");
  });

  it("is not published by looking at it first", async () => {
    const { world, post, events } = await stage();
    const before = (await events("chat-1")).length;
    const text = "## Cause\n\n- **one** [more](https://example.com)\n\n<script>alert(1)</script>";
    const values = { key: KEY, do: "publish", statement: "identified", text_en: text, text_zh: "" };
    const answer = await post("chat-1", { ...values, preview: "yes" });
    const html = await answer.text();
    expect([answer.status, (await events("chat-1")).length]).toEqual([200, before]);
    expect(html).toContain("Nothing is published yet.");
    expect(html).toMatch(/<h4>Cause<\/h4><ul><li><p><strong>one<\/strong> <a href="https:\/\/example.com\/"/);
    expect(html).toContain("Nothing is written in this language.");
    expect(html).not.toContain("<script>");
    expect(html).toContain('value="identified" selected');
    expect(html).toContain(`name="key" value="${KEY}"`);
    expect(html).toContain("## Cause");
    expect((await post("chat-1", values)).status).toBe(303);
    expect(await (await world.ask("/ops/incidents/chat-1")).text()).toContain("<strong>one</strong>");
    const refused = await post("chat-1", { ...values, key: keyed(2), text_en: "", preview: "yes" });
    expect([refused.status, await said(refused)]).toEqual([422, expect.stringContaining("Is missing. Public")]);
  });

  it("is not changed by whoever goes back and sends other words: that is asked for again, with a new key", async () => {
    const { post, events } = await stage();
    await post("chat-1", { key: KEY, do: "note", note: "one" });
    const before = (await events("chat-1")).length;
    for (const [form, values] of [
      ["note", { note: "another" }],
      ["publish", { statement: "monitoring", text_en: "x" }],
    ] as const) {
      const answer = await post("chat-1", { key: KEY, do: form, ...values });
      const html = await answer.text();
      expect([answer.status, (await events("chat-1")).length]).toEqual([409, before]);
      expect(html).toContain("This form was sent before with other content");
      const key = must(
        new RegExp(`value="(ops-[^"]{32})"/><input type="hidden" name="do" value="${form}"`).exec(html)?.[1],
      );
      expect(key).not.toBe(KEY);
    }
    const answer = await post("chat-1", { key: keyed(2), do: "note", note: "another" });
    expect([answer.status, (await events("chat-1")).length]).toEqual([303, before + 1]);
  });

  it("resolves, reopens and merges as its state allows", async () => {
    const all = await stage();
    const { post, events, made, world, desk } = all;
    await made.fleet.inDuty("chat", ({ stores: { store } }) => {
      const shared = {
        of: "brownout",
        audience: "service",
        severity: "critical",
        scope: "region",
        about: null,
      } as const;
      const sentence = { en: "slow", zh: "慢" };
      const change = { kind: "opened", ...shared, regions: ["oc"], sentence, drill: false } as const;
      store.append([{ incident: "chat-2", key: "b2", at: made.now(), author: "sonde", change }], made.now());
    });
    const page = await (await world.ask("/ops/incidents/chat-2")).text();
    expect(page).toContain('<option value="chat-1">chat-1: Outage: chat</option>');
    // An outage goes into no brown-out.
    expect(await (await world.ask("/ops/incidents/chat-1")).text()).not.toContain('value="chat-2"');
    const merged = await post("chat-2", { key: KEY, do: "merge", into: "chat-1" });
    expect(merged.status).toBe(303);
    const change = (await events("chat-1")).findLast(({ key }) => key.startsWith(KEY))?.change;
    expect(change).toMatchObject({ kind: "measured", severity: "critical" });
    expect((await events("chat-1")).at(-2)?.change).toEqual({ kind: "absorbed", incident: "chat-2", regions: ["oc"] });
    expect(await said(await world.ask("/ops/incidents/chat-2"))).toContain("The story goes on in chat-1");
    const bare = { key: keyed(3), do: "resolve", note: "", force: "" };
    const bad = await post("chat-1", bare);
    expect([bad.status, await said(bad)]).toEqual([
      422,
      expect.stringContaining("It is measured bad now. Tick the box"),
    ]);
    expect(await (await post("chat-1", { ...bare, force: "yes" })).text()).toContain('href="#f-resolve-note"');
    expect((await post("chat-1", { ...bare, force: "yes", note: "they say so" })).status).toBe(303);
    expect(must((await desk.incident("chat-1")) ?? undefined).incident.state).toBe("resolved");
    expect((await post("chat-1", { key: keyed(4), do: "reopen", note: "still bad" })).status).toBe(303);
    expect(must((await desk.incident("chat-1")) ?? undefined).incident).toMatchObject({
      state: "open",
      acked: null,
      reopened: 1,
    });
    await settled(all);
  });

  it("starts a drill once, which is told, marked, and over when it is resolved", async () => {
    const all = await stage({ weur: GOOD, enam: GOOD, oc: GOOD });
    const { world, made, desk, post } = all;
    const values = new URLSearchParams({
      key: KEY,
      do: "drill",
      target: "chat",
      of: "outage",
      severity: "critical",
      scope: "region",
      regions: "weur",
      sentence_en: "Only a drill.",
      sentence_zh: "演练。",
    });
    const answers = await Promise.all([1, 2].map(() => world.ask("/ops/incidents", sent(values))));
    answers.push(await world.ask("/ops/incidents", sent(values)));
    expect(answers.map(({ status, headers }) => [status, headers.get("location")])).toEqual(
      [1, 2, 3].map(() => [303, "/ops/incidents/chat-1?done=1"]),
    );
    await settled(all);
    expect(await said(await world.ask("/ops/incidents/chat-1?done=1"))).toMatch(
      /The drill has begun\. chat-1: \[Drill\] Outage: chat/,
    );
    expect(made.receivers.heard()).toEqual(["ops triggered chat-1"]);
    expect(JSON.stringify(must(made.receivers.got[0]).body)).toMatch(/drill/i);
    const changed = new URLSearchParams(values);
    changed.set("severity", "error");
    expect((await world.ask("/ops/incidents", sent(changed))).status).toBe(409);
    // Rounds that are good do not end it, and one that is bad is another incident.
    await made.minutes(3, { weur: BAD, enam: GOOD, oc: GOOD });
    expect(
      (await desk.listed("chat", { limit: 9, before: 99, state: "live" })).map(({ incident }) => incident.id),
    ).toEqual(["chat-2", "chat-1"]);
    expect((await post("chat-1", { key: keyed(2), do: "resolve", note: "" })).status).toBe(303);
    expect(must((await desk.incident("chat-1")) ?? undefined).incident).toMatchObject({
      state: "resolved",
      drill: true,
    });
    await settled(all);
    await made.fleet.inspect();
  });
});

describe("an answer that is lost", () => {
  it.each(ACTS)(
    "%s: it says that nobody knows, keeps what was typed, and is done once when it is sent again",
    async (form, values, kind) => {
      for (const way of ["lost", "kept"] as const) {
        const all = await stage();
        const { desk, door, events } = all;
        let isBroken = true;
        const act: IncidentDesk["act"] = async (order) => {
          if (!isBroken) return desk.act(order);
          isBroken = false;
          if (way === "kept") await desk.act(order);
          throw new Error("Network connection lost.");
        };
        const world = door({ incidents: { ...desk, act } });
        const filled = { key: KEY, do: form, ...values };
        const failed = await world.ask("/ops/incidents/chat-1", sent(filled));
        const html = await failed.text();
        expect([failed.status, failed.headers.get("retry-after")]).toEqual([503, "10"]);
        expect(html).toContain("so it is not known whether this was written");
        expect(html).toContain(`name="key" value="${KEY}"/><input type="hidden" name="do" value="${form}"`);
        const typed = values["note"] ?? values["text_en"] ?? "";
        expect(html.replaceAll("&#39;", "'")).toContain(must(typed.split("\r\n")[0]));
        expect(world.reports.join()).toContain("nothing is known to be done to chat-1");
        expect((await world.ask("/ops/incidents/chat-1", sent(filled))).status).toBe(303);
        expect((await events("chat-1")).filter(({ key, change }) => key === KEY && change.kind === kind)).toHaveLength(
          1,
        );
        await settled(all);
      }
    },
  );

  it("of a Duty that is silent at all: the form is there to be sent again, every field of it", async () => {
    const { desk, door } = await stage();
    const gone = (): Promise<never> => Promise.reject(new Error("gone"));
    const world = door({ incidents: { ...desk, incident: gone, act: gone, listed: gone, drill: gone } });
    const merge = await world.ask("/ops/incidents/chat-1", sent({ key: KEY, do: "merge", into: "chat-7" }));
    expect([merge.status, await merge.text()]).toEqual([
      503,
      expect.stringContaining('<option value="chat-7" selected'),
    ]);
    const drill = { target: "chat", of: "outage", severity: "error", scope: "region", regions: "weur" };
    const sentences = { sentence_en: "Only a drill.", sentence_zh: "演练。" };
    const answer = await world.ask("/ops/incidents", sent({ key: KEY, do: "drill", ...drill, ...sentences }));
    const html = await answer.text();
    expect(answer.status).toBe(503);
    for (const part of ['value="error" selected', 'value="weur" checked', 'value="Only a drill."', `value="${KEY}"`])
      expect(html).toContain(part);
  });
});
