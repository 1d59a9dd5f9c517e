// What hostile people write, and the whole public page with one of these texts in every field that somebody writes: names of the
// configuration, what stands in the front row, incidents, reports, rows of history, subscriptions. No chance in it; checks nothing.

import type { FrontRow } from "../../status-page/front.ts";
import type { RawReader } from "../../status-page/api/raw.ts";
import type { Config } from "../../workers/config/config.ts";
import type { IncidentChange } from "../../workers/incidents/incident.ts";
import type { Report } from "../../workers/sla/report-shape.ts";
import { NOW, REGIONS, frontRow, healthy, other, recent, region, snapshot } from "./fixtures.ts";
import { CONFIG, HERALD, KEPT, ROW_OF_MINUTE, SERIES, tableWorld } from "./http-table-worlds.ts";
import type { TableWorld } from "./http-table-worlds.ts";
import { MINUTE, eventsOf, incident, openedAs, readerOf as incidentsOf } from "./incident-world.ts";
import * as parts from "./part-fixtures.ts";
import * as fixtures from "./sla-fixtures.ts";
import { exclusion } from "./sla-parts.ts";
import { MEMBER, as, contractOf, readerOf as reportsOf, stored } from "./sla-world.ts";

/** Each in every field. The first is harmless: what is wrong with it is wrong with the readers. */
export const TEXTS: Readonly<Record<string, string>> = {
  harmless: "plain",
  script: "<script>alert(1)</script><x-evil onclick=alert(1)>",
  "double quotes": `"><img src=x onerror=alert(1)><x-evil a="`,
  "single quotes": `' onmouseover='alert(1)' x='`,
  links: `[x](javascript:alert(1)) [y](data:text/html,x) ![z](vbscript:1) <javascript:1> [u](JaVa\tScRiPt:1) [v](https://e.example/"onclick=1)`,
  ends: "]]>--></style></script></title></textarea></pre></svg><x-evil>",
  header: "a\r\nSet-Cookie: evil=1\r\n\r\n<x-evil>",
  controls: "a\u0000b\u0001\u0008\u000b\u000c\u001b[31m\u007f\u0085z",
  "marks of our own": "\u00000\u0000 \u00001\u0000 \u0000",
  surrogates: "\ud800 x \udfff\ud800",
  "turned text": "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061cgnp.exe",
  unseen: "\u200b\u200c\u200d\u2060\ufeff\u00ad\u{e0041}",
  family: "👨‍👩‍👧‍👦".repeat(60),
  marks: `a${"\u0301".repeat(200)}`,
  formula: `=cmd|' /C calc'!A0`,
  "formula by a sign": "+1+1",
  "formula by a minus": "-1+cmd|'x'!A0",
  "formula by an at": "@SUM(1+9)*cmd",
  "formula behind a tab": "\t=1+1",
  calendar: 'x\nEND:VEVENT\nBEGIN:VEVENT\r\nSUMMARY:evil\n;,\\,:"\\n',
  entities: `&lt;script&gt; &#0; &bogus; <?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>&a;<![CDATA[x]]><!--`,
  "line separators": "a\u2028b\u2029<x-evil>",
  "no characters": "\ufffe\uffff\u{1fffe} x",
  metrics: `"} 1\n# HELP evil x\nevil_metric 1\n# EOF\n\\`,
  templates: "{{7*7}} ${7*7} %s %n __proto__ $& $1 $$",
  markdown: "# <x-evil>\n\n```\n</code></pre><x-evil>\n> * <b>\n\n1. [a][b]\n\n[b]: javascript:alert(1)",
  nothing: "",
  "spaces only": " \u3000\t\n ",
  long: "long ".repeat(20_000),
};

const both = (text: string) => ({ en: text, zh: text });
/** What is no text of a person, but a name that programs give each other: no longer than the configuration lets it be, and some more. */
const short = (evil: string): string => evil.slice(0, 100).toWellFormed();

function rowOf(evil: string, update = evil): FrontRow {
  const id = short(evil);
  const place = (i: number, change = {}) => region(i, { label: both(evil), place: id, ...change });
  const bad = recent(50, { ok: 0, error: 120, failure: id });
  const regions = [
    place(0, { region: id }),
    place(2, { state: "down", recent: bad, others: [other("room", 58, { recent: bad, state: "down" })] }),
    place(3, { state: "unmeasured", why: "controls" }),
    place(4),
  ];
  const [cell] = healthy().matrix;
  const matrix = cell === undefined ? [] : [{ ...cell, from: id, to: id }];
  const word = { at: NOW - 9 * MINUTE, statement: "identified", text: both(update) } as const;
  const change = { sentence: both(evil), regions: [id, "weur"], bad_regions: [id], statement: word };
  return frontRow(
    [snapshot(regions, { label: both(evil), matrix }), snapshot([place(1)], { label: both(evil), target: id })],
    NOW - 2000,
    [
      parts.incidentsPart(
        [parts.frontIncident({ id: "rtm-9", ...change }), parts.frontIncident({ id, ...change })],
        [parts.pastIncident({ id: "rtm-8", ...change })],
      ),
      parts.incidentsPart([parts.frontIncident({ id: `${id}-1`, ...change })], [], id),
      parts.maintenancePart([
        parts.frontMaintenance({ title: both(evil), regions: [id] }),
        parts.frontMaintenance({
          id,
          title: both(evil),
          window: { kind: "once", fromAt: NOW - 60 * MINUTE, toAt: NOW + 60 * MINUTE },
        }),
      ]),
      parts.boardPart({
        contract: "kept",
        label: both(evil),
        tier: evil,
        objectives: [parts.boardObjective({ id, region: { id, label: both(evil), of: 7 } })],
      }),
    ],
  );
}

