// The report of one contract and one period, as stored, published and printed. Types only: made by `report.ts`, read by the page,
// by the CSV and by whoever downloads the JSON. snake_case, since it is our JSON. Instants: ms since the epoch; shares: 0..1,
// exact quotients of the integers beside them, to be cut off when printed and never rounded up. Holds no fee and no amount.

import type {
  Bad,
  Claim,
  Clock,
  CreditTerms,
  DownRule,
  ExclusionType,
  RegionRule,
  Severity,
} from "../config/contracts/contract.ts";
import type { AlertSeverity, Journey, Language } from "../../schema/words.ts";

/** What the contract's own arithmetic says. `no_data`: nothing was measured. */
export type ContractSays = "met" | "breached" | "no_data";

/**
 * Sonde's own word on it. `met`: even if all that is unknown was bad; `breached`: even if all of it was good. `resolution_insufficient`:
 * the samples are too few for the contract's rule.
 */
export type Verdict = "met" | "breached" | "undetermined" | "resolution_insufficient" | "no_data";

/** What the sample supports, whatever the measured value is. */
export type Grade = "proven_met" | "proven_breached" | "not_enough_evidence";

export interface SlotsFigures {
  readonly counted: number;
  /** A fraction only where the rule is `fractional`. Runs shorter than the rule wants are not in it. */
  readonly down: number;
  readonly unmeasured: number;
  readonly excluded: number;
  /** Downtime as the contract rounds it. */
  readonly minutes_down: number;
  /** Null: nothing was measured. */
  readonly value: number | null;
  /** All unmeasured slots down, and up. */
  readonly low: number;
  readonly high: number;
  /** Measured of counted slots. */
  readonly coverage: number;
  readonly contract_says: ContractSays;
  /** On the whole period: slots to come are as unknown as unmeasured ones. */
  readonly verdict: Verdict;
}

/** How much of what the objective allows is used. `minute`: of downtime; `message`: bad ones. */
export interface Budget {
  readonly unit: "minute" | "message";
  /** In the whole period. For messages: if as many are attempted in what is to come as were until now. */
  readonly allowed: number;
  readonly used: number;
  /** Below 0 when it is overdrawn. */
  readonly left: number;
  /**
   * Share used / share of the period that has passed: 1 uses it up exactly at the end. Null before anything was measured, and
   * where nothing is allowed.
   */
  readonly burn_rate: number | null;
  /** When it is used up if it goes on like this; null: not within the period, or it is over. */
  readonly exhausted_at: number | null;
}

/** Half-open, whole minutes, in ms since the epoch as all instants here. `down` in slots. */
export interface DownRun {
  readonly from: number;
  readonly to: number;
  readonly down: number;
  /** Bad and attempted messages of the run's minutes. */
  readonly bad: number;
  readonly attempted: number;
  /** Intended send of the first bad and of the next good message, where minutes were still there to tell; else null. */
  readonly first_bad_at: number | null;
  readonly next_good_at: number | null;
}

export interface SlotsResult {
  readonly kind: "slots";
  readonly id: string;
  readonly journey: Journey;
  readonly target: number;
  readonly slot_minutes: number;
  readonly bad: readonly Bad[];
  readonly late_ms: number | null;
  readonly down_if: DownRule;
  readonly min_run_slots: number;
  readonly figures: SlotsFigures;
  readonly without_exclusions: SlotsFigures;
  readonly budget: Budget;
  /** The longest first where there are more than are kept; `runs_left_out` says how many are not here. Ascending in time. */
  readonly runs: readonly DownRun[];
  readonly runs_left_out: number;
  readonly unmeasured_minutes: readonly { readonly reason: string; readonly minutes: number }[];
}

/** One proportion and what it proves. For a quantile the proportion is of those that were lost, refused or too slow. */
export interface ProportionFigures {
  readonly attempted: number;
  readonly bad: number;
  /** Attempted while the limit was not counted: in no share. */
  readonly unjudged: number;
  /** (attempted - bad) / attempted; null: none was attempted. */
  readonly value: number | null;
  readonly contract_says: ContractSays;
  readonly verdict: Verdict;
  readonly evidence: Evidence;
}

export interface Evidence {
  readonly grade: Grade;
  readonly confidence: number;
  /** Exact (Clopper-Pearson) one-sided bounds of the good share, after the design effect; null without a sample. */
  readonly at_least: number | null;
  readonly at_most: number | null;
  /** By how much correlated loss shrinks the sample; 1: not at all. `estimated`: from the data; `prior`: too few losses to tell. */
  readonly design_effect: number;
  readonly design_effect_from: "estimated" | "prior";
  readonly effective_sample: number;
  /** So many more messages without a bad one would prove it met; 0: it is proven. Null: it is proven breached. */
  readonly more_good_needed: number | null;
}

