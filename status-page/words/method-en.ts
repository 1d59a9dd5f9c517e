// The page about the method in English. Pure; fills the interface of method-words.ts and decides nothing. Rules that are code are read from
// the code: their numbers are imported, never written here.

import { P0, P1 } from "../../workers/incidents/cusum.ts";
import { WIDE_REGIONS } from "../../workers/incidents/decide.ts";
import {
  CONFIRM_APART_MS,
  CONFIRM_BAD,
  CONFIRM_ROUNDS,
  DOWN_LOST,
  FLAPPING,
  QUIET_MS,
  RECOVER_RUN,
  SCHEDULE_BAD,
  SUSPECT_LOST,
} from "../../workers/incidents/detector.ts";
import { LATE_ALARM, LATE_OF } from "../../workers/incidents/slow.ts";
import { WINDOW } from "../../workers/incidents/window.ts";
import { SEAL_AFTER_MS } from "../../workers/results/minute.ts";
import { SCALE } from "../../workers/results/histogram.ts";
import { LAG_LIMIT_MS } from "../../workers/rounds/slots.ts";
import { samplesNeeded } from "../../workers/results/figures.ts";
import { DESIGN_EFFECT_PRIOR } from "../../workers/sla/statistics.ts";
import { BUCKET_ERROR, CONFIDENCE } from "../method-facts.ts";
import type { MethodJourney, MethodTarget } from "../method-facts.ts";
import { EN } from "./en.ts";
import type { Block, MethodTold, MethodWords } from "./method-words.ts";

const { number, duration, target: share, percent } = EN;
const NOT_KNOWN = "not known";
const text = (said: string): Block => ({ kind: "text", text: said });
const formula = (said: string): Block => ({ kind: "formula", text: said });
const list = (...items: readonly string[]): Block => ({ kind: "list", items });
const orUnknown = (n: number | null, say: (n: number) => string): string => (n === null ? NOT_KNOWN : say(n));

function outcomes(): readonly Block[] {
  return [
    text(
      "In each slot of the schedule a prober runs a round: it connects to the service as a client does, sends real messages through it, and waits for them. Each message that was scheduled has exactly one outcome.",
    ),
    {
      kind: "terms",
      rows: [
        [
          "ok",
          "It was there by the deadline. What “there” means is said for each service below: delivered, acknowledged or accepted.",
        ],
        ["late", "It was ok, and took longer than the latency limit. Late messages are a part of the ok ones."],
        ["lost", "It was sent and not there by the deadline. If it comes later it stays lost; by how much is kept."],
        [
          "error",
          "The service refused it: no connection, no login, no subscription, or the message itself. A connection that is refused makes all messages of its round errors.",
        ],
        ["not sent", "The fault was ours: the prober did not get to send it. It is no word about the service."],
        ["duplicate", "A message that arrived once more. Counted beside the outcomes."],
        ["reordered", "A message that arrived behind a later one (RFC 4737). Counted beside the outcomes."],
        ["corrupt", "Content that was changed under way. Counted beside the outcomes."],
      ],
    },
    formula("scheduled = sent + error + not sent"),
    formula("sent = ok + lost"),
    formula("attempted = sent + error = ok + lost + error"),
    text(
      "Each payload carries the number of its run and a random word: what the broker had kept from before, or what others send, never counts.",
    ),
  ];
}

function minutes({ objectives: o }: MethodTold): readonly Block[] {
  return [
    text("A minute of a region is judged by all messages of its slots together, in this order:"),
    {
      kind: "terms",
      rows: [
        [
          "not measured",
          "The prober was unfit, its controls failed, or less than half of what was scheduled was attempted. A minute without any record is not measured, either.",
        ],
        ["down", `At least ${share(o.down_share)} of the attempted messages were lost or refused.`],
        ["degraded", `At least ${share(o.degraded_share)} were lost, refused or late. It counts as up.`],
        ["up", "All others."],
      ],
    },
    formula(`down: lost + error ≥ ${share(o.down_share)} × attempted`),
    formula(`degraded: lost + error + late ≥ ${share(o.degraded_share)} × attempted`),
    text(
      `A minute is closed ${duration(SEAL_AFTER_MS)} after its end; until then it does not count. What arrives later makes a new revision of it. Records hold the integers, not the verdict, so that each contract can judge them by its own rule. Days and months begin at midnight by the configured zone, also where you read times in another one.`,
    ),
  ];
}

