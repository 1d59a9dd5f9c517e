// Aim: what strangers, providers and keepers do wrong costs a subscriber nothing: one mailbox has one limit however it is spelt, a network
// has one whichever of its addresses asks, a provider's refusal removes nobody, a closed or broken herald neither spins nor holds up
// others, and no key is used for two messages. Method: the real page and herald; news told as a Duty tells them; simulated time.

import { runDurableObjectAlarm } from "cloudflare:test";
import { describe, expect, it } from "vitest";

import type { News } from "../../workers/alerts/news.ts";
import type { SubscriptionAsk } from "../../workers/alerts/subscription.ts";
import { must } from "../observations.ts";
import { HOUR, MINUTE } from "./dutying.ts";
import { kept, linkIn, subscribing } from "./subscribing.ts";
import type { Subscribing } from "./subscribing.ts";

const DAY = 24 * HOUR;

/** Tells the herald as a Duty does, each time something newer. */
function teller(all: Subscribing): (...news: readonly Partial<News>[]) => Promise<unknown> {
  let event = 1_000;
  return (...news) => {
    event += 1;
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
    const whole = news.map((one) => ({ ...began, ...one }));
    return all.inHerald((herald) => herald.hear("chat", { event, maintenance: 0 }, whole));
  };
}

const choice = { language: "en", targets: null, regions: null } as const;
const mail = (address: string): SubscriptionAsk => ({ ...choice, channel: "email", address });

