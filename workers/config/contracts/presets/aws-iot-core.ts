// AWS's agreement on IoT Core. Each 5-minute interval keeps its share of requests that did not fail; the month is the mean of
// all intervals, one without requests is wholly good; 99.9 % in each region by itself. Credits of 10, 25 and 100 % of what was
// paid in that region, only above one dollar, claimed in a support case by the end of the second billing cycle after.
// OURS: billing months of UTC, that an excused interval counts as good, and the list of exclusions, which is from memory.

import type { Preset } from "../preset.ts";

export const AWS_IOT_CORE: Preset = {
  terms: {
    // The share is of one region, and so is the fee.
    regionRule: "each",
    period: { unit: "month", anchor: "billing-day", anchorDay: 1, zone: "UTC" },
    objectives: [
      {
        id: "availability",
        kind: "slots",
        target: 0.999,
        slot: "300s",
        bad: ["lost", "error"],
        downIf: "fractional",
        minSamples: 1,
        belowMin: "up",
        denominator: "all",
        excludedSlots: "count-up",
      },
    ],
    exclusions: [
      { type: "force-majeure" },
      { type: "third-party-network" },
      { type: "customer-fault" },
      { type: "over-quota" },
      { type: "suspension" },
    ],
    credits: [
      {
        objective: "availability",
        kind: "ladder",
        tiers: [
          { below: 0.999, atLeast: 0.99, pct: 10 },
          { below: 0.99, atLeast: 0.95, pct: 25 },
          { below: 0.95, atLeast: 0, pct: 100 },
        ],
      },
    ],
    creditTerms: { basis: "region-fee", capPct: 100, minAmount: 1, form: "credit" },
    claim: {
      deadline: "2cycles",
      from: "period-end",
      channel: "support case",
      evidence: ["times of each incident", "region", "request logs"],
      authority: "provider",
    },
  },
  source: {
    url: "https://aws.amazon.com/iot-core/sla/historical",
    checkedOn: "2026-11-22",
    warning: {
      en: "Compared with the superseded edition of January 2019, and with the credits of sibling services of May 2022. The edition in force was not at hand; the exclusions are from memory.",
      zh: "对照的是 2019 年 1 月的旧版，以及同系列服务 2022 年 5 月版的赔付档位；未能取得现行版本，免责项凭记忆列出。",
    },
  },
};
