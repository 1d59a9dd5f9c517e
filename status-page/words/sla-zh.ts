// The SLA pages in Chinese (simplified). Written, not translated word by word; says neither less nor more than the English
// pages. Pure; fills the interface of sla-words.ts and decides nothing.

import { EXCLUSION_WORDS } from "../../workers/sla/exclusion-words.ts";
import type { Bad } from "../../workers/config/contracts/contract.ts";
import type { Unjudged } from "../sla.ts";
import { cutNumber, whole, exactSpan, moneyText, proportion } from "./numbers.ts";
import type { EvidenceFacts, ListFacts, SlaMethodFacts, SlaWords, SlotRule } from "./sla-words.ts";

const TAG = "zh-Hans";
const NBSP = "\u00a0";
const UNITS = { ms: "ms", s: "秒", min: "分钟", h: "小时" };
const number = (n: number): string => whole(TAG, n);
const percent = (share: number): string => `${proportion(TAG, share)}%`;

const BADS: Readonly<Record<Exclude<Bad, "late">, string>> = {
  lost: "丢失",
  error: "被拒绝",
  "connect-fail": "连接被拒绝",
};

const either = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join("、")}或${words.at(-1) ?? ""}`;

function slotRule({ minutes, bad, late, downIf, minRun }: SlotRule): string {
  const slot = minutes === 1 ? "每一分钟" : `每个 ${number(minutes)}${NBSP}分钟时段`;
  const bads = SLA_ZH.bads(bad, late);
  const run = minRun > 1 ? `，且仅计连续至少 ${number(minRun)} 个时段` : "";
  if (downIf.rule === "fractional") return `${slot}按${bads}的消息所占比例计为中断${run}`;
  if (downIf.rule === "rate") {
    const op = downIf.op === ">" ? "超过" : "达到";
    return `${slot}内${bads}的消息${op} ${percent(downIf.value)} 即计为中断${run}`;
  }
  if (downIf.rule === "count") return `${slot}内${bads}的消息达到 ${number(downIf.gte)} 条即计为中断${run}`;
  return `${slot}内全部消息均${bads}才计为中断${run}`;
}

function evidence(f: EvidenceFacts): string {
  const found = `${f.attempted} 条中 ${f.bad} 条${f.badWord}。`;
  if (f.grade === "proven_met")
    return `${found}这支持 ≥${NBSP}${f.atLeast}（${f.confidence}）：已证实达到 ${f.target}。`;
  if (f.grade === "proven_breached") {
    return `${found}这支持 ≤${NBSP}${f.atMost}（${f.confidence}）：已证实未达到 ${f.target}。`;
  }
  const supports = `${found}这支持 ≥${NBSP}${f.atLeast}（${f.confidence}）。`;
  return f.more === null ? supports : `${supports}要证实 ${f.target}，还需连续 ${f.more} 条消息全部正常。`;
}

function listSentence({ contracts, judged, breached, present }: ListFacts): string {
  const all = `共 ${number(contracts)} 份合同`;
  const some = judged < contracts ? `${all}，其中 ${number(judged)} 份已评判` : all;
  if (judged === 0) return some;
  const when = present ? "本周期" : "各自最新周期";
  return `${some}：按合同口径，${when}${breached === 0 ? "均无未达标" : `有 ${number(breached)} 份未达标`}`;
}

const JUDGING = "每五分钟评判一次";

function notYetMore(one: Unjudged): string {
  if (one.why === "early") return `合同自 ${one.day} 起生效（${one.zone}）。生效后${JUDGING}。`;
  if (one.why === "over") {
    return `合同有效期至 ${one.day}（${one.zone}），没有报告：据我方所知，其间未测得任何数据。${JUDGING}。`;
  }
  return `取得测量数据后，${JUDGING}。在此之前不作任何结论。`;
}

function methodLines(f: SlaMethodFacts): readonly string[] {
  const { kinds } = f;
  return [
    f.messages === 1
      ? `每个区域每 ${f.every}经由该服务发送一条真实消息，并等待 ${f.deadline}；建立连接上限为 ${f.connectDeadline}。`
      : `每个区域每 ${f.every}经由该服务发送 ${number(f.messages)} 条真实消息，间隔 ${number(f.gapMs)}${NBSP}毫秒，每条等待 ${f.deadline}；建立连接上限为 ${f.connectDeadline}。`,
    ...(kinds.has("slots")
      ? [
          "可用性 = 正常时段 ÷（正常时段 + 中断时段）；合同另有规定的，从其规定。剔除的时段按合同处理，不作剔除的数值一并列出。",
          "下限与上限分别把所有未测得的时段视为中断和视为正常。下限达到目标，Sonde 才判为达标；上限低于目标，才判为未达标；否则无法判定。尚未到来的时段与未测得的一样视为未知。",
        ]
      : []),
    ...(kinds.has("ratio") || kinds.has("quantile")
      ? [
          `消息占比 =（尝试数 − 不良数）÷ 尝试数。百分位目标同样按占比用计数判定，而不是从曲线读取；丢失的消息按无限慢计算。证据为精确的单侧界（Clopper–Pearson，${f.confidence}）；由于丢失往往成簇，样本量先除以设计效应。`,
        ]
      : []),
    ...(kinds.has("duration")
      ? [
          "用时取自本周期内开始的事件：发现与恢复自首条不良消息起算，确认自首次告警起算。未知的用时既不算好也不算坏；演练不计入任何数值。",
        ]
      : []),
    "误差预算 = 目标在整个周期内允许的量。消耗速率 = 已用预算占比 ÷ 周期已过去的占比；等于 1 时恰好在期末用完。",
    `未测得的分钟绝不填补：既不算正常，也不算中断。百分比一律截断，从不进位；只有上限进位，因为截断会夸大其结论。周期以 ${f.zone} 的零点起止，分钟数按这两个时刻之间的实际时长计算。`,
    "“合同口径”是按合同自身算法得出的结果。以谁的记录为准，见索赔条款。",
  ];
}

export const SLA_ZH: SlaWords = {
  none: "没有可显示的合同",
  noneMore: "尚未配置任何合同，或需要登录后才能查看。",
  notYet: { early: "该合同尚未生效", over: "该合同已终止", due: "该合同尚未评判" },
  notYetMore,
  unreadable: "暂时无法读取报告",
  unreadableMore: "我方数据库没有响应，或其中的报告与其哈希不符。这与合同履行情况无关。请过几秒再试。",
  refused: { 401: "请先登录", 403: "此处无法登录", 503: "暂时无法核实您的身份" },
  refusedMore: {
    401: "该合同的报告仅对已登录者开放。",
    403: "该合同的报告仅对已登录者开放，而登录方式尚未配置。",
    503: "核验登录所需的信息暂时无法取得。这与您和合同均无关。请过几秒再试。",
  },
  notFound: "没有这份报告",
  notFoundMore: "地址中的合同、周期或修订版本不存在。",

  span: (ms) => exactSpan(ms, UNITS, NBSP),
  amount: (n, toward, digits) => cutNumber(TAG, n, toward, digits),
  minutes: (amount) => `${amount}${NBSP}分钟`,
  pct: (n) => `${cutNumber(TAG, n, "down", 4)}%`,
  money: (n, currency) => moneyText(TAG, n, currency),

  reports: "SLA 报告",
  all: "全部合同",
  listSentence,
  heads: {
    period: "周期",
    says: "合同口径",
    word: "Sonde 判定",
    evidence: "证据",
    objective: "目标项",
    target: "目标",
    measured: "测得",
    range: "下限与上限",
    budget: "误差预算",
    credit: "赔付",
    revision: "修订版本",
    composed: "生成时间",
    region: "区域",
    from: "开始",
    to: "结束",
    length: "时长",
    down: "中断时段",
    bad: "不良 / 尝试",
    edges: "首条不良与恢复后首条",
    type: "类别",
    reason: "原因",
    notice: "公告",
    proof: "证明材料",
    counts: "是否计入",
    clock: "计时项",
    calendar: "日历",
    incident: "事件",
    impact: "影响时段",
    detected: "发现",
    notified: "首次告警",
    acked: "确认",
    resolved: "宣布解决",
    published: "首次公告",
    tickets: "工单",
    kept: "按时",
    missed: "超时",
    running: "进行中",
    median: "中位数",
    max: "最长",
    rule: "规则",
    ofFee: "占总费用",
  },
  tier: (tier) => `等级 ${tier}`,
  access: "仅对已登录者开放",
  older: "全部周期",

  says: { met: "达标", breached: "未达标", no_data: "无数据" },
  verdicts: {
    met: "达标",
    breached: "未达标",
    undetermined: "无法判定",
    resolution_insufficient: "采样不足，无法按此规则判定",
    no_data: "无数据",
  },
  grades: { proven_met: "已证实达标", proven_breached: "已证实未达标", not_enough_evidence: "证据不足" },
  noGrade: "不适用",
  saysTitle: "合同口径",
  wordTitle: "Sonde 判定",
  evidenceTitle: "证据",
  creditTitle: "赔付",
  saysMeaning: "完全按合同自身的算法统计。",
  wordMeaning: "仅当无论未知的分钟是好是坏都成立时才下结论。",
  evidenceMeaning: "现有消息数量对送达率和延迟能证明什么。",
  sentence: (says, verdict, grade, open) =>
    `${open ? "截至目前，" : ""}合同口径：${SLA_ZH.says[says]}；Sonde 判定：${SLA_ZH.verdicts[verdict]}${
      grade === null ? "" : `；证据：${SLA_ZH.grades[grade]}`
    }`,
  worst: (region) => `最差：${region}`,
  noDataIn: (regions) => `${number(regions)} 个区域无数据`,
  inSome: (n, of) => `${number(of)} 个区域中的 ${number(n)} 个`,

  period: (from, to, zone) => `${from} 至 ${to}（${zone}）`,
  elapsed: (minutes) => `${number(minutes)}${NBSP}分钟`,
  soFar: (judged, share) => `已评判 ${judged}（${share}）`,
  open: "周期尚未结束：所有数值均为截至目前。",
  frozen: "周期已结束，本修订版本不再变更。",
  segment: (version, from, to) => `合同第 ${number(version)} 版：${from} 至 ${to}`,

  overview: "各区域一览",
  combined: (rule, regions) => {
    if (regions === 1) return "唯一区域：中断即为中断";
    if (rule === "any-down") return `全部 ${number(regions)} 个区域合并：任一中断即为中断`;
    if (rule === "all-down") return `全部 ${number(regions)} 个区域合并：全部中断才为中断`;
    return `全部 ${number(regions)} 个区域合并：至少 ${number(rule.atLeast)} 个中断即为中断`;
  },
  forInformation: "仅供参考，合同不据此判定",
  objectivesOf: (scope) => `目标项：${scope}`,
  availability: "可用性",
  ratio: (within) => (within === null ? "送达率" : `${within}内送达率`),
  quantile: (percentile, limit, direction) =>
    `${percentile} ${{ delivery: "送达延迟", "round-trip": "往返延迟", connect: "建立连接" }[direction]} ≤${NBSP}${limit}`,
  durationOf: (of, stat) =>
    `${{ detect: "发现用时", ack: "确认用时", recover: "恢复用时" }[of]}（${{ max: "最长", mean: "平均", p90: "P90" }[stat]}）`,
  estimate: "估计值：所测往返延迟的一半",
  bads: (bad, late) =>
    either(bad.flatMap((one) => (one !== "late" ? [BADS[one]] : late === null ? [] : [`晚于 ${late}`]))),
  slower: (limit, connecting) => (connecting ? `失败或慢于 ${limit}` : `丢失、被拒绝或慢于 ${limit}`),
  slotRule,
  atLeast: (text) => `≥${NBSP}${text}`,
  within: (text, limit) => `${limit} 内 ≥${NBSP}${text}`,
  atMost: (limit) => `≤${NBSP}${limit}`,
  slotsDown: (down, counted, minutes) => `${counted} 个时段中 ${down} 个中断：${minutes}`,
  unmeasuredSlots: (n) => `未测得 ${n} 个`,
  excludedSlots: (n) => `剔除 ${n} 个`,
  badOf: (bad, attempted, badWord) => `${attempted} 条中 ${bad} 条${badWord}`,
  unjudged: (n) => `${n} 条发送时尚未统计此限值，不计入占比`,
  withoutExclusions: (value) => `不作剔除为 ${value}`,
  interval: (low, high) => `${low} 至 ${high}`,
  coverage: (text) => `已测得 ${text}`,
  bounds: (confidence) => `两端置信度各 ${confidence}`,
  incidents: (known, of) => `${number(of)} 起事件中 ${number(known)} 起有此用时`,
  medianAndMax: (median, max) => `中位数 ${median}，最长 ${max}`,
  budgetLeft: (left, allowed) => `剩余 ${left}，共 ${allowed}`,
  budgetOver: (over, allowed) => `超支 ${over}，仅允许 ${allowed}`,
  badMessages: (n) => `${n} 条不良消息`,
  burn: (rate) => `消耗速率 ${rate}`,
  exhausted: (at) => `照此速度将于 ${at} 用完`,
  evidence,
  noSample: "未尝试发送任何消息，无从证实。",
  clustered: (effect, from, sample) =>
    `设计效应 ${effect}（${from === "estimated" ? "由这些丢失估得" : "丢失过少无法估计，采用预设值"}）：样本相当于 ${sample} 条相互独立的消息。`,
  latencyLine: (journey, figures, samples) => `${journey}：${figures}；${samples} 个样本`,
  latencyTitle: "延迟，仅供参考（来自每小时直方图）",

  runs: (objective) => `中断记录：${objective}`,
  noRuns: "没有中断的时段。",
  moreRuns: (n) => `另有 ${number(n)} 段较短的未列出。`,
  edges: (firstBad, nextGood) => `${firstBad ?? "未保留"}，${nextGood ?? "未保留"}`,
  unmeasured: (total, parts) => `未测得 ${total}（${parts.join("；")}）`,
  reasonMinutes: (reason, minutes) => `${reason}：${minutes}`,
  reasons: {
    silent: "没有任何记录",
    too_few: "实际发送的消息不足一半",
    never_scheduled: "该区域尚未开始测量",
  },
  exclusions: "剔除记录",
  noExclusions: "没有人提出剔除任何时段。",
  types: EXCLUSION_WORDS.zh,
  refusals: {
    not_in_contract: "合同未约定此类别",
    short_notice: "公告过晚",
    not_announced: "未公告",
    no_proof: "没有证明材料",
    outside_window: "不在约定的时间窗内",
    over_cap: "超出合同允许的上限",
    withdrawn: "已撤回",
  },
  announced: (at, ahead) => (ahead === null ? `${at}，开始之后` : `${at}，提前 ${ahead}`),
  notAnnounced: "未公告",
  noProof: "无",
  by: (author, at) => `${author}，${at}`,
  everyRegion: "全部区域",
  counted: (minutes) => `予以剔除：${minutes}`,
  notCounted: (why) => `不予剔除：${why}`,
  partly: (minutes, why) => `部分剔除：${minutes}；${why}`,
  incidentsTitle: "事件",
  noIncidents: "本周期内没有开始的事件。",
  incidentKinds: { outage: "中断", brownout: "性能下降" },
  goesOn: "尚未恢复",
  incidentTime: (of, median, max, n, all) =>
    `${{ detect: "发现用时", acknowledge: "确认用时", restore: "恢复用时", resolve: "解决用时", publish: "首次公告用时" }[of]}：${n === 0 ? "–" : `中位数 ${median}，最长 ${max}`}（${number(all)} 起中的 ${number(n)} 起）`,
  keptSince: (at) => `事件自 ${at} 起有记录。此前每段连续中断的时段视为一起事件，何人发现无从得知。`,
  support: "支持服务",
  clocks: {
    "first-response": "首次响应",
    update: "进展更新",
    workaround: "临时方案",
    restore: "恢复服务",
  },
  always: "24 × 7",

  credit: "赔付明细",
  noCredit: "无需赔付。",
  noCreditSoFar: "截至目前无赔付。",
  noTerms: "合同未约定赔付条款。",
  tierRule: (below, atLeast, pct) => `低于 ${below} 且不低于 ${atLeast}：${pct}`,
  kinds: { ladder: "按档位", accelerated: "按中断占比的倍数", "per-hour": "按中断小时数" },
  setAside: "不累加：另一项更高，或该事件已赔付",
  creditSum: (pct, basis, form, provisional) =>
    `${provisional ? "若周期现在结束：" : ""}${{ "service-fee": "该服务费用", "region-fee": "该区域费用", "total-fee": "总费用" }[basis]}的 ${pct}，以${{ credit: "抵扣", voucher: "代金券", cash: "现金" }[form]}方式支付。`,
  capped: (pct) => `每个周期最多赔付 ${pct}。`,
  stacking: { max: "多项同时成立时取最高一项。", sum: "多项同时成立时累加。" },
  oncePerIncident: "同一事件只赔付一次。",
  owed: (amount, fee) => `${amount}，费用为 ${fee}`,
  belowMinimum: "金额低于最低赔付额。",
  claim: "索赔",

  method: "这些数据如何得出",
  methodLines,
  record: "关于本报告",
  composed: (at, software) => `由 Sonde ${software} 生成于 ${at}。`,
  revision: (revision) =>
    revision === 0 ? "修订版本 0：周期尚未结束，本报告会随之更新。" : `修订版本 ${number(revision)}。`,
  replaces: (revision, hash) => `取代修订版本 ${number(revision)}，其 SHA-256 为 ${hash}。`,
  contractHash: (version, hash, seenAt) => `合同第 ${number(version)} 版，自 ${seenAt} 起为我方所知，SHA-256 ${hash}。`,
  reportHash: (hash) => `本报告 JSON 的 SHA-256：${hash}。`,
  source: (preset, checkedOn, url) =>
    `条款来自预设 ${preset}，于 ${checkedOn} 与服务商原文${url === null ? "" : `（${url}）`}核对。`,
  downloads: "下载",
  calendarFile: "索赔期限（iCal）",
};
