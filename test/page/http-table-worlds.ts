// The whole public page in five states of its outside, for the table of its routes: everything there, nothing measured yet, a refused
// configuration, a database that is away since the last good read, and one that never answered. Rows and readers are in memory; no
// chance in them. Checks nothing itself.

import { statusPage } from "../../status-page/app.tsx";
import type { StatusPageOptions } from "../../status-page/app.tsx";
import { RawUnreadable } from "../../status-page/api/raw.ts";
import type { RawReader } from "../../status-page/api/raw.ts";
import type { MinuteAnswer, SeriesAnswer } from "../../status-page/api/shapes-rows.ts";
import type { PageBindings } from "../../status-page/front.ts";
import { PastUnreadable } from "../../status-page/history.ts";
import type { PastReader } from "../../status-page/history.ts";
import { SilencesUnreadable } from "../../status-page/fleet.ts";
import type { SlaReader } from "../../status-page/sla.ts";
import type { HeraldDesk, KeptChoice, SubscriptionAnswer } from "../../workers/alerts/subscription.ts";
import { configOf } from "../../workers/config/parse.ts";
import { NOW, REGIONS, frontRow, healthy, oneDown } from "./fixtures.ts";
import { ALL, MINUTE, readerOf as incidentsOf } from "./incident-world.ts";
import {
  boardPart,
  frontIncident,
  frontMaintenance,
  incidentsPart,
  maintenancePart,
  pastIncident,
} from "./part-fixtures.ts";
import { PAST } from "./past-in-memory.ts";
import * as fixtures from "./sla-fixtures.ts";
import { MEMBER, MONEY, STRANGER, as, contractOf, readerOf as reportsOf, stored } from "./sla-world.ts";

export const WORLDS = ["rich", "empty", "refused", "stale", "away"] as const;
export type WorldName = (typeof WORLDS)[number];

const target = (id: string, en: string, zh: string) => ({
  id,
  label: { en, zh },
  driver: "mqtt",
  address: "mqtts://broker.example",
  journeys: ["loop", { journey: "mesh", messages: 3 }],
});

export const CONFIG = configOf({
  name: "Sonde",
  url: "https://status.example",
  regions: REGIONS.map(([id]) => id),
  targets: [target("rtm", "Real-time messaging", "实时消息"), target("mail", "Mail", "邮件")],
  alerts: {
    channels: [{ id: "post", channel: "email", options: { from: "s@example.com", to: "o@example.com" } }],
    routes: [{ id: "all", to: ["post"] }],
    links: "LINKS",
  },
  subscriptions: { email: "post", webhooks: true, slack: true },
});

const REPORTS = [
  as(fixtures.kept(), "kept"),
  as(fixtures.breached(), "breached"),
  as(fixtures.openMonth(), "open"),
  as(fixtures.breached(), "secret", "access"),
];
/** What hostile people wrote is for another test: here no answer may hold a script. */
const TOLD = ALL.filter(({ incident }) => incident.id !== "rtm-2");
const CONTRACTS = [...REPORTS.map(contractOf), { ...contractOf(fixtures.kept()), id: "new" }];
/** Who sends this is let in to what is not for everybody. */
export const PASS = { "x-test-member": "1" };

const HOUR = 60 * MINUTE;
const soon = frontMaintenance();
const going = frontMaintenance({ id: "rtm-m2", window: { kind: "once", fromAt: NOW - HOUR, toAt: NOW + HOUR } });
const ROW = frontRow([oneDown(), { ...healthy(), target: "mail", label: { en: "Mail", zh: "邮件" } }], NOW - 2000, [
  incidentsPart([frontIncident({ id: "rtm-9" })], [pastIncident({ id: "rtm-8" })]),
  maintenancePart([soon, going]),
  boardPart({ contract: "kept" }),
]);

/** What any series answers with: a minute, three minutes ago. */
export const ROW_OF_MINUTE: MinuteAnswer = {
  from: NOW - (NOW % MINUTE) - 3 * MINUTE,
  to: NOW - (NOW % MINUTE) - 2 * MINUTE,
  scheduled: 24,
  ok: 22,
  lost: 1,
  error: 1,
  not_sent: 0,
  connect_fail: 1,
  duplicate: 0,
  reordered: 0,
  corrupt: 0,
  foreign: 0,
  after_deadline: 0,
  heard: null,
  reconnects: 0,
  latency_ms_max: 19,
  lag_ms_max: 3,
  queued_ms_max: 0,
  after_deadline_ms_max: 0,
  slots: 6,
  rounds: 6,
  revision: 0,
  config: 1,
  unfit: "none",
  place: "FRA",
  over: [{ limit_ms: 200, count: 0 }],
  failures: [],
  loss_runs: [],
};
export const SERIES: SeriesAnswer = {
  id: 1,
  target: "rtm",
  region: "weur",
  journey: "loop",
  peer: "",
  unit: "message",
  ok_means: "delivered",
  measured_since: NOW - 40 * 24 * HOUR,
  measured_until: null,
  schedules: [{ from: NOW - 40 * 24 * HOUR, to: null, every_ms: 10_000 }],
};