function availability({ objectives: o, zone }: MethodTold): readonly Block[] {
  return [
    formula("availability = (up + degraded) ÷ (up + degraded + down)"),
    formula("low = (up + degraded) ÷ expected"),
    formula("high = (up + degraded + not measured) ÷ expected"),
    formula("coverage = (up + degraded + down) ÷ expected"),
    text(
      "“Expected” are the minutes that had a slot by the schedule, whether anything was recorded or not. Low takes every minute that was not measured as down, high takes it as up; the truth lies between them.",
    ),
    list(
      `The target is ${share(o.availability)} of a calendar month (${zone}). It is met only if low meets it, and breached only if high misses it. All else is not decided.`,
      "Minutes of the month that are still to come are as unknown as those that were not measured.",
      "Delivery is the share of attempted messages that were ok. Shares are cut off, never rounded up: only all is 100 %.",
      "What was not measured is never filled in. It is a state of its own, drawn hatched.",
      "Figures of several regions are not averaged: the worst region is named.",
    ),
  ];
}

function latency({ objectives: o, limitsMs }: MethodTold): readonly Block[] {
  return [
    text(
      "Latency runs from the instant at which a message was meant to be sent, by a schedule that never waits for the message before it, until it is there. Sender and receiver share one clock, which counts whole milliseconds, so a figure is good to ±1 ms. Connecting is a figure of its own.",
    ),
    list(
      "A lost or refused message is infinitely slow. Where the rank of a percentile falls among such, it is printed as “> deadline”, never as a number.",
      `Percentiles are never averaged. They come from merged histograms with exponential buckets (OpenTelemetry, scale ${number(SCALE)}): a value is at most ${share(BUCKET_ERROR)} off.`,
      `P50 is shown from ${number(samplesNeeded(0.5))} samples on, P95 from ${number(samplesNeeded(0.95))}, P99 from ${number(samplesNeeded(0.99))}: with fewer, even the largest value does not bound the percentile with 95 % confidence (1 − qⁿ ≥ 0.95). The largest and the count stand in.`,
      `The target for P99 is below ${duration(o.latency_ms_p99)} for latency, and below ${duration(o.connect_ms_p99)} for connecting. ${
        limitsMs === null
          ? "Which limits are counted exactly is not known: the configuration is refused."
          : `How many messages exceed a limit is counted exactly for ${EN.list(limitsMs.map(duration), 0)}.`
      }`,
    ),
  ];
}

function evidence({ targets, objectives: o, name }: MethodTold): readonly Block[] {
  return [
    text(
      "A measured share is not yet a proof. Reports of contracts therefore hold three things that are never merged: the value, what the contract’s arithmetic says, and what the sample supports: proven met, proven breached, or not enough evidence.",
    ),
    list(
      "The bounds are exact (Clopper and Pearson, 1934), one-sided: U = qbeta(c, bad + 1, n − bad) and L = qbeta(1 − c, bad, n − bad + 1). Proven met: U is at most the allowed share. Proven breached: L is above it.",
      `Messages of one round share a fate. The sample is divided by a design effect (Kish), estimated from how losses cluster in minutes and days; until it can be estimated, ${number(DESIGN_EFFECT_PRIOR.burst)} is assumed for messages in bursts and ${number(DESIGN_EFFECT_PRIOR.spread)} for spread ones.`,
      "No more digits are printed than the bounds support.",
    ),
    {
      kind: "table",
      title: `What one region’s day can prove of ${share(o.delivery)} delivery, at ${share(CONFIDENCE)} confidence`,
      heads: [
        "Service",
        "Messages a day",
        "Needed without a loss, if independent",
        "Assumed design effect",
        "A day without a loss proves at least",
      ],
      rows: targets.map((target) =>
        target.proof === null
          ? [name(target), "–", "cannot be proven by any sample", "–", "–"]
          : [
              name(target),
              number(target.proof.perDay),
              number(target.proof.needed),
              number(target.proof.prior),
              percent(target.proof.dayProves),
            ],
      ),
    },
  ];
}

