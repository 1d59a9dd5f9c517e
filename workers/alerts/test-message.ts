// The message that tries a channel out: it goes the way of all others and says that nothing has happened. Pure.

import type { Language } from "../../schema/words.ts";
import type { Alert } from "./alert.ts";

const WORDS: Readonly<Record<Language, { readonly title: string; sentence(who: string): string }>> = {
  en: {
    title: "TEST: nothing has happened",
    sentence: (who) => `${who} tries out this channel. Nothing is wrong, and nothing is to be done.`,
  },
  zh: { title: "测试：一切正常", sentence: (who) => `${who} 正在测试此通道。没有故障，无需处理。` },
};

export function testAlert(facts: {
  readonly key: string;
  readonly source: string;
  readonly target: string;
  readonly language: Language;
  readonly who: string;
  readonly now: number;
  readonly pageUrl: string | null;
}): Alert {
  const { key, source, target, language, who, now, pageUrl } = facts;
  const { title, sentence } = WORDS[language];
  return {
    key,
    incident: key,
    kind: "test",
    severity: "info",
    language,
    source,
    target,
    regions: [],
    title,
    sentence: sentence(who),
    facts: [],
    startedAt: now,
    endedAt: null,
    pageUrl,
    ackUrl: null,
  };
}
