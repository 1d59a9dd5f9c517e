// `npm run bench [-- words]`: measures, and prints one JSON line a figure to stdout and what it is doing to stderr. Judges
// nothing: the numbers of one machine are no limits for another. Words choose the subjects whose names hold one of them.

import { availableParallelism } from "node:os";

import { d1 } from "./d1.ts";
import { rounded } from "./figure.ts";
import type { Report, Subject } from "./figure.ts";
import { histogram } from "./histogram.ts";
import { page } from "./page.ts";
import { records } from "./records.ts";
import { round } from "./round.ts";

const SUBJECTS: readonly Subject[] = [histogram, records, d1, page, round];

const HELP = `npm run bench               everything, in less than five minutes
npm run bench -- d1 page    only these subjects
npm run bench -- --help     this text

${SUBJECTS.map((subject) => `  ${subject.name.padEnd(12)}${subject.about}`).join("\n")}

One JSON line a figure on stdout, progress on stderr. Nothing else should run meanwhile.`;

const words = process.argv.slice(2);
const chosen = SUBJECTS.filter((subject) => words.length === 0 || words.some((word) => subject.name.includes(word)));
if (words.includes("--help") || words.includes("-h")) {
  console.log(HELP);
} else if (chosen.length === 0) {
  console.error(`No subject is called ${words.join(" or ")}.\n\n${HELP}`);
  process.exitCode = 2;
} else {
  const host = { node: process.version, cpus: availableParallelism() };
  for (const subject of chosen) {
    const from = performance.now();
    const report: Report = (figure, value, unit, more = {}) =>
      console.log(JSON.stringify({ bench: subject.name, figure, value: rounded(value, 4), unit, ...more, ...host }));
    console.error(`${subject.name}: ${subject.about}`);
    await subject.run(report, (said) => console.error(`${subject.name}: ${said}`));
    console.error(`${subject.name}: ${((performance.now() - from) / 1000).toFixed(1)} s`);
  }
}
