// Incidents as a target's Duty would have written them, and the app with its reader in the hand of the test. No chance in them.
// Used by the tests of their pages; not a fake of D1, since the app takes a reader, not a database.

import type { StatusPageOptions } from "../../status-page/app.tsx";
import { IncidentsUnreadable, parseEvent, parseIncident } from "../../status-page/incidents.ts";
import type { IncidentReader, Places } from "../../status-page/incidents.ts";
import type { Incident, IncidentChange, IncidentEvent } from "../../workers/incidents/incident.ts";
import { NOW, REGIONS, frontRow, healthy } from "./fixtures.ts";
import { world } from "./world.ts";
import type { World } from "./world.ts";

export const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
/** A name that must stand on no page. */
export const PERSON = "lin@example.com";
/** A note that must stand on no page. */
export const NOTE = "rang Wang Wei about the broker";

export const PLACES: Places = {
  timeZone: "Asia/Shanghai",
  targets: [{ id: "rtm", label: { en: "Messaging", zh: "实时消息" } }],
  regions: REGIONS.map(([id, en, zh]) => ({ id, label: { en, zh } })),
};

export interface Kept {
  readonly incident: Incident;
  readonly notifiedAt: number | null;
  readonly events: readonly IncidentEvent[];
}

const both = (en: string, zh: string) => ({ en, zh });

/** An outage of one region that began at `start`, found 40 s later, still going on. */
export function incident(id: string, start: number, change: Partial<Incident> = {}): Incident {
  return {
    id,
    target: id.replace(/-\d+$/, ""),
    kind: "outage",
    audience: "service",
    severity: "critical",
    scope: "region",
    state: "open",
    drill: false,
    about: null,
    regions: ["weur"],
    badRegions: ["weur"],
    sentence: both(
      "Western Europe: 61 of 240 messages lost or refused since 10:02 UTC.",
      "西欧：自 10:02 UTC 起，240 条消息中 61 条丢失或被拒绝。",
    ),
    impact: [{ region: "weur", attempted: 240, bad: 61 }],
    flapping: false,
    mergedInto: null,
    absorbed: [],
    impactStart: start,
    detected: start + 40_000,
    acked: null,
    firstAckedAt: null,
    impactEnd: null,
    endedByWord: false,
    resolvedAt: null,
    publishedAt: null,
    statements: [],
    postmortem: null,
    reopened: 0,
    toldAt: start + 40_000,
    events: 1,
    ...change,
  };
}

/** Events in order, `[after ms, author, change]`; times count from the begin. Written down two seconds later. */
export function eventsOf(
  id: string,
  start: number,
  told: readonly (readonly [number, string, IncidentChange])[],
): readonly IncidentEvent[] {
  return told.map(([after, author, change], i) => {
    const at = start + after;
    return { incident: id, number: i + 1, key: `${id}/${i}`, at, recordedAt: at + 2000, author, change };
  });
}

export const openedAs = (one: Incident): IncidentChange => ({
  kind: "opened",
  of: one.kind,
  audience: one.audience,
  severity: one.severity,
  scope: one.scope,
  regions: one.regions,
  about: null,
  sentence: one.sentence,
  drill: one.drill,
});

/** Open for 17 minutes, two regions, one good again, nobody has said anything. */
export function ongoing(): Kept {
  const start = NOW - 17 * MINUTE - 5000;
  const one = incident("rtm-9", start, {
    regions: ["weur", "eeur"],
    impact: [
      { region: "weur", attempted: 340, bad: 97 },
      { region: "eeur", attempted: 60, bad: 13 },
    ],
    acked: { at: start + 4 * MINUTE, by: PERSON },
    firstAckedAt: start + 4 * MINUTE,
  });
  const measured = (bad: number): IncidentChange => ({
    kind: "measured",
    severity: "critical",
    impact: one.impact,
    sentence: both(`Western Europe: ${bad} of 340 lost.`, `西欧：340 条中 ${bad} 条丢失。`),
  });
  const events = eventsOf(one.id, start, [
    [40_000, "sonde", openedAs(one)],
    [2 * MINUTE, "sonde", { kind: "joined", region: "eeur" }],
    [4 * MINUTE, PERSON, { kind: "acknowledged", note: NOTE }],
    [5 * MINUTE, "sonde", measured(41)],
    [6 * MINUTE, PERSON, { kind: "noted", note: NOTE }],
    [9 * MINUTE, "sonde", { kind: "left", region: "eeur" }],
    [10 * MINUTE, "sonde", measured(80)],
    [15 * MINUTE, "sonde", measured(97)],
  ]);
  return { incident: one, notifiedAt: start + 47_000, events };
}

const GLOBAL_START = NOW - 3 * DAY;

