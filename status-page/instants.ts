// Instants as people read them, in a named zone, and the calendar days of the bars. Pure: the present is an argument.
// Always 24 hours and ISO order, the same in every language, since these are compared with logs.

const clocks = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string): Intl.DateTimeFormat {
  let format = clocks.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    clocks.set(zone, format);
  }
  return format;
}

interface Parts {
  readonly date: string;
  readonly time: string;
}

/** The last few instants: a page asks for each of its own several times, and Intl takes its time. */
const lately = new Map<string, Parts>();
const LATELY_MOST = 64;

function parts(at: number, zone: string): Parts {
  const key = `${Math.floor(at / 1000)} ${zone}`;
  const known = lately.get(key);
  if (known !== undefined) return known;
  const fresh = freshParts(at, zone);
  if (lately.size >= LATELY_MOST) lately.clear();
  lately.set(key, fresh);
  return fresh;
}

function freshParts(at: number, zone: string): Parts {
  const found: Record<string, string> = {};
  for (const part of formatter(zone).formatToParts(at)) found[part.type] = part.value;
  return {
    date: `${found["year"] ?? ""}-${found["month"] ?? ""}-${found["day"] ?? ""}`,
    time: `${found["hour"] ?? ""}:${found["minute"] ?? ""}:${found["second"] ?? ""}`,
  };
}

/** Whether the zone is UTC under one of its names: then it is called UTC and not said twice. */
export function isUtc(zone: string): boolean {
  return zone === "UTC" || zone === "Etc/UTC" || zone === "Etc/GMT" || zone === "GMT";
}

/** What the page calls a zone. */
export function zoneName(zone: string): string {
  return isUtc(zone) ? "UTC" : zone;
}

/** 2026-11-22 20:00:14 Asia/Shanghai */
export function stamp(at: number, zone: string): string {
  const { date, time } = parts(at, zone);
  return `${date} ${time} ${zoneName(zone)}`;
}

/** Stamps for the reports of one period. */
export interface PeriodClock {
  /** 2026-10-25 02:30 */
  minute(at: number): string;
  /** 2026-10-25 02:30:14 */
  second(at: number): string;
}

const offsets = new Map<string, Intl.DateTimeFormat>();

/** +02:00; the zone's distance from UTC at that instant. */
function offset(at: number, zone: string): string {
  let format = offsets.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeZoneName: "longOffset" });
    offsets.set(zone, format);
  }
  const name = format.formatToParts(at).find((part) => part.type === "timeZoneName")?.value ?? "";
  return name.replace("GMT", "") || "+00:00";
}

/** 2026-10-25: the day that it is in that zone. */
export function dayIn(at: number, zone: string): string {
  return parts(at, zone).date;
}

// No zone has changed its clocks there and back within so short a time; the shortest are the thirty days of a Ramadan.
const WEEK_MS = 7 * 86_400_000;

function changesWithin(zone: string, from: number, to: number): boolean {
  const first = offset(from, zone);
  for (let at = from + WEEK_MS; at < to; at += WEEK_MS) if (offset(at, zone) !== first) return true;
  return offset(to, zone) !== first;
}

/** The zone's own time; with its offset from UTC in a period where that changes, since an hour then comes twice. */
export function periodClock(zone: string, from: number, to: number): PeriodClock {
  const changes = changesWithin(zone, from, to);
  const tail = (at: number): string => (changes ? ` ${offset(at, zone)}` : "");
  return {
    minute: (at) => `${parts(at, zone).date} ${parts(at, zone).time.slice(0, 5)}${tail(at)}`,
    second: (at) => `${parts(at, zone).date} ${parts(at, zone).time}${tail(at)}`,
  };
}

/** 12:00:10 where it happened on the day of `now` in that zone, else with its date. */
export function clock(at: number, zone: string, now: number): string {
  const then = parts(at, zone);
  return then.date === parts(now, zone).date ? then.time : `${then.date} ${then.time}`;
}

/** The calendar day `ago` days before `today` (YYYY-MM-DD); null where `today` is no date. */
export function dayBefore(today: string, ago: number): string | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(today);
  if (match === null) return null;
  // UTC, since dates without a time have no summer time.
  const at = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]) - ago);
  return new Date(at).toISOString().slice(0, 10);
}
