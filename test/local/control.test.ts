// Aim: faults are set, and the ledger is read, by those who may, in the form that is documented; everything else is
// refused with a reason, and a web page cannot drive the door. Method: a table of real HTTP requests to a real door with a
// network that remembers what it was told; then the terminal's command through the same door.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startControl } from "../../workers/local/control.server.ts";
import type { Control } from "../../workers/local/control.server.ts";
import { faultCommand } from "../../workers/local/fault.cli.ts";
import { faultWords, parseFault } from "../../workers/local/fault.ts";
import type { Fault } from "../../workers/local/fault.ts";
import { createLedger, readLedgerLines } from "../../workers/local/ledger.ts";
import type { Ledger } from "../../workers/local/ledger.ts";
import { within } from "./clients.ts";

let control: Control;
let ledger: Ledger;
let told: Record<string, string>;

beforeEach(async () => {
  ledger = createLedger();
  told = { weur: "clear", oc: "clear" };
  const network = {
    ledger,
    faults: () => ({ ...told }),
    faultsInForce: () => Object.fromEntries(Object.entries(told).map(([id, words]) => [id, inForce(words)])),
    fault: async (region: string, fault: Parameters<typeof faultWords>[0]) => {
      if (!(region in told)) throw new Error(`no region ${region}`);
      told[region] = faultWords(fault);
    },
  };
  control = await startControl({ network });
});

function inForce(words: string): Fault {
  const fault = parseFault([words]);
  if ("refusal" in fault) throw new Error(fault.refusal);
  return fault;
}

afterEach(() => within("the end of the door", control.close()));

interface Reply {
  readonly status: number;
  readonly text: string;
  readonly type: string;
}

/** node:http, since fetch does not let a Host header be chosen. */
function ask(method: string, path: string, headers: Record<string, string> = {}, body = ""): Promise<Reply> {
  return within(
    `${method} ${path}`,
    new Promise((resolve, reject) => {
      const sent = httpRequest({ host: "127.0.0.1", port: control.port, method, path, headers }, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (text += chunk));
        response.on("error", reject);
        const type = response.headers["content-type"] ?? "";
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text, type }));
      });
      sent.on("error", reject);
      sent.end(body);
    }),
  );
}

const JSON_TYPE = { "content-type": "application/json" };
const command = (region: string, ...words: string[]): string => JSON.stringify({ region, words });

