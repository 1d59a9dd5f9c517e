// Aim: nothing that a stranger writes into the form becomes more than it is: no header, no second recipient, no address inside, no choice
// that is not there; and a link is good for what it was signed for. Method: tables of good and hostile input; every hint looked through.

import { describe, expect, it } from "vitest";

import { readSubscriptionToken, subscriptionToken, whoOf } from "../../workers/alerts/subscription-link.ts";
import { doorOf, hintOf, judgeAsk, mailAddressOf } from "../../workers/alerts/subscription.ts";
import type { SubscriptionAsk } from "../../workers/alerts/subscription.ts";
import { configOf } from "../../workers/config/parse.ts";

const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const KEY = bytes("0123456789abcdef0123456789abcdef");
const CONFIG = configOf({
  name: "Acme",
  url: "https://status.example",
  regions: ["weur", "enam", "oc"],
  targets: ["chat", "push"].map((id) => ({ id, driver: "mqtt", address: "wss://mq.example.com/mqtt" })),
  alerts: {
    channels: [{ id: "post", channel: "email", options: { from: "s@example.com", to: "o@example.com" } }],
    routes: [{ id: "all", to: ["post"] }],
    links: "LINKS",
  },
  subscriptions: { email: "post", webhooks: true },
});

describe("an address of mail", () => {
  const good = [
    ["lin@example.org", "lin@example.org"],
    ["Lin+x.y@EXAMPLE.org", "Lin+x.y@example.org"],
    ["o'neil@mail.example.co.uk", "o'neil@mail.example.co.uk"],
    ["a@xn--fiqs8s.xn--fiqs8s", "a@xn--fiqs8s.xn--fiqs8s"],
  ] as const;
  const bad = [
    "",
    "lin",
    "@example.org",
    "lin@",
    "lin@example",
    "a@b@example.org",
    "a,b@example.org",
    "a@example.org,b@example.org",
    "a@example.org;b@example.org",
    "a@example.org b@example.org",
    "a@example.org\r\nBcc: b@example.org",
    "a@example.org\nSubject: x",
    "a\r\n@example.org",
    "a@example.org\0",
    "Lin <lin@example.org>",
    "<lin@example.org>",
    '"a b"@example.org',
    "a(comment)@example.org",
    ".a@example.org",
    "a.@example.org",
    "a..b@example.org",
    "a@-example.org",
    "a@example-.org",
    "a@example..org",
    "a@example.org.",
    "a@127.0.0.1",
    "a@[127.0.0.1]",
    "a@[IPv6:::1]",
    "a@localhost",
    "a@mail.local",
    "a@host.internal",
    "a@10.0.0.1.nip.io",
    "a@example.1",
    "\u202ea@example.org",
    "a@exa\u200bmple.org",
    "ä@example.org",
    "a@exämple.org",
    "%0d%0aBcc:b@example.org".padEnd(80, "x"),
    `${"a".repeat(65)}@example.org`,
    `a@${"b".repeat(64)}.org`,
    `a@${"b.".repeat(130)}org`,
    "a".repeat(100_000),
  ];
  it.each(good)("%s is one", (text, kept) => expect(mailAddressOf(text)).toBe(kept));
  it("is strict: whatever could be a header, a list or a place inside is none", () => {
    const taken = bad.filter((text) => mailAddressOf(text) !== null);
    console.log(`subscriptions: ${bad.length} hostile addresses of mail`);
    expect(taken).toEqual([]);
  });
});

const ASK: SubscriptionAsk = {
  channel: "webhook",
  address: "https://hooks.example.com/x",
  language: "en",
  targets: null,
  regions: null,
};

