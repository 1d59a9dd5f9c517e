// The front page in English. Pure; see front-words.ts.

import type { FrontWords } from "./front-words.ts";

const plural = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;

export const FRONT_EN: FrontWords = {
  goingOn: "Going on now",
  since: (stamp, span) => `Since ${stamp}, for ${span}`,
  restored: "Measured to be good again; not declared over yet.",
  said: (statement, stamp) => `${statement}, ${stamp}`,
  maintenance: "Maintenance:",
  maintenanceUntil: (stamp) => `Under way, until ${stamp}`,
  maintenanceFrom: (from, to) => `Announced: ${from} to ${to}`,
  untitled: "Announced maintenance",
  allRegions: "All regions",
  leftOut: "Not all of it fits here; the rest is on the page of incidents.",

  board: "Promised and measured",
  boardOf: (contract, period) => `${contract}, ${period}`,
  boardMore: "The contract's word is not the evidence: both stand here.",
  worstOf: (region, of) => `${region}, the worst of ${of} regions`,
  sample: (kind, n) =>
    ({ slots: `${n} slots measured`, ratio: `${n} messages`, quantile: `${n} messages`, duration: `${n} incidents` })[
      kind
    ],
  moreNeeded: (n) => `${n} more good ones would prove it`,
  report: "The whole report",
  judgedUntil: (stamp) => `judged until ${stamp}`,
  boardLeftOut: "Not every contract fits here; the others have their reports.",

  past: "Past incidents",
  nonePast: "No incident of the last 90 days is kept.",
  lasted: (span) => `lasted ${span}`,
  lessons: "with what was learnt",
  allIncidents: "All incidents",

  isItMe: "Is it just me?",
  isItMeMore: "The region nearest to you, and how the others fare.",
  howMeasured: "Definitions, formulas and limits",

  trend: (name) => `${name}, last 30 days`,
  trendSummary: (least, most, below, measured, limit, missing) => {
    const said = `P99 of the days: ${least} to ${most}; below ${limit} on ${below} of ${plural(measured, "day", "days")}.`;
    return missing === 0 ? said : `${said} ${plural(missing, "day has", "days have")} none.`;
  },
  trendNothing: (days) => `No P99 on any of ${plural(days, "day", "days")}: not measured, or too few messages.`,

  heat: (limit) => `The bar below a time is its share of ${limit}, in quarters.`,
};
