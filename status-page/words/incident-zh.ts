// The pages of incidents in Chinese (simplified). Pure; fills the interface of incident-words.ts and decides nothing.

import type { PublicKind } from "../incidents.ts";
import type { IncidentWords } from "./incident-words.ts";
import { whole, exactSpan } from "./numbers.ts";

const TAG = "zh-Hans";
const NBSP = "\u00a0";
const UNITS = { ms: "毫秒", s: "秒", min: "分钟", h: "小时" };
const number = (n: number): string => whole(TAG, n);

const FIRST: Readonly<Record<PublicKind, string>> = { outage: "第一条失败消息", brownout: "第一条延迟或失败消息" };
const by = (speaker: string): string =>
  speaker === INCIDENT_ZH.speakers.sonde ? `由 ${speaker} 发布` : `由${speaker}发布`;

function openSentence(outages: number, brownouts: number): string {
  const parts = [
    ...(outages > 0 ? [`${number(outages)} 起中断`] : []),
    ...(brownouts > 0 ? [`${number(brownouts)} 起性能下降`] : []),
  ];
  return `目前有 ${parts.join("、")}未结束`;
}

export const INCIDENT_ZH: IncidentWords = {
  incidents: "事件",
  all: "全部事件",
  older: "更早的事件",
  newest: "最新的事件",
  openSentence,
  noneOpen: (newest) => (newest === null ? "目前没有进行中的事件" : `最新的 ${number(newest)} 起事件中没有进行中的`),
  noneOpenMore: "本页列出已发现的事件；未测得的部分，本页不作任何判断。",
  toStatus: "当前测量结果",
  none: "尚无事件记录。",
  noneOlder: "没有更早的事件。",
  method: [
    "事件由测量结果开启和关闭。人员发布的说明与之并列，不改变任何数字。",
    "中断：消息丢失或被拒绝。性能下降：大量消息延迟，或少量消息长时间丢失。",
    "影响从第一条失败消息的预定发送时刻开始，到其后第一条正常消息的预定发送时刻结束。",
    "演练以及测量系统自身的事件不在此列。个人姓名不予公布。",
  ],

  kinds: { outage: "中断", brownout: "性能下降" },
  states: { open: "进行中", restored: "已恢复，尚未宣布结束", resolved: "已解决", merged: "已合并" },
  severities: { critical: "严重", error: "错误", warning: "警告", info: "提示" },
  statements: {
    investigating: "调查中",
    identified: "已定位原因",
    monitoring: "观察中",
    resolved: "已解决",
  },
  speakers: { sonde: "Sonde", operations: "运维团队" },
  title: (kind, target) => `${target}：${INCIDENT_ZH.kinds[kind]}`,
  global: (regions) => `多数区域同时受影响：${regions}`,
  severity: (word) => `严重程度：${word}`,
  fromTo: (from, to, zone) => `${from} – ${to}（${zone}）`,
  stillGoingOn: "仍在持续",
  endNotMeasured: "未测得结束时间",
  thenMerged: "此后并入更大的事件",
  span: (ms) => exactSpan(ms, UNITS, NBSP),
  lasted: (span) => `持续 ${span}`,
  lastsSoFar: (span) => `至今 ${span}`,
  lessThanMinute: `不到 1${NBSP}分钟`,

  times: "时间",
  timesIn: (zone) => `所有时间均为 ${zone} 时区`,
  stamps: {
    impactStart: { outage: "第一条失败消息", brownout: "第一条延迟或失败消息" },
    detected: "发现",
    notified: "首次告警送达",
    acked: "确认接手",
    published: "首次公开说明",
    impactEnd: "测得恢复",
    resolved: "宣布解决",
  },
  after: (span, kind) => `${FIRST[kind]}之后 ${span}`,
  before: (span, kind) => `${FIRST[kind]}之前 ${span}`,
  together: (kind) => `与${FIRST[kind]}同时`,
  notYet: "尚未",
  never: "没有",
  inTheOther: "见更大的事件",
  noPublicWordYet: (span) => `尚无公开说明，至今 ${span}`,
  noPublicWord: "没有发布过公开说明",
  noPage: "没有任何接收方接受告警",

  measured: "测量结果",
  impact: "影响",
  heads: ["区域", "异常/尝试", "状态"],
  counts: (bad, attempted, share) => `${attempted} 条中 ${bad} 条（${share}）`,
  noCounts: "无计数",
  moreRegions: (more) => `另有 ${number(more)} 个，完整内容见 JSON。`,
  badNow: "目前异常",
  goodAgain: "已恢复正常",
  noRegions: "未指明区域。",
  flapping: "时断时续：其后的起伏视为同一事件。",
  reopened: (times) => `宣布解决前再次发生 ${number(times)} 次。`,
  wentOnIn: "后续情况见",
  tookOver: "已并入的事件",

  said: "公开说明",
  nothingSaid: "尚未发布任何说明。",
  saidBy: (statement, speaker) => `${statement}，${by(speaker)}`,
  otherLanguage: "原文为其他语言",

  timeline: "时间线",
  timelineHeads: ["时间", "经过", "记录者"],
  cut: "事件记录较多，此处未全部显示。",
  leftOut: (entries) => `此处省略中间 ${number(entries)} 条记录，完整内容见 JSON。`,
  enteredAt: (stamp) => `录入于 ${stamp}`,
  did: {
    began: { outage: "第一条失败消息", brownout: "第一条延迟或失败消息" },
    opened: (regions, severity) => `发现（${severity}）：${regions}`,
    joined: (region) => `新增异常区域：${region}`,
    left: (region) => `恢复正常：${region}`,
    removed: (region) => `不再从此处测量：${region}；是否恢复正常不得而知`,
    measured: (severity) => `测量（${severity}）`,
    notified: "首次告警送达",
    acknowledged: "已确认接手",
    published: (statement) => `公开说明：${statement}`,
    restored: "测得：所有区域均已恢复正常",
    resolved: "宣布解决",
    reopened: (region) => (region === null ? "重新开启" : `再次异常：${region}`),
    merged: "后续情况见",
    absorbed: (regions) => `${regions === "" ? "并入" : `并入：${regions}，`}来自`,
    postmortem: "发布事后复盘",
    flapping: (on) => (on ? "自此时断时续" : "不再时断时续"),
  },

  postmortem: "事后复盘",
  noPostmortem: "尚未发布事后复盘。",
  postmortemBy: (stamp, speaker) => `${stamp}，${by(speaker)}`,

  away: (stamp, age) => `我方数据库暂时无法读取；以下内容读取于 ${stamp}（${age}）。`,
  notFound: "没有这个事件",
  notFoundMore: "地址可能有误，或该事件并不公开。",
  unreadable: "暂时无法读取事件",
  unreadableMore: "这与该服务的状态无关，只是我方数据库的问题。请稍后再试。",
};
