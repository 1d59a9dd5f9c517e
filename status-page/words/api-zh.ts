// The page about our API in Chinese. Pure; fills the interface of api-words.ts and decides nothing.

import type { ApiWords } from "./api-words.ts";

const ROWS_COST = "序列 1 行，区间内每个有留存的日子 1 行，再加返回的每一行";

export const API_ZH: ApiWords = {
  title: "数据接口",
  lead: "本站的每一个数字，以及算出这些数字的原始记录，都可以在这里读到。只读，不需要密钥，允许任何来源访问。",
  document: "OpenAPI 3.1 文档",
  rules: "通用约定",
  laws: [
    "时刻一律是自纪元起的整数毫秒；`from`、`to` 和 `before` 也接受 ISO 8601。区间从 `from` 开始，到 `to` 之前结束。",
    '比例取 0 到 1，时长以毫秒计。百分位数由合并后的直方图得出。`{"over_ms": 5000}` 表示该名次落在丢失的消息里，null 表示样本不足。',
    "未知是一种独立的状态：`unmeasured` 既不算正常，也不算故障。没有的行就是没有测量，绝不等于零。",
    "随时可能增加新的字段；在 `/api/v1` 之内，已有字段的含义不会改变。",
    "沿着 `next`（或 `Link` 响应头）读下去，直到它为 null。把 `ETag` 放进 `If-None-Match` 再来：没有变化就返回 304，此时不会读取历史记录的各行。",
    "出错时一律返回 `application/problem+json`（RFC 9457），并说明正确的写法。我们的数据库无法访问时，最新数字沿用最后一次成功读到的，并标明 `stale: true`；历史数据返回 503。读取失败绝不会变成空列表。",
    "NDJSON 或 CSV 若中途读不下去，连接会直接断开：正常结束的文件就是完整的。",
  ],
  rates: (limit, streams, periodS) =>
    `同一地址每 ${periodS} 秒最多应答 ${limit} 次，其中以 NDJSON 或 CSV 读取整个区间最多 ${streams} 次；超过则返回 429 和 Retry-After。计数由平台完成，地址不留存。`,
  addresses: "接口地址",
  elsewhere: "其他格式",
  others: [
    ["/api/v2/summary.json", "Statuspage 格式，供已经支持它的工具使用"],
    ["/metrics", "OpenMetrics 与 Prometheus 文本"],
    ["/incidents.json", "与事件页面内容相同"],
  ],
  heads: { parameter: "参数", meaning: "含义", examples: "试一试", formats: "格式", cost: "读取的 D1 行数" },
  routes: {
    targets: { summary: "全部监测对象", about: "测的是什么、怎么测、目标是多少，以及此刻各状态分别有几个地区。" },
    regions: {
      summary: "各地区的状态与数字",
      about: "每个地区此刻的状态、最近几轮、今天和本月的数字，以及它的其他测量路径。每次返回二十个监测对象。",
    },
    matrix: { summary: "地区之间", about: "最近几分钟里，一个地区向另一个地区的提问结果如何，丢在去程还是回程。" },
    snapshot: { summary: "首页的全部数字", about: "每个监测对象一份，含最近 90 天。" },
    series: {
      summary: "测了什么，从何时开始",
      about: "一个序列是某个监测对象从一个地区出发的一条测量路径，它的编号就是历史数据的地址。",
    },
    minutes: {
      summary: "按分钟",
      about:
        "写入时的原样记录，保留 90 天。区间若更早，`older`（或 `Link` 响应头）指出其余部分所在：在按小时的数据里，加上 `minutes=true`。不指定区间则返回最近一小时。",
    },
    hours: {
      summary: "按小时",
      about: "保留 400 天，并含其中每分钟的计数：`minutes=true`。不指定区间则返回最近两天。",
    },
    days: {
      summary: "按天",
      about: "永久保留。每天的起止以其时区为准，可能是 23、24 或 25 小时。不指定区间则返回最近 31 天。",
    },
    months: { summary: "按月", about: "永久保留。不指定区间则返回最近十二个月。" },
    verdicts: {
      summary: "公开合同的判定",
      about: "每份合同最新的判定；加上 `contract` 则列出全部周期和修订，无论是否结算，并附报告的哈希值。",
    },
    incidents: { summary: "事件", about: "由新到旧，每次二十条，含测得的影响。" },
    incident: { summary: "单个事件", about: "含时间线、已发布的说明和复盘。" },
    openapi: { summary: "接口文档", about: "与路由出自同一份清单。" },
  },
  parameters: {
    target: "监测对象的 id",
    region: "地区的 id",
    contract: "合同的 id",
    journey: "`loop`、`mesh`、`room`、`dialogue` 或 `connect`",
    series: "序列编号",
    incident: "事件的 id",
    from: "区间起点：自纪元起的毫秒数，或 ISO 8601",
    to: "区间终点，不包含在内；不写则为现在",
    before: "在此时刻之前开始的：自纪元起的毫秒数，或 ISO 8601",
    limit: "每次返回的行数，最多 1,000",
    after: "从这里往后，照 `next` 所写",
    latency: "附上延迟和建连的百分位数",
    minutes: "附上该小时每分钟的计数",
    format: "`json` 分页返回；`ndjson` 和 `csv` 以流的方式返回整个区间。不写则看 `Accept`",
  },
  costs: {
    targets: "1",
    regions: "1",
    matrix: "1",
    snapshot: "1",
    series: "到返回的最后一个为止的每个序列",
    minutes: ROWS_COST,
    hours: ROWS_COST,
    days: "序列 1 行，区间内每月 1 行，返回的每一行，再加两行",
    months: "序列 1 行，区间内每月 1 行，返回的每一行，再加两行",
    verdicts: "该合同（或全部合同）每个周期的每次修订",
    incidents: "每个事件一行，返回的二十个再读一次",
    incident: "1 行，以及它的时间线，最多 1,001 行",
    openapi: "不读取",
  },
};
