// Twilio's agreement on its APIs: (A - B) / A of a calendar month's minutes, where A is all of them and B those in which the APIs
// could not be used; 99.95 %, and 99.99 % with its larger editions (write your own objectives then). One step: 10 % of the fees
// of the affected service, to be asked for within 30 days from the month's last day. OURS: "could not be used" is a minute in
// which everything fails, from everywhere; months of UTC; the list of exclusions is from memory.

import type { Preset } from "../preset.ts";

export const TWILIO: Preset = {
  terms: {
    regionRule: "all-down",
    period: { unit: "month", anchor: "calendar", zone: "UTC" },
    objectives: [
      {
        id: "availability",
        kind: "slots",
        target: 0.9995,
        slot: "60s",
        bad: ["lost", "error"],
        downIf: "all-fail",
        minSamples: 1,
        belowMin: "up",
        denominator: "all",
        // The edition of 2021 added excused minutes back; that of 2023 does not count them as B. Both leave A as it is.
        excludedSlots: "count-up",
      },
    ],
    exclusions: [
      { type: "scheduled-maintenance", notice: "0s" },
      { type: "force-majeure" },
      { type: "third-party-network" },
      { type: "customer-fault" },
      { type: "suspension" },
      { type: "beta" },
    ],
    credits: [{ objective: "availability", kind: "ladder", tiers: [{ below: 0.9995, atLeast: 0, pct: 10 }] }],
    creditTerms: { basis: "service-fee", capPct: 10, form: "credit" },
    claim: { deadline: "30d", from: "period-end", channel: "help center", authority: "provider" },
  },
  source: {
    url: "https://www.twilio.com/legal/service-level-agreement",
    checkedOn: "2026-11-22",
    warning: {
      en: "Formula, target and credit were compared with stored copies of February 2021 and February 2023. The claim period is from a secondary source, the exclusions are from memory.",
      zh: "公式、目标与赔付比例对照了 2021 年 2 月版与 2023 年 2 月版的存档。申请期限来自二手资料，免责项凭记忆列出。",
    },
  },
};
