// The one sentence of an incident that Sonde has opened, in each language: what was measured, with its numbers. Guesses no cause.
// Labels are put in as they are: whoever shows the sentence escapes it. Pure. Called at each look by `look.ts`.

import type { Language } from "../../schema/words.ts";
import type { Config } from "../config/config.ts";
import type { Sentence } from "./incident.ts";
import type { StoryFacts } from "./story.ts";

interface LookWords {
  readonly tag: string;
  readonly list: (names: readonly string[]) => string;
  readonly outage: (names: string, bad: string, attempted: string) => string;
  readonly brownout: (names: string, bad: string, attempted: string) => string;
  readonly slow: (names: string, attempted: string) => string;
  readonly blind: (names: string, why: string) => string;
  readonly reasons: Readonly<Record<string, string>>;
  readonly unknown: string;
}

const WORDS: Readonly<Record<Language, LookWords>> = {
  en: {
    tag: "en",
    list: (names) => (names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`),
    outage: (names, bad, attempted) => `${names}: ${bad} of ${attempted} messages lost or refused.`,
    brownout: (names, bad, attempted) =>
      `${names}: ${bad} of ${attempted} messages lost or refused, or many late; not enough for an outage.`,
    slow: (names, attempted) => `${names}: messages arrive, but too many of ${attempted} are late.`,
    blind: (names, why) => `Nothing is measured from ${names}: ${why}. That says nothing about the service.`,
    reasons: {
      silence: "its prober does not report",
      new: "its prober has never reported",
      not_sent: "fewer than half of its messages were sent",
      scheduler_lag: "its prober is woken too late",
      clock_step: "its prober's clock was wrong",
      platform: "the platform failed it",
      configuration: "its configuration is wrong",
      credentials: "its own credentials are refused",
      controls: "its control checks fail, so its own network is at fault",
      moved: "its prober was moved elsewhere",
      peer: "the other side does not report",
      duty: "whoever looks at its rounds fails",
    },
    unknown: "nobody knows why",
  },
  zh: {
    tag: "zh",
    list: (names) => names.join("、"),
    outage: (names, bad, attempted) => `${names}：${attempted} 条消息中有 ${bad} 条丢失或被拒绝。`,
    brownout: (names, bad, attempted) =>
      `${names}：${attempted} 条消息中有 ${bad} 条丢失或被拒绝，或有多条迟到；尚不构成中断。`,
    slow: (names, attempted) => `${names}：消息能够送达，但 ${attempted} 条中迟到的过多。`,
    blind: (names, why) => `${names}没有任何测量结果：${why}。这并不说明服务有问题。`,
    reasons: {
      silence: "探测器没有上报",
      new: "探测器从未上报",
      not_sent: "发出的消息不到一半",
      scheduler_lag: "探测器被唤醒得太晚",
      clock_step: "探测器的时钟有误",
      platform: "平台故障",
      configuration: "配置有误",
      credentials: "自身凭据被拒绝",
      controls: "对照检查失败，是自身网络的问题",
      moved: "探测器被移到别处",
      peer: "对端没有上报",
      duty: "负责查看其结果的程序出错",
    },
    unknown: "原因不明",
  },
};

const NAMED_MAX = 3;

/** `place`: where an outage is, asked for only where it is told. */
export function storySentence(
  story: StoryFacts,
  { regions: all }: Pick<Config, "regions">,
  place: () => Sentence | null,
): Sentence {
  const placed = story.kind === "outage" ? place() : null;
  if (placed !== null) return placed;
  const say = (language: Language): string => {
    const words = WORDS[language];
    const number = (count: number): string => count.toLocaleString(words.tag);
    const names = story.regions.map((region) => all.find(({ id }) => id === region)?.label[language] ?? region);
    const rest = names.length - NAMED_MAX;
    const named = words.list(rest > 0 ? [...names.slice(0, NAMED_MAX), `+${rest}`] : names);
    if (story.kind === "blind") return words.blind(named, words.reasons[story.reason ?? ""] ?? words.unknown);
    const bad = story.impact.reduce((sum, each) => sum + each.bad, 0);
    const attempted = story.impact.reduce((sum, each) => sum + each.attempted, 0);
    if (bad === 0) return words.slow(named, number(attempted));
    return words[story.kind](named, number(bad), number(attempted));
  };
  return { en: say("en"), zh: say("zh") };
}
