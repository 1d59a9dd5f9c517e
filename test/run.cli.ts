// `npm test`: makes sure of the Debian programs that some tests need (foreign messaging services and a real browser), runs
// vitest with all its projects, and ends with one plain line of counts. Arguments go to vitest: `npm test -- test/rooms`.
// Where a program is missing and cannot be installed, its tests are skipped loudly (SONDE_SKIP); with CI=true nothing may
// be skipped, neither by us nor by a test. Judges nothing itself: the exit code is vitest's.

import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { constants } from "node:fs";
import { access, mkdtemp, readFile, rm } from "node:fs/promises";
import { constants as osConstants, setPriority, tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "..");
/** Debian keeps daemons where a user's PATH does not look. */
const SEARCHED = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"].filter(
  (folder) => folder !== "",
);
const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
/** Debian's own: its packages are for no other. */
const PYTHON = process.env["PYTHON"] ?? "/usr/bin/python3";
const INSTALL_TIMEOUT_MS = 5 * 60_000;
/** In the order in which they begin: whoever is free takes the next one. What must not be disturbed comes before what disturbs. */
const PROJECTS = ["truth", "borders", "faults", "journeys", "rooms", "drivers", "browsers"] as const;
/** Most tests wait, for workerd or for real slots: so three of vitest run side by side, on two processors as well. */
const AT_ONCE = 3;
/** These wait for nothing, and would take all the processor there is from those that have real deadlines: so they give way. */
const GIVING_WAY: readonly string[] = projectsOf(["rooms", "browsers"]);

interface Tool {
  /** As it stands in SONDE_SKIP. */
  readonly name: string;
  readonly purpose: string;
  /** Debian packages. */
  readonly packages: readonly string[];
  /** What to do on a machine that is not Debian. */
  readonly elsewhere: string;
  isThere(): Promise<boolean>;
}

const TOOLS: readonly Tool[] = [
  daemon("mosquitto", "mosquitto", "a broker that is not ours, for the MQTT driver", "https://mosquitto.org/download"),
  daemon(
    "mosquitto_rr",
    "mosquitto-clients",
    "a foreign client, to time rounds against",
    "https://mosquitto.org/download",
  ),
  daemon("openssl", "openssl", "throwaway certificates, for every driver's TLS", "https://openssl-library.org/source"),
  daemon("nats-server", "nats-server", "a real server, for the NATS driver", "https://nats.io/download"),
  daemon(
    "rabbitmq-server",
    "rabbitmq-server",
    "a real broker, for AMQP and STOMP",
    "https://www.rabbitmq.com/docs/download",
  ),
  daemon("promtool", "prometheus", "the receiver's own judge of /metrics", "https://prometheus.io/download"),
  {
    name: "python3-prometheus-client",
    purpose: "a foreign reader of OpenMetrics",
    packages: ["python3-prometheus-client"],
    elsewhere: "pip install prometheus-client, with PYTHON=<path of that python3>",
    isThere: async () => spawnSync(PYTHON, ["-c", "import prometheus_client.openmetrics.parser"]).status === 0,
  },
  {
    name: "chromium",
    purpose: "a real browser, with Chinese letters, for the page",
    packages: ["chromium", "fonts-noto-cjk"],
    elsewhere: "any Chromium or Chrome, with CHROMIUM=<path of the program>",
    isThere: async () => (await isProgram(CHROMIUM)) && hasChineseLetters(),
  },
];

/** What vitest's JSON report says; only what is counted here. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly unknown[];
  }[];
}

const isCi = process.env["CI"] === "true";
const skipped = await missingTools();
if (isCi && skipped.length > 0) stopWith(`CI=true skips nothing, and ${skipped.join(" and ")} cannot be had here.`);
process.exitCode = await runVitest(skipped, process.argv.slice(2));

/** Names of the tools whose tests cannot run here, after an attempt to install them. */
async function missingTools(): Promise<string[]> {
  const unwanted = isCi ? [] : (process.env["SONDE_SKIP"] ?? "").split(",").filter((name) => name !== "");
  const wanted = TOOLS.filter((tool) => !unwanted.includes(tool.name));
  const missing = await absent(wanted);
  if (missing.length > 0 && (await canInstall())) install(missing.flatMap((tool) => tool.packages));
  const still = await absent(missing);
  for (const tool of still) {
    say(
      `MISSING: ${tool.name} (${tool.purpose}). Debian: sudo apt-get install --no-install-recommends ${tool.packages.join(" ")}`,
    );
    say(`         elsewhere: ${tool.elsewhere}`);
  }
  const names = [...unwanted, ...still.map((tool) => tool.name)];
  if (names.length > 0)
    say(`SKIPPED: all tests that need ${names.join(" or ")}. What they check is NOT checked by this run.`);
  return names;
}

async function absent(tools: readonly Tool[]): Promise<Tool[]> {
  const there = await Promise.all(tools.map((tool) => tool.isThere()));
  return tools.filter((_, at) => there[at] === false);
}

async function canInstall(): Promise<boolean> {
  return process.getuid?.() === 0 && (await isProgram("/usr/bin/apt-get"));
}

function install(packages: readonly string[]): void {
  say(`installing ${packages.join(" ")} (apt-get, as root) ...`);
  // In run level 1 a package's service is not started: the tests start their own broker, on a port of their own.
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", ...packages]]) {
    const { status, stdout, stderr } = spawnSync("/usr/bin/apt-get", args, {
      env,
      timeout: INSTALL_TIMEOUT_MS,
      encoding: "utf8",
    });
    if (status === 0) continue;
    say(
      `apt-get ${args.join(" ")} failed (exit ${status}):\n${`${stdout}\n${stderr}`.trim().split("\n").slice(-15).join("\n")}`,
    );
    return;
  }
}