export interface RatioResult {
  readonly kind: "ratio";
  readonly id: string;
  readonly journey: Journey;
  readonly target: number;
  readonly within_ms: number | null;
  readonly figures: ProportionFigures;
  readonly without_exclusions: ProportionFigures;
  readonly budget: Budget;
}

export interface QuantileResult {
  readonly kind: "quantile";
  readonly id: string;
  readonly journey: Journey;
  readonly q: number;
  readonly limit_ms: number;
  readonly direction: "delivery" | "round-trip" | "connect";
  /** It is half of a measured round trip. */
  readonly estimate: boolean;
  readonly figures: ProportionFigures;
  readonly without_exclusions: ProportionFigures;
  readonly budget: Budget;
}

export interface DurationResult {
  readonly kind: "duration";
  readonly id: string;
  readonly of: "detect" | "ack" | "recover";
  readonly limit_ms: number;
  readonly stat: "max" | "mean" | "p90";
  /** How many incidents there were, and how many have this time. */
  readonly incidents: number;
  readonly known: number;
  readonly median_ms: number | null;
  readonly max_ms: number | null;
  readonly value_ms: number | null;
  readonly contract_says: ContractSays;
  readonly verdict: Verdict;
}

export type ObjectiveResult = SlotsResult | RatioResult | QuantileResult | DurationResult;

/** Percentiles for display, from merged histograms of the UTC hours that begin in the segment. */
export interface LatencyDisplay {
  readonly journey: Journey;
  readonly samples: number;
  readonly p50: number | { readonly over_ms: number } | null;
  readonly p95: number | { readonly over_ms: number } | null;
  readonly p99: number | { readonly over_ms: number } | null;
  readonly max_ms: number | null;
}

export interface ScopeResult {
  /** Null: all regions by the contract's rule. */
  readonly region: string | null;
  readonly label: Readonly<Record<Language, string>> | null;
  /** The contract is judged by it. The other scopes are there to be looked at. */
  readonly binding: boolean;
  readonly objectives: readonly ObjectiveResult[];
  readonly latency: readonly LatencyDisplay[];
}

/** The part of a period in which one version of the contract holds. */
export interface Segment {
  readonly contract_version: number;
  /** SHA-256 of the version's canonical JSON without its fee, 64 hex digits, and when Sonde first saw that text. */
  readonly contract_hash: string;
  readonly contract_seen_at: number;
  /** ms since the epoch, half-open; judged up to `through`. */
  readonly from: number;
  readonly to: number;
  readonly through: number;
  readonly scopes: readonly ScopeResult[];
}

/** A record and what the contract makes of it. */
export interface JudgedExclusion {
  readonly id: number;
  readonly type: ExclusionType;
  readonly from: number;
  readonly to: number;
  readonly regions: readonly string[] | null;
  readonly announced_at: number | null;
  readonly author: string;
  readonly reason: string;
  readonly proof: { readonly where: string; readonly sha256: string } | null;
  readonly recorded_at: number;
  /** Minutes that it takes out of this period; 0 where it does not count. */
  readonly minutes: number;
  /** Why it does not count, or not wholly. */
  readonly refused:
    | "not_in_contract"
    | "short_notice"
    | "not_announced"
    | "no_proof"
    | "outside_window"
    | "over_cap"
    | "withdrawn"
    | null;
}

export interface SupportResult {
  readonly severity: Severity;
  readonly clock: Clock;
  readonly target_ms: number;
  readonly calendar: string;
  readonly tickets: number;
  readonly kept: number;
  readonly missed: number;
  readonly running: number;
  readonly median_ms: number | null;
  readonly max_ms: number | null;
}

/** An outage or a brown-out that began in the period; what was merged into it is folded in. Null: not yet, or nobody knows. */
export interface IncidentResult {
  readonly id: string;
  readonly kind: "outage" | "brownout";
  readonly severity: AlertSeverity;
  readonly scope: "region" | "global";
  /** All that it touched, the contract's or not. */
  readonly regions: readonly string[];
  /** The first bad message. */
  readonly impact_start: number;
  readonly detected: number | null;
  /** The first page that a channel accepted. */
  readonly notified: number | null;
  /** By a human, for the first time. */
  readonly acked: number | null;
  /** Restored: measured good again. */
  readonly impact_end: number | null;
  /** Declared. */
  readonly resolved: number | null;
  /** The first public word of a person. */
  readonly published: number | null;
}

