// Aim: what each vendor documents leads to the right next step and says what to mend; a channel that is set up wrongly is told so by its
// receiver. Method: tables of documented answers, and receivers that check signature, keyword, clock and key as the vendors do.

import { afterAll, expect, test } from "vitest";

import { send } from "../../workers/alerts/channels.send.ts";
import { outside } from "../../workers/outside.ts";
import type { Dialect } from "../local/alert-receivers.server.ts";
import { ALERT, expectKept, inShort, judged, line, settingsOf } from "./alert-sending.ts";

afterAll(() => console.log(`alert vendors: ${judged()} answers judged`));

/** What each vendor documents: status, body, and what becomes of it. `said` holds the word that helps. */
const DOCUMENTED: readonly (readonly [Dialect, number, string, string, string])[] = [
  ["slack", 404, "no_service", "never, disabled", "no_service"],
  ["slack", 404, "channel_not_found", "never, disabled", "make a new webhook"],
  ["slack", 410, "channel_is_archived", "never, disabled", "channel_is_archived"],
  ["slack", 403, "action_prohibited", "never", "workspace"],
  ["slack", 400, "invalid_payload", "never", "invalid_payload"],
  ["slack", 200, "no_service", "backoff", "no_service"],
  ["slack", 200, "okay", "backoff", "okay"],
  ["slack", 500, "rollup_error", "backoff", "rollup_error"],
  ["teams", 200, "1", "never", "answers 202"],
  [
    "teams",
    401,
    '{"error":{"code":"DirectApiAuthorizationRequired","message":"sig"}}',
    "never",
    "copy the workflow's URL",
  ],
  ["teams", 404, '{"error":{"code":"WorkflowNotFound","message":"gone"}}', "never, disabled", "make a new one"],
  ["teams", 400, '{"error":{"code":"WorkflowTriggerIsNotEnabled","message":"off"}}', "never", "switch it on"],
  ["teams", 400, '{"error":{"code":"Else","message":"what"}}', "never", "what"],
  ["discord", 404, '{"code":10015,"message":"Unknown Webhook"}', "never, disabled", "Unknown Webhook"],
  ["discord", 401, '{"code":50027,"message":"Invalid Webhook Token"}', "never, disabled", "make a new one"],
  ["discord", 400, '{"code":50035,"message":"Invalid Form Body"}', "never", "Invalid Form Body"],
  [
    "discord",
    429,
    '{"message":"You are being rate limited.","retry_after":0.337,"global":false}',
    "after 337",
    "rate limited",
  ],
  ["discord", 200, '{"id":7}', "backoff", "own word"],
  ["discord", 204, "", "accepted", "204"],
  ["telegram", 200, '{"ok":false,"error_code":500,"description":"later"}', "backoff", "later"],
  ["telegram", 401, '{"ok":false,"error_code":401,"description":"Unauthorized"}', "never", "BotFather"],
  ["telegram", 404, '{"ok":false,"error_code":404,"description":"Not Found"}', "never", "BotFather"],
  [
    "telegram",
    403,
    '{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked"}',
    "never, disabled",
    "blocked",
  ],
  [
    "telegram",
    400,
    '{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}',
    "never",
    "chat not found",
  ],
  [
    "telegram",
    400,
    '{"ok":false,"error_code":400,"parameters":{"migrate_to_chat_id":-100777}}',
    "never",
    "chat to -100777",
  ],
  ["telegram", 429, '{"ok":false,"error_code":429,"parameters":{"retry_after":12}}', "after 12000", "Too many"],
  ["pagerduty", 400, '{"status":"invalid event","errors":["Length of routing_key"]}', "never", "Length of routing_key"],
  ["pagerduty", 202, '{"status":"throttled"}', "backoff", "throttled"],
  ["pagerduty", 202, "", "backoff", "own word"],
  ["pagerduty", 200, '{"status":"success"}', "backoff", "own word"],
  ["pagerduty", 429, "", "backoff", "Too many"],
  ["alertmanager", 400, '"bad request"', "never", "bad request"],
  ["alertmanager", 401, "no", "never", "token"],
  ["alertmanager", 202, "", "backoff", "own word"],
  ["feishu", 200, '{"code":19021,"msg":"sign match fail"}', "never", "signing secret"],
  ["feishu", 200, '{"code":19022,"msg":"Ip Not Allowed"}', "never", "list of addresses"],
  ["feishu", 200, '{"code":19024,"msg":"Key Words Not Found"}', "never", "option keyword"],
  [
    "feishu",
    200,
    '{"code":19001,"msg":"param invalid: incoming webhook access token invalid"}',
    "never, disabled",
    "new one",
  ],
  ["feishu", 200, '{"code":9499,"msg":"Bad Request"}', "never", "Bad Request"],
  ["feishu", 400, '{"code":9499,"msg":"Bad Request"}', "never", "Bad Request"],
  ["feishu", 200, '{"code":11232,"msg":"frequency limited"}', "after 60000", "frequency limited"],
  ["feishu", 200, '{"code":12345,"msg":"who knows"}', "backoff", "12345"],
  ["feishu", 200, '{"StatusCode":0,"StatusMessage":"success"}', "accepted", "code 0"],
  ["dingtalk", 200, '{"errcode":310000,"errmsg":"keywords not in content"}', "never", "keywords not in content"],
  ["dingtalk", 200, '{"errcode":300001,"errmsg":"token is not exist"}', "never, disabled", "make a new one"],
  ["dingtalk", 200, '{"errcode":130101,"errmsg":"send too fast"}', "after 60000", "send too fast"],
  ["dingtalk", 200, '{"errcode":-1,"errmsg":"system busy"}', "backoff", "system busy"],
  ["dingtalk", 200, '{"errcode":430102,"errmsg":"x"}', "never", "improper"],
  ["wecom", 200, '{"errcode":93000,"errmsg":"invalid webhook url"}', "never, disabled", "invalid webhook url"],
  ["wecom", 200, '{"errcode":45009,"errmsg":"api freq out of limit"}', "after 60000", "freq"],
  ["wecom", 200, '{"errcode":40008,"errmsg":"invalid message type"}', "never", "invalid message type"],
  ["wecom", 200, '{"errcode":-1,"errmsg":"system busy"}', "backoff", "system busy"],
  ["webhook", 404, "deploying", "backoff", "deploying"],
  ["webhook", 401, "", "backoff", "401"],
  ["webhook", 299, "", "accepted", "299"],
  ["email-http", 409, '{"name":"concurrent_idempotent_requests","message":"m"}', "backoff", "under way"],
  ["email-http", 409, '{"name":"invalid_idempotent_request","message":"m"}', "never", "was taken"],
  ["email-http", 403, '{"name":"invalid_api_key","message":"API key is invalid"}', "never", "check both"],
  ["email-http", 422, '{"name":"validation_error","message":"Invalid to field"}', "never", "Invalid to field"],
  ["email-http", 200, '{"name":"odd"}', "backoff", "own word"],
];