async function runVitest(skip: readonly string[], args: readonly string[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "sonde-test-"));
  const env = { ...process.env, SONDE_SKIP: skip.join(","), CHROMIUM, PATH: SEARCHED.join(delimiter) };
  const runs = args.length === 0 ? PROJECTS.map((name) => projectsOf([name])) : [withProjects(args)];
  say(args.length === 0 ? `vitest, ${AT_ONCE} at once: ${PROJECTS.join(", ")}` : `vitest: ${args.join(" ")}`);
  const children: ChildProcess[] = [];
  // Ctrl-C reaches vitest by itself; we wait for it to tidy up.
  let isStopped = false;
  process.on("SIGINT", () => (isStopped = true));
  process.on("SIGTERM", () => {
    isStopped = true;
    for (const child of children) child.kill("SIGTERM");
  });
  try {
    const run = async (words: readonly string[], place: number): Promise<Ended> => {
      const reportPath = join(folder, `report-${children.length}.json`);
      const vitest = [join(ROOT, "node_modules/vitest/vitest.mjs"), "run", "--reporter=default", "--reporter=json"];
      // Only the first is shown as it goes; what the others say is shown when they have ended.
      const stdio = place === 0 ? "inherit" : "pipe";
      const child = spawn(process.execPath, [...vitest, `--outputFile.json=${reportPath}`, ...words], {
        cwd: ROOT,
        env,
        stdio: ["ignore", stdio, stdio],
      });
      children.push(child);
      if (words.every((word) => GIVING_WAY.includes(word))) giveWay(child);
      const said: Buffer[] = [];
      for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => said.push(chunk));
      const from = performance.now();
      const code = await new Promise<number>((done) => child.on("close", (status) => done(status ?? 1)));
      if (runs.length > 1)
        say(`${words.join(" ")} ended with ${code} after ${Math.round((performance.now() - from) / 1_000)} s`);
      return { code, said: Buffer.concat(said), report: await readReport(reportPath) };
    };
    const waiting = runs.values();
    const ended: Ended[] = [];
    const work = async (place: number): Promise<void> => {
      for (const words of waiting) {
        if (isStopped) return;
        ended.push(await run(words, place));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, (_, place) => work(place)));
    for (const { said } of ended) process.stdout.write(said);
    return sumUp(ended);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What it starts from now on gives way as well. */
function giveWay({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, osConstants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already, or this machine does not let us: then it takes its share.
  }
}

/** What one vitest came to. */
interface Ended {
  readonly code: number;
  readonly said: Buffer;
  readonly report: Report | null;
}

function projectsOf(names: readonly string[]): string[] {
  return names.map((name) => `--project=${name}`);
}

/** What was asked for by name is asked for: `--project rooms` beside all projects would be all of them again. */
function withProjects(args: readonly string[]): string[] {
  return args.some((arg) => arg.startsWith("--project")) ? [...args] : [...projectsOf(PROJECTS), ...args];
}

async function readReport(path: string): Promise<Report | null> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Report;
  } catch {
    say("vitest left no report: it ended before its tests did");
    return null;
  }
}

/** Prints the counts, the plain line last, and answers the exit code. */
function sumUp(ended: readonly Ended[]): number {
  const reports = ended.map(({ report }) => report);
  const sum = (of: (report: Report) => number): number =>
    reports.reduce((total, report) => total + (report === null ? 0 : of(report)), 0);
  const left = sum((report) => report.numPendingTests + report.numTodoTests);
  // A file that could not be read has no tests that could fail: it counts as one.
  const files = reports.flatMap((report) => report?.testResults ?? []);
  const unread = files.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  for (const file of unread) say(`could not be run at all: ${file.name}`);
  let failed = sum((report) => report.numFailedTests) + unread.length;
  const code = Math.max(...ended.map((each) => each.code));
  if (code !== 0 && failed === 0) {
    say(`vitest ended with ${code}, though no test failed: an error outside of every test, counted as one`);
    failed = 1;
  }
  const isIncomplete = isCi && left > 0;
  if (isIncomplete) say(`CI=true skips nothing, and ${left} test(s) were skipped or are still to be written.`);
  const skips = left > 0 ? `, ${left} skipped` : "";
  console.log(`\n${sum((report) => report.numPassedTests)} passed, ${failed} failed${skips}`);
  return isIncomplete && code === 0 ? 1 : code;
}

/** A program that is found by its name. */
function daemon(name: string, packageName: string, purpose: string, url: string): Tool {
  const isThere = async (): Promise<boolean> =>
    (await Promise.all(SEARCHED.map((folder) => isProgram(join(folder, name))))).includes(true);
  return { name, purpose, packages: [packageName], elsewhere: `${url}, with the program in PATH`, isThere };
}

function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** A machine without fontconfig shows letters in another way, and is left to it. */
function hasChineseLetters(): boolean {
  const { error, stdout } = spawnSync("fc-list", [":lang=zh-cn", "family"], { encoding: "utf8" });
  return error !== undefined || stdout.trim() !== "";
}

function say(words: string): void {
  console.log(`tests: ${words}`);
}

function stopWith(words: string): never {
  console.error(words);
  process.exit(1);
}
