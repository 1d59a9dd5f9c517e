// From composed history to the bytes of a page: names, addresses, notes. Pure: the present is an argument. Called by
// history-routes.tsx.
/* @jsxImportSource ./jsx */

import { createHash } from "node:crypto";

import type { RegionSnapshot, Snapshot } from "../workers/results/snapshot-shape.ts";
import { dayText, daysShown, monthText } from "./history-ask.ts";
import type { PeriodAsked } from "./history-ask.ts";
import { DAYS_SHOWN } from "./history-compose.ts";
import type { PeriodPast, RegionPast } from "./history-compose.ts";
import { dayView } from "./history-days.ts";
import type { CalendarPast, DayPast, Piece } from "./history-figures.ts";
import { cellsOf, sectionView } from "./history-view.ts";
import type { NamedPiece, PastWriting } from "./history-view.ts";
import type { PastJourney } from "./history.ts";
import type { Remembered } from "./incidents-memory.ts";
import { clock, dayIn, stamp, zoneName } from "./instants.ts";
import { DayPage } from "./pages/day.tsx";
import { HistoryIndexPage, PeriodPage } from "./pages/history.tsx";
import { RegionPage } from "./pages/region.tsx";
import type { Link } from "./parts/history-parts.tsx";
import type { Frame } from "./parts/layout.tsx";
import { regionView } from "./region-view.ts";
import { toBytes } from "./render.tsx";
import type { Rendering } from "./renderings.ts";
import type { HistoryWords } from "./words/history-words.ts";
import type { Words } from "./words/words.ts";

const MINUTE_MS = 60_000;

/** Who is shown what, as every page of the past needs it. */
export interface PastTelling {
  readonly frame: Frame;
  readonly said: HistoryWords;
  readonly target: string;
  readonly targetName: string;
  readonly journey: PastJourney;
  nameOf(region: string): string;
  readonly writing: Omit<PastWriting, "okMeans">;
  readonly now: number;
  /** Incidents have pages. */
  readonly incidents: boolean;
}

// Of the bytes themselves: what goes on changes with the minute.
function rendering(page: Parameters<typeof toBytes>[0], language: string): Rendering {
  const bytes = toBytes(page);
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 24);
  return { bytes, etag: `W/"past-${language}-${digest}"` };
}

const noticeOf = ({ stale, readAt }: Remembered<unknown>, { frame, said, now }: PastTelling): string | null =>
  stale ? said.away(stamp(readAt, frame.zone), frame.words.ago(now - readAt)) : null;

/** The address of a page of a target, in the language of the reader. */
function to({ frame, target }: PastTelling, ...parts: readonly string[]): string {
  return `/${[frame.words.language, "targets", target, ...parts].map(encodeURIComponent).join("/")}`;
}

const ofJourney = (journey: PastJourney): string => (journey === "loop" ? "" : `?journey=${journey}`);

/** Sums are in the page's zone, whatever the visitor chose. */
const sumNotes = ({ frame, said }: PastTelling): readonly string[] =>
  frame.zoneChosen === true
    ? [said.sumsInZone(zoneName(frame.ownZone), zoneName(frame.zone))]
    : [said.timesIn(zoneName(frame.ownZone))];

function incidentLink({ frame, said, incidents }: PastTelling): readonly Link[] {
  return incidents ? [{ href: `/${frame.words.language}/incidents`, word: said.incidents }] : [];
}

const okOf = (writing: PastWriting): string => writing.words.okRate[writing.okMeans];

/** Days, with the page of each that can be shown. */
function namedDays(telling: PastTelling, region: string, days: readonly CalendarPast[]): readonly NamedPiece[] {
  const { frame, said, now, journey } = telling;
  const { first, last } = daysShown(now, frame.zone);
  return days.map(({ number, zone, piece }) => {
    const name = dayText(number);
    const shown = number >= first && number <= last && piece.figures.minutes_expected > 0;
    const href = shown ? `${to(telling, "regions", region, "days", name)}${ofJourney(journey)}` : null;
    return {
      piece,
      name,
      short: name.slice(5),
      href,
      note: zone === frame.ownZone ? null : said.inZone(zoneName(zone)),
    };
  });
}

