// The page in English. Pure; fills the interface of words.ts and decides nothing.

import type { FailureKind, OkMeaning, Phase } from "../../schema/words.ts";
import { whole, duration, largest, monthName, percentNumber, proportion } from "./numbers.ts";
import type { MethodFacts, Unknown, Words } from "./words.ts";

const TAG = "en";
const NBSP = "\u00a0";
const UNITS = { s: "s", min: "min", h: "h", d: "days" };
const number = (n: number): string => whole(TAG, n);
const count = (n: number, one: string, many: string): string => `${number(n)} ${n === 1 ? one : many}`;
const minutes = (n: number): string => `${number(n)}${NBSP}min`;

const UNKNOWN: Readonly<Record<Exclude<Unknown, "silent">, string>> = {
  never: "no result has arrived yet",
  scheduler_lag: "our prober woke too late",
  clock_step: "our prober’s clock jumped",
  platform: "the platform of our prober failed",
  configuration: "our own configuration is wrong",
  credentials: "our own credentials are missing or wrong",
  controls: "our control checks fail as well, so the fault may be ours",
  moved: "our prober moved to another place",
  peer: "the prober at the other end was not there",
  unclear: "our prober could not measure",
};

const PHASES: Readonly<Record<Phase, string>> = {
  connect: "while connecting",
  subscribe: "while subscribing",
  publish: "while publishing",
  deliver: "while delivering",
  close: "while closing",
};

const KINDS: Readonly<Record<FailureKind, string>> = {
  config: "configuration",
  dns: "name not resolved",
  tcp: "no TCP connection",
  tls: "TLS failed",
  handshake: "handshake failed",
  protocol: "protocol violated",
  auth: "login refused",
  subscribe: "subscription refused",
  publish: "message refused",
  rate_limit: "rate limit",
  receiver_offline: "receiver offline",
  timeout: "no answer in time",
  closed: "connection closed",
  aborted: "aborted by us",
  platform: "our platform",
  unknown: "cause unknown",
};

