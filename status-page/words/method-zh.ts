// The page about the method in Chinese (simplified). Written, not translated word by word; fills the interface of method-words.ts. Rules
// that are code are read from the code: their numbers are imported, never written here.

import { P0, P1 } from "../../workers/incidents/cusum.ts";
import { WIDE_REGIONS } from "../../workers/incidents/decide.ts";
import {
  CONFIRM_APART_MS,
  CONFIRM_BAD,
  CONFIRM_ROUNDS,
  DOWN_LOST,
  FLAPPING,
  QUIET_MS,
  RECOVER_RUN,
  SCHEDULE_BAD,
  SUSPECT_LOST,
} from "../../workers/incidents/detector.ts";
import { LATE_ALARM, LATE_OF } from "../../workers/incidents/slow.ts";
import { WINDOW } from "../../workers/incidents/window.ts";
import { SEAL_AFTER_MS } from "../../workers/results/minute.ts";
import { SCALE } from "../../workers/results/histogram.ts";
import { LAG_LIMIT_MS } from "../../workers/rounds/slots.ts";
import { samplesNeeded } from "../../workers/results/figures.ts";
import { DESIGN_EFFECT_PRIOR } from "../../workers/sla/statistics.ts";
import { BUCKET_ERROR, CONFIDENCE } from "../method-facts.ts";
import type { MethodJourney, MethodTarget } from "../method-facts.ts";
import type { Block, MethodTold, MethodWords } from "./method-words.ts";
import { ZH } from "./zh.ts";

const { number, duration, target: share, percent } = ZH;
const NOT_KNOWN = "未知";
const text = (said: string): Block => ({ kind: "text", text: said });
const formula = (said: string): Block => ({ kind: "formula", text: said });
const list = (...items: readonly string[]): Block => ({ kind: "list", items });
const orUnknown = (n: number | null, say: (n: number) => string): string => (n === null ? NOT_KNOWN : say(n));

function outcomes(): readonly Block[] {
  return [
    text(
      "每到应测时刻，探针就执行一轮测量：像普通客户端一样连接服务，经由服务发送真实消息，并等待消息到达。每条计划内的消息有且只有一种结果。",
    ),
    {
      kind: "terms",
      rows: [
        ["成功", "在截止时间前得到结果。何为“得到”，下文按服务分别说明：送达、确认或受理。"],
        ["迟到", "成功，但用时超过延迟上限。迟到的消息包含在成功之中。"],
        ["丢失", "已发送，但未在截止时间前到达。之后到达的仍算丢失，并记录晚了多久。"],
        ["拒绝", "被服务拒绝：无法连接、无法登录、无法订阅，或消息本身被拒。连接被拒绝时，该轮所有消息都算拒绝。"],
        ["未发送", "责任在我方：探针没能发出。这不说明服务有任何问题。"],
        ["重复", "同一条消息又到了一次，另行计数。"],
        ["乱序", "晚于后发的消息到达（RFC 4737），另行计数。"],
        ["损坏", "内容在途中被改变，另行计数。"],
      ],
    },
    formula("计划 = 已发送 + 拒绝 + 未发送"),
    formula("已发送 = 成功 + 丢失"),
    formula("尝试 = 已发送 + 拒绝 = 成功 + 丢失 + 拒绝"),
    text("每条消息都带有本轮编号和一个随机词：服务端以前留存的消息和别人发送的消息一律不计。"),
  ];
}

