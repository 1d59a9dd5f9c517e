// A receiver of OTLP/HTTP metrics on loopback that complains when misused: wrong way, type, compression or token; keys that metrics.proto
// does not have; 64-bit integers that are no text, enums that are; counts that contradict each other. `reply` puts a trouble in
// place of its word. It proves that Sonde speaks as documented, not that a vendor answers so. Started by the test of the push.

import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

export interface OtlpReceiver {
  /** http://127.0.0.1:port */
  readonly origin: string;
  /** Every request, taken or not. */
  readonly seen: readonly Seen[];
  /** In place of what the protocol says; "hang": nothing. */
  reply: Reply | null;
  close(): Promise<void>;
}

interface Seen {
  readonly at: string;
  readonly headers: IncomingMessage["headers"];
  /** What is wrong with it; "": nothing. */
  readonly complaint: string;
  /** By metric, its data points. */
  readonly points: ReadonlyMap<string, readonly Record<string, unknown>[]>;
}

type Reply =
  | { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  | "hang";

/** Fields of metrics.proto, by message, with how JSON spells them. */
type Spelling =
  | "text"
  | "int64"
  | "int32"
  | "enum"
  | "double"
  | "bool"
  | "list of int64"
  | "list of double"
  | readonly [string];
const MESSAGES: Readonly<Record<string, Readonly<Record<string, Spelling>>>> = {
  Request: { resourceMetrics: ["ResourceMetrics"] },
  ResourceMetrics: { resource: ["Resource"], scopeMetrics: ["ScopeMetrics"] },
  Resource: { attributes: ["KeyValue"] },
  ScopeMetrics: { scope: ["Scope"], metrics: ["Metric"] },
  Scope: { name: "text", version: "text" },
  KeyValue: { key: "text", value: ["AnyValue"] },
  AnyValue: { stringValue: "text" },
  Metric: {
    name: "text",
    description: "text",
    unit: "text",
    gauge: ["Gauge"],
    sum: ["Sum"],
    histogram: ["Histogram"],
    exponentialHistogram: ["ExponentialHistogram"],
    summary: ["Summary"],
  },
  Gauge: { dataPoints: ["NumberDataPoint"] },
  Sum: { dataPoints: ["NumberDataPoint"], aggregationTemporality: "enum", isMonotonic: "bool" },
  Histogram: { dataPoints: ["HistogramDataPoint"], aggregationTemporality: "enum" },
  ExponentialHistogram: { dataPoints: ["ExponentialHistogramDataPoint"], aggregationTemporality: "enum" },
  Summary: { dataPoints: ["SummaryDataPoint"] },
  NumberDataPoint: {
    attributes: ["KeyValue"],
    startTimeUnixNano: "int64",
    timeUnixNano: "int64",
    asDouble: "double",
    asInt: "int64",
  },
  HistogramDataPoint: {
    attributes: ["KeyValue"],
    startTimeUnixNano: "int64",
    timeUnixNano: "int64",
    count: "int64",
    bucketCounts: "list of int64",
    explicitBounds: "list of double",
  },
  ExponentialHistogramDataPoint: {
    attributes: ["KeyValue"],
    startTimeUnixNano: "int64",
    timeUnixNano: "int64",
    count: "int64",
    scale: "int32",
    zeroCount: "int64",
    positive: ["Buckets"],
  },
  Buckets: { offset: "int32", bucketCounts: "list of int64" },
  SummaryDataPoint: {
    attributes: ["KeyValue"],
    startTimeUnixNano: "int64",
    timeUnixNano: "int64",
    count: "int64",
    sum: "double",
    quantileValues: ["ValueAtQuantile"],
  },
  ValueAtQuantile: { quantile: "double", value: "double" },
};

const isInt64 = (value: unknown): boolean => typeof value === "string" && /^(0|[1-9]\d{0,18})$/.test(value);
const isDouble = (value: unknown): boolean =>
  typeof value === "number" || value === "Infinity" || value === "-Infinity" || value === "NaN";
const ISES: Readonly<Record<string, (value: unknown) => boolean>> = {
  text: (value) => typeof value === "string",
  int64: isInt64,
  int32: (value) => Number.isInteger(value),
  enum: (value) => Number.isInteger(value),
  double: isDouble,
  bool: (value) => typeof value === "boolean",
  "list of int64": (value) => Array.isArray(value) && value.every(isInt64),
  "list of double": (value) => Array.isArray(value) && value.every(isDouble),
};

/** The first thing in it that metrics.proto does not know or JSON spells otherwise; "": nothing. */
function misspelt(value: unknown, message: string, at: string): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return `${at} is no ${message}`;
  for (const [key, one] of Object.entries(value)) {
    const spelling = MESSAGES[message]?.[key];
    if (spelling === undefined) return `${at}.${key} is not known`;
    if (typeof spelling === "string") {
      if (ISES[spelling]?.(one) !== true) return `${at}.${key} is no ${spelling}`;
      continue;
    }
    const wrong = (Array.isArray(one) ? one : [one]).map((part, n) =>
      misspelt(part, spelling[0], `${at}.${key}[${n}]`),
    );
    const first = wrong.find((complaint) => complaint !== "");
    if (first !== undefined) return first;
  }
  return "";
}

