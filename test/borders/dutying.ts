// A fleet with somebody on duty, for one test: the real Duty and collector, rounds written as signs, a clock that stands still
// where the test put it, and receivers that record what came and answer as they are told. Checks nothing itself.

import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { onTestFinished } from "vitest";

import type { AlertsInput } from "../../workers/config/alerts/define-alerts.ts";
import { outside } from "../../workers/outside.ts";
import type { Duty } from "../../workers/alerts/duty.do.ts";
import { KEEPERS } from "../../workers/alerts/duty.do.ts";
import type { DutyState } from "../inspect.ts";
import { must } from "../observations.ts";
import { NOON, world } from "../world.ts";
import type { World } from "../world.ts";
import { envelopeOf } from "./rounds.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const GOOD = "....................";
export const BAD = "xxxxxxxxxxxxxxxxxxxx";
/** A round is over, and at its collector, so long after its slot. */
const ARRIVES_MS = 8_000;
/** Of one test: a day of tries is 150. */
const RINGS_MAX = 500;
const KEY = `whsec_${btoa("0123456789abcdef0123456789abcdef")}`;

/** One request that a receiver got. */
export interface Arrival {
  readonly at: number;
  /** Channel id: the last step of its address. */
  readonly channel: string;
  /** The idempotency key, as the header had it. */
  readonly key: string;
  /** "incident.triggered" */
  readonly type: string;
  readonly incident: string;
  readonly body: { readonly data: Readonly<Record<string, unknown>> };
  /** The receiver has it, whatever it answered. */
  readonly taken: boolean;
}

/** `lost`: it has the message, and its answer never came. `hang`: it says nothing until the connection is cut. */
export type Says = number | "lost" | "hang" | { readonly status: number; readonly retryAfter: string };

export interface Receivers {
  readonly got: Arrival[];
  /** What each channel says from now on; 204 by default. */
  says: (channel: string, at: number) => Says;
  /** Just before anything is recorded: for whoever wants to be in between. */
  before: () => Promise<void>;
  /** Messages that arrived, after deduplication by key: "<channel> <type> <incident>". */
  heard(): string[];
}

export interface OnDuty {
  readonly fleet: World;
  readonly receivers: Receivers;
  /** Confirm rounds that were asked for: "<prober> <target>". */
  readonly asked: string[];
  /** What a prober says to that. */
  confirms: { answer: () => boolean | Promise<boolean> };
  at(ms: number): void;
  now(): number;
  /** Hands these regions' rounds of one slot to the collector of `chat`. */
  take(slotAt: number, signs: Signs, target?: string): Promise<void>;
  /** The same, and its Duty looks. */
  slot(slotAt: number, signs: Signs, target?: string): Promise<void>;
  /** A slot a minute, `count` of them, from the minute that the clock is in or comes to; the clock stands behind the last. */
  minutes(count: number, signs: Signs, target?: string): Promise<void>;
  /** The Duty looks, and all that it does for that is done. */
  look(target?: string): Promise<void>;
  /** Waits for its alarm: puts the clock to it and runs it. False: it has none, or none before `untilMs`. */
  ring(untilMs: number, target?: string): Promise<boolean>;
  /** Runs `step` in the object, and waits for what it has begun. */
  during<R>(target: string, step: (duty: Duty, state: DurableObjectState) => R | Promise<R>): Promise<R>;
  stored(target?: string): Promise<DutyState>;
}

/** By region; all regions of the target where it is one line. */
export type Signs = string | Readonly<Record<string, string>>;

const REGIONS: Readonly<Record<string, readonly string[]>> = { chat: ["weur", "enam", "oc"], push: ["weur"] };

export function webhook(id: string): AlertsInput["channels"][number] {
  return { id, channel: "webhook", url: "HOOK_URL_" + id.toUpperCase(), key: "HOOK_KEY" };
}

/** One pager for the service and one for the keepers; nothing is repeated. */
export const ALERTS: AlertsInput = {
  channels: [webhook("ops"), webhook("ours")],
  routes: [
    { id: "service", to: ["ops"] },
    { id: "keepers", audience: "keepers", to: ["ours"] },
  ],
  repeat: "0s",
  links: "LINK_SECRET",
};