/** One of the regional ones that went into the global one. */
function folded(id: string, region: string, after: number): Kept {
  const start = GLOBAL_START + after;
  const one = incident(id, start, { state: "merged", regions: [region], badRegions: [region], mergedInto: "rtm-8" });
  const events = eventsOf(id, start, [
    [40_000, "sonde", openedAs(one)],
    [60_000, "sonde", { kind: "merged", into: "rtm-8" }],
  ]);
  return { incident: one, notifiedAt: null, events };
}

/** Most regions at once for 48 minutes, with statements in both languages or one, resolved, with a postmortem. */
export function global(): Kept {
  const start = GLOBAL_START;
  const regions = REGIONS.map(([id]) => id);
  const told = [
    [14, "investigating", both("We see **lost messages** in most regions.", "我们发现多数区域出现**消息丢失**。")],
    [31, "identified", { en: "A broker node rejects connections.\n\n- clients in Europe reconnect\n- others wait" }],
    [55, "resolved", both("All messages arrive again.", "消息已全部恢复送达。")],
  ] as const;
  const one = incident("rtm-8", start, {
    scope: "global",
    state: "resolved",
    regions,
    badRegions: [],
    sentence: both(
      "7 of 7 regions: 1,204 of 6,720 messages lost or refused.",
      "7 个区域全部受影响：6,720 条消息中 1,204 条丢失或被拒绝。",
    ),
    impact: regions.map((region, i) => ({ region, attempted: 960, bad: 172 - i })),
    absorbed: ["rtm-6", "rtm-7"],
    acked: { at: start + 43 * MINUTE, by: PERSON },
    firstAckedAt: start + 3 * MINUTE,
    impactEnd: start + 48 * MINUTE + 12_000,
    resolvedAt: start + 55 * MINUTE,
    publishedAt: start + 14 * MINUTE,
    reopened: 1,
    statements: told.map(([after, statement, text]) => ({
      at: start + after * MINUTE,
      author: PERSON,
      statement,
      text,
    })),
    postmortem: {
      at: start + DAY,
      author: PERSON,
      text: both(
        "## What happened\n\nA certificate ran out on one node. See [the report](https://example.com/report).\n\n## What we change\n\n1. Certificates are watched.\n2. Nodes are drained first.",
        "## 经过\n\n一个节点的证书过期。\n\n## 改进\n\n1. 监控证书。\n2. 先行摘除节点。",
      ),
    },
  });
  const events = eventsOf("rtm-8", start, [
    [0, "sonde", openedAs(one)],
    [MINUTE, "sonde", { kind: "absorbed", incident: "rtm-6", regions: ["enam"] }],
    [MINUTE, "sonde", { kind: "absorbed", incident: "rtm-7", regions: ["weur"] }],
    [3 * MINUTE, PERSON, { kind: "acknowledged", note: NOTE }],
    ...told
      .slice(0, 2)
      .map(([after, statement, text]) => [after * MINUTE, PERSON, { kind: "published", statement, text }] as const),
    [40 * MINUTE, "sonde", { kind: "restored" }],
    [42 * MINUTE, "sonde", { kind: "reopened", region: "oc", note: "" }],
    [48 * MINUTE + 12_000, "sonde", { kind: "restored" }],
    [55 * MINUTE, PERSON, { kind: "published", statement: "resolved", text: told[2][2] }],
    [55 * MINUTE, PERSON, { kind: "resolved", note: NOTE }],
    [DAY, PERSON, { kind: "postmortem", text: one.postmortem?.text ?? {} }],
  ]);
  return { incident: one, notifiedAt: start + 52_000, events };
}

/** A brownout that comes and goes, good again, not declared over. */
export function flapping(): Kept {
  const start = NOW - 26 * DAY;
  const one = incident("rtm-5", start, {
    kind: "brownout",
    severity: "warning",
    state: "restored",
    badRegions: [],
    regions: ["oc"],
    flapping: true,
    impact: [],
    impactEnd: start + 90 * MINUTE,
    sentence: both("Oceania: 41 of 400 messages late.", "大洋洲：400 条消息中 41 条延迟。"),
  });
  const events = eventsOf(one.id, start, [
    [2 * MINUTE, "sonde", openedAs(one)],
    [30 * MINUTE, "sonde", { kind: "flapping", on: true }],
    [90 * MINUTE, "sonde", { kind: "restored" }],
  ]);
  return { incident: one, notifiedAt: null, events };
}

const EVIL = `<script>alert(1)</script><img src=x onerror=alert(1)>"'&\u202e\u2066 `;
const LONG = "x".repeat(20_000);