function told(evil: string, update = evil) {
  const id = short(evil);
  const start = NOW - 40 * MINUTE;
  const one = incident("rtm-9", start, {
    sentence: both(evil),
    regions: [id, "weur"],
    badRegions: [id],
    impact: [{ region: id, attempted: 9, bad: 3 }],
    absorbed: [id],
    publishedAt: start + MINUTE,
    statements: [{ at: start + MINUTE, author: evil, statement: "identified", text: both(update) }],
    postmortem: { at: start + 2 * MINUTE, author: evil, text: both(`# ${evil}\n\n- ${evil}\n\n> ${evil}`) },
  });
  const changes: readonly IncidentChange[] = [
    openedAs(one),
    { kind: "joined", region: id },
    { kind: "left", region: id },
    { kind: "absorbed", incident: id, regions: [id] },
    { kind: "published", statement: "identified", text: both(update) },
    { kind: "reopened", region: id, note: evil },
    { kind: "merged", into: id },
    { kind: "postmortem", text: both(update) },
  ];
  const events = eventsOf(
    one.id,
    start,
    changes.map((change, i) => [i * 1000, evil, change] as const),
  );
  return { incident: one, notifiedAt: start + 50_000, events };
}

function reportOf(evil: string): Report {
  const whole = fixtures.breached();
  const source = { preset: evil, url: `javascript:${evil}`, checked_on: evil, warning: both(evil) };
  const proof = { where: `https://x.example/${evil}`, sha256: evil };
  return {
    ...whole,
    contract: { ...whole.contract, id: "kept", label: both(evil), tier: evil, target_label: both(evil), source },
    segments: whole.segments.map((one) => ({
      ...one,
      scopes: one.scopes.map((each) => ({ ...each, label: both(evil) })),
    })),
    exclusions: [exclusion({ reason: evil, author: evil, regions: [evil], proof })],
    claim: whole.claim === null ? null : { ...whole.claim, channel: evil, evidence: [evil] },
  };
}

/** A configuration would refuse most of these: here it stands for one that was read by an older version. */
const configOfEvil = (evil: string): Config => ({
  ...CONFIG,
  name: evil,
  placeUrl: evil,
  controls: [`https://c.example/${evil}`],
  targets: CONFIG.targets.map((target) => ({ ...target, label: both(evil) })),
  regions: CONFIG.regions.map((each) => ({ ...each, label: both(evil) })),
});

/**
 * The page with this text wherever somebody writes one, and `update` where somebody writes about an incident. Ids in addresses are as in
 * the table of routes.
 */
export function hostileWorld(evil: string, more: { readonly update?: string } = {}): TableWorld {
  const id = short(evil);
  // Neither a report nor a configuration with half a character is ever written: it has no canonical JSON.
  const config = configOfEvil(evil.toWellFormed());
  const report = reportOf(evil.toWellFormed());
  const list = [
    told(evil, more.update),
    { incident: incident("rtm-8", NOW - 9000 * MINUTE), notifiedAt: null, events: [] },
  ];
  const raw: RawReader = {
    list: () => Promise.resolve([{ ...SERIES, target: id, region: id, peer: id, journey: id }]),
    one: () => Promise.resolve({ ...SERIES, target: id, region: id, peer: id }),
    mark: () => Promise.resolve("m1"),
    rows: () => Promise.resolve([{ ...ROW_OF_MINUTE, place: id, zone: id }]),
  };
  const silence = {
    prober: id,
    region: id,
    reason: "no_wake",
    newestWakeAt: null,
    seenAt: NOW - 1000,
    untilAt: null,
  } as const;
  const kept = { ...KEPT, hint: evil, targets: [id], regions: [id] };
  const seen = () => Promise.resolve({ ok: true, done: "seen", kept } as const);
  // A row of D1 holds two megabytes.
  const row = rowOf(evil, more.update?.slice(0, 300_000));
  return tableWorld("rich", {
    config,
    name: evil,
    read: () => Promise.resolve(row),
    places: {
      timeZone: "UTC",
      targets: config.targets,
      regions: REGIONS.map(([name]) => ({ id: name, label: both(evil) })),
    },
    contracts: ["kept", "breached", "new"].map((contract) => ({
      ...contractOf(report),
      id: contract,
      label: both(evil),
      tier: evil,
    })),
    sla: reportsOf([report, as(report, "breached")].map((one) => stored(one))),
    guard: () => Promise.resolve(MEMBER),
    incidents: incidentsOf(list),
    raw,
    silences: { read: () => Promise.resolve({ silences: [silence], cut: false }) },
    herald: () => ({ ...HERALD, ask: async () => ({ ok: false, refused: "address" }), unconfirmed: seen, show: seen }),
  });
}
