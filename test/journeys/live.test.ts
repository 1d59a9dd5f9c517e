// Aim: `npm start` and `npm run fault` do for a newcomer what they promise. Method: the real commands in a terminal of
// their own, the real page over HTTP and in a real browser without JavaScript; state apart from a developer's (SONDE_HOME).
// The tests are one story, in order: start, break, mend, refuse what is wrong, stop, start again.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { readLedgerLines } from "../../workers/local/ledger.ts";
import type { RegionSnapshot, Snapshot } from "../../workers/results/snapshot-shape.ts";
import { HAS_CHROMIUM, launchChromium } from "../chromium.ts";
import { freePort } from "../free-port.ts";
import { snapshotAt, temporaryFolder, until } from "./fleet.ts";
import { openNpm, runNpm } from "./terminal.ts";
import type { Running, Said } from "./terminal.ts";

/** A stated requirement: from the Worker's start to every region's first result on the page. */
const FIRST_RESULTS_MS = 15_000;
/** A fault shows within two rounds of 10 s, on a page whose own copy may be 5 s old; and this machine may be busy. */
const TWO_ROUNDS_MS = 20_000;
const COPY_MS = 5_000;
/** From the first lost message to the alert, with a round each 10 s: a stated requirement. */
const ALERT_MS = 25_000;
/** Five good messages, three quiet minutes, and what this story does meanwhile. */
const CLEARED_MS = 300_000;
const BUSY_MS = 10_000;
const START_MS = 120_000;
/** A prober that a busy machine kept from answering is asked again by the next look of the watchdog, a minute later. */
const AGAIN_MS = 90_000;
/** "Within a few seconds", with room. */
const STOP_MS = 15_000;
/** The first minute is cut by the start and closes 90 s after its end; the one after it, with its last round. */
const CLOSED_MS = 240_000;
const TARGET = "broker";

let home: { path: string; remove: () => Promise<void> };
let url = "";
let env: Record<string, string> = {};
let fleet: Running | null = null;
let browser: Browser | null = null;
const opened: Running[] = [];

beforeAll(async () => {
  home = await temporaryFolder();
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  env = { PORT: String(port), SONDE_HOME: home.path };
});

afterAll(async () => {
  await browser?.close();
  for (const running of opened) running.kill();
  await Promise.all(opened.map((running) => running.ended));
  await home.remove();
});

function start(...args: string[]): Running {
  const running = openNpm(["start", "--", ...args], env);
  opened.push(running);
  fleet = running;
  return running;
}

const fault = (...words: string[]): Promise<Said> => runNpm(["run", "fault", "--", ...words], env);

/** What collectors, probers and the watchdog complained of. */
const complaints = (): string =>
  (fleet?.text() ?? "nothing runs")
    .split("\n")
    .filter((line) => /collector|watchdog|prober|duty|D1/.test(line))
    .slice(-12)
    .join("\n");

/** A region as the page's JSON has it, once it is as wanted. */
async function region(
  id: string,
  what: string,
  isSo: (seen: RegionSnapshot, all: Snapshot) => boolean,
  limitMs: number,
): Promise<Snapshot> {
  let last = "nothing";
  return until(
    `${id}: ${what}`,
    limitMs,
    async () => {
      const all = await snapshotAt(url, TARGET);
      const seen = all?.regions.find((each) => each.region === id);
      if (all === null || seen === undefined) return null;
      last = JSON.stringify({ state: seen.state, why: seen.why, recent: seen.recent });
      return isSo(seen, all) ? all : null;
    },
    () => `last seen: ${last}; the terminal: ${complaints()}`,
  );
}

/** When it was printed. */
async function alerted(title: string, limitMs: number): Promise<number> {
  if (fleet === null) throw new Error("nothing runs");
  return fleet.said(title, limitMs);
}

interface ListedIncident {
  readonly state: string;
  readonly regions: readonly string[];
  readonly acked: number | null;
}

async function incidents(): Promise<readonly ListedIncident[]> {
  const answer = await fetch(`${url}/incidents.json`);
  return ((await answer.json()) as { readonly incidents: readonly ListedIncident[] }).incidents;
}

const html = async (): Promise<string> => (await fetch(`${url}/en`)).text();

async function openPage(): Promise<Page> {
  browser ??= await launchChromium();
  const context = await browser.newContext({ javaScriptEnabled: false });
  return context.newPage();
}

