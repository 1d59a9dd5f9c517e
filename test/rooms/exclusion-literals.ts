// Contracts with exclusion rules and the records that claim them, for exclusions.test.ts and exclusion-versions.test.ts. Checks
// nothing itself.

import { Temporal } from "temporal-polyfill";
import type { Contract, ExclusionRule } from "../../workers/config/contracts/contract.ts";
import type { ExclusionRecord } from "../../workers/sla/records.ts";
import { contractOf, slotsObjective } from "./golden-month.ts";

export const MS = 60_000;
export const HOUR = 60 * MS;
export const at = (text: string): number => Temporal.Instant.from(text).epochMilliseconds;
/** September 2026, UTC; its 1st is a Tuesday. */
export const SPAN = { fromMinute: at("2026-09-01T00:00Z") / MS, toMinute: at("2026-10-01T00:00Z") / MS };

const RULE: ExclusionRule = {
  type: "scheduled-maintenance",
  noticeMs: null,
  capMinutes: null,
  window: null,
  needsProof: false,
};
export const PROOF = { where: "mail-4711.eml", sha256: "ab".repeat(32) };

export function contractWith(
  rules: readonly Partial<ExclusionRule>[],
  zone = "UTC",
  own: Partial<Contract> = {},
): Contract {
  const blank = contractOf([slotsObjective({})], { regions: ["weur", "enam"], ...own });
  const exclusions = rules.map((rule) => ({ ...RULE, ...rule }));
  return { ...blank, period: { ...blank.period, zone }, exclusions };
}

/** Of 10 September, 02:00 to 03:00, announced a week before and written down then. */
export function recordOf(own: Partial<ExclusionRecord> = {}): ExclusionRecord {
  return {
    id: 1,
    key: `key-${own.id ?? 1}`,
    target: "broker",
    contract: null,
    type: "scheduled-maintenance",
    fromAt: at("2026-09-10T02:00Z"),
    toAt: at("2026-09-10T03:00Z"),
    regions: null,
    announcedAt: at("2026-09-03T00:00Z"),
    author: "ops",
    reason: "new disks",
    proof: null,
    recordedAt: at("2026-09-03T01:00Z"),
    withdraws: null,
    ...own,
  };
}

/** Every minute of some spans. */
export const minutesOf = (spans: readonly { fromMinute: number; toMinute: number }[]): Set<number> =>
  new Set(
    spans.flatMap(({ fromMinute, toMinute }) =>
      Array.from({ length: toMinute - fromMinute }, (_, offset) => fromMinute + offset),
    ),
  );
