// What a subject of the bench measures, and how it is printed: one JSON line a figure. Things that are compared are run
// in turn (A B A B), so that whatever else the machine does falls on both; the figure is the median, with the smallest
// and the largest beside it. Called by bench.cli.ts and by each subject.

export type Context = Readonly<Record<string, string | number | boolean | null>>;

/** Prints one figure. `more`: what a reader needs in order to understand it, or to measure it again. */
export type Report = (figure: string, value: number, unit: string, more?: Context) => void;

export interface Subject {
  readonly name: string;
  /** A line for --help. */
  readonly about: string;
  run(report: Report, progress: (words: string) => void, choice: Choice): Promise<void>;
}

/** How a subject was asked for: `million` names it, `million=50000` gives it a size as well. */
export interface Choice {
  readonly named: boolean;
  readonly size: number | null;
}

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const [min, max] = [sorted[0], sorted.at(-1)];
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  if (min === undefined || max === undefined || upper === undefined || lower === undefined) {
    throw new RangeError("nothing was measured");
  }
  return { median: (lower + upper) / 2, min, max };
}

export function mean(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("nothing was measured");
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Each way in turn, `rounds` times; what each answers (ms, or a rate) is collected. The first round warms up, uncounted. */
export async function inTurn<K extends string>(
  rounds: number,
  ways: Readonly<Record<K, () => number | Promise<number>>>,
): Promise<Readonly<Record<K, Spread>>> {
  const names = Object.keys(ways) as K[];
  const values = new Map<K, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const value = await ways[name]();
      if (round > 0) values.get(name)?.push(value);
    }
  }
  return Object.fromEntries(names.map((name) => [name, spreadOf(values.get(name) ?? [])])) as Record<K, Spread>;
}

/** How long it takes, ms. */
export async function timed(work: () => unknown): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

/** Figures of a spread as context: {"min": 1, "max": 3}. */
export function edges(spread: Spread, digits = 2): Context {
  return { min: rounded(spread.min, digits), max: rounded(spread.max, digits) };
}

export function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