function minutes({ objectives: o }: MethodTold): readonly Block[] {
  return [
    text("一个区域的每一分钟，按这一分钟内各轮的全部消息一并判定，依次为："),
    {
      kind: "terms",
      rows: [
        ["未测得", "探针状态异常、对照检查失败，或实际尝试的不到计划的一半。没有任何记录的分钟也是未测得。"],
        ["中断", `尝试的消息中至少 ${share(o.down_share)} 丢失或被拒绝。`],
        ["性能下降", `至少 ${share(o.degraded_share)} 丢失、被拒绝或迟到。计入可用。`],
        ["正常", "其余情况。"],
      ],
    },
    formula(`中断：丢失 + 拒绝 ≥ ${share(o.down_share)} × 尝试`),
    formula(`性能下降：丢失 + 拒绝 + 迟到 ≥ ${share(o.degraded_share)} × 尝试`),
    text(
      `每分钟在结束 ${duration(SEAL_AFTER_MS)}后封存，此前不计入统计；之后才到的结果形成该分钟的新修订。保存的是整数而不是结论，因此每份合同都能按自己的规则判定。日和月以配置的时区零点为界，即使您选择以其他时区查看时间。`,
    ),
  ];
}

function availability({ objectives: o, zone }: MethodTold): readonly Block[] {
  return [
    formula("可用性 =（正常 + 性能下降）÷（正常 + 性能下降 + 中断）"),
    formula("下限 =（正常 + 性能下降）÷ 应测"),
    formula("上限 =（正常 + 性能下降 + 未测得）÷ 应测"),
    formula("覆盖率 =（正常 + 性能下降 + 中断）÷ 应测"),
    text(
      "“应测”指按计划应当测量的分钟，无论是否留下记录。下限把所有未测得的分钟视为中断，上限视为正常，真实值介于两者之间。",
    ),
    list(
      `目标是一个自然月（${zone}）的 ${share(o.availability)}。下限达到目标才算达标，上限低于目标才算未达标，其余情况为尚未确定。`,
      "当月尚未到来的分钟与未测得的分钟同样视为未知。",
      "送达率是尝试的消息中成功的比例。百分比一律截断，从不进位：全部成功才是 100%。",
      "未测得的部分绝不填补。它是一种单独的状态，以斜线表示。",
      "多个区域的数值不取平均，而是指出最差的区域。",
    ),
  ];
}

function latency({ objectives: o, limitsMs }: MethodTold): readonly Block[] {
  return [
    text(
      "延迟从消息计划发送的时刻起算，到得到结果为止；发送按固定时刻进行，从不等待前一条消息。发送端与接收端共用一个时钟，以整毫秒计，因此误差为 ±1 毫秒。建立连接的时间单独统计。",
    ),
    list(
      "丢失或被拒绝的消息按无限慢计算。百分位若落在其中，显示为“> 截止时间”，从不写成数字。",
      `百分位从不取平均，而是由合并后的直方图算出，桶宽按指数增长（OpenTelemetry，scale ${number(SCALE)}）：误差不超过 ${share(BUCKET_ERROR)}。`,
      `样本达到 ${number(samplesNeeded(0.5))} 个才显示 P50，${number(samplesNeeded(0.95))} 个才显示 P95，${number(samplesNeeded(0.99))} 个才显示 P99：样本再少，连最大值也无法以 95% 的置信度界定该百分位（1 − qⁿ ≥ 0.95），此时改为给出最大值和样本数。`,
      `P99 的目标：延迟低于 ${duration(o.latency_ms_p99)}，建立连接低于 ${duration(o.connect_ms_p99)}。${
        limitsMs === null
          ? "哪些上限有精确计数目前未知：配置未通过检查。"
          : `超过以下上限的消息数均为精确计数：${ZH.list(limitsMs.map(duration), 0)}。`
      }`,
    ),
  ];
}

