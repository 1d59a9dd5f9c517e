// The SLA pages in English. Pure; fills the interface of sla-words.ts and decides nothing.

import { EXCLUSION_WORDS } from "../../workers/sla/exclusion-words.ts";
import type { Bad } from "../../workers/config/contracts/contract.ts";
import type { Unjudged } from "../sla.ts";
import { cutNumber, whole, exactSpan, moneyText, proportion } from "./numbers.ts";
import type { EvidenceFacts, ListFacts, SlaMethodFacts, SlaWords, SlotRule } from "./sla-words.ts";

const TAG = "en";
const NBSP = "\u00a0";
const UNITS = { ms: "ms", s: "s", min: "min", h: "h" };
const number = (n: number): string => whole(TAG, n);
const percent = (share: number): string => `${proportion(TAG, share)}${NBSP}%`;
/** The number is a finished text. */
const count = (n: string, one: string, many: string): string => `${n} ${n === "1" ? one : many}`;

const BADS: Readonly<Record<Exclude<Bad, "late">, string>> = {
  lost: "lost",
  error: "refused",
  "connect-fail": "refused at connecting",
};

const either = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1) ?? ""}`;

function slotRule({ minutes, bad, late, downIf, minRun }: SlotRule): string {
  const slot = minutes === 1 ? "A minute" : `A slot of ${number(minutes)}${NBSP}minutes`;
  const what = SLA_EN.bads(bad, late);
  const are = `of its messages are ${what}`;
  const run = minRun > 1 ? `, and only in runs of at least ${number(minRun)}` : "";
  switch (downIf.rule) {
    case "fractional":
      return `${slot} is down by the share of its messages that are ${what}${run}`;
    case "rate":
      return `${slot} is down when ${downIf.op === ">" ? "more than" : "at least"} ${percent(downIf.value)} ${are}${run}`;
    case "count":
      return `${slot} is down when at least ${number(downIf.gte)} of its messages ${downIf.gte === 1 ? "is" : "are"} ${what}${run}`;
    case "all-fail":
      return `${slot} is down when all ${are}${run}`;
  }
}

function evidence(f: EvidenceFacts): string {
  const found = `${f.bad} of ${f.attempted} ${f.badWord}.`;
  if (f.grade === "proven_met") {
    return `${found} This supports ≥${NBSP}${f.atLeast} (${f.confidence}): ${f.target} is proven met.`;
  }
  if (f.grade === "proven_breached") {
    return `${found} This supports ≤${NBSP}${f.atMost} (${f.confidence}): ${f.target} is proven missed.`;
  }
  const supports = `${found} This supports ≥${NBSP}${f.atLeast} (${f.confidence}).`;
  return f.more === null
    ? supports
    : `${supports} ${f.target} needs ${count(f.more, "more good message", "more good messages")} without a bad one.`;
}

function listSentence({ contracts, judged, breached, present }: ListFacts): string {
  const all = count(number(contracts), "contract", "contracts");
  const some = judged < contracts ? `${all}, ${number(judged)} of ${number(contracts)} judged` : all;
  if (judged === 0) return some;
  const when = present ? "the present period" : breached > 1 ? "their newest periods" : "its newest period";
  return `${some}, ${breached === 0 ? "none" : number(breached)} breached in ${when} (contract’s own count)`;
}

const JUDGING = "Judging takes place every five minutes";

function notYetMore(one: Unjudged): string {
  if (one.why === "early") return `It holds from ${one.day} (${one.zone}). ${JUDGING} from then on.`;
  if (one.why === "over") {
    return `It held until ${one.day} (${one.zone}), and there is no report: nothing of it was measured, as far as is known. ${JUDGING}.`;
  }
  return `${JUDGING}, as soon as something has been measured. Until then nothing is said about it.`;
}

function methodLines(f: SlaMethodFacts): readonly string[] {
  const { kinds } = f;
  return [
    f.messages === 1
      ? `Every ${f.every} each region sends a real message through the service and waits ${f.deadline} for it; connecting may take ${f.connectDeadline}.`
      : `Every ${f.every} each region sends ${number(f.messages)} real messages through the service, ${number(f.gapMs)}${NBSP}ms apart, and waits ${f.deadline} for each; connecting may take ${f.connectDeadline}.`,
    ...(kinds.has("slots")
      ? [
          "Availability = slots up ÷ (slots up + slots down), or by the contract’s own rule where it says otherwise. Excluded slots are treated as the contract says; the figure without exclusions stands beside it.",
          "Low and high take all unmeasured slots as down and as up. Sonde’s word is met if low reaches the target, breached if high stays below it, else undetermined; what is still to come is as unknown as what was not measured.",
        ]
      : []),
    ...(kinds.has("ratio") || kinds.has("quantile")
      ? [
          `A share of messages = (attempted – bad) ÷ attempted. A percentile is judged as such a share, from counts and not from a curve; a lost message is infinitely slow. What it proves is an exact one-sided bound (Clopper–Pearson, ${f.confidence}), after the sample was divided by the design effect, since losses come in clusters.`,
        ]
      : []),
    ...(kinds.has("duration")
      ? [
          "Times are those of incidents that began in the period: to detect and to recover from the first bad message, to acknowledge from the first page. A time that is not known is neither good nor bad; drills are in no figure.",
        ]
      : []),
    "Budget = what the target allows in the whole period. Burn rate = share of it used ÷ share of the period that has passed: 1 uses it up exactly at the end.",
    `Unmeasured minutes are never filled in: neither up nor down. Percentages are cut off, never rounded up; only upper bounds are, which cutting would strengthen. The period begins and ends at midnights of ${f.zone}; its minutes are counted between these two instants.`,
    "“The contract says” is the contract’s own arithmetic. Whose records decide is said in its claim.",
  ];
}

export const SLA_EN: SlaWords = {
  none: "There are no contracts to show",
  noneMore: "Either none is configured, or you have to sign in to see it.",
  notYet: {
    early: "This contract does not hold yet",
    over: "This contract is over",
    due: "This contract has not been judged yet",
  },
  notYetMore,
  unreadable: "The reports cannot be read",
  unreadableMore:
    "Our own database does not answer, or a report in it is not what its hash says. This says nothing about the contract. Please try again in a few seconds.",
  refused: {
    401: "Please sign in",
    403: "Nobody can be let in here",
    503: "It cannot be told who you are",
  },
  refusedMore: {
    401: "The reports of this contract are only for those who have signed in.",
    403: "The reports of this contract are only for those who have signed in, and no way to sign in has been set up.",
    503: "What sign-ins are checked with is not at hand. This says nothing about you or the contract. Please try again in a few seconds.",
  },
  notFound: "There is no such report",
  notFoundMore: "The contract, the period or the revision in the address does not exist.",

  span: (ms) => exactSpan(ms, UNITS, NBSP),
  amount: (n, toward, digits) => cutNumber(TAG, n, toward, digits),
  minutes: (amount) => `${amount}${NBSP}min`,
  pct: (n) => `${cutNumber(TAG, n, "down", 4)}${NBSP}%`,
  money: (n, currency) => moneyText(TAG, n, currency),

  reports: "SLA reports",
  all: "All contracts",
  listSentence,
  heads: {
    period: "Period",
    says: "Contract says",
    word: "Sonde’s word",
    evidence: "Evidence",
    objective: "Objective",
    target: "Target",
    measured: "Measured",
    range: "Low and high",
    budget: "Budget",
    credit: "Credit",
    revision: "Revision",
    composed: "Composed",
    region: "Region",
    from: "From",
    to: "To",
    length: "Length",
    down: "Slots down",
    bad: "Bad of attempted",
    edges: "First bad, next good",
    type: "What",
    reason: "Reason",
    notice: "Announced",
    proof: "Proof",
    counts: "Counts",
    clock: "Clock",
    calendar: "Calendar",
    incident: "Incident",
    impact: "Impact",
    detected: "Detected",
    notified: "First page",
    acked: "Acknowledged",
    resolved: "Resolved",
    published: "First public word",
    tickets: "Tickets",
    kept: "Kept",
    missed: "Missed",
    running: "Running",
    median: "Median",
    max: "Longest",
    rule: "Rule",
    ofFee: "Of the fee",
  },
  tier: (tier) => `tier ${tier}`,
  access: "only for those who have signed in",
  older: "All periods",

  says: { met: "met", breached: "breached", no_data: "no data" },
  verdicts: {
    met: "met",
    breached: "breached",
    undetermined: "undetermined",
    resolution_insufficient: "too few samples for this rule",
    no_data: "no data",
  },
  grades: { proven_met: "proven met", proven_breached: "proven breached", not_enough_evidence: "not enough" },
  noGrade: "not asked for",
  saysTitle: "The contract says",
  wordTitle: "Sonde’s word",
  evidenceTitle: "Evidence",
  creditTitle: "Credit",
  saysMeaning: "Counted exactly as the contract counts.",
  wordMeaning: "Said only if it holds whatever the unknown minutes were.",
  evidenceMeaning: "What the number of messages proves about delivery and latency.",
  sentence: (says, verdict, grade, open) =>
    `${open ? "So far the" : "The"} contract says: ${SLA_EN.says[says]}. Sonde’s word: ${SLA_EN.verdicts[verdict]}.${
      grade === null ? "" : ` Evidence: ${SLA_EN.grades[grade]}.`
    }`,
  worst: (region) => `worst: ${region}`,
  noDataIn: (regions) => `no data in ${count(number(regions), "region", "regions")}`,
  inSome: (n, of) => `in ${number(n)} of ${number(of)} regions`,

  period: (from, to, zone) => `${from} – ${to} ${zone}`,
  elapsed: (minutes) => `${number(minutes)}${NBSP}minutes`,
  soFar: (judged, share) => `judged so far: ${judged} (${share})`,
  open: "The period is still open: all figures are so far.",
  frozen: "The period is over; this revision does not change any more.",
  segment: (version, from, to) => `Contract version ${number(version)}: ${from} – ${to}`,

  overview: "Regions at a glance",
  combined: (rule, regions) => {
    if (regions === 1) return "The only region: down when it is";
    if (rule === "any-down") return `All ${number(regions)} regions together: down when any is`;
    if (rule === "all-down") return `All ${number(regions)} regions together: down when all are`;
    return `All ${number(regions)} regions together: down when at least ${number(rule.atLeast)} are`;
  },
  forInformation: "to be looked at; the contract is not judged by it",
  objectivesOf: (scope) => `Objectives: ${scope}`,
  availability: "Availability",
  ratio: (within) => (within === null ? "Delivery" : `Delivery within ${within}`),
  quantile: (percentile, limit, direction) =>
    `${percentile} ${{ delivery: "delivery time", "round-trip": "round trip", connect: "connecting" }[direction]} ≤${NBSP}${limit}`,
  durationOf: (of, stat) =>
    `${{ detect: "Time to detect", ack: "Time to acknowledge", recover: "Time to recover" }[of]}, ${{ max: "longest", mean: "mean", p90: "P90" }[stat]}`,
  estimate: "an estimate: half of a measured round trip",
  bads: (bad, late) =>
    either(bad.flatMap((one) => (one !== "late" ? [BADS[one]] : late === null ? [] : [`later than ${late}`]))),
  slower: (limit, connecting) =>
    connecting ? `failed or slower than ${limit}` : `lost, refused or slower than ${limit}`,
  slotRule,
  atLeast: (text) => `≥${NBSP}${text}`,
  within: (text, limit) => `≥${NBSP}${text} within ${limit}`,
  atMost: (limit) => `≤${NBSP}${limit}`,
  slotsDown: (down, counted, minutes) => `${down} of ${counted} slots down: ${minutes}`,
  unmeasuredSlots: (n) => `${n} unmeasured`,
  excludedSlots: (n) => `${n} excluded`,
  badOf: (bad, attempted, badWord) => `${bad} of ${attempted} ${badWord}`,
  unjudged: (n) => `${n} while this limit was not counted: in no share`,
  withoutExclusions: (value) => `without exclusions ${value}`,
  interval: (low, high) => `${low} – ${high}`,
  coverage: (text) => `${text} measured`,
  bounds: (confidence) => `each end ${confidence} sure`,
  incidents: (known, of) =>
    `${number(known)} of ${count(number(of), "incident", "incidents")} ${known === 1 ? "has" : "have"} this time`,
  medianAndMax: (median, max) => `median ${median}, longest ${max}`,
  budgetLeft: (left, allowed) => `${left} left of ${allowed}`,
  budgetOver: (over, allowed) => `overdrawn by ${over}; ${allowed} were allowed`,
  badMessages: (n) => count(n, "bad message", "bad messages"),
  burn: (rate) => `burn rate ${rate}`,
  exhausted: (at) => `used up on ${at} at this pace`,
  evidence,
  noSample: "No message was attempted: nothing is proven.",
  clustered: (effect, from, sample) =>
    `Design effect ${effect} (${from === "estimated" ? "estimated from these losses" : "assumed, since there are too few losses to tell"}): the sample weighs as much as ${count(sample, "independent message", "independent messages")}.`,
  latencyLine: (journey, figures, samples) => `${journey}: ${figures}; ${count(samples, "sample", "samples")}`,
  latencyTitle: "Latency, to be looked at (from hourly histograms)",

  runs: (objective) => `Down: ${objective}`,
  noRuns: "No slot was down.",
  moreRuns: (n) => `${count(number(n), "shorter one is", "shorter ones are")} not listed.`,
  edges: (firstBad, nextGood) => `${firstBad ?? "not kept"}, ${nextGood ?? "not kept"}`,
  unmeasured: (total, parts) => `${total} unmeasured (${parts.join("; ")})`,
  reasonMinutes: (reason, minutes) => `${reason}: ${minutes}`,
  reasons: {
    silent: "nothing was recorded",
    too_few: "less than half of the messages was sent",
    never_scheduled: "not yet measured there",
  },
  exclusions: "Exclusions",
  noExclusions: "Nobody has asked to exclude anything.",
  types: EXCLUSION_WORDS.en,
  refusals: {
    not_in_contract: "the contract does not know this kind",
    short_notice: "announced too late",
    not_announced: "not announced",
    no_proof: "no proof",
    outside_window: "outside the agreed window",
    over_cap: "more than the contract allows",
    withdrawn: "withdrawn",
  },
  announced: (at, ahead) => (ahead === null ? `${at}, after it began` : `${at}, ${ahead} ahead`),
  notAnnounced: "not announced",
  noProof: "none",
  by: (author, at) => `${author}, ${at}`,
  everyRegion: "all regions",
  counted: (minutes) => `counts: ${minutes}`,
  notCounted: (why) => `does not count: ${why}`,
  partly: (minutes, why) => `counts in part: ${minutes}; ${why}`,
  incidentsTitle: "Incidents",
  noIncidents: "No incident began in this period.",
  incidentKinds: { outage: "outage", brownout: "brownout" },
  goesOn: "not restored",
  incidentTime: (of, median, max, n, all) =>
    `${{ detect: "Time to detect", acknowledge: "to acknowledge", restore: "to restore", resolve: "to resolve", publish: "to the first public word" }[of]}: ${n === 0 ? "–" : `median ${median}, longest ${max}`} (${number(n)} of ${number(all)})`,
  keptSince: (at) =>
    `Incidents have been written down since ${at}. Before that each run of down slots is taken for one, of which nobody knows who noticed.`,
  support: "Support",
  clocks: {
    "first-response": "First response",
    update: "Update",
    workaround: "Workaround",
    restore: "Restored",
  },
  always: "24 × 7",

  credit: "Credit, line by line",
  noCredit: "Nothing is owed.",
  noCreditSoFar: "Nothing so far.",
  noTerms: "No credit terms are written down.",
  tierRule: (below, atLeast, pct) => `below ${below}, at least ${atLeast}: ${pct}`,
  kinds: {
    ladder: "by tiers",
    accelerated: "by a multiple of the share that was down",
    "per-hour": "by the hours down",
  },
  setAside: "not added: another line is larger, or the incident was credited already",
  creditSum: (pct, basis, form, provisional) =>
    `${provisional ? "If the period ended now: " : ""}${pct} of ${{ "service-fee": "the service’s fee", "region-fee": "the region’s fee", "total-fee": "the whole fee" }[basis]}, as ${{ credit: "a credit", voucher: "a voucher", cash: "money" }[form]}.`,
  capped: (pct) => `No more than ${pct} is ever owed for a period.`,
  stacking: { max: "Of several lines the largest counts.", sum: "Several lines add up." },
  oncePerIncident: "An incident is credited once.",
  owed: (amount, fee) => `${amount}, of a fee of ${fee}`,
  belowMinimum: "The amount is below the least that is paid.",
  claim: "Claim",

  method: "How these figures are made",
  methodLines,
  record: "This report",
  composed: (at, software) => `Composed ${at} by Sonde ${software}.`,
  revision: (revision) =>
    revision === 0
      ? "Revision 0: the period is open, and it is replaced as it goes on."
      : `Revision ${number(revision)}.`,
  replaces: (revision, hash) => `It replaces revision ${number(revision)}, whose SHA-256 is ${hash}.`,
  contractHash: (version, hash, seenAt) =>
    `Contract version ${number(version)}, known since ${seenAt}, SHA-256 ${hash}.`,
  reportHash: (hash) => `SHA-256 of this report’s JSON: ${hash}.`,
  source: (preset, checkedOn, url) =>
    `Terms from the preset ${preset}, compared with the provider’s text${url === null ? "" : ` (${url})`} on ${checkedOn}.`,
  downloads: "Downloads",
  calendarFile: "Claim dates (iCal)",
};
