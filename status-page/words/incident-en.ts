// The pages of incidents in English. Pure; fills the interface of incident-words.ts and decides nothing.

import type { PublicKind } from "../incidents.ts";
import type { IncidentWords } from "./incident-words.ts";
import { whole, exactSpan } from "./numbers.ts";

const TAG = "en";
const NBSP = "\u00a0";
const UNITS = { ms: "ms", s: "s", min: "min", h: "h" };
const number = (n: number): string => whole(TAG, n);
const count = (n: number, one: string, many: string): string => `${number(n)} ${n === 1 ? one : many}`;

const FIRST: Readonly<Record<PublicKind, string>> = {
  outage: "the first failed message",
  brownout: "the first late or failed message",
};
const by = (speaker: string): string => (speaker === INCIDENT_EN.speakers.sonde ? speaker : `the ${speaker}`);

function openSentence(outages: number, brownouts: number): string {
  const parts = [
    ...(outages > 0 ? [count(outages, "outage", "outages")] : []),
    ...(brownouts > 0 ? [count(brownouts, "brownout", "brownouts")] : []),
  ];
  return `${parts.join(" and ")} open now`;
}

export const INCIDENT_EN: IncidentWords = {
  incidents: "Incidents",
  all: "All incidents",
  older: "Older incidents",
  newest: "Newest incidents",
  openSentence,
  noneOpen: (newest) =>
    newest === null ? "No incident is open" : `None of the newest ${number(newest)} incidents is open`,
  noneOpenMore: "This is a list of what was found, and says nothing about what is not measured.",
  toStatus: "What is measured now",
  none: "No incident has been recorded.",
  noneOlder: "There are no older incidents.",
  method: [
    "Incidents are opened and closed by measurement. What people say about them stands beside it and changes no figure.",
    "An outage: messages are lost or refused. A brownout: many are late, or a few are lost for long.",
    "The impact begins with the intended sending of the first failed message and ends with that of the first good one after it.",
    "Drills, and incidents of the measuring fleet itself, are not listed. Names of persons are not published.",
  ],

  kinds: { outage: "Outage", brownout: "Brownout" },
  states: { open: "Open", restored: "Restored, not yet declared over", resolved: "Resolved", merged: "Merged" },
  severities: { critical: "critical", error: "error", warning: "warning", info: "info" },
  statements: {
    investigating: "Investigating",
    identified: "Identified",
    monitoring: "Monitoring",
    resolved: "Resolved",
  },
  speakers: { sonde: "Sonde", operations: "operations team" },
  title: (kind, target) => `${INCIDENT_EN.kinds[kind]} of ${target}`,
  global: (regions) => `Most regions at once: ${regions}`,
  severity: (word) => `severity: ${word}`,
  fromTo: (from, to, zone) => `${from} – ${to} (${zone})`,
  stillGoingOn: "still going on",
  endNotMeasured: "end not measured",
  thenMerged: "then part of a larger one",
  span: (ms) => exactSpan(ms, UNITS, NBSP),
  lasted: (span) => `lasted ${span}`,
  lastsSoFar: (span) => `${span} so far`,
  lessThanMinute: `less than 1${NBSP}min`,

  times: "Times",
  timesIn: (zone) => `All times in ${zone}`,
  stamps: {
    impactStart: { outage: "First failed message", brownout: "First late or failed message" },
    detected: "Detected",
    notified: "First page sent",
    acked: "Acknowledged",
    published: "First public word",
    impactEnd: "Measured restored",
    resolved: "Declared resolved",
  },
  after: (span, kind) => `${span} after ${FIRST[kind]}`,
  before: (span, kind) => `${span} before ${FIRST[kind]}`,
  together: (kind) => `with ${FIRST[kind]}`,
  notYet: "not yet",
  never: "never",
  inTheOther: "see the larger one",
  noPublicWordYet: (span) => `no public word yet, ${span} so far`,
  noPublicWord: "no public word was given",
  noPage: "none was accepted by a receiver",

  measured: "What was measured",
  impact: "Impact",
  heads: ["Region", "Bad of attempted", "State"],
  counts: (bad, attempted, share) => `${bad} of ${attempted} (${share})`,
  noCounts: "no counts",
  moreRegions: (more) => `And ${number(more)} more; the JSON has them.`,
  badNow: "bad now",
  goodAgain: "good again",
  noRegions: "No region is named.",
  flapping: "Flapping: it comes and goes. What follows is one story.",
  reopened: (times) => `Came back ${times === 1 ? "once" : `${number(times)} times`} before it was resolved.`,
  wentOnIn: "The story goes on in",
  tookOver: "Took over the story of",

  said: "What was published",
  nothingSaid: "Nothing has been published.",
  saidBy: (statement, speaker) => `${statement}, by ${by(speaker)}`,
  otherLanguage: "in another language",

  timeline: "Timeline",
  timelineHeads: ["Time", "What happened", "By"],
  cut: "There are more events than are shown here.",
  leftOut: (entries) => `${count(entries, "entry", "entries")} between these are left out here; the JSON has them.`,
  enteredAt: (stamp) => `entered ${stamp}`,
  did: {
    began: { outage: "First failed message", brownout: "First late or failed message" },
    opened: (regions, severity) => `Detected (${severity}): ${regions}`,
    joined: (region) => `Also bad: ${region}`,
    left: (region) => `Good again: ${region}`,
    removed: (region) => `No longer measured from: ${region}; whether it is good again is not known`,
    measured: (severity) => `Measured (${severity})`,
    notified: "First page sent",
    acknowledged: "Acknowledged",
    published: (statement) => `Published: ${statement}`,
    restored: "Measured: every region is good again",
    resolved: "Declared resolved",
    reopened: (region) => (region === null ? "Reopened" : `Bad again: ${region}`),
    merged: "The story goes on in",
    absorbed: (regions) => `Took over ${regions === "" ? "" : `${regions}, `}from`,
    postmortem: "Postmortem published",
    flapping: (on) => (on ? "Comes and goes from here on" : "Does not come and go any more"),
  },

  postmortem: "Postmortem",
  noPostmortem: "No postmortem has been published.",
  postmortemBy: (stamp, speaker) => `${stamp}, by ${by(speaker)}`,

  away: (stamp, age) => `Our database cannot be read at the moment; this was read at ${stamp}, ${age}.`,
  notFound: "There is no such incident",
  notFoundMore: "The address may be wrong, or the incident is not a public one.",
  unreadable: "The incidents cannot be read at the moment",
  unreadableMore: "This says nothing about the service, only about our database. Please try again in a moment.",
};