export const KEPT: KeptChoice = {
  channel: "email",
  language: "en",
  targets: ["rtm"],
  regions: null,
  hint: "l…@example.org",
  token: "tok.en",
};
/** Knows one token. */
const known = (token: string): SubscriptionAnswer =>
  token === KEPT.token ? { ok: true, done: "seen", kept: KEPT } : { ok: false, refused: "unknown" };
export const HERALD: HeraldDesk = {
  ask: async () => ({ ok: true, done: "asked", secret: null, token: null }),
  unconfirmed: async (token) => known(token),
  confirm: async () => ({ ok: true, done: "confirmed", kept: KEPT }),
  show: async (token) => known(token),
  change: async () => ({ ok: true, done: "changed", kept: KEPT }),
  end: async () => ({ ok: true, done: "ended" }),
};

export interface TableWorld {
  readonly app: ReturnType<typeof statusPage>;
  readonly ask: (path: string, headers?: Readonly<Record<string, string>>, method?: string) => Promise<Response>;
  /** From now on the database does not answer, and what was read is ten minutes old. */
  readonly fail: () => void;
  readonly reports: unknown[];
}

/** The database of a world: what it holds is read through here, or not at all. */
interface Database {
  away: boolean;
  now: number;
}

/** What nobody may ever read in an answer: it is what a failed read says. */
export const AWAY = "D1_ERROR: no such thing as a database";

type Readers = Pick<StatusPageOptions, "read" | "incidents" | "past" | "raw" | "silences"> & {
  readonly sla: SlaReader;
};

function readersOf(db: Database, isEmpty: boolean): Readers {
  const ask = <T>(value: T, error: Error): Promise<T> => (db.away ? Promise.reject(error) : Promise.resolve(value));
  const raw = <T>(value: T) => ask(value, new RawUnreadable(AWAY));
  const incidents = incidentsOf(isEmpty ? [] : TOLD);
  const sla = reportsOf(isEmpty ? [] : REPORTS.map((one) => stored(one, MONEY)));
  const held = <T extends { away: boolean }>(reader: T): T =>
    Object.defineProperty(reader, "away", { get: () => db.away });
  const past: PastReader = {
    read: (env, wanted) => {
      if (db.away) return Promise.reject(new PastUnreadable(AWAY));
      const { target: of, region } = wanted;
      const isThere = of === "rtm" && (region === null || REGIONS.some(([id]) => id === region)) && !isEmpty;
      return isThere ? PAST.read(env, wanted) : Promise.resolve([]);
    },
  };
  const reader: RawReader = {
    list: () => raw(isEmpty ? [] : [SERIES]),
    one: (_, series) => raw(series === 1 && !isEmpty ? SERIES : null),
    mark: () => raw("m1"),
    rows: () => raw(isEmpty ? [] : [ROW_OF_MINUTE]),
  };
  return {
    read: () => ask(isEmpty ? null : ROW, new Error(AWAY)),
    incidents: held(incidents),
    sla: held(sla),
    past,
    raw: reader,
    silences: { read: () => ask({ silences: [], cut: false }, new SilencesUnreadable(AWAY)) },
  };
}

/** `more`: what is otherwise than in the table's worlds. */
export function tableWorld(name: WorldName, more: Partial<StatusPageOptions> = {}): TableWorld {
  const db: Database = { away: name === "away", now: NOW };
  const reports: unknown[] = [];
  const { sla, ...readers } = readersOf(db, name === "empty");
  const app = statusPage({
    now: () => db.now,
    spare: null,
    report: (error) => reports.push(error),
    herald: () => HERALD,
    ...readers,
    // As main.entry.ts has it: a refused configuration gives nothing at all.
    ...(name !== "refused" && {
      config: CONFIG,
      name: CONFIG.name,
      languages: CONFIG.languages,
      knownTargets: CONFIG.targets.map(({ id }) => id),
      contracts: CONTRACTS,
      sla,
      places: { ...CONFIG, timeZone: "UTC" },
      guard: ({ headers }) => Promise.resolve(headers.has("x-test-member") ? MEMBER : STRANGER),
    }),
    ...more,
  });
  return {
    app,
    ask: async (path, headers = {}, method = "GET") =>
      app.fetch(new Request(`https://status.example${path}`, { headers, method }), {} as PageBindings),
    fail: () => {
      db.away = true;
      db.now += 600_000;
    },
    reports,
  };
}
