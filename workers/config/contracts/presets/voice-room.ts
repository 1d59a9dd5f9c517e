// The scene of a voice room: one speaks, many hear. What weighs most is delivery to all subscribers and their P99, so both are
// judged on the journey `room`. No provider's text: targets are those of the article's promise, for you to replace.
// 30 subscribers and their publisher open 31 sessions and `loop` two: 33 in one wake, where the Free plan allows 50 requests.
// The longest a wake takes: loop 9.45 s + room 10 + 9 x 0.1 + 5 + 0.5 = 16.4 s, so 25.85 s of 60.

import type { Preset } from "../preset.ts";

export const VOICE_ROOM: Preset = {
  journeys: ["loop", { journey: "room", subscribers: 30, messages: 10, gap: "100ms", joinDeadline: "10s" }],
  terms: {
    objectives: [
      {
        id: "availability",
        kind: "slots",
        target: 0.999,
        downIf: { rate: ">= .2" },
        minSamples: 10,
      },
      // One message that the service loses before it fans out is 30 deliveries lost: the evidence is corrected for that.
      { id: "delivery-to-all", kind: "ratio", journey: "room", target: 0.9999 },
      { id: "room-latency", kind: "quantile", journey: "room", q: 0.99, limit: "200ms", direction: "delivery" },
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
