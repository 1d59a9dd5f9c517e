// `npm run bench [-- words]`: measures, and prints one JSON line a figure to stdout and what it is doing to stderr. The numbers
// of one machine are no limits for another: goals are printed with `met`, and only where a count must be exact does a miss
// end it with 1. Words choose the subjects whose names hold one of them.

import { availableParallelism } from "node:os";

import { cpu } from "./cpu.ts";
import { d1 } from "./d1.ts";
import { fidelity } from "./fidelity.ts";
import { rounded } from "./figure.ts";
import type { Choice, Report, Subject } from "./figure.ts";
import { histogram } from "./histogram.ts";
import { lighthouse } from "./lighthouse.ts";
import { loss } from "./loss.ts";
import { million } from "./million.ts";
import { page } from "./page.ts";
import { records } from "./records.ts";
import { round } from "./round.ts";
import { size } from "./size.ts";
import { sla } from "./sla.ts";

const SUBJECTS: readonly Subject[] = [
  histogram,
  records,
  d1,
  sla,
  page,
  round,
  size,
  loss,
  million,
  fidelity,
  cpu,
  lighthouse,
];

const HELP = `npm run bench                    everything, in about ten minutes (of \`million\` 2 %)
npm run bench -- d1 page         only these subjects
npm run bench -- million=50000   with a size, where a subject has one
npm run bench -- --help          this text

${SUBJECTS.map((subject) => `  ${subject.name.padEnd(12)}${subject.about}`).join("\n")}

One JSON line a figure on stdout, progress on stderr. Nothing else should run meanwhile.
Ends with 1 if a count that must be exact (loss, million) was not, or a subject failed.`;

const words = process.argv.slice(2);
const asked = words.map((word) => /^([a-z0-9]+)(?:=([1-9]\d{0,8}))?$/.exec(word));
const chosen = SUBJECTS.flatMap((subject): [Subject, Choice][] => {
  if (words.length === 0) return [[subject, { named: false, size: null }]];
  const word = asked.find((each) => each !== null && subject.name.includes(each[1] ?? ""));
  return word ? [[subject, { named: true, size: word[2] === undefined ? null : Number(word[2]) }]] : [];
});
const unknown = words.filter((_, at) => !SUBJECTS.some(({ name }) => name.includes(asked[at]?.[1] ?? " ")));
if (words.includes("--help") || words.includes("-h")) {
  console.log(HELP);
} else if (unknown.length > 0) {
  console.error(`No subject is called ${unknown.join(" or ")}.\n\n${HELP}`);
  process.exitCode = 2;
} else {
  const host = { node: process.version, cpus: availableParallelism() };
  for (const [subject, choice] of chosen) {
    const from = performance.now();
    const report: Report = (figure, value, unit, more = {}) =>
      console.log(JSON.stringify({ bench: subject.name, figure, value: rounded(value, 4), unit, ...more, ...host }));
    console.error(`${subject.name}: ${subject.about}`);
    try {
      await subject.run(report, (said) => console.error(`${subject.name}: ${said}`), choice);
    } catch (problem) {
      // The other subjects are worth their time all the same.
      console.error(`${subject.name}: FAILED:`, problem);
      process.exitCode = 1;
    }
    console.error(`${subject.name}: ${((performance.now() - from) / 1000).toFixed(1)} s`);
  }
}
