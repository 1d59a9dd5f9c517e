// A load test as numbers: the ramp, when each message is due, what it all came to. Pure. `load.probe.ts` flies it,
// `load.cli.ts` is its door. Never part of the SLA stream: nothing of it reaches a collector.

import { durationMs } from "../config/durations.ts";
import type { PrintableQuantile } from "../results/snapshot-shape.ts";

export interface LoadPlan {
  readonly target: string;
  readonly region: string;
  /** Messages a second, once the ramp is over. */
  readonly rate: number;
  /** The rate grows evenly from nothing to `rate` in this time, ms; part of `forMs`. */
  readonly rampMs: number;
  readonly forMs: number;
  /** No more than so many are sent, whatever rate and time say. */
  readonly maxMessages: number;
}

/** What it came to so far, or in the end. Latency runs from the intended send; a lost message is slower than all. */
export interface LoadReport {
  readonly elapsedMs: number;
  readonly planned: number;
  readonly sent: number;
  readonly ok: number;
  readonly lost: number;
  readonly refused: number;
  readonly duplicate: number;
  readonly corrupt: number;
  /** Sent and neither back nor lost yet. */
  readonly underWay: number;
  /** Sent in the last second; when it is over, what was reached after the ramp. */
  readonly ratePerSecond: number;
  /** Ms; "over" where the rank falls among lost ones, null without any. */
  readonly p50: PrintableQuantile;
  readonly p95: PrintableQuantile;
  readonly p99: PrintableQuantile;
  readonly maxMs: number | null;
  /** The first message that was lost or refused: when it was due, ms from the start, and what became of it. */
  readonly firstFailure: { readonly atMs: number; readonly what: string } | null;
  /** Why nothing could be sent, or no more. */
  readonly failure: string | null;
}

/** What one object and one machine can still measure honestly; more is another tool's trade. */
const RATE_MAX = 2_000;
const FOR_MS_MAX = 600_000;
const MESSAGES_MAX = 1_000_000;

export const LOAD_HELP = `Usage: npm run load -- --target <id> --rate <messages a second> --for <time> --max-messages <n>

Sends that many messages through a target of sonde.config.ts, publisher to subscriber, on a fixed schedule that never waits
for an answer, and reports what came back. On request only: no minute, no page and no verdict ever sees it. Ask whoever
runs the service first: it is load, and may cost money.

  --target <id>         a target of sonde.config.ts (needed)
  --rate <n>            messages a second after the ramp, 1 to ${RATE_MAX} (needed)
  --for <time>          how long to send, ramp included: 30s, 2min; at most 10min (needed)
  --max-messages <n>    a limit that holds whatever the others say, 1 to ${MESSAGES_MAX} (needed)
  --ramp <time>         the rate grows evenly from nothing in this time (default: a quarter of --for)
  --region <id>         whose address to use (default: the target's first)
  --json                the report as JSON, for scripts; progress goes to stderr
  --help                this text

Secrets are read from the environment, by the names that the target's credentials use:
  MQTT_USER=... MQTT_PASSWORD=... npm run load -- --target broker --rate 200 --for 30s --max-messages 6000

Exit code: 0 when everything came back in time, 2 when something was lost or refused, 1 when it could not be run, 130 after
Ctrl-C, which ends it with a report of what was sent until then.`;

export type LoadArgs =
  | {
      readonly kind: "plan";
      readonly plan: Omit<LoadPlan, "region"> & { region: string | null };
      readonly json: boolean;
    }
  | { readonly kind: "help" }
  | { readonly kind: "refused"; readonly words: string };

const NEEDED = ["--target", "--rate", "--for", "--max-messages"] as const;
const VALUES: ReadonlySet<string> = new Set([...NEEDED, "--ramp", "--region"]);

