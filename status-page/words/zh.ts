// The page in Chinese (simplified). Written, not translated word by word; says neither less nor more than the English
// page. Pure; fills the interface of words.ts and decides nothing.

import type { FailureKind, OkMeaning, Phase } from "../../schema/words.ts";
import { whole, duration, largest, monthName, percentNumber, proportion } from "./numbers.ts";
import type { MethodFacts, Unknown, Words } from "./words.ts";

const TAG = "zh-Hans";
const NBSP = "\u00a0";
const UNITS = { s: "秒", min: "分钟", h: "小时", d: "天" };
const number = (n: number): string => whole(TAG, n);
const minutes = (n: number): string => `${number(n)}${NBSP}分钟`;

const UNKNOWN: Readonly<Record<Exclude<Unknown, "silent">, string>> = {
  never: "尚未收到任何结果",
  scheduler_lag: "我方探针启动过晚",
  clock_step: "我方探针的时钟发生跳变",
  platform: "我方探针所在平台出现故障",
  configuration: "我方配置有误",
  credentials: "我方凭据缺失或有误",
  controls: "我方的对照检查同样失败，故障可能出在我方",
  moved: "我方探针已迁移到其他地点",
  peer: "另一端的探针当时不在场",
  unclear: "我方探针未能完成测量",
};

const PHASES: Readonly<Record<Phase, string>> = {
  connect: "连接阶段",
  subscribe: "订阅阶段",
  publish: "发布阶段",
  deliver: "投递阶段",
  close: "关闭阶段",
};

const KINDS: Readonly<Record<FailureKind, string>> = {
  config: "配置错误",
  dns: "域名无法解析",
  tcp: "无法建立 TCP 连接",
  tls: "TLS 失败",
  handshake: "握手失败",
  protocol: "违反协议",
  auth: "登录被拒绝",
  subscribe: "订阅被拒绝",
  publish: "消息被拒绝",
  rate_limit: "触发限流",
  receiver_offline: "接收方不在线",
  timeout: "超时无响应",
  closed: "连接被关闭",
  aborted: "由我方中止",
  platform: "我方平台故障",
  unknown: "原因不明",
};

