// Many simulated years and what they add up to: each is lived and judged, figures are summed, and limits are held over all of them
// together, recall and precision at once. Pure. Called by `sim.cli.ts` and by simulated-year.test.ts.

import { judgeAlerts } from "./judge-alerts.ts";
import type { AlertFigures } from "./judge-alerts.ts";
import { judgeIncidents } from "./judge-incidents.ts";
import type { IncidentFigures } from "./judge-incidents.ts";
import { REGIONS } from "./truth.ts";
import type { EveryMs } from "./truth.ts";
import { liveYear } from "./year.ts";
import type { Year, YearOptions } from "./year.ts";

/** Whatever must not happen in any year is in `faults`; the rest is for sums. */
export interface YearFigures extends Omit<IncidentFigures, "faults">, Omit<AlertFigures, "alertFaults"> {
  readonly seed: number;
  readonly everyMs: EveryMs;
  readonly counts: Year["counts"];
  readonly faults: readonly string[];
}

export function simulate(options: YearOptions): YearFigures {
  const { seed, everyMs } = options;
  const year = liveYear(options);
  const { faults, ...incidents } = judgeIncidents(year);
  const { alertFaults, ...alerts } = judgeAlerts(year);
  return { seed, everyMs, counts: year.counts, ...incidents, ...alerts, faults: [...faults, ...alertFaults] };
}

/**
 * Seconds from the first lost message of a total outage: sla.md 6 has 47 (74) at 60 s with fast confirm and 20 (25) at 10 s by 2 of 3,
 * from the begin of the outage, which comes half a slot (a whole one) sooner: 17 (14 to 18) and 15 (15 to 18) from the first lost
 * message, as rounds of 6 s. Tolerance: 4 s in the mean and 10 s in P95, for three messages a second apart (8 s), the way to the
 * Duty, and one in a hundred looks that dies and comes back after 30 s.
 */
export const DELAY_LIMITS = {
  60_000: { tableS: 17, meanS: 21, p95S: 28 },
  10_000: { tableS: 15, meanS: 19, p95S: 28 },
} as const;
/** Of a region in a year. */
const FALSE_PAGES_MAX = 0.1;
/** About the first region, on two channels; a second one now and then. */
const PAGES_AHEAD_MAX = 3;
const BROWNOUTS_MIN = 0.99;

export interface Summary {
  readonly years: number;
  readonly everyS: number;
  readonly regionYears: number;
  readonly outages: number;
  readonly missed: number;
  readonly delayMeanS: number | null;
  readonly delayP95S: number | null;
  readonly delays: number;
  readonly brownouts: number;
  readonly brownoutsFound: number;
  readonly short: number;
  readonly shortFound: number;
  readonly incidents: number;
  readonly falsePages: number;
  readonly falsePagesPerRegionYear: number;
  readonly probePages: number;
  readonly blindTroubles: number;
  readonly arrived: number;
  readonly again: number;
  readonly must: number;
  readonly never: number;
  readonly may: number;
  readonly unsaid: number;
  readonly givenUp: number;
  readonly dropped: number;
  readonly globals: number;
  readonly pagesAhead: number;
  readonly rounds: number;
  readonly deaths: number;
  readonly afterwards: number;
  readonly faults: number;
  /** Limits that these years together do not keep. */
  readonly broken: readonly string[];
}

