// Reads `metrics`: where the fleet's figures are pushed to by OTLP. The endpoint is published with the configuration, so nothing in it
// may be a secret: what lets in stands in headers, whose values are secrets by name. Called by `parse.ts`. Never asks whether
// anybody answers; which addresses may be asked is the sender's word, each time.

import { inner, isRecord, readFields } from "./fields.ts";
import { type Plain, REFUSED } from "./plain.ts";
import type { Path, Refusal, Report } from "./problems.ts";
import { secretName } from "./secret-names.ts";

export interface MetricsPush {
  /** Without a slash at its end; `/v1/metrics` comes behind it. */
  readonly endpoint: string;
  /** Names of secrets by the headers, in small letters, that they are the values of. */
  readonly headers: Readonly<Record<string, string>>;
}

const ENDPOINT_CHARS_MAX = 500;
const HEADERS_MAX = 8;
const WRITE_ENDPOINT = 'endpoint: "https://otlp.example"';
const WRITE_HEADERS = 'headers: { authorization: "OTLP_AUTHORIZATION" }';
const SECRET = secretName("OTLP_AUTHORIZATION");

/** What the sender itself sets, and what the way to the receiver is made of (RFC 9110, 7.6.1). */
const TAKEN =
  /^(accept|accept-encoding|connection|content-.*|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade|user-agent|cf-.*|proxy-.*|sec-.*)$/;

const METRICS_FIELDS = { otlp: inner(`otlp: { ${WRITE_ENDPOINT} }`, "required") };
const OTLP_FIELDS = { endpoint: inner(WRITE_ENDPOINT, "required"), headers: inner(WRITE_HEADERS, "optional") };

/** Null: absent, or bad and reported. Never repeats what stands there: keys are pasted into addresses and headers. */
export function readMetrics(value: Plain, path: Path, report: Report): MetricsPush | null {
  if (value === undefined) return null;
  const { otlp } = readFields(METRICS_FIELDS, value, path, report);
  if (otlp === undefined) return null;
  const inside = [...path, "otlp"];
  const { endpoint, headers } = readFields(OTLP_FIELDS, otlp, inside, report);
  const read = readHeaders(headers, [...inside, "headers"], report);
  if (endpoint === undefined || endpoint === REFUSED) return null;
  const refusal = refusalOfEndpoint(endpoint);
  if (refusal !== null) report.addHidden([...inside, "endpoint"], refusal);
  return refusal === null ? { endpoint: String(endpoint).replace(/\/+$/, ""), headers: read } : null;
}

function readHeaders(value: Plain, path: Path, report: Report): Readonly<Record<string, string>> {
  if (value === undefined || value === REFUSED) return {};
  const mend = `write ${WRITE_HEADERS}`;
  if (!isRecord(value) || Object.keys(value).length > HEADERS_MAX) {
    const problem = isRecord(value) ? `has more than ${HEADERS_MAX} headers` : "is not an object";
    report.addHidden(path, { problem, mend });
    return {};
  }
  const headers: Record<string, string> = {};
  for (const [name, secret] of Object.entries(value)) {
    const small = name.toLowerCase();
    const refuse = (problem: string): void => report.addHidden([...path, name], { problem, mend });
    if (!/^[a-z][a-z0-9-]{0,62}$/.test(small) || small === "constructor" || TAKEN.test(small)) {
      refuse("is not a header that may be set");
    } else if (small in headers) {
      refuse("stands here twice");
    } else if (secret !== REFUSED) {
      const named = SECRET.safeParse(secret);
      if (named.success) headers[small] = named.data;
      else refuse("is not the name of a secret, and the configuration is published with the evidence");
    }
  }
  return headers;
}

/** http only at one's own machine: tests and `npm start`. */
function refusalOfEndpoint(value: Plain): Refusal | null {
  const text = typeof value === "string" ? value : "";
  const url = text.length <= ENDPOINT_CHARS_MAX && /^https?:\/\/[^\s\\]+$/.test(text) ? URL.parse(text) : null;
  const mend = `write ${WRITE_ENDPOINT}; /v1/metrics comes behind it by itself`;
  const isLocal = url?.hostname === "127.0.0.1" || url?.hostname === "localhost" || url?.hostname === "[::1]";
  if (url === null || (url.protocol !== "https:" && !isLocal)) return { problem: "is not an https address", mend };
  if (url.username !== "" || url.password !== "") return { problem: "holds a user or a password", mend };
  if (/[?#]/.test(text)) return { problem: "has a query or a fragment", mend };
  if (/\/v1\/metrics\/*$/.test(url.pathname)) return { problem: "ends in /v1/metrics", mend };
  return null;
}
