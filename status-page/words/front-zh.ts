// The front page in Chinese. Pure; see front-words.ts.

import type { FrontWords } from "./front-words.ts";

export const FRONT_ZH: FrontWords = {
  goingOn: "正在发生",
  since: (stamp, span) => `始于 ${stamp}，已持续 ${span}`,
  restored: "实测已恢复正常，尚未宣布结束。",
  said: (statement, stamp) => `${statement}，${stamp}`,
  maintenance: "维护：",
  maintenanceUntil: (stamp) => `进行中，至 ${stamp}`,
  maintenanceFrom: (from, to) => `已公告：${from} 至 ${to}`,
  untitled: "已公告的维护",
  allRegions: "全部区域",
  leftOut: "内容过多，此处未能列全；其余见事件页面。",

  board: "承诺与实测",
  boardOf: (contract, period) => `${contract}，${period}`,
  boardMore: "合同的判定不等于证据，二者并列于此。",
  worstOf: (region, of) => `${region}，${of} 个区域中最差`,
  sample: (kind, n) =>
    ({ slots: `已测 ${n} 个时段`, ratio: `${n} 条消息`, quantile: `${n} 条消息`, duration: `${n} 起事件` })[kind],
  moreNeeded: (n) => `再有 ${n} 条正常消息即可证明`,
  report: "完整报告",
  judgedUntil: (stamp) => `判定截至 ${stamp}`,
  boardLeftOut: "合同过多，此处未能列全；其余见各自的报告。",

  past: "历史事件",
  nonePast: "近 90 天没有留存的事件。",
  lasted: (span) => `持续 ${span}`,
  lessons: "附复盘",
  allIncidents: "全部事件",

  isItMe: "只有我遇到问题吗？",
  isItMeMore: "查看离您最近的区域，以及其他区域的情况。",
  howMeasured: "定义、公式与局限",

  trend: (name) => `${name}，近 30 天`,
  trendSummary: (least, most, below, measured, limit, missing) => {
    const said = `每日 P99 介于 ${least} 与 ${most} 之间；${measured} 天中有 ${below} 天低于 ${limit}。`;
    return missing === 0 ? said : `${said}另有 ${missing} 天没有数据。`;
  },
  trendNothing: (days) => `${days} 天均无 P99：未测量，或消息太少。`,

  heat: (limit) => `时间下方的横条表示它占 ${limit} 的几分之几，以四分之一为单位。`,
};