/** Of years of one schedule. */
export function summaryOf(years: readonly YearFigures[], everyMs: EveryMs): Summary {
  const own = years.filter((year) => year.everyMs === everyMs);
  const sum = (of: (year: YearFigures) => number): number => own.reduce((total, year) => total + of(year), 0);
  const delays = own.flatMap(({ delaysMs }) => delaysMs).sort((a, b) => a - b);
  const regionYears = own.length * REGIONS.length;
  const falsePages = sum((year) => year.falsePages);
  const figures = {
    years: own.length,
    everyS: everyMs / 1_000,
    regionYears,
    outages: sum((year) => year.outages),
    missed: sum((year) => year.missed),
    delayMeanS: delays.length === 0 ? null : rounded(delays.reduce((a, b) => a + b, 0) / delays.length / 1_000),
    delayP95S: delays.length === 0 ? null : rounded((delays[Math.ceil(0.95 * delays.length) - 1] ?? 0) / 1_000),
    delays: delays.length,
    brownouts: sum((year) => year.brownouts),
    brownoutsFound: sum((year) => year.brownoutsFound),
    short: sum((year) => year.short),
    shortFound: sum((year) => year.shortFound),
    incidents: sum((year) => year.incidents),
    falsePages,
    falsePagesPerRegionYear: regionYears === 0 ? 0 : Math.ceil((falsePages / regionYears) * 10_000) / 10_000,
    probePages: sum((year) => year.probePages),
    blindTroubles: sum((year) => year.blindTroubles),
    arrived: sum((year) => year.arrived),
    again: sum((year) => year.again),
    must: sum((year) => year.must),
    never: sum((year) => year.never),
    may: sum((year) => year.may),
    unsaid: sum((year) => year.unsaid),
    givenUp: sum((year) => year.givenUp),
    dropped: sum((year) => year.dropped),
    globals: sum((year) => year.globals),
    pagesAhead: sum((year) => year.pagesAhead),
    rounds: sum((year) => year.counts.rounds),
    deaths: sum((year) => year.counts.deaths),
    afterwards: sum((year) => year.afterwards),
    faults: sum((year) => year.faults.length),
  };
  return { ...figures, broken: brokenOf(figures, everyMs) };
}

function brokenOf(figures: Omit<Summary, "broken">, everyMs: EveryMs): string[] {
  const limits = DELAY_LIMITS[everyMs];
  const { missed, probePages, brownouts, brownoutsFound, delayMeanS, delayP95S, faults } = figures;
  return [
    ...(missed > 0 ? [`${missed} outages missed`] : []),
    ...(probePages > 0 ? [`${probePages} pages about the fleet's own trouble`] : []),
    ...(figures.falsePagesPerRegionYear > FALSE_PAGES_MAX ? ["too many false pages"] : []),
    ...(figures.pagesAhead > PAGES_AHEAD_MAX * figures.globals
      ? ["a storm of pages before those of most regions"]
      : []),
    ...(brownoutsFound < BROWNOUTS_MIN * brownouts ? ["brown-outs missed"] : []),
    ...((delayMeanS ?? 0) > limits.meanS ? [`found after ${delayMeanS} s in the mean`] : []),
    ...((delayP95S ?? 0) > limits.p95S ? [`found after ${delayP95S} s in P95`] : []),
    ...(faults > 0 ? [`${faults} faults`] : []),
  ];
}

function rounded(value: number): number {
  return Math.ceil(value * 10) / 10;
}

/** For people. */
export function textOf(all: Summary): string {
  const { tableS } = DELAY_LIMITS[all.everyS === 60 ? 60_000 : 10_000];
  return `every ${all.everyS} s: ${all.years} years of ${REGIONS.length} regions, ${all.rounds} rounds, ${all.deaths} deaths of a Duty
  outages found    ${all.outages - all.missed} of ${all.outages} that had to be; of ${all.short} shorter ones ${all.shortFound}
  delay            ${all.delayMeanS} s in the mean, P95 ${all.delayP95S} s, of ${all.delays} from their first lost message (table: ${tableS} s)
  brown-outs       ${all.brownoutsFound} of ${all.brownouts} found
  false pages      ${all.falsePages}: ${all.falsePagesPerRegionYear} a region and year; ${all.probePages} of them the fleet's own trouble
  keepers          told of ${all.blindTroubles} troubles of the fleet
  messages         ${all.arrived} arrived, ${all.again} of them again; ${all.must} had to, ${all.never} must not, ${all.may} were close; ${all.unsaid} not said
                   ${all.givenUp} given up, ${all.dropped} overtaken
                   ${all.pagesAhead} about single regions just before one of ${all.globals} incidents of most regions
  ${all.broken.length === 0 ? "kept" : `BROKEN: ${all.broken.join(", ")}`}`;
}

/** Half of the seeds each. */
export function everyOf(seed: number): EveryMs {
  return seed % 2 === 1 ? 60_000 : 10_000;
}
