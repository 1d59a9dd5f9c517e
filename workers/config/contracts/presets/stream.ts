// Stream's Enterprise plan, as its blog describes it: 99.999 % with hundredfold acceleration (7 minutes of downtime are credited
// as 700), up to 30 % of the month's bill. Answers within 2 hours for what is critical, 48 for the rest, at any time.
// (Business: 99.95 %, factor 25, answers within 4 hours.) 99.999 % leaves 25.9 s in 30 days: one down minute breaks it. OURS: a
// minute is down above 20 % lost or refused, from everywhere; ten messages make a minute; calendar months of UTC; maintenance
// that was announced is taken out. How to claim is not said.

import type { Preset } from "../preset.ts";

export const STREAM: Preset = {
  terms: {
    // "The API goes down": for everybody, not on one path.
    regionRule: "all-down",
    period: { unit: "month", anchor: "calendar", zone: "UTC" },
    objectives: [
      {
        id: "availability",
        kind: "slots",
        target: 0.99999,
        slot: "60s",
        bad: ["lost", "error"],
        downIf: { rate: "> .2" },
        minSamples: 10,
        belowMin: "unmeasured",
        denominator: "measured",
        excludedSlots: "drop",
      },
    ],
    exclusions: [{ type: "scheduled-maintenance", notice: "0s" }],
    credits: [{ objective: "availability", kind: "accelerated", factor: 100 }],
    creditTerms: { basis: "service-fee", capPct: 30, form: "credit" },
    support: [
      { severity: "P1", clock: "first-response", target: "2h", calendar: "24x7" },
      { severity: "P2", clock: "first-response", target: "48h", calendar: "24x7" },
      { severity: "P3", clock: "first-response", target: "48h", calendar: "24x7" },
      { severity: "P4", clock: "first-response", target: "48h", calendar: "24x7" },
    ],
  },
  source: {
    url: "https://getstream.io/blog/support-plans-and-slas-at-stream",
    checkedOn: "2026-11-22",
    warning: {
      en: "Target, acceleration, cap and support times were compared with the provider's blog of November 2022. It does not say when a minute is down, nor how to claim: those are assumptions or left out.",
      zh: "目标、加速倍数、上限与支持时限对照了官方博客 2022 年 11 月的文章。文中没有说明怎样的一分钟算不可用，也没有申请办法：前者为假设，后者从缺。",
    },
  },
};
