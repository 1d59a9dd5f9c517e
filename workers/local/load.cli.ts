// `npm run load`: asks for a load test and shows how it goes. Refuses to run without an explicit target and limit. What runs
// is the driver that measures, in workerd; nothing of it reaches a collector.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";

import type { Config, Target } from "../config/config.ts";
import { explainProblems } from "../config/problems.ts";
import { parseConfig } from "../config/parse.ts";
import { bundleEntry, runtimeRules } from "./bundle.server.ts";
import { modulesOf } from "./fleet.server.ts";
import { LOAD_HELP, progressLine, readLoadArgs, reportText } from "./load.ts";
import type { LoadPlan } from "./load.ts";
import type { LoadInput, LoadState } from "./load/main.entry.ts";

const PROGRESS_EVERY_MS = 500;

const args = readLoadArgs(process.argv.slice(2));
if (args.kind === "help") console.log(LOAD_HELP);
else if (args.kind === "refused") stopWith(`${args.words}\n\n${LOAD_HELP}`);
else {
  process.exitCode = await load(args.plan, args.json).catch((problem: unknown) => {
    console.error(problem instanceof Error ? problem.message : String(problem));
    return 1;
  });
}

async function load(wanted: Omit<LoadPlan, "region"> & { region: string | null }, json: boolean): Promise<number> {
  const target = targetOf(await readConfig(), wanted.target);
  const region = wanted.region ?? target.regions[0] ?? "";
  if (!target.regions.includes(region)) {
    throw new Error(`${target.id} is not measured from "${region}"; there is ${target.regions.join(", ")}`);
  }
  const plan: LoadPlan = { ...wanted, region };
  const input: LoadInput = { target, plan, secrets: secretsOf(target) };
  const folder = await mkdtemp(join(tmpdir(), "sonde-load-"));
  try {
    say("bundling the driver ...");
    const runner = await startRunner(await bundleEntry("workers/local/load/main.entry.ts", folder), input);
    try {
      return await watched(runner, plan, json);
    } finally {
      await runner.dispose();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Ctrl-C ends it where it is: nothing more is sent, and what was sent is reported as far as it is known. */
async function watched(runner: Miniflare, plan: LoadPlan, json: boolean): Promise<number> {
  const { origin } = await runner.ready;
  const interrupt = new AbortController();
  process.once("SIGINT", () => interrupt.abort());
  const ask = async (path: string): Promise<LoadState> =>
    (await (await fetch(`${origin}/${path}`)).json()) as LoadState;
  let state = await ask("begin");
  while (!state.isOver && !interrupt.signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, PROGRESS_EVERY_MS));
    state = await ask("state");
    if (state.report !== null) progress(progressLine(plan, state.report));
  }
  progress(null);
  const { report, refusal } = state;
  if (report === null) throw new Error(`The target can not be reached from here: ${refusal ?? "unknown"}`);
  console.log(json ? JSON.stringify({ plan, report }) : reportText(plan, report));
  if (interrupt.signal.aborted) return 130;
  if (report.sent === 0) return 1;
  return report.lost + report.refused === 0 && report.failure === null ? 0 : 2;
}

async function startRunner(bundleDir: string, input: LoadInput): Promise<Miniflare> {
  const { compatibility_date: compatibilityDate, compatibility_flags: compatibilityFlags } = runtimeRules();
  return new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      cf: false,
      telemetry: { enabled: false },
      log: new Log(LogLevel.NONE),
      handleStructuredLogs: ({ level, message }) => {
        if (level === "error") say(message);
      },
      workers: [
        {
          name: "load",
          rootPath: bundleDir,
          modulesRoot: "/",
          modules: await modulesOf(bundleDir, "main.entry.js"),
          compatibilityDate,
          compatibilityFlags: [...compatibilityFlags],
          durableObjects: { RUNNER: "Runner" },
          bindings: { LOAD: JSON.stringify(input) },
        },
      ],
    }),
  );
}

/** The user's configuration, or the one in SONDE_CONFIG as JSON, as the Worker takes it. */
async function readConfig(): Promise<Config> {
  const text = process.env["SONDE_CONFIG"];
  const written = text === undefined ? (await import("../../sonde.config.ts")).default : (JSON.parse(text) as unknown);
  const parsed = parseConfig(written);
  if (!parsed.ok) throw new Error(explainProblems(parsed.problems));
  return parsed.config;
}

function targetOf(config: Config, id: string): Target {
  const target = config.targets.find((each) => each.id === id);
  if (target !== undefined) return target;
  throw new Error(
    `There is no target "${id}" in sonde.config.ts. There is: ${config.targets.map((each) => each.id).join(", ")}`,
  );
}

function secretsOf(target: Target): Record<string, string> {
  const names = Object.values(target.secrets);
  const missing = names.filter((name) => (process.env[name] ?? "") === "");
  if (missing.length > 0) throw new Error(`Not set in the environment: ${missing.join(", ")}`);
  return Object.fromEntries(names.map((name) => [name, process.env[name] ?? ""]));
}

/** One line that rewrites itself on a terminal; elsewhere a line each time. Null: the line is over. */
function progress(line: string | null): void {
  if (process.stderr.isTTY) process.stderr.write(line === null ? "\n" : `\r\x1b[2K${line}`);
  else if (line !== null) process.stderr.write(`${line}\n`);
}

function say(words: string): void {
  console.error(`load: ${words}`);
}

function stopWith(words: string): void {
  console.error(words);
  process.exitCode = 1;
}
