// Weekly windows as people write them (`{ days: ["mon-fri"], from: "09:00", to: "18:00" }`) and as the engine keeps them: ISO days
// and minutes of the day. Pure; for maintenance windows and for the hours of calendars.

import * as z from "zod";
import { field, readFields } from "../fields.ts";
import type { Plain } from "../plain.ts";
import type { Path, Refusal, Report } from "../problems.ts";
import type { WeeklyWindow } from "./contract.ts";
import { textOf } from "./term-fields.ts";

const DAY_NAMES = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const CLOCKTIME = textOf(minuteOfDay);

const WINDOW_FIELDS = {
  days: field(z.array(textOf(daysOf)).min(1), 'days: ["mon-fri"]'),
  from: field(CLOCKTIME, 'from: "09:00"'),
  to: field(CLOCKTIME, 'to: "18:00"'),
};

/** Null: bad, and reported. */
export function readWindow(value: Plain, path: Path, report: Report): WeeklyWindow | null {
  const { days, from, to } = readFields(WINDOW_FIELDS, value, path, report);
  if (days === undefined || from === undefined || to === undefined) return null;
  const all = days.flat();
  if (new Set(all).size < all.length) {
    const names = all.map((day) => DAY_NAMES[day - 1] ?? "");
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    report.add([...path, "days"], twice, { problem: "stands here twice", mend: "write each day once" });
    return null;
  }
  if (from >= to) {
    const mend = 'write a `to` after `from`, at most "24:00"; what goes over midnight is two windows';
    report.add([...path, "to"], textOfMinute(to), { problem: `is not after ${textOfMinute(from)}`, mend });
    return null;
  }
  return { days: all.sort((a, b) => a - b), fromMinute: from, toMinute: to };
}

/** Whether two windows have a minute in common. */
export function overlap(a: WeeklyWindow, b: WeeklyWindow): boolean {
  return a.days.some((day) => b.days.includes(day)) && a.fromMinute < b.toMinute && b.fromMinute < a.toMinute;
}

/** "mon" is 1; "fri-mon" is five, six, seven and one. */
function daysOf(text: string): { readonly value: readonly number[] } | Refusal {
  const [first = "", last = first, ...rest] = text.split("-");
  const from = DAY_NAMES.indexOf(first);
  const to = DAY_NAMES.indexOf(last);
  if (from === -1 || to === -1 || rest.length > 0) {
    return { problem: "is no day", mend: `write ${DAY_NAMES.join(", ")}, or "mon-fri" for five of them` };
  }
  const count = ((to - from + 7) % 7) + 1;
  return { value: Array.from({ length: count }, (_, index) => ((from + index) % 7) + 1) };
}

function minuteOfDay(text: string): { readonly value: number } | Refusal {
  const match = /^(\d{1,2}):([0-5]\d)$/.exec(text);
  const minute = Number(match?.[1]) * 60 + Number(match?.[2]);
  if (minute <= 1440) return { value: minute };
  return { problem: "is no time of the day", mend: 'write it as in "09:30"; "24:00" is the end of the day' };
}

function textOfMinute(minute: number): string {
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
