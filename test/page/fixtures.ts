// Builders of snapshots for the tests of the page: plausible numbers whose sums agree, as a collector would compose
// them. No chance in them: the same arguments give the same document. Used by test/page/ and by the shots.

import type { Language, State } from "../../schema/words.ts";
import type { FrontRow } from "../../status-page/front.ts";
import type { IncidentsPart, MaintenancePart } from "../../workers/incidents/front-parts.ts";
import type {
  DayCounts,
  JourneyFigures,
  JourneySnapshot,
  LatencyFigures,
  PeriodFigures,
  RecentFigures,
  RegionSnapshot,
  Snapshot,
} from "../../workers/results/snapshot-shape.ts";
import type { BoardPart } from "../../workers/sla/board.ts";

/** 2026-11-22 12:00:17 UTC: the present of all tests. */
export const NOW = Date.UTC(2026, 10, 22, 12, 0, 17);
const MINUTE = 60_000;
const DAY = 86_400_000;
/** Messages a minute: 6 rounds of 4. */
const PER_MINUTE = 24;

export const REGIONS: readonly (readonly [id: string, en: string, zh: string, place: string, p50: number])[] = [
  ["wnam", "Western North America", "北美西部", "SJC", 61],
  ["enam", "Eastern North America", "北美东部", "IAD", 52],
  ["weur", "Western Europe", "西欧", "AMS", 43],
  ["eeur", "Eastern Europe", "东欧", "VIE", 48],
  ["apac-ne", "Northeast Asia", "东北亚", "NRT", 31],
  ["apac-se", "Southeast Asia", "东南亚", "SIN", 38],
  ["oc", "Oceania", "大洋洲", "SYD", 74],
];

export function latencyFigures(p50: number, samples: number): LatencyFigures {
  return {
    samples,
    p50: samples > 0 ? p50 : null,
    p95: samples >= 59 ? Math.round(p50 * 1.5) : null,
    p99: samples >= 299 ? Math.round(p50 * 2.1) : null,
    max_ms: samples > 0 ? Math.round(p50 * 3.4) : null,
  };
}

export interface Minutes {
  readonly up: number;
  readonly degraded?: number;
  readonly down?: number;
  readonly unmeasured?: number;
}

/** A period of these minutes; a down minute loses all its messages unless said otherwise. */
export function period(
  from: number,
  minutes: Minutes,
  p50: number,
  change: Partial<PeriodFigures> = {},
): PeriodFigures {
  const { up, degraded = 0, down = 0, unmeasured = 0 } = minutes;
  const scheduled = (up + degraded + down + unmeasured) * PER_MINUTE;
  const ok = (up + degraded) * PER_MINUTE;
  return {
    from,
    to: from + (up + degraded + down + unmeasured) * MINUTE,
    minutes_expected: up + degraded + down + unmeasured,
    minutes_whole: up + degraded + down + unmeasured,
    minutes_up: up,
    minutes_degraded: degraded,
    minutes_down: down,
    minutes_unmeasured: unmeasured,
    scheduled,
    ok,
    lost: down * PER_MINUTE,
    error: 0,
    not_sent: unmeasured * PER_MINUTE,
    duplicate: 0,
    reordered: 0,
    corrupt: 0,
    late: degraded * 5,
    latency: latencyFigures(p50, ok + down * PER_MINUTE),
    connect: latencyFigures(p50 * 3, (up + degraded) * 12),
    ...change,
  };
}

export function recent(p50: number, change: Partial<RecentFigures> = {}): RecentFigures {
  return {
    from: NOW - 5 * MINUTE - 17_000,
    to: NOW - 17_000,
    rounds: 30,
    attempted: 120,
    ok: 120,
    lost: 0,
    error: 0,
    not_sent: 0,
    late: 0,
    latency: latencyFigures(p50, 120),
    failure: null,
    ...change,
  };
}

/** Ninety days: `full` of them measured, with a few blemishes, the rest before the first measurement. */
export function ninetyDays(full: number, blemish = 0): readonly DayCounts[] {
  return Array.from({ length: 90 }, (_, i): DayCounts => {
    const age = 89 - i;
    if (age >= full) return null;
    const expected = age === 0 ? 720 : 1440;
    if (blemish > 0 && age === 1 + blemish)
      return [expected, expected - 10, 0, 10, expected * PER_MINUTE, (expected - 10) * PER_MINUTE];
    if (blemish > 0 && age === 20 + blemish * 3)
      return [expected, expected - 38, 38, 0, expected * PER_MINUTE, expected * PER_MINUTE - 91];
    if (blemish > 0 && age === 40 + blemish) return [expected, 1040, 0, 0, 1040 * PER_MINUTE, 1040 * PER_MINUTE];
    if (blemish > 0 && age === 55 + blemish) return [expected, 0, 0, 0, 0, 0];
    if (blemish > 0 && age === 60 + blemish) return [expected, 900, 120, 420, expected * PER_MINUTE, 1000 * PER_MINUTE];
    return [expected, expected, 0, 0, expected * PER_MINUTE, expected * PER_MINUTE];
  });
}

