// What a user may write about a contract: the types that an editor completes. A preset is the same thing, written by us. Decides
// nothing: `contracts.ts` judges. Shares are proportions (99.9 % is .999).

import type { Journey } from "../../../schema/words.ts";
import type { LabelInput } from "../define.ts";
import type { PresetName } from "./preset-names.ts";
import type { Bad, Clock, ExclusionType, PauseReason, RegionRule, Severity } from "./contract.ts";

/** "90s", "15min", "4h", "2d" (24 hours each). */
export type SpanText = `${number}s` | `${number}min` | `${number}h` | `${number}d`;
/** "30d": days; "5bd": business days; "2cycles": billing periods. They end with the day. */
export type ClaimSpanText = `${number}d` | `${number}bd` | `${number}cycles`;
/** "14:30" */
type Clocktime = `${number}:${number}`;

export interface WindowInput {
  /** "mon" to "sun"; "mon-fri" is five of them. */
  readonly days: readonly string[];
  readonly from: Clocktime;
  /** "24:00" is the end of the day. */
  readonly to: Clocktime;
}

interface AnyObjectiveInput {
  readonly id: string;
  /** Default "loop"; "connect" for a quantile of direction "connect". The target must measure it. */
  readonly journey?: Journey;
}

export type ObjectiveInput =
  | (AnyObjectiveInput & {
      readonly kind: "slots";
      readonly target: number;
      /** "60s", "300s" or "600s". Default "60s". */
      readonly slot?: "60s" | "300s" | "600s";
      /** Default ["lost", "error"]. */
      readonly bad?: readonly Bad[];
      /** Needed with "late"; one of the objectives' `limits`. */
      readonly late?: `${number}ms` | `${number}s`;
      /** Default { rate: ">= .2" }. */
      readonly downIf?: "all-fail" | "fractional" | { readonly rate: string } | { readonly count: number };
      /** Default 1. */
      readonly minSamples?: number;
      /** Default "unmeasured". */
      readonly belowMin?: "unmeasured" | "up" | "down";
      /** Default 1. */
      readonly minRunSlots?: number;
      /** Default "exact". */
      readonly runRounding?: "exact" | "ceil-minute";
      /** Default "measured". */
      readonly denominator?: "measured" | "all";
      /** Default "drop". */
      readonly excludedSlots?: "drop" | "count-up";
    })
  | (AnyObjectiveInput & {
      readonly kind: "ratio";
      readonly target: number;
      /** Good is within this; default: by the deadline. One of the objectives' `limits`. */
      readonly within?: `${number}ms` | `${number}s`;
      /** Default .95. */
      readonly confidence?: number;
    })
  | (AnyObjectiveInput & {
      readonly kind: "quantile";
      readonly q: number;
      readonly limit: `${number}ms` | `${number}s`;
      /** No default: contracts say "P99 < 200 ms" and leave it out, so somebody has to decide. */
      readonly direction: "delivery" | "round-trip" | "connect";
      readonly confidence?: number;
    })
  | {
      readonly id: string;
      readonly kind: "duration";
      readonly of: "detect" | "ack" | "recover";
      readonly limit: SpanText;
      /** Default "max". */
      readonly stat?: "max" | "mean" | "p90";
    };

export interface ExclusionInput {
  readonly type: ExclusionType;
  /** Announced at least so long before. "0s": announced before it began. Left out: need not be. */
  readonly notice?: SpanText;
  readonly capMinutes?: number;
  readonly window?: WindowInput;
  /** Default true, but for scheduled-maintenance, where it is false. */
  readonly needsProof?: boolean;
}

export type CreditInput = {
  /** Default: the first objective of kind slots or ratio. */
  readonly objective?: string;
} & (
  | { readonly kind: "ladder"; readonly tiers: readonly { below: number; atLeast: number; pct: number }[] }
  | { readonly kind: "accelerated"; readonly factor: number }
  | { readonly kind: "per-hour"; readonly feeDays: number; readonly hours?: "started" | "whole" | "exact" }
);

/** All that a preset may say. */
export interface TermsInput {
  /** Default: all regions that measure the target. */
  readonly regions?: readonly string[];
  /** Default "each". */
  readonly regionRule?: RegionRule;
  readonly period?: {
    /** Default "month". */
    readonly unit?: "month" | "quarter" | "year";
    /** Default "calendar". */
    readonly anchor?: "calendar" | "service-start" | "billing-day";
    /** Needed with "billing-day", 1 to 31. */
    readonly anchorDay?: number;
    /** Default: the configuration's timeZone. */
    readonly zone?: string;
    /** Default "none". */
    readonly clip?: "calendar" | "none";
  };
  /** Needed, unless the preset brings them. Those given here take the place of the preset's. */
  readonly objectives?: readonly ObjectiveInput[];
  readonly exclusions?: readonly ExclusionInput[];
  readonly credits?: readonly CreditInput[];
  readonly creditTerms?: {
    /** Default "service-fee". */
    readonly basis?: "service-fee" | "region-fee" | "total-fee";
    /** Default 100. */
    readonly capPct?: number;
    readonly minAmount?: number;
    /** Default "credit". */
    readonly form?: "credit" | "voucher" | "cash";
    /** Default "max". */
    readonly stacking?: "max" | "sum";
    readonly onePerIncident?: boolean;
    /** Default .01. */
    readonly roundTo?: number;
    /** Default "down". */
    readonly rounding?: "down" | "up" | "nearest";
  };
  readonly claim?: {
    readonly opensAfter?: ClaimSpanText;
    readonly deadline: ClaimSpanText;
    /** Default "period-end". */
    readonly from?: "period-end" | "incident";
    readonly channel: string;
    readonly evidence?: readonly string[];
    /** Default "provider". */
    readonly authority?: "provider" | "customer" | "third-party" | "joint";
    readonly calendar?: string;
  };
  readonly calendars?: Readonly<
    Record<
      string,
      {
        readonly zone: string;
        readonly hours: readonly WindowInput[];
        readonly holidays?: readonly string[];
        readonly workdays?: readonly string[];
      }
    >
  >;
  readonly support?: readonly {
    readonly severity: Severity;
    readonly clock: Clock;
    readonly target: SpanText;
    /** Default "24x7". */
    readonly calendar?: string;
    /** Default []. */
    readonly pauseOn?: readonly PauseReason[];
    /** Default "human-reply". */
    readonly stopOn?: "human-reply" | "auto";
  }[];
  readonly escalation?: readonly {
    readonly level: number;
    readonly after: SpanText;
    readonly to: string;
    readonly channel: string;
  }[];
}

export interface ContractInput extends TermsInput {
  /** Lower case letters, digits, dashes. Entries with the same id are versions of one contract. */
  readonly id: string;
  /** Default 1. */
  readonly version?: number;
  /** Default: the id. */
  readonly label?: LabelInput;
  /** Default "standard". */
  readonly tier?: string;
  /** Default "public". "access" needs `access` in the configuration. */
  readonly page?: "public" | "access";
  /** Whose terms it begins with; every entry beside it takes the place of the preset's. */
  readonly preset?: PresetName;
  /** Id of a target. */
  readonly target: string;
  /** Days in the period's zone, both included. */
  readonly effective: { readonly from: string; readonly to?: string };
  /** Never published. */
  readonly fee?: { readonly amount: number; readonly currency: string };
}
