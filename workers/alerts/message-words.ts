// What a message can say, in each language, as one interface that both fill completely. Says what was measured and done, and never
// why it may have happened. Pure; no number is formatted twice: whole numbers with separators, spans cut off, times in UTC.
// Called by `message.ts` and `backoff.ts`.

import type { AlertSeverity, Language } from "../../schema/words.ts";
import type { IncidentKind, Statement } from "../incidents/incident.ts";
import type { Unheard } from "./told.ts";

/** Names of facts. */
type FactName =
  | "drill"
  | "incident"
  | "about"
  | "regions"
  | "severity"
  | "since"
  | "until"
  | "soFar"
  | "lasted"
  | "acknowledged"
  | "notTold"
  | "lastAnswer";

export interface AlertWords {
  readonly tag: string;
  readonly colon: string;
  readonly drill: string;
  readonly kinds: Readonly<Record<IncidentKind, string>>;
  readonly severities: Readonly<Record<AlertSeverity, string>>;
  readonly statements: Readonly<Record<Statement, string>>;
  readonly names: Readonly<Record<FactName, string>>;
  /** What the impact counts, of which kind of incident. */
  readonly bad: Readonly<Record<IncidentKind, string>>;
  /** In front of a title that is not the first. */
  readonly leads: Readonly<Record<"again" | "update" | "acknowledge" | "resolve" | "merged", string>>;
  readonly units: Readonly<Record<"d" | "h" | "min" | "s", string>>;
  readonly mostRegions: string;
  list(names: readonly string[], more: string | null): string;
  /** What is bad, and where; `where` may be empty. */
  subject(target: string, kind: string, where: string): string;
  /** Sentences, one after the other; empty ones are left out. */
  join(sentences: readonly string[]): string;
  counted(bad: string, of: string): string;
  by(who: string, at: string): string;

  joined(region: string, at: string): string;
  left(region: string, at: string): string;
  removed(region: string, at: string): string;
  worse(severity: string, at: string): string;
  absorbed(incident: string, at: string): string;
  flapping(at: string): string;
  ackedBy(who: string, at: string, note: string): string;
  published(statement: string, at: string): string;
  empty(levels: string): string;

  lasted(span: string): string;
  restored(at: string): string;
  resolved(who: string, at: string, note: string): string;
  merged(into: string): string;
  lost(bad: string, of: string, what: string): string;
  readonly lostUnknown: string;
  notTold(channel: string): string;
  unheard(channel: string, why: Unheard): string;
}

const EN: AlertWords = {
  tag: "en",
  colon: ": ",
  drill: "[Drill]",
  kinds: {
    outage: "outage",
    brownout: "degraded",
    budget: "error budget burns too fast",
    blind: "not measured",
    support: "support time has run out",
  },
  severities: { critical: "critical", error: "error", warning: "warning", info: "info" },
  statements: {
    investigating: "Investigating",
    identified: "Identified",
    monitoring: "Monitoring",
    resolved: "Resolved",
  },
  names: {
    drill: "Drill",
    incident: "Incident",
    about: "About",
    regions: "Regions",
    severity: "Severity",
    since: "Since",
    until: "Until",
    soFar: "So far",
    lasted: "Lasted",
    acknowledged: "Acknowledged",
    notTold: "Not told",
    lastAnswer: "Last answer",
  },
  bad: {
    outage: "lost or refused",
    brownout: "late, lost or refused",
    budget: "counted against the budget",
    blind: "without a measurement",
    support: "overdue",
  },
  leads: {
    again: "Still open",
    update: "Update",
    acknowledge: "Acknowledged",
    resolve: "Over",
    merged: "Part of another one",
  },
  units: { d: "d", h: "h", min: "min", s: "s" },
  mostRegions: "most regions",
  list: (names, more) => (more === null ? names.join(", ") : `${names.join(", ")} and ${more} more`),
  subject: (target, kind, where) => (where === "" ? `${target}: ${kind}` : `${target}: ${kind} (${where})`),
  join: (sentences) =>
    sentences
      .filter((each) => each !== "")
      .map(ended(".", ". "))
      .join("")
      .trim(),
  counted: (bad, of) => `${bad} of ${of}`,
  by: (who, at) => `${who}, ${at}`,
  joined: (region, at) => `${region} is bad as well since ${at}`,
  left: (region, at) => `${region} is good again since ${at}`,
  removed: (region, at) => `${region} is no longer measured from since ${at}; whether it is good again is not known`,
  worse: (severity, at) => `It is ${severity} since ${at}`,
  absorbed: (incident, at) => `It includes ${incident} since ${at}`,
  flapping: (at) => `It comes and goes since ${at}: until that is over, no more is said about its regions`,
  ackedBy: (who, at, note) => `Acknowledged by ${who} at ${at}${note === "" ? "" : `: ${note}`}`,
  published: (statement, at) => `Said in public at ${at}: ${statement}`,
  empty: (levels) => `Nobody is on call in level ${levels} of the escalation`,
  lasted: (span) => `It lasted ${span}`,
  restored: (at) => `Measured to be good again since ${at}`,
  resolved: (who, at, note) => `Declared over by ${who} at ${at}${note === "" ? "" : `: ${note}`}`,
  merged: (into) => `It goes on as part of ${into}`,
  lost: (bad, of, what) => `${bad} of ${of} messages were ${what}`,
  lostUnknown: "How much was lost is not known",
  notTold: (channel) => `Not told to ${channel}`,
  unheard: (channel, why) => `This did not reach the channel ${channel}: ${EN_UNHEARD[why]}`,
};