type Points = readonly Record<string, unknown>[];

function pointsOf(request: unknown): ReadonlyMap<string, Points> {
  const all = (request as { resourceMetrics: { scopeMetrics: { metrics: Record<string, unknown>[] }[] }[] })
    .resourceMetrics;
  const metrics = all.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
  return new Map(
    metrics.map((metric) => {
      const kinds = ["gauge", "sum", "histogram", "exponentialHistogram", "summary"];
      const data = kinds.map((kind) => metric[kind]).find((one) => one !== undefined) as { dataPoints: Points };
      return [String(metric["name"]), data.dataPoints];
    }),
  );
}

/** What contradicts itself; "": nothing. */
function contradiction(points: ReadonlyMap<string, Points>): string {
  for (const [name, all] of points) {
    const keys = all.map(({ attributes }) => JSON.stringify(attributes));
    if (new Set(keys).size < keys.length) return `${name} has a series twice`;
    for (const { bucketCounts, explicitBounds, count, startTimeUnixNano, timeUnixNano, ...rest } of all) {
      if (!isInt64(timeUnixNano) || Number(startTimeUnixNano ?? 0) > Number(timeUnixNano)) return `${name} has no time`;
      if (rest["positive"] !== undefined) {
        // metrics.proto: count is the sum of zeroCount and of all buckets.
        const inside = (rest["positive"] as { bucketCounts: readonly string[] }).bucketCounts.map(Number);
        const counted = inside.reduce((sum, n) => sum + n, Number(rest["zeroCount"]));
        if (counted !== Number(count)) return `${name} counts ${counted} of ${String(count)}`;
        if (inside.length > 160) return `${name} has ${inside.length} buckets`;
      }
      if (bucketCounts === undefined) continue;
      const counts = (bucketCounts as readonly string[]).map(Number);
      if (counts.length !== (explicitBounds as readonly number[]).length + 1) return `${name} has too few buckets`;
      if (counts.reduce((sum, n) => sum + n, 0) !== Number(count)) return `${name} has another count than its buckets`;
    }
  }
  return "";
}

function judge(request: IncomingMessage, body: Buffer, token: string): Pick<Seen, "complaint" | "points"> {
  const none = new Map<string, Points>();
  const { headers } = request;
  if (request.method !== "POST") return { complaint: "is no POST", points: none };
  if (headers["content-type"] !== "application/json") return { complaint: "is not said to be JSON", points: none };
  if (headers["content-encoding"] !== "gzip") return { complaint: "is not compressed", points: none };
  if (headers.authorization !== token) return { complaint: "has another token", points: none };
  const parsed: unknown = JSON.parse(gunzipSync(body).toString("utf8"));
  const wrong = misspelt(parsed, "Request", "request");
  if (wrong !== "") return { complaint: wrong, points: none };
  const points = pointsOf(parsed);
  return { complaint: contradiction(points), points };
}

/** Takes what carries this token. */
export async function startOtlpReceiver(token: string): Promise<OtlpReceiver> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const found = judge(request, Buffer.concat(chunks), token);
      seen.push({ at: request.url ?? "", headers: request.headers, ...found });
      if (receiver.reply === "hang") return;
      const said = { code: 3, message: found.complaint };
      const own = found.complaint === "" ? { status: 200, body: "{}" } : { status: 400, body: JSON.stringify(said) };
      const { status, body = "", headers = {} }: Exclude<Reply, "hang"> = receiver.reply ?? own;
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const receiver: OtlpReceiver = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    reply: null,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
  return receiver;
}
