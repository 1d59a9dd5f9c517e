// Aim: the inspector sees what is wrong. Method: a fleet that really ran, read as it is stored; then each thing that it
// must notice is broken in the rows, one at a time, and it must object. An inspector that is never angry proves nothing.

import { describe, expect, it } from "vitest";

import { inspect } from "../inspect.ts";
import type { CollectorState, D1State, FleetState, ProberState } from "../inspect.ts";
import { NOON, world } from "../world.ts";
import { packWake } from "../../workers/results/wake.ts";
import { must } from "../observations.ts";
import { envelopeOf, slotsOf } from "./rounds.ts";

let good: FleetState;

describe("the inspector", () => {
  it("accepts a fleet that ran, and says how much it looked at", async () => {
    const fleet = await world();
    await fleet.watch();
    await fleet.fault("enam", "drop=1");
    for (const second of [0, 10, 20, 30, 40, 50]) await fleet.slot(NOON + second * 1_000);
    await fleet.collect();
    const { hash } = await fleet.current();
    const late = slotsOf(NOON - 90 * 60_000, NOON - 80 * 60_000, {
      region: "oc",
      configHash: hash,
      signs: ".ox.",
      generation: 9,
    });
    await fleet.collector("chat").take("chat", late);
    await fleet.collector("chat").take("chat", [Uint8Array.of(1, 2, 3)]);
    await fleet.collect();
    // And one minute that is still owed.
    await fleet.slot(NOON + 60_000);
    good = await fleet.state();
    const report = inspect(good);
    console.log("inspected", report);
    for (const [what, least] of Object.entries({
      rounds: 24 + 60,
      minutes: 4 + 10,
      hours: 5,
      days: 4,
      months: 4,
      "wakes kept": 3,
    })) {
      expect(report[what], what).toBeGreaterThanOrEqual(least);
    }
    expect(report["minutes recounted from rounds"]).toBe(report["minutes"]);
    expect(report["envelopes that are mere evidence"]).toBe(1);
  });

  const d1 = (change: (d1: D1State) => Partial<D1State>): FleetState => ({
    ...good,
    d1: { ...good.d1, ...change(good.d1) },
  });
  const chat = (change: (chat: CollectorState) => Partial<CollectorState>): FleetState => ({
    ...good,
    collectors: good.collectors.map((each) => (each.target === "chat" ? { ...each, ...change(each) } : each)),
  });
  const weur = (change: (weur: ProberState) => Partial<ProberState>): FleetState => ({
    ...good,
    probers: good.probers.map((each) => (each.name === "weur.0.v1" ? { ...each, ...change(each) } : each)),
  });
  /** The first element, changed. */
  const first = <T>(list: readonly T[], change: (one: T) => T): T[] => [change(must(list[0])), ...list.slice(1)];

  const broken: readonly (readonly [string, () => FleetState, RegExp])[] = [
    [
      "a round that points to nothing",
      () => chat((c) => ({ rounds: first(c.rounds, (r) => ({ ...r, envelope: 999_999 })) })),
      /has no record/,
    ],
    [
      "a round at another slot than its record",
      () => chat((c) => ({ rounds: first(c.rounds, (r) => ({ ...r, id: r.id + 4 })) })),
      /slot: is/,
    ],
    [
      "a record that counts twice",
      () => chat((c) => ({ rounds: [...c.rounds, { ...must(c.rounds[0]), id: must(c.rounds[0]).id + 40_000 }] })),
      /counts twice/,
    ],
    [
      "a round that was lost after acknowledgement",
      () => chat((c) => ({ rounds: c.rounds.slice(1) })),
      /is 6, not 5|slots|rounds/,
    ],
    [
      "an envelope whose bytes rotted",
      () => chat((c) => ({ envelopes: first(c.envelopes, (e) => ({ ...e, bytes: Buffer.from([9]) })) })),
      /has no record/,
    ],
    [
      "an envelope that vanished",
      () => chat((c) => ({ envelopes: c.envelopes.slice(0, -1) })),
      /has no record|no collector has/,
    ],
    [
      "a due minute without rounds",
      () => chat(() => ({ dueMinutes: [{ id: 2 ** 26 + 5, envelope: 1 }] })),
      /is due and has no rounds/,
    ],
    ["a minute that is owed and forgotten", () => chat(() => ({ dueMinutes: [] })), /is not in D1 and not due/],
    [
      "two series with one number",
      () => chat((c) => ({ series: c.series.map((s) => ({ ...s, number: 1 })) })),
      /two series have number/,
    ],
    [
      "a minute's count",
      () => d1((d) => ({ minutes: first(d.minutes, (m) => ({ ...m, duplicate: m.duplicate + 1 })) })),
      /duplicate: is 1, not 0/,
    ],
    [
      "a minute that does not add up",
      () => d1((d) => ({ minutes: first(d.minutes, (m) => ({ ...m, ok: m.ok - 1 })) })),
      /accounting/,
    ],
    [
      "a minute's revision",
      () => d1((d) => ({ minutes: first(d.minutes, (m) => ({ ...m, revision: 7 })) })),
      /revision: is 7/,
    ],
    [
      "a minute's place",
      () => d1((d) => ({ minutes: first(d.minutes, (m) => ({ ...m, place: "XXX" })) })),
      /place: is/,
    ],
    [
      "a minute's histogram",
      () => d1((d) => ({ minutes: first(d.minutes, (m) => ({ ...m, connect: must(d.minutes[0]).latency })) })),
      /connect: is/,
    ],
    [
      "a minute's limits",
      () => d1((d) => ({ minutes: first(d.minutes, (m) => ({ ...m, over: [[200, 1]] })) })),
      /over: is/,
    ],
    [
      "a minute of nobody",
      () => d1((d) => ({ minutes: [...d.minutes, { ...must(d.minutes[0]), id: must(d.minutes[0]).id + 30 }] })),
      /has no rounds/,
    ],
    [
      "a minute of an unknown configuration",
      () => d1((d) => ({ minutes: first(d.minutes, (m) => ({ ...m, config: 77 })) })),
      /configuration/,
    ],
    ["a minute that is missing", () => d1((d) => ({ minutes: d.minutes.slice(1) })), /is not in D1 and not due/],
    [
      "an hour's minutes",
      () => d1((d) => ({ hours: first(d.hours, (h) => ({ ...h, minutesUp: h.minutesUp + 1 })) })),
      /minutesUp: is/,
    ],
    [
      "an hour's strip",
      () => d1((d) => ({ hours: first(d.hours, (h) => ({ ...h, strip: must(d.hours.at(-1)).strip })) })),
      /strip/,
    ],
    ["an hour that is missing", () => d1((d) => ({ hours: d.hours.slice(1) })), /has no hour/],
    [
      "a day's sum",
      () => d1((d) => ({ days: first(d.days, (x) => ({ ...x, ok: x.ok - 1, lost: x.lost + 1 })) })),
      /lost: is/,
    ],
    ["a day's span", () => d1((d) => ({ days: first(d.days, (x) => ({ ...x, toMinute: x.toMinute + 60 })) })), /span/],
    ["a day that is missing", () => d1((d) => ({ days: d.days.slice(1) })), /has no day/],
    [
      "a month's maximum",
      () => d1((d) => ({ months: first(d.months, (m) => ({ ...m, lagMsMax: 99_999 })) })),
      /lagMsMax: is 99999/,
    ],
    ["a month that is missing", () => d1((d) => ({ months: d.months.slice(1) })), /has no month/],
    [
      "a series numbered twice",
      () => d1((d) => ({ series: [...d.series, { ...must(d.series[0]), id: 99 }] })),
      /two numbers/,
    ],
    [
      "schedules that overlap",
      () =>
        d1((d) => ({
          series: first(d.series, (s) => ({
            ...s,
            schedules: [
              [0, null, 10_000],
              [5, null, 10_000],
            ],
          })),
        })),
      /two schedules/,
    ],
    [
      "a minute outside of its schedule",
      () => d1((d) => ({ series: d.series.map((s) => ({ ...s, schedules: [] })) })),
      /no schedule expects it/,
    ],
    [
      "a write from the future",
      () => chat((c) => ({ identity: first(c.identity, (i) => ({ ...i, writesBegun: 0 })) })),
      /only 0 were begun/,
    ],
    [
      "a snapshot older than the rows",
      () => d1((d) => ({ snapshots: d.snapshots.map((s) => ({ ...s, asOf: 0 })) })),
      /newer than its snapshot/,
    ],
    [
      "a snapshot that says something else",
      () => d1((d) => ({ snapshots: d.snapshots.map((s) => ({ ...s, body: s.body.replace(/"ok":24/g, '"ok":23') })) })),
      /add up|as stored/,
    ],
    [
      "a summary of something else",
      () =>
        d1((d) => ({
          snapshots: d.snapshots.map((s) => ({ ...s, summary: s.summary.replace("every_ms", "each_ms") })),
        })),
      /summary/,
    ],
    [
      "a front row that lacks a target",
      () => d1((d) => ({ front: d.front.map((f) => ({ ...f, body: '{"version":2,"snapshots":[],"parts":[]}' })) })),
      /front row/,
    ],
    [
      "a front row that lacks a part",
      () => d1(() => ({ frontParts: [{ key: "incidents/chat", target: "chat", asOf: 1, body: "{}" }] })),
      /lacks incidents\/chat/,
    ],
    [
      "a front row with a part of nobody",
      () => d1((d) => ({ front: d.front.map((f) => ({ ...f, body: f.body.replace('"parts":[]', '"parts":[{}]') })) })),
      /part that is not kept/,
    ],
    ["no front row", () => d1(() => ({ front: [] })), /no front row/],
    [
      "a prober that forgot too much",
      () =>
        chat((c) => ({
          envelopes: c.envelopes.filter((e) => !Buffer.from(e.bytes).includes("enam")),
          rounds: [],
          dueMinutes: [],
        })),
      /which no collector has/,
    ],
    [
      "a hole among kept wakes",
      () => weur((p) => ({ wakes: [...p.wakes, { ...must(p.wakes[0]), sequence: 100 }] })),
      /wake 100 follows/,
    ],
    [
      "a prober's wake that rotted",
      () => weur((p) => ({ wakes: first(p.wakes, (w) => ({ ...w, bytes: Buffer.from([200]) })) })),
      /wake \d+: /,
    ],
  ];

  /** A wake of weur more, with this record beside the one that it has for the slot, or that its collector has. */
  const toldAgain = (state: FleetState, slotAt: number): FleetState => {
    const configHash = must(state.d1.configVersions[0]).hash;
    const weurs = must(state.probers.find((each) => each.name === "weur.0.v1"));
    const sequence = must(weurs.wakes.at(-1)).sequence + 1;
    const envelope = envelopeOf({ slotAt, configHash, signs: "xxxx", sequence });
    const wake = { sequence, beganAt: slotAt, bytes: Buffer.from(packWake([{ target: "chat", envelope }])) };
    return { ...state, probers: [{ ...weurs, wakes: [...weurs.wakes, wake] }] };
  };

  it("objects to a slot that is told in two ways, by one prober or by it and its collector", () => {
    expect(() => inspect(toldAgain(good, NOON + 60_000))).toThrow(/in two ways/);
    expect(() => inspect(toldAgain(good, NOON + 10_000))).toThrow(/something else at its collector/);
  });

  it.each(broken)("objects to %s", (_what, state, words) => {
    expect(() => inspect(state())).toThrow(words);
  });
});
