// Aim: the door to subscriptions is open to people and to nobody else: counted by visitor, only from our own form, and links are worth what
// they were made for. Method: the real page, herald and Duty, with receivers of webhooks and Slack messages in place of the network.

import { describe, expect, it } from "vitest";

import { must } from "../observations.ts";
import { BAD, GOOD, HOUR, MINUTE } from "./dutying.ts";
import { kept, linkIn, subscribing } from "./subscribing.ts";

const WEUR_BAD = { weur: BAD, enam: GOOD, oc: GOOD };

const textOf = async (answer: Response): Promise<string> => `${answer.status} ${await answer.text()}`;

describe("the door", () => {
  it("counts by address of the visitor, needs our own form, and caps what is asked of the whole fleet", async () => {
    const all = await subscribing();
    const ask = (n: number, headers: Readonly<Record<string, string>> = {}): Promise<Response> => {
      const body = `channel=email&address=n${n}%40example.org`;
      const own = {
        "content-type": "application/x-www-form-urlencoded",
        "cf-connecting-ip": `2001:db8:1:${n}::1`,
        ...headers,
      };
      return all.page("/subscribe", { method: "POST", headers: own, body });
    };
    const refused: readonly (readonly [Readonly<Record<string, string>>, number])[] = [
      [{ origin: "https://evil.example" }, 403],
      [{ origin: "null" }, 403],
      [{ "sec-fetch-site": "cross-site" }, 403],
      [{ "sec-fetch-site": "same-site" }, 403],
      [{ "content-type": "text/plain" }, 403],
      [{ "content-type": "application/json" }, 403],
    ];
    for (const [headers, status] of refused)
      expect((await ask(0, headers)).status, JSON.stringify(headers)).toBe(status);
    const same: number[] = [];
    for (let n = 1; n <= 7; n += 1) same.push((await ask(n, { "cf-connecting-ip": "2001:db8:2::1" })).status);
    expect(same).toEqual([200, 200, 200, 200, 200, 429, 429]);
    const many: number[] = [];
    for (let n = 101; n <= 200; n += 1) many.push((await ask(n)).status);
    expect(many.filter((status) => status === 200)).toHaveLength(95);
    const last = await ask(300);
    expect([last.status, last.headers.get("retry-after")]).toEqual([429, "60"]);
    await all.until(all.on.now() + 2 * HOUR);
    expect(all.posts).toHaveLength(100);
    console.log(`subscriptions: ${refused.length} foreign forms, ${same.length + many.length} of our own`);
  });

  it("refuses links that are not ours, cut off, or for another use, without a word about why", async () => {
    const all = await subscribing();
    const own = (await all.subscribed("a@example.org")).replace("/en/subscription/", "");
    const confirm = linkIn(must(all.posts[0]).text).replace("/en/subscribe/confirm/", "");
    const bad = [
      own.slice(1),
      own.slice(0, -1),
      `${own}A`,
      confirm,
      "x.y",
      own.replace(".", ""),
      `${"A".repeat(500)}.${own.split(".")[1]}`,
    ];
    const answers = new Set<string>();
    for (const token of bad)
      for (const body of ["act=end", "act=change", "List-Unsubscribe=One-Click"])
        answers.add(await textOf(await all.press(`/en/subscription/${token}`, body)));
    for (const token of [own, "x.y"])
      answers.add(await textOf(await all.press(`/en/subscribe/confirm/${token}`, "act=confirm")));
    console.log(`subscriptions: ${bad.length} bad links`);
    expect([...answers].map((text) => text.slice(0, 3))).toEqual(["404"]);
    expect((await kept(all)).subscribers).toHaveLength(1);
  });
});

describe("webhooks and Slack", () => {
  it("a webhook proves itself by the challenge, which is signed with a secret that is shown once; then it is told", async () => {
    const all = await subscribing();
    const asked = await (
      await all.subscribe({ channel: "webhook", address: "https://hooks.example.net/in?x=1" })
    ).text();
    expect(asked).toMatch(/<code>whsec_[\w+/]{43}=<\/code>/);
    const confirm = must(/action="(\/en\/subscribe\/confirm\/[^"]+)"/.exec(asked)?.[1]);
    expect(all.posts).toEqual([]);
    // It says ok to anything, and that proves nothing.
    expect((await all.press(confirm, "act=confirm")).status).toBe(422);
    all.says = () => "challenge";
    const done = await all.press(confirm, "act=confirm");
    expect(done.status).toBe(200);
    expect(await done.text()).not.toContain("whsec_");
    expect(all.posts.map(({ subject }) => subject)).toEqual(["subscription.challenge", "subscription.challenge"]);
    expect(must(all.posts[0]).headers["webhook-signature"]).toMatch(/^v1,/);
    all.says = () => "ok";
    await all.on.minutes(2, WEUR_BAD);
    await all.until(all.on.now() + MINUTE);
    expect(all.heard().at(-1)).toMatch(/hooks\.example\.net.* New: .*outage/);
    // Gone for good: nothing more is kept of it.
    all.says = () => 410;
    await all.on.minutes(5, GOOD);
    await all.until(all.on.now() + 20 * MINUTE);
    expect((await kept(all)).subscribers).toEqual([]);
  });

  it("Slack confirms in its own channel", async () => {
    const all = await subscribing();
    const address = "https://hooks.slack.com/services/T01234567/B01234567/abcdefghijklmnop";
    expect((await all.subscribe({ channel: "slack", address })).status).toBe(200);
    await all.until(all.on.now() + MINUTE);
    const confirm = linkIn(must(all.posts[0]).text);
    expect((await all.press(confirm, "act=confirm")).status).toBe(200);
    await all.on.minutes(2, WEUR_BAD);
    await all.until(all.on.now() + MINUTE);
    expect(all.posts.map(({ to }) => to)).toEqual([address, address]);
  });
});
