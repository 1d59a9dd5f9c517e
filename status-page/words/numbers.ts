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

interface Signs {
  readonly group: string;
  readonly point: string;
}

const signs = new Map<string, Signs | null>();

/** How a language writes a number; null where it is not in groups of three from 1,000 on, in Latin digits. */
function signsOf(tag: string): Signs | null {
  let found = signs.get(tag);
  if (found === undefined) {
    const format = kept(tag, 1, 1);
    const of = (type: string): string => format.formatToParts(1000.5).find((part) => part.type === type)?.value ?? "";
    const said: Signs = { group: of("group"), point: of("decimal") };
    const { group: g, point: p } = said;
    found = g !== "" && format.format(1_234_567.5) === `1${g}234${g}567${p}5` ? said : null;
    signs.set(tag, found);
  }
  return found;
}

/** `units` of 10^-digits, whole and not below 0, as Intl would print them, in a tenth of its time: a page has thousands. */
function written(tag: string, units: number, digits: number): string {
  const said = signsOf(tag);
  if (said === null || !Number.isSafeInteger(units) || units < 0 || Object.is(units, -0)) {
    return kept(tag, digits, digits).format(units / 10 ** digits);
  }
  const all = String(units).padStart(digits + 1, "0");
  const at = all.length - digits;
  let head = "";
  for (let end = at; end > 0; end -= 3) head = all.slice(Math.max(0, end - 3), end) + (head && said.group + head);
  return digits === 0 ? head : head + said.point + all.slice(at);
}

/** A number without decimals. */
export function whole(tag: string, n: number): string {
  return Number.isSafeInteger(n) ? written(tag, n, 0) : kept(tag, 0, 0).format(n);
}

/** A configured proportion in percent, without the sign: 0.999 is 99.9, 0.9999999 is 99.99999. Cut off: 100 is all. */
export function proportion(tag: string, value: number): string {
  return cutNumber(tag, value * 100, "down", 7);
}

/** The number of a share in percent, without the sign. It was cut off before; here nothing is rounded any more. */
export function percentNumber(tag: string, share: Share): string {
  return written(tag, share.units, share.digits);
}

/** 5 s, 1.5 s, 250 ms. */
export function duration(tag: string, ms: number, msUnit: string, secondUnit: string): string {
  if (ms < 1000) return `${whole(tag, ms)}${msUnit}`;
  if (ms % 1000 === 0) return `${whole(tag, ms / 1000)}${secondUnit}`;
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