describe("who asks too often", () => {
  it("has one limit a mailbox and one a network, and takes nobody else's", async () => {
    const all = await subscribing();
    const ask = (asked: SubscriptionAsk, visitor: string | null) =>
      all.inHerald((herald) => herald.ask(asked, visitor));
    const spellings = [
      "lin.chen",
      "Lin.Chen",
      "linchen",
      "l.i.n.chen",
      "LINCHEN",
      "linchen+a",
      "lin.chen+b",
      "lin.chen+a+b",
    ];
    for (const name of spellings) expect(await ask(mail(`${name}@example.org`), null)).toMatchObject({ done: "asked" });
    await all.until(all.on.now() + HOUR);
    expect(all.posts).toHaveLength(3);
    expect(
      (await kept(all)).subscribers.map(({ address }) => address),
      "kept as it was written",
    ).toEqual(spellings.slice(0, 3).map((name) => `${name}@example.org`));
    // One network: twenty an hour, whichever way; then another visitor still may.
    const answers = [];
    for (let n = 0; n < 22; n += 1) answers.push((await ask(mail(`n${n}@example.org`), "2001:db8:7:7")).ok);
    expect(answers).toEqual([...Array.from({ length: 20 }, () => true), false, false]);
    expect(await ask(mail("other@example.org"), "192.0.2.1")).toMatchObject({ ok: true });
    // Through the door: all addresses of one /64 are one visitor.
    const statuses = [];
    for (let n = 1; n <= 6; n += 1) {
      const headers = { "content-type": "application/x-www-form-urlencoded", "cf-connecting-ip": `2001:db8:8:8::${n}` };
      const body = `channel=email&address=d${n}%40example.org`;
      statuses.push((await all.page("/en/subscribe", { method: "POST", headers, body })).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    // Challenges of one host, whatever is behind it, and without a bit of the hundred that all may ask.
    const tokens = [];
    for (const n of [1, 2, 3]) {
      const address = `https://hooks.example.net/in?x=${n}`;
      const answer = await ask({ ...choice, channel: "webhook", address }, null);
      if (answer.ok && answer.done === "asked") tokens.push(must(answer.token ?? undefined));
    }
    const before = await all.inHerald((herald) => herald.store.askedSince(null, 0));
    const refused = [];
    for (const token of tokens)
      for (let n = 0; n < 8; n += 1) {
        const answer = await all.inHerald((herald) => herald.confirm(token));
        refused.push(answer.ok ? "" : answer.refused);
      }
    expect(refused.map((word) => word === "unproven")).toEqual([
      ...Array.from({ length: 20 }, () => true),
      ...Array.from({ length: 4 }, () => false),
    ]);
    expect(refused.at(-1)).toBe("busy");
    expect(await all.inHerald((herald) => herald.store.askedSince(null, 0))).toBe(before);
    // A fragment makes no other receiver of it.
    for (const n of [1, 2, 3, 4]) {
      const address = `https://hooks.example.net/other#${n}`;
      expect((await ask({ ...choice, channel: "webhook", address }, null)).ok, address).toBe(n < 4);
    }
    // What was counted is forgotten after a day, though nobody comes by.
    await all.until(all.on.now() + DAY + MINUTE);
    const counted = await all.inHerald((_herald, { storage }) => [...storage.sql.exec("SELECT * FROM news_asked")]);
    expect(counted).toEqual([]);
    console.log(`subscriptions: ${spellings.length} spellings, ${answers.length} asks, ${refused.length} challenges`);
  });
});

describe("a provider that refuses", () => {
  it("removes nobody from the list of mails, is asked again, and leaves neither address nor link in a receipt", async () => {
    const all = await subscribing();
    const tell = teller(all);
    await all.subscribed("a@example.org");
    await tell({});
    for (const status of [410, 401, 403, 404]) {
      all.says = () => status;
      await all.until(all.on.now() + HOUR);
    }
    expect((await kept(all)).subscribers).toHaveLength(1);
    const receipts = JSON.stringify((await kept(all)).receipts);
    expect(receipts).toContain("(hidden)");
    expect(receipts).not.toMatch(/example\.org|subscription\/W/);
    all.says = () => "ok";
    await all.until(all.on.now() + HOUR);
    expect(all.heard().filter((one) => one.includes("New:"))).toHaveLength(1);
    // An address that it refuses is not asked about again.
    all.says = () => 422;
    await tell({ matter: "chat-8" });
    const before = all.posts.length;
    await all.until(all.on.now() + DAY);
    expect(all.posts.length - before).toBe(1);
  });
});

describe("what is told of a matter", () => {
  it("ends where another one takes it over, though a try is on its way; goes on for who changes the choice; has its own key for ever", async () => {
    const all = await subscribing();
    const tell = teller(all);
    const own = await all.subscribed("a@example.org");
    all.posts.length = 0;
    all.says = () => 503;
    await tell({});
    await all.until(all.on.now() + MINUTE);
    const tried = all.posts.length;
    expect(tried).toBeGreaterThan(1);
    await tell({ kind: "statement" });
    await tell({ kind: "off" });
    all.says = () => "ok";
    await all.until(all.on.now() + HOUR);
    expect(all.posts).toHaveLength(tried);

    await tell({ matter: "chat-8" });
    await all.until(all.on.now() + MINUTE);
    await tell({ matter: "chat-8", kind: "resolved", endedAt: all.on.now() });
    expect((await all.press(own, "act=change&language=zh&region=weur&region=enam")).status).toBe(200);
    await all.until(all.on.now() + HOUR);
    expect(all.heard().map((one) => one.split(" ")[1])).toEqual(["New:", expect.stringMatching(/^已解决/)]);

    // Forgotten after thirty days, and then there is more to say.
    await all.until(all.on.now() + 40 * DAY);
    const left = await all.inHerald((_herald, { storage }) => [...storage.sql.exec("SELECT * FROM news")]);
    expect(left).toEqual([]);
    await tell({ matter: "chat-8", kind: "postmortem", endedAt: all.on.now() - 40 * DAY });
    await all.until(all.on.now() + HOUR);
    expect(all.heard()).toHaveLength(3);
    expect(new Set(all.posts.slice(tried).map(({ key }) => key)).size).toBe(3);
  });

  it("is told, though what some twenty are to be told cannot be put into words", async () => {
    const all = await subscribing();
    const tell = teller(all);
    const now = all.on.now();
    await all.inHerald((herald) => {
      for (let n = 0; n < 20; n += 1) {
        const id = `s${n}`;
        const about = { id, who: id, secret: null, askedAt: now, confirmedAt: now, expiresAt: null };
        herald.store.begin({ ...mail(`n${n}@example.org`), ...about }, false, []);
      }
    });
    await tell({ regions: {} as never });
    await all.until(all.on.now() + MINUTE);
    await tell({ matter: "chat-8" });
    await all.until(all.on.now() + 5 * MINUTE);
    expect(all.heard()).toHaveLength(20);
    all.on.at(all.on.now() + 26 * HOUR);
    await all.until(all.on.now() + MINUTE);
    expect(await all.inHerald((herald) => herald.store.waiting()), "it is given up after a day").toBe(0);
  });
});

describe("a herald that is closed", () => {
  it("sleeps while nobody may be told, and tells no news of before yesterday when it opens again", async () => {
    const all = await subscribing();
    const tell = teller(all);
    await all.subscribed("a@example.org");
    all.posts.length = 0;
    const { fleet } = all.on;
    let open: unknown = null;
    fleet.reconfigure((input) => {
      open = input.subscriptions;
      const { subscriptions: _none, ...closed } = input;
      return closed;
    });
    await tell({});
    const from = all.on.now();
    const heralds = fleet.bindings.HERALD;
    let rings = 0;
    for (;;) {
      const at = await all.inHerald((_herald, { storage }) => storage.getAlarm());
      if (at === null || at > from + 2 * DAY || rings > 200) break;
      all.on.at(at);
      rings += 1;
      await runDurableObjectAlarm(heralds.get(heralds.idFromName("herald")));
    }
    console.log(`subscriptions: ${rings} alarms of a closed herald in two days`);
    expect(rings).toBeLessThan(60);
    expect(all.on.now()).toBeGreaterThan(from + 46 * HOUR);
    fleet.reconfigure((input) => ({ ...input, subscriptions: open as never }));
    await tell({ matter: "chat-8" });
    await all.until(all.on.now() + 2 * HOUR);
    expect(all.posts.map(({ subject }) => subject.slice(0, 4))).toEqual(["New:"]);
    expect(all.posts[0]?.key).toContain("chat-8");
    expect(linkIn(must(all.posts[0]).text)).toMatch(/^\/en\/subscription\//);
  });
});
