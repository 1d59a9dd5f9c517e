// Pushes the fleet's metrics to one OTLP/HTTP receiver: one request, gzipped, with a hard end, only to a public address, redirects not
// followed. Nothing is ever sent twice: sums are cumulative, so the next minute's push holds what this one lost. Never rejects and
// repeats no secret. Called by the cron of `main.entry.ts`, which keeps the instant before which nobody need come again.

import { piecesOf, quote, retryAfterMsOf, withoutPieces } from "../alerts/answer.ts";
import { textOf } from "../alerts/ask.send.ts";
import { refusalOfAddress } from "../alerts/reach.ts";
import { plain } from "../alerts/text.ts";
import type { MetricsPush } from "../config/metrics.ts";
import type { Outside } from "../outside.ts";
import { type FrontFigures, familiesOf } from "./families.ts";
import { latencyPoints } from "./latency.ts";
import type { MonthLatency } from "./latency.ts";
import { otlpRequest, pointsOf } from "./otlp.ts";

export interface PushErrand {
  readonly outside: Outside;
  readonly settings: MetricsPush;
  /** The fleet's, the config's `name`. */
  readonly name: string;
  readonly secretOf: (name: string) => string | null;
  /** Only on one machine: a receiver at a loopback address may be asked. */
  readonly allowsLoopback: boolean;
  /** The front row; null: nothing has been measured yet. May reject. */
  readonly read: () => Promise<FrontFigures | null>;
  /** The month's histograms. May reject: the rest is then pushed without them. */
  readonly readLatency: () => Promise<readonly MonthLatency[]>;
  /** Told of what went wrong, in words without a secret. */
  readonly report: (problem: string) => void;
}

/** OTLP's own port beside that of https. */
const PORTS = [4318];
/** A push that takes longer is given up: the next one is a minute away. */
const PUSH_MS = 10_000;
/** What the receiver, or we, would refuse a minute later as well is tried again after so long. */
const REFUSED_MS = 15 * 60_000;
const RETRY_AFTER_MAX_MS = 60 * 60_000;
/** The statuses after which OTLP wants another try (docs/specification.md, "Retryable Response Codes"). */
const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** What came back; null: nothing. */
interface Said {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | null;
}

/** The instant before which it is no use to push again, ms since the epoch; 0: the next minute will do. */
export async function pushMetrics(errand: PushErrand): Promise<number> {
  const { outside, settings, report } = errand;
  const url = `${settings.endpoint}/v1/metrics`;
  const headers = headersOf(errand);
  const refusal = refusalOfAddress(url, { ports: PORTS, allowsLoopback: errand.allowsLoopback });
  if (refusal !== null || typeof headers === "string") {
    report(`nothing was pushed: ${refusal ?? String(headers)}`);
    return outside.now() + REFUSED_MS;
  }
  try {
    const front = await errand.read();
    const now = outside.now();
    const families = familiesOf(front, { now, isStale: false, services: null });
    const latency = latencyPoints(await monthsOf(errand), front?.snapshots ?? []);
    const body = await gzipped(JSON.stringify(otlpRequest(families, errand.name, now, latency)));
    const said = await ask(outside, url, headers, body);
    return judge(errand, said, pointsOf(families, latency));
  } catch (problem) {
    // A failed read is no reason to push nothing as if there were nothing: the receiver's series end by themselves.
    report(`nothing was pushed: ${String(problem)}`);
    return 0;
  }
}

/** Without them a receiver sees the series end, which is the truth; with none it would see nothing measured. */
async function monthsOf({ readLatency, report }: PushErrand): Promise<readonly MonthLatency[]> {
  try {
    return await readLatency();
  } catch (problem) {
    report(`no histograms were pushed: ${String(problem)}`);
    return [];
  }
}

/** Or which secret is missing. */
function headersOf({ settings, secretOf }: PushErrand): Record<string, string> | string {
  const headers: Record<string, string> = {
    "content-type": "application/json",
    "content-encoding": "gzip",
    "user-agent": "Sonde",
  };
  for (const [name, secret] of Object.entries(settings.headers)) {
    const value = secretOf(secret)?.trim() ?? "";
    if (value === "") return `the secret ${secret} is not set`;
    headers[name] = value;
  }
  return headers;
}

async function gzipped(text: string): Promise<ArrayBuffer> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

async function ask(
  outside: Outside,
  url: string,
  headers: Record<string, string>,
  body: ArrayBuffer,
): Promise<Said | null> {
  const abort = new AbortController();
  const { promise: ended, resolve: end } = Promise.withResolvers<null>();
  const callOff = outside.after(PUSH_MS, () => {
    abort.abort();
    end(null);
  });
  const asked = async (): Promise<Said | null> => {
    try {
      const init = { method: "POST", headers, body, redirect: "manual", signal: abort.signal } as const;
      const response = await outside.fetch(url, init);
      const { text } = await textOf(response);
      return { status: response.status, text, retryAfter: response.headers.get("retry-after") };
    } catch {
      // The runtime's words may hold the address or a header.
      return null;
    }
  };
  try {
    return await Promise.race([asked(), ended]);
  } finally {
    callOff();
  }
}

function judge({ outside, settings, secretOf, report }: PushErrand, said: Said | null, points: number): number {
  if (said === null) {
    report(`no answer to a push of ${points} points within ${PUSH_MS} ms, or the connection failed`);
    return 0;
  }
  const { status } = said;
  const secrets = Object.values(settings.headers).flatMap((name) => secretOf(name) ?? []);
  const text = withoutPieces(plain(said.text), piecesOf(secrets));
  if (status >= 200 && status < 300) {
    const partial = partialOf(text);
    if (partial !== null) report(`${partial.rejected} of ${points} points were rejected${quote(partial.message)}`);
    return 0;
  }
  if (RETRYABLE.has(status)) {
    const now = outside.now();
    const waitMs = Math.min(retryAfterMsOf(said.retryAfter, now) ?? 0, RETRY_AFTER_MAX_MS);
    report(
      `HTTP ${status}, again ${waitMs > 0 ? `in ${Math.ceil(waitMs / 1000)} s` : "with the next minute"}${quote(text)}`,
    );
    return waitMs > 0 ? now + waitMs : 0;
  }
  report(`HTTP ${status}, again in ${REFUSED_MS / 60_000} min${quote(text)}`);
  return outside.now() + REFUSED_MS;
}

/** What the receiver says of a push that it took: null where it took all of it without a word. */
function partialOf(text: string): { readonly rejected: string; readonly message: string } | null {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    // An empty body is what many receivers answer.
    return null;
  }
  const partial = (answer as { readonly partialSuccess?: unknown } | null)?.partialSuccess;
  if (typeof partial !== "object" || partial === null) return null;
  const { rejectedDataPoints = 0, errorMessage = "" } = partial as Readonly<Record<string, unknown>>;
  // A 64-bit integer: text by the specification, a number by some.
  const rejected = /^\d{1,19}$/.test(String(rejectedDataPoints)) ? String(rejectedDataPoints) : "an unknown number";
  const message = typeof errorMessage === "string" ? errorMessage : "";
  return rejected === "0" && message === "" ? null : { rejected, message };
}