export const EN: Words = {
  language: "en",
  tag: TAG,
  ownName: "English",

  number,
  percent: (share) => `${percentNumber(TAG, share)}${NBSP}%`,
  target: (share) => `${proportion(TAG, share)}${NBSP}%`,
  ms: (n) => `${number(n)}${NBSP}ms`,
  duration: (ms) => duration(TAG, ms, `${NBSP}ms`, `${NBSP}s`),
  over: (text) => `>${NBSP}${text}`,
  ago: (ms) => `${largest(ms, UNITS, NBSP)} ago`,
  roughly: (ms) => largest(ms, UNITS, NBSP),
  month: (at, zone) => monthName(TAG, at, zone),

  states: { up: "Operational", degraded: "Degraded", down: "Down", unmeasured: "Not measured" },
  troubles: {
    connections: "connections are refused",
    refused: "messages are refused",
    lost: "messages are being lost",
    unanswered: "messages stay unanswered",
    down: "down",
    some_connections: "some connections are refused",
    some_refused: "some messages are refused",
    some_lost: "some messages are being lost",
    some_unanswered: "some messages stay unanswered",
    slow: "slow",
    degraded: "degraded",
  },
  list: (names, more) =>
    more > 0
      ? `${names.join(", ")} and ${number(more)} more`
      : names.length < 2
        ? names.join("")
        : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`,
  allUp: (regions, name) =>
    regions === 1 ? `${name}: measured and operational` : `All ${number(regions)} regions measured and operational`,
  troubled: (names, trouble) => `${names}: ${EN.troubles[trouble]}`,
  everywhere: (regions, trouble) => `All ${number(regions)} regions: ${EN.troubles[trouble]}`,
  cannotSee: (names, opens) => `${opens ? "We" : "we"} cannot see ${names}`,
  cannotSeeAny: (regions) => `We cannot see any of the ${number(regions)} regions`,
  noRoundYet: "Measuring has begun, no result has arrived yet",
  parts: (parts) => parts.join("; "),
  allServicesUp: (services) => `All ${number(services)} services measured and operational in every region`,
  serviceTrouble: (service, sentence) => `${service} – ${sentence}`,
  servicesTroubled: (names, state) =>
    state === "unmeasured"
      ? `${names}: not fully measured`
      : `${names}: ${state === "down" ? "down" : "degraded"} in at least one region`,
  stateCount: (n, state) => `${number(n)} ${EN.states[state].toLowerCase()}`,

  pages: "Pages",
  ways: {
    status: "Status",
    history: "History",
    method: "Method",
    fleet: "Fleet",
    api: "API",
    subscribe: "Subscribe",
  },
  zoneOfTimes: "Times in",
  showTimes: "Show",
  zoneOffer: "Show times in {}",
  notRefreshed: "This page could not be refreshed. What it shows is as old as it says.",
  zones: {
    UTC: "UTC",
    "America/Los_Angeles": "Los Angeles",
    "America/Denver": "Denver",
    "America/Chicago": "Chicago",
    "America/New_York": "New York",
    "America/Mexico_City": "Mexico City",
    "America/Sao_Paulo": "São Paulo",
    "Europe/London": "London",
    "Europe/Berlin": "Berlin",
    "Europe/Istanbul": "Istanbul",
    "Europe/Moscow": "Moscow",
    "Africa/Lagos": "Lagos",
    "Africa/Cairo": "Cairo",
    "Africa/Johannesburg": "Johannesburg",
    "Africa/Nairobi": "Nairobi",
    "Asia/Dubai": "Dubai",
    "Asia/Karachi": "Karachi",
    "Asia/Kolkata": "Kolkata",
    "Asia/Bangkok": "Bangkok",
    "Asia/Singapore": "Singapore",
    "Asia/Shanghai": "Shanghai",
    "Asia/Seoul": "Seoul",
    "Asia/Tokyo": "Tokyo",
    "Australia/Perth": "Perth",
    "Australia/Sydney": "Sydney",
    "Pacific/Auckland": "Auckland",
  },
  skipToContent: "Skip to the figures",
  languages: "Language",
  title: (sentence, page) => `${sentence} · ${page}`,
  dataAsOf: (stamp, utc, age) => `Data as of ${stamp}${utc === null ? "" : ` (${utc})`}, ${age}`,
  oldestOf: (asOf, targets) => `${asOf} (the oldest of ${number(targets)} services)`,
  databaseAway: (stamp) => `Our own database cannot be read; figures as of ${stamp}.`,
  databaseAwayEmpty: "Our own database cannot be read; when it last could, nothing had been measured yet.",
  footer: "Measured by Sonde: real messages, sent through the service and timed.",
  rawFigures: "These figures as JSON",
  backToAll: "All services",

  nothingYet: "Nothing has been measured yet",
  nothingYetMore:
    "The first figures appear here about a minute after the probers have started. Until then nothing is known, so nothing is shown as working.",
  notFound: "There is no such page",
  notFoundMore: "The address may be mistyped, or the service is not measured any more.",
  unreadable: "The figures cannot be read",
  unreadableMore:
    "Our own database does not answer, and no copy of the last figures is at hand. This says nothing about the service being measured. Please try again in a few seconds.",
  broken: "This page is broken",
  brokenMore: "The fault is ours and says nothing about the service being measured. It has been recorded.",

  services: "Services",
  regions: "Regions",
  regionCount: (n) => count(n, "region", "regions"),
  journeys: {
    loop: "round trip",
    mesh: "region to region",
    room: "room with many receivers",
    dialogue: "dialogue of many turns",
    connect: "connecting only",
  },
  units: { message: "messages", delivery: "deliveries", turn: "turns", connection: "connections" },
  countedAs: (unit, okWord) => `${unit}, ${okWord.toLowerCase()}`,
  otherJourneys: "Also measured",
  othersOf: (region) => `What else is measured from ${region}`,
  matrix: "From region to region",
  matrixHow: "Rows ask, columns answer; the last minutes. Times are there and back, on the asker’s clock.",
  fromTo: "from \u2193 to \u2192",
  lostThere: (n) => `${number(n)} lost on the way there`,
  lostBack: (n) => `${number(n)} lost or too late on the way back`,
  otherSideAbsent: "one side was not there",
  phases: { handshake: "handshake", login: "login" },
  reconnects: (n) => count(n, "session opened anew", "sessions opened anew"),
  thisMonth: "so far",
  availability: "Availability",
  okRate: { delivered: "Delivered", acknowledged: "Acknowledged", accepted: "Accepted" },
  noDelivery: {
    acknowledged:
      "These figures are about messages acknowledged by the receiver, not about deliveries: the receiver’s confirmation was seen, the message’s arrival was not.",
    accepted:
      "These figures are about messages accepted by the service, not about deliveries: whether any of them arrived was not measured.",
  },
  latencyOf: { delivered: "Round trip", acknowledged: "Time to acknowledgement", accepted: "Time to acceptance" },
  connecting: "Connecting",
  noData: "no data yet",
  targetAtLeast: (percent) => `target at least ${percent}`,
  targetBelow: (limit) => `target below ${limit}`,
  lowestOf: (region) => `lowest: ${region}`,
  highestOf: (region) => `highest: ${region}`,
  sameEverywhere: "the same in every region",
  verdicts: {
    met: "target met",
    breached: "target breached",
    undetermined: "month not decided yet",
    no_data: "no data yet",
  },
  verdictIn: (verdict, regions, of) =>
    `${EN.verdicts[verdict]}${regions === of ? "" : `: ${number(regions)} of ${number(of)} regions`}`,
  between: (low, high) => `between ${low} and ${high}`,
  coverage: (percent) => `${percent} measured`,
  within: (limit) => `within ${limit}`,
  notWithin: (limit) => `over ${limit}`,

  seenFrom: (place) => `seen from ${place}`,
  placeUnknown: "place not known yet",
  lastRound: (clock) => `last round ${clock}`,
  noRound: "no round yet",
  unknown: (why, since) =>
    why !== "silent" ? UNKNOWN[why] : since === null ? "nothing new has arrived" : `nothing new since ${since}`,
  failure: (phase, kind, text) =>
    phase === null || kind === null ? `refused: ${text}` : `refused ${PHASES[phase]}: ${KINDS[kind]}`,
  recentSpan: (span) => `Last ${span}`,
  recentNothing: "nothing recent",
  today: "Today",
  soFar: (period) => `${period} so far`,
  notCounted: "minutes still open",
  okOf: (meaning, ok, attempted) => `${number(ok)} of ${number(attempted)} ${EN.okRate[meaning].toLowerCase()}`,
  of: (ok, attempted) => `${number(ok)} of ${number(attempted)}`,
  nothingAttempted: "nothing sent",
  misses: {
    lost: (n) => `${number(n)} lost`,
    unanswered: (n) => `${number(n)} unanswered`,
    refused: (n) => `${number(n)} refused`,
    late: (n) => `${number(n)} late`,
    notSent: (n) => `${number(n)} not sent (our side)`,
    duplicate: (n) => count(n, "duplicate", "duplicates"),
    reordered: (n) => `${number(n)} out of order`,
    corrupt: (n) => `${number(n)} corrupt`,
  },
  lateOf: (n, of) => `${number(n)} of ${number(of)} late`,
  missing: (parts) => parts.join(", "),
  tooFew: (samples, needed) =>
    needed === null ? `too few samples (${number(samples)})` : `${number(samples)} of ${number(needed)} samples`,
  missingFigure: (name, why) => `no ${name}: ${why}`,
  slowest: (max) => `slowest ${max}`,
  samples: (n) => count(n, "sample", "samples"),
  noSamples: "no samples",
  figuresOf: (region) => `Figures of ${region}`,
  figure: "Figure",

  daysLabel: (days, withData, lowest) =>
    `${count(days, "day", "days")}: ${number(withData)} with data, ${number(days - withData)} without` +
    (lowest === null ? "" : `; lowest ${lowest.percent}${lowest.date === null ? "" : ` on ${lowest.date}`}`),
  daysAgo: (days) => (days === 0 ? "today" : days === 1 ? "yesterday" : `${number(days)} days ago`),
  todayOpen: "today, still open",
  dayByDayShort: "Day by day",
  dayTitle: (date, parts) => `${date}: ${parts.join(", ")}`,
  minutesDown: (n) => `${minutes(n)} down`,
  minutesDegraded: (n) => `${minutes(n)} degraded`,
  minutesUnmeasured: (n) => `${minutes(n)} not measured`,
  notMeasured: "not measured",
  open: "still open",
  legend: {
    up: "operational",
    degraded: "some minutes degraded",
    down: "some minutes down",
    unmeasured: "not measured",
  },

  method: "How this is measured",
  methodLines: (f) => [
    ...(f.okMeans === "delivered" ? deliveryLines(f) : answerLines(f, f.okMeans)),
    `A minute is down when at least ${f.downShare} of its messages are ${LOST[f.okMeans]} or refused, and degraded, which counts as up, when at least ${f.degradedShare} are ${LOST[f.okMeans]}, refused or late.`,
    `Availability is (up + degraded) ÷ (up + degraded + down). Its interval takes all unmeasured minutes once as down and once as up: the target is met only if the lower end meets it, and breached only if the upper end misses it. It is about the whole month: minutes to come are unknown too.`,
    `What was not measured is never filled in: it is neither up nor down, and drawn hatched. Minutes still open are not yet counted. Shares are cut off, never rounded up.`,
    `Days and months begin at midnight in ${f.zone}.`,
  ],
};

const LOST: Readonly<Record<OkMeaning, string>> = {
  delivered: "lost",
  acknowledged: "unanswered",
  accepted: "unanswered",
};

function deliveryLines(f: MethodFacts): readonly string[] {
  return [
    f.messages === 1
      ? `Every ${f.every} each region sends one message through the service to a subscriber of its own and waits ${f.deadline} for it.`
      : `Every ${f.every} each region sends ${number(f.messages)} messages, ${number(f.gapMs)}${NBSP}ms apart, through the service to a subscriber of its own, and waits ${f.deadline} for each.`,
    `Latency runs from the moment a message was meant to be sent until it arrives, on one clock, in whole milliseconds, ±1${NBSP}ms. Connecting is a figure of its own, with a limit of ${f.connectDeadline}.`,
    `A lost or refused message counts as infinitely slow. A percentile that falls among them is printed as “>${NBSP}${f.deadline}”. P99 is shown from 299 samples on. Late means later than ${f.latencyLimit}; a late message is still delivered.`,
  ];
}

function answerLines(f: MethodFacts, meaning: keyof Words["noDelivery"]): readonly string[] {
  const word = EN.okRate[meaning].toLowerCase();
  const answer =
    meaning === "accepted"
      ? "the service’s word that it has accepted it"
      : "the receiver’s word that it has acknowledged it";
  return [
    EN.noDelivery[meaning],
    f.messages === 1
      ? `Every ${f.every} each region gives the service one message by a request, and waits ${f.deadline} for ${answer}.`
      : `Every ${f.every} each region gives the service ${number(f.messages)} messages, ${number(f.gapMs)}${NBSP}ms apart, by a request each, and waits ${f.deadline} for ${answer}.`,
    `Latency runs from the moment a message was meant to be sent until that answer is there, on one clock, in whole milliseconds, ±1${NBSP}ms. Connecting is the time of a first call without content, with a limit of ${f.connectDeadline}.`,
    `A message that is refused or not answered in time counts as infinitely slow. A percentile that falls among them is printed as “>${NBSP}${f.deadline}”. P99 is shown from 299 samples on. Late means later than ${f.latencyLimit}; a late message is still ${word}.`,
  ];
}
