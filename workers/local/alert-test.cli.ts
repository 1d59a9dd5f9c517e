// `npm run alert:test`: has a channel tried out by the fleet that is meant, and says what its receiver answered. Owns its exit codes.
// The token comes from the environment, or from the file that only this user can read; it goes to that fleet and nowhere else.

import { readFile, realpath, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { ALERT_TEST_HELP, channelsText, problemText, readTestArgs, testText, TOKEN_NAME } from "./alert-test.ts";
import type { ChannelTold, TestPlan, TestTold } from "./alert-test.ts";
import { DEFAULT_URL } from "./record.ts";
import type { ProblemAnswer } from "./record.ts";

export interface Said {
  /** 1: the receiver has not got it. 2: nobody knows. */
  readonly exitCode: 0 | 1 | 2;
  readonly text: string;
}

/** The fleet waits 30 s for whoever is on duty. */
const ANSWER_MS = 40_000;
const UNKNOWN = "It is not known whether the test was sent.";

/** Runs one command. `statePath`: what `npm start` has written. Never throws for what a person did wrong, nor for a fleet that is away. */
export async function alertTestCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  statePath: string,
): Promise<Said> {
  const read = readTestArgs(args);
  if (read.kind === "help") return { exitCode: 0, text: ALERT_TEST_HELP };
  if (read.kind === "refused") return no(`${read.words}\nAll words: npm run alert:test -- --help`);
  const { plan } = read;
  const local = await readLocal(statePath);
  const url = plan.url ?? local?.url ?? new URL(DEFAULT_URL);
  const isLocal = local !== null && url.origin === local.url.origin;
  // What was set by hand is meant; the run's own token is for its own fleet only.
  const token = environment[TOKEN_NAME] || (isLocal ? local.token : null);
  if (token === null) return no(isLocal ? local.why : withoutToken(plan));
  if (!/^[\x21-\x7e]+$/.test(token)) return no(`${TOKEN_NAME} holds spaces, or letters that no token has.`);
  return ask(plan, url, token);
}

function withoutToken({ url }: TestPlan): string {
  const set = `${TOKEN_NAME} is not set: it holds the value of the secret that token names in the alerts of sonde.config.ts.`;
  return url === null
    ? `Nothing is running here; start it with: npm start\nFor another fleet, write --url. ${set}`
    : set;
}

interface Local {
  readonly url: URL;
  readonly token: string | null;
  /** What to do when there is no token. */
  readonly why: string;
}

/** The fleet that runs on this machine; null: none has said so. A file that others can read is not trusted with a token. */
async function readLocal(path: string): Promise<Local | null> {
  let text: string;
  let mode: number;
  try {
    text = await readFile(path, "utf8");
    ({ mode } = await stat(path));
  } catch (error) {
    // Only "not there" means that nothing runs: any other failed read is an error, and is shown as one.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  const { pageUrl, token } = JSON.parse(text) as { readonly pageUrl?: unknown; readonly token?: unknown };
  if (typeof pageUrl !== "string" || !URL.canParse(pageUrl)) {
    throw new Error(`${path} is not what npm start writes; stop the fleet, remove the file and start again`);
  }
  const again = `stop the fleet, start it again, or set ${TOKEN_NAME}`;
  // Windows has no such bits.
  const isOpen = process.platform !== "win32" && (mode & 0o077) !== 0;
  if (isOpen)
    return { url: new URL(pageUrl), token: null, why: `Others can read ${path}, so its token is not used: ${again}.` };
  const isGiven = typeof token === "string" && token !== "";
  return { url: new URL(pageUrl), token: isGiven ? token : null, why: `${path} holds no token: ${again}.` };
}

async function ask({ channel, target }: TestPlan, url: URL, token: string): Promise<Said> {
  const path = channel === null ? "channels" : "test";
  const body = { channel, ...(target === null ? {} : { target }), who: "npm run alert:test" };
  const authorization = { authorization: `Bearer ${token}` };
  const json = { ...authorization, "content-type": "application/json" };
  const post = { method: "POST", headers: json, body: JSON.stringify(body) };
  let answer: Response;
  let text: string;
  try {
    const how = { redirect: "manual", signal: AbortSignal.timeout(ANSWER_MS) } as const;
    const request = channel === null ? { headers: authorization } : post;
    answer = await fetch(new URL(`/api/v1/alerts/${path}`, url), { ...request, ...how });
    text = await answer.text();
  } catch {
    return { exitCode: 2, text: `${url.origin} does not answer. ${channel === null ? "" : UNKNOWN}`.trimEnd() };
  }
  const { status } = answer;
  if (status >= 300 && status < 400) {
    return no(`${url.origin} leads elsewhere (HTTP ${status}): is a login in front of /api/v1? Let that path pass.`);
  }
  const said = jsonOf(text);
  if (status === 200 && Array.isArray(said?.channels)) return no(channelsText(said.channels));
  if (status === 200 && typeof said?.accepted === "boolean") {
    return { exitCode: said.accepted ? 0 : 1, text: testText(said as TestTold) };
  }
  if (status >= 500 && (said?.detail === undefined || answer.headers.has("retry-after"))) {
    return { exitCode: 2, text: `${url.origin} answers HTTP ${status}. ${UNKNOWN}` };
  }
  if (said?.detail === undefined || said.title === undefined) {
    return no(`Not sent: ${url.origin} answers HTTP ${status}; is this the page of a Sonde?`);
  }
  return no(problemText(said as ProblemAnswer, status));
}

/** Null for what is no answer of ours. */
function jsonOf(
  text: string,
): (Partial<TestTold> & Partial<ProblemAnswer> & { readonly channels?: readonly ChannelTold[] }) | null {
  try {
    return JSON.parse(text) as Partial<TestTold>;
  } catch {
    return null;
  }
}

function no(text: string): Said {
  return { exitCode: 1, text };
}

if (process.argv[1] !== undefined && (await realpath(process.argv[1])) === fileURLToPath(import.meta.url)) {
  const root = resolve(import.meta.dirname, "../..");
  const home = resolve(process.env["SONDE_HOME"] || join(root, ".sonde"));
  const said = await alertTestCommand(process.argv.slice(2), process.env, join(home, "local.json"));
  (said.exitCode === 0 ? process.stdout : process.stderr).write(`${said.text}\n`);
  process.exitCode = said.exitCode;
}
