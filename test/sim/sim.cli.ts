// `npm run sim`: lives simulated years seed by seed and says what Sonde found, missed and told in them. Keeps each year that is done
// in a file, so that it goes on where it was stopped. A seed that fails prints the command that shows its story again.

import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";

import { everyOf, simulate, summaryOf, textOf } from "./simulate.ts";
import type { YearFigures } from "./simulate.ts";
import type { EveryMs } from "./truth.ts";

const HELP = `npm run sim -- [options]      years of eleven regions that never were, and what Sonde makes of them

  --seeds 1000       so many years
  --from 1           from this seed on
  --every 60s|10s    only this schedule; else odd seeds are 60 s and even ones 10 s
  --seed 123         one year, with its whole story
  --fresh            forget the years that are done
  --help             this text

A year takes a few seconds. Years that are done are kept in .sonde/sim.jsonl; Ctrl-C loses only the one under way. After a change
of the code say --fresh. Ends with 1 if a limit is broken or a year has a fault.`;
const STATE = join(import.meta.dirname, "../../.sonde/sim.jsonl");
const EVERY: Readonly<Record<string, EveryMs>> = { "60s": 60_000, "10s": 10_000 };

const options = {
  seeds: { type: "string", default: "1000" },
  from: { type: "string", default: "1" },
  every: { type: "string" },
  seed: { type: "string" },
  fresh: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

main();

function main(): void {
  const { values, problem } = parsed();
  const every = values?.every === undefined ? null : EVERY[values.every];
  const [seeds, from, seed] = [values?.seeds, values?.from, values?.seed].map(wholeOf);
  if (values === null || every === undefined || seeds === null || from === null || seed === null) {
    console.error(`${problem ?? "--every is 60s or 10s; the others are whole numbers from 1 on"}\n\n${HELP}`);
    process.exitCode = 2;
  } else if (values.help) {
    console.log(HELP);
  } else if (seed !== undefined) {
    tellYear(seed, every ?? everyOf(seed));
  } else {
    liveYears(from ?? 1, seeds ?? 1_000, every, values.fresh);
  }
}

function parsed() {
  try {
    return { values: parseArgs({ options, strict: true }).values, problem: null };
  } catch (problem) {
    return { values: null, problem: problem instanceof Error ? problem.message : String(problem) };
  }
}

/** Null: it is none. */
function wholeOf(text: string | undefined): number | null | undefined {
  if (text === undefined) return undefined;
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}

function tellYear(seed: number, everyMs: EveryMs): void {
  finish([simulate({ seed, everyMs, tell: (line) => console.log(line) })]);
}

function liveYears(from: number, seeds: number, every: EveryMs | null, fresh: boolean): void {
  mkdirSync(dirname(STATE), { recursive: true });
  if (fresh) rmSync(STATE, { force: true });
  const done = new Map(yearsKept().map((year) => [`${year.seed} ${year.everyMs}`, year]));
  const years: YearFigures[] = [];
  console.error(`sim: ${done.size} years are kept in ${STATE}`);
  for (let seed = from; seed < from + seeds; seed += 1) {
    const everyMs = every ?? everyOf(seed);
    const known = done.get(`${seed} ${everyMs}`);
    const year = known ?? simulate({ seed, everyMs });
    years.push(year);
    if (known !== undefined) continue;
    appendFileSync(STATE, `${JSON.stringify(year)}\n`);
    const { outages, missed, falsePages, faults } = year;
    const missing = missed === 0 ? "" : `, ${missed} missed`;
    const said = `${outages} outages${missing}, ${falsePages} false pages, ${faults.length} faults`;
    console.error(`sim: seed ${seed} (${seed - from + 1} of ${seeds}), every ${everyMs / 1_000} s: ${said}`);
  }
  finish(years);
}

/** A line that was cut off by Ctrl-C is no year. */
function yearsKept(): YearFigures[] {
  if (!existsSync(STATE)) return [];
  return readFileSync(STATE, "utf8")
    .split("\n")
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as YearFigures];
      } catch {
        return [];
      }
    });
}

function finish(years: readonly YearFigures[]): void {
  for (const { seed, everyMs, faults } of years) {
    if (faults.length === 0) continue;
    console.log(`seed ${seed}: npm run sim -- --seed ${seed} --every ${everyMs / 1_000}s`);
    for (const fault of faults) console.log(`  ${fault}`);
  }
  for (const everyMs of Object.values(EVERY)) {
    const summary = summaryOf(years, everyMs);
    if (summary.years === 0) continue;
    console.log(textOf(summary));
    console.log(JSON.stringify(summary));
    if (summary.broken.length > 0) process.exitCode = 1;
  }
}