/** A healthy region by its place in REGIONS, changed as the test needs. */
export function region(index: number, change: Partial<RegionSnapshot> = {}): RegionSnapshot {
  const [id, en, zh, place, p50] = REGIONS[index % REGIONS.length] ?? ["x", "X", "X", "XXX", 50];
  return {
    region: id,
    label: { en, zh },
    journey: "loop",
    ok_means: "delivered",
    place,
    state: "up",
    why: null,
    last_slot_at: NOW - 7000,
    stale_after_ms: 180_000,
    measured_since: NOW - 100 * DAY,
    recent: recent(p50),
    today: period(Date.UTC(2026, 10, 22), { up: 720 }, p50),
    month: period(Date.UTC(2026, 10, 1), { up: 30_951, degraded: 4, down: 3, unmeasured: index === 5 ? 2 : 0 }, p50),
    days: ninetyDays(90, index + 1),
    ...change,
  };
}

const OTHERS = {
  room: ["delivery", "delivered", 3_000],
  dialogue: ["turn", "delivered", 20],
  connect: ["connection", "accepted", 3],
} as const;

/** A journey beside loop: its counts are those of a healthy month, changed as the test needs. */
export function other(
  journey: JourneySnapshot["journey"],
  p50: number,
  change: Partial<JourneySnapshot> = {},
): JourneySnapshot {
  const [unit, okMeans, each] = OTHERS[journey];
  const phases = journey === "connect" ? { handshake: latencyFigures(p50, 600), login: latencyFigures(9, 600) } : null;
  const figures = (from: number, minutes: number): JourneyFigures => {
    const counts = { scheduled: minutes * each, ok: minutes * each, latency: latencyFigures(p50, minutes * each) };
    return { ...period(from, { up: minutes }, p50, counts), reconnects: journey === "dialogue" ? 2 : 0, phases };
  };
  return {
    journey,
    unit,
    ok_means: okMeans,
    state: "up",
    why: null,
    last_slot_at: NOW - 7_000,
    stale_after_ms: 180_000,
    measured_since: NOW - 20 * DAY,
    recent: recent(p50, { attempted: 5 * each, ok: 5 * each, latency: latencyFigures(p50, 5 * each) }),
    today: figures(Date.UTC(2026, 10, 22), 720),
    month: figures(Date.UTC(2026, 10, 1), 30_960),
    ...change,
  };
}

/** A healthy target with all its journeys in each region. */
export function withJourneys(): Snapshot {
  const regions = [0, 2, 4].map((i) =>
    region(i, { others: [other("room", 58), other("dialogue", 91), other("connect", 140)] }),
  );
  return snapshot(regions);
}

export function snapshot(regions: readonly RegionSnapshot[], change: Partial<Snapshot> = {}): Snapshot {
  return {
    version: 1,
    target: "rtm",
    label: { en: "Real-time messaging", zh: "实时消息" },
    driver: "mqtt",
    publish_ack: "broker",
    composed_at: NOW - 3000,
    time_zone: "UTC",
    today: "2026-11-22",
    every_ms: 10_000,
    messages: 4,
    gap_ms: 50,
    deadline_ms: 5000,
    connect_deadline_ms: 3000,
    objectives: {
      availability: 0.999,
      delivery: 0.9999,
      latency_ms_p99: 200,
      connect_ms_p99: 600,
      down_share: 0.2,
      degraded_share: 0.1,
    },
    regions,
    matrix: [],
    ...change,
  };
}

const seven = (change: Readonly<Record<number, Partial<RegionSnapshot>>> = {}): readonly RegionSnapshot[] =>
  REGIONS.map((_, i) => region(i, change[i] ?? {}));

export const healthy = (): Snapshot => snapshot(seven());

const LOST = latencyFigures(43, 120);

