// The public page of the fleet in English. Pure; fills the interface of fleet-words.ts and decides nothing.

import { EN } from "./en.ts";
import type { FleetWords } from "./fleet-words.ts";

export const FLEET_EN: FleetWords = {
  title: "Who measured, from where, when",
  lead: "This page is about our own probers, not about the services. A prober that does not measure makes its region unknown: neither up nor down.",
  heads: ["Region", "Prober", "Observed place", "Asked for", "Last round", "Today", "Month"],
  measured: "Measuring",
  placed: (city, code) => `${city} (${code})`,
  hintUnknown: "not known: the configuration is refused",
  covered: (measured, of, share) => `${measured} of ${of}\u00a0min measured, ${share}`,
  nothingDue: "no minute due yet",
  noRegions: "No target is measured from anywhere yet.",
  placeMeaning:
    "The observed place is the data centre in which the prober found itself running. The place asked for is a wish that the platform may not grant: what was observed is what counts.",
  silences: "Silences",
  silencesAbout:
    "Once a minute a watchdog asks each prober for its newest round. One that has missed a slot, or does not answer, is silent, and only the people who keep the fleet are called: a silence says nothing about the service.",
  silencesSpan: (days) => `The last ${EN.number(days)} days, the newest first.`,
  noSilences: "None: every prober had something to show, each time that it was asked.",
  silencesUnreadable: "Our own database cannot be read: whether there were silences is not known at the moment.",
  silencesAsOf: (stamp) => `Our own database cannot be read; silences as of ${stamp}.`,
  silencesCut: (shown) => `Only the newest ${EN.number(shown)} are shown; there may be more.`,
  silenceHeads: ["Region, prober", "Why", "Last sign of life", "Found silent", "Until"],
  reasons: { no_wake: "answers, and missed a slot", no_answer: "does not answer" },
  lasts: "lasts",
  noSign: "not known",
  removed: "no longer measured from",
  lasted: (stamp, span) => `${stamp} (${span})`,
  controls: "Control checks",
  controlsAbout:
    "When a round goes badly, and now and then besides, a prober asks these hosts, which have nothing to do with the services under watch. If a round is bad and fewer than half of them answer, the fault may be on our side: the round is not measured, and is never counted against the service. If at least half of them say that our clock is wrong, likewise.",
  controlsNone: "None are configured: a prober that is cut off cannot be told from a service that is down.",
  controlsUnknown: "Not known: the configuration is refused.",
  moreInMethod: "What the words mean: how this is measured",
};
