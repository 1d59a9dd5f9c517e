// The deadlines of claims as an iCal feed (RFC 5545), so that nobody loses a credit by forgetting it. Pure: the stamp is an
// argument, and the same reports give the same bytes. Says percentages of the fee, never amounts. Called by the page.

import { ICalCalendar, ICalCalendarMethod, ICalEventTransparency, escape as escapeText } from "ical-generator";
import type { Language } from "../../schema/words.ts";
import { claimLines } from "./claim-words.ts";
import type { Report } from "./report-shape.ts";

const HOUR_MS = 3_600_000;
const DAY_S = 86_400;

type ClaimedReport = Pick<Report, "contract" | "period" | "claim" | "revision" | "credit">;

interface ClaimsFeedOptions {
  /** Of the whole calendar. */
  readonly name: string;
  /** The report's page, absolute. */
  readonly url: (contract: string, period: string) => string;
  /** When the feed's content last changed, ms since the epoch: DTSTAMP of all events. */
  readonly stampAt: number;
  readonly language: Language;
}

const SUMMARIES: Readonly<Record<Language, (label: string, period: string, pct: string) => string>> = {
  en: (label, period, pct) => `Claim deadline: ${label} ${period} (${pct} % of the fee)`,
  zh: (label, period, pct) => `索赔截止：${label} ${period}（费用的 ${pct}%）`,
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
    const { language } = options;
    calendar.createEvent({
      // Everything that the library would take from clock or chance is given.
      id: `claim/${contract.id}/${period.name}`,
      stamp: new Date(options.stampAt),
      sequence: revision,
      start: new Date(claim.deadline_at - HOUR_MS),
      end: new Date(claim.deadline_at),
      summary: printable(SUMMARIES[language](contract.label[language], period.name, percentOf(credit.pct))),
      description: claimLines(claim, period.zone, language).map(printable).join("\n"),
      url: uriOf(options.url(contract.id, period.name)),
      // A deadline keeps nobody from meeting somebody.
      transparency: ICalEventTransparency.TRANSPARENT,
    });
  }
  return `${calendar.toString()}\r\n`;
}

/** At most two decimals, cut off. */
function percentOf(pct: number): string {
  return new Intl.NumberFormat("en", { maximumFractionDigits: 2, roundingMode: "floor", useGrouping: false }).format(
    pct,
  );
}

/** On one line, without the control characters that RFC 5545 forbids in text, and without what turns its direction (Unicode TR 9). */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu, " ");
}

/** The library escapes text in addresses, where a backslash means something else: what it would escape is encoded instead. */
function uriOf(url: string): string {
  return new URL(url).href.replaceAll(",", "%2C").replaceAll(";", "%3B").replaceAll("\\", "%5C");
}
