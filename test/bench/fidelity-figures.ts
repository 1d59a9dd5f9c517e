// What comes of a run of `fidelity`: each client's percentiles, round by round, then Sonde's distance from Node's, held against
// the goals. Pure but for the report.

import type { Burst } from "./burst.ts";
import type { Measured } from "./fidelity.ts";
import type { Context, Report } from "./figure.ts";
import { edges, mean, spreadOf } from "./figure.ts";

/** Sonde beside Node: ms on loopback, percent behind a delay. */
const GOALS = { P50: { ms: 1, percent: 4 }, P99: { ms: 3, percent: 4 } } as const;

const PERCENTILES = { P50: 0.5, P95: 0.95, P99: 0.99 } as const;
/** With fewer samples even the largest does not bound a P99 at 95 % confidence: it is left out, here as on the page. */
const SAMPLES_FOR_P99 = 299;

export function reportFidelity(report: Report, measured: readonly Measured[], about: Context): void {
  for (const one of measured) reportClient(report, one, about);
  for (const [way, clients] of Map.groupBy(measured, (one) => one.way)) {
    const sonde = clients.find((one) => one.client === "sonde");
    if (sonde === undefined) continue;
    for (const other of clients) if (other !== sonde) reportDistance(report, way, sonde, other, about);
  }
}

function reportClient(report: Report, { way, client, bursts }: Measured, about: Context): void {
  const missing = bursts.reduce((sum, burst) => sum + burst.missing, 0);
  const spread = (figure: string, of: (burst: Burst) => number): void => {
    const found = spreadOf(bursts.map(of));
    report(figure, found.median, "ms", { way, client, ...edges(found), missing, ...about });
  };
  for (const [name, q] of Object.entries(PERCENTILES)) {
    if (name === "P99" && !isEnough(bursts)) continue;
    spread(`${name} from the intended send`, (burst) => percentile(burst.latencyMs, q));
  }
  spread("mean from the intended send", (burst) => mean(burst.latencyMs));
  spread("mean from the write", (burst) => mean(burst.sinceWriteMs));
}

/** Round by round, since what else the machine did in one round fell on both; the figure is the median of the distances. */
function reportDistance(report: Report, way: string, sonde: Measured, other: Measured, about: Context): void {
  // Only behind a delay does a share of it mean anything; on loopback it would be a share of the clock's step.
  const isFar = way.includes("behind");
  for (const name of ["P50", "P99"] as const) {
    if (name === "P99" && !(isEnough(sonde.bursts) && isEnough(other.bursts))) continue;
    const of = (burst: Burst | undefined): number => percentile(burst?.latencyMs ?? [], PERCENTILES[name]);
    const found = spreadOf(
      sonde.bursts.map((burst, round) => {
        const [ours, theirs] = [of(burst), of(other.bursts[round])];
        return isFar ? 100 * (ours / theirs - 1) : ours - theirs;
      }),
    );
    const goal = GOALS[name][isFar ? "percent" : "ms"];
    const judged = other.client === "node" ? { goal: `+-${goal}`, met: Math.abs(found.median) <= goal } : {};
    const unit = isFar ? "%" : "ms";
    report(`Sonde's ${name} beside ${other.client}'s`, found.median, unit, {
      way,
      ...judged,
      ...edges(found),
      ...about,
    });
  }
  const means = sonde.bursts.map((burst, round) => mean(burst.latencyMs) - mean(other.bursts[round]?.latencyMs ?? []));
  const found = spreadOf(means);
  report(`Sonde's mean beside ${other.client}'s`, found.median, "ms", { way, ...edges(found), ...about });
}

function isEnough(bursts: readonly Burst[]): boolean {
  return bursts.every((burst) => burst.latencyMs.length >= SAMPLES_FOR_P99);
}

/** The nearest rank: a value that was measured. */
function percentile(values: readonly number[], q: number): number {
  const value = values.toSorted((a, b) => a - b)[Math.ceil(q * values.length) - 1];
  if (value === undefined) throw new RangeError("nothing arrived");
  return value;
}
