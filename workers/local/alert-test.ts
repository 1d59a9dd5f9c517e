// What a person says to `npm run alert:test`, and what the receiver answered in plain words. Pure; `alert-test.cli.ts` finds the fleet,
// asks its API and owns the exit codes.

import { DEFAULT_URL, readFlags, safeUrl } from "./record.ts";
import type { ProblemAnswer } from "./record.ts";

export const TOKEN_NAME = "SONDE_OPS_TOKEN";

export const ALERT_TEST_HELP = `Usage: npm run alert:test -- <channel> [--target <id>] [--url <address>]

Sends a message that is marked as a test through one channel of the configuration, the way every alert goes, and says what the
receiver answered. Without a channel it lists those that there are, and sends nothing.

  --target <id>     the target whose Duty sends it (default: the first one of the configuration)
  --url <address>   the page's address (default: the fleet that runs on this machine, else ${DEFAULT_URL}); https, or http here

The token is read from ${TOKEN_NAME}: the value of the secret that token names in the alerts of sonde.config.ts. The fleet of
npm start makes one for each run, which is found without your help.

Examples
  npm run alert:test -- this-terminal
  ${TOKEN_NAME}=... npm run alert:test -- ops --url https://status.example.com

Exit codes: 0 the receiver has it, 1 it has not, or nothing was sent, 2 nobody knows.`;

export interface TestPlan {
  /** Null: none was named. */
  readonly channel: string | null;
  readonly target: string | null;
  /** Null: wherever a fleet runs on this machine. */
  readonly url: URL | null;
}

export type TestArgs =
  | { readonly kind: "help" }
  | { readonly kind: "refused"; readonly words: string }
  | { readonly kind: "plan"; readonly plan: TestPlan };

export function readTestArgs(args: readonly string[]): TestArgs {
  if (args.includes("--help") || args.includes("-h")) return { kind: "help" };
  const refused = (words: string): TestArgs => ({ kind: "refused", words });
  if (args.some((arg) => /^--(token|secret|bearer)\b/.test(arg))) {
    return refused(`A token is never given here, where everybody on this machine can read it: set ${TOKEN_NAME}.`);
  }
  const [first = "--"] = args;
  const channel = first.startsWith("--") ? null : first;
  const said = readFlags(channel === null ? args : args.slice(1), ["target", "url"]);
  if (typeof said === "string") return refused(said);
  const { target = null, url: address } = said;
  const url = address === undefined ? null : safeUrl(address);
  if (typeof url === "string") return refused(url);
  return { kind: "plan", plan: { channel, target, url } };
}

export interface ChannelTold {
  readonly id: string;
  readonly channel: string;
  readonly language: string;
}

export function channelsText(channels: readonly ChannelTold[]): string {
  const [first] = channels;
  if (first === undefined) return "No channel is configured: write some in the alerts of sonde.config.ts.";
  const width = Math.max(...channels.map(({ id }) => id.length));
  const lines = channels.map(({ id, channel, language }) => plain(`  ${id.padEnd(width)}  ${channel} (${language})`));
  return [
    "No channel was named, so nothing was sent. There is:",
    ...lines,
    `Try one: npm run alert:test -- ${first.id}`,
  ].join("\n");
}

/** As the API answers a test. */
export interface TestTold {
  readonly channel: string;
  readonly accepted: boolean;
  readonly http_status: number | null;
  readonly code: string | null;
  readonly said: string;
  readonly took_ms: number;
}

/** What the receiver answered, and where to look if it did not take it. */
export function testText({ channel, accepted, http_status: status, code, said, took_ms: tookMs }: TestTold): string {
  const answered = [
    ...(status === null ? [] : [`HTTP ${status}`]),
    ...(code === null ? [] : [`code ${code}`]),
    ...(accepted ? [`${tookMs} ms`] : []),
  ];
  const how = answered.length === 0 ? "" : ` (${answered.join(", ")})`;
  // Some channels have nothing to say but the status.
  const words = said === "" || said === `HTTP ${status}` ? [] : [`It said: ${said}`];
  if (accepted) return plainLines([`Accepted: the receiver of ${channel} has the test${how}.`, ...words]);
  const hint =
    status === null
      ? "Nothing was answered: look at the secret that holds its address, and whether the receiver is up."
      : "The receiver was reached and refused: look at its address, its key, and what it said.";
  return plainLines([`Not accepted by ${channel}${how}.`, ...(status === null ? [said] : words), hint]);
}

/** What the API refused, with the fix where it is ours to know. */
export function problemText({ title, detail, errors = [] }: ProblemAnswer, status: number): string {
  const lines = errors.map(({ pointer, detail: why }) => `  ${pointer.slice(1) || "the request"}: ${why}`);
  const fix =
    status === 401
      ? [`Set ${TOKEN_NAME} to the value of the secret that token names in the alerts of that fleet.`]
      : [];
  return plainLines([`Not sent: ${title}. ${detail}`, ...lines, ...fix]);
}

function plainLines(lines: readonly string[]): string {
  return lines
    .filter((line) => line !== "")
    .map(plain)
    .join("\n");
}

/** Whatever a receiver says, a terminal gets letters only. */
function plain(text: string): string {
  return text.replaceAll(/\p{C}/gu, " ");
}
