// Aim: what detection looks at is what the round saw: each message in its order, and no proof where there is none. Method: rounds as
// lines of signs, and 3,000 random ones whose outcomes are judged by themselves.

import { expect, test } from "vitest";

import { signalOf } from "../../workers/incidents/signal.ts";
import type { SignalRun } from "../../workers/incidents/signal.ts";
import { judge } from "../../workers/probes/outcomes.ts";
import { recordRound } from "../../workers/results/round-record.ts";
import { facts, GAP_MS, must, neverReady, observe, randomObservation, READY_MS, T0 } from "../observations.ts";
import { between, mulberry32 } from "../random.ts";

const at = (seq: number): number => T0 + READY_MS + seq * GAP_MS;
const written = (runs: readonly SignalRun[]): string =>
  runs.map((run) => `${run.count}${run.ok ? "." : "x"}@${(run.at - T0 - READY_MS) / GAP_MS}`).join(" ");
const seen = (line: string) =>
  must(signalOf(recordRound(observe(line), facts({ scheduled: line.length })), 200) ?? undefined);

test.each([
  ["all good", "....................", "20.@0"],
  ["all lost", "xxxxxxxxxxxxxxxxxxxx", "20x@0"],
  ["the first four", "xxxx................", "4x@0 16.@4"],
  ["the last four", "................xxxx", "16.@0 4x@16"],
  ["in the middle", ".......xx!X.........", "7.@0 4x@7 9.@11"],
  ["two runs, the second one open", "..xx............xxxx", "2.@0 2x@2 12.@4 4x@16"],
  [
    "every other one",
    "x.x.x.x.x.x.x.x.x.x.",
    [0, 2, 4, 6, 8, 10, 12, 14, 16, 18].map((n) => `1x@${n} 1.@${n + 1}`).join(" "),
  ],
  ["four messages", ".xx.", "1.@0 2x@1 1.@3"],
  ["one, lost", "x", "1x@0"],
  ["one, good", ".", "1.@0"],
])("%s", (_, line, runs) => {
  expect(written(seen(line).runs)).toBe(runs);
});

test("late ones are good ones that are counted", () => {
  expect(seen("oo.xo...............")).toMatchObject({ attempted: 20, bad: 1, late: 3, unfit: null });
});

test("a refused connection makes all messages bad, from the slot on", () => {
  const refused = must(signalOf(recordRound(neverReady(), facts()), 200) ?? undefined);
  expect(refused).toMatchObject({ region: "weur", slotAt: T0, attempted: 20, bad: 20, unfit: null });
  expect(refused.runs).toEqual([{ ok: false, count: 20, at: T0 }]);
});

test("messages that share one instant: the bad ones come first", () => {
  const record = {
    ...recordRound(observe("..xx"), facts({ scheduled: 4 })),
    lossRuns: [{ length: 2, firstBadAt: at(0), nextGoodAt: at(0) }],
  };
  expect(
    signalOf(record, 200)
      ?.runs.map((run) => `${run.count}${run.ok ? "." : "x"}`)
      .join(" "),
  ).toBe("2x 2.");
});

test("no proof: the prober's word, or less than half attempted; and what is not looked at", () => {
  const unfit = signalOf(recordRound(observe("xxxxxxxxxxxxxxxxxxxx", { unfit: "controls" }), facts()), 200);
  expect(unfit).toMatchObject({ unfit: "controls", runs: [] });
  const half = (sent: number) => signalOf(recordRound(observe("x".repeat(sent).padEnd(20, "-")), facts()), 200);
  expect(half(10)?.unfit).toBeNull();
  expect(half(9)).toMatchObject({ unfit: "not_sent", runs: [] });
  expect(half(0)?.unfit).toBe("not_sent");
  const round = recordRound(observe("...................."), facts());
  expect(signalOf({ ...round, purpose: "confirm" }, 200)?.purpose).toBe("confirm");
  expect(signalOf({ ...round, purpose: "load" }, 200)).toBeNull();
  expect(signalOf({ ...round, purpose: "control" }, 200)).toBeNull();
  expect(signalOf({ ...round, series: { ...round.series, journey: "mesh" } }, 200)).toBeNull();
});

test("3,000 random rounds: as many as were judged, in the order in which they were judged", () => {
  const random = mulberry32(11);
  let [fit, withRuns] = [0, 0];
  for (let nth = 0; nth < 3_000; nth++) {
    const scheduled = between(random, 1, 40);
    const observation = randomObservation(random, scheduled);
    const record = recordRound(observation, facts({ scheduled }));
    const signal = must(signalOf(record, 200) ?? undefined);
    if (signal.unfit !== null) {
      expect(signal.runs).toEqual([]);
      continue;
    }
    fit += 1;
    const { outcomes } = judge(observation, 5_000, scheduled);
    const truth = outcomes.map((outcome) => (outcome === "ok" ? "." : "x")).join("");
    expect(signal.runs.map((run) => (run.ok ? "." : "x").repeat(run.count)).join("")).toBe(truth);
    if (signal.runs.length > 2) withRuns += 1;
    for (const [place, run] of signal.runs.entries())
      expect(run.at).toBeGreaterThanOrEqual(signal.runs[place - 1]?.at ?? 0);
  }
  console.log(`3,000 random rounds: ${fit} fit, ${withRuns} of them with three runs and more`);
  expect(withRuns).toBeGreaterThan(500);
});
