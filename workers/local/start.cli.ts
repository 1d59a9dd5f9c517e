// `npm start`: the whole fleet on this machine. Says what it does, then where the page is, and runs until Ctrl-C.
// Real workerd, real D1, real probers; only the service under watch and the way to it are local.

import { randomBytes } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join, resolve } from "node:path";

import { explainProblems } from "../config/problems.ts";
import { configOf, parseConfig } from "../config/parse.ts";
import type { Alerting } from "../config/alerts/alerting.ts";
import type { Config } from "../config/config.ts";
import type { Snapshot } from "../results/snapshot-shape.ts";
import { startAlertsDoor } from "./alerts.server.ts";
import { buildWorker, ROOT } from "./bundle.server.ts";
import { startFleet } from "./fleet.server.ts";
import type { Fleet } from "./fleet.server.ts";
import { ALERT_SECRETS, localAlerts } from "./local-alerts.ts";
import { LOCAL_SECRETS, localConfig, recordsBinding } from "./local-config.ts";
import { startLocalWorld } from "./world.server.ts";

/** As shown, and as a path: `fault.cli.ts` looks in the same place. */
const HOME_NAME = process.env["SONDE_HOME"] || ".sonde";
const HOME = resolve(process.env["SONDE_HOME"] || join(ROOT, ".sonde"));
/** All that is ours in there: `--fresh` removes this and nothing else, wherever SONDE_HOME points. */
const OURS = ["data", "bundle", "ports.json", "local.json"] as const;
const STATE = join(HOME, "local.json");
const WATCH_EVERY_MS = 60_000;
/** While first results are missing: a prober that a busy machine kept from answering is not left alone for a minute. */
const WATCH_AGAIN_MS = 5_000;
/** A fleet's door answers in milliseconds; one that says nothing for so long is there, and busy. */
const ANSWER_MS = 3_000;
/** Beside the wait for the slot: a round, gathering, and the page's own copy, with room for a slow machine. */
const FIRST_RESULTS_MS = 20_000;

const HELP = `npm start                 run the fleet on this machine: workerd, D1, an MQTT broker, a simulated network
npm start -- --fresh      the same, forgetting what was measured before
npm start -- --help       this text

PORT=9000 npm start       the page on another port (default 8787)
SONDE_RECORDS_SECRET=whsec_... npm start
                          takes what npm run record signs with it, where sonde.config.ts names it in records
SONDE_HOME=path npm start data and state in another folder (default .sonde), for a second fleet; npm run fault takes it too

While it runs, break the network of a region and watch the page:
  npm run fault -- weur outage        npm run fault -- weur loss=20%
  npm run fault -- weur clear         npm run fault -- --help

What is measured, and from where, is in sonde.config.ts. Data is kept in ${HOME_NAME}/ between starts.`;

const args = process.argv.slice(2);
if (args.includes("--help") || args.includes("-h")) {
  console.log(HELP);
} else {
  const unknown = args.find((arg) => arg !== "--fresh");
  if (unknown !== undefined) stopWith(`There is no option ${unknown}.\n\n${HELP}`);
  await start(args.includes("--fresh")).catch((problem: unknown) =>
    stopWith(problem instanceof Error ? problem.message : String(problem)),
  );
}

