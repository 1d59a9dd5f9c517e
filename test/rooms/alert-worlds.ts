// A world in which alerts are planned and sent: one incident's story, channels that work or do not, and an outbox that keeps its
// order. Time is a number; nothing waits. Used by the tests of plans and of messages.

import type { Alerting, Level, Route } from "../../workers/config/alerts/alerting.ts";
import { incidentOf } from "../../workers/incidents/life.ts";
import type { IncidentChange, IncidentEvent } from "../../workers/incidents/incident.ts";
import { plan } from "../../workers/alerts/plan.ts";
import type { PlanFacts, PlannedEntry, Told, ToldState } from "../../workers/alerts/told.ts";

/** 2026-11-22 12:00 UTC, a Sunday. */
export const NOON = Date.UTC(2026, 10, 22, 12);
const DAY_MS = 86_400_000;
/** How often a receiver that does not answer is asked in this world. */
const RETRY_MS = 60_000;

/** 90 000 of "0:01:30". */
export function span(text: string): number {
  const [h = 0, m = 0, s = 0] = text.split(":").map(Number);
  return ((h * 60 + m) * 60 + s) * 1_000;
}

/** "0:01:30" of 90 000. */
function clock(ms: number): string {
  const s = Math.floor(ms / 1_000);
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${Math.floor(s / 3_600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}

export const NIGHT = {
  zone: "UTC",
  days: [1, 2, 3, 4, 5, 6, 7],
  fromMinute: 22 * 60,
  toMinute: 7 * 60,
  except: ["critical"],
} as const;

export function level(after: string, ...to: readonly string[]): Level {
  return { afterMs: span(after), to };
}

export function routeOf(more: Partial<Route> = {}): Route {
  return {
    id: "all",
    audience: "service",
    targets: null,
    regions: null,
    severities: null,
    tiers: null,
    levels: [level("0:00:00", "ops")],
    quiet: null,
    fallback: null,
    next: false,
    ...more,
  };
}

export function alertingOf(more: Partial<Alerting> = {}): Alerting {
  const channels = ["ops", "pager", "boss", "mail", "phone"].map((id) => ({
    channel: "webhook" as const,
    id,
    language: "en" as const,
    urlSecret: "URL",
    keySecret: "KEY",
    options: {},
  }));
  return {
    channels,
    contacts: [
      { id: "lin", channels: ["phone"] },
      { id: "ana", channels: ["mail"] },
    ],
    schedules: [],
    routes: [routeOf()],
    groupMs: 30_000,
    updateMs: 300_000,
    repeatMs: 4 * 3_600_000,
    resolveMs: 1_800_000,
    blindMs: 180_000,
    linkSecret: null,
    tokenSecret: null,
    ...more,
  };
}

export const OPENED: IncidentChange = {
  kind: "opened",
  of: "outage",
  audience: "service",
  severity: "error",
  scope: "region",
  regions: ["tyo"],
  about: null,
  sentence: {
    en: "To and from Tokyo: 12 of 20 messages lost or refused",
    zh: "往返东京：20 条消息中 12 条丢失或被拒绝",
  },
  drill: false,
};

export function measured(
  severity: "critical" | "error" | "warning",
  impact: readonly [string, number, number][] = [],
): IncidentChange {
  return {
    kind: "measured",
    severity,
    sentence: { en: "Tokyo: bad", zh: "东京：异常" },
    impact: impact.map(([region, bad, attempted]) => ({ region, bad, attempted })),
  };
}

export const CHANGES = {
  joined: { kind: "joined", region: "fra" },
  left: { kind: "left", region: "fra" },
  critical: measured("critical"),
  acked: { kind: "acknowledged", note: "" },
  published: { kind: "published", statement: "identified", text: { en: "We are on it." } },
  noted: { kind: "noted", note: "for us" },
  restored: { kind: "restored" },
  resolved: { kind: "resolved", note: "" },
  reopened: { kind: "reopened", region: "tyo", note: "" },
  merged: { kind: "merged", into: "chat-8" },
  flapping: { kind: "flapping", on: true },
  calm: { kind: "flapping", on: false },
} as const satisfies Readonly<Record<string, IncidentChange>>;

/** `up`: takes everything. `down`: does not answer. `dead`: its address is gone. */
type Health = "up" | "down" | "dead";

/** What happens to the world at an instant. */
export type Happening =
  | { readonly change: IncidentChange }
  | { readonly channel: string; readonly health: Health }
  | { readonly facts: Partial<PlanFacts> };

interface Row extends Told {
  readonly plannedAt: number;
  readonly firstTriedAt: number | null;
  readonly tryAt: number;
  readonly level: number;
}

/** One incident, told to whoever should know, as Duty does it: plan when something has happened and when it is time, then send. */
export class World {
  readonly rows: Row[] = [];
  readonly #events: IncidentEvent[] = [];
  readonly #health = new Map<string, Health>();
  readonly #incident = "chat-7";
  #facts: PlanFacts;
  #planAt: number | null = null;
  #isStale = false;
  /** How often it was planned. */
  plans = 0;

  constructor(alerting: Alerting | null, facts: Partial<PlanFacts> = {}) {
    this.#facts = { alerting, tiers: ["gold"], now: NOON, mutedUntil: null, held: false, ...facts };
  }

  get planAt(): number | null {
    return this.#planAt;
  }

  /** Lets these things happen, and time pass until `until`; at `extra` instants somebody looks though nothing happened. */
  run(happenings: readonly (readonly [string, Happening])[], until: string, extra: readonly number[] = []): this {
    const agenda = happenings.map(([at, happening]) => ({ at: NOON + span(at), happening }));
    const looks = [...extra];
    for (let steps = 0; ; steps += 1) {
      if (steps > 200_000) throw new Error("this world never ends");
      const times = [agenda[0]?.at, looks[0], this.#planAt, this.#nextTry()].filter(
        (at) => at !== undefined && at !== null,
      );
      const now = Math.min(...times);
      if (now > NOON + span(until)) return this;
      while (agenda[0]?.at === now) this.#happen(agenda.shift()?.happening, now);
      const isLook = looks[0] === now;
      while (looks[0] === now) looks.shift();
      if (this.#isStale || isLook || (this.#planAt !== null && this.#planAt <= now)) this.#plan(now);
      this.#send(now);
    }
  }

  /** "0:00:00 trigger ops", in the order in which they were sent, or given up. */
  get sent(): readonly string[] {
    const settled = this.rows.filter(({ state }) => state === "sent");
    return settled
      .sort((a, b) => (a.sentAt ?? 0) - (b.sentAt ?? 0))
      .map((row) => `${clock((row.sentAt ?? 0) - NOON)} ${nameOf(row)}`);
  }

  keys(...states: readonly ToldState[]): readonly string[] {
    return this.rows.filter(({ state }) => states.includes(state)).map(({ key }) => key);
  }

  #happen(happening: Happening | undefined, now: number): void {
    if (happening === undefined) return;
    if ("change" in happening) {
      const number = this.#events.length + 1;
      const event = { incident: this.#incident, number, key: `e${number}`, at: now, recordedAt: now, author: "sonde" };
      this.#events.push({ ...event, change: happening.change });
    } else if ("channel" in happening) {
      this.#health.set(happening.channel, happening.health);
    } else {
      this.#facts = { ...this.#facts, ...happening.facts };
    }
    this.#isStale = true;
  }

  #plan(now: number): void {
    this.#isStale = false;
    if (this.#events.length === 0) return;
    this.plans += 1;
    const incident = incidentOf("chat", this.#events);
    const planned = plan(incident, this.#events, this.rows, { ...this.#facts, now });
    if (planned.nextAt !== null && planned.nextAt <= now) throw new Error("planned for the past");
    for (const entry of planned.entries) this.#keep(entry, now);
    const drop = new Set(planned.drop);
    for (const [i, row] of this.rows.entries()) {
      if (!drop.has(row.key)) continue;
      if (row.state !== "waiting") throw new Error(`${row.key} is dropped though it is ${row.state}`);
      if (row.firstTriedAt === null) this.rows[i] = { ...row, state: "dropped" };
    }
    this.#planAt = planned.nextAt;
    const again = plan(incident, this.#events, this.rows, { ...this.#facts, now });
    if (again.entries.length > 0) throw new Error(`planned twice: ${again.entries.map(({ key }) => key).join(", ")}`);
  }

  #keep(entry: PlannedEntry, now: number): void {
    if (this.rows.some(({ key }) => key === entry.key)) throw new Error(`${entry.key} is there already`);
    const { key, channel, route, kind, event, dueAt } = entry;
    const row = { key, channel, route, kind, event, dueAt, level: entry.level };
    this.rows.push({ ...row, state: "waiting", sentAt: null, plannedAt: now, firstTriedAt: null, tryAt: dueAt });
  }

  /** On each channel only the first that waits, in the order in which they were planned. */
  #heads(): Row[] {
    const waiting = this.rows.filter(({ state }) => state === "waiting");
    return [...Map.groupBy(waiting, ({ channel }) => channel).values()].flatMap(([head]) => head ?? []);
  }

  #nextTry(): number | null {
    const times = this.#heads().map(({ tryAt }) => tryAt);
    return times.length === 0 ? null : Math.min(...times);
  }

  #send(now: number): void {
    for (const row of this.#heads()) {
      if (row.tryAt > now) {
        const late = this.rows.find(
          (each) => each.channel === row.channel && each.state === "waiting" && each.dueAt <= now,
        );
        if (late !== undefined && row.dueAt > now)
          throw new Error(`${late.key} waits behind ${row.key}, which is not due`);
        continue;
      }
      const health = this.#health.get(row.channel) ?? "up";
      const firstTriedAt = row.firstTriedAt ?? now;
      const isOver = health === "dead" || (health === "down" && now - firstTriedAt >= DAY_MS);
      const state = health === "up" ? "sent" : isOver ? "given_up" : "waiting";
      const sentAt = health === "up" ? now : null;
      const gaveUp = state !== "given_up" ? null : health === "dead" ? "never" : "too_long";
      const event = row.firstTriedAt === null ? this.#events.length : row.event;
      this.rows[this.rows.indexOf(row)] = { ...row, state, gaveUp, sentAt, event, firstTriedAt, tryAt: now + RETRY_MS };
      if (state !== "waiting") this.#isStale = true;
    }
    if (this.#isStale) {
      this.#plan(now);
      this.#send(now);
    }
  }
}

function nameOf({ key, kind, channel }: Told): string {
  const what = key.split("/")[2] ?? "";
  return `${what === kind ? kind : `${what} ${kind}`} ${channel}`;
}