function evidence({ targets, objectives: o, name }: MethodTold): readonly Block[] {
  return [
    text(
      "测得的比例还不是证明。因此合同报告始终分列三项，从不合并：测得的数值、按合同算法得出的结论，以及样本能够支持的结论，即证明达标、证明未达标或证据不足。",
    ),
    list(
      "置信界为精确的单侧界（Clopper 与 Pearson，1934）：U = qbeta(c, 坏 + 1, n − 坏)，L = qbeta(1 − c, 坏, n − 坏 + 1)。U 不超过允许的比例即证明达标，L 高于该比例即证明未达标。",
      `同一轮的消息往往同命运，因此样本数要除以设计效应（Kish）。设计效应由丢失在分钟和日之间的聚集程度估计；尚无法估计时，密集发送的消息按 ${number(DESIGN_EFFECT_PRIOR.burst)} 计，分散发送的按 ${number(DESIGN_EFFECT_PRIOR.spread)} 计。`,
      "显示的位数不超过置信界所能支持的位数。",
    ),
    {
      kind: "table",
      title: `一个区域一天的样本对 ${share(o.delivery)} 送达率能证明什么（置信度 ${share(CONFIDENCE)}）`,
      heads: ["服务", "每天消息数", "若互相独立，需要多少条无一丢失", "采用的设计效应", "一天无一丢失，至少证明"],
      rows: targets.map((target) =>
        target.proof === null
          ? [name(target), "–", "任何样本都无法证明", "–", "–"]
          : [
              name(target),
              number(target.proof.perDay),
              number(target.proof.needed),
              number(target.proof.prior),
              percent(target.proof.dayProves),
            ],
      ),
    },
  ];
}

function incidents({ settings, addresses }: MethodTold): readonly Block[] {
  return [
    list(
      `疑似：一个区域最近 ${number(WINDOW)} 条消息中至少 ${number(SUSPECT_LOST)} 条丢失或被拒绝。随后最多进行 ${number(CONFIRM_ROUNDS)} 轮确认，间隔 ${duration(CONFIRM_APART_MS)}；确认轮只作证据，从不计入分钟。`,
      `中断：最近 ${number(WINDOW)} 条中至少 ${number(DOWN_LOST)} 条，并且 ${number(CONFIRM_ROUNDS)} 轮确认中有 ${number(CONFIRM_BAD)} 轮不佳。没有确认轮时看计划内的轮次：3 轮中 ${number(SCHEDULE_BAD.of3)} 轮；任何情况下 5 轮中 ${number(SCHEDULE_BAD.of5)} 轮即可认定。`,
      `性能下降：缓慢的丢失，以有上限的 CUSUM 比较丢失率 ${share(P1)} 与 ${share(P0)} 的可能性；或最近 ${number(LATE_OF)} 条消息中至少 ${number(LATE_ALARM)} 条迟到或失败。`,
      `结束：先有连续 ${number(RECOVER_RUN)} 条成功，此后 ${ZH.roughly(QUIET_MS)}内每 ${number(WINDOW)} 条最多 1 条失败。结束时刻是这串成功消息中的第一条，开始时刻是第一条失败消息的计划发送时刻。`,
      `反复：${ZH.roughly(FLAPPING.withinMs)}内中断 ${number(FLAPPING.downs)} 次，合为一个事件。`,
      `全局：至少 ${number(WIDE_REGIONS)} 个区域、并且至少一半正在测量的区域同时不佳。`,
      settings === null
        ? "多久之后宣布事件已解决、多久测不到会通知我方维护人员，目前未知：配置未通过检查。"
        : `解决：平稳持续 ${ZH.roughly(settings.resolveMs)}。一个区域 ${ZH.roughly(settings.blindMs)}测不到，只通知我方维护人员：这不是服务的事件。`,
    ),
    text("测得的时间与人工撰写的说明并列显示。人只能补充，不能抹去。"),
    ...(addresses.incidents === null ? [] : [links([addresses.incidents, "所有事件"])]),
  ];
}

function links(...all: readonly (readonly [string, string])[]): Block {
  return { kind: "links", links: all };
}

function mesh(): readonly Block[] {
  return [
    text(
      "对于跨区域测量的服务，每个区域经由服务向其他每个区域提问，对方作答。只有往返合计是用同一个时钟测得的，因此往返时间精确；取其一半只是估计，所以不显示。",
    ),
    formula("去程丢失 = 已发送 − 听到"),
    formula("回程丢失 = 听到 − 成功"),
    text(
      "“听到”是对方报告收到的数量。任何一方不在场的轮次，对双方都算未测得。一行不佳说明该区域出去的路有问题，一列不佳说明进来的路有问题，行列都不佳说明该区域的接入有问题，一半区域不佳则指向服务核心。",
    ),
  ];
}