async function start(fresh: boolean): Promise<void> {
  const port = portOf(process.env["PORT"]);
  await refuseSecondInstance();
  await refuseTakenPort(port);
  const { default: userConfig } = await import("../../sonde.config.ts");
  const parsed = parseConfig(userConfig);
  if (!parsed.ok) stopWith(explainProblems(parsed.problems));
  say(
    "configuration",
    `sonde.config.ts: ${parsed.config.targets.length} target(s), ${parsed.config.regions.length} regions`,
  );

  if (fresh) await Promise.all(OURS.map((name) => rm(join(HOME, name), { recursive: true, force: true })));
  await mkdir(HOME, { recursive: true });
  const world = await startLocalWorld(
    parsed.config.regions.map((region) => region.id),
    join(HOME, "ports.json"),
  );
  say("service", "MQTT broker behind a simulated network, one loopback port for each region");
  const stops: (() => Promise<unknown>)[] = [world.stop, () => rm(STATE, { force: true })];

  say("worker", "bundling with wrangler ...");
  await buildWorker(join(HOME, "bundle"));
  const pageUrl = `http://127.0.0.1:${port}`;
  const config = localAlerts(localConfig(userConfig, world.network.ports, world.controlPort), pageUrl);
  const alerts = await alertsHere(configOf(config).alerting);
  stops.push(alerts.stop);
  const { recordsSecret } = parsed.config;
  const records = recordsBinding(recordsSecret, process.env);
  const pass = randomBytes(24).toString("base64url");
  const fleet = await startFleet({
    bundleDir: join(HOME, "bundle"),
    dataDir: join(HOME, "data"),
    port,
    bindings: {
      // First: no secret of the user's takes the place of ours.
      ...records,
      ...alerts.bindings,
      SONDE_CONFIG: JSON.stringify(config),
      [LOCAL_SECRETS.user]: world.user,
      [LOCAL_SECRETS.password]: world.password,
      // A way into the console for this run only: nothing that is deployed has it.
      SONDE_DEV_PASS: pass,
    },
    onLog: (line) => console.log(`              ${line}`),
  });
  stops.unshift(fleet.stop);
  // After Miniflare has begun to listen to signals; a Ctrl-C before simply ends us, and nothing is running yet.
  onStop(stops);
  // One that a killed fleet has left keeps the permissions that it has.
  await rm(STATE, { force: true });
  await writeFile(
    STATE,
    JSON.stringify({
      controlPort: world.controlPort,
      pageUrl: fleet.url,
      pid: process.pid,
      token: alerts.token,
      regions: Object.keys(world.network.ports),
    }),
    // The token lets in whoever has it.
    { mode: 0o600 },
  );
  say("worker", `workerd runs, D1 is migrated; data in ${HOME_NAME}/data`);
  await fleet.watch();
  // The platform's cron, which nobody else plays here.
  const watchdog = setInterval(
    () => void fleet.watch().catch((problem: unknown) => say("watchdog", String(problem))),
    WATCH_EVERY_MS,
  );
  stops.unshift(async () => clearInterval(watchdog));
  say("page", fleet.url);
  const isOurs = parsed.config.access === null;
  say("console", isOurs ? `${fleet.url}/ops?pass=${pass}\n` : "only behind Cloudflare Access, as configured\n");
  if (recordsSecret !== null && !(recordsSecret in records)) {
    say("records", `${recordsSecret} is not set here: npm run record is refused until a start with it\n`);
  }
  const everyMs = Math.max(...configOf(config).targets.map((target) => target.everyMs));
  await firstResults(fleet, parsed.config, everyMs);
  console.log(`\nEvery region reports, every ${everyMs / 1_000} s, to ${fleet.url}`);
  console.log("Break something:  npm run fault -- weur outage     Stop: Ctrl-C");
}

/** Waits for each region's first result on the page, and prints them as they come. */
async function firstResults(fleet: Fleet, config: Config, everyMs: number): Promise<void> {
  const startedAt = Date.now();
  const wanted = config.targets.flatMap((target) => target.regions.map((region) => `${target.id} ${region}`));
  const seen = new Set<string>();
  say("probers", `waiting for the first slot (at most ${everyMs / 1_000} s) ...`);
  let watchedAt = startedAt;
  while (seen.size < wanted.length && Date.now() - startedAt < everyMs + FIRST_RESULTS_MS) {
    await new Promise((done) => setTimeout(done, 250));
    if (Date.now() - watchedAt > WATCH_AGAIN_MS) {
      watchedAt = Date.now();
      await fleet.watch().catch((problem: unknown) => say("watchdog", String(problem)));
    }
    const response = await fetch(`${fleet.url}/api/v1/snapshot.json`);
    if (!response.ok) continue;
    for (const snapshot of (await response.json()) as Snapshot[]) {
      for (const region of snapshot.regions) {
        const name = `${snapshot.target} ${region.region}`;
        // What an earlier start left behind is no first result of this one.
        if (region.recent === null || (region.last_slot_at ?? 0) < startedAt || seen.has(name)) continue;
        seen.add(name);
        const { ok, attempted, latency } = region.recent;
        say(region.state, `${name}: ${ok} of ${attempted} delivered, slowest ${latency.max_ms ?? "-"} ms`);
      }
    }
  }
  const missing = wanted.filter((name) => !seen.has(name));
  if (missing.length > 0) say("waiting", `nothing yet from ${missing.join(", ")}; the page says why`);
}

