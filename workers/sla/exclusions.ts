// What a contract makes of the records by which somebody wants time not to count: which of them hold, for how many minutes, and
// why the others do not. A record never changes a minute: its span is handed to the fold, and figures without any exclusion are
// published beside those with them. Pure; called for each segment of a period before its minutes are folded.

// Imported, never feature-detected: see `results/calendar.ts`.
import { Temporal } from "temporal-polyfill";
import type { Contract, ExclusionRule, WeeklyWindow } from "../config/contracts/contract.ts";
import type { Span } from "../results/calendar.ts";
import type { ExcludedSpan } from "./part.ts";
import type { ExclusionRecord } from "./records.ts";
import type { JudgedExclusion } from "./report-shape.ts";

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;

type Refusal = JudgedExclusion["refused"];

/** A record with the minutes that it may take out before the cap is known. */
interface Weighed {
  readonly record: ExclusionRecord;
  readonly refused: Refusal;
  /** Ascending, apart. Empty where it is refused. */
  readonly spans: readonly Span[];
}

/**
 * The spans that do not count in `span`, and every record that touches it with what became of it, by its beginning. Spans lie
 * within `span` and may overlap each other: the fold takes their union. `records` may be those of other targets and contracts too.
 *
 * Only whole minutes within a record are taken out. A notice is proven by a proof, or by the record having been written in time:
 * a record without proof that was written later than its contract wants the announcement is refused (`no_proof`), whatever it
 * claims. A cap counts minutes of the union of a type's records, whatever their regions, the earliest first, within `span`. A record
 * all of whose regions are foreign to the contract is `not_in_contract`. A withdrawal cannot be withdrawn: write the record anew.
 */
export function judgeExclusions(
  contract: Contract,
  span: Span,
  records: readonly ExclusionRecord[],
): { readonly spans: readonly ExcludedSpan[]; readonly judged: readonly JudgedExclusion[] } {
  const own = records.filter(
    (each) => each.target === contract.target && (each.contract === null || each.contract === contract.id),
  );
  const weighed = own
    .filter((each) => each.withdraws === null && touches(each, span))
    .sort((a, b) => a.fromAt - b.fromAt || a.id - b.id)
    .map((record) => weigh(contract, span, record, own));
  const spans: ExcludedSpan[] = [];
  const judged: JudgedExclusion[] = [];
  for (const { record, refused, spans: wanted } of weighed) {
    const cap = ruleOf(contract, record)?.capMinutes ?? null;
    const sameType = weighed.filter((each) => each.record.type === record.type).flatMap((each) => each.spans);
    const kept = cap === null ? wanted : overlap(wanted, firstMinutes(union(sameType), cap));
    const minutes = lengthOf(kept);
    spans.push(...kept.map((each) => ({ ...each, regions: record.regions })));
    judged.push(judgedOf(record, minutes, minutes < lengthOf(wanted) ? "over_cap" : refused));
  }
  return { spans, judged };
}

function weigh(contract: Contract, span: Span, record: ExclusionRecord, own: readonly ExclusionRecord[]): Weighed {
  const rule = ruleOf(contract, record);
  const isForeign = record.regions !== null && !record.regions.some((region) => contract.regions.includes(region));
  if (own.some((each) => each.withdraws === record.id && each.id > record.id)) {
    return { record, refused: "withdrawn", spans: [] };
  }
  if (rule === undefined || isForeign) return { record, refused: "not_in_contract", spans: [] };
  const refused = refusalOf(rule, record);
  if (refused !== null) return { record, refused, spans: [] };
  const within = clip(
    { fromMinute: Math.ceil(record.fromAt / MINUTE_MS), toMinute: Math.floor(record.toAt / MINUTE_MS) },
    span,
  );
  if (rule.window === null) return { record, refused: null, spans: within };
  const { window } = rule;
  const spans = within.flatMap((each) => inWindow(each, window, contract.period.zone));
  return { record, refused: lengthOf(spans) < lengthOf(within) ? "outside_window" : null, spans };
}