export const ZH: Words = {
  language: "zh",
  tag: TAG,
  ownName: "中文",

  number,
  percent: (share) => `${percentNumber(TAG, share)}%`,
  target: (share) => `${proportion(TAG, share)}%`,
  ms: (n) => `${number(n)}${NBSP}ms`,
  duration: (ms) => duration(TAG, ms, `${NBSP}ms`, `${NBSP}秒`),
  over: (text) => `>${NBSP}${text}`,
  ago: (ms) => `${largest(ms, UNITS, NBSP)}前`,
  roughly: (ms) => largest(ms, UNITS, NBSP),
  month: (at, zone) => monthName(TAG, at, zone),

  states: { up: "正常", degraded: "性能下降", down: "中断", unmeasured: "未测得" },
  troubles: {
    connections: "连接被拒绝",
    refused: "消息被拒绝",
    lost: "消息正在丢失",
    unanswered: "消息没有得到应答",
    down: "服务中断",
    some_connections: "部分连接被拒绝",
    some_refused: "部分消息被拒绝",
    some_lost: "部分消息丢失",
    some_unanswered: "部分消息没有得到应答",
    slow: "延迟偏高",
    degraded: "性能下降",
  },
  list: (names, more) => (more > 0 ? `${names.join("、")}及另外 ${number(more)} 个` : names.join("、")),
  allUp: (regions, name) =>
    regions === 1 ? `${name}：已测量，运行正常` : `全部 ${number(regions)} 个区域均已测量，运行正常`,
  troubled: (names, trouble) => `${names}：${ZH.troubles[trouble]}`,
  everywhere: (regions, trouble) => `全部 ${number(regions)} 个区域：${ZH.troubles[trouble]}`,
  cannotSee: (names) => `无法观测：${names}`,
  cannotSeeAny: (regions) => `全部 ${number(regions)} 个区域均无法观测`,
  noRoundYet: "测量已开始，尚未收到结果",
  parts: (parts) => parts.join("；"),
  allServicesUp: (services) => `全部 ${number(services)} 个服务在所有区域均已测量，运行正常`,
  serviceTrouble: (service, sentence) => `${service} – ${sentence}`,
  servicesTroubled: (names, state) =>
    state === "unmeasured"
      ? `${names}：未能完整测量`
      : `${names}：至少一个区域${state === "down" ? "中断" : "性能下降"}`,
  stateCount: (n, state) => `${number(n)} 个${ZH.states[state]}`,

  pages: "页面",
  ways: { status: "状态", history: "历史", method: "测量方法", fleet: "探针", api: "API", subscribe: "订阅" },
  zoneOfTimes: "时间所用时区",
  showTimes: "显示",
  zoneOffer: "改用 {} 时间显示",
  notRefreshed: "本页未能刷新，所示内容以页面标注的时间为准。",
  zones: {
    UTC: "UTC",
    "America/Los_Angeles": "洛杉矶",
    "America/Denver": "丹佛",
    "America/Chicago": "芝加哥",
    "America/New_York": "纽约",
    "America/Mexico_City": "墨西哥城",
    "America/Sao_Paulo": "圣保罗",
    "Europe/London": "伦敦",
    "Europe/Berlin": "柏林",
    "Europe/Istanbul": "伊斯坦布尔",
    "Europe/Moscow": "莫斯科",
    "Africa/Lagos": "拉各斯",
    "Africa/Cairo": "开罗",
    "Africa/Johannesburg": "约翰内斯堡",
    "Africa/Nairobi": "内罗毕",
    "Asia/Dubai": "迪拜",
    "Asia/Karachi": "卡拉奇",
    "Asia/Kolkata": "加尔各答",
    "Asia/Bangkok": "曼谷",
    "Asia/Singapore": "新加坡",
    "Asia/Shanghai": "上海",
    "Asia/Seoul": "首尔",
    "Asia/Tokyo": "东京",
    "Australia/Perth": "珀斯",
    "Australia/Sydney": "悉尼",
    "Pacific/Auckland": "奥克兰",
  },
  skipToContent: "跳到数据",
  languages: "语言",
  title: (sentence, page) => `${sentence} · ${page}`,
  dataAsOf: (stamp, utc, age) => `数据截至 ${stamp}${utc === null ? "" : `（${utc}）`}，${age}`,
  oldestOf: (asOf, targets) => `${asOf}（${number(targets)} 个服务中最早的一份）`,
  databaseAway: (stamp) => `我方数据库暂时无法读取；以下数据截至 ${stamp}。`,
  databaseAwayEmpty: "我方数据库暂时无法读取；上次可读取时，尚无任何测量结果。",
  footer: "由 Sonde 测量：真实消息经由该服务发送并计时。",
  rawFigures: "以 JSON 查看这些数据",
  backToAll: "全部服务",

  nothingYet: "尚无测量结果",
  nothingYetMore: "探针启动约一分钟后，首批数据会显示在这里。在此之前一切未知，因此也不会显示为正常。",
  notFound: "没有这个页面",
  notFoundMore: "地址可能有误，或该服务已不再被测量。",
  unreadable: "暂时无法读取数据",
  unreadableMore: "我方数据库没有响应，手边也没有最近一次数据的副本。这与被测服务的状态无关。请过几秒再试。",
  broken: "页面出错",
  brokenMore: "这是我方的故障，与被测服务的状态无关，并已被记录。",

  services: "服务",
  regions: "区域",
  regionCount: (n) => `${number(n)} 个区域`,
  journeys: {
    loop: "往返",
    mesh: "区域之间",
    room: "多人房间",
    dialogue: "多轮对话",
    connect: "仅连接",
  },
  units: { message: "消息", delivery: "投递", turn: "轮次", connection: "连接" },
  countedAs: (unit, okWord) => `${unit}，${okWord}`,
  otherJourneys: "其他测量",
  othersOf: (region) => `从${region}进行的其他测量`,
  matrix: "区域之间",
  matrixHow: "行为发起方，列为应答方；最近几分钟。时间为往返之和，以发起方时钟计。",
  fromTo: "从 \u2193 到 \u2192",
  lostThere: (n) => `去程丢失 ${number(n)} 条`,
  lostBack: (n) => `回程丢失或超时 ${number(n)} 条`,
  otherSideAbsent: "有一端不在场",
  phases: { handshake: "握手", login: "登录" },
  reconnects: (n) => `会话重连 ${number(n)} 次`,
  thisMonth: "至今",
  availability: "可用性",
  okRate: { delivered: "送达", acknowledged: "已确认", accepted: "已受理" },
  noDelivery: {
    acknowledged: "这里统计的是接收方已确认的消息，而不是送达的消息：我方看到的是接收方的确认，并未看到消息到达。",
    accepted: "这里统计的是服务已受理的消息，而不是送达的消息：消息是否到达未经测量。",
  },
  latencyOf: { delivered: "往返延迟", acknowledged: "确认用时", accepted: "受理用时" },
  connecting: "建立连接",
  noData: "暂无数据",
  targetAtLeast: (percent) => `目标不低于 ${percent}`,
  targetBelow: (limit) => `目标低于 ${limit}`,
  lowestOf: (region) => `最低：${region}`,
  highestOf: (region) => `最高：${region}`,
  sameEverywhere: "所有区域相同",
  verdicts: { met: "达标", breached: "未达标", undetermined: "本月尚无法判定", no_data: "暂无数据" },
  verdictIn: (verdict, regions, of) =>
    `${ZH.verdicts[verdict]}${regions === of ? "" : `：${number(of)} 个区域中的 ${number(regions)} 个`}`,
  between: (low, high) => `介于 ${low} 与 ${high} 之间`,
  coverage: (percent) => `已测得 ${percent}`,
  within: (limit) => `在 ${limit} 以内`,
  notWithin: (limit) => `超出 ${limit}`,

  seenFrom: (place) => `观测点 ${place}`,
  placeUnknown: "观测点未知",
  lastRound: (clock) => `最近一轮 ${clock}`,
  noRound: "尚无结果",
  unknown: (why, since) =>
    why !== "silent" ? UNKNOWN[why] : since === null ? "没有新的结果" : `自 ${since} 起没有新的结果`,
  failure: (phase, kind, text) =>
    phase === null || kind === null ? `被拒绝：${text}` : `${PHASES[phase]}被拒绝：${KINDS[kind]}`,
  recentSpan: (span) => `最近 ${span}`,
  recentNothing: "近期无结果",
  today: "今天",
  soFar: (period) => `${period}至今`,
  notCounted: "分钟尚未结束",
  okOf: (meaning, ok, attempted) => `${number(attempted)} 条中 ${number(ok)} 条${ZH.okRate[meaning]}`,
  of: (ok, attempted) => `${number(ok)} / ${number(attempted)}`,
  nothingAttempted: "未发送任何消息",
  misses: {
    lost: (n) => `丢失 ${number(n)}`,
    unanswered: (n) => `无应答 ${number(n)}`,
    refused: (n) => `被拒绝 ${number(n)}`,
    late: (n) => `迟到 ${number(n)}`,
    notSent: (n) => `未发出 ${number(n)}（我方原因）`,
    duplicate: (n) => `重复 ${number(n)}`,
    reordered: (n) => `乱序 ${number(n)}`,
    corrupt: (n) => `损坏 ${number(n)}`,
  },
  lateOf: (n, of) => `${number(of)} 条中迟到 ${number(n)}`,
  missing: (parts) => parts.join("，"),
  tooFew: (samples, needed) =>
    needed === null ? `样本过少（${number(samples)} 个）` : `仅 ${number(samples)} 个样本，需 ${number(needed)} 个`,
  missingFigure: (name, why) => `暂无 ${name}：${why}`,
  slowest: (max) => `最慢 ${max}`,
  samples: (n) => `${number(n)} 个样本`,
  noSamples: "没有样本",
  figuresOf: (region) => `${region}的数据`,
  figure: "指标",

  daysLabel: (days, withData, lowest) =>
    `${number(days)} 天：${number(withData)} 天有数据，${number(days - withData)} 天没有数据` +
    (lowest === null ? "" : `；最低${lowest.date === null ? "" : `为 ${lowest.date} 的`} ${lowest.percent}`),
  daysAgo: (days) => (days === 0 ? "今天" : days === 1 ? "昨天" : `${number(days)} 天前`),
  todayOpen: "今天，尚未结束",
  dayByDayShort: "逐日数据",
  dayTitle: (date, parts) => `${date}：${parts.join("，")}`,
  minutesDown: (n) => `中断 ${minutes(n)}`,
  minutesDegraded: (n) => `性能下降 ${minutes(n)}`,
  minutesUnmeasured: (n) => `未测得 ${minutes(n)}`,
  notMeasured: "未测得",
  open: "尚未结束",
  legend: { up: "正常", degraded: "有性能下降的分钟", down: "有中断的分钟", unmeasured: "未测得" },

  method: "测量方法",
  methodLines: (f) => [
    ...(f.okMeans === "delivered" ? deliveryLines(f) : answerLines(f, f.okMeans)),
    `一分钟内${LOST[f.okMeans]}或被拒绝的消息达到 ${f.downShare} 即计为中断；${LOST[f.okMeans]}、被拒绝或迟到的消息达到 ${f.degradedShare} 即计为性能下降，性能下降仍算可用。`,
    `可用性 =（正常 + 性能下降）÷（正常 + 性能下降 + 中断）。区间的两端分别把所有未测得的分钟视为中断和视为正常：下限达到目标才算达标，上限低于目标才算未达标。目标针对整个自然月，尚未到来的分钟同样视为未知。`,
    `未测得的分钟绝不填补：既不算正常，也不算中断，以斜线表示。尚未结束的分钟暂不计入。百分比一律截断，从不进位。`,
    `日和月以 ${f.zone} 的零点为界。`,
  ],
};