const JOURNEYS: Readonly<Record<MethodJourney["journey"], string>> = {
  loop: "同一区域的两个客户端，一个发送，一个接收。",
  mesh: "向其他每个区域提问并等待回答，计数为一对区域的数量。",
  room: "一个房间里一个发送者、多个接收者，每个接收者分别计数。",
  dialogue: "在同一个会话里一问一答，内容逐渐变长。",
  connect: "每次重新建立一个可用的会话。",
};

function planText({ plan }: MethodJourney): string {
  switch (plan?.journey) {
    case "mesh":
      return `${number(plan.messages)} 个问题，间隔 ${duration(plan.gapMs)}。`;
    case "room":
      return `${number(plan.subscribers)} 个接收者，${number(plan.messages)} 条消息，间隔 ${duration(plan.gapMs)}；所有接收者须在 ${duration(plan.joinDeadlineMs)}内加入。`;
    case "dialogue":
      return `${number(plan.turns)} 轮问答，间隔 ${duration(plan.gapMs)}；最后一条为 ${number(plan.payloadBytesLast)} 字节。`;
    case "connect":
      return `${number(plan.attempts)} 次尝试。`;
    case "loop":
    case undefined:
      return "";
  }
}

function targetBlocks(target: MethodTarget, name: string): readonly Block[] {
  return [
    {
      kind: "terms",
      rows: [
        [name, `\`${target.driver}\`，标识 \`${target.id}\`，从 ${ZH.regionCount(target.regions)}测量`],
        ["成功的含义", ZH.okRate[target.okMeans]],
        [
          "计划",
          `每 ${ZH.roughly(target.everyMs)} ${number(target.messages)} 条消息，间隔 ${duration(target.gapMs)}，所有区域在同一时刻进行`,
        ],
        ["截止时间", `每条消息 ${duration(target.deadlineMs)}，建立连接 ${duration(target.connectDeadlineMs)}`],
        ["消息大小", orUnknown(target.payloadBytes, (n) => `${number(n)} 字节`)],
        ["每次最长用时", orUnknown(target.roundsMsMax, duration)],
      ],
    },
    {
      kind: "table",
      title: `测量内容：${name}`,
      heads: ["方式", "计数单位", "每轮", "每区域每天", "超过即迟到", "最长用时"],
      rows: target.journeys.map((one) => [
        `${ZH.journeys[one.journey]}：${JOURNEYS[one.journey]}${planText(one)}`,
        `${ZH.units[one.unit]}，${ZH.okRate[one.okMeans]}`,
        orUnknown(one.perRound, number),
        orUnknown(one.perDay, number),
        duration(one.lateMs),
        orUnknown(one.msMax, duration),
      ]),
    },
  ];
}

function limits({ targets, name }: MethodTold): readonly Block[] {
  return [
    list(
      "看到的是我们自己的客户端从我们的区域看到的情况。用户的网络、设备和账号不在测量之内，没有被测量方式覆盖的功能也不在其内。",
      "延迟是小消息在空闲连接上的延迟，不是您的负载下的延迟。",
      "所有区域都位于同一个网络，即 Cloudflare 的网络。从那里到服务的路程包含在每个数值之中。",
      "两轮之间什么也不发送。在两轮之间开始并结束的故障不会留下痕迹；短故障的时长，精度不会高于两轮的间隔。",
    ),
    {
      kind: "table",
      title: "这一计划的分辨能力",
      heads: [
        "服务",
        "持续多久的故障必定看得到",
        "观察时间占比",
        "判定一分钟的消息数",
        "几条失败算中断",
        "一分钟内的最小比例",
      ],
      rows: targets.map((target) => [
        name(target),
        ZH.roughly(target.everyMs),
        percent(target.watched),
        number(target.perMinute),
        number(target.downAt),
        `1/${number(target.perMinute)}`,
      ]),
    },
    text(
      "“观察时间”是每轮第一条到最后一条消息之间的时间。免费套餐能承担的就是这样：密集发送，间隔较长。计划越密，看到的越多，费用也越高。",
    ),
  ];
}

