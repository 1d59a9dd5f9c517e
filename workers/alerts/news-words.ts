// What a message to a subscriber can say, in each language, beside the words of alerts. Pure; called by news-message.ts.

import type { Language } from "../../schema/words.ts";
import type { NewsKind } from "./news.ts";

export interface NewsWords {
  readonly leads: Readonly<Record<Exclude<NewsKind, "off">, string>>;
  readonly maintenance: string;
  readonly postmortem: string;
  readonly from: string;
  readonly allRegions: string;
  readonly measuredEnd: string;
  readonly notMeasuredEnd: string;
  readonly comesBack: string;
  /** In front of the link that ends it. */
  readonly end: string;
  confirmTitle(page: string): string;
  readonly confirmAsk: string;
  readonly confirmNot: string;
  readonly confirmLink: string;
}

const EN: NewsWords = {
  leads: {
    began: "New",
    again: "Back again",
    statement: "Update",
    restored: "Measured good again",
    resolved: "Resolved",
    postmortem: "Postmortem",
    planned: "Announced",
    calledOff: "Called off",
  },
  maintenance: "maintenance",
  postmortem: "Postmortem",
  from: "From",
  allRegions: "all",
  measuredEnd: "All regions are measured to be good again.",
  notMeasuredEnd: "It is declared to be over; when it was good again was not measured.",
  comesBack: "It comes back each week; the dates are on the page.",
  end: "Change or unsubscribe",
  confirmTitle: (page) => `Confirm your subscription to ${page}`,
  confirmAsk:
    "Somebody, we hope you, asked to be told here of incidents and maintenance. Open the link and press its button within a day.",
  confirmNot: "If it was not you, do nothing: nothing more comes, and the address is forgotten after a day.",
  confirmLink: "Confirm",
};

const ZH: NewsWords = {
  leads: {
    began: "新事件",
    again: "再次出现",
    statement: "更新",
    restored: "测得恢复正常",
    resolved: "已解决",
    postmortem: "事后总结",
    planned: "维护预告",
    calledOff: "已取消",
  },
  maintenance: "维护",
  postmortem: "事后总结",
  from: "开始于",
  allRegions: "全部",
  measuredEnd: "所有区域均已测得恢复正常。",
  notMeasuredEnd: "已宣布结束，恢复的时间没有测得。",
  comesBack: "每周重复，具体日期见状态页。",
  end: "修改或退订",
  confirmTitle: (page) => `请确认订阅 ${page}`,
  confirmAsk: "有人（希望就是您）申请在此接收事件和维护通知。请在一天之内打开链接，并点击页面上的按钮确认。",
  confirmNot: "如果不是您本人的申请，无需理会：不会再有消息发来，一天后该地址即被删除。",
  confirmLink: "确认订阅",
};

export const NEWS_WORDS: Readonly<Record<Language, NewsWords>> = { en: EN, zh: ZH };
