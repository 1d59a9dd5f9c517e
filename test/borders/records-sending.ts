// What the tests of the door for records share: what is sent, signed as the real senders sign, and what the real handler answers
// on a real D1. Checks nothing but the headers and the shape that every answer must have.

import { env } from "cloudflare:workers";
import { Webhook } from "standardwebhooks";
import { expect } from "vitest";

import type { Bindings } from "../../workers/bindings.ts";
import { recordsApi } from "../../workers/console/records.entry.ts";
import type { RecordsApiOptions } from "../../workers/console/records.entry.ts";
import { recordsStore } from "../../workers/sla/records.store.ts";
import { must } from "../observations.ts";

export const bindings = env as unknown as Bindings;
export const d1 = bindings.DB;
export const NOW = Date.UTC(2031, 4, 15, 12);
export const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
export const CONFIG = {
  recordsSecret: "RECORDS_SECRET",
  regions: [{ id: "weur" }, { id: "oc" }],
  targets: [{ id: "chat" }, { id: "push" }],
  contracts: [{ id: "standard", target: "chat" }],
};
export const EXCLUSION = {
  key: "maintenance-1",
  target: "chat",
  type: "scheduled-maintenance",
  from: "2031-05-10T02:00:00Z",
  to: "2031-05-10T03:00:00Z",
  regions: ["weur"],
  announced_at: "2031-05-01T00:00:00Z",
  author: "Ada",
  reason: "new broker, 新",
  proof: { where: "notice.pdf", sha256: "a".repeat(64) },
};
export const TICKET = {
  key: "ops-7-opened",
  contract: "standard",
  ticket: "OPS-7",
  kind: "opened",
  at: "2031-05-10T02:00:00Z",
  severity: "P1",
  by: "human",
  author: "Ada",
};
interface Sent {
  readonly path?: string;
  readonly id?: string;
  readonly at?: number;
  readonly method?: string;
  readonly headers?: Record<string, string>;
}

export function request(
  body: unknown,
  { path = "exclusions", id = "msg_1", at = NOW, method = "POST", headers }: Sent = {},
): Request {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const signed = {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at / 1_000)),
    "webhook-signature": new Webhook(SECRET).sign(id, new Date(at), text),
    ...headers,
  };
  const content = method === "POST" ? { body: text } : {};
  return new Request(`https://sonde.example/api/v1/${path}`, { method, headers: signed, ...content });
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly recorded?: readonly { key: string; id: number; repeated: boolean; withdrawn_by?: number }[];
    readonly errors?: readonly { pointer: string; detail: string }[];
    readonly detail?: string;
    readonly type?: string;
    readonly status?: number;
  };
}

/** Never kept, and nothing but data to a browser. */
export function expectData(headers: Headers): void {
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("content-security-policy")).toBe("default-src 'none'");
}

export const reports: string[] = [];

export async function ask(sent: Request, more: Partial<RecordsApiOptions> = {}): Promise<Answer> {
  reports.length = 0;
  const handle = recordsApi({
    now: () => NOW,
    config: CONFIG,
    secretOf: (name) => (name === "RECORDS_SECRET" ? SECRET : null),
    store: recordsStore(d1),
    report: (problem) => reports.push(problem),
    ...more,
  });
  const answer = await handle(sent);
  if (answer === null) throw new Error("not its path");
  const body = (await answer.json()) as Answer["body"];
  const type = answer.headers.get("content-type");
  expect(type).toMatch(answer.ok ? /^application\/json/ : /^application\/problem\+json$/);
  expectData(answer.headers);
  if (!answer.ok) expect(body).toMatchObject({ status: answer.status, type: expect.stringMatching(/^urn:sonde:/) });
  return { status: answer.status, headers: answer.headers, body };
}

/** Rows of both tables. */
export async function counts(): Promise<readonly number[]> {
  const tables = ["exclusions", "ticket_events"];
  const all = await d1.batch<{ n: number }>(tables.map((table) => d1.prepare(`SELECT count(*) AS n FROM "${table}"`)));
  return all.map((each) => must(each.results[0]).n);
}
