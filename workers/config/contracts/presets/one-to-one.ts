// The scene of a chat or a call between two: how fast one is connected, and how fast a message arrives. No provider's text: the
// 600 ms to connect and the 200 ms are the article's, for you to replace. P95 stands beside P99 because it is proven sooner:
// 59 connects without a slow one show a P95, 299 a P99 (at 95 %), and a round makes three.
// The longest a wake takes: loop 9.45 s + connect 3 x (3 + 0.5) = 10.5 s, so 19.95 s of 60.

import type { Preset } from "../preset.ts";

export const ONE_TO_ONE: Preset = {
  journeys: ["loop", { journey: "connect", attempts: 3 }],
  terms: {
    objectives: [
      {
        id: "availability",
        kind: "slots",
        target: 0.999,
        downIf: { rate: ">= .2" },
        minSamples: 10,
      },
      { id: "delivery", kind: "ratio", target: 0.9999 },
      { id: "connect-p95", kind: "quantile", journey: "connect", q: 0.95, limit: "600ms", direction: "connect" },
      { id: "connect-p99", kind: "quantile", journey: "connect", q: 0.99, limit: "600ms", direction: "connect" },
      // From the prober through the service and back to the prober: a round trip for its network, one delivery for its users.
      { id: "latency", kind: "quantile", q: 0.99, limit: "200ms", direction: "delivery" },
    ],
  },
  source: {
    url: null,
    checkedOn: "2026-11-22",
    warning: {
      en: "No provider's text: what Sonde suggests for this scene. Put the targets of your own contract in their place.",
      zh: "并非任何服务商的条款，而是 Sonde 对该场景的建议。请换成您合同中的目标值。",
    },
  },
};
