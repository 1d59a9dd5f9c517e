// The pages of the past in Chinese (simplified). Written, not translated word by word. Pure; fills the interface of history-words.ts.

import type { HistoryWords } from "./history-words.ts";
import { exactSpan, whole } from "./numbers.ts";

const NBSP = "\u00a0";
const number = (n: number): string => whole("zh-Hans", n);
const minutes = (n: number): string => `${number(n)}${NBSP}分钟`;
const UNITS = { ms: "毫秒", s: "秒", min: "分钟", h: "小时" };

export const HISTORY_ZH: HistoryWords = {
  history: "历史",
  historyOf: (target) => `${target}的历史记录`,
  historyIn: (target, period) => `${target}：${period}`,
  regionOf: (target, region) => `${target}：从${region}测量`,
  dayOf: (target, region, date) => `${target}：从${region}测量，${date}`,
  indexMore: "每项受测服务的逐月、逐日记录。",
  noTargets: "尚未开始测量任何服务。",

  dayInZone: (zone, hours) => `本页的一天以 ${zone} 时区为准，共 ${hours}。`,
  hours: (n) => `${n}${NBSP}小时`,
  sumsInZone: (own, chosen) => `日、月汇总按 ${own} 时区计算，此处不变；单日页面及其他时间均以 ${chosen} 时区显示。`,
  inZone: (zone) => `按${zone}时区`,
  timesIn: (zone) => `所有时间均为 ${zone} 时区。`,

  now: "当前",
  nowUnknown: "暂时无法读取当前状态，以下为历史记录。",
  last24h: "最近 24 小时",
  last90d: (days) => `最近 ${number(days)} 天`,
  months: "按月",
  totals: "全天",
  minutes: "逐分钟",
  hourly: "逐小时",
  downTimes: "中断时段",
  noDownTimes: "当天测得的每一分钟都没有中断。",
  journey: "测量项目",

  heads: {
    month: "月份",
    day: "日期",
    hour: "小时",
    minutes: "时段",
    state: "状态",
    measured: "已测量",
    down: "中断",
    latency: "P50 · P95 · P99",
  },
  countHeads: { scheduled: "计划", ok: "成功", lost: "丢失", refused: "被拒绝", notSent: "我方未发" },
  asTable: "查看表格",
  minuteTable: "逐分钟表格",
  minutesOf: (measured, expected) => `${measured} / ${expected} 分钟`,
  nothingScheduled: "当时未安排测量",
  stillToCome: "尚未到来，或未安排测量",
  notWritten: "没有测量结果",
  goesOn: "进行中",
  cutHours:
    "该时区的一天不从 UTC 整点开始：计数准确无误，但首尾不足一小时的部分没有百分位数；全天百分位数只在包含全部消息时才给出。",
  otherRule: "汇总按当时生效的判定规则计算，逐分钟图按现行规则绘制，两者可能不同。",
  merged: "百分位数由该时段的全部消息（包括丢失和被拒绝的消息）合并计算，从不取平均。",

  latencyChart: (name) => `延迟：${name}`,
  latencySummary: ({ p50, p99, within, known, limit, none }) =>
    `P50 最低 ${p50}，P99 最高 ${p99}。${number(known)} 个时段中有 ${number(within)} 个 P99 低于 ${limit}` +
    (none > 0 ? `；另有 ${number(none)} 个时段未测得或消息过少，没有 P99。` : "。"),
  latencyNothing: (pieces) => `${number(pieces)} 个时段的消息数都不足以得出 P99。`,
  limit: (text) => `P99 上限：${text}`,
  overAtTop: "表示该百分位落在未按时到达的消息之中。",
  bandKey: { p50: "P50", p95: "P95", p99: "P99", gap: "未测得或消息过少", limit: "P99 上限" },
  barsLabel: (name, pieces, measured) => `${name}：${number(pieces)} 个时段中有 ${number(measured)} 个测得数据。`,
  heatTitle: (name, date) => `${name}，${date}，逐分钟状态`,
  heatSummary: (n) =>
    `正常 ${minutes(n.up)}，性能下降 ${minutes(n.degraded)}，中断 ${minutes(n.down)}，未测得 ${minutes(n.unmeasured)}。`,
  heatKey: { up: "正常", degraded: "性能下降", down: "中断", unmeasured: "未测得" },
  fromTo: (from, to) => `${from} 至 ${to}`,
  span: (n) => exactSpan(n * 60_000, UNITS, NBSP),

  dayBefore: "前一天",
  dayAfter: "后一天",
  incidents: "事件及其经过",
  rawMinutes: "原始分钟数据（JSON）",
  rawHours: "原始小时数据（JSON）",
  allOf: (target) => `${target}的所有月份`,
  moreRegions: "其他区域",

  away: (readAt, age) => `暂时无法读取数据库。以下内容读取于 ${readAt}（${age}）。`,
  unreadable: "暂时无法读取历史记录",
  unreadableMore: "我方数据库没有应答，这与所测服务的状态无关。请几秒后重试。",
  notFound: "没有这一页历史记录",
  targetsThatExist: (names) => `有历史记录的服务：${names}。`,
  regionsThatExist: (names) => `该服务从以下区域测量：${names}。`,
  daysThatExist: (first, last, zone) =>
    `单日页面的范围为 ${first} 至 ${last}（${zone}），写法如 2026-03-01；更早的日期汇总在所属月份中。`,
  journeysThatExist: (names) => `测量项目写作 ?journey=loop，此页有：${names}。`,
  periodsThatExist: (first, last) => `时段写作 2026 或 2026-03，范围为 ${first} 至 ${last}。`,
  neverMeasured: "此处没有任何测量结果",
  neverMeasuredMore: "这段时间没有测量过任何一分钟，因此无从判断好坏。",
};
