// How a claim is told to people, in each language: from when until when, where, with what, and whose records decide. Pure.
// Called by the page and by the calendar, so that both say the same.

import { Temporal } from "temporal-polyfill";
import type { Language } from "../../schema/words.ts";
import type { ClaimResult } from "./report-shape.ts";

interface ClaimWords {
  readonly accepted: (from: string, to: string, zone: string) => string;
  readonly channel: (channel: string) => string;
  readonly evidence: (list: readonly string[]) => string;
  readonly authority: Readonly<Record<ClaimResult["authority"], string>>;
}

const WORDS: Readonly<Record<Language, ClaimWords>> = {
  en: {
    accepted: (from, to, zone) => `Claims are accepted from ${from} until ${to} (${zone}).`,
    channel: (channel) => `Where: ${channel}`,
    evidence: (list) => `Bring along: ${list.join("; ")}`,
    authority: {
      provider: "The provider’s records decide.",
      customer: "The customer’s records decide.",
      "third-party": "A third party’s records decide.",
      joint: "Both sides’ records decide together.",
    },
  },
  zh: {
    accepted: (from, to, zone) => `索赔受理时间：${from} 至 ${to}（${zone}）。`,
    channel: (channel) => `提交方式：${channel}`,
    evidence: (list) => `所需材料：${list.join("；")}`,
    authority: {
      provider: "以服务商的记录为准。",
      customer: "以客户的记录为准。",
      "third-party": "以第三方的记录为准。",
      joint: "以双方共同认定的记录为准。",
    },
  },
};

/** A line for each thing to know; instants in `zone`, since a deadline need not be a midnight there. */
export function claimLines(claim: ClaimResult, zone: string, language: Language): readonly string[] {
  const words = WORDS[language];
  return [
    words.accepted(localTime(claim.opens_at, zone), localTime(claim.deadline_at, zone), zone),
    words.channel(claim.channel),
    ...(claim.evidence.length === 0 ? [] : [words.evidence(claim.evidence)]),
    words.authority[claim.authority],
  ];
}

/** 2026-12-07 00:00; with the offset from UTC in an hour that comes twice. */
function localTime(at: number, zone: string): string {
  const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  const local = zoned.toPlainDateTime();
  const text = local.toString({ smallestUnit: "minute" }).replace("T", " ");
  const [first, second] = (["earlier", "later"] as const).map((disambiguation) =>
    local.toZonedDateTime(zone, { disambiguation }),
  );
  return first?.offset === second?.offset ? text : `${text} ${zoned.offset}`;
}
