// Numbers, spans and months for any language, over Intl. Pure. Formatters are kept because making one is dear (about
// 50 µs) and a page prints thousands of numbers; the languages and digits are few, so the memory is bounded.

import type { Share } from "./words.ts";

const decimals = new Map<string, Intl.NumberFormat>();

function kept(tag: string, least: number, most: number): Intl.NumberFormat {
  const key = `${tag} ${least} ${most}`;
  let format = decimals.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(tag, { minimumFractionDigits: least, maximumFractionDigits: most });
    decimals.set(key, format);
  }
  return format;
}

/** A formatter with exactly `digits` decimals. */
export function decimal(tag: string, digits: number): Intl.NumberFormat {
  return kept(tag, digits, digits);
}

/** A configured proportion in percent, without the sign: 0.999 is 99.9, 0.9999999 is 99.99999. Cut off: 100 is all. */
export function proportion(tag: string, value: number): string {
  return cutNumber(tag, value * 100, "down", 7);
}

/** The number of a share in percent, without the sign. It was cut off before; here nothing is rounded any more. */
export function percentNumber(tag: string, share: Share): string {
  return decimal(tag, share.digits).format(share.units / 10 ** share.digits);
}

/** 5 s, 1.5 s, 250 ms. */
export function duration(tag: string, ms: number, msUnit: string, secondUnit: string): string {
  if (ms < 1000) return `${decimal(tag, 0).format(ms)}${msUnit}`;
  return `${kept(tag, 0, 3).format(ms / 1000)}${secondUnit}`;
}

/** A span in the largest unit that still tells it apart, cut off. An instant ahead of us (clocks differ) is 0 s old. */
export function largest(ms: number, units: Readonly<Record<"s" | "min" | "h" | "d", string>>, space: string): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 120) return `${seconds}${space}${units.s}`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)}${space}${units.min}`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)}${space}${units.h}`;
  return `${Math.floor(seconds / 86_400)}${space}${units.d}`;
}

/** 1 h 30 min, 20 min 34 s, 45 s, 200 ms: the two largest units that are not 0, cut off. */
export function exactSpan(
  ms: number,
  units: Readonly<Record<"ms" | "s" | "min" | "h", string>>,
  space: string,
): string {
  if (ms < 1000) return `${Math.floor(ms)}${space}${units.ms}`;
  const seconds = Math.floor(ms / 1000);
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(seconds / 3600), units.h],
    [Math.floor(seconds / 60) % 60, units.min],
    [seconds % 60, units.s],
  ];
  const said = parts.filter(([n]) => n > 0).slice(0, 2);
  return said.map(([n, unit]) => `${n}${space}${unit}`).join(" ");
}

/** With at most `most` decimals, the rest cut off towards where it is said: 42.999 is 42.99 or 43. */
export function cutNumber(tag: string, n: number, toward: "up" | "down", most = 2): string {
  const scale = 10 ** most;
  // Sums of quotients miss their decimal by far less than this.
  const cut = toward === "up" ? Math.ceil(n * scale - 1e-6) : Math.floor(n * scale + 1e-6);
  return kept(tag, 0, most).format(cut / scale + 0);
}

/** An amount, cut off to its currency's own number of decimals; the code stands beside it, since "$" is several. */
export function moneyText(tag: string, amount: number, currency: string): string {
  return new Intl.NumberFormat(tag, {
    style: "currency",
    currency,
    currencyDisplay: "code",
    roundingMode: "floor",
  }).format(amount);
}

const months = new Map<string, Intl.DateTimeFormat>();

/** November 2026, 2026年11月: the month that holds `at` in `zone`. */
export function monthName(tag: string, at: number, zone: string): string {
  const key = `${tag} ${zone}`;
  let format = months.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(tag, { month: "long", year: "numeric", timeZone: zone });
    months.set(key, format);
  }
  return format.format(at);
}