/** The door where alerts arrive, and the secrets that go with it: made for this run, but for those that the user has set here. */
async function alertsHere(alerting: Alerting | null): Promise<{
  readonly bindings: Readonly<Record<string, string>>;
  readonly token: string;
  readonly stop: () => Promise<void>;
}> {
  const secret = (): string => `whsec_${randomBytes(32).toString("base64")}`;
  const key = secret();
  const door = await startAlertsDoor(key, (lines) => {
    for (const [at, line] of lines.entries()) say(at === 0 ? "alert" : "", line);
  });
  const name = alerting?.tokenSecret ?? ALERT_SECRETS.token;
  const token = process.env[name] || randomBytes(24).toString("base64url");
  const own = (alerting?.channels ?? []).flatMap(({ urlSecret, keySecret }) => [urlSecret ?? "", keySecret ?? ""]);
  const set = own.flatMap((each): [string, string][] => (process.env[each] ? [[each, process.env[each]]] : []));
  const { url, key: keyName, links } = ALERT_SECRETS;
  const made = { [url]: door.url, [keyName]: key, [links]: secret(), [name]: token };
  return { bindings: { ...Object.fromEntries(set), ...made }, token, stop: door.close };
}

function portOf(text: string | undefined): number {
  if (text === undefined || text === "") return 8787;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    stopWith(`PORT="${text}" is no port: write a number from 1 to 65535.`);
  return port;
}

async function refuseSecondInstance(): Promise<void> {
  const text = await readFile(STATE, "utf8").catch(() => null);
  if (text === null) return;
  const { pid, pageUrl, controlPort } = JSON.parse(text) as { pid: number; pageUrl: string; controlPort: number };
  // Its door is asked, not its process: one that was killed leaves its state behind, its data is still good, and by now
  // its number may be somebody else's.
  const signal = AbortSignal.timeout(ANSWER_MS);
  const runs = await fetch(`http://127.0.0.1:${controlPort}/faults`, { signal }).then(
    (answer) => answer.ok,
    (problem: unknown) => problem instanceof DOMException && problem.name === "TimeoutError",
  );
  if (!runs) return;
  stopWith(`A fleet already runs here (pid ${pid}): ${pageUrl}\nStop it with Ctrl-C in its terminal, or: kill ${pid}`);
}

async function refuseTakenPort(port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((done, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", done);
  }).catch(() =>
    stopWith(`Port ${port} is taken. Choose another: PORT=${port === 65_535 ? 8788 : port + 1} npm start`),
  );
  await new Promise((done) => server.close(done));
}

function onStop(stops: readonly (() => Promise<unknown>)[]): void {
  let stopping = false;
  const stop = async (): Promise<void> => {
    // A second Ctrl-C means now.
    if (stopping) process.exit(1);
    stopping = true;
    console.log(`\nStopping; what was measured is kept in ${HOME_NAME}/data`);
    for (const each of stops) await each().catch(() => {});
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    // Miniflare's own handler ends the process in the middle of ours.
    process.removeAllListeners(signal);
    process.on(signal, () => void stop());
  }
}

function say(what: string, words: string): void {
  console.log(`${what.padEnd(14)}${words}`);
}

function stopWith(words: string): never {
  console.error(words);
  process.exit(1);
}
