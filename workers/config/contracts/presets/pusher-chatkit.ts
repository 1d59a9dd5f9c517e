// Pusher's agreement on Chatkit, a service that is no longer sold: kept because it is the only one that folds latency into
// availability. A minute is up when 99 % of its requests succeed within 200 ms; 99.9 % of a month's minutes. To see one bad
// message in a hundred takes a hundred messages a minute: give the target `messages: 100`. OURS: more than 1 % lost, refused
// or late is down; a minute with fewer messages is not measured; calendar months of UTC; business hours of London.

import type { Preset } from "../preset.ts";

export const PUSHER_CHATKIT: Preset = {
  terms: {
    // The text pools all requests. 200 ms from the far side of the world is no promise of it: give `regions` near your cluster.
    regionRule: "each",
    period: { unit: "month", anchor: "calendar", zone: "UTC" },
    objectives: [
      {
        id: "availability",
        kind: "slots",
        target: 0.999,
        slot: "60s",
        bad: ["lost", "error", "late"],
        late: "200ms",
        downIf: { rate: "> .01" },
        minSamples: 100,
        belowMin: "unmeasured",
        denominator: "measured",
      },
    ],
    calendars: {
      business: { zone: "Europe/London", hours: [{ days: ["mon-fri"], from: "09:00", to: "17:00" }] },
    },
    support: [
      { severity: "P1", clock: "first-response", target: "4h", calendar: "24x7" },
      { severity: "P2", clock: "first-response", target: "24h", calendar: "business" },
      { severity: "P3", clock: "first-response", target: "24h", calendar: "business" },
      { severity: "P4", clock: "first-response", target: "24h", calendar: "business" },
    ],
  },
  source: {
    url: "https://pusher.com/legal/chatkit-sla",
    checkedOn: "2026-11-22",
    warning: {
      en: "A stored copy of a service that is no longer sold. Target, rule and support were compared with its beginning; the size of the credit was not in it; business hours and zone are assumptions.",
      zh: "该服务已停售，对照的是存档的开头部分：目标、判定规则与支持时限。其中没有赔付额度；工作时间与时区为假设。",
    },
  },
};
