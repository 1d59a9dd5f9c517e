// What each type of exclusion is called, for the reports and for the console: one word for one thing. Pure data.

import type { ExclusionType } from "../config/contracts/contract.ts";
import type { Language } from "../../schema/words.ts";

export const EXCLUSION_WORDS: Readonly<Record<Language, Readonly<Record<ExclusionType, string>>>> = {
  en: {
    "scheduled-maintenance": "Scheduled maintenance",
    "force-majeure": "Force majeure",
    "customer-fault": "Customer’s fault",
    "third-party-network": "Third party’s network",
    "over-quota": "Over quota",
    suspension: "Suspension",
    beta: "Beta",
    "old-client": "Old client",
    dos: "Denial of service",
    "load-test": "Load test",
    "provider-announced-event": "Event announced by the provider",
  },
  zh: {
    "scheduled-maintenance": "计划内维护",
    "force-majeure": "不可抗力",
    "customer-fault": "客户原因",
    "third-party-network": "第三方网络",
    "over-quota": "超出配额",
    suspension: "服务被暂停",
    beta: "测试版功能",
    "old-client": "客户端版本过旧",
    dos: "拒绝服务攻击",
    "load-test": "压力测试",
    "provider-announced-event": "服务商公告的事件",
  },
};