const EN_UNHEARD: Readonly<Record<Unheard, string>> = {
  disabled: "its address is gone",
  never: "its receiver refused it for good",
  too_long: "it was tried for a day",
  gone: "the configuration no longer has it",
};

const ZH: AlertWords = {
  tag: "zh-Hans",
  colon: "：",
  drill: "【演练】",
  kinds: {
    outage: "中断",
    brownout: "性能下降",
    budget: "错误预算消耗过快",
    blind: "未测得",
    support: "支持时限已过",
  },
  severities: { critical: "严重", error: "错误", warning: "警告", info: "提示" },
  statements: { investigating: "调查中", identified: "已定位", monitoring: "观察中", resolved: "已解决" },
  names: {
    drill: "演练",
    incident: "事件",
    about: "涉及",
    regions: "区域",
    severity: "级别",
    since: "开始于",
    until: "结束于",
    soFar: "至今",
    lasted: "持续时间",
    acknowledged: "已接手",
    notTold: "未送达",
    lastAnswer: "最后的应答",
  },
  bad: {
    outage: "丢失或被拒绝",
    brownout: "延迟、丢失或被拒绝",
    budget: "计入预算",
    blind: "未测得",
    support: "超时",
  },
  leads: {
    again: "仍未结束",
    update: "更新",
    acknowledge: "已有人接手",
    resolve: "已结束",
    merged: "已并入其他事件",
  },
  units: { d: "天", h: "小时", min: "分钟", s: "秒" },
  mostRegions: "多数区域",
  list: (names, more) => (more === null ? names.join("、") : `${names.join("、")}及另外 ${more} 个`),
  subject: (target, kind, where) => (where === "" ? `${target}：${kind}` : `${target}：${kind}（${where}）`),
  join: (sentences) =>
    sentences
      .filter((each) => each !== "")
      .map(ended("。", "。"))
      .join("")
      .trim(),
  counted: (bad, of) => `${of} 中的 ${bad}`,
  by: (who, at) => `${who}，${at}`,
  joined: (region, at) => `${region}自 ${at} 起也出现异常`,
  left: (region, at) => `${region}自 ${at} 起恢复正常`,
  removed: (region, at) => `自 ${at} 起不再从${region}测量；是否恢复正常不得而知`,
  worse: (severity, at) => `自 ${at} 起级别为“${severity}”`,
  absorbed: (incident, at) => `自 ${at} 起包含 ${incident}`,
  flapping: (at) => `自 ${at} 起时好时坏：在此期间不再通报各区域的变化`,
  ackedBy: (who, at, note) => `${who} 已于 ${at} 接手${note === "" ? "" : `：${note}`}`,
  published: (statement, at) => `${at} 已对外说明：${statement}`,
  empty: (levels) => `升级的第 ${levels} 级无人值班`,
  lasted: (span) => `持续了 ${span}`,
  restored: (at) => `自 ${at} 起测得恢复正常`,
  resolved: (who, at, note) => `${who} 于 ${at} 宣布结束${note === "" ? "" : `：${note}`}`,
  merged: (into) => `后续并入 ${into}`,
  lost: (bad, of, what) => `${of} 条消息中 ${bad} 条${what}`,
  lostUnknown: "丢失了多少未知",
  notTold: (channel) => `未送达 ${channel}`,
  unheard: (channel, why) => `本消息未能送达渠道 ${channel}：${ZH_UNHEARD[why]}`,
};

const ZH_UNHEARD: Readonly<Record<Unheard, string>> = {
  disabled: "其地址已不存在",
  never: "接收方明确拒绝",
  too_long: "已重试一天",
  gone: "配置中已没有该渠道",
};

export const ALERT_WORDS: Readonly<Record<Language, AlertWords>> = { en: EN, zh: ZH };

/** A sentence that says itself where it ends is not ended twice. */
function ended(stop: string, withGap: string): (sentence: string) => string {
  const gap = withGap.slice(stop.length);
  return (sentence) => (/[.!?。！？…]$/.test(sentence) ? `${sentence}${gap}` : `${sentence}${withGap}`);
}

export function numberText(n: number, { tag }: AlertWords): string {
  return new Intl.NumberFormat(tag, { maximumFractionDigits: 0 }).format(n);
}

/** 2026-11-22 12:00:10 UTC */
export function timeText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** The two largest units, cut off: 3 h 12 min. */
export function spanText(ms: number, { units }: AlertWords): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(seconds / 86_400), units.d],
    [Math.floor(seconds / 3_600) % 24, units.h],
    [Math.floor(seconds / 60) % 60, units.min],
    [seconds % 60, units.s],
  ];
  const from = parts.findIndex(([n]) => n > 0);
  if (from === -1) return `0 ${units.s}`;
  const shown = parts.slice(from, from + 2).filter(([n]) => n > 0);
  return shown.map(([n, unit]) => `${n} ${unit}`).join(" ");
}