function incidents({ settings, addresses }: MethodTold): readonly Block[] {
  return [
    list(
      `Suspected: at least ${number(SUSPECT_LOST)} of the last ${number(WINDOW)} messages of a region are lost or refused. Up to ${number(CONFIRM_ROUNDS)} confirm rounds follow, ${duration(CONFIRM_APART_MS)} apart; they are evidence, and never enter minutes.`,
      `Outage: at least ${number(DOWN_LOST)} of the last ${number(WINDOW)}, and ${number(CONFIRM_BAD)} of ${number(CONFIRM_ROUNDS)} confirm rounds bad. Without confirm rounds ${number(SCHEDULE_BAD.of3)} of 3 scheduled rounds, and in any case ${number(SCHEDULE_BAD.of5)} of 5.`,
      `Brown-out: slow loss, by a capped CUSUM that weighs a loss of ${share(P1)} against ${share(P0)}, or at least ${number(LATE_ALARM)} of the last ${number(LATE_OF)} messages late or bad.`,
      `Over: ${number(RECOVER_RUN)} good messages in a row, and then ${EN.roughly(QUIET_MS)} with at most 1 of ${number(WINDOW)} bad. The end is the first good message of that run; the start is the intended send of the first bad one.`,
      `Flapping: ${number(FLAPPING.downs)} times down within ${EN.roughly(FLAPPING.withinMs)} is one incident.`,
      `Global: at least ${number(WIDE_REGIONS)} regions, and at least half of those that measure, bad at once.`,
      settings === null
        ? "After how long an incident is declared resolved, and blindness tells our keepers, is not known: the configuration is refused."
        : `Resolved: ${EN.roughly(settings.resolveMs)} of peace. A region that is not measured for ${EN.roughly(settings.blindMs)} tells our own keepers: it is no incident of the service.`,
    ),
    text(
      "Times that were measured and what people write about them stand beside each other. People add; they never erase.",
    ),
    ...(addresses.incidents === null ? [] : [links([addresses.incidents, "All incidents"])]),
  ];
}

function links(...all: readonly (readonly [string, string])[]): Block {
  return { kind: "links", links: all };
}

function mesh(): readonly Block[] {
  return [
    text(
      "Where a service is measured from region to region, each region asks each other one through the service and the other one answers. Only there and back together are timed on one clock: the sum is exact; half of it would be an estimate, and is not printed.",
    ),
    formula("lost on the way there = sent − heard"),
    formula("lost on the way back = heard − ok"),
    text(
      "“Heard” is what the other side says that it received. A round in which one side was not there is not measured for both. A bad row is the way out of a region, a bad column the way in, both are its access, half of all regions the core.",
    ),
  ];
}

const JOURNEYS: Readonly<Record<MethodJourney["journey"], string>> = {
  loop: "Two clients in one region: one sends, the other receives.",
  mesh: "A question to each other region, and its answer. The counts are of one pair.",
  room: "One sender, many receivers in one room; each receiver counts.",
  dialogue: "Question and answer in one session that stays open, with payloads that grow.",
  connect: "A usable session, opened anew each time.",
};

function planText({ plan }: MethodJourney): string {
  switch (plan?.journey) {
    case "mesh":
      return ` ${number(plan.messages)} questions, ${duration(plan.gapMs)} apart.`;
    case "room":
      return ` ${number(plan.subscribers)} receivers, ${number(plan.messages)} messages, ${duration(plan.gapMs)} apart; all must have joined within ${duration(plan.joinDeadlineMs)}.`;
    case "dialogue":
      return ` ${number(plan.turns)} turns, ${duration(plan.gapMs)} apart; the last payload has ${number(plan.payloadBytesLast)} bytes.`;
    case "connect":
      return ` ${number(plan.attempts)} attempts.`;
    case "loop":
    case undefined:
      return "";
  }
}

function targetBlocks(target: MethodTarget, name: string): readonly Block[] {
  return [
    {
      kind: "terms",
      rows: [
        [name, `\`${target.driver}\`, id \`${target.id}\`, from ${EN.regionCount(target.regions)}`],
        ["ok means", EN.okRate[target.okMeans].toLowerCase()],
        [
          "Schedule",
          `every ${EN.roughly(target.everyMs)}, ${number(target.messages)} messages ${duration(target.gapMs)} apart, at the same instants in every region`,
        ],
        [
          "Deadlines",
          `${duration(target.deadlineMs)} for a message, ${duration(target.connectDeadlineMs)} for connecting`,
        ],
        ["Payload", orUnknown(target.payloadBytes, (n) => `${number(n)} bytes`)],
        ["A slot takes at most", orUnknown(target.roundsMsMax, duration)],
      ],
    },
    {
      kind: "table",
      title: `What is exercised: ${name}`,
      heads: ["Journey", "Counted in", "Each round", "Each region and day", "Late above", "Takes at most"],
      rows: target.journeys.map((one) => [
        `${EN.journeys[one.journey]}: ${JOURNEYS[one.journey]}${planText(one)}`,
        `${EN.units[one.unit]}, ${EN.okRate[one.okMeans].toLowerCase()}`,
        orUnknown(one.perRound, number),
        orUnknown(one.perDay, number),
        duration(one.lateMs),
        orUnknown(one.msMax, duration),
      ]),
    },
  ];
}

