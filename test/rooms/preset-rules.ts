// The providers' rules as the notes on contracts have them: what each preset has to become once it is parsed. A table for
// presets.test.ts; checks nothing itself.

import type { Contract } from "../../workers/config/contracts/contract.ts";
import type { PROVIDER_PRESETS } from "../../workers/config/contracts/preset-names.ts";

function ladder(...steps: readonly (readonly [below: number, atLeast: number, pct: number])[]): object {
  return {
    objective: "availability",
    kind: "ladder",
    tiers: steps.map(([below, atLeast, pct]) => ({ below, atLeast, pct })),
  };
}

const ALL_FAIL = { downIf: { rule: "all-fail" }, minSamples: 1, belowMin: "up", denominator: "all" };
const LOST_OR_REFUSED = { bad: ["lost", "error"], lateMs: null, minRunSlots: 1, runRounding: "exact", journey: "loop" };

/** What becomes of each provider's preset. */
export const PRESET_RULES: readonly {
  readonly name: (typeof PROVIDER_PRESETS)[number];
  readonly regionRule: Contract["regionRule"];
  readonly period: object;
  readonly slots: object;
  readonly credits: readonly object[];
  readonly creditTerms?: object;
}[] = [
  {
    name: "realtime-messaging",
    regionRule: "each",
    period: { unit: "month", anchor: "calendar", anchorDay: null, zone: "Asia/Shanghai", clip: "none" },
    slots: {
      ...LOST_OR_REFUSED,
      target: 0.999,
      slotMinutes: 1,
      downIf: { rule: "rate", op: ">=", value: 0.2 },
      minSamples: 10,
      belowMin: "unmeasured",
      denominator: "measured",
      excludedSlots: "drop",
    },
    credits: [],
  },
  {
    name: "tencent-im",
    regionRule: "all-down",
    period: { unit: "month", anchor: "service-start", anchorDay: null, zone: "Asia/Shanghai", clip: "none" },
    slots: { ...LOST_OR_REFUSED, ...ALL_FAIL, target: 0.99, slotMinutes: 1, excludedSlots: "count-up" },
    credits: [ladder([0.99, 0.95, 10], [0.95, 0.9, 20], [0.9, 0, 30])],
    creditTerms: { basis: "service-fee", capPct: 100, form: "voucher" },
  },
  {
    name: "aws-iot-core",
    regionRule: "each",
    period: { unit: "month", anchor: "billing-day", anchorDay: 1, zone: "UTC", clip: "none" },
    slots: { ...LOST_OR_REFUSED, ...ALL_FAIL, target: 0.999, slotMinutes: 5, downIf: { rule: "fractional" } },
    credits: [ladder([0.999, 0.99, 10], [0.99, 0.95, 25], [0.95, 0, 100])],
    creditTerms: { basis: "region-fee", capPct: 100, minAmount: 1 },
  },
  {
    name: "gcp-pubsub",
    regionRule: "all-down",
    period: { unit: "month", anchor: "calendar", anchorDay: null, zone: "America/Los_Angeles", clip: "none" },
    slots: { ...LOST_OR_REFUSED, ...ALL_FAIL, bad: ["error"], target: 0.9995, slotMinutes: 1 },
    credits: [ladder([0.9995, 0.99, 10], [0.99, 0.95, 25], [0.95, 0, 50])],
  },
  {
    name: "pusher-channels",
    regionRule: "all-down",
    period: { unit: "year", anchor: "calendar", anchorDay: null, zone: "UTC", clip: "none" },
    slots: { ...LOST_OR_REFUSED, ...ALL_FAIL, target: 0.9995, slotMinutes: 5, excludedSlots: "drop" },
    credits: [],
  },
  {
    name: "pusher-chatkit",
    regionRule: "each",
    period: { unit: "month", anchor: "calendar", anchorDay: null, zone: "UTC", clip: "none" },
    slots: {
      ...LOST_OR_REFUSED,
      bad: ["lost", "error", "late"],
      lateMs: 200,
      target: 0.999,
      slotMinutes: 1,
      downIf: { rule: "rate", op: ">", value: 0.01 },
      minSamples: 100,
      belowMin: "unmeasured",
    },
    credits: [],
  },
  {
    name: "twilio",
    regionRule: "all-down",
    period: { unit: "month", anchor: "calendar", anchorDay: null, zone: "UTC", clip: "none" },
    slots: { ...LOST_OR_REFUSED, ...ALL_FAIL, target: 0.9995, slotMinutes: 1, excludedSlots: "count-up" },
    credits: [ladder([0.9995, 0, 10])],
    creditTerms: { capPct: 10 },
  },
  {
    name: "stream",
    regionRule: "all-down",
    period: { unit: "month", anchor: "calendar", anchorDay: null, zone: "UTC", clip: "none" },
    slots: {
      ...LOST_OR_REFUSED,
      target: 0.99999,
      slotMinutes: 1,
      downIf: { rule: "rate", op: ">", value: 0.2 },
      belowMin: "unmeasured",
    },
    credits: [{ objective: "availability", kind: "accelerated", factor: 100 }],
    creditTerms: { capPct: 30 },
  },
  {
    name: "emqx-cloud",
    regionRule: "all-down",
    period: { unit: "month", anchor: "calendar", anchorDay: null, zone: "UTC", clip: "none" },
    slots: { ...LOST_OR_REFUSED, ...ALL_FAIL, target: 0.9999, slotMinutes: 1, excludedSlots: "drop" },
    credits: [ladder([0.9999, 0.99, 15], [0.99, 0.95, 30], [0.95, 0, 100])],
    creditTerms: { capPct: 100 },
  },
];
