// Aim: one month judged by each provider's preset gives what docs/contracts.md shows side by side. Method: the golden month with every
// lost message refused instead (one provider judges refusals alone), its maintenance announced in time, one region; the presets
// parsed as a user would name them, then exclusions, fold, figures and credits as for a report.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PROVIDER_PRESETS } from "../../workers/config/contracts/preset-names.ts";
import type { Contract, SlotsObjective } from "../../workers/config/contracts/contract.ts";
import { configOf } from "../../workers/config/parse.ts";
import type { StripMinute } from "../../workers/results/strip.ts";
import { slotsFigures } from "../../workers/sla/availability.ts";
import { creditOf } from "../../workers/sla/credits.ts";
import { judgeExclusions } from "../../workers/sla/exclusions.ts";
import { foldPart } from "../../workers/sla/fold.ts";
import type { Stream } from "../../workers/sla/fold.ts";
import type { SlotsPart } from "../../workers/sla/part.ts";
import type { ExclusionRecord } from "../../workers/sla/records.ts";
import type { Segment, SlotsFigures } from "../../workers/sla/report-shape.ts";
import { goldenMinutes, goldenStream, MAINTENANCE, MONTH_MINUTES, ORIGIN } from "./golden-month.ts";

const MINUTE_MS = 60_000;
const MONTH = { fromMinute: ORIGIN, toMinute: ORIGIN + MONTH_MINUTES };

/** Whoever lost a message was told so: the outages of the golden month, seen by a publisher. */
function refused(stream: Stream): Stream {
  const minutes = [...stream.minutes].map(([at, minute]): [number, StripMinute] => [
    at,
    { ...minute, lost: 0, error: minute.lost },
  ]);
  return { ...stream, minutes: new Map(minutes) };
}

const ANNOUNCED: ExclusionRecord = {
  id: 1,
  key: "maintenance",
  target: "chat",
  contract: null,
  type: "scheduled-maintenance",
  fromAt: MAINTENANCE.fromMinute * MINUTE_MS,
  toAt: MAINTENANCE.toMinute * MINUTE_MS,
  regions: null,
  announcedAt: (MAINTENANCE.fromMinute - 10_000) * MINUTE_MS,
  author: "ops",
  reason: "upgrade",
  proof: null,
  recordedAt: (MAINTENANCE.fromMinute - 10_000) * MINUTE_MS,
  withdraws: null,
};

function contractBy(preset: string): Contract {
  const [contract] = configOf({
    name: "Acme",
    regions: ["weur"],
    targets: [{ id: "chat", driver: "mqtt", address: "wss://chat.example.com/mqtt", messages: 100 }],
    contracts: [{ id: "standard", target: "chat", preset, effective: { from: "2026-09-01" } }],
  }).contracts;
  if (contract === undefined) throw new Error(`${preset} gives no contract`);
  return contract;
}

function segmentOf(contract: Contract, objective: SlotsObjective, figures: SlotsFigures): Segment {
  const { id, journey, target, slotMinutes, bad, lateMs, downIf, minRunSlots } = objective;
  const budget = { unit: "minute", allowed: 0, used: 0, left: 0, burn_rate: null, exhausted_at: null } as const;
  return {
    contract_version: contract.version,
    contract_hash: "",
    contract_seen_at: 0,
    from: MONTH.fromMinute * MINUTE_MS,
    to: MONTH.toMinute * MINUTE_MS,
    through: MONTH.toMinute * MINUTE_MS,
    scopes: [
      {
        region: contract.regionRule === "each" ? "weur" : null,
        label: null,
        binding: true,
        latency: [],
        objectives: [
          {
            kind: "slots",
            id,
            journey,
            target,
            slot_minutes: slotMinutes,
            bad,
            late_ms: lateMs,
            down_if: downIf,
            min_run_slots: minRunSlots,
            figures,
            without_exclusions: figures,
            budget,
            runs: [],
            runs_left_out: 0,
            unmeasured_minutes: [],
          },
        ],
      },
    ],
  };
}

const stream = refused(goldenStream(goldenMinutes().minutes));

/** One line of the month: "down of counted, availability cut off, the contract's word, credit, Sonde's word". */
function lineOf(preset: string): string {
  const contract = contractBy(preset);
  const objective = contract.objectives.find((each) => each.kind === "slots");
  if (objective === undefined) throw new Error(`${preset} has no availability`);
  const [spans = []] = judgeExclusions([{ contract, ...MONTH }], [ANNOUNCED]).spans;
  const scope = foldPart(contract, ORIGIN, MONTH.fromMinute, MONTH.toMinute, [stream], spans).scopes.at(-1);
  const part = scope?.objectives.find((each) => each.id === objective.id);
  if (part?.kind !== "slots") throw new Error(`${preset} has no slots`);
  const applied: SlotsPart = part.applied;
  const figures = slotsFigures(objective, applied, 0);
  const of =
    objective.denominator === "all" || objective.belowMin === "up"
      ? figures.counted
      : figures.counted - figures.unmeasured;
  const share = figures.value === null ? "-" : `${Math.floor(figures.value * 1e6) / 1e4} %`;
  const { pct } = creditOf([{ contract, segment: segmentOf(contract, objective, figures) }], {
    ...MONTH,
    closed: true,
  });
  const credit = contract.credits.length === 0 ? "-" : `${Math.floor(pct * 10) / 10} %`;
  return `${figures.down} of ${of} | ${share} | ${figures.contract_says} | ${credit} | ${figures.verdict}`;
}

const LINES: readonly (readonly [preset: string, line: string])[] = [
  // Its 12 minutes of outage, 38 of 40 partial ones, eight blips, and the maintenance, which nobody may take out.
  ["realtime-messaging", "78 of 43110 | 99.819 % | breached | - | breached"],
  ["tencent-im", "12 of 43200 | 99.9722 % | met | 0 % | met"],
  ["aws-iot-core", "10.82 of 8640 | 99.8747 % | breached | 10 % | breached"],
  // No clause on maintenance.
  ["gcp-pubsub", "32 of 43200 | 99.9259 % | breached | 10 % | breached"],
  // Of a month: a year of such months.
  ["pusher-channels", "2 of 8604 | 99.9767 % | met | - | undetermined"],
  // A hundred messages a minute were asked for, and the month has twenty.
  ["pusher-chatkit", "0 of 0 | - | no_data | - | no_data"],
  ["twilio", "12 of 43200 | 99.9722 % | met | 0 % | undetermined"],
  // 100 x 51 / 43,200.
  ["stream", "51 of 42930 | 99.8812 % | breached | 11.8 % | breached"],
  ["emqx-cloud", "12 of 43020 | 99.9721 % | breached | 15 % | breached"],
];

describe("the golden month", () => {
  it("comes to this by each provider's preset", () => {
    const lines = LINES.map(([preset]) => [preset, lineOf(preset)]);
    expect(lines).toEqual(LINES);
    console.log(`golden month: ${lines.length} presets`);
    expect(LINES.map(([preset]) => preset)).toEqual([...PROVIDER_PRESETS]);
  });

  it("stands in docs/contracts.md as it was computed", () => {
    const text = readFileSync(join(import.meta.dirname, "../../docs/contracts.md"), "utf8");
    for (const [preset, line] of LINES) expect(text).toContain(`| \`${preset}\` | ${line} |\n`);
  });
});