function namedMonths(telling: PastTelling, months: readonly CalendarPast[]): readonly NamedPiece[] {
  const { frame, said } = telling;
  return months.map(({ number, zone, piece }) => {
    const name = monthText(number);
    const href = piece.figures.minutes_expected > 0 ? to(telling, "history", name) : null;
    return { piece, name, short: name, href, note: zone === frame.ownZone ? null : said.inZone(zoneName(zone)) };
  });
}

function namedHours({ frame, now }: PastTelling, hours: readonly Piece[]): readonly NamedPiece[] {
  return hours.map((piece) => {
    const at = piece.fromMinute * MINUTE_MS;
    const name = clock(at, frame.zone, now).slice(0, -3);
    return { piece, name, short: name.slice(-5), href: null, note: null };
  });
}

/** The list of all targets that have a past. */
export function renderIndex(
  frame: Frame,
  said: HistoryWords,
  targets: readonly { id: string; name: string }[],
): Rendering {
  const { language } = frame.words;
  const list = targets.map(({ id, name }) => ({
    href: `/${language}/targets/${encodeURIComponent(id)}/history`,
    word: said.historyOf(name),
  }));
  const shared = { frame, said, title: said.history, notice: null, links: [], notes: [said.indexMore], raw: null };
  return rendering(<HistoryIndexPage {...shared} targets={list} />, language);
}

function periodTitle({ said, targetName, frame }: PastTelling, { kind, text }: PeriodAsked): string {
  if (kind === "last") return said.historyOf(targetName);
  const [year = "", month] = text.split("-");
  const at = Date.UTC(Number(year), Number(month ?? 1) - 1, 15);
  return said.historyIn(targetName, kind === "year" ? year : frame.words.month(at, "UTC"));
}

function periodLinks(telling: PastTelling, period: PeriodAsked, since: number | null): readonly Link[] {
  const { said, targetName, frame, now } = telling;
  const link = (word: string, ...parts: readonly string[]): Link => ({ href: to(telling, "history", ...parts), word });
  const last = Number(dayIn(now, frame.ownZone).slice(0, 4));
  const first = since === null ? last : Number(dayIn(since * MINUTE_MS, frame.ownZone).slice(0, 4));
  const years = Array.from({ length: Math.max(1, last - first + 1) }, (_, i) => String(last - i));
  return [
    ...(period.kind === "last" ? [] : [link(said.allOf(targetName))]),
    ...(period.before === null || Number(period.before.slice(0, 4)) < first
      ? []
      : [link(`← ${period.before}`, period.before)]),
    ...(period.after === null ? [] : [link(`${period.after} →`, period.after)]),
    ...(period.kind === "month"
      ? [link(period.text.slice(0, 4), period.text.slice(0, 4))]
      : years.map((year) => link(year, year))),
    ...incidentLink(telling),
  ];
}

/** Months or days of a target. */
export function renderPeriod(telling: PastTelling, found: Remembered<PeriodPast>, period: PeriodAsked): Rendering {
  const { frame, said, nameOf } = telling;
  const { parts, more, since } = found.value;
  const ofDays = period.kind === "month";
  const shown = parts.map(({ series, pieces, sum }) => {
    const writing = { ...telling.writing, okMeans: series.okMeans };
    const named = ofDays ? namedDays(telling, series.region, pieces) : namedMonths(telling, pieces);
    const name = nameOf(series.region);
    return {
      href: to(telling, "regions", series.region),
      name,
      ok: okOf(writing),
      sums: sum === null || sum.figures.minutes_expected === 0 ? null : cellsOf(sum, writing),
      section: sectionView(`s${series.id}`, name, named, writing),
    };
  });
  const page = {
    frame,
    said,
    title: periodTitle(telling, period),
    notice: noticeOf(found, telling),
    links: periodLinks(telling, period, since),
    notes: sumNotes(telling),
    raw: "/api/v1/series",
    parts: shown,
    more: more.map((region) => ({
      href: `${to(telling, "history", ...(period.text === "" ? [] : [period.text]))}?region=${encodeURIComponent(region)}`,
      word: nameOf(region),
    })),
    first: ofDays ? said.heads.day : said.heads.month,
  };
  return rendering(<PeriodPage {...page} />, frame.words.language);
}

/** What the front row says of a region now. */
export interface RegionNow {
  readonly region: RegionSnapshot;
  readonly snapshot: Snapshot;
}

