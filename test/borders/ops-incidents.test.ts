// Aim: the console shows every incident with what was measured, when, and what was told to whom; what cannot be read is never shown
// as nothing, no link that acknowledges is shown, and no D1 is needed. Method: a real Duty that has found real outages and paged
// fake receivers, behind the real door; pages walked to their end, Duties that do not answer, receivers that repeat what they got.

import { describe, expect, it } from "vitest";

import { KEEPERS } from "../../workers/alerts/duty.do.ts";
import type { IncidentDesk } from "../../workers/console/incident-desk.ts";
import { outside } from "../../workers/outside.ts";
import { must } from "../observations.ts";
import { NOBODY_THERE } from "../page/fleet-world.ts";
import { recordsInMemory, sent } from "../page/ops-world.ts";
import { GOOD, MINUTE } from "./dutying.ts";
import { KEY, stage } from "./ops-incidents-stage.ts";
import { expectSealed, said } from "./ops-sending.ts";

describe("what is shown", () => {
  it("is what was measured, when, and what was sent to whom with each answer", async () => {
    const { world, made, desk } = await stage();
    const listed = await desk.listed("chat", { limit: 9, before: 1e9, state: "live" });
    expect(listed.map(({ incident }) => [incident.id, incident.kind, incident.state])).toEqual([
      ["chat-1", "outage", "open"],
    ]);
    const overview = await said(await world.ask("/ops"));
    expect(overview).toMatch(
      /Incidents now .*chat-1: Outage: chat.* open ; .*nobody has acknowledged it.* Acknowledge chat-1/,
    );
    const answer = await world.ask("/ops/incidents/chat-1");
    expectSealed(answer);
    const html = await answer.text();
    const text = await said(new Response(html));
    for (const words of [
      "chat-1: Outage: chat",
      must(listed[0]).incident.sentence.en,
      "bad now",
      "First page accepted",
      "after the impact began",
      "Acknowledged not yet",
      "What was sent ops",
      "HTTP 204",
      "Opened (error)",
    ])
      expect(text.replaceAll("\u00a0", " ")).toContain(words);
    expect(made.receivers.heard()).toEqual(["ops triggered chat-1"]);
    expect(JSON.stringify(made.receivers.got[0]?.body)).toContain("/ack/");
    expect(html).not.toContain("/ack/");
    const zh = await said(await world.ask("/ops/incidents/chat-1", { headers: { "accept-language": "zh-CN" } }));
    for (const words of ["chat：中断", "目前异常", "首次告警送达", "尚未", "已发送的通知", "可执行的操作"])
      expect(zh).toContain(words);
  });

  it("holds no link that acknowledges, though a receiver repeats what it was sent", async () => {
    const echoing = await stage();
    const { fetch } = outside;
    outside.fetch = async (url, init) => {
      await fetch(url, init);
      return new Response(`refused: ${String(init?.body)}`, { status: 400 });
    };
    try {
      await echoing.post("chat-1", { key: KEY, do: "acknowledge", note: "" });
      await echoing.made.minutes(6, { weur: GOOD, enam: GOOD, oc: GOOD });
      const report = must((await echoing.desk.incident("chat-1")) ?? undefined);
      expect(report.deliveries.flatMap(({ receipts }) => receipts).some(({ httpStatus }) => httpStatus === 400)).toBe(
        true,
      );
      const receipt = { attempt: 1, at: 1, accepted: false, httpStatus: 400, code: null };
      const tokens = ["https://s.example/ack/abc.def", "%2Fack%2Fabc.def", String.raw`\u002fack\u002fabc.def`];
      const planted: IncidentDesk = {
        ...echoing.desk,
        incident: async () => ({
          ...report,
          deliveries: tokens.map((token) => ({
            ...must(report.deliveries[0]),
            receipts: [{ ...receipt, said: `you sent ${token} twice` }],
          })),
        }),
      };
      for (const incidents of [echoing.desk, planted]) {
        const html = await (await echoing.door({ incidents }).ask("/ops/incidents/chat-1")).text();
        expect(html).not.toMatch(/abc\.def|ack\/[\w-]+\.[\w-]{43}/i);
      }
    } finally {
      outside.fetch = fetch;
    }
  });

  it("is paged, the newest first over all targets, and filtered by target and state", async () => {
    const { made, world, desk } = await stage();
    const opened = (target: string, n: number, at: number) => {
      const sentence = { en: `${target} ${n}`, zh: "坏" };
      const change = {
        of: "outage",
        audience: "service",
        severity: "error",
        scope: "region",
        regions: ["weur"],
      } as const;
      const whole = { kind: "opened", ...change, about: null, sentence, drill: false } as const;
      return { incident: `${target}-${n}`, key: `${target}/${n}`, at, author: "sonde", change: whole };
    };
    for (const [target, last] of [
      ["chat", 131],
      ["push", 41],
    ] as const)
      await made.fleet.inDuty(target, ({ stores: { store } }) => {
        store.nameOnce(target);
        for (let n = 2; n <= last; n += 1) {
          // Those of push are the newer ones, all of them: pages behind theirs must not begin with them again.
          const at = made.now() + n * MINUTE + (target === "push" ? 200 * MINUTE : 0);
          store.append([opened(target, n, at)], at);
          const over = { incident: `${target}-${n}`, at, author: "sonde" } as const;
          if (n % 2 === 0)
            store.append(
              [{ ...over, key: `${target}/${n}/over`, change: { kind: "resolved", note: "" } }],
              at + n * MINUTE,
            );
        }
      });
    const walked: string[] = [];
    let path: string | undefined = "/ops/incidents";
    let pages = 0;
    for (; path !== undefined && pages < 9; pages += 1) {
      const html = await (await world.ask(path)).text();
      walked.push(...[...html.matchAll(/<li class="card" id="([^"]+)"/g)].map(([, id]) => must(id)));
      path = /href="([^"]+)">Older incidents/.exec(html)?.[1]?.replaceAll("&amp;", "&");
    }
    expect([pages, walked.length, new Set(walked).size]).toEqual([7, 171, 171]);
    expect(walked.slice(0, 4)).toEqual(["push-41", "push-40", "push-39", "push-38"]);
    expect(walked.at(-1)).toBe("chat-1");
    const ids = async (query: string): Promise<string[]> => {
      const html = await (await world.ask(`/ops/incidents?${query}`)).text();
      return [...html.matchAll(/<li class="card" id="([^"]+)"/g)].map(([, id]) => must(id));
    };
    expect((await ids("target=push")).every((id) => id.startsWith("push-"))).toBe(true);
    expect((await ids("target=push&state=resolved")).slice(0, 2)).toEqual(["push-40", "push-38"]);
    expect(await ids("target=chat&state=live&before=chat-4")).toEqual(["chat-3", "chat-1"]);
    expect(await ids("state=merged")).toEqual([]);
    const html = await (await world.ask("/ops/incidents?target=push&state=resolved")).text();
    expect(html).toContain('value="push" selected');
    expect(html).toContain('value="resolved" selected');
    expect(await desk.listed("chat", { limit: 1, before: 1e9, state: "merged" })).toEqual([]);
    const numbers = async (state: "resolved" | null): Promise<readonly string[]> =>
      (await desk.listed("chat", { limit: 500, before: 1e9, state })).map(({ incident }) => incident.id);
    expect(await numbers(null)).toEqual(Array.from({ length: 131 }, (_, i) => `chat-${131 - i}`));
    expect(await numbers("resolved")).toEqual(Array.from({ length: 65 }, (_, i) => `chat-${130 - 2 * i}`));
  });

  it("has the median and the longest of its times, with n beside each", async () => {
    const { made, world } = await stage();
    await made.fleet.inDuty("chat", ({ stores: { store } }) => {
      const sentence = { en: "x", zh: "坏" };
      const shared = { audience: "service", severity: "error", scope: "region", regions: ["oc"], about: null } as const;
      for (const [n, detect, drill] of [
        [2, 60_000, false],
        [3, 90_000, false],
        [4, 9_000_000, true],
      ] as const) {
        const at = made.now() - detect;
        const change = { kind: "opened", of: "brownout", ...shared, sentence, drill } as const;
        store.append([{ incident: `chat-${n}`, key: `t${n}`, at, author: "sonde", change }], made.now());
      }
    });
    const text = (await said(await world.ask("/ops/incidents"))).replaceAll("\u00a0", " ");
    expect(text).toContain("Of 3 outages and brownouts among the newest 200 incidents of each target.");
    expect(text).toMatch(/To detect 1 min 7 s 1 min 30 s 3 /);
    expect(text).toMatch(/To resolve – – 0 \( ?3 without it/);
  });

  it("is no empty list when somebody on duty does not answer: he is named", async () => {
    const { desk, door } = await stage();
    const listed: IncidentDesk["listed"] = (target, query) =>
      target === "push" ? Promise.reject(new Error("gone")) : desk.listed(target, query);
    const world = door({ incidents: { ...desk, listed } });
    for (const path of ["/ops", "/ops/incidents"]) {
      const answer = await world.ask(path);
      expect([path, answer.status, answer.headers.get("retry-after")]).toEqual([path, 503, "10"]);
      const text = await said(answer);
      expect(text).toContain("Nobody who is on duty answers for: push.");
      expect(text).toContain("chat-1: Outage");
      expect(text).not.toContain("No incident is open.");
    }
    const away = door({ incidents: { ...desk, incident: () => Promise.reject(new Error("gone")) } });
    const one = await away.ask("/ops/incidents/chat-1");
    expect([one.status, await said(one)]).toEqual([503, expect.stringContaining("answers for: chat")]);
  });

  it("is the keepers' too, and there is none beyond what there is", async () => {
    const { made, world, desk } = await stage();
    await made.fleet.inDuty(KEEPERS, ({ stores: { store } }) => {
      store.nameOnce(KEEPERS);
      const change = {
        of: "blind",
        audience: "keepers",
        severity: "warning",
        scope: "region",
        regions: ["oc"],
      } as const;
      const sentence = { en: "Nothing is measured from oc.", zh: "oc 未测得。" };
      const whole = { kind: "opened", ...change, about: null, sentence, drill: false } as const;
      const at = made.now();
      store.append([{ incident: `${KEEPERS}-1`, key: "b", at, author: "sonde", change: whole }], at);
    });
    const overview = await (await world.ask("/ops")).text();
    // The worst first.
    expect([...overview.matchAll(/<li class="card" id="([^"]+-\d+)"/g)].map(([, id]) => id)).toEqual([
      "chat-1",
      `${KEEPERS}-1`,
    ]);
    const path = /href="(\/ops\/incidents\/fleet[^"]*)"/.exec(overview)?.[1];
    expect(await said(await world.ask(must(path)))).toContain("Not measured: the fleet itself");
    for (const id of ["chat-2", "chat-0", "push-1", "chat", "chat-", "none-1", "%2e%2e-1", "chat-1x"])
      expect([id, (await world.ask(`/ops/incidents/${id}`)).status]).toEqual([id, 404]);
    for (const id of ["chat-2", "none-1"])
      expect((await world.ask(`/ops/incidents/${id}`, sent({ key: KEY, do: "note", note: "x" }))).status).toBe(404);
    expect(await desk.incident("none-1")).toBeNull();
  });
});

it("needs no D1", async () => {
  const { door } = await stage();
  const records = { ...recordsInMemory(), exclusionsOf: () => Promise.reject(new Error("D1 is away")) };
  const world = door({ records, verdicts: () => Promise.reject(new Error("D1 is away")), fleet: NOBODY_THERE });
  expect(await said(await world.ask("/ops"))).toContain("chat-1: Outage");
  expect((await world.ask("/ops/incidents")).status).toBe(200);
  expect((await world.ask("/ops/incidents/chat-1", sent({ key: KEY, do: "acknowledge", note: "" }))).status).toBe(303);
});
