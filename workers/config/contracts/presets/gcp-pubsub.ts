// Google's agreement on Pub/Sub: 99.95 % of a calendar month. Down is a stretch of 60 seconds or more in which no publish and
// no opening of a stream succeeds; shorter ones do not count. Credits of 10, 25 and 50 %; whoever wants them has to ask, within
// 30 days from the month's close (the provider's claim form says from when). Only publishing is judged, so a lost message is
// not bad here. OURS: a minute whose messages are all refused stands for the 60 seconds; months of US Pacific time, as the
// bills have; the list of exclusions is from memory.

import type { Preset } from "../preset.ts";

export const GCP_PUBSUB: Preset = {
  terms: {
    // One service for the whole world: while any region can publish, some valid request succeeds.
    regionRule: "all-down",
    period: { unit: "month", anchor: "calendar", zone: "America/Los_Angeles" },
    objectives: [
      {
        id: "availability",
        kind: "slots",
        target: 0.9995,
        slot: "60s",
        bad: ["error"],
        downIf: "all-fail",
        minSamples: 1,
        belowMin: "up",
        minRunSlots: 1,
        runRounding: "exact",
        denominator: "all",
        excludedSlots: "count-up",
      },
    ],
    exclusions: [{ type: "force-majeure" }, { type: "customer-fault" }, { type: "over-quota" }, { type: "beta" }],
    credits: [
      {
        objective: "availability",
        kind: "ladder",
        tiers: [
          { below: 0.9995, atLeast: 0.99, pct: 10 },
          { below: 0.99, atLeast: 0.95, pct: 25 },
          { below: 0.95, atLeast: 0, pct: 50 },
        ],
      },
    ],
    creditTerms: { basis: "service-fee", capPct: 50, form: "credit" },
    claim: {
      deadline: "30d",
      from: "period-end",
      channel: "claim form",
      evidence: ["project ids", "times of each downtime"],
      authority: "provider",
    },
  },
  source: {
    url: "https://cloud.google.com/pubsub/sla",
    checkedOn: "2026-11-22",
    warning: {
      en: "Target, downtime and credits were compared with a stored copy of the provider's page, the claim period with its claim form. The time zone is an assumption, the exclusions are from memory.",
      zh: "目标、不可用定义与赔付档位对照了官网页面的存档，申请期限对照了其申请表。时区为假设，免责项凭记忆列出。",
    },
  },
};