function nowOf(found: RegionNow | null, { frame, now }: PastTelling, words: Words) {
  if (found === null) return null;
  const snapshot = { ...found.snapshot, time_zone: frame.zone };
  const { state, stateWord, because, place, lastRound } = regionView(found.region, snapshot, now, words);
  const sentence = because === null ? stateWord : words.missing([stateWord, because]);
  return {
    state,
    sentence,
    place: words.missing([place, lastRound]),
    asOf: words.dataAsOf(stamp(snapshot.composed_at, frame.zone), null, words.ago(now - snapshot.composed_at)),
  };
}

/** A region now and in the last hours, days and months. `journeys`: that have a past here. */
export function renderRegion(
  telling: PastTelling,
  found: Remembered<RegionPast>,
  region: string,
  now: RegionNow | null,
  journeys: readonly PastJourney[],
): Rendering {
  const { frame, said, journey } = telling;
  const { words } = frame;
  const { series, hours, days, months } = found.value;
  const writing = { ...telling.writing, okMeans: series.okMeans };
  const section = (id: string, heading: string, first: string, pieces: readonly NamedPiece[]) => ({
    id,
    heading,
    first,
    view: sectionView(id, heading, pieces, writing),
  });
  const title = said.regionOf(telling.targetName, telling.nameOf(region));
  const page = (
    <RegionPage
      frame={frame}
      said={said}
      title={journey === "loop" ? title : `${title} · ${words.journeys[journey]}`}
      notice={noticeOf(found, telling)}
      links={[{ href: to(telling, "history"), word: said.allOf(telling.targetName) }, ...incidentLink(telling)]}
      notes={sumNotes(telling)}
      raw={`/api/v1/series/${series.id}/hours`}
      now={nowOf(now, telling, words)}
      journeys={journeys.map((each) => ({
        href: `${to(telling, "regions", region)}${ofJourney(each)}`,
        word: words.journeys[each],
        current: each === journey,
      }))}
      sections={[
        section("hours", said.last24h, said.heads.hour, namedHours(telling, hours)),
        section("days", said.last90d(DAYS_SHOWN), said.heads.day, namedDays(telling, region, days)),
        section("months", said.months, said.heads.month, namedMonths(telling, months)),
      ]}
      ok={okOf(writing)}
    />
  );
  return rendering(page, words.language);
}

/** One day of a region, minute by minute, in the visitor's zone. */
export function renderDay(telling: PastTelling, found: Remembered<DayPast>, region: string, number: number): Rendering {
  const { frame, said, journey, now } = telling;
  const { words, zone } = frame;
  const past = found.value;
  const { series, day } = past;
  const writing = { ...telling.writing, okMeans: series.okMeans };
  const date = dayText(number);
  const name = telling.nameOf(region);
  const view = dayView(past, zone, name, date, writing);
  const named = past.hours.map((piece, i) => {
    const own = view.hours[i]?.name ?? "";
    return { piece, name: own, short: own.slice(0, 5), href: null, note: null };
  });
  const { first, last } = daysShown(now, zone);
  const other = (there: number, word: string): readonly Link[] =>
    there < first || there > last
      ? []
      : [
          {
            href: `${to(telling, "regions", region, "days", dayText(there))}${ofJourney(journey)}`,
            word: `${word} (${dayText(there)})`,
          },
        ];
  const span = `from=${day.fromMinute * MINUTE_MS}&to=${day.toMinute * MINUTE_MS}`;
  const rows = (kind: string): string => `/api/v1/series/${series.id}/${kind}?${span}`;
  const lasts = (day.toMinute - day.fromMinute) / 60;
  const page = (
    <DayPage
      frame={frame}
      said={said}
      title={said.dayOf(telling.targetName, name, date)}
      notice={noticeOf(found, telling)}
      links={[
        ...other(number - 1, said.dayBefore),
        ...other(number + 1, said.dayAfter),
        { href: `${to(telling, "regions", region)}${ofJourney(journey)}`, word: name },
        ...incidentLink(telling),
        { href: rows("minutes"), word: said.rawMinutes },
        { href: rows("hours"), word: said.rawHours },
      ]}
      notes={[said.dayInZone(zoneName(zone), said.hours(String(lasts)))]}
      raw={rows("minutes")}
      view={view}
      latency={sectionView("hours", said.hourly, named, writing)}
      ok={okOf(writing)}
      cut={past.hours.some(({ cut }) => cut)}
      otherRule={past.otherRule}
    />
  );
  return rendering(page, words.language);
}