function watchers({ controls, addresses }: MethodTold): readonly Block[] {
  return [
    list(
      controls === null
        ? "访问哪些对照主机目前未知：配置未通过检查。"
        : controls.length === 0
          ? "没有配置对照主机：探针断网与服务中断无法区分。"
          : `对照检查：某一轮不佳时，探针访问 ${number(controls.length)} 台与服务无关的主机。应答的不到一半，或有一半表明我们的时钟有误，这一轮就是未测得。`,
      `探针启动晚了 ${duration(LAG_LIMIT_MS)}以上，这一轮什么也证明不了：未测得。`,
      "看护程序每分钟询问每个探针。拿不出结果的就是静默：其区域变为未知，静默记录会公布。",
      "凭据缺失、配置有误、我方平台故障，责任都在我方：未测得，绝不算中断。",
      "以上情况只通知我方维护人员，与服务的事件分开。我们的数据库无法读取时，页面显示最后一次的有效数值及其时间，否则直说无法显示。",
    ),
    ...(addresses.fleet === null ? [] : [links([addresses.fleet, "哪个地点在何时测量，静默与对照检查"])]),
  ];
}

function raw({ addresses }: MethodTold): readonly Block[] {
  const pages: readonly (readonly [string | null, string])[] = [
    [addresses.api, "API：序列、分钟、小时、日、月，格式为 JSON、NDJSON 和 CSV"],
    [addresses.history, "历史，可查到每一分钟的计数"],
    [addresses.reports, "合同报告，每份附有哈希值"],
  ];
  return [
    text(
      "这些页面上的每个数值都可以由以下整数重新算出：分钟保留 90 天，小时（连同其中的分钟）保留 400 天，日和月永久保留。",
    ),
    links(
      ...pages.flatMap(([href, said]) => (href === null ? [] : [[href, said] as const])),
      ...addresses.files.map((file) => [file, file] as const),
    ),
  ];
}

function version({ hash, software }: MethodTold): readonly Block[] {
  return [
    {
      kind: "terms",
      rows: [
        ["配置", hash === null ? "未知：配置未通过检查" : `SHA-256 \`${hash}\``],
        ["软件", `Sonde \`${software}\``],
      ],
    },
    text(
      "哈希值取自所有影响测量的配置的规范 JSON（RFC 8785），不含任何密钥。每条记录都带有生成时的哈希值，因此何时改变了什么有据可查。",
    ),
  ];
}

export const METHOD_ZH: MethodWords = {
  title: "测量方法",
  lead: "供客户和审计人员查阅：这些页面上的每个术语和数值是什么意思，所用的数字均来自当前生效的配置。",
  contents: "本页内容",
  refused: "配置未通过检查，因此目前没有测量。以下内容仅以最新数值所能说明的为限。",
  sections: {
    outcomes: { title: "消息及其结果", blocks: outcomes },
    minutes: { title: "一分钟的状态", blocks: minutes },
    availability: { title: "可用性、覆盖率与送达率", blocks: availability },
    latency: { title: "延迟与百分位", blocks: latency },
    evidence: { title: "样本能证明什么", blocks: evidence },
    incidents: { title: "何时算作事件", blocks: incidents },
    mesh: { title: "区域之间", blocks: mesh },
    targets: {
      title: "测量什么，用什么数字",
      blocks: ({ targets, name }) => targets.flatMap((target) => targetBlocks(target, name(target))),
    },
    limits: { title: "无法知道的事", blocks: limits },
    watchers: { title: "谁来看护测量者", blocks: watchers },
    raw: { title: "原始数据", blocks: raw },
    version: { title: "当前生效", blocks: version },
  },
};