describe("what is asked for", () => {
  const table: readonly (readonly [Partial<Record<keyof SubscriptionAsk, unknown>>, unknown])[] = [
    [{}, ASK],
    [{ targets: ["chat"] }, { ...ASK, targets: ["chat"] }],
    // All that there is, is all that will be.
    [
      { targets: ["push", "chat"], regions: ["oc"] },
      { ...ASK, regions: ["oc"] },
    ],
    [{ targets: ["chat", "chat"] }, { ...ASK, targets: ["chat"] }],
    [{ targets: [] }, "choice"],
    [{ targets: ["nope"] }, "choice"],
    [{ targets: ["chat", "nope"] }, "choice"],
    [{ regions: ["__proto__"] }, "choice"],
    [{ language: "fr" }, "choice"],
    [{ channel: "slack", address: "https://hooks.slack.com/services/T0/B0/abcdefgh" }, "channel"],
    [{ channel: "pagerduty" }, "channel"],
    [{ channel: "constructor" }, "channel"],
    [{ address: "http://hooks.example.com/x" }, "address"],
    [{ address: "https://127.0.0.1/x" }, "address"],
    [{ address: "https://[::1]/x" }, "address"],
    [{ address: "https://169.254.169.254/latest" }, "address"],
    [{ address: "https://user:pass@hooks.example.com/x" }, "address"],
    [{ address: "https://hooks.example.com:8443/x" }, "address"],
    [{ address: "https://localhost/x" }, "address"],
    [{ address: "javascript:alert(1)" }, "address"],
    [{ address: "https://hooks.example.com/\r\nX: y" }, "address"],
    [{ channel: "email", address: "https://hooks.example.com/x" }, "address"],
    [
      { channel: "email", address: " lin@example.org " },
      { ...ASK, channel: "email", address: "lin@example.org" },
    ],
  ];
  it.each(table)("%j", (more, expected) => {
    expect(judgeAsk({ ...ASK, ...more } as SubscriptionAsk, CONFIG, false)).toEqual(expected);
  });
  it("leads to Slack only at Slack", () => {
    const slack = { ...CONFIG, subscriptions: { email: null, webhooks: false, slack: true } };
    const judged = (address: string): unknown => judgeAsk({ ...ASK, channel: "slack", address }, slack, false);
    expect(judged("https://hooks.slack.com/services/T0/B0/abcdefgh")).toMatchObject({ channel: "slack" });
    for (const address of [
      "https://hooks.slack.com.evil.example/services/T0/B0/abcdefgh",
      "https://slack.com/api/x",
      "https://hooks.slack.com/",
    ])
      expect(judged(address), address).toBe("address");
  });
  it("is one door, however it is spelt", () => {
    const doors = [
      [{ channel: "email", address: "Lin.Chen+news@example.org" }, "linchen@example.org"],
      [{ channel: "email", address: "+x@example.org" }, "@example.org"],
      [{ channel: "email", address: "lin-chen@example.org" }, "lin-chen@example.org"],
      [{ channel: "webhook", address: "https://hooks.example.com/a.b?x=1#2" }, "https://hooks.example.com/a.b?x=1"],
    ] as const;
    for (const [ask, door] of doors) expect(doorOf(ask), ask.address).toBe(door);
    console.log(`subscriptions: ${doors.length} doors`);
  });
  it("is hinted at, and never told", () => {
    expect(hintOf({ channel: "email", address: "lin.secret@example.org" })).toBe("l…@example.org");
    expect(hintOf({ channel: "webhook", address: "https://hooks.example.com/secret?token=secret" })).toBe(
      "https://hooks.example.com/…",
    );
  });
});

describe("a link", () => {
  it("is good for its own use, with its own secret, until it runs out", async () => {
    const at = Date.UTC(2026, 10, 23);
    const text = await subscriptionToken({ use: "confirm", id: "abc", expiresAt: at + 1_000 }, KEY);
    const read = (use: "confirm" | "keep", now: number, key = KEY) => readSubscriptionToken(use, text, key, now);
    expect(await read("confirm", at)).toEqual({ use: "confirm", id: "abc", expiresAt: at + 1_000 });
    expect(await read("confirm", at + 1_000)).toBeNull();
    expect(await read("keep", at)).toBeNull();
    expect(await read("confirm", at, bytes("another-secret-of-32-bytes-12345"))).toBeNull();
    const kept = await subscriptionToken({ use: "keep", id: "abc", expiresAt: null }, KEY);
    expect(await readSubscriptionToken("keep", kept, KEY, at + 1e12)).toMatchObject({ id: "abc" });
    let tried = 0;
    for (let i = 0; i < kept.length; i += 1) {
      const letter = kept[i] === "A" ? "B" : "A";
      const forged = kept.slice(0, i) + letter + kept.slice(i + 1);
      expect(await readSubscriptionToken("keep", forged, KEY, at), forged).toBeNull();
      tried += 1;
    }
    console.log(`subscriptions: ${tried} forged links`);
    expect(tried).toBeGreaterThan(50);
  });
  it("hashes an address so that nobody finds it without the secret, and one way apart from another", async () => {
    const other = bytes("another-secret-of-32-bytes-12345");
    const all = [
      await whoOf("email", "a@b.org", KEY),
      await whoOf("slack", "a@b.org", KEY),
      await whoOf("email", "a@b.org", other),
    ];
    expect(new Set(all).size).toBe(3);
    expect(await whoOf("email", "a@b.org", KEY)).toBe(all[0]);
  });
});

describe("the configuration", () => {
  const base = {
    name: "Acme",
    url: "https://status.example",
    regions: ["weur"],
    targets: [{ id: "chat", driver: "mqtt", address: "wss://mq.example.com/mqtt" }],
    alerts: {
      channels: [
        { id: "post", channel: "email", options: { from: "s@example.com", to: "o@example.com" } },
        { id: "hook", channel: "slack", url: "SLACK_URL" },
      ],
      routes: [{ id: "all", to: ["post"] }],
      links: "LINKS",
    },
  };
  const refused: readonly (readonly [object, RegExp])[] = [
    [{ subscriptions: {} }, /offers no way/],
    [{ subscriptions: { email: "nope" } }, /is the id of no channel/],
    [{ subscriptions: { email: "hook" } }, /sends no mail/],
    [{ subscriptions: { email: "post", mail: true } }, /mail/],
    [{ subscriptions: { webhooks: "yes" } }, /webhooks/],
    [{ subscriptions: { email: "post" }, url: undefined }, /needs the page's address/],
    [{ subscriptions: { webhooks: true }, alerts: undefined }, /needs a secret that signs links/],
    [
      { subscriptions: { webhooks: true }, alerts: { ...base.alerts, links: undefined } },
      /needs a secret that signs links/,
    ],
  ];
  it.each(refused)("%j is refused", (more, why) => {
    expect(() => configOf({ ...base, ...more })).toThrow(why);
  });
  it("is read", () => {
    expect(configOf({ ...base, subscriptions: { email: "post" } }).subscriptions).toEqual({
      email: "post",
      webhooks: false,
      slack: false,
    });
    expect(configOf(base).subscriptions).toBeNull();
  });
});
