// Aim: reports tell of the incidents that D1 has, are corrected when an incident's times change, and never when only the software did;
// what cannot be read is no verdict. Method: a month in a real D1, the real judge, incidents as rows made of their events, the
// inspector after each act.

import { createHash } from "node:crypto";

import { describe, expect, it } from "vitest";

import { canonicalJson } from "../../workers/config/canonical.ts";
import type { ContractInput } from "../../workers/config/contracts/define-contract.ts";
import { SONDE } from "../../workers/incidents/incident.ts";
import type { Incident } from "../../workers/incidents/incident.ts";
import { incidentOf } from "../../workers/incidents/life.ts";
import { incidentsStore } from "../../workers/sla/incidents.store.ts";
import type { Report } from "../../workers/sla/report-shape.ts";
import { must } from "../observations.ts";
import { world } from "../world.ts";
import type { World } from "../world.ts";
import {
  APRIL,
  DAY,
  documentOf,
  GOLDEN,
  goldenAt,
  HOUR,
  MAY,
  MINUTE,
  oneSeries,
  reportsOf,
  writeHours,
} from "./judging.ts";

const TIMED: ContractInput = {
  ...GOLDEN,
  objectives: [
    { id: "availability", kind: "slots", target: 0.999, downIf: { rate: ">= .2" }, minSamples: 10 },
    { id: "detect", kind: "duration", of: "detect", limit: "5min", stat: "max" },
    { id: "ack", kind: "duration", of: "ack", limit: "15min", stat: "max" },
    { id: "recover", kind: "duration", of: "recover", limit: "30min", stat: "max" },
  ],
};
/** Begin of the golden month's first outage: 12 minutes. */
const DOWN_AT = APRIL + 5_000 * MINUTE;

/** The first six days of the golden month in April; two hours after the month's end. */
async function april(): Promise<World> {
  const fleet = await world();
  fleet.reconfigure((input) => ({ ...input, contracts: [TIMED] }));
  await writeHours(fleet, await oneSeries(fleet, APRIL), goldenAt(APRIL, 8_640));
  fleet.at(MAY + 2 * HOUR);
  return fleet;
}

function incident(id: string, impactStart: number, own: Partial<Incident> = {}): Incident {
  const opened = { kind: "opened", of: "outage", audience: "service", severity: "error", scope: "region" } as const;
  const change = { ...opened, regions: ["weur"], about: null, sentence: { en: "Down.", zh: "中断。" }, drill: false };
  const recordedAt = impactStart + 2 * MINUTE;
  const event = { incident: id, number: 1, key: `${id}/opened`, at: impactStart, recordedAt, author: SONDE, change };
  return { ...incidentOf("push", [event]), ...own };
}

async function put(fleet: World, one: Incident, notifiedAt: number | null = null, body = JSON.stringify(one)) {
  const { id, events, target, kind, audience, state, impactStart, impactEnd } = one;
  await fleet.bindings.DB.prepare(
    `INSERT OR REPLACE INTO "incidents" ("id", "events", "target", "kind", "audience", "state", "impact_start", "impact_end", "notified_at", "body")
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)`,
  )
    .bind(id, events, target, kind, audience, state, impactStart, impactEnd, notifiedAt, body)
    .run();
}

/** "2031-04 1: detect 1/1 met, ..." of each report. */
async function told(fleet: World): Promise<string[]> {
  return (await reportsOf(fleet)).map((row) => {
    const report = documentOf(row);
    const durations = report.segments[0]?.scopes[0]?.objectives.flatMap((each) =>
      each.kind === "duration" ? [`${each.of} ${each.known}/${each.incidents} ${each.verdict}`] : [],
    );
    const ids = report.incidents?.list.map(({ id }) => id).join(" ") ?? "(old)";
    return `${row.period} ${row.revision}: ${durations?.join(", ")}: ${ids}`;
  });
}