/** Western Europe loses most messages. */
export const oneDown = (): Snapshot =>
  snapshot(
    seven({
      2: {
        state: "down",
        recent: recent(43, {
          ok: 41,
          lost: 79,
          latency: { ...LOST, p50: { over_ms: 5000 }, p95: { over_ms: 5000 }, p99: null },
        }),
        today: period(Date.UTC(2026, 10, 22), { up: 692, down: 28 }, 43, {
          latency: { ...latencyFigures(43, 17_280), p99: { over_ms: 5000 } },
        }),
        month: period(Date.UTC(2026, 10, 1), { up: 30_908, degraded: 4, down: 48 }, 43),
      },
    }),
  );

/** Nothing new from Oceania for forty minutes, though the stored state still says up. */
export const oneSilent = (): Snapshot => snapshot(seven({ 6: { last_slot_at: NOW - 40 * MINUTE, recent: null } }));

/** Southeast Asia answers late. */
export const oneDegraded = (): Snapshot =>
  snapshot(seven({ 5: { state: "degraded", recent: recent(190, { late: 31 }) } }));

/** Connections refused in one, another unfit by its controls, another slow. */
export const mixed = (): Snapshot =>
  snapshot(
    seven({
      0: {
        state: "down",
        recent: recent(61, {
          ok: 0,
          error: 120,
          latency: { ...latencyFigures(61, 120), p50: { over_ms: 5000 }, p95: { over_ms: 5000 }, max_ms: null },
          failure: "connect: tcp",
        }),
      },
      3: { state: "unmeasured", why: "controls", place: "" },
      5: { state: "degraded", recent: recent(190, { late: 31, not_sent: 4 }) },
    }),
  );

const NO_LATENCY = latencyFigures(0, 0);
const NO_MINUTES = { up: 0 };

/** The first seconds: rounds have come in, no minute is closed. */
export const firstSeconds = (): Snapshot =>
  snapshot(
    REGIONS.map((entry, i) =>
      region(i, {
        recent: recent(entry[4], {
          rounds: 1,
          attempted: 4,
          ok: 4,
          from: NOW - 10_000,
          to: NOW - 5000,
          latency: latencyFigures(entry[4], 4),
        }),
        measured_since: NOW - 10_000,
        today: period(Date.UTC(2026, 10, 22), NO_MINUTES, 0, { latency: NO_LATENCY, connect: NO_LATENCY }),
        month: period(Date.UTC(2026, 10, 1), NO_MINUTES, 0, { latency: NO_LATENCY, connect: NO_LATENCY }),
        days: ninetyDays(0),
      }),
    ),
  );

/** Composed before any result: known regions, nothing else. */
export const notStarted = (): Snapshot =>
  snapshot(
    firstSeconds().regions.map((r) => ({
      ...r,
      state: "unmeasured" as const,
      last_slot_at: null,
      recent: null,
      place: "",
    })),
  );

/** Three days old, as most installations are when somebody looks first. */
export const young = (): Snapshot =>
  snapshot(
    REGIONS.map((_, i) => region(i, { days: ninetyDays(3, i === 2 ? 1 : 0) })),
    { time_zone: "Asia/Shanghai" },
  );

/** Many targets, a few of them in trouble; each with two regions to stay below D1's 2 MB a row. */
export function many(count: number): readonly Snapshot[] {
  return Array.from({ length: count }, (_, i) => {
    const state: State = i % 31 === 7 ? "down" : i % 29 === 5 ? "degraded" : "up";
    const lost = state === "down" ? { ok: 60, lost: 60 } : state === "degraded" ? { late: 20 } : {};
    return snapshot([region(2, { state, recent: recent(43, lost) }), region(4)], {
      target: `service-${i + 1}`,
      label: { en: `Service ${i + 1}`, zh: `服务 ${i + 1}` },
    });
  });
}

/** The row that holds these snapshots, and these parts beside them. */
export function frontRow(
  snapshots: readonly Snapshot[],
  composedAt = NOW - 2000,
  parts: readonly (IncidentsPart | MaintenancePart | BoardPart)[] = [],
): FrontRow {
  return { composedAt, body: JSON.stringify({ version: 2, snapshots, parts }) };
}

/** A snapshot whose names are an attack. */
export function hostile(): Snapshot {
  const evil: Record<Language, string> = {
    en: `</title><script>alert(1)</script>\u202egnp.exe" onload='x'`,
    zh: `<img src=x onerror=alert(1)>\u2067${"长".repeat(400)}`,
  };
  return snapshot(
    [
      region(0, {
        label: evil,
        place: `"><script>`,
        state: "down",
        recent: recent(50, { ok: 0, error: 120, failure: "<b>:x" }),
      }),
    ],
    {
      label: evil,
      target: `a/b"<c>`,
    },
  );
}