test.each(DOCUMENTED)("%s: %i %s is %s", async (dialect, status, body, expected, word) => {
  const { receiver, send: sent, secrets } = await line(dialect);
  receiver.reply = { status, body };
  const answer = await sent();
  expect([inShort(answer), answer.httpStatus]).toEqual([expected, status]);
  expect(answer.said).toContain(word);
  expectKept(answer, secrets);
});

/** Set up wrongly: the receivers' own complaints, by name of the secret and its wrong value. */
const MISUSED: readonly (readonly [Dialect, Readonly<Record<string, string>>, string, string])[] = [
  ["webhook", { KEY: "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" }, "backoff", "signature"],
  ["webhook", { KEY: "not-a-secret-of-ours" }, "never", "whsec_"],
  ["telegram", { KEY: "123456789:BBtelegramtoken0123456789_abcdefghi" }, "never", "BotFather"],
  ["telegram", { KEY: "../../evil" }, "never", "not a token"],
  ["pagerduty", { KEY: "short" }, "never", "routing_key"],
  ["alertmanager", { KEY: "another-bearer-0123456789" }, "never", "set its token"],
  ["feishu", { KEY: "SECother0123456789" }, "never", "signing secret"],
  ["dingtalk", { KEY: "SECother0123456789" }, "never", "sign not match"],
  ["email-http", { KEY: "re_other0123456789" }, "never", "check both"],
];

