// Feeds, calendars and badges in Chinese. Pure; fills the interface of feed-words.ts and decides nothing.

import type { FeedWords } from "./feed-words.ts";
import { whole } from "./numbers.ts";

const number = (n: number): string => whole("zh-CN", n);

export const FEED_ZH: FeedWords = {
  measured: {
    detected: "测量发现异常。",
    restored: "据测量，受影响的区域已全部恢复。",
    resolved: "事件已宣告结束。",
  },
  maintenance: "维护",
  maintenanceIs: {
    in_progress: "预告的维护已开始。",
    completed: "预告的维护已结束。",
  },

  feedTitle: (name) => `${name}：事件`,
  feedOf: (name, target) => `${name}：${target}的事件`,
  feedAbout: "事件的开始与结束均由测量判定。每个事件一条，内容就地更新。",
  feedLinks: { atom: "事件（Atom）", rss: "事件（RSS）", json: "事件（JSON Feed）" },
  entryTitle: (title, state) => `${title}（${state}）`,
  theStory: "查看全部测量结果与公告",

  calendarTitle: (name) => `${name}：维护计划`,
  calendarSummary: (title, target) => `${target}：${title}`,
  allRegions: "涉及全部区域",
  inRegions: (regions) => `涉及区域：${regions}`,
  goesOnMeasuring: "维护期间测量照常进行。",
  calledOff: "已取消",
  calendarLink: "维护计划（iCalendar）",

  badgeLabels: {
    status: "状态",
    uptime: "可用性",
    p99: "P99 延迟",
    delivery: { delivered: "送达率", acknowledged: "确认率", accepted: "受理率" },
  },
  figureIn: (figure, month) => `${figure} · ${month}`,
  badgeTitle: (label, message) => `${label}：${message}`,
  lowestOf: (regions) => `${number(regions)} 个区域中的最低值`,
  highestOf: (regions) => `${number(regions)} 个区域中的最高值`,
  asOf: (stamp) => `数据截至 ${stamp}`,
  notMeasured: "未测得",
  tooFew: (samples) => `样本不足（${number(samples)} 个）`,
  badgeFaults: {
    target: "没有这个服务",
    region: "没有这个区域",
    show: "无法显示此项",
    unreadable: "暂时无法读取",
  },
};
