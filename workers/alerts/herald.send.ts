// Takes what is due for subscribers to where they want it, with the same senders, keys and pauses as everything else, and writes down
// what was answered. Mails leave one after the other, since they all go through one provider; the others side by side. Asks a
// webhook to prove itself. Keeps addresses out of what is kept. Owned by `herald.do.ts`.

import { base64UrlOf } from "../config/base64.ts";
import type { ChannelSettings } from "../config/alerts/alerting.ts";
import { outside, sleep } from "../outside.ts";
import type { Alert, ChannelAnswer } from "./alert.ts";
import { accepted, BACKOFF, byStatus, NEVER, refused, unsent } from "./answer.ts";
import { deliver } from "./ask.send.ts";
import type { SendWorld } from "./ask.send.ts";
import { send } from "./channels.send.ts";
import { type Errand, worldOf } from "./courier.send.ts";
import { CONFIRM, type HeraldStore } from "./herald.store.ts";
import { END_OPTION } from "./mail.ts";
import { type NewsLine, tried } from "./news-line.ts";
import { confirmMessage, newsMessage } from "./news-message.ts";
import type { SecretBytes } from "./signed-text.ts";
import { webhookSignature } from "./signing.ts";
import { subscriptionToken } from "./subscription-link.ts";
import type { Subscriber } from "./subscription.ts";

/** Below the fifty requests that a Worker of the Free plan may make at once. */
const AT_ONCE = 20;
/** Two a second: what providers allow without being asked. */
export const MAIL_PACE_MS = 500;
const CHALLENGE_BYTES = 24;
/** After a mistake of our own. */
const BROKEN_MS = 600_000;
/** The last try is a day after the first; an hour more for a herald that was held up. */
const STALE_MS = 25 * 3_600_000;

export interface HeraldErrand extends Omit<Errand, "target"> {
  /** Signs the links. */
  readonly key: SecretBytes;
}

/** One try of what is due, at most twenty. Never rejects for one of them: the others go on. */
export async function carryNews(store: HeraldStore, errand: HeraldErrand): Promise<void> {
  const lines = store.due(outside.now(), AT_ONCE);
  const isMail = ({ subscriber }: NewsLine): boolean => store.find(subscriber)?.channel === "email";
  const one = async (line: NewsLine): Promise<void> => {
    try {
      await carryLine(store, errand, line);
    } catch (problem) {
      // Ours, not the receiver's; without a name of anybody.
      errand.report(`news were not sent: ${problem instanceof Error ? problem.name : "unknown"}`);
      // Twenty of these in front would hold up everybody behind them for ever.
      const broken = store.lineOf(line.subscriber, line.matter);
      if (broken?.tryAt === line.tryAt) store.keepLine({ ...broken, tryAt: outside.now() + BROKEN_MS });
    }
  };
  const mails = async (): Promise<void> => {
    for (const line of lines.filter(isMail)) {
      const pause = sleep(outside, MAIL_PACE_MS);
      await one(line);
      await pause;
    }
  };
  await Promise.all([mails(), ...lines.filter((line) => !isMail(line)).map(one)]);
}

async function carryLine(store: HeraldStore, errand: HeraldErrand, planned: NewsLine): Promise<void> {
  // It waited for those before it: meanwhile it may have been unsubscribed, or changed.
  const subscriber = store.find(planned.subscriber);
  const line = store.lineOf(planned.subscriber, planned.matter);
  if (subscriber === null || line?.tryAt !== planned.tryAt || line.tryAt === null) return;
  const now = outside.now();
  const settled = { ...line, tryAt: null, trying: null, firstTriedAt: null, tries: 0 };
  // Subscriptions were closed meanwhile, or nothing could be sent: yesterday's news are none.
  if (now - (line.firstTriedAt ?? line.tryAt) > STALE_MS) return store.keepLine(settled);
  const trying = line.trying ?? line.wanted;
  const firstTriedAt = line.firstTriedAt ?? now;
  const own = { ...line, trying, firstTriedAt };
  // Before the first try: each later one has the same key and the same words.
  store.keepLine(own);
  const key = line.matter === CONFIRM ? `confirm/${subscriber.id}` : `news/${subscriber.id}/${line.matter}/${trying}`;
  const message = await composed(store, errand, subscriber, own, key);
  if (message === null) return store.keepLine(settled);
  const answer = await sendTo(message, subscriber, errand);
  const at = outside.now();
  const [chance = 0] = outside.random(1);
  const next = tried(own, answer, at, chance / 255);
  store.answered(key, subscriber.who, own.tries + 1, answer, at, next.line);
  // The receiver says that the address is gone for good: nothing goes there any more, so nothing is kept of it.
  if (answer.disable) store.remove(subscriber.id);
}

interface Message {
  readonly alert: Alert;
  /** Signed, and so a secret. */
  readonly link: string;
  /** Of news: where mail programs end the subscription. */
  readonly endUrl: string | null;
}

