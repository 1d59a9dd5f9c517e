// Numbers, spans and months for any language, over Intl. Pure. Formatters are kept because making one is dear (about
// 50 µs) and a page prints thousands of numbers; the languages and digits are few, so the memory is bounded.

import type { Share } from "./words.ts";

const decimals = new Map<string, Intl.NumberFormat>();

/** A formatter with exactly `digits` decimals. */
export function decimal(tag: string, digits: number): Intl.NumberFormat {
  const key = `${tag} ${digits}`;
  let format = decimals.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(tag, { minimumFractionDigits: digits, maximumFractionDigits: digits });
    decimals.set(key, format);
  }
  return format;
}

/** The number of a share in percent, without the sign. It was cut off before; here nothing is rounded any more. */
export function percentNumber(tag: string, share: Share): string {
  return decimal(tag, share.digits).format(share.units / 10 ** share.digits);
}

/** 5 s, 1.5 s, 250 ms. */
export function duration(tag: string, ms: number, msUnit: string, secondUnit: string): string {
  if (ms < 1000) return `${decimal(tag, 0).format(ms)}${msUnit}`;
  return `${new Intl.NumberFormat(tag, { maximumFractionDigits: 3 }).format(ms / 1000)}${secondUnit}`;
}

/** A span in the largest unit that still tells it apart, cut off. An instant ahead of us (clocks differ) is 0 s old. */
export function largest(ms: number, units: Readonly<Record<"s" | "min" | "h" | "d", string>>, space: string): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 120) return `${seconds}${space}${units.s}`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)}${space}${units.min}`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)}${space}${units.h}`;
  return `${Math.floor(seconds / 86_400)}${space}${units.d}`;
}

/** November 2026, 2026年11月: the month that holds `at` in `zone`. */
export function monthName(tag: string, at: number, zone: string): string {
  return new Intl.DateTimeFormat(tag, { month: "long", year: "numeric", timeZone: zone }).format(at);
}