/** Everything that somebody may have written, as bad as can be. */
export function hostile(): Kept {
  const start = NOW - 27 * DAY;
  const evil = both(EVIL + LONG, EVIL + "长".repeat(20_000));
  const one = incident("rtm-2", start, {
    sentence: evil,
    regions: [EVIL, ...Array.from({ length: 300 }, (_, i) => `${EVIL}${i}`)],
    badRegions: [EVIL],
    impact: [{ region: EVIL, attempted: 9, bad: 3 }],
    absorbed: [EVIL],
    mergedInto: EVIL,
    statements: Array.from({ length: 200 }, (_, i) => ({
      at: start + i * MINUTE,
      author: `${EVIL}${PERSON}`,
      statement: "monitoring" as const,
      text: i === 199 ? evil : { zh: EVIL },
    })),
    postmortem: { at: start, author: EVIL, text: { en: `[x](javascript:alert(1)) ${EVIL}${LONG}` } },
    publishedAt: start,
  });
  const changes: IncidentChange[] = [
    openedAs(one),
    { kind: "absorbed", incident: EVIL, regions: [EVIL] },
    { kind: "merged", into: EVIL },
    { kind: "joined", region: EVIL + LONG },
    ...Array.from({ length: 400 }, (_, i): IncidentChange => ({ kind: "left", region: `${EVIL}${i}` })),
  ];
  return {
    incident: one,
    notifiedAt: null,
    events: eventsOf(
      one.id,
      start,
      changes.map((c, i) => [i, EVIL, c] as const),
    ),
  };
}

/** What is not for everybody, each for another reason; numbers 101 and up. */
export const HIDDEN: readonly Kept[] = (
  [
    { drill: true },
    { audience: "keepers", kind: "blind" },
    { audience: "support", kind: "support", about: "gold support" },
    { audience: "service", kind: "budget", about: "gold delivery" },
    { audience: "keepers", kind: "outage" },
  ] satisfies Partial<Incident>[]
).map((change, i) => {
  const one = incident(`rtm-${101 + i}`, NOW - 30 * MINUTE, change);
  return { incident: one, notifiedAt: null, events: eventsOf(one.id, one.impactStart, [[0, "sonde", openedAs(one)]]) };
});

export const ALL: readonly Kept[] = [
  ongoing(),
  global(),
  folded("rtm-6", "enam", 5000),
  folded("rtm-7", "weur", 9000),
  flapping(),
  hostile(),
  ...HIDDEN,
];

/** As the row of the table has it. */
const rowOf = ({ incident: one, notifiedAt }: Kept) => ({ id: one.id, notifiedAt, body: JSON.stringify(one) });

interface HeldReader extends IncidentReader {
  away: boolean;
  reads: number;
}

/** A reader that holds these, 20 a page; every method throws while `away`. Counts how often it was asked. */
export function readerOf(kept: readonly Kept[]): HeldReader {
  const shown = kept.flatMap((one) => parseIncident(rowOf(one)) ?? []);
  const named = (ids: readonly string[]) => shown.filter((one) => ids.includes(one.id));
  const newest = shown.toSorted((a, b) => b.impactStart - a.impactStart).filter((one) => one.state !== "merged");
  const reader: HeldReader = {
    away: false,
    reads: 0,
    list: (_, before, target = null) =>
      asked(() => {
        const own = newest.filter((one) => target === null || one.target === target);
        const all = own.filter((one) => before === null || one.impactStart < before);
        const incidents = all.slice(0, 20);
        const merged = named(incidents.flatMap((one) => one.absorbed));
        return { incidents, merged, olderBefore: all.length > 20 ? (incidents.at(-1)?.impactStart ?? null) : null };
      }),
    story: (_, id) =>
      asked(() => {
        const found = shown.find((one) => one.id === id);
        if (found === undefined) return null;
        const events = kept.find((one) => one.incident.id === id)?.events ?? [];
        return {
          incident: found,
          events: events
            .filter((event) => event.change.kind !== "noted")
            .map((event) => parseEvent({ ...event, change: JSON.stringify(event.change) })),
          cut: false,
          related: named([...found.absorbed, found.mergedInto ?? ""]),
        };
      }),
  };
  function asked<T>(answer: () => T): Promise<T> {
    reader.reads++;
    return reader.away ? Promise.reject(new IncidentsUnreadable("D1 is away")) : Promise.resolve(answer());
  }
  return reader;
}

interface Incidents extends World {
  readonly reader: HeldReader;
}

export function incidentWorld(kept: readonly Kept[] = ALL, options: Partial<StatusPageOptions> = {}): Incidents {
  const reader = readerOf(kept);
  return Object.assign(world(frontRow([healthy()]), { incidents: reader, places: PLACES, ...options }), { reader });
}