test.each(MISUSED)("%s with %j is %s", async (dialect, wrong, expected, word) => {
  const { send: sent, secrets } = await line(dialect, wrong);
  const answer = await sent();
  expect(inShort(answer)).toBe(expected);
  expect(answer.said).toContain(word);
  expectKept(answer, [...secrets, ...Object.values(wrong).filter((value) => value.length > 6)]);
});

test.each(["feishu", "dingtalk"] as const)(
  "%s without its keyword is refused by the bot, in its own words",
  async (dialect) => {
    const { settings, world } = await line(dialect);
    const answer = await send(ALERT, { ...settings, options: {} }, world);
    expect([inShort(answer), answer.httpStatus]).toEqual(["never", 200]);
    expect(answer.said).toMatch(/keyword/i);
  },
);

test.each(["feishu", "dingtalk"] as const)("%s with a clock that is two hours ahead is refused", async (dialect) => {
  const { send: sent, world } = await line(dialect);
  const answer = await sent(ALERT, { outside: { ...world.outside, now: () => outside.now() + 7_200_000 } });
  expect(inShort(answer)).toBe("never");
  expect(answer.said).toContain("clock");
});

test("Discord is asked to wait until the message is stored, in the thread that the address names", async () => {
  const { receiver, settings, world } = await line("discord");
  const url = `${receiver.origin}/api/webhooks/1/token?thread_id=1311111111111111112`;
  const answer = await send(ALERT, settings, { ...world, secretOf: () => url });
  expect([inShort(answer), answer.httpStatus]).toEqual(["accepted", 200]);
  expect(String(receiver.seen[0]?.query)).toBe("thread_id=1311111111111111112&wait=true");
});

test("a code that is the secret is not kept", async () => {
  const { receiver, send: sent, secrets } = await line("dingtalk", { KEY: "1234567890123" });
  receiver.reply = { status: 200, body: '{"errcode":1234567890123,"errmsg":"no"}' };
  expectKept(await sent(), [...secrets, "1234567890123"]);
});

test("a webhook's secret may be changed: both signatures go along, and either is enough", async () => {
  const old = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const { receiver, send: sent } = await line("webhook", { KEY: `whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA ${old}` });
  expect(inShort(await sent())).toBe("accepted");
  expect(String(receiver.seen[0]?.headers["webhook-signature"]).split(" ")).toHaveLength(2);
});

test("the same key goes with every try", async () => {
  for (const [dialect, header] of [
    ["webhook", "webhook-id"],
    ["email-http", "idempotency-key"],
  ] as const) {
    const { receiver, send: sent } = await line(dialect);
    const odd = { ...ALERT, key: "chat 7.trigger.ops \u{1f525}\n" };
    await sent(odd);
    await sent(odd);
    await sent();
    const keys = receiver.seen.map(({ headers }) => headers[header]);
    expect(keys[0]).toMatch(/^sha256=[0-9a-f]{64}$/);
    expect(keys).toEqual([keys[0], keys[0], ALERT.key]);
  }
});

test("settings for another vendor's address of one's own are kept to", async () => {
  const { receiver, settings, world, secrets } = await line("pagerduty");
  const asked: string[] = [];
  const spying = { ...world.outside, fetch: (url: string) => Promise.reject(new Error(String(asked.push(url)))) };
  await send(ALERT, { ...settings, options: { host: "events.eu.pagerduty.com" } }, { ...world, outside: spying });
  await send(ALERT, { ...settingsOf("telegram", "OWN", "KEY") }, { ...world, outside: spying, secretOf: ownBot });
  expect(asked).toEqual([
    "https://events.eu.pagerduty.com/v2/enqueue",
    "https://bots.example.com/bot123456789:AAtelegramtoken0123456789_abcdefghi/sendMessage",
  ]);
  const inside = await send(ALERT, { ...settings, options: { host: "10.0.0.1" } }, world);
  expect([inShort(inside), receiver.seen.length]).toEqual(["never", 0]);
  expectKept(inside, secrets);
});

function ownBot(name: string): string {
  return name === "OWN" ? "https://bots.example.com/" : "123456789:AAtelegramtoken0123456789_abcdefghi";
}
