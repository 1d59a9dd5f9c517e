// A fleet with somebody on duty that visitors can subscribe to: the real page, herald and Duty, and in place of the network receivers
// that take mail, Slack messages and webhooks, and answer as the test says. Checks nothing itself.

import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { drizzle } from "drizzle-orm/durable-sqlite";

import { newsReceipts, subscribers } from "../../schema/duty-tables.ts";
import { heraldDesk } from "../../status-page/subscribe.store.ts";
import { statusPage } from "../../status-page/app.tsx";
import type { Herald } from "../../workers/alerts/herald.do.ts";
import { MAIL_PACE_MS } from "../../workers/alerts/herald.send.ts";
import { HERALD } from "../../workers/alerts/subscription.ts";
import { outside } from "../../workers/outside.ts";
import { must } from "../observations.ts";
import { ALERTS, hurry, onDuty } from "./dutying.ts";
import type { OnDuty } from "./dutying.ts";

export const ORIGIN = "https://status.example.com";
export const MAIL_KEY = "re_mail_key_0123456789";

/** One request of the herald's. `to`: the address, whichever way. */
export interface Post {
  readonly at: number;
  readonly to: string;
  readonly key: string;
  readonly subject: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The receiver has it, whatever it answered. */
  readonly taken: boolean;
}

/** `lost`: taken, and the answer never came. */
type Says = "ok" | "lost" | "challenge" | number;

export interface Subscribing {
  readonly on: OnDuty;
  readonly posts: Post[];
  /** What receivers say from now on. */
  says: (post: Omit<Post, "taken">) => Says;
  page(path: string, init?: RequestInit): Promise<Response>;
  /** The form of the page, filled in. */
  subscribe(fields: Readonly<Record<string, string | readonly string[]>>, init?: RequestInit): Promise<Response>;
  press(path: string, body: string): Promise<Response>;
  /** Subscribes by mail and confirms; answers the path that changes and ends it. */
  subscribed(address: string, more?: Readonly<Record<string, string | readonly string[]>>): Promise<string>;
  inHerald<R>(step: (herald: Herald, state: DurableObjectState) => R | Promise<R>): Promise<R>;
  /** Kills the herald where it stands: what it had not written is lost. */
  die(): void;
  /** As the platform does it: nothing leaves an object before what it wrote is durable. */
  written(): Promise<void>;
  /** All alarms of the herald until this instant. */
  until(ms: number): Promise<void>;
  /** Messages that arrived, after deduplication by key: "<address> <subject>". */
  heard(): string[];
}

/** Each form comes from somebody else, unless a test says from where. */
let visitors = 0;
const FORM = { "content-type": "application/x-www-form-urlencoded" };

