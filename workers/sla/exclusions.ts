// What a contract makes of the records by which somebody wants time not to count: which of them hold, for how many minutes, and
// why the others do not. A record never changes a minute: its span is handed to the fold, and figures without any exclusion are
// published beside those with them. Pure; called once for all segments of a period, before their minutes are folded.

// Imported, never feature-detected: see `results/calendar.ts`.
import { Temporal } from "temporal-polyfill";
import type { Contract, ExclusionRule, ExclusionType, WeeklyWindow } from "../config/contracts/contract.ts";
import type { Span } from "../results/calendar.ts";
import type { ExcludedSpan } from "./part.ts";
import type { VersionSpan } from "./periods.ts";
import type { ExclusionRecord } from "./records.ts";
import type { JudgedExclusion } from "./report-shape.ts";

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;

type Refusal = JudgedExclusion["refused"];

/** A record with the minutes that it takes out of one part: at first those that it may, then what the cap leaves of them. */
interface Weighed {
  readonly record: ExclusionRecord;
  readonly refused: Refusal;
  /** Ascending, apart. Empty where it is refused. */
  readonly spans: readonly Span[];
}

/**
 * The spans that do not count, for each of the parts of one period (versions of a contract, ascending, apart), and every record that
 * touches any of them once, with what became of it, by its beginning. Spans lie within their part and may overlap each other: the
 * fold takes their union. `records` may be those of other targets and contracts too.
 *
 * Only whole minutes within a record are taken out. A notice is proven by a proof, or by the record having been written in time:
 * a record without proof that was written later than its contract wants the announcement is refused (`no_proof`), whatever it
 * claims. A cap counts minutes of the union of a type's records, whatever their regions, the earliest first, since the period
 * began: what was taken out under the version before is used up, whether that one had a cap or not. A record all of whose
 * regions are foreign to the contract is `not_in_contract`. A withdrawal cannot be withdrawn: write the record anew.
 */
export function judgeExclusions(
  parts: readonly VersionSpan[],
  records: readonly ExclusionRecord[],
): { readonly spans: readonly (readonly ExcludedSpan[])[]; readonly judged: readonly JudgedExclusion[] } {
  const used = new Map<ExclusionType, number>();
  const inParts = parts.map((part) => judgePart(part, records, used));
  const byRecord = Map.groupBy(inParts.flat(), ({ record }) => record.id);
  return {
    spans: inParts.map((part) =>
      part.flatMap(({ record, spans }) => spans.map((each) => ({ ...each, regions: record.regions }))),
    ),
    judged: [...byRecord.values()].flatMap(judgedOf).sort((a, b) => a.from - b.from || a.id - b.id),
  };
}

/** `used`: minutes that earlier parts have taken out, by type. Those of this part are added to it. */
function judgePart(
  { contract, ...span }: VersionSpan,
  records: readonly ExclusionRecord[],
  used: Map<ExclusionType, number>,
): Weighed[] {
  const own = records.filter(
    (each) => each.target === contract.target && (each.contract === null || each.contract === contract.id),
  );
  const weighed = own
    .filter((each) => each.withdraws === null && touches(each, span))
    .sort((a, b) => a.fromAt - b.fromAt || a.id - b.id)
    .map((record) => weigh(contract, span, record, own));
  const allowed = new Map<ExclusionType, readonly Span[]>();
  for (const [type, same] of Map.groupBy(weighed, ({ record }) => record.type)) {
    const before = used.get(type) ?? 0;
    const cap = ruleOf(contract, type)?.capMinutes ?? Infinity;
    const kept = firstMinutes(union(same.flatMap(({ spans }) => spans)), Math.max(0, cap - before));
    used.set(type, before + lengthOf(kept));
    allowed.set(type, kept);
  }
  return weighed.map(({ record, refused, spans }) => {
    const kept = overlap(spans, allowed.get(record.type) ?? []);
    return { record, refused: lengthOf(kept) < lengthOf(spans) ? "over_cap" : refused, spans: kept };
  });
}

function weigh(contract: Contract, span: Span, record: ExclusionRecord, own: readonly ExclusionRecord[]): Weighed {
  const rule = ruleOf(contract, record.type);
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

function ruleOf(contract: Contract, type: ExclusionType): ExclusionRule | undefined {
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

/**
 * What became of a record in all of its parts. A part of it that counts leaves only what cut the rest short to be said: an objection
 * of another version to its own part says nothing against this one. Where nothing counts it is the first objection.
 */
function judgedOf(parts: readonly Weighed[]): readonly JudgedExclusion[] {
  const [first] = parts;
  if (first === undefined) return [];
  const { record } = first;
  const minutes = parts.reduce((sum, { spans }) => sum + lengthOf(spans), 0);
  const objections = parts.flatMap(({ refused }) => refused ?? []);
  const cut = objections.find((word) => word === "over_cap" || word === "outside_window");
  const judged: JudgedExclusion = {
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
    refused: (minutes > 0 ? cut : objections[0]) ?? null,
  };
  return [judged];
}