/** Null: nothing is to be said any more. */
async function composed(
  store: HeraldStore,
  { config, key: secret }: HeraldErrand,
  subscriber: Subscriber,
  line: NewsLine & { readonly trying: number },
  key: string,
): Promise<Message | null> {
  const { id, expiresAt } = subscriber;
  if (line.matter === CONFIRM) {
    const token = await subscriptionToken({ use: "confirm", id, expiresAt }, secret);
    const confirmUrl = `${config.url}/${subscriber.language}/subscribe/confirm/${token}`;
    return { alert: confirmMessage(subscriber, config, { key, confirmUrl }), link: confirmUrl, endUrl: null };
  }
  const news = store.news(line.matter, line.trying);
  if (news === null || news.kind === "off" || store.isOff(line.matter)) return null;
  const token = await subscriptionToken({ use: "keep", id, expiresAt: null }, secret);
  const endUrl = `${config.url}/${subscriber.language}/subscription/${token}`;
  const told = { key, endUrl, isFirst: line.told === 0 };
  return { alert: newsMessage({ ...news, kind: news.kind }, subscriber, config, told), link: endUrl, endUrl };
}

async function sendTo(
  { alert, link, endUrl }: Message,
  subscriber: Subscriber,
  errand: HeraldErrand,
): Promise<ChannelAnswer> {
  const { channel, address, secret, id, language } = subscriber;
  const world = worldOf(errand);
  const own: SendWorld = {
    ...world,
    // Receivers repeat what they were sent: neither the address nor the link is in a receipt.
    hidden: [address, link, ...(secret === null ? [] : [secret])],
    // Names that no secret of the Worker has: they begin with a sign that none may begin with.
    secretOf: (name) => (name === "/address" ? address : name === "/secret" ? secret : world.secretOf(name)),
  };
  const settings = channel === "email" ? mailOf(errand, subscriber, endUrl) : settingsOf(channel, id, language);
  if (settings === null) return unsent("Nothing was sent: the configuration has no channel for mail.", NEVER);
  const answer = await send(alert, settings, own);
  return channel === "email" && isOurs(answer) ? { ...answer, again: BACKOFF, disable: false } : answer;
}

/** The provider of mail refuses us, not this subscriber: its key, its sender or its own address. Somebody will mend that. */
function isOurs({ accepted: taken, httpStatus, code }: ChannelAnswer): boolean {
  if (taken) return false;
  return httpStatus === null ? code === null : [401, 403, 404, 410].includes(httpStatus);
}

function settingsOf(channel: "slack" | "webhook", id: string, language: Subscriber["language"]): ChannelSettings {
  return {
    channel,
    id,
    language,
    urlSecret: "/address",
    keySecret: channel === "webhook" ? "/secret" : null,
    options: {},
  };
}

/** The configured channel with the subscriber in place of its own recipient. */
function mailOf({ config }: HeraldErrand, { address }: Subscriber, endUrl: string | null): ChannelSettings | null {
  const settings = config.alerting?.channels.find(({ id }) => id === config.subscriptions?.email);
  if (settings === undefined) return null;
  const options = { ...settings.options, to: address, ...(endUrl === null ? {} : { [END_OPTION]: endUrl }) };
  return { ...settings, options };
}

/**
 * Whether a webhook is its owner's: it is asked with a signed request, and answers 2xx with `{"challenge": "<the same>"}`. Never
 * rejects; nothing is tried twice.
 */
export async function provesItself(subscriber: Subscriber, errand: HeraldErrand): Promise<ChannelAnswer> {
  const { address, secret, id, language, askedAt } = subscriber;
  const challenge = base64UrlOf(outside.random(CHALLENGE_BYTES));
  const seconds = Math.floor(outside.now() / 1_000);
  const timestamp = new Date(seconds * 1_000).toISOString();
  const body = JSON.stringify({ type: "subscription.challenge", timestamp, data: { challenge } });
  const key = `challenge/${id}/${challenge.slice(0, 8)}`;
  const signature = secret === null ? null : webhookSignature(secret, { id: key, seconds, body });
  if (signature === null) return unsent("Nothing was sent: there is no secret.", NEVER);
  const headers = { "webhook-id": key, "webhook-timestamp": String(seconds), "webhook-signature": signature };
  const alert = confirmMessage({ language, askedAt }, errand.config, { key, confirmUrl: "" });
  const world = worldOf(errand);
  return deliver(world, { alert, url: address, headers, body, secrets: [secret] }, (said) => {
    const isRight = said.status >= 200 && said.status < 300 && said.json?.["challenge"] === challenge;
    if (isRight) return accepted(said, null, "challenge");
    return said.status < 300 ? refused(said, null, "The challenge was not answered.", BACKOFF) : byStatus(said);
  });
}