export async function subscribing(): Promise<Subscribing> {
  const on = await onDuty();
  const { fleet } = on;
  Object.assign(fleet.bindings, { MAIL_URL: "https://mail.example.com/emails", MAIL_KEY });
  fleet.reconfigure((input) => ({
    ...input,
    alerts: {
      ...ALERTS,
      channels: [
        ...ALERTS.channels,
        {
          id: "post",
          channel: "email-http",
          url: "MAIL_URL",
          key: "MAIL_KEY",
          options: { from: "sonde@example.com", to: "nobody@example.com" },
        },
      ],
    },
    subscriptions: { email: "post", webhooks: true, slack: true },
  }));
  // Two mails a second is for providers.
  hurry(MAIL_PACE_MS);
  // From here on the Duty has told that it is there.
  await on.look();
  const { config } = await fleet.current();
  const site = statusPage({
    now: () => outside.now(),
    read: () => Promise.reject(new Error("D1 is away")),
    spare: null,
    report: () => {},
    herald: heraldDesk,
    languages: config.languages,
    places: config,
    config,
  });
  let state: DurableObjectState | null = null;
  const made: Subscribing = {
    on,
    posts: [],
    says: () => "ok",
    page: async (path, init) => site.fetch(new Request(`${ORIGIN}${path}`, init), fleet.bindings),
    subscribe(fields, init = {}) {
      const body = new URLSearchParams();
      for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) body.append(name, one);
      return made.page("/en/subscribe", {
        method: "POST",
        headers: { ...FORM, origin: ORIGIN, "cf-connecting-ip": `2001:db8:0:${(visitors += 1)}::1` },
        body: String(body),
        ...init,
      });
    },
    press: (path, body) => made.page(path, { method: "POST", headers: FORM, body }),
    async subscribed(address, more = {}) {
      await made.subscribe({ channel: "email", address, ...more });
      await made.until(on.now() + 60_000);
      const mail = must(made.posts.findLast(({ to }) => to === address));
      const answer = await made.press(linkIn(mail.text), "act=confirm");
      return must(/href="(\/\w+\/subscription\/[^"]+)"/.exec(await answer.text())?.[1]);
    },
    inHerald: (step) => runInDurableObject(heraldOf(on), step),
    written: async () => state?.storage.sync(),
    die: () => void state?.abort("killed by the test"),
    async until(ms) {
      for (let rings = 0; rings < 500; rings += 1) {
        const alarmAt = await made.inHerald((_herald, own) => ((state = own), own.storage.getAlarm()));
        if (alarmAt === null || alarmAt > ms) break;
        on.at(Math.max(on.now(), alarmAt));
        await runDurableObjectAlarm(heraldOf(on));
      }
      on.at(ms);
    },
    heard() {
      const once = new Map(made.posts.filter(({ taken }) => taken).map((post) => [`${post.to} ${post.key}`, post]));
      return [...once.values()].map(({ to, subject }) => `${to} ${subject}`);
    },
  };
  replaceNetwork(made);
  return made;
}

const linkOf = (text: string): string => /https:\/\/status\.example\.com\/\w+\/subs[\w./-]+/.exec(text)?.[0] ?? "";

/** The path of the one link of ours that a message holds besides its page. */
export function linkIn(text: string): string {
  return must(/https:\/\/status\.example\.com(\/\w+\/(subscribe\/confirm|subscription)\/[\w.-]+)/.exec(text)?.[1]);
}

function heraldOf({ fleet }: OnDuty): DurableObjectStub<Herald> {
  const { HERALD: heralds } = fleet.bindings;
  return heralds.get(heralds.idFromName(HERALD));
}

function replaceNetwork(made: Subscribing): void {
  // `onDuty` put its own there, and undoes both.
  const pagers = outside.fetch;
  outside.fetch = async (url, init) => {
    if (url.startsWith("https://hooks.example.com/ops") || url.startsWith("https://hooks.example.com/ours"))
      return pagers(url, init);
    await made.written();
    const headers = new Headers(init?.headers);
    const text = String(init?.body);
    const body = JSON.parse(text) as Readonly<Record<string, unknown>> & { data?: Record<string, unknown> };
    const isMail = url === "https://mail.example.com/emails";
    const post = {
      at: made.on.now(),
      to: isMail ? String((body["to"] as string[]).join(",")) : url,
      key: headers.get("idempotency-key") ?? headers.get("webhook-id") ?? text,
      subject: String(body["subject"] ?? body.data?.["title"] ?? body["text"] ?? body["type"]),
      text: isMail ? String(body["text"]) : text,
      headers: isMail ? ((body["headers"] ?? {}) as Record<string, string>) : Object.fromEntries(headers),
    };
    // Taken, should the herald die of the answer.
    const at = made.posts.push({ ...post, taken: true }) - 1;
    const says = made.says(post);
    made.posts[at] = { ...post, taken: typeof says !== "number" };
    if (says === "lost") return Promise.reject(new TypeError("Network connection lost."));
    if (typeof says === "number")
      return Promise.resolve(new Response(`{"message":"no ${post.to} ${linkOf(post.text)}"}`, { status: says }));
    if (says === "challenge") return Promise.resolve(Response.json({ challenge: body.data?.["challenge"] }));
    if (isMail) return Promise.resolve(Response.json({ id: `mail-${made.posts.length}` }));
    return Promise.resolve(new Response("ok"));
  };
}

/** What the herald has on its disk. */
export const kept = (all: Subscribing) =>
  all.inHerald((_herald, { storage }) => {
    const db = drizzle(storage);
    return { subscribers: db.select().from(subscribers).all(), receipts: db.select().from(newsReceipts).all() };
  });
