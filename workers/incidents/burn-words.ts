// What a burning budget is called, in each language, with its numbers. Pure. Shares are cut off, never rounded up. Called by
// whoever keeps the incident of kind `budget` that `burn.ts` asks for.

import type { Journey, Language } from "../../schema/words.ts";
import type { Period } from "../config/contracts/contract.ts";
import type { BurnObjective, BurnPairName, BurnReading, Burning } from "./burn.ts";
import type { Sentence } from "./incident.ts";

interface BurnWords {
  readonly period: Readonly<Record<Period["unit"], string>>;
  readonly budget: Readonly<Record<BurnObjective["kind"], string>>;
  readonly span: Readonly<Record<BurnPairName, string>>;
  readonly counted: Readonly<Record<Journey, string>>;
  /** `limit`: "200 ms"; null: no limit. */
  readonly bad: (limit: string | null) => string;
  readonly sentence: (said: {
    readonly period: string;
    readonly budget: string;
    readonly times: string;
    readonly bad: string;
    readonly n: string;
    readonly counted: string;
    readonly was: string;
    readonly span: string;
  }) => string;
}

const WORDS: Readonly<Record<Language, BurnWords>> = {
  en: {
    period: { month: "month", quarter: "quarter", year: "year" },
    budget: { ratio: "delivery", quantile: "latency" },
    span: { "1h": "hour", "6h": "6 hours", "1d": "24 hours", "3d": "3 days" },
    counted: {
      loop: "messages",
      mesh: "messages",
      room: "deliveries",
      dialogue: "turns",
      connect: "connections",
    },
    bad: (limit) => (limit === null ? "lost or refused" : `lost, refused or over the limit of ${limit}`),
    sentence: ({ period, budget, times, bad, n, counted, was, span }) =>
      `The ${period}’s ${budget} budget burns ${times} times as fast as it may: ${bad} of ${n} ${counted} ${was} in the last ${span}.`,
  },
  zh: {
    period: { month: "月度", quarter: "季度", year: "年度" },
    budget: { ratio: "送达", quantile: "延迟" },
    span: { "1h": "1 小时", "6h": "6 小时", "1d": "24 小时", "3d": "3 天" },
    // The first sign is the measure word.
    counted: {
      loop: "条消息",
      mesh: "条消息",
      room: "次投递",
      dialogue: "轮对话",
      connect: "次连接",
    },
    bad: (limit) => (limit === null ? "丢失或被拒绝" : `丢失、被拒绝或超过 ${limit} 的上限`),
    sentence: ({ period, budget, times, bad, n, counted, was, span }) =>
      `${period}${budget}预算的消耗速度是允许值的 ${times} 倍：最近 ${span}内，${n} ${counted}中有 ${bad} ${counted[0]}${was}。`,
  },
};

/**
 * "The month’s delivery budget burns 18 times as fast as it may: 61 of 33,600 messages lost or refused in the last hour." By the
 * fastest pair that is on, or else the fastest that has been. Null: nothing was measured in its windows, and the sentence of before
 * stands.
 */
export function burnSentence(
  state: Burning,
  reading: BurnReading,
  objective: BurnObjective,
  unit: Period["unit"],
): Sentence | null {
  const been = reading.pairs.filter(({ name, long }) => state.pairs.includes(name) && long.rate !== null);
  const told = been.find(({ isOn }) => isOn) ?? been[0];
  if (told === undefined) return null;
  const { name, long } = told;
  const limitMs = objective.kind === "ratio" ? objective.withinMs : objective.limitMs;
  const say = (words: BurnWords): string =>
    words.sentence({
      period: words.period[unit],
      budget: words.budget[objective.kind],
      times: timesOf(long.rate ?? 0),
      bad: WHOLE.format(long.bad),
      n: WHOLE.format(long.attempted),
      counted: words.counted[objective.journey],
      was: words.bad(limitMs === null ? null : `${WHOLE.format(limitMs)} ms`),
      span: words.span[name],
    });
  return { en: say(WORDS.en), zh: say(WORDS.zh) };
}

// Both languages write numbers alike.
const WHOLE = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** 18, 2.4: one decimal below ten, cut off. */
function timesOf(rate: number): string {
  // The product of a rate and ten misses a decimal by far less.
  const tenths = Math.floor(rate * 10 + 1e-6);
  return tenths >= 100 ? WHOLE.format(Math.floor(tenths / 10)) : String(tenths / 10);
}
