// What a metric is here, in the words of OpenMetrics 1.0 (section 5): families of one type, each with its points. Types only.
// Made by `families.ts` from the front row; written as text by the page and as OTLP by `otlp.ts`, so that both say the same.

export type Labels = Readonly<Record<string, string>>;

export interface Point {
  readonly labels: Labels;
  readonly value: number;
}

/** A sum that only grows since `startedAt`, ms since the epoch: it was 0 then. */
export interface Counted extends Point {
  readonly startedAt: number;
}

/** How many were at most so many seconds, ascending; `count` is all of them, those that never came included. */
export interface Bucketed {
  readonly labels: Labels;
  readonly startedAt: number;
  readonly buckets: readonly (readonly [limitS: number, upTo: number])[];
  readonly count: number;
}

export interface Summed {
  readonly labels: Labels;
  readonly startedAt: number;
  readonly sum: number;
  readonly count: number;
}

export interface Stated {
  readonly labels: Labels;
  readonly state: string;
}

interface Head {
  /** Without `_total`, `_bucket` and their like; with its unit. */
  readonly name: string;
  readonly unit: "seconds" | "ratio" | null;
  /** One line of plain English. */
  readonly help: string;
}

export type Family = Head &
  (
    | { readonly type: "gauge"; readonly points: readonly Point[] }
    | { readonly type: "counter"; readonly points: readonly Counted[] }
    | { readonly type: "histogram"; readonly points: readonly Bucketed[] }
    | { readonly type: "summary"; readonly points: readonly Summed[] }
    | { readonly type: "stateset"; readonly states: readonly string[]; readonly points: readonly Stated[] }
    | { readonly type: "info"; readonly points: readonly { readonly labels: Labels }[] }
  );
