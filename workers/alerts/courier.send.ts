// Takes what is due from the outbox to its channel and writes down what was answered. Each message at least once, always under one
// key and in the same words; one try of it at a time. Decides nothing about who is told. Owned by a target's Duty.

import { secretOf } from "../bindings.ts";
import type { Bindings } from "../bindings.ts";
import { base64UrlOf } from "../config/base64.ts";
import type { Config } from "../config/config.ts";
import type { ChannelSettings } from "../config/alerts/alerting.ts";
import { incidentOf, isPublic } from "../incidents/life.ts";
import { outside } from "../outside.ts";
import { tokenOf } from "./ack-link.ts";
import type { Alert, ChannelAnswer } from "./alert.ts";
import type { SendWorld } from "./ask.send.ts";
import { giveUpNotice, nextTry } from "./backoff.ts";
import { send } from "./channels.send.ts";
import type { DutyStores } from "./decision.store.ts";
import type { TestAnswer } from "./duty-answers.ts";
import { alertOf, voiceOf } from "./message.ts";
import { testAlert } from "./test-message.ts";
import type { Entry } from "./outbox.store.ts";
import { linkKeyOf } from "./link-key.ts";
import { emptyLevels } from "./pages.ts";
import { unheardOf } from "./told.ts";

/** A link that acknowledges is good for so long: an incident that nobody took by then has been told again. */
const LINK_MS = 24 * 3_600_000;
const NONCE_BYTES = 12;
/** An object has six connections: receivers that let us wait must leave some for what has not been tried yet. */
const RETRIES_AT_ONCE = 3;

/** What a courier needs besides the stores. */
export interface Errand {
  readonly env: Bindings;
  readonly config: Config;
  readonly target: string;
  /** For the log: nothing secret is in it. */
  readonly report: (problem: string) => void;
}

/** One try of each message that is due and not under way. Answers whether anything was sent or given up, so that it is planned anew. */
export async function carry(stores: DutyStores, errand: Errand, underWay: Set<string>): Promise<boolean> {
  const waiting = stores.outbox.due(outside.now()).filter(({ key }) => !underWay.has(key));
  const again = waiting.filter(({ tries }) => tries > 0).slice(0, Math.max(0, RETRIES_AT_ONCE - underWay.size));
  const due = [...waiting.filter(({ tries }) => tries === 0), ...again];
  for (const { key } of due) underWay.add(key);
  const ended = await Promise.all(
    due.map(async (entry) => {
      try {
        return await carryOne(stores, errand, entry);
      } catch (problem) {
        // Ours, not the receiver's: it holds up none of the others, is tried again like any other, and in the end given up aloud.
        errand.report(`${entry.kind} to ${entry.channel} was not tried: ${String(problem)}`);
        const at = outside.now();
        return failed(stores, { ...entry, firstTriedAt: entry.firstTriedAt ?? at }, oursAfter(entry.tries), errand, at);
      } finally {
        underWay.delete(entry.key);
      }
    }),
  );
  return ended.includes(true);
}

/** What is kept of a try that never left. What went wrong is in the log; the pauses grow from a second to ten minutes. */
function oursAfter(tries: number): ChannelAnswer {
  const again = { when: "after", ms: Math.min(600_000, 1_000 * 2 ** tries) } as const;
  const said = "It was not sent: Sonde itself failed.";
  return { accepted: false, httpStatus: null, code: "sonde", said, again, disable: false };
}

async function carryOne(stores: DutyStores, errand: Errand, entry: Entry): Promise<boolean> {
  const { store, outbox } = stores;
  const settings = errand.config.alerting?.channels.find(({ id }) => id === entry.channel);
  // The plan drops what waits for a channel that is gone; what was tried there may have arrived, so that it is given up.
  if (settings === undefined) {
    if (entry.firstTriedAt === null) return false;
    outbox.giveUp(entry.id, outside.now());
    return true;
  }
  const firstTriedAt = entry.firstTriedAt ?? outside.now();
  const written = entry.alert === null ? await composed(stores, errand, entry, settings) : null;
  // Meanwhile it may have been overtaken.
  if (outbox.entry(entry.key)?.state !== "waiting") return false;
  if (written !== null) outbox.compose(entry.id, written.alert, written.event, firstTriedAt);
  const alert = written?.alert ?? entry.alert;
  if (alert === null) throw new Error(`${entry.key} says nothing`);
  const answer = await send(alert, settings, worldOf(errand));
  const at = outside.now();
  return store.atOnce(() => {
    if (outbox.entry(entry.key)?.state !== "waiting") return false;
    if (answer.accepted) {
      outbox.answered(entry, answer, at, { state: "sent", tryAt: at, gaveUp: null });
      if (entry.kind === "trigger") store.notified(entry.incident, at);
      return true;
    }
    return failed(stores, { ...entry, firstTriedAt }, answer, errand, at);
  });
}