/** Reads the words of the command line. Never throws. */
export function readLoadArgs(words: readonly string[]): LoadArgs {
  if (words.includes("--help") || words.includes("-h")) return { kind: "help" };
  const given = new Map<string, string>();
  let json = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "--json") json = true;
    else if (!VALUES.has(word)) return refused(`There is no option "${word}".`);
    else if (given.has(word)) return refused(`${word} is given twice.`);
    else {
      const value = words[(at += 1)];
      if (value === undefined || value.startsWith("--")) return refused(`${word} needs a value.`);
      given.set(word, value);
    }
  }
  const missing = NEEDED.filter((name) => !given.has(name));
  if (missing.length > 0)
    return refused(`A load needs an explicit target and limit: ${missing.join(", ")} is missing.`);
  const number = (name: string, max: number): number | null => {
    const value = Number(given.get(name));
    return Number.isInteger(value) && value >= 1 && value <= max ? value : null;
  };
  const rate = number("--rate", RATE_MAX);
  if (rate === null) return refused(`--rate takes a whole number from 1 to ${RATE_MAX}.`);
  const maxMessages = number("--max-messages", MESSAGES_MAX);
  if (maxMessages === null) return refused(`--max-messages takes a whole number from 1 to ${MESSAGES_MAX}.`);
  const forMs = durationMs(given.get("--for") ?? "");
  if (forMs === null || forMs < 1_000 || forMs > FOR_MS_MAX) return refused("--for takes a time from 1s to 10min.");
  const ramp = given.get("--ramp");
  const rampMs = ramp === undefined ? Math.round(forMs / 4) : durationMs(ramp);
  if (rampMs === null || rampMs > forMs) return refused("--ramp takes a time of at most --for, as in 10s (or 0s).");
  const target = given.get("--target") ?? "";
  return {
    kind: "plan",
    json,
    plan: { target, region: given.get("--region") ?? null, rate, rampMs, forMs, maxMessages },
  };
}

function refused(words: string): LoadArgs {
  return { kind: "refused", words };
}

/** How many messages the plan sends. */
export function plannedMessages(plan: LoadPlan): number {
  const seconds = (plan.forMs - plan.rampMs / 2) / 1_000;
  return Math.min(plan.maxMessages, Math.max(1, Math.floor(seconds * plan.rate)));
}

/**
 * When message `seq` (from 0) is due, ms from the start. In the ramp the rate is rate x t / ramp, so the count by t is
 * rate x t^2 / (2 x ramp), and its inverse a square root; after it one each 1/rate.
 */
export function dueMs(plan: LoadPlan, seq: number): number {
  const perMs = plan.rate / 1_000;
  const inRamp = (perMs * plan.rampMs) / 2;
  if (seq < inRamp) return Math.sqrt((2 * plan.rampMs * seq) / perMs);
  return plan.rampMs + (seq - inRamp) / perMs;
}

/** One line, rewritten while it runs. */
export function progressLine(plan: LoadPlan, report: LoadReport): string {
  const parts = [
    `${Math.round(report.elapsedMs / 1_000)} s`,
    `${report.ratePerSecond}/s of ${plan.rate}/s`,
    `sent ${report.sent} of ${report.planned}`,
    `back ${report.ok}`,
    `lost ${report.lost}`,
    ...(report.refused > 0 ? [`refused ${report.refused}`] : []),
    `P50 ${quantileText(report.p50)}`,
    `P99 ${quantileText(report.p99)}`,
  ];
  return parts.join("  ");
}

/** The whole report, for people. */
export function reportText(plan: LoadPlan, report: LoadReport): string {
  const bad = report.lost + report.refused;
  const share = report.sent === 0 ? "-" : `${((100 * report.lost) / report.sent).toPrecision(3)} %`;
  const lines = [
    ["target", `${plan.target}, from the address of ${plan.region}`],
    ["rate", `${report.ratePerSecond} messages/s reached of ${plan.rate}, after a ramp of ${plan.rampMs / 1_000} s`],
    ["messages", `${report.sent} sent of ${report.planned} planned, ${report.ok} back within the deadline`],
    ["lost", `${report.lost} (${share})`],
    ["refused", `${report.refused}`],
    ["duplicate", `${report.duplicate}, corrupt ${report.corrupt}`],
    [
      "latency",
      `P50 ${quantileText(report.p50)}, P95 ${quantileText(report.p95)}, P99 ${quantileText(report.p99)}, max ${report.maxMs ?? "-"} ms`,
    ],
    ["first bad", firstBad(report, bad)],
  ] as const;
  const table = lines.map(([name, value]) => `  ${name.padEnd(10)} ${value}`).join("\n");
  return report.failure === null ? table : `${table}\n  ${"ended".padEnd(10)} ${report.failure}`;
}

function firstBad(report: LoadReport, bad: number): string {
  const { firstFailure } = report;
  if (firstFailure === null) return bad === 0 ? "none" : "not known";
  return `the message of ${(firstFailure.atMs / 1_000).toFixed(3)} s: ${firstFailure.what}`;
}

function quantileText(value: PrintableQuantile): string {
  if (value === null) return "-";
  return typeof value === "number" ? `${value} ms` : `> ${value.over_ms} ms`;
}
