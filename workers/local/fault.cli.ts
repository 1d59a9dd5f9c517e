// `npm run fault -- <region|all> <words...>`: breaks the network of the fleet that runs on this machine, or lists what is
// broken. Owns its words and exit codes; the grammar is in `fault.ts`, the effect in the simulator behind the control door.

import { readFile, realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { FAULT_HELP, faultSentence, parseFault } from "./fault.ts";

/** What `start.cli.ts` writes to `.sonde/local.json` (or below SONDE_HOME) while it runs. */
export interface LocalState {
  readonly controlPort: number;
  readonly pageUrl: string;
  readonly pid: number;
  readonly regions: readonly string[];
}

export interface Said {
  readonly exitCode: 0 | 1;
  readonly text: string;
}

const NOTHING_RUNS = "Nothing is running here; start it with: npm start";
/** The door answers in milliseconds; reopening a refused port may take 5 s. */
const ANSWER_MS = 8_000;

/**
 * Runs one command. `statePath` is the file that the running fleet wrote. Never throws for what a person did wrong or for a
 * fleet that is not there: then the exit code is 1 and the text says what to do.
 */
export async function faultCommand(args: readonly string[], statePath: string): Promise<Said> {
  const [region, ...words] = args;
  if (region === "--help" || region === "-h") return { exitCode: 0, text: FAULT_HELP };
  const state = await readState(statePath);
  if (state === null) return { exitCode: 1, text: NOTHING_RUNS };
  if (region === undefined) return ask(state, "/faults", null);
  if (region !== "all" && !state.regions.includes(region)) {
    return { exitCode: 1, text: `There is no region "${region}". There is: ${[...state.regions, "all"].join(", ")}` };
  }
  const fault = parseFault(words);
  if ("refusal" in fault)
    return { exitCode: 1, text: `Not done: ${fault.refusal}. All words: npm run fault -- --help` };
  return ask(state, "/fault", { region, words });
}

async function readState(statePath: string): Promise<LocalState | null> {
  let text: string;
  try {
    text = await readFile(statePath, "utf8");
  } catch (error) {
    // Only "not there" means that nothing runs: any other failed read is an error, and is shown as one.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  const state = JSON.parse(text) as Partial<LocalState>;
  if (typeof state.controlPort !== "number" || !Array.isArray(state.regions) || typeof state.pageUrl !== "string") {
    throw new Error(`${statePath} is not what npm start writes; stop the fleet, remove the file and start again`);
  }
  return state as LocalState;
}

async function ask(state: LocalState, path: string, command: unknown): Promise<Said> {
  const signal = AbortSignal.timeout(ANSWER_MS);
  const json = { "content-type": "application/json" };
  let answer: Response;
  try {
    const post = { method: "POST", headers: json, body: JSON.stringify(command), signal };
    answer = await fetch(`http://127.0.0.1:${state.controlPort}${path}`, command === null ? { signal } : post);
  } catch {
    // The file outlives a fleet that was killed.
    return { exitCode: 1, text: NOTHING_RUNS };
  }
  const body = (await answer.json()) as { faults?: Record<string, string>; refusal?: string };
  if (body.faults === undefined) return { exitCode: 1, text: `Not done: ${body.refusal ?? `HTTP ${answer.status}`}` };
  return { exitCode: 0, text: `${sayFaults(body.faults)}\nWatch it at ${state.pageUrl}` };
}

/** One sentence for each region, the broken ones first in full; the others together. */
function sayFaults(faults: Readonly<Record<string, string>>): string {
  const broken: string[] = [];
  const fine: string[] = [];
  for (const [region, words] of Object.entries(faults)) {
    const fault = parseFault([words]);
    if (words === "clear") fine.push(region);
    else broken.push(`${region} ${"refusal" in fault ? words : faultSentence(fault)}.`);
  }
  if (broken.length === 0) return `No faults: ${fine.join(", ")}.`;
  return [...broken, ...(fine.length > 0 ? [`No faults: ${fine.join(", ")}.`] : [])].join("\n");
}

if (process.argv[1] !== undefined && (await realpath(process.argv[1])) === fileURLToPath(import.meta.url)) {
  // As start.cli.ts has it.
  const home = resolve(process.env["SONDE_HOME"] || join(import.meta.dirname, "../../.sonde"));
  const statePath = join(home, "local.json");
  const said = await faultCommand(process.argv.slice(2), statePath);
  (said.exitCode === 0 ? process.stdout : process.stderr).write(`${said.text}\n`);
  process.exitCode = said.exitCode;
}