/** A try that was not accepted: made again later, or given up, which is answered. */
function failed(
  { outbox }: DutyStores,
  entry: Entry & { readonly firstTriedAt: number },
  answer: ChannelAnswer,
  { report }: Errand,
  at: number,
): boolean {
  const [chance = 0] = outside.random(1);
  const next = nextTry({ ...entry, tries: entry.tries + 1 }, answer, at, chance / 255);
  const isOver = "giveUp" in next;
  if (isOver) report(`given up (${next.giveUp}): ${entry.kind} to ${entry.channel}: ${answer.said}`);
  const then = isOver
    ? ({ state: "given_up", tryAt: at, gaveUp: next.giveUp } as const)
    : ({ state: "waiting", tryAt: next.again, gaveUp: null } as const);
  outbox.answered(entry, answer, at, then);
  return isOver;
}

/** What it says, settled now: each later try says the same. */
async function composed(
  { store, outbox }: DutyStores,
  errand: Errand,
  entry: Entry,
  settings: ChannelSettings,
): Promise<{ readonly alert: Alert; readonly event: number }> {
  const { config, target } = errand;
  const story = store.story(entry.incident);
  if (story === null) throw new Error(`a message about ${entry.incident}, which never was`);
  const incident = incidentOf(target, story.events);
  const alert = alertOf(incident, story.events, entry, {
    ...voiceOf(config, target, settings.language),
    pageUrl: pageOf(config, incident.id, isPublic(incident)),
    ackUrl: incident.acked === null && entry.kind !== "resolve" ? await linkOf(errand, entry) : null,
    now: outside.now(),
    emptyLevels: config.alerting === null ? [] : emptyLevels(config.alerting, entry.route, entry.level, outside.now()),
  });
  const told = outbox.of(entry.incident);
  const unheard = unheardOf(entry.key, told);
  const event = incident.events;
  if (unheard === null) return { alert, event };
  const last = outbox.receiptsOf([unheard.key]).at(-1) ?? null;
  const isGone = config.alerting?.channels.every(({ id }) => id !== unheard.channel) ?? true;
  const why = {
    channel: unheard.channel,
    why: isGone ? "gone" : (unheard.gaveUp ?? "too_long"),
    answer: last,
  } as const;
  return { alert: giveUpNotice(alert, why), event };
}

function pageOf({ url }: Config, incident: string, isForAll: boolean): string | null {
  if (url === null) return null;
  return `${url}${isForAll ? "" : "/ops"}/incidents/${encodeURIComponent(incident)}`;
}

/** Null where nothing signs: then a message carries no link. */
async function linkOf({ env, config }: Errand, entry: Entry): Promise<string | null> {
  const key = linkKeyOf(config.alerting?.linkSecret ?? null, (name) => secretOf(env, name));
  if (config.url === null || key === null) return null;
  const nonce = base64UrlOf(outside.random(NONCE_BYTES));
  const token = { incident: entry.incident, to: entry.channel, expiresAt: outside.now() + LINK_MS, nonce };
  return `${config.url}/ack/${await tokenOf(token, key)}`;
}

/** Loopback receivers only where the page itself is one: on somebody's own machine. */
export function worldOf({ env, config }: Pick<Errand, "env" | "config">): SendWorld {
  const host = config.url === null ? "" : new URL(config.url).hostname;
  return {
    outside,
    secretOf: (name) => secretOf(env, name),
    allowsLoopback: secretOf(env, "SONDE_DEV_PASS") !== null && (host === "127.0.0.1" || host === "localhost"),
    sendEmail: env.EMAIL ?? null,
  };
}

/** A marked test through the outbox, tried once, and what was answered. Refused for a channel that is not configured. */
export async function testChannel(
  stores: DutyStores,
  errand: Errand,
  { id, who, underWay }: { readonly id: string; readonly who: string; readonly underWay: Set<string> },
): Promise<TestAnswer> {
  const { config, target } = errand;
  const settings = config.alerting?.channels.find((each) => each.id === id);
  if (settings === undefined) return { ok: false, refused: "no_channel" };
  const now = outside.now();
  const key = `test/${base64UrlOf(outside.random(NONCE_BYTES))}`;
  const entry = {
    key,
    channel: id,
    route: "",
    kind: "test",
    incident: "test",
    event: 0,
    dueAt: now,
    level: 0,
  } as const;
  const alert = testAlert({
    key,
    source: config.name,
    target,
    language: settings.language,
    who,
    now,
    pageUrl: config.url,
  });
  // A look meanwhile must not send it a second time.
  underWay.add(key);
  stores.outbox.plan([entry], now);
  const planned = stores.outbox.entry(key);
  if (planned === null) throw new Error("a test was planned and cannot be read");
  stores.outbox.compose(planned.id, alert, 0, now);
  const answer = await send(alert, settings, worldOf(errand));
  const at = outside.now();
  underWay.delete(key);
  stores.outbox.answered({ ...planned, alert }, answer, at, {
    state: answer.accepted ? "sent" : "given_up",
    tryAt: at,
    gaveUp: answer.accepted ? null : "never",
  });
  return { ok: true, key, answer, tookMs: at - now };
}
