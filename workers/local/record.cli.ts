// `npm run record`: signs what a person or a help desk says about exclusions and tickets, and sends it to the door that records
// it. Owns its exit codes. The secret comes from the environment only and goes nowhere but into the signature.

import { createHash } from "node:crypto";
import { readFile, realpath } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

import { Webhook } from "standardwebhooks";

import { isWithdrawn, problemText, readRecordArgs, RECORD_HELP, recordedText } from "./record.ts";
import type { ProblemAnswer, RecordedAnswer, RecordPlan } from "./record.ts";

export interface Said {
  /** 1: it is not recorded, or taken back. 2: nobody knows; the same again is recorded once. */
  readonly exitCode: 0 | 1 | 2;
  readonly text: string;
}

const ANSWER_MS = 20_000;
const NEW_SECRET = `whsec_$(openssl rand -base64 32)`;
const AGAIN = "It is not known whether this was recorded. Run the same again: it is recorded once.";

/** Runs one command. Never throws for what a person did wrong, nor for a door that does not answer. */
export async function recordCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Said> {
  const read = readRecordArgs(args);
  if (read.kind === "help") return { exitCode: 0, text: RECORD_HELP };
  if (read.kind === "refused") return no(`${read.words}\nAll words: npm run record -- --help`);
  const { plan } = read;
  const secret = environment[plan.secretEnv] ?? "";
  if (secret === "") {
    return no(
      `${plan.secretEnv} is not set: it holds the value of the secret that records names in sonde.config.ts, made by ${NEW_SECRET}`,
    );
  }
  let body: string;
  let signer: Webhook;
  try {
    body = await bodyOf(plan);
  } catch (problem) {
    return no(`The file cannot be read: ${problem instanceof Error ? problem.message : String(problem)}`);
  }
  try {
    signer = new Webhook(secret);
  } catch {
    return no(`${plan.secretEnv} is no signing secret; make one: ${NEW_SECRET}`);
  }
  return send(plan, body, signer);
}

/** The body, whose bytes are signed. */
async function bodyOf({ body }: RecordPlan): Promise<string> {
  if (body.kind === "file") return readFile(body.file, "utf8");
  if (body.proof === null) return JSON.stringify(body.event);
  const { file, where } = body.proof;
  const sha256 = createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
  return JSON.stringify({ ...body.event, proof: { where: where ?? basename(file), sha256 } });
}

async function send({ path, url, body: { kind } }: RecordPlan, body: string, signer: Webhook): Promise<Said> {
  // The id is made of the content: the same record said again is the same message, and is recorded once.
  const id = `msg_${createHash("sha256").update(`${path}\n${body}`).digest("hex").slice(0, 40)}`;
  const now = new Date();
  const headers = {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(now.getTime() / 1_000)),
    "webhook-signature": signer.sign(id, now, body),
  };
  let answer: Response;
  let text: string;
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    const post = { method: "POST", headers, body, redirect: "manual", signal } as const;
    answer = await fetch(new URL(`/api/v1/${path}`, url), post);
    text = await answer.text();
  } catch {
    return { exitCode: 2, text: `${url.origin} does not answer. ${AGAIN}` };
  }
  if (answer.status >= 300 && answer.status < 400) {
    return no(
      `${url.origin} leads elsewhere (HTTP ${answer.status}): is a login in front of /api/v1? Let that path pass.`,
    );
  }
  const said = jsonOf(text);
  if (answer.ok && said?.recorded !== undefined) {
    const exitCode = said.recorded.some(isWithdrawn) ? 1 : 0;
    return { exitCode, text: recordedText(path, said.recorded, kind === "file") };
  }
  // A 5xx of ours that does not ask for another try has refused; any other may have come after the record was written.
  if (answer.status >= 500 && (said?.detail === undefined || answer.headers.has("retry-after"))) {
    return { exitCode: 2, text: `${url.origin} answers HTTP ${answer.status}. ${AGAIN}` };
  }
  if (said?.detail === undefined)
    return no(`Not recorded: ${url.origin} answers HTTP ${answer.status}; is this the page of a Sonde?`);
  return no(problemText(said, kind === "file"));
}

/** Null for what is no answer of ours. */
function jsonOf(text: string): (ProblemAnswer & { readonly recorded?: readonly RecordedAnswer[] }) | null {
  try {
    return JSON.parse(text) as ProblemAnswer;
  } catch {
    return null;
  }
}

function no(text: string): Said {
  return { exitCode: 1, text };
}

if (process.argv[1] !== undefined && (await realpath(process.argv[1])) === fileURLToPath(import.meta.url)) {
  const said = await recordCommand(process.argv.slice(2), process.env);
  (said.exitCode === 0 ? process.stdout : process.stderr).write(`${said.text}\n`);
  process.exitCode = said.exitCode;
}
