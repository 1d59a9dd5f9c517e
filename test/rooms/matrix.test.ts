// Aim: the matrix shows what is known now: good minutes before do not make a blind one good, and a report that is merely
// under way makes nothing blind. Method: the rounds of one pair by hand, looked at from different instants.

import { describe, expect, it } from "vitest";

import { configOf } from "../../workers/config/parse.ts";
import { matrixOf } from "../../workers/results/matrix.ts";
import type { RoundRecord } from "../../workers/results/records.ts";
import { recordRound } from "../../workers/results/round-record.ts";
import type { SeriesHistory } from "../../workers/results/snapshot.ts";
import { facts, must, observe, T0 } from "../observations.ts";

const CONFIG = configOf({
  name: "m",
  regions: ["weur", "oc"],
  targets: [{ id: "chat", driver: "mqtt", address: "wss://h", journeys: ["loop", "mesh"] }],
});
const MINUTE_MS = 60_000;
const STALE_MS = 140_000;

function round(minute: number, unfit: RoundRecord["unfit"], signs = "..."): RoundRecord {
  const slotAt = T0 + minute * MINUTE_MS;
  const series = { target: "chat", region: "weur", journey: "mesh", peer: "oc" } as const;
  const heard = unfit === "peer" ? null : 3;
  const seen = observe(signs, { unfit, heard }, slotAt);
  return recordRound(seen, facts({ series, slotAt, scheduled: 3, limitsMs: [200, 400] }));
}

function cellAt(now: number, ...recent: readonly RoundRecord[]) {
  const history = { region: "weur", peer: "oc", journey: "mesh", recent, newest: recent.at(-1) ?? null };
  const histories = [history as unknown as SeriesHistory];
  return must(matrixOf(CONFIG, must(CONFIG.targets[0]), histories, now, STALE_MS)[0]);
}

describe("a pair", () => {
  it("is what its measured rounds say", () => {
    expect(cellAt(T0 + 70_000, round(0, "none"), round(1, "none"))).toMatchObject({
      state: "up",
      rounds: 2,
      ok: 6,
      sent: 6,
    });
    expect(cellAt(T0 + 70_000, round(0, "none"), round(1, "none", "xxx"))).toMatchObject({ state: "down", lost: 3 });
  });

  it.each(["peer", "controls", "moved"] as const)("is not known when its last round says %s", (unfit) => {
    const cell = cellAt(T0 + 100_000, round(0, "none"), round(1, unfit));
    expect(cell).toMatchObject({ state: "unmeasured", why: unfit, rounds: 1, rounds_unmeasured: 1 });
  });

  it("waits for the other side's report before it says so", () => {
    expect(cellAt(T0 + 70_000, round(0, "none"), round(1, "peer"))).toMatchObject({
      state: "up",
      why: null,
      rounds: 1,
    });
    expect(cellAt(T0 + 70_000, round(1, "peer"))).toMatchObject({ state: "unmeasured" });
  });

  it("is silent when nothing is new, and unmeasured when nothing ever was", () => {
    expect(cellAt(T0 + 200_000, round(0, "none"))).toMatchObject({ state: "unmeasured", why: "silent" });
    expect(cellAt(T0)).toMatchObject({ state: "unmeasured", why: "silent", last_slot_at: null });
  });
});
