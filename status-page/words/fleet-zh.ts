// The public page of the fleet in Chinese (simplified). Written, not translated word by word; fills the interface of fleet-words.ts.

import type { FleetWords } from "./fleet-words.ts";
import { ZH } from "./zh.ts";

export const FLEET_ZH: FleetWords = {
  title: "谁在测量、从哪里、在何时",
  lead: "本页说明我们自己的探针，与被测服务无关。探针没有测量时，其所在区域的状态就是未知：既不算正常，也不算中断。",
  heads: ["区域", "探针", "实际位置", "期望位置", "最近一轮", "今天", "本月"],
  measured: "测量中",
  placed: (city, code) => `${city}（${code}）`,
  hintUnknown: "未知：配置未通过检查",
  covered: (measured, of, share) => `${of} 分钟中测得 ${measured} 分钟，${share}`,
  nothingDue: "尚无应测的分钟",
  noRegions: "目前还没有任何区域在测量。",
  placeMeaning:
    "实际位置是探针发现自己所在的数据中心。期望位置只是向平台提出的请求，平台未必满足，一切以实际位置为准。",
  silences: "静默记录",
  silencesAbout:
    "看护程序每分钟向每个探针询问最近一轮测量。错过了应测时刻或没有应答的探针即为静默，此时只通知负责维护探针的人员：静默不说明服务有任何问题。",
  silencesSpan: (days) => `最近 ${ZH.number(days)} 天，最新的在前。`,
  noSilences: "没有：每次询问时，所有探针都拿得出测量结果。",
  silencesUnreadable: "我们自己的数据库无法读取，目前不知道是否有过静默。",
  silencesAsOf: (stamp) => `我们自己的数据库无法读取；以下静默记录截至 ${stamp}。`,
  silencesCut: (shown) => `仅显示最新的 ${ZH.number(shown)} 条，可能还有更多。`,
  silenceHeads: ["区域与探针", "原因", "最后活动", "发现静默", "结束"],
  reasons: { no_wake: "有应答，但错过了应测时刻", no_answer: "没有应答" },
  lasts: "仍在持续",
  noSign: "未知",
  removed: "已不再从该区域测量",
  lasted: (stamp, span) => `${stamp}（${span}）`,
  controls: "对照检查",
  controlsAbout:
    "某一轮结果不佳时，以及平时每隔一段时间，探针会访问以下主机，它们与被测服务毫无关系。如果结果不佳而应答的不到一半，故障可能出在我们这一侧：这一轮记为未测得，绝不计入服务的过失。如果至少一半表明我们的时钟有误，同样处理。",
  controlsNone: "没有配置对照检查：探针断网与服务中断无法区分。",
  controlsUnknown: "未知：配置未通过检查。",
  moreInMethod: "各个术语的含义：测量方法",
};
