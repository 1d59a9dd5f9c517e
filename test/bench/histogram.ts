// The latency histogram against the simplest thing that could be kept instead: each minute's values as JSON, sorted when
// somebody asks. A month of one series: bytes, time to read it all into one, and how far its percentiles are off.
// Reference figures (another machine, fractional ms, merging counted alone): sla.md, section 5.

import {
  decodeHistogram,
  encodeHistogram,
  encodeHistograms,
  histogramOf,
  mergeHistograms,
  mergeSets,
  quantile,
} from "../../workers/results/histogram.ts";
import type { Histogram } from "../../workers/results/histogram.ts";
import { edges, inTurn, mean, timed } from "./figure.ts";
import type { Report, Subject } from "./figure.ts";
import { DEADLINE_MS, MESSAGES, MINUTES, monthOfRoundTrips, SEED } from "./month.ts";

const ROUNDS = 7;
const QUANTILES = { P50: 0.5, P99: 0.99, "P99.9": 0.999 } as const;
/** What sla.md, section 5, measured elsewhere for scale 7 with fractional ms: printed beside ours. */
const REFERENCE = {
  "bytes a minute, EH1": 27.8,
  "merge 43,200 decoded minutes": 5.4,
  "error of P50": -0.21,
  "error of P99": 0.16,
  "error of P99.9": 0.01,
} as const;
/** b = 2^(1/128): (b-1)/(b+1). No estimate may be off by more. */
const ALPHA_PERCENT = (100 * (2 ** (1 / 128) - 1)) / (2 ** (1 / 128) + 1);

export const histogram: Subject = {
  name: "histogram",
  about: "43,200 minutes of 20 messages: bytes, merging, error of percentiles, against raw values as JSON",
  async run(report) {
    for (const grain of ["whole ms", "fractions"] as const) await measure(report, grain);
  },
};

async function measure(report: Report, grain: "fractions" | "whole ms"): Promise<void> {
  const month = monthOfRoundTrips(grain);
  const about = { grain, minutes: MINUTES, messages: MESSAGES, seed: SEED };
  const encoded = month.map((trips) => encodeHistogram(histogramOfTrips(trips)));
  const raw = month.map((trips) => JSON.stringify(trips));

  report("bytes a minute, EH1", mean(encoded.map((bytes) => bytes.length)), "B", {
    ...about,
    reference: REFERENCE["bytes a minute, EH1"],
  });
  report(
    "bytes a minute, EH1 as a set (as D1 keeps it)",
    mean(month.map((trips) => encodeHistograms([histogramOfTrips(trips)]).length)),
    "B",
    about,
  );
  report("bytes a minute, raw values as JSON", mean(raw.map((text) => text.length)), "B", about);

  const hours = chunks(encoded, 60).map((hour) => encodeHistogram(mergeHistograms(hour.map(decodeHistogram))));
  const days = chunks(hours, 24).map((day) => encodeHistogram(mergeHistograms(day.map(decodeHistogram))));
  const decoded = encoded.map(decodeHistogram);
  const ms = await inTurn(ROUNDS, {
    "decode and merge 43,200 minutes": () => timed(() => mergeHistograms(encoded.map(decodeHistogram))),
    "parse and sort 43,200 minutes of raw JSON": () => timed(() => sortedTrips(raw)),
    "merge 43,200 decoded minutes": () => timed(() => mergeHistograms(decoded)),
    "decode and merge 30 days (what a month's rollup reads)": () =>
      timed(() => mergeSets(days.map((day) => [decodeHistogram(day)]))),
  });
  for (const [figure, spread] of Object.entries(ms))
    report(figure, spread.median, "ms", {
      ...about,
      ...edges(spread, 3),
      rounds: ROUNDS,
      ...(figure in REFERENCE ? { reference: REFERENCE[figure as keyof typeof REFERENCE] } : {}),
    });

  const merged = mergeHistograms(decoded);
  const sorted = sortedTrips(raw);
  report("bytes of the merged month, EH1", encodeHistogram(merged).length, "B", {
    ...about,
    buckets: merged.buckets.size,
  });
  report(
    "bytes of the month as raw JSON",
    raw.reduce((sum, text) => sum + text.length, 0),
    "B",
    about,
  );
  for (const name of ["P50", "P99", "P99.9"] as const)
    reportError(report, name, QUANTILES[name], merged, sorted, about);
}

function reportError(
  report: Report,
  name: keyof typeof QUANTILES,
  q: number,
  merged: Histogram,
  sorted: Float64Array,
  about: object,
): void {
  const exact = sorted[Math.ceil(q * sorted.length) - 1];
  const found = quantile([merged], q);
  if (exact === undefined || found.kind !== "value") throw new Error(`${name} is no value in this month`);
  const error = 100 * (found.ms / exact - 1);
  if (Math.abs(error) > ALPHA_PERCENT * 1.000001)
    throw new Error(`${name} is off by ${error} %, alpha is ${ALPHA_PERCENT} %`);
  report(`error of ${name}`, error, "%", {
    ...about,
    exact_ms: exact,
    estimate_ms: found.ms,
    alpha: Number(ALPHA_PERCENT.toFixed(3)),
    reference: REFERENCE[`error of ${name}`],
  });
}

function histogramOfTrips(trips: readonly (number | null)[]): Histogram {
  const values = trips.filter((ms) => ms !== null);
  return histogramOf(values, trips.length - values.length, DEADLINE_MS);
}

/** All values, ascending; lost ones are infinite, so they come last. */
function sortedTrips(raw: readonly string[]): Float64Array {
  const all = new Float64Array(MINUTES * MESSAGES);
  let at = 0;
  for (const text of raw) for (const ms of JSON.parse(text) as (number | null)[]) all[at++] = ms ?? Infinity;
  return all.sort();
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size));
}