describe("incidents in reports", () => {
  it("before any was written down runs are incidents; the first one in May changes nothing about April", async () => {
    const fleet = await april();
    await fleet.judged("push");
    const before = ["2031-04 1: detect 0/1 no_data, ack 0/1 no_data, recover 1/1 met: "];
    expect(await told(fleet)).toEqual([
      ...before,
      "2031-05 0: detect 0/0 undetermined, ack 0/0 undetermined, recover 0/0 undetermined: ",
    ]);
    await put(fleet, incident("push-1", MAY + HOUR), MAY + HOUR + 3 * MINUTE);
    fleet.at(MAY + 3 * HOUR);
    await fleet.judged("push");
    expect(await told(fleet)).toEqual([
      ...before,
      "2031-05 0: detect 1/1 undetermined, ack 0/1 no_data, recover 0/1 no_data: push-1",
    ]);
    const [, may] = (await reportsOf(fleet)).map(documentOf);
    expect(may?.incidents).toMatchObject({
      kept_since: MAY + HOUR,
      list: [{ notified: MAY + HOUR + 3 * MINUTE, regions: ["weur"], impact_end: null }],
      times: { detect: { n: 1, unknown: 0, median_ms: 2 * MINUTE }, restore: { n: 0, unknown: 1 } },
    });
  });

  it("a closed month gets a revision for each change of an incident's times, and none without one", async () => {
    const fleet = await april();
    const open = incident("push-1", DOWN_AT);
    const notified = DOWN_AT + 3 * MINUTE;
    await put(fleet, open, notified);
    await fleet.judged("push");
    await fleet.judged("push");
    const acked = { ...open, firstAckedAt: notified + 20 * MINUTE };
    await put(fleet, acked, notified);
    await fleet.judged("push");
    const over: Incident = {
      ...acked,
      state: "resolved",
      impactEnd: DOWN_AT + 12 * MINUTE,
      resolvedAt: DOWN_AT + HOUR,
    };
    await put(fleet, over, notified);
    fleet.at(MAY + 60 * DAY);
    await fleet.judged("push");
    // What people say about it later is no time.
    await put(
      fleet,
      { ...over, events: 9, postmortem: { at: MAY, author: "lin@example.com", text: { en: "Learnt." } } },
      notified,
    );
    await fleet.judged("push");
    expect((await told(fleet)).filter((each) => each.startsWith("2031-04"))).toEqual([
      "2031-04 1: detect 1/1 met, ack 0/1 no_data, recover 0/1 no_data: push-1",
      "2031-04 2: detect 1/1 met, ack 1/1 breached, recover 0/1 no_data: push-1",
      "2031-04 3: detect 1/1 met, ack 1/1 breached, recover 1/1 met: push-1",
    ]);
    const [first, second] = await reportsOf(fleet);
    expect(documentOf(second).replaces).toEqual({ revision: 1, hash: must(first).hash });
  });

  it("a report that was frozen before there were incidents stays as it is", async () => {
    const fleet = await april();
    await fleet.judged("push");
    const row = must((await reportsOf(fleet))[0]);
    const { incidents: _none, ...old } = documentOf(row);
    const body = canonicalJson(old);
    const hash = createHash("sha256").update(body).digest("hex");
    await fleet.bindings.DB.prepare(`UPDATE "reports" SET "body" = ?1, "hash" = ?2 WHERE "revision" = 1`)
      .bind(body, hash)
      .run();
    // Whatever was looked at is forgotten: each closed period is looked at once more.
    await fleet.inJudge("push", (_judge, { storage }) => storage.deleteAll());
    await put(fleet, incident("push-1", MAY + HOUR));
    await fleet.judged("push");
    const kept = (await reportsOf(fleet)).filter(({ period }) => period === "2031-04");
    expect(kept.map(({ revision, hash: own }) => [revision, own])).toEqual([[1, hash]]);
    // An incident of that month is news all the same.
    await put(fleet, incident("push-2", APRIL + 6 * DAY));
    await fleet.judged("push");
    const april2 = (await reportsOf(fleet))
      .map((each): Report => documentOf(each))
      .find(({ revision }) => revision === 2);
    expect(april2?.incidents?.list.map(({ id }) => id)).toEqual(["push-2"]);
  });

  it("lists no drill, no merged one by itself, nobody else's, and no other kind; all of them say since when they are kept", async () => {
    const fleet = await april();
    await put(fleet, incident("push-1", DOWN_AT - 9 * HOUR, { kind: "budget" }));
    await put(fleet, incident("push-2", DOWN_AT - 2 * HOUR, { drill: true }));
    await put(fleet, incident("push-3", DOWN_AT - HOUR, { target: "chat" }));
    await put(
      fleet,
      incident("push-4", DOWN_AT, { state: "merged", mergedInto: "push-5", detected: DOWN_AT + MINUTE }),
      DOWN_AT + 90_000,
    );
    await put(fleet, incident("push-5", DOWN_AT + 4 * MINUTE, { scope: "global" }), DOWN_AT + 7 * MINUTE);
    await put(fleet, incident("push-6", DOWN_AT, { regions: ["oc"] }));
    await put(fleet, incident("push-7", DOWN_AT, { audience: "keepers" }));
    await fleet.judged("push");
    const { incidents } = documentOf((await reportsOf(fleet))[0]);
    expect(incidents).toMatchObject({ kept_since: DOWN_AT - 9 * HOUR });
    expect(incidents?.list).toMatchObject([
      { id: "push-5", scope: "global", impact_start: DOWN_AT, detected: DOWN_AT + MINUTE, notified: DOWN_AT + 90_000 },
    ]);
  });
});

describe("what cannot be read", () => {
  const whole = incident("push-1", DOWN_AT);
  it.each<[string, string]>([
    ["no JSON", "{"],
    ["another incident", JSON.stringify({ ...whole, id: "push-2" })],
    ["another target's", JSON.stringify({ ...whole, target: "chat" })],
    ["a time in words", JSON.stringify({ ...whole, detected: "soon" })],
    ["a part of a millisecond", JSON.stringify({ ...whole, impactEnd: DOWN_AT + 0.5 })],
    ["an unknown severity", JSON.stringify({ ...whole, severity: "bad" })],
    ["without its regions", JSON.stringify({ ...whole, regions: undefined })],
  ])("%s: nothing is judged until it can be read", async (_name, body) => {
    const fleet = await april();
    await put(fleet, whole, null, body);
    await expect(incidentsStore(fleet.bindings.DB).keptOf("push", 0)).rejects.toThrow(/^incident push-1 /);
    await fleet.judged("push");
    expect(await reportsOf(fleet)).toEqual([]);
    await put(fleet, whole);
    await fleet.judged("push");
    expect((await told(fleet))[0]).toContain(": push-1");
  });

  it("a read that fails is no period without incidents", async () => {
    const fleet = await april();
    await put(fleet, whole);
    await fleet.judge("push").arm("push");
    await fleet.inJudge("push", async (judge) => {
      const { incidents } = judge.stores;
      const { keptOf } = incidents;
      Object.assign(incidents, { keptOf: () => Promise.reject(new Error("keptOf: lost")) });
      await judge.alarm();
      Object.assign(incidents, { keptOf });
    });
    expect(await reportsOf(fleet)).toEqual([]);
    await fleet.judged("push");
    expect((await told(fleet))[0]).toContain(": push-1");
  });
});
