// Aim: whoever subscribed, and nobody else, is told of what is for everybody, once each, until the moment of unsubscribing; nobody
// learns who is subscribed, and nothing happens because a machine opened a link. Method: the real page, herald and Duty in workerd with
// D1 away; forms, links and RFC 8058 posts as they come; receivers that record; alarms run through simulated time.

import { describe, expect, it } from "vitest";

import type { News } from "../../workers/alerts/news.ts";
import { must } from "../observations.ts";
import { BAD, GOOD, HOUR, MINUTE } from "./dutying.ts";
import { kept, linkIn, subscribing } from "./subscribing.ts";

const WEUR_BAD = { weur: BAD, enam: GOOD, oc: GOOD };

/** Without the words about the address, which may differ by nothing. */
const textOf = async (answer: Response): Promise<string> => `${answer.status} ${await answer.text()}`;

describe("double opt-in by mail", () => {
  it("sends nothing before the button is pressed, and from then on what happens, with a link and the headers that end it", async () => {
    const all = await subscribing();
    const asked = await all.subscribe({ channel: "email", address: "lin@Example.ORG", language: "en" });
    expect(asked.status).toBe(200);
    expect(asked.headers.get("cache-control")).toBe("private, no-store");
    await all.until(all.on.now() + MINUTE);
    expect(all.posts.map(({ to, subject }) => `${to}: ${subject}`)).toEqual([
      expect.stringMatching(/^lin@example\.org: Confirm your subscription to /),
    ]);
    const confirm = linkIn(must(all.posts[0]).text);
    // Scanners open links, more than once, by GET and by HEAD.
    for (const method of ["GET", "HEAD", "GET"]) expect((await all.page(confirm, { method })).status).toBe(200);
    expect((await all.press(confirm, "")).status).toBe(403);
    expect((await kept(all)).subscribers.map(({ confirmedAt }) => confirmedAt)).toEqual([null]);
    await all.on.minutes(2, WEUR_BAD);
    await all.until(all.on.now() + MINUTE);
    expect(all.posts).toHaveLength(1);
    expect((await all.press(confirm, "act=confirm")).status).toBe(200);
    expect((await all.press(confirm, "act=confirm")).status, "twice is once").toBe(200);
    await all.on.minutes(6, GOOD);
    await all.until(all.on.now() + MINUTE);
    const last = must(all.posts.at(-1));
    expect(all.posts).toHaveLength(2);
    expect(last.subject).toMatch(/^Measured good again: .*outage/);
    expect(last.text).toContain("All regions are measured to be good again.");
    const end = linkIn(last.text);
    expect(last.headers).toEqual({
      "List-Unsubscribe": `<https://status.example.com${end}>`,
      "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    });
    expect(JSON.stringify(await all.on.fleet.state()), "nothing of it is in D1 or at a Duty").not.toContain(
      "example.org",
    );
    // No address in plain stands in any link.
    expect(confirm + end).not.toMatch(/lin|example\.org|%40|@/);
  });

  it("answers the same for an address that is subscribed, one that is not, and one that was asked too often; three mails a day", async () => {
    const all = await subscribing();
    await all.subscribed("known@example.org");
    const answers: string[] = [];
    for (const address of ["known@example.org", "other@example.org", "known@example.org", "known@example.org"])
      answers.push(await textOf(await all.subscribe({ channel: "email", address })));
    expect(new Set(answers).size).toBe(1);
    await all.until(all.on.now() + HOUR);
    const mails = all.posts.map(({ to }) => to);
    expect(mails.filter((to) => to === "known@example.org")).toHaveLength(3);
    expect(mails.filter((to) => to === "other@example.org")).toHaveLength(1);
    // A day later it may be asked for again.
    await all.until(all.on.now() + 24 * HOUR);
    await all.subscribe({ channel: "email", address: "known@example.org" });
    await all.until(all.on.now() + HOUR);
    expect(all.posts.filter(({ to }) => to === "known@example.org")).toHaveLength(4);
  });

  it("forgets who did not confirm after a day, and the link is then worth nothing", async () => {
    const all = await subscribing();
    await all.subscribe({ channel: "email", address: "late@example.org" });
    await all.until(all.on.now() + MINUTE);
    const confirm = linkIn(must(all.posts[0]).text);
    all.on.at(all.on.now() + 24 * HOUR);
    expect((await all.press(confirm, "act=confirm")).status).toBe(404);
    // Nobody comes by: it is forgotten all the same.
    await all.until(all.on.now() + MINUTE);
    const left = await kept(all);
    expect(left.subscribers).toEqual([]);
    expect(left.receipts).toHaveLength(1);
    await all.until(all.on.now() + 31 * 24 * HOUR);
    expect((await kept(all)).receipts).toEqual([]);
  });
});

describe("unsubscribing", () => {
  it("stops at once what waits, deletes the address, and leaves a hash; by the button, and by a mail program's one click", async () => {
    const all = await subscribing();
    const pages = [
      await all.subscribed("a@example.org"),
      await all.subscribed("b@example.org"),
      await all.subscribed("c@example.org"),
    ];
    all.says = () => 503;
    await all.on.minutes(2, WEUR_BAD);
    await all.until(all.on.now() + 10_000);
    const tried = all.posts.length;
    expect(tried).toBeGreaterThan(3);
    const [button = "", click = "", parts = ""] = pages;
    expect((await all.page(button)).status, "a look ends nothing").toBe(200);
    expect((await kept(all)).subscribers).toHaveLength(3);
    expect((await all.press(button, "act=end")).status).toBe(200);
    expect((await all.press(click, "List-Unsubscribe=One-Click")).status).toBe(200);
    const form = new FormData();
    form.set("List-Unsubscribe", "One-Click");
    const request = new Request("https://x.example", { method: "POST", body: form });
    const body = await request.arrayBuffer();
    const headers = {
      "content-type": request.headers.get("content-type") ?? "",
      "content-length": String(body.byteLength),
    };
    expect((await all.page(parts, { method: "POST", headers, body })).status).toBe(200);
    all.says = () => "ok";
    await all.until(all.on.now() + 6 * HOUR);
    expect(all.posts).toHaveLength(tried);
    const { subscribers: left, receipts } = await kept(all);
    expect(left).toEqual([]);
    expect(receipts.length).toBeGreaterThan(3);
    expect(JSON.stringify(receipts)).not.toMatch(/example\.org/);
    expect((await all.page(button)).status).toBe(404);
    expect((await all.press(button, "act=end")).status, "who ends it twice has ended it").toBe(200);
  });
});

describe("who is told of what", () => {
  it("by target and region, in the subscriber's language; drills, merged and private ones never; news are gathered", async () => {
    const all = await subscribing();
    await all.subscribed("all@example.org");
    await all.subscribed("oc@example.org", { region: "oc" });
    const own = await all.subscribed("weur@example.org", { region: ["weur"], target: "chat", language: "zh" });
    await all.subscribed("push@example.org", { target: ["push"] });
    all.posts.length = 0;
    await all.on.during("chat", (duty) =>
      duty.drill("chat", {
        who: "lin",
        key: "drill",
        of: "outage",
        severity: "error",
        scope: "region",
        regions: ["oc"],
        sentence: { en: "A drill.", zh: "演练。" },
      }),
    );
    await all.on.minutes(2, WEUR_BAD);
    await all.until(all.on.now() + 1_000);
    expect(all.heard().map((one) => one.split(" ")[0])).toEqual(["all@example.org", "weur@example.org"]);
    expect(must(all.posts.find(({ to }) => to.startsWith("weur"))).subject).toMatch(/^新事件：.*中断/);
    const first = must(all.posts[0]).at;
    // Three statements within minutes are one message, ten minutes after the first.
    for (const key of ["one", "two", "three"]) {
      await all.on.during("chat", (duty) =>
        duty.act("chat", {
          incident: "chat-2",
          act: { kind: "publish", statement: "identified", text: { en: `It is the core: ${key}.` } },
          who: "lin@example.com",
          at: null,
          key,
        }),
      );
    }
    await all.until(first + 9 * MINUTE);
    expect(all.heard()).toHaveLength(2);
    // What is chosen counts from now on; what waited by the old choice is not sent.
    expect((await all.press(own, "act=change&target=push&language=en")).status).toBe(200);
    await all.until(first + 12 * MINUTE);
    const told = all.posts.slice(2);
    expect(told.map(({ to }) => to)).toEqual(["all@example.org"]);
    expect(must(told[0]).text).toContain("Identified: It is the core: three.");
    expect(JSON.stringify(all.posts)).not.toMatch(/drill|演练|lin@example\.com/i);
  });
});

describe("an incident that another one takes over", () => {
  it("is not told of any more, before it was told and after", async () => {
    const all = await subscribing();
    await all.subscribed("a@example.org");
    all.posts.length = 0;
    const began: News = {
      matter: "chat-7",
      target: "chat",
      kind: "began",
      regions: ["weur"],
      severity: "error",
      recordedAt: all.on.now(),
      what: "outage",
      sentence: { en: "Lost." },
      said: null,
      startedAt: all.on.now(),
      endedAt: null,
    };
    const tell = (event: number, news: readonly News[]) =>
      all.inHerald((herald) => herald.hear("chat", { event: 1_000 + event, maintenance: 0 }, news));
    await tell(1, [began, { ...began, kind: "off" }]);
    await all.until(all.on.now() + 20 * MINUTE);
    expect(all.posts).toEqual([]);
    await tell(2, [{ ...began, matter: "chat-8" }]);
    await all.until(all.on.now() + MINUTE);
    await tell(3, [{ ...began, matter: "chat-8", kind: "statement" }]);
    await tell(4, [{ ...began, matter: "chat-8", kind: "off" }]);
    await all.until(all.on.now() + 30 * MINUTE);
    expect(all.heard()).toHaveLength(1);
    // The same told again changes nothing.
    await tell(2, [{ ...began, matter: "chat-9" }]);
    await all.until(all.on.now() + 30 * MINUTE);
    expect(all.heard()).toHaveLength(1);
  });
});

describe("the Duty and the herald", () => {
  it("a herald that dies between sending and writing sends again under the same key and in the same words", async () => {
    const all = await subscribing();
    await all.subscribed("a@example.org");
    await all.subscribed("b@example.org");
    all.posts.length = 0;
    let deaths = 0;
    await all.on.minutes(2, WEUR_BAD);
    all.says = ({ to }) => {
      if (to.startsWith("a@") && deaths === 0) {
        deaths += 1;
        all.die();
      }
      return "ok";
    };
    await all.until(all.on.now() + 5_000).catch(() => {});
    // News that come before the second try are told behind it, and change nothing of it.
    await all.on.during("chat", (duty) =>
      duty.act("chat", {
        incident: "chat-1",
        act: { kind: "publish", statement: "identified", text: { en: "It is the core." } },
        who: "lin@example.com",
        at: null,
        key: "core",
      }),
    );
    await all.until(all.on.now() + 20 * MINUTE);
    expect(deaths).toBe(1);
    expect(
      all
        .heard()
        .map((one) => one.split(" ")[0])
        .sort(),
    ).toEqual(["a@example.org", "a@example.org", "b@example.org"]);
    // The other one had not been tried, and hears both at once.
    expect(must(all.posts.find(({ to }) => to.startsWith("b@"))).text).toContain("It is the core.");
    const [first, again, news] = all.posts.filter(({ to }) => to.startsWith("a@"));
    const twice = [must(first), must(again)];
    expect(must(news).text).toContain("It is the core.");
    expect(new Set(twice.map(({ key, text }) => `${key} ${text}`)).size).toBe(1);
  });

  it("tell each other once, whatever is lost between: a word that was kept and not answered is no second message", async () => {
    const all = await subscribing();
    await all.subscribed("a@example.org");
    all.posts.length = 0;
    const { bindings } = all.on.fleet;
    const heralds = bindings.HERALD;
    const { get } = heralds;
    let [lost, kept_] = [0, 0];
    type Ear = Record<"heard" | "hear", (...told: unknown[]) => Promise<unknown>>;
    // Made anew for each call: what is remote belongs to the object that asks.
    const real = () => get.call(heralds, heralds.idFromName("herald")) as unknown as Ear;
    const flaky: Ear = {
      heard: (...told) => real().heard(...told),
      hear: async (...told) => {
        if (lost++ < 2) throw new Error("not reached");
        const answer = await real().hear(...told);
        if (kept_++ < 2) throw new Error("kept, and the word of it lost");
        return answer;
      },
    };
    Object.assign(heralds, { get: () => flaky });
    await all.on.minutes(8, WEUR_BAD);
    Object.assign(heralds, { get });
    await all.until(all.on.now() + MINUTE);
    expect([lost, kept_]).toEqual([expect.toSatisfy((n: number) => n > 3), expect.toSatisfy((n: number) => n > 1)]);
    expect(all.heard()).toHaveLength(1);
  });
});

// Last: objects that nobody asked anything for ten seconds are put away by the runtime, and those keep their disks for the next test.
describe("a thousand subscribers", () => {
  it("hear of one incident once each after deduplication, though receivers lose, refuse and keep the word to themselves", async () => {
    const all = await subscribing();
    const now = all.on.now();
    await all.inHerald((herald) => {
      for (let n = 0; n < 1_000; n += 1) {
        const own = {
          id: `s${n}`,
          channel: "email",
          address: `n${n}@example.org`,
          who: `w${n}`,
          secret: null,
        } as const;
        const choice = { language: "en", targets: null, regions: null } as const;
        herald.store.begin({ ...own, ...choice, askedAt: now, confirmedAt: now, expiresAt: null }, false, []);
      }
    });
    const seen = new Map<string, number>();
    all.says = ({ key }) => {
      const times = (seen.get(key) ?? 0) + 1;
      seen.set(key, times);
      const n = Number(/s(\d+)/.exec(key)?.[1] ?? 0);
      if (times === 1 && n % 7 === 0) return "lost";
      if (times === 1 && n % 11 === 0) return 503;
      return times === 1 && n % 13 === 0 ? 429 : "ok";
    };
    await all.on.minutes(2, WEUR_BAD);
    await all.until(all.on.now() + 8 * MINUTE);
    const heard = all.heard();
    console.log(`subscriptions: ${all.posts.length} posts for ${heard.length} messages`);
    expect(heard).toHaveLength(1_000);
    expect(new Set(heard.map((one) => one.split(" ")[0])).size).toBe(1_000);
    expect(all.posts.length).toBeGreaterThan(1_200);
    // Each try says the same to the letter.
    const words = Map.groupBy(all.posts, ({ key }) => key);
    expect([...words.values()].every((posts) => new Set(posts.map(({ text }) => text)).size === 1)).toBe(true);
    expect(await all.inHerald((herald) => herald.store.waiting())).toBe(0);
  });
});
