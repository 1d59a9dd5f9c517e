// What a contract is, once it is parsed: one version of a promise, in terms that the engine of `sla/` can compute. Plain data,
// no functions, so that its canonical JSON can be hashed and sealed. `contracts.ts` beside it makes it from what the user wrote.

import type { Journey, Language } from "../../../schema/words.ts";

/** One version of one contract. Versions of an id follow each other in time and never overlap. */
export interface Contract {
  /** `standard`: in URLs and in reports; its versions share it. */
  readonly id: string;
  /** 1 and up; a change of any term is a new version. */
  readonly version: number;
  readonly label: Readonly<Record<Language, string>>;
  /** Which customers it is for: `standard`, `enterprise`. */
  readonly tier: string;
  /** `access`: its pages are only for those whom Cloudflare Access lets in. */
  readonly page: "public" | "access";
  /** Where the terms come from; null: the user wrote them all. */
  readonly source: Source | null;
  /** Target id: the service that the promise is about. */
  readonly target: string;
  /** Region ids, in the order of the configuration. */
  readonly regions: readonly string[];
  readonly regionRule: RegionRule;
  readonly effective: Effective;
  readonly period: Period;
  /** At least one; each has its own id. */
  readonly objectives: readonly Objective[];
  readonly exclusions: readonly ExclusionRule[];
  readonly credits: readonly CreditRule[];
  readonly creditTerms: CreditTerms;
  readonly claim: Claim | null;
  readonly calendars: Readonly<Record<string, BusinessCalendar>>;
  readonly support: readonly SupportClock[];
  readonly escalation: readonly EscalationStep[];
  /** For amounts of credits. Never on a public page, never in what is hashed or published. */
  readonly fee: Fee | null;
}

export interface Source {
  /** The preset's name. */
  readonly preset: string;
  readonly url: string | null;
  /** When somebody last compared the preset with that text, YYYY-MM-DD. */
  readonly checkedOn: string;
  /** What is not certain about it; null: read in the provider's own text. */
  readonly warning: Readonly<Record<Language, string>> | null;
}

/** Days in the period's zone, both included, YYYY-MM-DD. `to` null: until the next version begins, or for ever. */
export interface Effective {
  readonly from: string;
  readonly to: string | null;
}

/**
 * How the regions' results become the contract's. `each`: every region is held to it by itself. The others make one stream:
 * a slot is down when any, all, or at least so many of the regions are.
 */
export type RegionRule = "each" | "any-down" | "all-down" | { readonly atLeast: number };

export interface Period {
  readonly unit: "month" | "quarter" | "year";
  /**
   * `calendar`: begins with the calendar's month, quarter or year. `service-start`: begins on the day that `effective.from` of
   * version 1 has. `billing-day`: begins on `anchorDay` of a month.
   */
  readonly anchor: "calendar" | "service-start" | "billing-day";
  /** 1 to 31, of `billing-day`, else null. A month without that day begins a period on its last day. */
  readonly anchorDay: number | null;
  /** IANA zone whose midnights begin it. */
  readonly zone: string;
  /** `calendar`: an anchored period that crosses a calendar month's end is cut there. */
  readonly clip: "calendar" | "none";
}

/** Message outcomes that count as bad. `connect-fail` is the part of `error` that failed to connect or log in. */
export type Bad = "lost" | "error" | "connect-fail" | "late";

interface AnyObjective {
  readonly id: string;
  /** Whose counts it judges. */
  readonly journey: Journey;
}

/** Availability: time in slots, each up or down. */
export interface SlotsObjective extends AnyObjective {
  readonly kind: "slots";
  /** 0..1 */
  readonly target: number;
  readonly slotMinutes: 1 | 5 | 10;
  readonly bad: readonly Bad[];
  /** Only with `late` among `bad`, else null. One of the limits that are counted. */
  readonly lateMs: number | null;
  readonly downIf: DownRule;
  /** A slot with fewer attempted messages is not judged, but `belowMin`. At least 1. */
  readonly minSamples: number;
  readonly belowMin: "unmeasured" | "up" | "down";
  /** Down slots count only in runs of at least this many. 1: all do. */
  readonly minRunSlots: number;
  /** `ceil-minute`: the downtime of each run is rounded up to whole minutes. */
  readonly runRounding: "exact" | "ceil-minute";
  /** What the contract's own share is of: measured slots, or all. Only with `belowMin` "unmeasured" do they differ. */
  readonly denominator: "measured" | "all";
  /** What becomes of excluded slots: taken out of the period, or counted as up. */
  readonly excludedSlots: "drop" | "count-up";
}

/** When a slot is down. `fractional`: never as a whole; it is down by its share of bad messages. */
export type DownRule =
  | { readonly rule: "all-fail" }
  | { readonly rule: "rate"; readonly op: ">" | ">="; readonly value: number }
  | { readonly rule: "count"; readonly gte: number }
  | { readonly rule: "fractional" };

/** Delivery: good messages of those attempted. Good: delivered by the deadline, or within `withinMs` where that is not null. */
export interface RatioObjective extends AnyObjective {
  readonly kind: "ratio";
  readonly target: number;
  readonly withinMs: number | null;
  /** Of the evidence grade, 0..1. */
  readonly confidence: number;
}

/** Latency as a proportion: at most 1 - q of the attempted messages are lost, refused, or slower than the limit. */
export interface QuantileObjective extends AnyObjective {
  readonly kind: "quantile";
  /** .99 is P99. */
  readonly q: number;
  readonly limitMs: number;
  /**
   * Which time the limit is about. `delivery`: of one delivery; where a journey measures there and back, half of that, which
   * is an estimate. `round-trip`: there and back. `connect`: to a usable session, of the journey `connect`.
   */
  readonly direction: "delivery" | "round-trip" | "connect";
  /** The limit on what the journey measures: `limitMs`, or twice that for half of there and back. One of those counted. */
  readonly countedMs: number;
  readonly confidence: number;
}

