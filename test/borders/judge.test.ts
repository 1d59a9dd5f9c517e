// Aim: what the judge writes is what D1's hours say, a closed period is frozen once and corrected only by a new revision that
// names the old one, and no failure of storage ever makes a verdict out of nothing. Method: the golden month in a real D1, the
// real judge and its alarms, the clock held by the test; each write broken both ways, a crash at each step, the inspector after each act.

import { describe, expect, it } from "vitest";

import { recordsStore } from "../../workers/sla/records.store.ts";
import { must } from "../observations.ts";
import { world } from "../world.ts";
import type { World } from "../world.ts";
import { breakOnce, crashAt, methodsOf, WAYS } from "./breaking.ts";
import {
  APRIL,
  availabilityOf,
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

/** The golden month in April, and a clock two hours after its end. */
async function golden(change: (fleet: World) => void = () => {}, minutes = 43_200): Promise<World> {
  const fleet = await world();
  fleet.reconfigure((input) => ({ ...input, contracts: [GOLDEN] }));
  change(fleet);
  await writeHours(fleet, await oneSeries(fleet, APRIL), goldenAt(APRIL, minutes));
  fleet.at(MAY + 2 * HOUR);
  return fleet;
}

const names = async (fleet: World): Promise<string[]> =>
  (await reportsOf(fleet)).map((row) => `${row.contract} ${row.period} ${row.revision}`);

const MAINTENANCE = {
  key: "work-1",
  target: "push",
  contract: null,
  type: "scheduled-maintenance",
  fromAt: APRIL + 25_000 * MINUTE,
  toAt: APRIL + 25_180 * MINUTE,
  regions: null,
  announcedAt: APRIL + 5 * DAY,
  author: "ops@example.com",
  reason: "new certificates",
  proof: { where: "https://status.example.com/notice/1", sha256: "ab".repeat(32) },
} as const;

describe("a closed month", () => {
  it("is frozen with the golden figures, and the open one is beside it", async () => {
    const fleet = await golden();
    await fleet.judged("push");
    const rows = await reportsOf(fleet);
    expect(await names(fleet)).toEqual(["golden 2031-04 1", "golden 2031-05 0"]);
    const april = documentOf(rows[0]);
    const { figures } = availabilityOf(april);
    // No exclusion is recorded yet: the 20 minutes of maintenance count.
    expect(figures).toMatchObject({
      counted: 43_200,
      down: 78,
      unmeasured: 90,
      excluded: 0,
      contract_says: "breached",
    });
    expect(april).toMatchObject({ verdict: "breached", revision: 1, replaces: null });
    expect(april.credit).toMatchObject({ pct: 10, provisional: false });
    expect(april.claim?.deadline_at).toBe(MAY + 30 * DAY);
    expect(JSON.parse(must(rows[0]).money ?? "")).toMatchObject({ fee: 1_000, currency: "USD", owed: 100 });
    expect(documentOf(rows[1])).toMatchObject({ period: { closed: false }, verdict: "no_data" });
  });

  it("is not written again while nothing changes", async () => {
    const fleet = await golden();
    await fleet.judged("push");
    const before = (await reportsOf(fleet))[0];
    for (const later of [HOUR, 2 * HOUR, DAY, 9 * DAY]) {
      fleet.at(MAY + 2 * HOUR + later);
      await fleet.judged("push");
    }
    expect((await reportsOf(fleet))[0]).toEqual(before);
    expect(await names(fleet)).toEqual(["golden 2031-04 1", "golden 2031-05 0"]);
  });

  it("gets a new revision by an exclusion, with both figures, and another when it is withdrawn", async () => {
    const fleet = await golden();
    await fleet.judged("push");
    const records = recordsStore(fleet.bindings.DB);
    const noted = { ...MAINTENANCE, recordedAt: fleet.now(), withdraws: null };
    const appended = await records.appendExclusions([noted]);
    const id = appended.ok ? must(appended.recorded[0]).id : 0;
    fleet.at(MAY + 20 * DAY);
    await fleet.judged("push");
    const second = (await reportsOf(fleet))[1];
    const { figures, without_exclusions } = availabilityOf(documentOf(second));
    expect(figures).toMatchObject({ counted: 43_020, down: 58, unmeasured: 90, excluded: 180 });
    expect(without_exclusions).toMatchObject({ counted: 43_200, down: 78 });
    const [old] = await reportsOf(fleet);
    expect(documentOf(second)).toMatchObject({ revision: 2, replaces: { revision: 1, hash: must(old).hash } });
    expect(documentOf(second).exclusions).toMatchObject([{ author: "ops@example.com", minutes: 180, refused: null }]);
    const withdrawal = { ...noted, key: "work-1-back", author: "audit@example.com", withdraws: id };
    expect(await records.appendExclusions([withdrawal])).toMatchObject({ ok: true });
    fleet.at(MAY + 21 * DAY);
    await fleet.judged("push");
    const third = documentOf((await reportsOf(fleet))[2]);
    expect(availabilityOf(third).figures).toMatchObject({ counted: 43_200, down: 78 });
    expect(third.exclusions).toMatchObject([{ refused: "withdrawn", minutes: 0 }]);
  });

  it("gets a new revision by a minute that comes late, and the open month's kept days do not hide it", async () => {
    const fleet = await golden();
    await fleet.judged("push");
    const hour = APRIL / HOUR + Math.floor(5_000 / 60);
    const whole = [...goldenAt(APRIL)].filter(([minute]) => Math.floor(minute / 60) === hour);
    // Two of the twelve dead minutes turn out to have been alive.
    const dead = whole.filter(([, counts]) => counts.lost === 20).slice(0, 2);
    const alive = dead.map(([at, counts]) => [at, { ...counts, ok: 20, lost: 0, revision: 1 }] as const);
    await writeHours(fleet, 1, new Map([...whole, ...alive]), 2);
    // Looked at again once a day, while late minutes may come.
    fleet.at(MAY + 6 * HOUR);
    await fleet.judged("push");
    expect(await names(fleet)).toEqual(["golden 2031-04 1", "golden 2031-05 0"]);
    fleet.at(MAY + 27 * HOUR);
    await fleet.judged("push");
    const rows = await reportsOf(fleet);
    expect(documentOf(rows[1])).toMatchObject({ revision: 2 });
    expect(availabilityOf(documentOf(rows[1])).figures.down).toBe(76);
  });

  it("shows the run of each outage with its messages", async () => {
    const fleet = await golden();
    await fleet.judged("push");
    const { runs } = availabilityOf(documentOf((await reportsOf(fleet))[0]));
    expect(runs.find((run) => run.from === APRIL + 5_000 * MINUTE)).toEqual({
      from: APRIL + 5_000 * MINUTE,
      to: APRIL + 5_012 * MINUTE,
      down: 12,
      bad: 240,
      attempted: 240,
      first_bad_at: null,
      next_good_at: null,
    });
  });
});

describe("the open month", () => {
  it("is judged by what is written so far, and the rest is unknown", async () => {
    const fleet = await golden();
    fleet.at(APRIL + 5 * DAY);
    await fleet.judged("push");
    const report = documentOf((await reportsOf(fleet))[0]);
    expect(report.period).toMatchObject({ closed: false, through: APRIL + 5 * DAY - 2 * MINUTE });
    expect(availabilityOf(report).figures).toMatchObject({ counted: 7_198, down: 12, verdict: "undetermined" });
    // With the 40 bad minutes of the 9th day the month's 43.2 are used up, whatever is still to come.
    fleet.at(APRIL + 9 * DAY);
    await fleet.judged("push");
    const later = documentOf((await reportsOf(fleet))[0]);
    expect(availabilityOf(later)).toMatchObject({ figures: { verdict: "breached" }, budget: { exhausted_at: null } });
    expect(availabilityOf(later).budget.left).toBeLessThan(0);
    expect(report.credit.provisional).toBe(true);
  });

  it("reads D1 for its last days only, and says the same as without what it kept", async () => {
    const fleet = await golden();
    fleet.at(APRIL + 25 * DAY);
    await fleet.judged("push");
    const first = documentOf((await reportsOf(fleet))[0]);
    const asked: number[] = [];
    await fleet.inJudge("push", (judge) => {
      const { d1 } = judge.stores;
      const { hours } = d1;
      Object.assign(d1, {
        hours: async (...ranges: Parameters<typeof hours>) => {
          const rows = await hours(...ranges);
          asked.push(rows.length);
          return rows;
        },
      });
    });
    fleet.at(APRIL + 25 * DAY + 5 * MINUTE);
    await fleet.judged("push");
    const again = documentOf((await reportsOf(fleet))[0]);
    expect(asked.reduce((sum, rows) => sum + rows, 0)).toBeLessThanOrEqual(9 * 24 + 1);
    expect(availabilityOf(again).figures.down).toBe(availabilityOf(first).figures.down);
    await fleet.inJudge("push", (_judge, { storage }) => storage.deleteAll());
    await fleet.judged("push");
    const without = documentOf((await reportsOf(fleet))[0]);
    expect(without.segments).toEqual(again.segments);
  });

  it("says nothing where nothing was ever measured, and nothing before the contract began", async () => {
    const empty = await world();
    empty.reconfigure((input) => ({ ...input, contracts: [GOLDEN] }));
    await empty.judged("push");
    expect(await reportsOf(empty)).toEqual([]);
    const fleet = await golden();
    fleet.at(APRIL - DAY);
    await fleet.judged("push");
    expect(await reportsOf(fleet)).toEqual([]);
  });
});

describe("a contract that is added later", () => {
  it("judges the months before, one after the other, as far as hours are kept", async () => {
    const fleet = await golden((each) => {
      each.reconfigure((input) => ({ ...input, contracts: [{ ...GOLDEN, effective: { from: "2029-01-01" } }] }));
    });
    await fleet.bindings.DB.prepare(`UPDATE "series" SET "schedules" = ?1`)
      .bind(JSON.stringify([[Date.UTC(2029, 0, 1) / MINUTE, null, 60_000]]))
      .run();
    for (let alarms = 0; alarms < 20; alarms++) await fleet.judged("push");
    const periods = (await reportsOf(fleet)).map((row) => `${row.period} ${row.verdict} ${row.revision}`);
    // March 2030 began more than 399 days before: some of its hours may be gone.
    expect(periods[0]).toBe("2030-04 no_data 1");
    expect(periods).toHaveLength(14);
    expect(periods.slice(-2)).toEqual(["2031-04 breached 1", "2031-05 no_data 0"]);
  });
});

describe("two versions in one month", () => {
  it("are judged each in its own part, by its own limit", async () => {
    const fleet = await golden((each) => {
      const { fee: _fee, ...rest } = GOLDEN;
      const by = (limit: "200ms" | "600ms") => [
        { id: "latency", kind: "quantile", q: 0.995, limit, direction: "delivery" } as const,
      ];
      const strict = { ...rest, credits: [], objectives: by("200ms") };
      const later = { ...strict, version: 2, effective: { from: "2031-04-16" }, objectives: by("600ms") };
      each.reconfigure((input) => ({ ...input, contracts: [strict, later] }));
    });
    await fleet.judged("push");
    const report = documentOf((await reportsOf(fleet))[0]);
    expect(report.segments.map((one) => [one.contract_version, one.from, one.to])).toEqual([
      [1, APRIL, APRIL + 15 * DAY],
      [2, APRIL + 15 * DAY, MAY],
    ]);
    // Half a percent may be lost or late. With those over 200 ms it is more, in the first half alone; over 600 ms nothing was.
    const latency = report.segments.map((one) => one.scopes[0]?.objectives.find((each) => each.kind === "quantile"));
    expect(latency.map((one) => [one?.limit_ms, one?.figures.contract_says])).toEqual([
      [200, "breached"],
      [600, "met"],
    ]);
    const attempted = latency.map((one) => one?.figures.attempted ?? 0);
    expect(attempted.reduce((sum, n) => sum + n, 0)).toBe(862_200);
    expect(report.segments[0]?.contract_hash).not.toBe(report.segments[1]?.contract_hash);
  });
});

describe("a write that fails", () => {
  const cases = WAYS.flatMap((way) => (["freeze", "writeOpen", "seenAt"] as const).map((name) => [way, name] as const));

  it.each(cases)("%s: %s", async (way, name) => {
    const fleet = await golden();
    await fleet.judge("push").arm("push");
    await fleet.inJudge("push", async (judge) => {
      const { broke } = breakOnce(judge.stores.d1, name, way);
      await judge.alarm();
      expect(broke()).toBe(true);
    });
    await reportsOf(fleet);
    await fleet.judged("push");
    await fleet.judged("push");
    expect(await names(fleet)).toEqual(["golden 2031-04 1", "golden 2031-05 0"]);
    const seen = await fleet.bindings.DB.prepare(`SELECT count(*) AS n FROM "contract_versions"`).first<{
      n: number;
    }>();
    expect(seen?.n).toBe(1);
  });

  it("an older open report that lands late replaces nothing", async () => {
    const fleet = await golden();
    await fleet.judged("push");
    const late = must((await reportsOf(fleet))[1]);
    fleet.at(MAY + 5 * HOUR);
    await fleet.judged("push");
    const newer = (await reportsOf(fleet))[1];
    await fleet.inJudge("push", (judge) => judge.stores.d1.writeOpen(late, null));
    expect((await reportsOf(fleet))[1]).toEqual(newer);
  });
});

describe("a read that fails", () => {
  it.each(["hours", "seriesOf", "newest", "frozen"] as const)("%s: nothing is written", async (name) => {
    const fleet = await golden();
    await fleet.judge("push").arm("push");
    await fleet.inJudge("push", async (judge) => {
      const { d1 } = judge.stores;
      const whole = d1[name];
      Object.assign(d1, { [name]: () => Promise.reject(new Error(`${name}: lost`)) });
      await judge.alarm();
      Object.assign(d1, { [name]: whole });
    });
    expect(await reportsOf(fleet)).toEqual([]);
    await fleet.judged("push");
    await fleet.judged("push");
    expect(await names(fleet)).toEqual(["golden 2031-04 1", "golden 2031-05 0"]);
  });
});

describe("a crash", () => {
  it("at any step leaves whole reports, and the next alarm finishes", { timeout: 180_000 }, async () => {
    let step = 1;
    for (; ; step += 1) {
      // A day of it will do: whether a report is whole, not what it says.
      const fleet = await golden(undefined, 1_440);
      await fleet.judge("push").arm("push");
      let steps = 0;
      await fleet
        .inJudge("push", async (judge, state) => {
          const { d1, records, incidents, days, looked } = judge.stores;
          const watched = crashAt(
            step,
            state,
            [d1, records, incidents, days, looked].map((owner) => [owner, methodsOf(owner)] as const),
          );
          await judge.alarm();
          steps = watched.steps();
        })
        // The object died under it.
        .catch(() => undefined);
      if (steps > 0 && steps < step) break;
      await reportsOf(fleet);
      // The first call of an object that died is told so.
      await fleet
        .judge("push")
        .arm("push")
        .catch(() => undefined);
      await fleet.judged("push");
      await fleet.judged("push");
      expect(await names(fleet)).toEqual(["golden 2031-04 1", "golden 2031-05 0"]);
    }
    console.log(`the judge was killed at ${step - 1} of its steps`);
    expect(step).toBeGreaterThan(15);
  });
});
