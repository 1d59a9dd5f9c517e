// How the console shows one record of maintenance: what is done, where, when next, what the clocks make of it, who said so and how
// long before. Pure; called by the pages of maintenance. What is called off is marked and never left out.

import type { Config } from "../config/config.ts";
import { type Maintenance, type Occurrence, upcoming } from "../incidents/maintenance.ts";
import { clockChanges, timeOf } from "./clock-changes.ts";
import { At } from "./exclusion-parts.tsx";
import { stampIn } from "./local-time.ts";
import type { Words } from "./words.ts";

/** As far ahead as anybody may plan. */
const AHEAD_MS = 400 * 86_400_000;
/** Of a weekly one the rest is said in a sentence. */
const TIMES_SHOWN = 3;
const MINUTE_MS = 60_000;

/** A record, the one that calls it off, and its times from now on. */
interface Announced {
  readonly record: Maintenance;
  readonly calledOff: Maintenance | null;
  readonly times: readonly Occurrence[];
}

/** Records without those that call one off; those that happen still by their next time, and then the others, the newest first. */
export function announcedOf(records: readonly Maintenance[], now: number): readonly Announced[] {
  const all = records.flatMap((record): Announced[] => {
    if (record.withdraws !== null) return [];
    const calls = records.filter(({ withdraws }) => withdraws === record.id);
    const calledOff = calls.toSorted((a, b) => a.recordedAt - b.recordedAt)[0] ?? null;
    return [{ record, calledOff, times: upcoming([record, ...calls], now, now + AHEAD_MS, TIMES_SHOWN) }];
  });
  const next = ({ times }: Announced): number => times[0]?.fromAt ?? Infinity;
  return all.sort((a, b) => next(a) - next(b) || b.record.recordedAt - a.record.recordedAt);
}

interface CardProps {
  readonly words: Words;
  readonly config: Config;
  readonly announced: Announced;
  readonly now: number;
  /** Whether it may be called off from here. */
  readonly isOpen: boolean;
}

export function MaintenanceCard({ words, config, announced, now, isOpen }: CardProps) {
  const { record, calledOff, times } = announced;
  const { duty } = words;
  const { window } = record;
  const zone = zoneOf(record, config);
  const isRunning = (times[0]?.fromAt ?? Infinity) <= now;
  return (
    <li class={calledOff === null ? "card" : "card gone"} id={record.id}>
      <h3>
        {record.id}
        {words.colon}
        <Title words={words} record={record} />
      </h3>
      {calledOff !== null && (
        <p class="bad">{duty.calledOff(calledOff.id, calledOff.author, stampIn(calledOff.recordedAt, zone))}</p>
      )}
      {isRunning && (
        <p class="good">
          <Mark sign="●" /> {duty.running}
        </p>
      )}
      <p>
        {record.target}
        {words.semicolon}
        {record.regions === null ? words.allRegions : record.regions.join(", ")}
      </p>
      {window.kind === "weekly" && <Rule words={words} window={window} />}
      <Times words={words} announced={announced} zone={zone} />
      {window.kind === "weekly" &&
        calledOff === null &&
        clockChanges(window, now, now + AHEAD_MS).map(({ why, day, time, starts }) => (
          <p class="soft">{duty.changed[why](day, time, starts)}</p>
        ))}
      <p class="soft">{words.by(record.author, stampIn(record.recordedAt, zone))}</p>
      {isOpen && times.length > 0 && calledOff === null && (
        <ul>
          <li>
            <a href={`/ops/maintenance/${record.id}/call-off`}>{duty.callOffOf(record.id)}</a>
          </li>
          <li>
            <a href={excludingPath(words, announced)}>{duty.excludeToo}</a>
          </li>
        </ul>
      )}
    </li>
  );
}

/** Beside a word that says the same: nobody needs to hear it. */
export function Mark({ sign }: { readonly sign: string }) {
  return (
    <span class="mark" aria-hidden="true">
      {sign}
    </span>
  );
}

function Title({ words, record }: { readonly words: Words; readonly record: Maintenance }) {
  const { title } = record;
  const own = title[words.language];
  if (own !== undefined) return <span>{own}</span>;
  return <span lang={words.language === "en" ? "zh-Hans" : "en"}>{title.en ?? title.zh}</span>;
}

function Rule({ words, window }: { readonly words: Words; readonly window: WeeklyWindow }) {
  const { duty, semicolon } = words;
  const days = window.days.map((day) => duty.weekdays[day - 1]).join(words.language === "zh" ? "、" : ", ");
  return (
    <p>
      {duty.weekly(days, timeOf(window.fromMinute), timeOf(window.toMinute), window.zone)}
      {semicolon}
      {duty.days(window.fromDay, window.untilDay)}
    </p>
  );
}

type WeeklyWindow = Extract<Maintenance["window"], { readonly kind: "weekly" }>;

function Times({ words, announced, zone }: { words: Words; announced: Announced; zone: string }) {
  const { duty } = words;
  const { record, times } = announced;
  const notice = (noticeMs: number): string =>
    noticeMs >= 0 ? duty.noticeBefore(words.span(noticeMs)) : duty.noticeAfter(words.span(-noticeMs));
  const { window } = record;
  // What is over has its own time still; of a weekly one the rule stands above.
  const shown =
    times.length > 0 || window.kind === "weekly"
      ? times
      : [{ fromAt: window.fromAt, toAt: window.toAt, noticeMs: window.fromAt - record.recordedAt }];
  return (
    <>
      {shown.length > 1 && (
        <p class="soft">
          {duty.nextTimes}
          {words.colon}
        </p>
      )}
      {shown.map(({ fromAt, toAt, noticeMs }) => (
        <p>
          <At at={fromAt} zone={zone} /> – <At at={toAt} zone={zone} />
          {zone === "UTC" ? "" : ` (${zone})`}
          {words.semicolon}
          {notice(noticeMs)}
        </p>
      ))}
      {times.length === 0 && <p class="soft">{duty.noMore}</p>}
    </>
  );
}

function zoneOf({ window }: Maintenance, config: Config): string {
  return window.kind === "weekly" ? window.zone : config.timeZone;
}

/** The form of exclusions, with the next time of this record filled in: in UTC, where no time comes twice. */
function excludingPath(words: Words, { record, times }: Announced): string {
  const next = times[0];
  const local = (at: number): string => new Date(Math.floor(at / MINUTE_MS) * MINUTE_MS).toISOString().slice(0, 16);
  const values = new URLSearchParams({ about: record.target, type: "scheduled-maintenance" });
  if (next !== undefined) {
    const announcedAt = next.noticeMs > 0 ? record.recordedAt : null;
    for (const [name, at] of [
      ["from", next.fromAt],
      ["to", next.toAt],
      ["announced_at", announcedAt],
    ] as const) {
      if (at === null) continue;
      values.set(name, local(at));
      values.set(`${name}_zone`, "UTC");
    }
  }
  for (const region of record.regions ?? []) values.append("regions", region);
  const title = record.title[words.language] ?? record.title.en ?? record.title.zh ?? "";
  values.set("reason", `${record.id}${words.colon}${title}`);
  return `/ops/exclusions?${values.toString()}`;
}
