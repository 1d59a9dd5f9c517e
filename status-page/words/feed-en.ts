// Feeds, calendars and badges in English. Pure; fills the interface of feed-words.ts and decides nothing.

import type { FeedWords } from "./feed-words.ts";
import { whole } from "./numbers.ts";

const number = (n: number): string => whole("en", n);

export const FEED_EN: FeedWords = {
  measured: {
    detected: "Trouble was measured.",
    restored: "By measurement all affected regions are good again.",
    resolved: "The incident is declared over.",
  },
  maintenance: "Maintenance",
  maintenanceIs: {
    in_progress: "The announced maintenance has begun.",
    completed: "The announced maintenance is over.",
  },

  feedTitle: (name) => `${name}: incidents`,
  feedOf: (name, target) => `${name}: incidents of ${target}`,
  feedAbout: "Incidents, opened and closed by measurement. One entry for each, updated in place.",
  feedLinks: { atom: "Incidents (Atom)", rss: "Incidents (RSS)", json: "Incidents (JSON Feed)" },
  entryTitle: (title, state) => `${title}: ${state.toLowerCase()}`,
  theStory: "All that was measured and said",

  calendarTitle: (name) => `${name}: maintenance`,
  calendarSummary: (title, target) => `${target}: ${title}`,
  allRegions: "In all regions",
  inRegions: (regions) => `In ${regions}`,
  goesOnMeasuring: "Measuring goes on meanwhile.",
  calledOff: "Called off",
  calendarLink: "Maintenance (iCalendar)",

  badgeLabels: {
    status: "status",
    uptime: "uptime",
    p99: "P99 latency",
    delivery: { delivered: "delivery", acknowledged: "acknowledged", accepted: "accepted" },
  },
  figureIn: (figure, month) => `${figure} · ${month}`,
  badgeTitle: (label, message) => `${label}: ${message}`,
  lowestOf: (regions) => `lowest of ${number(regions)} regions`,
  highestOf: (regions) => `highest of ${number(regions)} regions`,
  asOf: (stamp) => `as of ${stamp}`,
  notMeasured: "not measured",
  tooFew: (samples) => `too few samples (${number(samples)})`,
  badgeFaults: {
    target: "no such target",
    region: "no such region",
    show: "cannot show that",
    unreadable: "unreadable now",
  },
};