function limits({ targets, name }: MethodTold): readonly Block[] {
  return [
    list(
      "It sees what our own clients see from our regions. A user’s network, device and account are not measured, nor any feature that no journey exercises.",
      "Latency is that of small messages on a quiet connection, not under your load.",
      "Regions are places of one network, Cloudflare’s. The way from there to the service is part of every figure.",
      "Between the rounds nothing is sent. A failure that begins and ends between two rounds leaves no trace, and the length of a short one is known no better than the distance of two rounds.",
    ),
    {
      kind: "table",
      title: "What the schedule can resolve",
      heads: [
        "Service",
        "A failure is seen for certain from",
        "Time under watch",
        "Messages that judge a minute",
        "Bad ones that make it down",
        "Smallest share of a minute",
      ],
      rows: targets.map((target) => [
        name(target),
        EN.roughly(target.everyMs),
        percent(target.watched),
        number(target.perMinute),
        number(target.downAt),
        `1/${number(target.perMinute)}`,
      ]),
    },
    text(
      "“Under watch” is the time between the first and the last message of a round. That is what a free plan pays for: bursts, far apart. A shorter schedule sees more, and costs more.",
    ),
  ];
}

function watchers({ controls, addresses }: MethodTold): readonly Block[] {
  return [
    list(
      controls === null
        ? "Which control hosts are asked is not known: the configuration is refused."
        : controls.length === 0
          ? "No control hosts are configured: a prober that is cut off cannot be told from a service that is down."
          : `Controls: when a round is bad, the prober asks ${number(controls.length)} hosts that have nothing to do with the service. If fewer than half answer, or half say that our clock is wrong, the round is not measured.`,
      `A prober that wakes more than ${duration(LAG_LIMIT_MS)} late proves nothing in that round: not measured.`,
      "A watchdog asks each prober once a minute. One that has nothing to show is silent: its region becomes unknown, and the silence is published.",
      "Missing credentials, a wrong configuration and a fault of our platform are ours: not measured, never down.",
      "Our keepers are told of all this apart from incidents of the service. While our database is away, pages show their last good figures with their age, or say that they cannot.",
    ),
    ...(addresses.fleet === null
      ? []
      : [links([addresses.fleet, "Which place measured, when; silences and controls"])]),
  ];
}

function raw({ addresses }: MethodTold): readonly Block[] {
  const pages: readonly (readonly [string | null, string])[] = [
    [addresses.api, "The API: series, minutes, hours, days and months as JSON, NDJSON and CSV"],
    [addresses.history, "History, down to each minute’s counts"],
    [addresses.reports, "Reports of contracts, each with its hash"],
  ];
  return [
    text(
      "Every figure on these pages can be computed again from the integers below: minutes are kept for 90 days, hours (with their minutes) for 400 days, days and months for ever.",
    ),
    links(
      ...pages.flatMap(([href, said]) => (href === null ? [] : [[href, said] as const])),
      ...addresses.files.map((file) => [file, file] as const),
    ),
  ];
}

function version({ hash, software }: MethodTold): readonly Block[] {
  return [
    {
      kind: "terms",
      rows: [
        ["Configuration", hash === null ? "not known: it is refused" : `SHA-256 \`${hash}\``],
        ["Software", `Sonde \`${software}\``],
      ],
    },
    text(
      "The hash is of the canonical JSON (RFC 8785) of everything that decides a measurement, without any secret. Every record carries the hash it was made under, so what changed, and when, can be shown.",
    ),
  ];
}

export const METHOD_EN: MethodWords = {
  title: "How this is measured",
  lead: "For customers and auditors: what each word and figure on these pages means, by the numbers of the configuration that is in force now.",
  contents: "On this page",
  refused:
    "The configuration is refused, so nothing is being measured. What is said here is as far as the newest figures tell.",
  sections: {
    outcomes: { title: "Messages and their outcomes", blocks: outcomes },
    minutes: { title: "The state of a minute", blocks: minutes },
    availability: { title: "Availability, coverage and delivery", blocks: availability },
    latency: { title: "Latency and percentiles", blocks: latency },
    evidence: { title: "What a sample proves", blocks: evidence },
    incidents: { title: "When it is an incident", blocks: incidents },
    mesh: { title: "From region to region", blocks: mesh },
    targets: {
      title: "What is measured, with its numbers",
      blocks: ({ targets, name }) => targets.flatMap((target) => targetBlocks(target, name(target))),
    },
    limits: { title: "What this cannot know", blocks: limits },
    watchers: { title: "Who watches the watchers", blocks: watchers },
    raw: { title: "The raw numbers", blocks: raw },
    version: { title: "In force", blocks: version },
  },
};
