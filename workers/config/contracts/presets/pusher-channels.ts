// Pusher's agreement on Channels: 99.95 % of a YEAR, as the share of 5-minute periods in which the API answers; 262.8 minutes in
// 365 days. Critical issues are answered within 4 hours at any time, others within 12 business hours. A service credit exists;
// how large it is was not in what could be read, so none is given here. OURS: a period is down when all of it fails, and from
// everywhere; a period without data is up; calendar years of UTC; business hours of London, nine to five; maintenance that
// was announced is taken out.

import type { Preset } from "../preset.ts";

export const PUSHER_CHANNELS: Preset = {
  terms: {
    // An application lives in one cluster: while somebody gets through, the API answers.
    regionRule: "all-down",
    period: { unit: "year", anchor: "calendar", zone: "UTC" },
    objectives: [
      {
        id: "availability",
        kind: "slots",
        target: 0.9995,
        slot: "300s",
        bad: ["lost", "error"],
        downIf: "all-fail",
        minSamples: 1,
        belowMin: "up",
        denominator: "all",
        excludedSlots: "drop",
      },
    ],
    exclusions: [{ type: "scheduled-maintenance", notice: "0s" }],
    calendars: {
      business: { zone: "Europe/London", hours: [{ days: ["mon-fri"], from: "09:00", to: "17:00" }] },
    },
    support: [
      { severity: "P1", clock: "first-response", target: "4h", calendar: "24x7" },
      { severity: "P2", clock: "first-response", target: "12h", calendar: "business" },
      { severity: "P3", clock: "first-response", target: "12h", calendar: "business" },
      { severity: "P4", clock: "first-response", target: "12h", calendar: "business" },
    ],
  },
  source: {
    url: "https://pusher.com/legal/channels-sla",
    checkedOn: "2026-11-22",
    warning: {
      en: "Compared with the beginning of a stored, older copy: target, periods and support. The size of the credit and the exclusions were not in it; business hours and zone are assumptions.",
      zh: "仅对照了旧版存档的开头部分：目标、统计时段与支持时限。其中没有赔付额度与免责项；工作时间与时区为假设。",
    },
  },
};