/** The one sentence on top, as the browser shows it after a reload. */
async function sentence(page: Page): Promise<string> {
  await page.goto(`${url}/en`);
  return (await page.locator("h1").innerText()).trim();
}

describe("before anything runs", () => {
  it("explains itself and refuses what it does not know", async () => {
    const help = await runNpm(["start", "--", "--help"], env);
    expect(help).toMatchObject({ code: 0, text: expect.stringContaining("SONDE_HOME=") as string });
    expect(help.text).toContain("npm run fault -- weur outage");
    const unknown = await runNpm(["start", "--", "--frehs"], env);
    expect(unknown).toMatchObject({ code: 1, text: expect.stringContaining("There is no option --frehs") as string });
    const early = await fault("weur", "outage");
    expect(early).toMatchObject({ code: 1, text: expect.stringContaining("start it with: npm start") as string });
    const bad = await runNpm(["start"], { ...env, PORT: "eighty" });
    expect(bad).toMatchObject({ code: 1, text: expect.stringContaining('PORT="eighty" is no port') as string });
  });
});

describe("a fresh fleet", () => {
  it("has every region's first result on the page within 15 s of the Worker's start", async () => {
    const running = start("--fresh");
    const beganAt = await running.said("workerd runs", START_MS);
    const regions = await until(
      "all regions on the page",
      START_MS,
      async () => {
        const all = await snapshotAt(url, TARGET);
        const isWhole = all !== null && all.regions.length > 0 && all.regions.every((each) => each.recent !== null);
        return isWhole && !(await html()).includes("no round yet") ? all.regions : null;
      },
      running.text,
    );
    const tookMs = performance.now() - beganAt;
    console.log(`live: ${regions.length} regions on the page ${(tookMs / 1_000).toFixed(1)} s after "workerd runs"`);
    console.log(
      `live: slowest of the first rounds: ${regions.map((each) => `${each.region} ${each.recent?.latency.max_ms} ms`).join(", ")}`,
    );
    expect(regions.length).toBe(7);
    // A busy machine may make the very first messages late, or unsent; nothing may be lost or refused.
    for (const each of regions) expect(each.recent, each.region).toMatchObject({ lost: 0, error: 0 });
    expect(tookMs, complaints()).toBeLessThan(FIRST_RESULTS_MS);
    await running.said("Every region reports", START_MS);
    expect(running.text()).toContain(url);
  });

  it.skipIf(!HAS_CHROMIUM)(
    "shows an outage of one region within two rounds, in a browser without JavaScript",
    async () => {
      const page = await openPage();
      await until("all regions up", START_MS, async () =>
        (await sentence(page)) === "All 7 regions measured and operational" ? true : null,
      );
      const askedAt = performance.now();
      expect(await fault("weur", "outage")).toMatchObject({ code: 0, text: expect.stringContaining(url) as string });
      const shown = await until("the sentence", TWO_ROUNDS_MS + COPY_MS + BUSY_MS, async () => {
        const words = await sentence(page);
        return words.includes("Western Europe: messages") ? words : null;
      });
      console.log(`live: "${shown}" ${((performance.now() - askedAt) / 1_000).toFixed(1)} s after the fault`);
      expect(shown).toContain("Western Europe: messages are being lost");
      expect(shown).not.toMatch(/down|refused|cannot see/);
    },
  );

  it("tells the terminal of it within 25 s of the first lost message, with a link to acknowledge, and only once", async () => {
    const alertAt =
      (await alerted("Message broker: outage (Western Europe)", ALERT_MS + BUSY_MS)) - performance.now() + Date.now();
    const { controlPort } = JSON.parse(readFileSync(join(home.path, "local.json"), "utf8")) as { controlPort: number };
    const ledger = readLedgerLines(await (await fetch(`http://127.0.0.1:${controlPort}/ledger`)).text());
    const lost = ledger.filter((entry) => entry.region === "weur" && entry.dropped).map((entry) => entry.seenAt);
    const tookMs = alertAt - Math.min(...lost);
    console.log(`live: told ${(tookMs / 1_000).toFixed(1)} s after the first lost message`);
    expect(lost.length).toBeGreaterThan(0);
    expect(tookMs).toBeLessThan(ALERT_MS);
    expect(fleet?.text()).toMatch(/To and from Western Europe: \d+ of \d+ messages lost or refused/);
    const link = new RegExp(`${url}/ack/\\S+`).exec(fleet?.text() ?? "")?.[0] ?? "";
    // Somebody's mail program looks at it first: that changes nothing. Then a person clicks.
    expect((await fetch(link)).status).toBe(200);
    const before = await incidents();
    expect(before).toMatchObject([{ state: "open", regions: ["weur"], acked: null }]);
    const form = { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" } };
    expect((await fetch(link, { ...form, body: "acknowledge=yes" })).status).toBe(200);
    const after = await until("the acknowledgement on the page", COPY_MS + BUSY_MS, async () => {
      const [first] = await incidents();
      return first?.acked === null ? null : first;
    });
    expect(after).toMatchObject({ state: "open" });
  });

  it("shows the outage as data: that region down, the others up", async () => {
    await fault("weur", "outage");
    const all = await region("weur", "down", (seen) => seen.state === "down", TWO_ROUNDS_MS + COPY_MS + BUSY_MS);
    const others = all.regions.filter((each) => each.region !== "weur");
    for (const each of others) {
      // On a busy machine Oceania, 134 of 200 ms away, may be late, and a round may not be sent at all; nothing of it is lost.
      expect(["up", "degraded"], each.region).toContain(each.state);
      expect(each.recent, each.region).toMatchObject({ lost: 0, error: 0 });
    }
    expect(all.regions.find((each) => each.region === "weur")?.recent).toMatchObject({
      error: 0,
      failure: null,
    });
  });

  it("shows the other faults for what they are, and the cleared region as well again", async () => {
    const since = await snapshotAt(url, TARGET);
    const words = { weur: "clear", enam: "refuse", oc: "delay=300ms", wnam: "duplicate", "apac-se": "loss=20%" };
    for (const [id, word] of Object.entries(words)) expect(await fault(id, word)).toMatchObject({ code: 0 });
    const soon = TWO_ROUNDS_MS + COPY_MS + BUSY_MS;
    const [, refused, delayed] = await Promise.all([
      region("weur", "up again", (seen) => seen.state === "up", soon),
      // The first refusal may cut a round in the middle: "deliver: closed". The whole rounds after it say more often "connect".
      region(
        "enam",
        "down, and refused",
        (seen) => seen.state === "down" && seen.recent?.failure === "connect: tcp",
        soon,
      ),
      region("oc", "degraded", (seen) => seen.state === "degraded" && (seen.recent?.late ?? 0) > 0, soon),
    ]);
    expect(refused.regions.find((each) => each.region === "enam")).toMatchObject({
      why: null,
      recent: { failure: "connect: tcp" },
    });
    expect(refused.regions.find((each) => each.region === "enam")?.recent?.error).toBeGreaterThan(0);
    expect(delayed.regions.find((each) => each.region === "oc")?.recent).toMatchObject({ lost: 0, error: 0 });
    expect(await html()).toContain("refused while connecting: no TCP connection");
    // 20 % of 4 messages each 10 s: 36 of them without a loss are one run in 3,000.
    await region("apac-se", "losses", (seen) => (seen.recent?.lost ?? 0) > 0, 90_000 + BUSY_MS);
    // Copies are counted in closed minutes: the running one, at most another, and the wait for a slot that never came.
    const before = since?.regions.find((each) => each.region === "wnam")?.today.duplicate ?? 0;
    await region("wnam", "duplicates", (seen) => seen.today.duplicate > before, 240_000);
  });

  it("tells of the end of what was cleared, once it has been good for three minutes, and of each outage once", async () => {
    const running = fleet?.text() ?? "";
    await alerted("Over: Message broker: outage (Western Europe)", CLEARED_MS);
    const lines = (fleet?.text() ?? running).split("\n").filter((line) => line.startsWith("alert "));
    const own = lines.filter((line) => line.includes("outage (Western Europe)"));
    console.log(`live: ${lines.length} messages, of Western Europe: ${own.map((line) => line.slice(14)).join("; ")}`);
    expect(own.filter((line) => /^alert\s+Message broker: outage/.test(line))).toHaveLength(1);
    expect(own.filter((line) => line.includes("Over: "))).toHaveLength(1);
    expect((await incidents()).filter(({ regions }) => regions.includes("weur"))).toHaveLength(1);
  });

  it("says what is wrong with a fault or a region that does not exist", async () => {
    const noFault = await fault("weur", "explode");
    expect(noFault).toMatchObject({ code: 1, text: expect.stringContaining('"explode" is no fault') as string });
    expect(noFault.text).toContain("outage");
    const noRegion = await fault("mars", "outage");
    expect(noRegion).toMatchObject({ code: 1, text: expect.stringContaining('There is no region "mars"') as string });
    expect(noRegion.text).toContain("apac-ne");
    const list = await fault();
    expect(list).toMatchObject({ code: 0, text: expect.stringContaining("enam refuses every connection") as string });
    expect(await fault("all", "clear")).toMatchObject({
      code: 0,
      text: expect.stringContaining("No faults: ") as string,
    });
  });

  it("refuses a second fleet, and a port that is taken", async () => {
    const second = await runNpm(["start"], { ...env, PORT: String(await freePort()) });
    expect(second).toMatchObject({ code: 1, text: expect.stringContaining(url) as string });
    expect(second.text).toContain("A fleet already runs here");
    const elsewhere = await temporaryFolder();
    try {
      const taken = await runNpm(["start"], { ...env, SONDE_HOME: elsewhere.path });
      expect(taken).toMatchObject({
        code: 1,
        text: expect.stringMatching(/Port \d+ is taken. Choose another: PORT=\d+ npm start/) as string,
      });
    } finally {
      await elsewhere.remove();
    }
    // Neither has harmed the one that runs.
    expect((await fetch(`${url}/en`)).status).toBe(200);
  });
});

describe("stopping and starting again", () => {
  let before: Snapshot;

  it("stops on Ctrl-C within seconds, with exit code 0, and keeps what it measured", async () => {
    // How many minutes have closed by now depends on how quick this machine was with the tests above.
    before = await until("a closed minute in every region", CLOSED_MS, async () => {
      const seen = await snapshotAt(url, TARGET);
      return seen?.regions.every((each) => each.month.minutes_expected > 0) === true ? seen : null;
    });
    const askedAt = performance.now();
    // To the fleet itself: between it and npm stands a shell, and dash turns any Ctrl-C into its own death.
    const { pid } = JSON.parse(readFileSync(join(home.path, "local.json"), "utf8")) as { pid: number };
    process.kill(pid, "SIGINT");
    const code = await Promise.race([fleet?.ended, new Promise((done) => setTimeout(done, STOP_MS, "still running"))]);
    console.log(`live: stopped ${((performance.now() - askedAt) / 1_000).toFixed(1)} s after Ctrl-C`);
    expect(code).toBe(0);
    expect(fleet?.text()).toContain("Stopping; what was measured is kept");
    expect(existsSync(join(home.path, "data"))).toBe(true);
    expect(existsSync(join(home.path, "local.json"))).toBe(false);
    await expect(fetch(`${url}/en`)).rejects.toThrow();
  });

  it("shows the minutes of before when it starts again", async () => {
    const running = start();
    await running.said("workerd runs", START_MS);
    const after = await until("the page", 30_000, () => snapshotAt(url, TARGET));
    for (const each of before.regions) {
      const again = after.regions.find((one) => one.region === each.region);
      expect(again?.measured_since).toBe(each.measured_since);
      expect(again?.month.ok).toBeGreaterThanOrEqual(each.month.ok);
      expect(again?.month.minutes_up).toBeGreaterThanOrEqual(each.month.minutes_up);
    }
  });

  it("starts after it was killed, and --fresh forgets", async () => {
    fleet?.kill();
    await fleet?.ended;
    expect(existsSync(join(home.path, "local.json")), "nobody tidied up").toBe(true);
    const running = start("--fresh");
    const beganAt = Date.now();
    await running.said("workerd runs", START_MS);
    expect(await snapshotAt(url, TARGET)).toBeNull();
    expect(await html()).toContain("Nothing has been measured yet");
    const fresh = await region(
      "weur",
      "measured again",
      (seen) => seen.measured_since !== null || seen.recent !== null,
      AGAIN_MS,
    );
    const since = fresh.regions.map((each) => each.last_slot_at ?? Infinity);
    expect(Math.min(...since)).toBeGreaterThan(beganAt - 10_000);
    expect(fresh.regions.map((each) => each.month.minutes_expected)).toEqual(fresh.regions.map(() => 0));
    // As a terminal does it: SIGINT to npm, the shell and the fleet at once. What npm then answers is the shell's word.
    running.interrupt();
    await running.ended;
    expect(running.text()).toContain("Stopping; what was measured is kept");
    await expect(fetch(`${url}/en`)).rejects.toThrow();
  });
});