const LOST: Readonly<Record<OkMeaning, string>> = { delivered: "丢失", acknowledged: "无应答", accepted: "无应答" };

function deliveryLines(f: MethodFacts): readonly string[] {
  return [
    f.messages === 1
      ? `每个区域每 ${f.every}经由该服务向自己的订阅端发送一条消息，并等待 ${f.deadline}。`
      : `每个区域每 ${f.every}经由该服务向自己的订阅端发送 ${number(f.messages)} 条消息，间隔 ${number(f.gapMs)}${NBSP}毫秒，每条等待 ${f.deadline}。`,
    `延迟从消息计划发送的时刻起算，到消息到达为止，使用同一时钟，以整毫秒计，误差 ±1${NBSP}毫秒。建立连接的时间单独统计，上限为 ${f.connectDeadline}。`,
    `丢失或被拒绝的消息按无限慢计算；若百分位落在其中，则显示为“>${NBSP}${f.deadline}”。样本达到 299 个才显示 P99。迟到指超过 ${f.latencyLimit}；迟到的消息仍算送达。`,
  ];
}

function answerLines(f: MethodFacts, meaning: keyof Words["noDelivery"]): readonly string[] {
  const answer = meaning === "accepted" ? "服务的受理答复" : "接收方的确认";
  return [
    ZH.noDelivery[meaning],
    f.messages === 1
      ? `每个区域每 ${f.every}以一次请求向该服务提交一条消息，并等待${answer}，最长 ${f.deadline}。`
      : `每个区域每 ${f.every}以逐条请求向该服务提交 ${number(f.messages)} 条消息，间隔 ${number(f.gapMs)}${NBSP}毫秒，并等待${answer}，每条最长 ${f.deadline}。`,
    `延迟从消息计划发送的时刻起算，到收到上述答复为止，使用同一时钟，以整毫秒计，误差 ±1${NBSP}毫秒。建立连接指首次空内容请求的用时，上限为 ${f.connectDeadline}。`,
    `被拒绝或未按时得到答复的消息按无限慢计算；若百分位落在其中，则显示为“>${NBSP}${f.deadline}”。样本达到 299 个才显示 P99。迟到指超过 ${f.latencyLimit}；迟到的消息仍计为${ZH.okRate[meaning]}。`,
  ];
}