/** Of one kind of time. `unknown` of the incidents have none. */
export interface TimesResult {
  readonly n: number;
  readonly unknown: number;
  readonly median_ms: number | null;
  readonly max_ms: number | null;
}

export interface IncidentsResult {
  /**
   * From here on in the period times of incidents are theirs; before it, and in all of it where this is null, nobody wrote incidents
   * down, and each run of down slots is taken for one.
   */
  readonly kept_since: number | null;
  /** By their begin. */
  readonly list: readonly IncidentResult[];
  /** All from the first bad message, but `acknowledge`: from the first page. */
  readonly times: Readonly<Record<"detect" | "acknowledge" | "restore" | "resolve" | "publish", TimesResult>>;
}

/** One line of what is owed, in percent of the fee that it is of. */
export interface CreditLine {
  readonly contract_version: number;
  readonly region: string | null;
  readonly objective: string;
  readonly kind: "ladder" | "accelerated" | "per-hour";
  /** The contract's own value and target. */
  readonly value: number;
  readonly target: number;
  readonly minutes_down: number | null;
  /** The tier that holds, of a ladder. */
  readonly tier: { readonly below: number; readonly at_least: number; readonly pct: number } | null;
  /** Before the cap. */
  readonly pct: number;
  /** Of the whole fee, that this line's percentage is of: 1, or the region's or the segment's share of it. */
  readonly of_fee: number;
  /** Not added up, since another line is larger, or the same incident was credited already. */
  readonly set_aside: boolean;
}

export interface CreditResult {
  readonly lines: readonly CreditLine[];
  /** A contract in force in the period says what is owed for something. If none does, a `pct` of 0 says nothing. */
  readonly terms_written: boolean;
  /** Percent of the whole fee, after stacking and cap; 0: nothing is owed. */
  readonly pct: number;
  readonly capped: boolean;
  readonly terms: Omit<CreditTerms, "minAmount">;
  /** The period is still open: what would be owed if it ended now. */
  readonly provisional: boolean;
}

export interface ClaimResult {
  readonly opens_at: number;
  /** Not included: at this instant it is too late. */
  readonly deadline_at: number;
  readonly channel: string;
  readonly evidence: readonly string[];
  readonly authority: Claim["authority"];
}

export interface Report {
  readonly version: 1;
  readonly contract: {
    readonly id: string;
    readonly label: Readonly<Record<Language, string>>;
    readonly tier: string;
    readonly page: "public" | "access";
    readonly target: string;
    readonly target_label: Readonly<Record<Language, string>>;
    readonly region_rule: RegionRule;
    readonly source: {
      readonly preset: string;
      readonly url: string | null;
      readonly checked_on: string;
      readonly warning: Readonly<Record<Language, string>> | null;
    } | null;
  };
  readonly period: {
    /** "2026-11", "2026-Q4", "2026", or the day it begins where it is anchored otherwise: "2026-03-17". */
    readonly name: string;
    readonly from: number;
    readonly to: number;
    readonly zone: string;
    readonly closed: boolean;
    /** Judged up to here. */
    readonly through: number;
  };
  /** 0 while the period is open; 1 when it is frozen, and one more for each correction. */
  readonly revision: number;
  /** What this revision corrects: the hash of the whole older one. */
  readonly replaces: { readonly revision: number; readonly hash: string } | null;
  readonly composed_at: number;
  /** Worst of the binding scopes and objectives. */
  readonly contract_says: ContractSays;
  readonly verdict: Verdict;
  readonly segments: readonly Segment[];
  readonly exclusions: readonly JudgedExclusion[];
  /** Not in reports that were frozen before there were incidents. */
  readonly incidents?: IncidentsResult;
  readonly support: readonly SupportResult[];
  readonly credit: CreditResult;
  /** Null: nothing can be claimed, or nothing is owed. */
  readonly claim: ClaimResult | null;
  /** How it was measured, in the figures of the schedule that was in force last. */
  readonly method: {
    readonly every_ms: number;
    readonly messages: number;
    readonly gap_ms: number;
    readonly deadline_ms: number;
    readonly connect_deadline_ms: number;
    /** Each journey's own numbers: what a round of it holds, and how far apart its messages are. */
    readonly journeys: readonly { readonly journey: Journey; readonly scheduled: number; readonly gap_ms: number }[];
    readonly software: string;
  };
}

/** What only those may see whom the contract's own page lets in. Kept beside the report, never inside. */
export interface ReportMoney {
  readonly fee: number;
  readonly currency: string;
  /** After rounding and the least amount; 0: nothing is owed. */
  readonly owed: number;
  /** Why a credit above 0 comes to nothing. */
  readonly note: "below_minimum" | null;
}
