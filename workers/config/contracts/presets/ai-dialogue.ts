// The scene of a conversation with a machine: each turn in time, and a session that does not break. A turn is a question and its
// answer, so 200 ms for each make 400 ms there and back. A broken session costs turns (reconnects are not in what verdicts are
// made from), so a minute is bad when one of its 20 turns is lost or refused. Target 99.5 % of minutes, because 40 messages at a
// delivery of 99.99 % break 0.4 % of them: asking for more would be asking for more than that delivery. No provider's text.
// The longest a wake takes: loop 9.45 s + dialogue 3 + 19 x 0.3 + 5 + 0.5 = 14.2 s, so 23.65 s of 60.

import type { Preset } from "../preset.ts";

export const AI_DIALOGUE: Preset = {
  journeys: ["loop", { journey: "dialogue", turns: 20, gap: "300ms", payloadBytesLast: 4096 }],
  terms: {
    objectives: [
      {
        id: "availability",
        kind: "slots",
        target: 0.999,
        downIf: { rate: ">= .2" },
        minSamples: 10,
      },
      {
        id: "turn-latency",
        kind: "quantile",
        journey: "dialogue",
        q: 0.99,
        limit: "400ms",
        direction: "round-trip",
      },
      {
        id: "unbroken-session",
        kind: "slots",
        journey: "dialogue",
        target: 0.995,
        bad: ["lost", "error"],
        downIf: { count: 1 },
        minSamples: 10,
      },
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
