// `npm test`: makes sure of the two Debian programs that some tests need (a foreign MQTT broker and a real browser), runs
// vitest with all three projects, and ends with one plain line of counts. Arguments go to vitest: `npm test -- test/rooms`.
// Where a program is missing and cannot be installed, its tests are skipped loudly (SONDE_SKIP); with CI=true nothing may
// be skipped, neither by us nor by a test. Judges nothing itself: the exit code is vitest's.

import { spawn, spawnSync } from "node:child_process";
import { constants } from "node:fs";
import { access, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "..");
/** Debian keeps daemons where a user's PATH does not look. */
const SEARCHED = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"].filter(
  (folder) => folder !== "",
);
const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const INSTALL_TIMEOUT_MS = 5 * 60_000;

interface Tool {
  /** As it stands in SONDE_SKIP. */
  readonly name: "mosquitto" | "chromium";
  readonly purpose: string;
  /** Debian packages. */
  readonly packages: readonly string[];
  isThere(): Promise<boolean>;
}

const TOOLS: readonly Tool[] = [
  {
    name: "mosquitto",
    purpose: "a broker that is not ours, for the MQTT driver",
    packages: ["mosquitto"],
    isThere: async () =>
      (await Promise.all(SEARCHED.map((folder) => isProgram(join(folder, "mosquitto"))))).includes(true),
  },
  {
    name: "chromium",
    purpose: "a real browser, with Chinese letters, for the page",
    packages: ["chromium", "fonts-noto-cjk"],
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
    if (tool.name === "chromium")
      say("         elsewhere: any Chromium or Chrome, with CHROMIUM=<path of the program>");
    else say("         elsewhere: https://mosquitto.org/download, with the program in PATH");
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
  const reportPath = join(folder, "report.json");
  const vitest = [join(ROOT, "node_modules/vitest/vitest.mjs"), "run", "--reporter=default", "--reporter=json"];
  // What was asked for by name is asked for: `--project rooms` beside these would be all three again.
  const projects = args.some((arg) => arg.startsWith("--project"))
    ? []
    : ["rooms", "borders", "journeys"].map((name) => `--project=${name}`);
  const env = { ...process.env, SONDE_SKIP: skip.join(","), CHROMIUM, PATH: SEARCHED.join(delimiter) };
  say(`vitest: ${args.length === 0 ? "rooms, borders and journeys" : args.join(" ")}`);
  try {
    const child = spawn(process.execPath, [...vitest, `--outputFile.json=${reportPath}`, ...projects, ...args], {
      cwd: ROOT,
      env,
      stdio: ["ignore", "inherit", "inherit"],
    });
    // Ctrl-C reaches vitest by itself; we wait for it to tidy up.
    process.on("SIGINT", () => {});
    process.on("SIGTERM", () => child.kill("SIGTERM"));
    const code = await new Promise<number>((done) => child.on("close", (status) => done(status ?? 1)));
    return sumUp(code, await readReport(reportPath));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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
function sumUp(code: number, report: Report | null): number {
  const left = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
  // A file that could not be read has no tests that could fail: it counts as one.
  const unread =
    report?.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0) ?? [];
  for (const file of unread) say(`could not be run at all: ${file.name}`);
  let failed = (report?.numFailedTests ?? 0) + unread.length;
  if (code !== 0 && failed === 0) {
    say(`vitest ended with ${code}, though no test failed: an error outside of every test, counted as one`);
    failed = 1;
  }
  const isIncomplete = isCi && left > 0;
  if (isIncomplete) say(`CI=true skips nothing, and ${left} test(s) were skipped or are still to be written.`);
  const skips = left > 0 ? `, ${left} skipped` : "";
  console.log(`\n${report?.numPassedTests ?? 0} passed, ${failed} failed${skips}`);
  return isIncomplete && code === 0 ? 1 : code;
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
