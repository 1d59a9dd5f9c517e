// EMQ's agreement on EMQX Cloud (Professional edition): 99.99 % of a billing month, 4.3 minutes in 30 days. Credits of 15, 30 and
// 100 % of the monthly fee; a claim brings logs, times and the names of the deployments. The formula is an image in the page and
// its deadline was not in what could be read, so no claim is given here. OURS: a minute is down when everything fails, from
// everywhere; a minute without data is up; calendar months of UTC; maintenance announced a day before is taken out, which is
// the shortest notice that the provider's maintenance policy knows for planned work.

import type { Preset } from "../preset.ts";

export const EMQX_CLOUD: Preset = {
  terms: {
    // A deployment stands in one place: it is down when nobody reaches it.
    regionRule: "all-down",
    period: { unit: "month", anchor: "calendar", zone: "UTC" },
    objectives: [
      {
        id: "availability",
        kind: "slots",
        target: 0.9999,
        slot: "60s",
        bad: ["lost", "error"],
        downIf: "all-fail",
        minSamples: 1,
        belowMin: "up",
        denominator: "all",
        excludedSlots: "drop",
      },
    ],
    exclusions: [
      { type: "scheduled-maintenance", notice: "24h" },
      { type: "force-majeure" },
      { type: "customer-fault" },
      { type: "third-party-network" },
    ],
    credits: [
      {
        objective: "availability",
        kind: "ladder",
        tiers: [
          { below: 0.9999, atLeast: 0.99, pct: 15 },
          { below: 0.99, atLeast: 0.95, pct: 30 },
          { below: 0.95, atLeast: 0, pct: 100 },
        ],
      },
    ],
    creditTerms: { basis: "service-fee", capPct: 100, form: "credit" },
  },
  source: {
    url: "https://www.emqx.com/en/policy/service-level-agreement",
    checkedOn: "2026-11-22",
    warning: {
      en: "Target and credits were compared with a stored, older copy. Its formula is an image and its claim deadline was not in it; when a minute is down and most exclusions are assumptions.",
      zh: "目标与赔付档位对照了旧版存档。其公式为图片，存档中也没有申请期限；不可用的判定与多数免责项为假设。",
    },
  },
};