/** Times of incidents: how long until it was detected, acknowledged by a human, restored. */
export interface DurationObjective {
  readonly id: string;
  readonly kind: "duration";
  readonly of: "detect" | "ack" | "recover";
  readonly limitMs: number;
  readonly stat: "max" | "mean" | "p90";
}

export type Objective = SlotsObjective | RatioObjective | QuantileObjective | DurationObjective;

export const EXCLUSION_TYPES = [
  "scheduled-maintenance",
  "force-majeure",
  "customer-fault",
  "third-party-network",
  "over-quota",
  "suspension",
  "beta",
  "old-client",
  "dos",
  "load-test",
  "provider-announced-event",
] as const;
export type ExclusionType = (typeof EXCLUSION_TYPES)[number];

/** What the contract lets pass. What somebody claims to fall under it is a record of its own (`sla/exclusions.ts`). */
export interface ExclusionRule {
  readonly type: ExclusionType;
  /** Announced at least this long before; announced later, it counts as downtime. 0: announced at all. Null: need not be. */
  readonly noticeMs: number | null;
  /** At most so many minutes of a period; the rest counts. Null: no limit. */
  readonly capMinutes: number | null;
  /** Only within this weekly window, in the period's zone; null: at any time. */
  readonly window: WeeklyWindow | null;
  /** A record without proof does not count. */
  readonly needsProof: boolean;
}

/** Minutes of the day, half-open; `to` may be 1440. Days: ISO, 1 is Monday. */
export interface WeeklyWindow {
  readonly days: readonly number[];
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** What is owed when an objective is missed, in percent of the fee. Only for `slots` and `ratio` objectives. */
export type CreditRule =
  | { readonly objective: string; readonly kind: "ladder"; readonly tiers: readonly CreditTier[] }
  /** Down share of the whole period x factor. */
  | { readonly objective: string; readonly kind: "accelerated"; readonly factor: number }
  /** So many days' fee for each hour of downtime; `slots` only. */
  | {
      readonly objective: string;
      readonly kind: "per-hour";
      readonly feeDays: number;
      readonly hours: "started" | "whole" | "exact";
    };

/** Value below `below` and at least `atLeast`, 0..1: `pct` percent. From mild to severe down to 0, without gap or overlap. */
export interface CreditTier {
  readonly below: number;
  readonly atLeast: number;
  readonly pct: number;
}

export interface CreditTerms {
  readonly basis: "service-fee" | "region-fee" | "total-fee";
  /** Percent of the fee; no more is ever owed for a period. */
  readonly capPct: number;
  /** In the fee's currency: smaller amounts are not paid. Null: all are. */
  readonly minAmount: number | null;
  readonly form: "credit" | "voucher" | "cash";
  /** Several objectives missed: the largest credit, or their sum. */
  readonly stacking: "max" | "sum";
  /** An incident that misses several objectives is credited once: as `max`, whatever `stacking` says. */
  readonly onePerIncident: boolean;
  /** Amounts are whole multiples of this, in the fee's currency (.01), rounded that way. */
  readonly roundTo: number;
  readonly rounding: "down" | "up" | "nearest";
}

/** A number of days, business days (of `calendar`), or billing cycles. */
export interface ClaimSpan {
  readonly unit: "day" | "business-day" | "billing-cycle";
  readonly count: number;
}

export interface Claim {
  /** After the end of what it counts `from`; null: at once. */
  readonly opensAfter: ClaimSpan | null;
  readonly deadline: ClaimSpan;
  readonly from: "period-end" | "incident";
  readonly channel: string;
  /** What the claim must bring along, in the contract's words. */
  readonly evidence: readonly string[];
  /** Whose records decide. */
  readonly authority: "provider" | "customer" | "third-party" | "joint";
  /** Whose business days; null: Monday to Friday without holidays. */
  readonly calendar: string | null;
}

export interface BusinessCalendar {
  readonly zone: string;
  /** ISO days, 1 is Monday; minutes of the day, half-open. */
  readonly hours: readonly {
    readonly days: readonly number[];
    readonly fromMinute: number;
    readonly toMinute: number;
  }[];
  /** Not worked, YYYY-MM-DD. */
  readonly holidays: readonly string[];
  /** Worked although the week says no, as China moves days; with the hours of a Monday. */
  readonly workdays: readonly string[];
}

export const SEVERITIES = ["P1", "P2", "P3", "P4"] as const;
export type Severity = (typeof SEVERITIES)[number];

export const CLOCKS = ["first-response", "update", "workaround", "restore"] as const;
export type Clock = (typeof CLOCKS)[number];

export type PauseReason = "waiting-customer" | "waiting-vendor";

export interface SupportClock {
  readonly severity: Severity;
  readonly clock: Clock;
  readonly targetMs: number;
  /** "24x7", or the id of one of the contract's calendars. */
  readonly calendar: string;
  readonly pauseOn: readonly PauseReason[];
  /** `auto`: an automatic reply stops it, too. */
  readonly stopOn: "human-reply" | "auto";
}

export interface EscalationStep {
  readonly level: number;
  readonly afterMs: number;
  readonly to: string;
  readonly channel: string;
}

export interface Fee {
  /** For one period, above 0. */
  readonly amount: number;
  /** ISO 4217, "CNY". */
  readonly currency: string;
}