/** Why a record of the rule's type does not count at all; null: it does. */
function refusalOf(rule: ExclusionRule, { fromAt, announcedAt, recordedAt, proof }: ExclusionRecord): Refusal {
  if (rule.noticeMs !== null) {
    const latestAt = fromAt - rule.noticeMs;
    if (announcedAt === null) return "not_announced";
    if (announcedAt > latestAt) return "short_notice";
    // Claimed in time, written down too late: without a proof it is a claim and no notice.
    if (proof === null && recordedAt > latestAt) return "no_proof";
  }
  return rule.needsProof && proof === null ? "no_proof" : null;
}

/**
 * The minutes of a span at which a clock in the zone shows a time within the window: an hour that is skipped is in no window, and
 * one that comes twice is in it twice. Between two changes of the zone's offset the week is plain arithmetic.
 */
function inWindow({ fromMinute, toMinute }: Span, { days, ...hours }: WeeklyWindow, zone: string): Span[] {
  const spans: Span[] = [];
  for (let at = fromMinute; at < toMinute;) {
    const here = Temporal.Instant.fromEpochMilliseconds(at * MINUTE_MS).toZonedDateTimeISO(zone);
    const change = here.getTimeZoneTransition("next");
    const until = change === null ? toMinute : Math.min(toMinute, Math.ceil(change.epochMilliseconds / MINUTE_MS));
    const ahead = here.offsetNanoseconds / 1e6 / MINUTE_MS;
    for (let day = Math.floor((at + ahead) / DAY_MINUTES); day * DAY_MINUTES < until + ahead; day++) {
      if (!days.includes(isoWeekday(day))) continue;
      const midnight = day * DAY_MINUTES - ahead;
      const open = { fromMinute: midnight + hours.fromMinute, toMinute: midnight + hours.toMinute };
      spans.push(...clip(open, { fromMinute: at, toMinute: until }));
    }
    at = until;
  }
  return union(spans);
}

/** Of a day since 1970-01-01, a Thursday: 1 is Monday. */
function isoWeekday(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

function ruleOf(contract: Contract, { type }: ExclusionRecord): ExclusionRule | undefined {
  return contract.exclusions.find((rule) => rule.type === type);
}

function touches({ fromAt, toAt }: ExclusionRecord, { fromMinute, toMinute }: Span): boolean {
  return Math.max(fromAt, fromMinute * MINUTE_MS) < Math.min(toAt, toMinute * MINUTE_MS);
}

function clip(span: Span, bounds: Span): Span[] {
  const fromMinute = Math.max(span.fromMinute, bounds.fromMinute);
  const toMinute = Math.min(span.toMinute, bounds.toMinute);
  return fromMinute < toMinute ? [{ fromMinute, toMinute }] : [];
}

/** Ascending and apart: what overlaps or touches is one. */
function union(spans: readonly Span[]): Span[] {
  const joined: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.fromMinute - b.fromMinute)) {
    const last = joined.at(-1);
    if (last === undefined || last.toMinute < span.fromMinute) joined.push(span);
    else joined.splice(-1, 1, { ...last, toMinute: Math.max(last.toMinute, span.toMinute) });
  }
  return joined;
}

/** The first so many minutes of ascending spans. */
function firstMinutes(spans: readonly Span[], minutes: number): Span[] {
  let left = minutes;
  return spans.flatMap((span) => {
    const kept = clip(span, { ...span, toMinute: span.fromMinute + left });
    left -= lengthOf(kept);
    return kept;
  });
}

function overlap(spans: readonly Span[], others: readonly Span[]): Span[] {
  return spans.flatMap((span) => others.flatMap((other) => clip(span, other)));
}

function lengthOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { fromMinute, toMinute }) => sum + toMinute - fromMinute, 0);
}

function judgedOf(record: ExclusionRecord, minutes: number, refused: Refusal): JudgedExclusion {
  return {
    id: record.id,
    type: record.type,
    from: record.fromAt,
    to: record.toAt,
    regions: record.regions,
    announced_at: record.announcedAt,
    author: record.author,
    reason: record.reason,
    proof: record.proof,
    recorded_at: record.recordedAt,
    minutes,
    refused,
  };
}
