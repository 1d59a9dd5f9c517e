// The promise of the article that Sonde began with, about a real-time messaging SDK: 99.9 % availability a month, 99.99 %
// delivery, P99 below 200 ms, an answer within an hour for enterprise customers, a way up for severe faults. It does not say
// when a minute is down: 20 % of its messages (4 of 20) is OUR assumption, and so are the ten messages that a minute needs and
// the steps of the escalation. Clauses on credits and on exclusions exist, but not what they say: none are made up here.

import type { Preset } from "../preset.ts";

export const REALTIME_MESSAGING: Preset = {
  terms: {
    // Held region by region, because that is how its users live: a total over all would hide the one that suffers.
    regionRule: "each",
    period: { unit: "month", anchor: "calendar", zone: "Asia/Shanghai" },
    objectives: [
      {
        id: "availability",
        kind: "slots",
        target: 0.999,
        slot: "60s",
        bad: ["lost", "error"],
        downIf: { rate: ">= .2" },
        minSamples: 10,
        belowMin: "unmeasured",
        denominator: "measured",
        excludedSlots: "drop",
      },
      { id: "delivery", kind: "ratio", target: 0.9999, confidence: 0.95 },
      // "P99 < 200 ms" leaves out of what. A message's way from publisher to subscriber is what users wait for.
      { id: "latency", kind: "quantile", q: 0.99, limit: "200ms", direction: "delivery", confidence: 0.95 },
    ],
    support: [{ severity: "P1", clock: "first-response", target: "1h", calendar: "24x7" }],
    // Custom has it after 10 to 15 minutes without an answer, and again at 30.
    escalation: [
      { level: 2, after: "15min", to: "second line", channel: "phone" },
      { level: 3, after: "30min", to: "head of the service", channel: "phone" },
    ],
  },
  source: {
    url: null,
    checkedOn: "2026-11-22",
    warning: {
      en: "The article does not say when a minute is down: 20 % of its messages is an assumption, and so are the escalation steps. Your signed contract takes precedence.",
      zh: "文章没有说明怎样的一分钟算不可用：按失败消息占 20% 判定是我们的假设，升级步骤也是。以您签署的合同为准。",
    },
  },
};