/** At noon, with two good minutes behind, so that every region of `chat` is known to be up. */
export async function onDuty(alerts: AlertsInput = ALERTS): Promise<OnDuty> {
  const fleet = await world();
  const { bindings } = fleet;
  for (const { id } of alerts.channels) bindings[`HOOK_URL_${id.toUpperCase()}`] = `https://hooks.example.com/${id}`;
  Object.assign(bindings, { HOOK_KEY: KEY, LINK_SECRET: KEY });
  fleet.reconfigure((input) => ({
    ...input,
    url: "https://status.example.com",
    targets: input.targets.map((target) => ({ ...target, every: "60s", messages: 20, gap: "50ms" })),
    alerts,
  }));
  const receivers = replaceNetwork();
  const held = holdClock(fleet);
  const { asked, confirms } = replaceProbers(fleet);
  hearKeepersOnly(fleet);
  const { hash } = await fleet.current();
  let rings = 0;
  const made: OnDuty = {
    fleet,
    receivers,
    asked,
    confirms,
    at: held,
    now: () => outside.now(),
    async take(slotAt, signs, target = "chat") {
      held(slotAt + ARRIVES_MS);
      const lines = typeof signs === "string" ? REGIONS[target]?.map((region) => [region, signs] as const) : null;
      const envelopes = (lines ?? Object.entries(signs)).map(([region, line]) =>
        envelopeOf({ target, region, slotAt, everyMs: MINUTE, configHash: hash, signs: line }),
      );
      await fleet.collector(target).take(target, envelopes);
    },
    async slot(slotAt, signs, target = "chat") {
      await made.take(slotAt, signs, target);
      await made.look(target);
    },
    async minutes(count, signs, target = "chat") {
      const from = Math.ceil(outside.now() / MINUTE) * MINUTE;
      for (let nth = 0; nth < count; nth += 1) await made.slot(from + nth * MINUTE, signs, target);
    },
    look: (target = "chat") => made.during(target, (duty) => duty.look(target)),
    async ring(untilMs, target = "chat") {
      const alarmAt = await fleet.inDuty(target, (_duty, { storage }) => storage.getAlarm());
      if (alarmAt === null || alarmAt > untilMs) return false;
      rings += 1;
      if (rings > RINGS_MAX) throw new Error(`it rings without end, now for ${new Date(alarmAt).toISOString()}`);
      held(Math.max(outside.now(), alarmAt));
      await made.during(target, () => {});
      await runDurableObjectAlarm(fleet.duty(target));
      await made.during(target, () => {});
      return true;
    },
    during: (target, step) => runInDurableObject(fleet.duty(target), (duty, state) => inFull(duty, state, step)),
    stored: async (target = "chat") =>
      must((await fleet.state()).duties.find((each) => each.target === target) ?? undefined),
  };
  held(NOON - 2 * MINUTE);
  await made.minutes(2, GOOD);
  return made;
}

/** What an object does in the background, by the object's state; a Duty that died takes its own with it. */
const background = new WeakMap<DurableObjectState, Promise<unknown>[]>();

async function inFull<R>(
  duty: Duty,
  state: DurableObjectState,
  step: (duty: Duty, state: DurableObjectState) => R | Promise<R>,
): Promise<R> {
  let work = background.get(state);
  if (work === undefined) {
    const known: Promise<unknown>[] = [];
    work = known;
    background.set(state, known);
    const own = state.waitUntil.bind(state);
    Object.assign(state, { waitUntil: (each: Promise<unknown>) => (known.push(each), own(each)) });
  }
  const done = await step(duty, state);
  for (let each = work.shift(); each !== undefined; each = work.shift()) await each;
  return done;
}

/** Time stands where it was put. Rounds and messages then have instants that a test can name. */
function holdClock(fleet: World): (ms: number) => void {
  let heldAt = fleet.now();
  // Undone with the clock of the world.
  outside.now = () => heldAt;
  return (ms) => void (heldAt = ms);
}

/** Nobody waits for real: these delays are as good as over. The others are limits, which stay. Answers how to undo it. */
export function hurry(...delaysMs: readonly number[]): () => void {
  const { after } = outside;
  outside.after = (delayMs, callback) => after(delaysMs.includes(delayMs) ? 0 : delayMs, callback);
  const undo = (): void => void (outside.after = after);
  onTestFinished(undo);
  return undo;
}

function replaceNetwork(): Receivers {
  const { fetch } = outside;
  onTestFinished(() => void (outside.fetch = fetch));
  const got: Arrival[] = [];
  const receivers: Receivers = {
    got,
    says: () => 204,
    before: () => Promise.resolve(),
    heard() {
      const once = new Map(got.filter(({ taken }) => taken).map((each) => [each.key, each]));
      return [...once.values()].map(({ channel, type, incident }) => `${channel} ${type.slice(9)} ${incident}`);
    },
  };
  outside.fetch = async (url, init) => {
    await receivers.before();
    const channel = new URL(url).pathname.slice(1);
    const body = JSON.parse(init?.body as string) as Arrival["body"] & { readonly type: string };
    const says = receivers.says(channel, outside.now());
    const status = typeof says === "object" ? says.status : says;
    got.push({
      at: outside.now(),
      channel,
      key: new Headers(init?.headers).get("webhook-id") ?? "",
      type: body.type,
      incident: String(body.data["incident"]),
      body,
      taken: status === "lost" || (typeof status === "number" && status < 300),
    });
    if (says === "lost") throw new TypeError("Network connection lost.");
    if (says === "hang")
      return new Promise((_, reject) => init?.signal?.addEventListener("abort", () => reject(new Error("cut"))));
    const headers: Record<string, string> = typeof says === "object" ? { "retry-after": says.retryAfter } : {};
    return new Response(null, { status: status as number, headers });
  };
  return receivers;
}

function replaceProbers(fleet: World): Pick<OnDuty, "asked" | "confirms"> {
  const asked: string[] = [];
  const confirms: OnDuty["confirms"] = { answer: () => true };
  const { PROBER } = fleet.bindings;
  const own = PROBER.get;
  onTestFinished(() => void Object.assign(PROBER, { get: own }));
  const get = ({ name }: DurableObjectId): unknown => ({
    confirm: (target: string) => (asked.push(`${name} ${target}`), confirms.answer()),
  });
  Object.assign(PROBER, { get });
  return { asked, confirms };
}

/** The collector's word a moment after each round would make one look more, at an instant that no test knows. */
function hearKeepersOnly(fleet: World): void {
  const { DUTY } = fleet.bindings;
  const keepers = DUTY.idFromName(KEEPERS);
  const get = (id: DurableObjectId): unknown => ({
    look: () => Promise.resolve(),
    report: (...told: Parameters<Duty["report"]>) =>
      id.equals(keepers) ? fleet.duty(KEEPERS).report(...told) : Promise.reject(new Error("nobody else is told")),
  });
  Object.assign(DUTY, { get });
}
