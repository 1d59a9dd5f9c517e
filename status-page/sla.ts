// What the SLA pages know of contracts, visitors and stored reports, and how a stored report is understood. Pure; used by
// sla-routes.tsx, implemented for D1 by sla.store.ts. A report that is not what its hash says, or not readable, is an error
// with a name: it is never shown in part, and never taken for "there is none".

import { createHash } from "node:crypto";

import type { Report, ReportMoney } from "../workers/sla/report-shape.ts";
import type { Visitor } from "../workers/console/visitor.ts";
import { isRecord } from "./front.ts";
import type { PageBindings } from "./front.ts";
import { dayIn, zoneName } from "./instants.ts";

/** What the configuration says about a contract, as far as the pages need it. */
export interface PageContract {
  readonly id: string;
  readonly label: Readonly<Record<"en" | "zh", string>>;
  readonly tier: string;
  /** `access`: nothing of it is shown to anybody whom the guard does not know. */
  readonly page: "public" | "access";
  readonly target: string;
  /** Days in the period's zone, both included, YYYY-MM-DD. */
  readonly effective: { readonly from: string; readonly to: string | null };
  readonly period: { readonly zone: string };
}

export type Guard = (request: Request, env: PageBindings) => Promise<Visitor>;

/** A report without its contents. Instants: ms since the epoch. */
export interface ReportHead {
  readonly contract: string;
  readonly period: string;
  readonly revision: number;
  readonly fromAt: number;
  readonly toAt: number;
  readonly composedAt: number;
  readonly contractSays: Report["contract_says"];
  readonly verdict: Report["verdict"];
  readonly creditPct: number;
  /** Whom it was composed for. A report that was for few stays so, whatever the configuration says now. */
  readonly page: Report["contract"]["page"];
  /** SHA-256 of the body, 64 hex digits. */
  readonly hash: string;
}

export interface StoredReport extends ReportHead {
  /** The exact bytes that the hash is of, as text. */
  readonly body: string;
  readonly report: Report;
  /** The amounts' JSON; null without a fee. */
  readonly money: string | null;
}

/** What a visitor may see of these: all of them, once the guard has let the visitor in. */
export function seenBy<Head extends Pick<ReportHead, "page">>(heads: readonly Head[], letIn: boolean): readonly Head[] {
  return heads.filter(({ page }) => letIn || page === "public");
}

/** Why a contract has no report: it does not hold yet, held once, or holds and waits for its judge. Days of its own zone. */
export type Unjudged =
  | { readonly why: "early"; readonly day: string; readonly zone: string }
  | { readonly why: "over"; readonly day: string; readonly zone: string }
  | { readonly why: "due" };

/** Of a contract without a report, at `now` (ms since the epoch). */
export function unjudged({ effective, period }: PageContract, now: number): Unjudged {
  const today = dayIn(now, period.zone);
  const zone = zoneName(period.zone);
  if (today < effective.from) return { why: "early", day: effective.from, zone };
  if (effective.to !== null && today > effective.to) return { why: "over", day: effective.to, zone };
  return { why: "due" };
}

/** Reads reports. Every method throws SlaUnreadable when it cannot tell; null and [] mean that there is none. */
export interface SlaReader {
  /** The newest revision of the newest period of each contract that has one. */
  heads(env: PageBindings): Promise<readonly ReportHead[]>;
  /** Of a period and revision; null for the newest of them. */
  report(
    env: PageBindings,
    contract: string,
    period: string | null,
    revision: number | null,
  ): Promise<StoredReport | null>;
  /** Every revision of every period, the newest first. */
  periods(env: PageBindings, contract: string): Promise<readonly ReportHead[]>;
}

/** Reports could not be read, or not be understood. */
export class SlaUnreadable extends Error {
  override readonly name = "SlaUnreadable";
}

function jsonOf(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SlaUnreadable(`${what} is not JSON`, { cause });
  }
}

const LISTS = ["segments", "exclusions", "support"] as const;
const PARTS = ["contract", "period", "credit", "method"] as const;

/**
 * The report of a stored body. It was written by our own composer, so only what tells a stranger is checked: the hash, the
 * version, and that the parts are there. Throws SlaUnreadable.
 */
export function parseReport(head: ReportHead, body: string): Report {
  const name = `report ${head.contract} ${head.period} revision ${head.revision}`;
  if (createHash("sha256").update(body).digest("hex") !== head.hash) {
    throw new SlaUnreadable(`${name} does not have the hash it was stored with`);
  }
  const parsed = jsonOf(body, name);
  const whole =
    isRecord(parsed) &&
    parsed["version"] === 1 &&
    LISTS.every((key) => Array.isArray(parsed[key])) &&
    PARTS.every((key) => isRecord(parsed[key]));
  if (!whole) throw new SlaUnreadable(`${name} is not of version 1`);
  return parsed as unknown as Report;
}

/** The amounts beside a report; null where there is no fee. Throws SlaUnreadable. */
export function parseMoney(stored: StoredReport): ReportMoney | null {
  if (stored.money === null) return null;
  const name = `money of report ${stored.contract} ${stored.period}`;
  const parsed = jsonOf(stored.money, name);
  const known =
    isRecord(parsed) &&
    typeof parsed["fee"] === "number" &&
    typeof parsed["owed"] === "number" &&
    typeof parsed["currency"] === "string" &&
    /^[A-Z]{3}$/.test(parsed["currency"]);
  if (!known) throw new SlaUnreadable(`${name} is not of version 1`);
  return parsed as unknown as ReportMoney;
}
