// For the tests of the alert channels: a local receiver for each dialect, the settings that lead to it, and the world in which the two
// meet. Fixed hosts of vendors are led to the receiver here, in the test's own fetch. Called by the tests beside it.

import { expect, onTestFinished } from "vitest";

import type { ChannelName } from "../../schema/words.ts";
import type { Alert, ChannelAnswer } from "../../workers/alerts/alert.ts";
import type { SendWorld } from "../../workers/alerts/ask.send.ts";
import { send } from "../../workers/alerts/channels.send.ts";
import type { ChannelSettings } from "../../workers/config/alerts/alerting.ts";
import { type Outside, outside } from "../../workers/outside.ts";
import { type Dialect, type Receiver, startReceiver } from "../local/alert-receivers.server.ts";

/** The path of each address, with what is secret in it; null: the channel has a fixed host. */
const PATHS: Readonly<Record<Dialect, string | null>> = {
  webhook: "/hooks/webhook-path-0123456789",
  slack: "/services/T01234567/B01234567/slackpath0123456789",
  teams: "/workflows/0123456789abcdef?api-version=1&sig=teams-signature-0123456789",
  discord: "/api/webhooks/1311111111111111111/discord-token-0123456789",
  telegram: null,
  pagerduty: null,
  alertmanager: "/",
  feishu: "/open-apis/bot/v2/hook/feishu-hook-0123456789",
  dingtalk: "/robot/send?access_token=dingtalk-token-0123456789",
  wecom: "/cgi-bin/webhook/send?key=wecom-key-0123456789",
  "email-http": "/emails",
};

const KEYS: Readonly<Record<Dialect, string | null>> = {
  webhook: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  slack: null,
  teams: null,
  discord: null,
  telegram: "123456789:AAtelegramtoken0123456789_abcdefghi",
  pagerduty: "routkey0123456789abcdef012345678",
  alertmanager: "bearer-0123456789-of-ours",
  feishu: "SECfeishu0123456789",
  dingtalk: "SECdingtalk0123456789",
  wecom: null,
  "email-http": "re_emailhttp0123456789",
};

const OPTIONS: Partial<Readonly<Record<ChannelName, Readonly<Record<string, string>>>>> = {
  telegram: { chat: "-1001234567890" },
  feishu: { keyword: "Wächter" },
  dingtalk: { keyword: "值班" },
  email: { from: "sonde@example.com", to: "ops@example.com, night@example.com" },
  "email-http": { from: "Sonde <sonde@example.com>", to: "ops@example.com" },
};

export const DIALECTS = Object.keys(PATHS) as readonly Dialect[];

export const ALERT: Alert = {
  key: "chat-7/0/trigger/ops",
  incident: "chat-7",
  kind: "trigger",
  severity: "critical",
  language: "en",
  source: "Example status",
  target: "chat",
  regions: ["weur", "enam"],
  title: "chat: messages are lost in weur and enam",
  sentence: "412 of 1,200 messages were lost since 12:00:10 UTC.\nPublishing works, delivery does not.",
  facts: [
    { name: "Regions", value: "weur, enam" },
    { name: "Since", value: "2026-11-22 12:00:10 UTC" },
  ],
  startedAt: Date.UTC(2026, 10, 22, 12, 0, 10),
  endedAt: null,
  pageUrl: "https://status.example.com/incidents/chat-7",
  ackUrl: "https://status.example.com/ack/eyJpbmNpZGVudCI6ImNoYXQtNyJ9.c2lnbmF0dXJl0123456789",
};

export interface Line {
  readonly receiver: Receiver;
  readonly settings: ChannelSettings;
  readonly world: SendWorld;
  /** Everything that must be in no answer. */
  readonly secrets: readonly string[];
  send(alert?: Alert, change?: Partial<SendWorld>): Promise<ChannelAnswer>;
}

/** A channel and its receiver. `wrong`: secrets by name (URL, KEY) other than the receiver's. */
export async function line(dialect: Dialect, wrong: Readonly<Record<string, string>> = {}): Promise<Line> {
  const options = OPTIONS[dialect] ?? {};
  const receiver = await startReceiver(dialect, { key: KEYS[dialect], keyword: options["keyword"] ?? null });
  onTestFinished(() => receiver.close());
  const path = PATHS[dialect];
  const values = { URL: path === null ? null : `${receiver.origin}${path}`, KEY: KEYS[dialect], ...wrong };
  const settings = settingsOf(dialect, path === null ? null : "URL", values.KEY === null ? null : "KEY");
  const world: SendWorld = {
    outside: { ...outside, fetch: (url, init) => fetch(led(url, receiver), init) },
    secretOf: (name) => values[name as keyof typeof values] ?? null,
    allowsLoopback: true,
    sendEmail: null,
  };
  // Where the path is a word of the API, the address is none.
  const isSecret = path !== null && path.length > 8;
  const parts = [...(isSecret ? [values.URL, path] : []), values.KEY, ALERT.ackUrl].filter((secret) => secret !== null);
  const tokens = parts.flatMap((secret) => [secret ?? "", ...(secret?.match(/[\w-]{16,}/g) ?? [])]);
  return {
    receiver,
    settings,
    world,
    secrets: tokens,
    send: (alert = ALERT, change = {}) => send(alert, settings, { ...world, ...change }),
  };
}

export function settingsOf(channel: ChannelName, urlSecret: string | null, keySecret: string | null): ChannelSettings {
  return { channel, id: `my-${channel}`, language: "en", urlSecret, keySecret, options: OPTIONS[channel] ?? {} };
}

/** The vendor's fixed host is the receiver. */
function led(url: string, receiver: Receiver): string {
  return url.replace(/^https:\/\/(api\.telegram\.org|events\.pagerduty\.com)(?=\/)/, receiver.origin);
}

/** Deadlines come at once: for receivers that never answer. */
export function impatient(from: Outside): Outside {
  return { ...from, after: (delayMs, callback) => from.after(Math.min(delayMs, 60), callback) };
}

/** In short: what became of it. */
export function inShort({ accepted, again, disable }: ChannelAnswer): string {
  if (accepted) return "accepted";
  const when = again.when === "after" ? `after ${again.ms}` : again.when;
  return disable ? `${when}, disabled` : when;
}

let kept = 0;

/** How many answers have been looked at. */
export function judged(): number {
  return kept;
}

/** The answer may be kept: short, on one line, nothing hidden in it, and none of the secrets. */
export function expectKept(answer: ChannelAnswer, secrets: readonly string[]): void {
  kept += 1;
  const text = JSON.stringify(answer).toLowerCase();
  for (const secret of secrets) expect(text).not.toContain(secret.toLowerCase());
  expect(answer.said.length).toBeLessThanOrEqual(300);
  expect(answer.said).not.toBe("");
  expect(answer.said).not.toMatch(/[\n\p{Cf}]/u);
}

/** What a receiver could only say to whoever signed. */
export function signaturesOf(
  seen: { readonly body: string; readonly query: URLSearchParams } | undefined,
): readonly string[] {
  const inBody = /"sign":"([^"]+)"/.exec(seen?.body ?? "")?.[1];
  return [inBody, seen?.query.get("sign")].filter((sign) => typeof sign === "string");
}
