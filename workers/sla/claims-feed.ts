// The deadlines of claims as an iCal feed (RFC 5545), so that nobody loses a credit by forgetting it. Pure: the stamp is an
// argument, and the same reports give the same bytes. Says percentages of the fee, never amounts. Called by the page.

import { ICalCalendar, ICalCalendarMethod, ICalEventTransparency, escape as escapeText } from "ical-generator";
import { Temporal } from "temporal-polyfill";
import type { Language } from "../../schema/words.ts";
import type { Report } from "./report-shape.ts";

const HOUR_MS = 3_600_000;
const DAY_S = 86_400;

type ClaimedReport = Pick<Report, "contract" | "period" | "claim" | "revision" | "credit">;
type Claim = NonNullable<Report["claim"]>;

interface ClaimsFeedOptions {
  /** Of the whole calendar. */
  readonly name: string;
  /** The report's page, absolute. */
  readonly url: (contract: string, period: string) => string;
  /** When the feed's content last changed, ms since the epoch: DTSTAMP of all events. */
  readonly stampAt: number;
  readonly language: Language;
}

interface FeedWords {
  readonly summary: (label: string, period: string, pct: string) => string;
  readonly accepted: (from: string, to: string, zone: string) => string;
  readonly channel: (channel: string) => string;
  readonly evidence: (list: readonly string[]) => string;
  readonly authority: Readonly<Record<Claim["authority"], string>>;
}

const WORDS: Readonly<Record<Language, FeedWords>> = {
  en: {
    summary: (label, period, pct) => `Claim deadline: ${label} ${period} (${pct} % of the fee)`,
    accepted: (from, to, zone) => `Claims are accepted from ${from} until ${to} (${zone}).`,
    channel: (channel) => `Where: ${channel}`,
    evidence: (list) => `Bring along: ${list.join("; ")}`,
    authority: {
      provider: "The provider's records decide.",
      customer: "The customer's records decide.",
      "third-party": "A third party's records decide.",
      joint: "Both sides' records decide together.",
    },
  },
  zh: {
    summary: (label, period, pct) => `索赔截止：${label} ${period}（费用的 ${pct}%）`,
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

/**
 * One event for each claim of a closed period: the last hour before the deadline, which is the instant at which it is too late.
 * A report without a claim, or one whose credit is only provisional, has none. CRLF line ends, folded at 75 octets.
 */
export function claimsCalendar(reports: readonly ClaimedReport[], options: ClaimsFeedOptions): string {
  const calendar = new ICalCalendar({
    prodId: { company: "sonde", product: "claims", language: options.language },
    // The library writes this one as it is.
    name: escapeText(printable(options.name), false),
    method: ICalCalendarMethod.PUBLISH,
    ttl: DAY_S,
  });
  for (const { contract, period, claim, revision, credit } of reports) {
    if (claim === null || credit.provisional) continue;
    const words = WORDS[options.language];
    calendar.createEvent({
      // Everything that the library would take from clock or chance is given.
      id: `claim/${contract.id}/${period.name}`,
      stamp: new Date(options.stampAt),
      sequence: revision,
      start: new Date(claim.deadline_at - HOUR_MS),
      end: new Date(claim.deadline_at),
      summary: printable(words.summary(contract.label[options.language], period.name, percentOf(credit.pct))),
      description: descriptionOf(claim, period.zone, words).map(printable).join("\n"),
      url: uriOf(options.url(contract.id, period.name)),
      // A deadline keeps nobody from meeting somebody.
      transparency: ICalEventTransparency.TRANSPARENT,
    });
  }
  return `${calendar.toString()}\r\n`;
}

function descriptionOf(claim: Claim, zone: string, words: FeedWords): string[] {
  return [
    words.accepted(localTime(claim.opens_at, zone), localTime(claim.deadline_at, zone), zone),
    words.channel(claim.channel),
    ...(claim.evidence.length === 0 ? [] : [words.evidence(claim.evidence)]),
    words.authority[claim.authority],
  ];
}

/** 2026-12-07 00:00 */
function localTime(at: number, zone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDateTime();
  return local.toString({ smallestUnit: "minute" }).replace("T", " ");
}

/** At most two decimals, cut off. */
function percentOf(pct: number): string {
  return new Intl.NumberFormat("en", { maximumFractionDigits: 2, roundingMode: "floor", useGrouping: false }).format(
    pct,
  );
}

/** On one line, without the control characters that RFC 5545 forbids in text. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, " ");
}

/** The library escapes text in addresses, where a backslash means something else: what it would escape is encoded instead. */
function uriOf(url: string): string {
  return new URL(url).href.replaceAll(",", "%2C").replaceAll(";", "%3B").replaceAll("\\", "%5C");
}
