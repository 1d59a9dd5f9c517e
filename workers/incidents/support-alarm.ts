// Which support clocks somebody should know of: those that have run out, and those about to. Pure; `sla/support.ts` reads the
// clocks, this only picks and says. Never opens an incident: what it answers is the input of those of kind `support`.
// Called for each contract by whoever decides incidents.

import type { AlertSeverity, Language } from "../../schema/words.ts";
import type { Clock } from "../config/contracts/contract.ts";
import type { ClockReading } from "../sla/records.ts";
import type { Sentence } from "./incident.ts";

const MINUTE_MS = 60_000;
/** Told beforehand in the last so much of a clock, or the last quarter of a short one. Time that counts: nights do not. */
const WARN_MS = 15 * MINUTE_MS;
const WARN_SHARE = 0.25;

/** A clock of a ticket that is missed or about to be. */
export interface SupportSeen {
  /** The same for this run of this clock, however often it is looked at. */
  readonly key: string;
  /** Contract id and clock: "enterprise/first-response". */
  readonly about: string;
  readonly ticket: string;
  readonly clock: Clock;
  /** When it runs out, or ran out. */
  readonly dueAt: number;
  /** Answered too late; null: not yet. */
  readonly stoppedAt: number | null;
  /** `error`: it has run out. `warning`: it will. */
  readonly severity: AlertSeverity;
  readonly sentence: Sentence;
}

/**
 * Of `readings`, as `readClocks` has them now, by when they run out: each clock that has run out and was not answered, or was answered
 * too late and had not run out before `lookedAt`; and each that runs and has at most 15 minutes or a quarter of its time left, whichever
 * is shorter. One that was answered in time is not there, nor one that is paused before it ran out. `lookedAt`: the look before this
 * one, or any earlier instant; whoever keeps the keys tells no clock twice. `named`: what the sentence calls it.
 */
export function supportSeen(
  contract: string,
  readings: readonly ClockReading[],
  lookedAt: number,
  named: keyof SupportWords["named"] = "ticket",
): readonly SupportSeen[] {
  return readings
    .flatMap((reading): SupportSeen[] => {
      const { ticket, severity, clock, startedAt, stoppedAt, dueAt } = reading;
      const alarm = alarmOf(reading, lookedAt);
      if (alarm === null || dueAt === null) return [];
      const about = `${contract}/${clock}`;
      const key = `support/${about}/${ticket}/${severity}/${startedAt}`;
      return [
        { key, about, ticket, clock, dueAt, stoppedAt, severity: alarm, sentence: sentenceOf(reading, dueAt, named) },
      ];
    })
    .sort((a, b) => a.dueAt - b.dueAt || (a.key < b.key ? -1 : 1));
}

function alarmOf(reading: ClockReading, lookedAt: number): "error" | "warning" | null {
  const { verdict, stoppedAt, dueAt, countedMs, targetMs } = reading;
  if (dueAt === null) return null;
  if (verdict === "missed") return stoppedAt === null || dueAt >= lookedAt ? "error" : null;
  const leftMs = targetMs - countedMs;
  return verdict === "running" && leftMs <= Math.min(WARN_MS, WARN_SHARE * targetMs) ? "warning" : null;
}

interface SupportWords {
  readonly named: { readonly ticket: string; readonly incident: string };
  readonly clock: Readonly<Record<Clock, string>>;
  readonly units: { readonly d: string; readonly h: string; readonly min: string };
  readonly missed: (said: Said) => string;
  readonly late: (said: Said) => string;
  readonly soon: (said: Said) => string;
}

interface Said {
  readonly named: string;
  readonly ticket: string;
  readonly severity: string;
  readonly clock: string;
  readonly target: string;
  readonly counted: string;
  readonly left: string;
  readonly due: string;
}

const WORDS: Readonly<Record<Language, SupportWords>> = {
  en: {
    named: { ticket: "Ticket", incident: "Incident" },
    clock: {
      "first-response": "first response",
      update: "next update",
      workaround: "workaround",
      restore: "restored service",
    },
    units: { d: " d", h: " h", min: " min" },
    missed: ({ named, ticket, severity, clock, target, due }) =>
      `${named} ${ticket} (${severity}): no ${clock} within ${target}; it was due by ${due} UTC.`,
    late: ({ named, ticket, severity, clock, target, counted, due }) =>
      `${named} ${ticket} (${severity}): the ${clock} took ${counted} of at most ${target}; it was due by ${due} UTC.`,
    soon: ({ named, ticket, severity, clock, left, due }) =>
      `${named} ${ticket} (${severity}): the ${clock} is due by ${due} UTC; ${left} left.`,
  },
  zh: {
    named: { ticket: "工单", incident: "事件" },
    clock: { "first-response": "首次响应", update: "进展通报", workaround: "临时方案", restore: "恢复服务" },
    units: { d: " 天", h: " 小时", min: " 分钟" },
    missed: ({ named, ticket, severity, clock, target, due }) =>
      `${named} ${ticket}（${severity}）：未在 ${target}内完成${clock}，应于 UTC ${due} 前完成。`,
    late: ({ named, ticket, severity, clock, target, counted, due }) =>
      `${named} ${ticket}（${severity}）：${clock}用时 ${counted}，超过 ${target}的时限，应于 UTC ${due} 前完成。`,
    soon: ({ named, ticket, severity, clock, left, due }) =>
      `${named} ${ticket}（${severity}）：${clock}应于 UTC ${due} 前完成，剩余 ${left}。`,
  },
};

function sentenceOf(reading: ClockReading, dueAt: number, named: keyof SupportWords["named"]): Sentence {
  const { ticket, severity, clock, targetMs, countedMs, verdict, stoppedAt } = reading;
  const say = (words: SupportWords): string => {
    const said: Said = {
      named: words.named[named],
      ticket,
      severity,
      clock: words.clock[clock],
      target: spanText(targetMs, words.units),
      counted: spanText(countedMs, words.units),
      left: spanText(targetMs - countedMs, words.units),
      due: new Date(dueAt).toISOString().slice(0, 16).replace("T", " "),
    };
    if (verdict === "running") return words.soon(said);
    return stoppedAt === null ? words.missed(said) : words.late(said);
  };
  return { en: say(WORDS.en), zh: say(WORDS.zh) };
}

/** 1 d, 4 h, 1 h 30 min, 0 min: whole minutes, cut off; the units that are not 0. */
function spanText(ms: number, units: SupportWords["units"]): string {
  const minutes = Math.floor(ms / MINUTE_MS);
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(minutes / 1_440), units.d],
    [Math.floor(minutes / 60) % 24, units.h],
    [minutes % 60, units.min],
  ];
  const said = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count}${unit}`);
  return said.length === 0 ? `0${units.min}` : said.join(" ");
}
