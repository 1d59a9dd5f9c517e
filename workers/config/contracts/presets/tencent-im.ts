// Tencent Cloud's agreement on its IM service, in the edition of its public documentation repository. 99 % of the minutes of a
// service month, which begins on the day of purchase (17 March to 16 April). A minute fails only when all logins or all sends
// of it fail; a minute without traffic is up. Vouchers of 10, 20 and 30 % of the month's fee, by ticket, from the fifth working
// day and within 60 days; the provider's records decide. OURS: that a message which never arrives is a failed send, that all
// regions have to fail (some success anywhere makes the minute good), and that working days know no holidays.

import type { Preset } from "../preset.ts";

export const TENCENT_IM: Preset = {
  terms: {
    regionRule: "all-down",
    period: { unit: "month", anchor: "service-start", zone: "Asia/Shanghai", clip: "none" },
    objectives: [
      {
        id: "availability",
        kind: "slots",
        target: 0.99,
        slot: "60s",
        bad: ["lost", "error"],
        downIf: "all-fail",
        minSamples: 1,
        belowMin: "up",
        denominator: "all",
        // What is excused is no downtime, but stays in the month that the share is of.
        excludedSlots: "count-up",
      },
    ],
    exclusions: [
      // Also drills that simulate failures. "Beforehand" is all that it says.
      { type: "scheduled-maintenance", notice: "0s" },
      { type: "force-majeure" },
      { type: "third-party-network" },
      { type: "customer-fault" },
      // Chat rooms whose load was not announced.
      { type: "over-quota" },
      { type: "provider-announced-event", notice: "0s" },
      { type: "beta" },
    ],
    credits: [
      {
        objective: "availability",
        kind: "ladder",
        tiers: [
          { below: 0.99, atLeast: 0.95, pct: 10 },
          { below: 0.95, atLeast: 0.9, pct: 20 },
          { below: 0.9, atLeast: 0, pct: 30 },
        ],
      },
    ],
    creditTerms: { basis: "service-fee", capPct: 100, form: "voucher" },
    claim: { opensAfter: "5bd", deadline: "60d", from: "period-end", channel: "ticket", authority: "provider" },
  },
  source: {
    url: "https://github.com/tencentyun/qcloud-documents",
    checkedOn: "2026-11-22",
    warning: {
      en: "Compared with the edition in the provider's documentation repository, which is older than its site. Working days are counted without Chinese holidays unless a calendar is given.",
      zh: "对照的是官方文档仓库中的版本，早于官网现行版本。未配置日历时，工作日不计中国法定节假日与调休。",
    },
  },
};
