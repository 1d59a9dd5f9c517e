// What a visitor may ask for: to be told by mail, Slack or webhook, of all targets and regions or of some. Judged strictly before
// anything is kept or sent, since whoever fills in the form is a stranger. Pure; called by the herald with what the page's form says.

import { LANGUAGES } from "../../schema/words.ts";
import type { Language } from "../../schema/words.ts";
import type { Config } from "../config/config.ts";
import { refusalOfAddress } from "./reach.ts";

export const SUBSCRIBER_CHANNELS = ["email", "slack", "webhook"] as const;
export type SubscriberChannel = (typeof SUBSCRIBER_CHANNELS)[number];

/** The one herald's name among its kind. */
export const HERALD = "herald";

/** What is told. Null: all, those to come included. */
export interface Choice {
  readonly language: Language;
  readonly targets: readonly string[] | null;
  readonly regions: readonly string[] | null;
}

export interface SubscriptionAsk extends Choice {
  readonly channel: SubscriberChannel;
  readonly address: string;
}

export interface Subscriber extends SubscriptionAsk {
  readonly id: string;
  /** HMAC of channel and address. */
  readonly who: string;
  readonly secret: string | null;
  readonly askedAt: number;
  /** Null: not yet. */
  readonly confirmedAt: number | null;
  /** Null: it is confirmed. */
  readonly expiresAt: number | null;
}

/** Why nothing was done. `full`: no more are taken. `busy`: too many have asked of late. `unproven`: the receiver did not answer the challenge. */
export type SubscriptionRefusal =
  | "address"
  | "choice"
  | "channel"
  | "closed"
  | "full"
  | "busy"
  | "unknown"
  | "unproven";

/** What the herald answers to the page. */
export type SubscriptionAnswer =
  | { readonly ok: false; readonly refused: SubscriptionRefusal }
  /** `asked`: said to everybody whose form is right, whoever is subscribed already. `secret`, `token`: of a webhook, shown once. */
  | { readonly ok: true; readonly done: "asked"; readonly secret: string | null; readonly token: string | null }
  | { readonly ok: true; readonly done: "seen" | "confirmed" | "changed"; readonly kept: KeptChoice }
  | { readonly ok: true; readonly done: "ended" };

/** What its owner is shown. `hint`: enough of the address to know it again, too little to learn it. */
export interface KeptChoice extends Choice {
  readonly channel: SubscriberChannel;
  readonly hint: string;
  /** Signed: leads to the page that changes and ends it. */
  readonly token: string;
}

/** What the herald does for the page. Texts are tokens of links; `unconfirmed` and `show` change nothing. */
export interface HeraldDesk {
  /** `visitor`: the network that asks, to be counted by; null: not known. */
  ask(asked: SubscriptionAsk, visitor: string | null): Promise<SubscriptionAnswer>;
  unconfirmed(text: string): Promise<SubscriptionAnswer>;
  confirm(text: string): Promise<SubscriptionAnswer>;
  show(text: string): Promise<SubscriptionAnswer>;
  change(text: string, choice: Choice): Promise<SubscriptionAnswer>;
  end(text: string): Promise<SubscriptionAnswer>;
}

/** RFC 5321, 4.5.3.1: the whole is at most 254. */
const MAIL_CHARS_MAX = 254;
const MAIL_LOCAL_CHARS_MAX = 64;
/** RFC 5322's dot-atom in ASCII: quotes, comments, routes, lists, display names and anything that could end a header are no part of it. */
const LOCAL = /^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/;
const SLACK = /^https:\/\/hooks\.slack(-gov)?\.com\/(services|workflows|triggers)\/[\w/-]{8,200}$/;

/** The address as it is kept, domain in small letters; null: it is none. Names of inside are none either. */
export function mailAddressOf(text: string): string | null {
  const at = text.lastIndexOf("@");
  const local = text.slice(0, Math.max(0, at));
  const domain = text.slice(at + 1).toLowerCase();
  if (text.length > MAIL_CHARS_MAX || local.length > MAIL_LOCAL_CHARS_MAX) return null;
  if (!LOCAL.test(local) || !DOMAIN.test(domain)) return null;
  return refusalOfAddress(`https://${domain}/`, { ports: [], allowsLoopback: false }) === null
    ? `${local}@${domain}`
    : null;
}

/** What is kept of the form, or why nothing is. `allowsLoopback`: receivers on one's own machine, for `npm start` and tests. */
export function judgeAsk(
  ask: SubscriptionAsk,
  config: Pick<Config, "subscriptions" | "targets" | "regions" | "languages">,
  allowsLoopback: boolean,
): SubscriptionAsk | SubscriptionRefusal {
  const { subscriptions } = config;
  const isOffered = {
    email: (subscriptions?.email ?? null) !== null,
    slack: subscriptions?.slack === true,
    webhook: subscriptions?.webhooks === true,
  };
  if (!Object.hasOwn(isOffered, ask.channel) || !isOffered[ask.channel]) return "channel";
  const address = addressOf(ask.channel, ask.address.trim(), allowsLoopback);
  if (address === null) return "address";
  const choice = judgeChoice(ask, config);
  return choice === null ? "choice" : { ...choice, channel: ask.channel, address };
}

/** Null: names what is not there, or nothing at all. Whoever names everything gets everything, also what is to come. */
export function judgeChoice(
  { language, targets, regions }: Choice,
  config: Pick<Config, "targets" | "regions" | "languages">,
): Choice | null {
  if (!LANGUAGES.includes(language) || !config.languages.includes(language)) return null;
  const some = (chosen: readonly string[] | null, all: readonly { readonly id: string }[]) => {
    if (chosen === null) return null;
    const ids = all.map(({ id }) => id).filter((id) => chosen.includes(id));
    const isWhole = new Set(chosen).size === ids.length;
    return ids.length === 0 || !isWhole ? undefined : ids.length === all.length ? null : ids;
  };
  const [someTargets, someRegions] = [some(targets, config.targets), some(regions, config.regions)];
  if (someTargets === undefined || someRegions === undefined) return null;
  return { language, targets: someTargets, regions: someRegions };
}

function addressOf(channel: SubscriberChannel, text: string, allowsLoopback: boolean): string | null {
  if (channel === "email") return mailAddressOf(text);
  if (refusalOfAddress(text, { ports: [], allowsLoopback }) !== null) return null;
  const isOwn = allowsLoopback && /^http:\/\/(127\.0\.0\.1|localhost)[:/]/.test(text);
  return channel === "webhook" || isOwn || SLACK.test(text) ? text : null;
}

/**
 * Whose door it is that somebody knocks at, for counting only: most providers deliver all spellings of a name, with dots in it and with
 * a tag behind a plus, to one mailbox. To others nothing is sent less: who shares a count only waits for a day.
 */
export function doorOf({ channel, address }: Pick<SubscriptionAsk, "channel" | "address">): string {
  if (channel !== "email") return address.replace(/#.*$/s, "");
  const at = address.lastIndexOf("@");
  const [name = ""] = address.slice(0, at).toLowerCase().replaceAll(".", "").split("+");
  return `${name}${address.slice(at)}`;
}

/** "l…@example.com", "https://hooks.example.com/…". */
export function hintOf({ channel, address }: Pick<SubscriptionAsk, "channel" | "address">): string {
  if (channel !== "email") return `${URL.parse(address)?.origin ?? ""}/…`;
  return `${address.slice(0, 1)}…${address.slice(address.lastIndexOf("@"))}`;
}
