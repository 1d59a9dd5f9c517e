// What the page behind a link that acknowledges says, in both languages. Pure; used by ack-page.tsx only.

import type { AlertSeverity, Language } from "../../schema/words.ts";

/** Why there is nothing to acknowledge, or that it is done. */
export type AckEnd =
  | "done"
  | "already"
  | "already_other"
  | "spent"
  | "expired"
  | "over"
  | "unknown"
  | "method"
  | "unsure";

export interface AckWords {
  readonly tag: string;
  readonly title: string;
  readonly ask: string;
  /** Before anybody has clicked. */
  readonly promise: string;
  readonly button: string;
  readonly target: string;
  readonly incident: string;
  readonly regions: string;
  readonly severity: string;
  readonly since: string;
  readonly as: string;
  readonly until: string;
  readonly severities: Readonly<Record<AlertSeverity, string>>;
  /** Heading, and a sentence. */
  readonly ends: Readonly<Record<AckEnd, readonly [string, string]>>;
  readonly byAt: (by: string, at: string) => string;
  readonly look: string;
}

const EN: AckWords = {
  tag: "en",
  title: "Acknowledge an incident",
  ask: "Acknowledge this incident?",
  promise:
    "Nothing has been done yet. The button tells everybody that somebody has it in hand: nobody else is called, and the incident stays open until it is over.",
  button: "Acknowledge",
  target: "Target",
  incident: "Incident",
  regions: "Regions",
  severity: "Severity",
  since: "Since",
  as: "Acknowledged by",
  until: "This link is good until",
  severities: { critical: "critical", error: "error", warning: "warning", info: "info" },
  ends: {
    done: ["Acknowledged", "You have it in hand. Nobody else is called about it unless it comes back."],
    already: ["Acknowledged already", "This has been done, and nothing more is to be done here."],
    already_other: [
      "Somebody else has acknowledged it",
      "It is in hand already. Nothing was changed by opening this page.",
    ],
    spent: [
      "This link has been used",
      "Each link works once. The incident has come back since: newer messages about it carry a new link.",
    ],
    expired: ["This link has expired", "Newer messages about the incident carry a new link; so does the console."],
    over: ["This incident is over", "There is nothing left to acknowledge."],
    unknown: ["There is no such link", "It may have been cut off on its way. Open it from the message again."],
    method: ["This page is not asked like that", "Open it with a browser."],
    unsure: [
      "It is not known whether this is done",
      "The fleet does not answer now. Try again in a few seconds: it is done once.",
    ],
  },
  byAt: (by, at) => `By ${by}, ${at}.`,
  look: "Look at the incident",
};

const ZH: AckWords = {
  tag: "zh-Hans",
  title: "确认告警",
  ask: "确认这起事件？",
  promise: "目前尚未执行任何操作。点击按钮即告知所有人已有人处理：不再呼叫其他人，事件在结束前保持开启。",
  button: "确认",
  target: "目标",
  incident: "事件",
  regions: "区域",
  severity: "级别",
  since: "开始于",
  as: "确认人",
  until: "链接有效至",
  severities: { critical: "严重", error: "错误", warning: "警告", info: "提示" },
  ends: {
    done: ["已确认", "此事件由你处理。除非再次发生，否则不再呼叫其他人。"],
    already: ["此前已确认", "此操作已经完成，无需再做任何事。"],
    already_other: ["已由他人确认", "已有人处理。打开本页没有改变任何内容。"],
    spent: ["此链接已使用", "每个链接只能使用一次。事件此后再次发生：新的消息中带有新的链接。"],
    expired: ["此链接已过期", "关于该事件的新消息中带有新的链接；也可在控制台确认。"],
    over: ["此事件已结束", "没有需要确认的内容。"],
    unknown: ["没有这个链接", "链接可能在传送中被截断。请从消息中重新打开。"],
    method: ["不支持这种请求方式", "请用浏览器打开。"],
    unsure: ["尚不清楚是否已完成", "系统暂时没有应答。请几秒后重试：只会执行一次。"],
  },
  byAt: (by, at) => `${by}，${at}。`,
  look: "查看事件",
};

export const ACK_WORDS: Readonly<Record<Language, AckWords>> = { en: EN, zh: ZH };
