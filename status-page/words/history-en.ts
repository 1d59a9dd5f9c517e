// The pages of the past in English. Pure; fills the interface of history-words.ts and decides nothing.

import type { HistoryWords } from "./history-words.ts";
import { exactSpan, whole } from "./numbers.ts";

const NBSP = "\u00a0";
const number = (n: number): string => whole("en", n);
const minutes = (n: number): string => `${number(n)}${NBSP}${n === 1 ? "minute" : "minutes"}`;
const UNITS = { ms: "ms", s: "s", min: "min", h: "h" };

export const HISTORY_EN: HistoryWords = {
  history: "History",
  historyOf: (target) => `History of ${target}`,
  historyIn: (target, period) => `${target} in ${period}`,
  regionOf: (target, region) => `${target}, measured from ${region}`,
  dayOf: (target, region, date) => `${target} from ${region} on ${date}`,
  indexMore: "Every service that is measured, month by month and day by day.",
  noTargets: "Nothing is measured yet.",

  dayInZone: (zone, hours) => `This day is the one in ${zone}; it has ${hours}.`,
  hours: (n) => `${n}${NBSP}hours`,
  sumsInZone: (own, chosen) =>
    `Days and months are summed up in ${own}, and stay so here. Pages of single days and all other times are in ${chosen}.`,
  inZone: (zone) => `in ${zone}`,
  timesIn: (zone) => `All times in ${zone}.`,

  now: "Now",
  nowUnknown: "The state as of now cannot be read at the moment. What follows is the past.",
  last24h: "The last 24 hours",
  last90d: (days) => `The last ${number(days)} days`,
  months: "Months",
  totals: "The whole day",
  minutes: "Minute by minute",
  hourly: "Hour by hour",
  downTimes: "When it was down",
  noDownTimes: "No measured minute of this day was down.",
  journey: "Journey",

  heads: {
    month: "Month",
    day: "Day",
    hour: "Hour",
    minutes: "Minutes",
    state: "State",
    measured: "Measured",
    down: "Down",
    latency: "P50 · P95 · P99",
  },
  countHeads: { scheduled: "Planned", ok: "Good", lost: "Lost", refused: "Refused", notSent: "Not sent by us" },
  asTable: "As a table",
  minuteTable: "Each minute as a table",
  minutesOf: (measured, expected) => `${measured} of ${expected} min`,
  nothingScheduled: "nothing was scheduled",
  stillToCome: "still to come, or not scheduled",
  notWritten: "nobody measured",
  goesOn: "still going on",
  cutHours:
    "This zone begins its days within an hour of UTC. Counts are exact; the first and the last part hour have no percentiles, and the whole day has them only where they are of all its messages.",
  otherRule:
    "The sums were made by the rule in force at the time; the minutes are drawn by the rule in force today, so the two can differ.",
  merged:
    "Percentiles are of all messages of a period together, lost and refused ones included. They are never averaged.",

  latencyChart: (name) => `Latency: ${name}`,
  latencySummary: ({ p50, p99, within, known, limit, none }) =>
    `Lowest P50 ${p50}, highest P99 ${p99}. P99 was below ${limit} in ${number(within)} of ${number(known)} periods` +
    (none > 0
      ? `; ${number(none)} more ${none === 1 ? "has" : "have"} no P99: not measured, or too few messages.`
      : "."),
  latencyNothing: (pieces) => `None of ${number(pieces)} periods has enough messages for a P99.`,
  limit: (text) => `limit for P99: ${text}`,
  overAtTop: "There the percentile falls among messages that did not come in time.",
  bandKey: { p50: "P50", p95: "P95", p99: "P99", gap: "not measured, or too few", limit: "limit for P99" },
  barsLabel: (name, pieces, measured) => `${name}: ${number(measured)} of ${number(pieces)} periods were measured.`,
  heatTitle: (name, date) => `${name}, ${date}, minute by minute`,
  heatSummary: (n) =>
    `${minutes(n.up)} up, ${minutes(n.degraded)} degraded, ${minutes(n.down)} down, ${minutes(n.unmeasured)} not measured.`,
  heatKey: { up: "up", degraded: "degraded", down: "down", unmeasured: "not measured" },
  fromTo: (from, to) => `${from} to ${to}`,
  span: (n) => exactSpan(n * 60_000, UNITS, NBSP),

  dayBefore: "The day before",
  dayAfter: "The day after",
  incidents: "Incidents and their stories",
  rawMinutes: "Raw minutes (JSON)",
  rawHours: "Raw hours (JSON)",
  allOf: (target) => `All months of ${target}`,
  moreRegions: "More regions",

  away: (readAt, age) => `The database cannot be read right now. This was read at ${readAt}, ${age}.`,
  unreadable: "The history cannot be read right now",
  unreadableMore:
    "Our database did not answer. This says nothing about the services. Please try again in a few seconds.",
  notFound: "There is no such page of the past",
  targetsThatExist: (names) => `There is a history of: ${names}.`,
  regionsThatExist: (names) => `It is measured from: ${names}.`,
  daysThatExist: (first, last, zone) =>
    `Single days exist from ${first} to ${last} (${zone}), written like 2026-03-01. Sums of older days are in their months.`,
  journeysThatExist: (names) => `Journeys are written like ?journey=loop. On this page there are: ${names}.`,
  periodsThatExist: (first, last) => `Periods are written like 2026 or 2026-03, and exist from ${first} to ${last}.`,
  neverMeasured: "Nothing was measured here",
  neverMeasuredMore: "No minute of this period was measured, so there is nothing to show: neither good nor bad.",
};