describe("HTTP", () => {
  const table: [
    name: string,
    method: string,
    path: string,
    headers: Record<string, string>,
    body: string,
    status: number,
    says: RegExp,
  ][] = [
    [
      "a fault",
      "POST",
      "/fault",
      JSON_TYPE,
      command("weur", "loss=5%", "delay=1s"),
      200,
      /"weur":"loss=5% delay=1000ms"/,
    ],
    [
      "with a charset",
      "POST",
      "/fault",
      { "content-type": "application/json; charset=utf-8" },
      command("oc", "hang"),
      200,
      /"oc":"hang"/,
    ],
    ["all regions", "POST", "/fault", JSON_TYPE, command("all", "outage"), 200, /"weur":"outage","oc":"outage"/],
    ["what is in force", "GET", "/faults", {}, "", 200, /^\{"faults":\{"weur":"clear","oc":"clear"\}\}\n$/],
    ["by another loopback name", "GET", "/faults", { host: "localhost:1" }, "", 200, /clear/],
    ["by IPv6's", "GET", "/faults", { host: "[::1]:1" }, "", 200, /clear/],
    ["the place", "GET", "/cdn-cgi/trace", {}, "", 200, /^colo=LOCAL\n$/],
    ["the ledger, empty", "GET", "/ledger", {}, "", 200, /^$/],
    ["a rebound name", "GET", "/faults", { host: "evil.example" }, "", 403, /only for this machine/],
    ["a name that begins well", "GET", "/ledger", { host: "127.0.0.1.evil.example" }, "", 403, /only for/],
    [
      "a rebound name that posts",
      "POST",
      "/fault",
      { host: "evil.example", ...JSON_TYPE },
      command("weur", "outage"),
      403,
      /only for/,
    ],
    [
      "a page's form",
      "POST",
      "/fault",
      { "content-type": "text/plain" },
      command("weur", "outage"),
      415,
      /application\/json/,
    ],
    ["no type", "POST", "/fault", {}, command("weur", "outage"), 415, /application\/json/],
    ["a preflight", "OPTIONS", "/fault", { origin: "http://evil.example" }, "", 405, /takes POST/],
    [
      "an unknown region",
      "POST",
      "/fault",
      JSON_TYPE,
      command("mars", "outage"),
      404,
      /no region \\"mars\\"; there is weur, oc/,
    ],
    ["an inherited name", "POST", "/fault", JSON_TYPE, command("constructor", "outage"), 404, /no region/],
    ["an unknown word", "POST", "/fault", JSON_TYPE, command("weur", "los=5%"), 400, /is no fault/],
    ["no words", "POST", "/fault", JSON_TYPE, command("weur"), 400, /no fault was named/],
    ["no JSON", "POST", "/fault", JSON_TYPE, "{", 400, /not JSON/],
    ["not an object", "POST", "/fault", JSON_TYPE, "[]", 400, /send \{/],
    ["words that are none", "POST", "/fault", JSON_TYPE, '{"region":"weur","words":[1]}', 400, /send \{/],
    [
      "an unknown key",
      "POST",
      "/fault",
      JSON_TYPE,
      '{"region":"weur","words":["hang"],"x":1}',
      400,
      /unknown key \\"x\\"/,
    ],
    ["too long", "POST", "/fault", JSON_TYPE, " ".repeat(5_000), 413, /at most 4096/],
    ["a fault by GET", "GET", "/fault", {}, "", 405, /takes POST/],
    ["another path", "GET", "/", {}, "", 404, /there is \/fault/],
  ];
  test.each(table)("%s: %s %s", async (_name, method, path, headers, body, status, says) => {
    const before = { ...told };
    const reply = await ask(method, path, headers, body);
    expect(reply.text).toMatch(says);
    expect(reply.status).toBe(status);
    if (status !== 200) expect(told).toEqual(before);
  });

  test("the ledger comes as NDJSON, many entries of it", async () => {
    const MANY = 5_000;
    for (let seq = 0; seq < MANY; seq += 1) {
      const one = ledger.enter({ region: "weur", topic: "t", key: `r/${seq}`, seenAt: seq, dropped: seq % 7 === 0 });
      if (!one.dropped) ledger.wrote(one, 12.5, 1);
    }
    const reply = await ask("GET", "/ledger");
    expect(reply.type).toMatch(/^application\/x-ndjson/);
    expect(readLedgerLines(reply.text)).toEqual(ledger.entries());
  });

  test("a reader that hangs up in the middle harms nobody", async () => {
    for (let seq = 0; seq < 50_000; seq += 1) {
      ledger.enter({ region: "weur", topic: "t", key: `r/${seq}`, seenAt: seq, dropped: true });
    }
    await within(
      "the first bytes",
      new Promise<void>((resolve, reject) => {
        const sent = httpRequest({ host: "127.0.0.1", port: control.port, path: "/ledger" }, (response) => {
          response.once("data", () => resolve(void response.destroy()));
          response.on("error", () => {});
        });
        sent.on("error", reject);
        sent.end();
      }),
    );
    expect((await ask("GET", "/faults")).status).toBe(200);
  });
});

describe("npm run fault", () => {
  let folder: string;
  let statePath: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sonde-fault-"));
    statePath = join(folder, "local.json");
  });
  afterAll(() => rm(folder, { recursive: true }));

  const run = async (...args: string[]) => {
    const state = { controlPort: control.port, pageUrl: "http://localhost:8787", pid: 1, regions: ["weur", "oc"] };
    await writeFile(statePath, JSON.stringify(state));
    return faultCommand(args, statePath);
  };

  test("says what is now in force", async () => {
    expect(await run("weur", "loss=5%", "delay=100ms")).toEqual({
      exitCode: 0,
      text: "weur loses 5 % of messages and delays every message by 100 ms.\nNo faults: oc.\nWatch it at http://localhost:8787",
    });
    expect(told).toEqual({ weur: "loss=5% delay=100ms", oc: "clear" });
    expect((await run()).text).toMatch(/^weur loses 5 %/);
    expect((await run("all", "clear")).text).toMatch(/^No faults: weur, oc\./);
  });

  const refused: [args: string[], says: RegExp][] = [
    [["mars", "outage"], /There is no region "mars". There is: weur, oc, all/],
    [["weur"], /Not done: no fault was named/],
    [["weur", "los=5%"], /Not done: "los=5%" is no fault/],
  ];
  test.each(refused)("refuses %j", async (args, says) => {
    const said = await run(...args);
    expect(said.exitCode).toBe(1);
    expect(said.text).toMatch(says);
    expect(told).toEqual({ weur: "clear", oc: "clear" });
  });

  test("help needs nothing that runs; everything else says how to start it", async () => {
    const nowhere = join(folder, "none.json");
    expect(await faultCommand(["--help"], nowhere)).toMatchObject({
      exitCode: 0,
      text: expect.stringMatching(/^Usage: npm run fault/),
    });
    expect(await faultCommand(["weur", "outage"], nowhere)).toEqual({
      exitCode: 1,
      text: "Nothing is running here; start it with: npm start",
    });
    await run();
    await control.close();
    expect(await faultCommand([], statePath)).toMatchObject({ exitCode: 1, text: expect.stringMatching(/npm start/) });
  });

  test("a state file that is not one is an error, never an empty fleet", async () => {
    await writeFile(statePath, "{}");
    await expect(faultCommand([], statePath)).rejects.toThrow(/not what npm start writes/);
  });
});

describe("control checks", () => {
  test("answer while the region sees the world, and not at all while it is blind", async () => {
    expect(await ask("GET", "/control/weur/1")).toMatchObject({ status: 204, text: "" });
    told["weur"] = "outage";
    expect(await ask("GET", "/control/weur/2")).toMatchObject({ status: 204 });
    told["weur"] = "blind";
    await expect(ask("GET", "/control/weur/3")).rejects.toThrow();
    expect(await ask("GET", "/control/oc/3")).toMatchObject({ status: 204 });
  });
});
