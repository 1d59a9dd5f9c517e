// The console with its outside in the hand of the test: who asks, what time it is, what the database does. Used by the tests of
// its door and of its pages in a browser. Checks nothing itself.

import type { Config } from "../../workers/config/config.ts";
import { configOf } from "../../workers/config/parse.ts";
import { type OpsOptions, opsConsole } from "../../workers/console/ops.entry.tsx";
import type { Outcome, Records } from "../../workers/console/ops-page.ts";
import { NOBODY_THERE } from "./fleet-world.ts";
import { incidentsInMemory } from "./ops-incidents-world.ts";
import type { ExclusionRecord, TicketEvent } from "../../workers/sla/records.ts";
import { negotiate } from "../../status-page/words/languages.ts";

export const NOW = Date.UTC(2031, 4, 15, 12);
export const ORIGIN = "https://sonde.example";
export const ACCESS = { team: "acme", audience: "a1".repeat(32) };

/** Two targets, and two contracts of one of them: one in a zone whose clocks change, with clocks of support. */
export const CONFIG: Config = configOf({
  name: "Acme messaging",
  timeZone: "UTC",
  regions: ["weur", "oc"],
  targets: [
    { id: "chat", driver: "mqtt", address: "wss://chat.example.com/mqtt" },
    { id: "push", driver: "mqtt", address: "wss://push.example.com/mqtt" },
  ],
  access: ACCESS,
  contracts: [
    {
      id: "standard",
      label: { en: "Standard", zh: "标准版" },
      target: "chat",
      preset: "realtime-messaging",
      effective: { from: "2026-01-01" },
      period: { unit: "month", zone: "Europe/Berlin" },
      support: [
        { severity: "P1", clock: "first-response", target: "1h" },
        { severity: "P2", clock: "restore", target: "8h", pauseOn: ["waiting-customer"] },
      ],
    },
    {
      id: "gold",
      label: { en: "Gold", zh: "金牌" },
      target: "chat",
      preset: "realtime-messaging",
      effective: { from: "2026-01-01" },
    },
  ],
});

let made = 0;

/** Each time other bytes, and always the same ones in the same order. */
export function numbered(bytes: number): Uint8Array {
  made += 1;
  const all = new Uint8Array(bytes);
  new DataView(all.buffer).setUint32(0, made);
  return all;
}

export interface OpsWorld {
  now: number;
  /** How often the judges were told. */
  told: number;
  readonly reports: string[];
  ask(path: string, init?: RequestInit & { readonly origin?: string }): Promise<Response>;
}

/** Whoever asks is Ada, unless the options say otherwise. */
export function opsWorld(options: Pick<OpsOptions, "records"> & Partial<OpsOptions>): OpsWorld {
  const world: OpsWorld = {
    now: NOW,
    told: 0,
    reports: [],
    ask: (path, { origin = ORIGIN, ...init } = {}) => door(new Request(`${origin}${path}`, init)),
  };
  const door = opsConsole({
    now: () => world.now,
    random: numbered,
    config: CONFIG,
    guardOf: () => () => Promise.resolve({ ok: true, who: "ada@acme.example" }),
    devPass: null,
    languageOf: (header) => negotiate(header, ["en", "zh"]),
    verdicts: () => Promise.resolve([]),
    fleet: NOBODY_THERE,
    incidents: incidentsInMemory(() => world.now),
    report: (problem) => world.reports.push(problem),
    onRecorded: () => (world.told += 1),
    ...options,
  });
  return world;
}

/** What a browser sends with a form of ours. */
export function sent(values: Record<string, string> | URLSearchParams, headers: Record<string, string> = {}) {
  const own = { origin: ORIGIN, "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded" };
  const all = Object.entries({ ...own, ...headers }).filter(([, value]) => value !== "");
  return { method: "POST", headers: Object.fromEntries(all), body: new URLSearchParams(values).toString() };
}

/** Records in memory, for a browser's tests: appended, each key once. */
export function recordsInMemory(): Records & {
  readonly exclusions: ExclusionRecord[];
  readonly events: TicketEvent[];
} {
  const exclusions: ExclusionRecord[] = [];
  const events: TicketEvent[] = [];
  const append = <T extends { readonly key: string }>(list: (T & { readonly id: number })[], records: readonly T[]) => {
    const recorded = records.map((record) => {
      const known = list.find(({ key }) => key === record.key);
      if (known !== undefined) return { id: known.id, repeated: true };
      list.push({ ...record, id: list.length + 1 });
      return { id: list.length, repeated: false };
    });
    return Promise.resolve<Outcome>({ ok: true, recorded });
  };
  return {
    exclusions,
    events,
    exclusionsOf: (...targets) => Promise.resolve(exclusions.filter(({ target }) => targets.includes(target))),
    ticketEventsOf: (contract) => Promise.resolve(events.filter((event) => event.contract === contract)),
    appendExclusions: (records) => append(exclusions, records),
    appendTicketEvents: (records) => append(events, records),
  };
}
