// Aim: no text that was measured or typed by a stranger becomes a mention, a link or a second header; nothing is longer than a receiver
// takes, nor cut within a letter; signatures are those of the vendors. Method: vectors, properties over a seed, and every channel with
// hostile texts against receivers that refuse what would ring.

import { expect, test } from "vitest";

import type { Alert } from "../../workers/alerts/alert.ts";
import { keptAnswer, piecesOf, retryAfterMsOf, unsent, BACKOFF } from "../../workers/alerts/answer.ts";
import type { EmailBinding } from "../../workers/alerts/ask.send.ts";
import { send } from "../../workers/alerts/channels.send.ts";
import { safeKey } from "../../workers/alerts/safe-key.ts";
import { dingtalkSignature, feishuSignature, webhookSignature } from "../../workers/alerts/signing.ts";
import {
  discordEscape,
  fit,
  letter,
  mentionEscape,
  oneLine,
  plain,
  sizeInBytes,
  slackEscape,
} from "../../workers/alerts/text.ts";
import { outside } from "../../workers/outside.ts";
import { between, mulberry32, oneOf } from "../random.ts";
import { ALERT, DIALECTS, impatient, inShort, line, settingsOf } from "./alert-sending.ts";

test("signatures: the vectors of the vendors' schemes", async () => {
  expect(await feishuSignature("SECdemo", 1_732_268_400)).toBe("TBaEzG89XboWuArjNCWIjHDlK1IK9CK9BZjLaR0tmfQ=");
  expect(await dingtalkSignature("SECdemo", 1_732_268_400_000)).toBe("Z4xbaenFiTPaSw20KvBBOVqPE+nUXWZCb61hyISUDIs=");
  const message = { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", seconds: 1_614_265_330, body: '{"test": 2432232314}' };
  const signed = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  expect(webhookSignature(secret, message)).toBe(signed);
  expect(webhookSignature(`${secret} ${secret}`, message)).toBe(`${signed} ${signed}`);
  for (const bad of [
    "",
    "whsec_",
    "whsec_c2hvcnQ=",
    secret.slice(6),
    `${secret} nothing`,
    `whsec_${"A".repeat(200)}`,
  ]) {
    expect(webhookSignature(bad, message)).toBeNull();
  }
});

test("the DingTalk signature stands percent-encoded in the query", async () => {
  const { receiver, send: sent } = await line("dingtalk");
  // Until one has a + in it, which a query would read as a space.
  for (let tries = 0; tries < 60 && !receiver.seen.some(({ query }) => query.get("sign")?.includes("+")); tries += 1) {
    expect(inShort(await sent())).toBe("accepted");
  }
  expect(receiver.seen.some(({ query }) => query.get("sign")?.includes("+"))).toBe(true);
});

const LETTERS = [
  "a",
  " ",
  "\n",
  "é",
  "值",
  "🔥",
  "👩‍🚒",
  "&",
  "<",
  ">",
  "*",
  "_",
  "@",
  "\\",
  "`",
  "\u202e",
  "\ud800",
  "e\u0301",
];

test("cutting: never longer than asked for, never within a letter or an escape, and whole where it fits", () => {
  const random = mulberry32(11);
  const dialects = [(letters: string) => letters, slackEscape, discordEscape, mentionEscape];
  let cut = 0;
  const cases = 4_000;
  for (let at = 0; at < cases; at += 1) {
    const text = Array.from({ length: between(random, 0, 40) }, () => oneOf(random, LETTERS)).join("");
    const max = between(random, 0, 60);
    const escape = oneOf(random, dialects);
    const sizeOf = random() < 0.5 ? sizeInBytes : (each: string) => each.length;
    const written = (each: string): string => Array.from(each, escape).join("");
    const fitted = fit(plain(text), { max, sizeOf, escape });
    expect(sizeOf(fitted)).toBeLessThanOrEqual(Math.max(max, 0));
    expect(fitted.isWellFormed()).toBe(true);
    if (sizeOf(written(plain(text))) <= max) {
      expect(fitted).toBe(max < sizeOf("…") ? "" : written(plain(text)));
      continue;
    }
    cut += 1;
    if (fitted === "") continue;
    expect(fitted.endsWith("…")).toBe(true);
    // What is there is the escaped form of some whole letters from the beginning, spaces at its end aside.
    const points = Array.from(plain(text));
    const beginnings = points.map((_, length) => `${written(points.slice(0, length).join("")).trimEnd()}…`);
    expect(beginnings).toContain(fitted);
  }
  console.log(`texts: ${cases} cases, ${cut} of them cut`);
  expect(cut).toBeGreaterThan(500);
});

test("what cannot be seen is taken out, what joins letters stays", () => {
  expect(plain("a\u202eb\u2066c\u200bd\u0000e\u001bf\u00adg\ufeffh\u{e0041}i\u061cj\u2060k")).toBe("abcdefghijk");
  expect(plain("👩‍🚒 می‌خواهم 值")).toBe("👩‍🚒 می‌خواهم 值");
  expect(plain("a\r\nb\rc\u2028d\u2029e\u0085f\tg")).toBe("a\nb\nc\nd\ne\nf g");
  expect(plain("\ud800x")).toBe("\ufffdx");
  expect(oneLine(" a \n\n b\tc ")).toBe("a b c");
});

test("escapes: mentions and links lose their meaning", () => {
  const all = (escape: (each: string) => string, text: string): string => Array.from(text, escape).join("");
  expect(all(slackEscape, "<!channel> <@U1> <http://a|b> &amp;")).toBe(
    "&lt;!channel&gt; &lt;@U1&gt; &lt;http://a|b&gt; &amp;amp;",
  );
  expect(all(discordEscape, "@everyone <@1> [a](b) **x** `y` ||z||")).toBe(
    String.raw`\@everyone \<\@1\> \[a\]\(b\) \*\*x\*\* \`y\` \|\|z\|\|`,
  );
  expect(all(mentionEscape, "@name ＠name <@all>")).toBe("@\u2060name ＠\u2060name <@\u2060all>");
});

const MENTIONS =
  '@everyone @here @all <!channel> <!here|x> <@U012AB3CD> <@123> <@&456> <at id=all></at> <at user_id="all">x</at> <@all> @someuser';
const MARKUP =
  '[click](https://evil.example) ![x](https://evil.example/p.png) <https://evil.example|ok> **b** _i_ `c` # h\n> q\n||s|| <b>x</b> <script>alert(1)</script> <font color="info">f</font> {{7*7}} ${7} %s';
const HOSTILE: readonly (readonly [string, string])[] = [
  ["mentions", MENTIONS],
  ["markup", MARKUP],
  ["bidi", "\u202eelbaliava\u202c \u2066x\u2069 \u200f\u061c"],
  ["controls", "a\u0000b\u001b[31mc\u0007\r\nSubject: injected\r\nBcc: all@example.com\r\n\r\nd"],
  ["lone surrogates", "\ud83d \udd25 \ud83d"],
  ["only what cannot be seen", "\u200b\u202e\u0000\u2060"],
  ["quotes", `"',\\"\\\\'"}]}"\u2028\u2029`],
  ["one letter a megabyte long", "x".repeat(1_000_000)],
  ["a megabyte of Chinese", "值班".repeat(500_000)],
  ["a megabyte of emoji", "👩‍🚒".repeat(150_000)],
  ["a megabyte of what is escaped", "<&>*_@".repeat(170_000)],
  ["a megabyte of lines", "line\n".repeat(200_000)],
  ["prototype", "__proto__"],
  ["nothing", ""],
];

test.each(HOSTILE)("every channel takes hostile texts: %s", async (name, text) => {
  let taken = 0;
  for (const dialect of DIALECTS) {
    const { receiver, send: sent, world, settings } = await line(dialect);
    const facts = Array.from({ length: 300 }, () => ({ name: text, value: text }));
    const hostile: Alert = {
      ...ALERT,
      title: text,
      sentence: text,
      source: text,
      target: text,
      regions: [text],
      facts,
    };
    const answers = [await sent({ ...hostile, source: `${text}s`, target: `${text}t` })];
    answers.push(await send({ ...ALERT, key: text, incident: `${text}i`, title: text, facts }, settings, world));
    expect([name, dialect, ...answers.map(inShort)]).toEqual([name, dialect, "accepted", "accepted"]);
    for (const { body } of receiver.seen) {
      expect(body).not.toMatch(/[\u202e\u200b]|\\u0000|\\u202e|\\u200b/);
      expect(body.length).toBeLessThan(40_000);
    }
    taken += answers.length;
  }
  expect(taken).toBe(2 * DIALECTS.length);
});

test("links that are none are left out, and links stay when the rest is cut", () => {
  const long = { ...ALERT, sentence: "word ".repeat(5_000) };
  const text = letter(long, { max: 2_048, sizeOf: sizeInBytes, keyword: "值班" });
  expect(sizeInBytes(text)).toBeLessThanOrEqual(2_048);
  expect(text.split("\n\n")[0]).toBe(ALERT.title);
  expect(text).toContain(`Acknowledge: ${ALERT.ackUrl}`);
  expect(text).toContain(`Status page: ${ALERT.pageUrl}`);
  expect(text.endsWith("Example status 值班")).toBe(true);
  const odd = letter({ ...ALERT, pageUrl: "javascript:alert(1)", ackUrl: "https://a.example.com/ x" }, { max: 4_096 });
  expect(odd).not.toMatch(/javascript|a\.example/);
});

test("PagerDuty: the whole body", async () => {
  const { receiver, send: sent } = await line("pagerduty");
  await sent();
  expect(JSON.parse(receiver.seen[0]?.body ?? "")).toEqual({
    routing_key: "routkey0123456789abcdef012345678",
    event_action: "trigger",
    dedup_key: "chat-7",
    payload: {
      summary: ALERT.title,
      source: "chat",
      severity: "critical",
      timestamp: "2026-11-22T12:00:10.000Z",
      component: "chat",
      group: "weur, enam",
      class: "messaging",
      custom_details: { sentence: ALERT.sentence, Regions: "weur, enam", Since: "2026-11-22 12:00:10 UTC" },
    },
    links: [
      { href: ALERT.pageUrl, text: "Status page" },
      { href: ALERT.ackUrl, text: "Acknowledge" },
    ],
    client: "Example status",
    client_url: ALERT.pageUrl,
  });
});

test("Alertmanager: one severity fires, and nothing fires after the end", async () => {
  const { receiver, send: sent } = await line("alertmanager");
  const known = new Map<string, { severity: string; endsAt: number }>();
  const firing = (): string[] => {
    const posted = JSON.parse(receiver.seen.at(-1)?.body ?? "") as { labels: Record<string, string>; endsAt: string }[];
    for (const { labels, endsAt } of posted) {
      known.set(JSON.stringify(labels), { severity: labels["severity"] ?? "", endsAt: Date.parse(endsAt) });
    }
    return [...known.values()].filter(({ endsAt }) => endsAt > outside.now()).map(({ severity }) => severity);
  };
  const steps = [
    ["trigger", "warning", ["warning"]],
    ["update", "critical", ["critical"]],
    ["acknowledge", "error", ["error"]],
    ["resolve", "critical", []],
  ] as const;
  for (const [kind, severity, expected] of steps) {
    const startedAt = outside.now() - 60_000;
    const endedAt = kind === "resolve" ? outside.now() - 1 : null;
    const regions = kind === "update" ? ["weur", "enam", "oc"] : ["weur"];
    expect(inShort(await sent({ ...ALERT, kind, severity, regions, startedAt, endedAt }))).toBe("accepted");
    expect([kind, firing()]).toEqual([kind, expected]);
  }
  expect(known.size).toBe(4);
});

test("mail by the binding: its id is its word, its code says what comes next", async () => {
  const { world } = await line("webhook");
  const settings = settingsOf("email", null, null);
  const mails: Parameters<EmailBinding["send"]>[0][] = [];
  const by = (outcome: () => Promise<{ readonly messageId?: string }>): EmailBinding => ({
    send: (mail) => {
      mails.push(mail);
      return outcome();
    },
  });
  const failing = (code: unknown, message: string): EmailBinding =>
    by(() => Promise.reject(Object.assign(new Error(message), { code })));
  const cases: readonly (readonly [string, EmailBinding | null, string])[] = [
    ["taken", by(() => Promise.resolve({ messageId: "m1" })), "accepted"],
    ["no id", by(() => Promise.resolve({})), "backoff"],
    ["hangs", by(() => new Promise(() => {})), "backoff"],
    ["no binding", null, "never"],
    ["rate", failing("E_RATE_LIMIT_EXCEEDED", "slow down"), "backoff"],
    ["day", failing("E_DAILY_LIMIT_EXCEEDED", "tomorrow"), "backoff"],
    ["sender", failing("E_SENDER_NOT_VERIFIED", "verify it"), "never"],
    ["suppressed", failing("E_RECIPIENT_SUPPRESSED", "bounced"), "never"],
    ["unknown", failing(undefined, `odd ${ALERT.ackUrl}`), "backoff"],
  ];
  for (const [name, sendEmail, expected] of cases) {
    const answer = await send(ALERT, settings, { ...world, outside: impatient(world.outside), sendEmail });
    expect([name, inShort(answer)]).toEqual([name, expected]);
    expect(answer.said).not.toContain("c2lnbmF0dXJl");
  }
  const hostile = { ...ALERT, title: "a\r\nBcc: all@example.com" };
  await send(hostile, settings, { ...world, sendEmail: by(() => Promise.resolve({ messageId: "m2" })) });
  expect(mails.at(-1)?.subject).toBe("a Bcc: all@example.com");
  expect(mails[0]).toMatchObject({ from: "sonde@example.com", to: ["ops@example.com", "night@example.com"] });
  for (const options of [
    {},
    { from: "a@b" },
    { from: "a", to: "b@c" },
    { from: "a@b", to: "x@y,".repeat(51) },
    { from: "a@b", to: "," },
  ]) {
    const refused = await send(ALERT, { ...settings, options }, { ...world, sendEmail: by(() => Promise.resolve({})) });
    expect(inShort(refused)).toBe("never");
  }
  expect(mails).toHaveLength(9);
});

test("Retry-After: seconds or a date, else nothing", () => {
  const now = Date.UTC(2026, 10, 22, 12);
  const table: readonly (readonly [string | null, number | null])[] = [
    [null, null],
    ["", null],
    ["0", 0],
    ["120", 120_000],
    [" 7 ", 7_000],
    ["0.3", 300],
    ["-1", null],
    ["1e9", null],
    ["soon", null],
    ["Infinity", null],
    ["Sun, 22 Nov 2026 12:00:30 GMT", 30_000],
    ["Sun, 22 Nov 2026 11:00:00 GMT", 0],
    ["2026-11-22T12:00:30Z", null],
    ["Sun, 99 Nov 2026 12:00:30 GMT", null],
  ];
  for (const [header, expected] of table) expect([header, retryAfterMsOf(header, now)]).toEqual([header, expected]);
});

test("keys: the same gives the same, two never give one, each fits into a header", () => {
  const keys = [
    "chat-7/0/trigger/ops",
    "a.b",
    "a b",
    "值班",
    "x".repeat(151),
    "x".repeat(152),
    "",
    "\n",
    "a\u0000b",
    "\ud800",
  ];
  const safe = keys.map(safeKey);
  expect(new Set(safe).size).toBe(keys.length);
  expect(safe[0]).toBe(keys[0]);
  for (const key of safe) expect(key).toMatch(/^[\w=/:-]{1,150}$/);
  expect(keys.map(safeKey)).toEqual(safe);
});

test("words of ours are not taken for secrets, and short secrets spoil no sentence", () => {
  const pieces = piecesOf(["https://hooks.example.com/api/v2/alerts", "abc", ""]);
  const said = "Refused by hooks.example.com: alerts of abc are not taken";
  expect(keptAnswer(unsent(said, BACKOFF), pieces).said).toBe(said);
  const loud = { ...unsent(`told /API/v2/alerts ${"x".repeat(1_000)}`, BACKOFF), code: "/api/v2/alerts" };
  const kept = keptAnswer(loud, pieces);
  expect([kept.code, kept.said.slice(0, 14), kept.said.length]).toEqual(["(hidden)", "told (hidden) ", 300]);
});
