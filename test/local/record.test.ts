// Aim: `npm run record` writes what was said, once, and says so in one line; whatever is wrong comes back under the flag that is
// wrong, with the exit code that a script needs; the secret is never asked for where others read it, nor sent anywhere. Method:
// the command against the real handler and a real D1 behind a loopback port; doors that misbehave; tables of words.

import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";

import { recordsApi } from "../../workers/console/records.entry.ts";
import { recordCommand } from "../../workers/local/record.cli.ts";
import type { Said } from "../../workers/local/record.cli.ts";
import { recordsBinding } from "../../workers/local/local-config.ts";
import { readRecordArgs, RECORD_HELP } from "../../workers/local/record.ts";
import { recordsStore } from "../../workers/sla/records.store.ts";
import { openD1 } from "../real-d1.ts";
import type { RealD1 } from "../real-d1.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ENVIRONMENT = { SONDE_RECORDS_SECRET: SECRET };
const NOW = Date.now();
const at = (hours: number): string => new Date(NOW - 3_600_000 * hours).toISOString();

let database: RealD1;
let d1: D1Database;
let folder: string;
let url: string;
let server: Server;

async function listen(handle: RequestListener): Promise<{ readonly server: Server; readonly url: string }> {
  const made = createServer(handle);
  await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
  const address = made.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { server: made, url: `http://127.0.0.1:${address.port}` };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sonde-record-"));
  database = await openD1();
  d1 = database.d1;
  const config = {
    recordsSecret: "X",
    regions: [{ id: "weur" }, { id: "oc" }],
    targets: [{ id: "broker" }],
    contracts: [{ id: "standard", target: "broker" }],
  };
  const api = recordsApi({ now: Date.now, config, secretOf: () => SECRET, store: recordsStore(d1), report: () => {} });
  ({ server, url } = await listen(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as [string, string]);
    const post = { method: "POST", headers, body: Buffer.concat(chunks) };
    const answer =
      (await api(new Request(`http://sonde.example${request.url}`, post))) ?? new Response("", { status: 404 });
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
  }));
}, 30_000);

afterAll(async () => {
  server.close();
  await database.close();
  await rm(folder, { recursive: true });
});

const run = (...args: string[]): Promise<Said> => recordCommand([...args, "--url", url], ENVIRONMENT);
const EXCLUSION = [
  "exclusion",
  "--target",
  "broker",
  "--type",
  "scheduled-maintenance",
  "--from",
  at(2),
  "--to",
  at(1),
  "--author",
  "Ada",
];
const TICKET = [
  "ticket",
  "--contract",
  "standard",
  "--ticket",
  "OPS-7",
  "--kind",
  "opened",
  "--severity",
  "P1",
  "--by",
  "human",
];

describe("npm run record", () => {
  it("records an exclusion with everything that can be said; the same again is the same", async () => {
    const proof = join(folder, "notice.txt");
    await writeFile(proof, "we told you so");
    const more = [
      "--reason",
      "new broker",
      "--announced",
      String(NOW - 1),
      "--contract",
      "standard",
      "--regions",
      "oc, weur",
    ];
    const words = [...EXCLUSION, ...more, "--proof", proof, "--key=m-1"];
    expect(await run(...words)).toEqual({ exitCode: 0, text: "Recorded: exclusion 1 (key m-1)" });
    expect(await run(...words)).toEqual({ exitCode: 0, text: "Recorded before: exclusion 1 (key m-1)" });
    const sha256 = createHash("sha256").update("we told you so").digest("hex");
    expect(await recordsStore(d1).exclusionsOf("broker")).toMatchObject([
      {
        contract: "standard",
        fromAt: NOW - 7_200_000,
        toAt: NOW - 3_600_000,
        announcedAt: NOW - 1,
        regions: ["oc", "weur"],
        proof: { where: "notice.txt", sha256 },
      },
    ]);
    const withdrawal = [
      "exclusion",
      "--withdraws",
      "1",
      "--target",
      "broker",
      "--author",
      "Bo",
      "--reason",
      "wrong day",
    ];
    expect((await run(...withdrawal)).text).toMatch(/^Recorded: exclusion 2 \(key msg_[0-9a-f]{40}\/0\)$/);
    // Without a key, too: the message's id is made of what is said.
    expect((await run(...withdrawal)).text).toMatch(/^Recorded before: exclusion 2 /);
    expect((await run(...words.slice(0, -1), "--key=m-2", "--proof-where", "https://ex.example/n")).exitCode).toBe(0);
    expect((await recordsStore(d1).exclusionsOf("broker")).at(-1)?.proof).toEqual({
      where: "https://ex.example/n",
      sha256,
    });
  });

  it("says that what was withdrawn is not recorded anew, and how it would be, by flags and by file", async () => {
    const words = [...EXCLUSION, "--reason", "twice"];
    const idOf = (said: Said): string => /exclusion (\d+)/.exec(said.text)?.[1] ?? "";
    const first = idOf(await run(...words));
    const taken = ["exclusion", "--withdraws", first, "--target", "broker", "--author", "Bo", "--reason", "not then"];
    const by = idOf(await run(...taken));
    const again = await run(...words);
    expect(again.exitCode).toBe(1);
    expect(again.text).toMatch(new RegExp(`^Recorded before, and withdrawn by record ${by}: exclusion ${first} `));
    expect(again.text).toMatch(/does not count.*write --key /);
    const anew = await run(...words, "--key", "second");
    expect([anew.exitCode, anew.text]).toEqual([0, expect.stringMatching(/^Recorded: exclusion \d+ \(key second\)$/)]);
    // The withdrawal itself is what it was.
    expect((await run(...taken)).exitCode).toBe(0);

    const file = join(folder, "withdrawn.json");
    const event = { target: "broker", type: "dos", from: at(4), to: at(3), author: "Ada", reason: "flood" };
    const both = [
      { ...event, key: "f-1" },
      { ...event, key: "f-2" },
    ];
    await writeFile(file, JSON.stringify({ events: both }));
    const [, second = ""] = (await run("exclusion", "--file", file)).text.split("\n");
    await run("exclusion", "--withdraws", idOf({ exitCode: 0, text: second }), ...taken.slice(3));
    const { exitCode, text } = await run("exclusion", "--file", file);
    expect([exitCode, text.split("\n")]).toEqual([
      1,
      [
        expect.stringMatching(/^Recorded before: exclusion \d+ \(key f-1\)$/),
        expect.stringMatching(/^Recorded before, and withdrawn by record \d+: exclusion \d+ \(key f-2\)$/),
        expect.stringMatching(/write a "key" of its own in the file\.$/),
      ],
    ]);
  });

  it("has a help whose every example is understood, and whose maintenance is proven to be announced in time", () => {
    const examples = [...RECORD_HELP.replaceAll("\\\n", " ").matchAll(/^ {2}npm run record -- (.*)$/gm)];
    const plans = examples.map(([, line = ""]) =>
      readRecordArgs([...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "")),
    );
    expect(plans.map(({ kind }) => kind)).toEqual(["plan", "plan", "plan"]);
    const bodies = plans.flatMap((plan) =>
      plan.kind === "plan" && plan.plan.body.kind === "said" ? plan.plan.body : [],
    );
    const announced = bodies.filter(({ event }) => "announced_at" in event);
    expect(announced.map(({ proof }) => proof !== null)).toEqual([true]);
    expect(RECORD_HELP).toMatch(/--announced .*without --proof of it, it counts from when it was recorded/);
    expect(RECORD_HELP).toMatch(/\n {2}--key <text>/);
  });

  it("signs with the secret that npm start gives its fleet, where the configuration names one and it is set", () => {
    const cases: readonly (readonly [string | null, Record<string, string | undefined>, object])[] = [
      ["ACME", { ACME: SECRET, OTHER: "x" }, { ACME: SECRET }],
      ["ACME", { ACME: "" }, {}],
      ["ACME", {}, {}],
      [null, { null: "x", SONDE_RECORDS_SECRET: SECRET }, {}],
    ];
    for (const [name, environment, bound] of cases) expect(recordsBinding(name, environment)).toEqual(bound);
  });

  it("records what happened to a ticket, by flags and by file", async () => {
    expect(await run(...TICKET, "--at", at(1), "--author", "Ada", "--key", "t-1")).toEqual({
      exitCode: 0,
      text: "Recorded: ticket event 1 (key t-1)",
    });
    const file = join(folder, "events.json");
    const said = { contract: "standard", ticket: "OPS-7", kind: "replied", at: NOW - 1, by: "human", author: "Ada" };
    await writeFile(
      file,
      JSON.stringify({
        events: [
          { ...said, key: "t-2" },
          { ...said, kind: "closed", key: "t-3" },
        ],
      }),
    );
    const text = "Recorded: ticket event 2 (key t-2)\nRecorded: ticket event 3 (key t-3)";
    expect(await run("ticket", "--file", file)).toEqual({ exitCode: 0, text });
    expect((await recordsStore(d1).ticketEventsOf("standard")).map(({ kind }) => kind)).toEqual([
      "opened",
      "replied",
      "closed",
    ]);
  });

  it("says what is wrong under the flag that is wrong, or in the file", async () => {
    const said = await run(...EXCLUSION, "--announced", "soon", "--regions", "weur,eu");
    expect(said.exitCode).toBe(1);
    expect(said.text).toMatch(
      /^Not recorded: Not understood\. .*\n {2}--announced is not understood: .*\n {2}--reason is missing: /,
    );
    expect((await run(...EXCLUSION, "--reason", "x", "--regions", "weur,eu")).text).toMatch(
      /\n {2}--regions \(1\) there is no such region/,
    );
    const file = join(folder, "bad.json");
    await writeFile(file, '{"events":[{}]}');
    expect((await run("ticket", "--file", file)).text).toMatch(/\n {2}\/events\/0\/kind is missing/);
    await writeFile(file, "{");
    expect((await run("ticket", "--file", file)).text).toBe("Not recorded: Not JSON. The body is no JSON.");
  });

  it("with another secret, no secret, or what is none, records nothing and does not repeat it", async () => {
    const words = [...EXCLUSION, "--reason", "x", "--url", url];
    const other = `whsec_${Buffer.alloc(32).toString("base64")}`;
    const refused = await recordCommand([...words, "--secret-env", "OTHER"], { OTHER: other });
    expect(refused).toMatchObject({ exitCode: 1, text: expect.stringMatching(/^Not recorded: No valid signature/) });
    expect(await recordCommand(words, {})).toMatchObject({
      exitCode: 1,
      text: expect.stringMatching(/SECRET is not set/),
    });
    const bad = await recordCommand(words, { SONDE_RECORDS_SECRET: "pass*word" });
    expect(bad.exitCode).toBe(1);
    expect(bad.text).not.toContain("pass*word");
  });

  const WRONG: readonly (readonly [words: string[], says: RegExp])[] = [
    [["exclusions"], /Say exclusion or ticket first/],
    [["ticket", "--secret", "x"], /A secret is never given here/],
    [["ticket", "--secret=x"], /A secret is never given here/],
    [["ticket", "--target", "x"], /"--target" is not understood here; there is --url/],
    [["ticket", "opened"], /"opened" is not understood here/],
    [["ticket", "--kind"], /--kind needs a value/],
    [["ticket", "--kind", "--at"], /--kind needs a value/],
    [["ticket", "--kind", "a", "--kind", "b"], /--kind is there twice/],
    [["ticket", "--file", "x", "--kind", "a"], /--file says all of it: leave out --kind/],
    [["exclusion", "--proof-where", "x"], /needs --proof/],
    [["ticket", "--url", "nowhere"], /is no address/],
    [["ticket", "--url", "http://sonde.example"], /neither https nor on this machine/],
    [["ticket", "--url", "http://127.0.0.1.evil.example"], /neither https nor on this machine/],
    [["ticket", "--url", "http://localhost.evil.example"], /neither https nor on this machine/],
    [["ticket", "--url", "ftp://127.0.0.1"], /neither https nor on this machine/],
    [["ticket", "--url", "https://ada:secret@sonde.example"], /a name or a password/],
    [["ticket", "--file", "/nowhere/at/all.json"], /cannot be read/],
    [["exclusion", "--proof", "/nowhere/at/all.pdf"], /cannot be read/],
  ];

  it.each(WRONG)("%j is refused before anything is sent", async (words, says) => {
    const said = await recordCommand(words, ENVIRONMENT);
    expect([said.exitCode, says.test(said.text)], said.text).toEqual([1, true]);
  });

  it("may go over https, or to this machine; and explains itself", async () => {
    const good = [
      "https://sonde.example",
      "http://localhost:8787",
      "http://[::1]:1",
      "http://127.1:80",
      "http://127.0.0.1",
    ];
    for (const each of good) expect(readRecordArgs(["ticket", "--url", each]).kind, each).toBe("plan");
    for (const words of [[], ["--help"], ["ticket", "-h"]]) {
      expect(await recordCommand(words, {})).toEqual({ exitCode: 0, text: RECORD_HELP });
    }
    console.log(`npm run record: ${WRONG.length} refused, ${good.length} addresses`);
    expect(WRONG).toHaveLength(18);
  });
});

describe("a door that misbehaves", () => {
  const words = [...EXCLUSION, "--reason", "x"];
  const against = async (handle: RequestListener): Promise<Said> => {
    const door = await listen(handle);
    onTestFinished(() => void door.server.closeAllConnections());
    onTestFinished(() => void door.server.close());
    return recordCommand([...words, "--url", door.url], ENVIRONMENT);
  };

  it.each<readonly [what: string, handle: RequestListener, exitCode: number, says: RegExp]>([
    ["hangs up", (request) => void request.socket.destroy(), 2, /does not answer\. It is not known/],
    [
      "breaks off",
      (_, response) => void response.writeHead(201, { "content-length": 99 }).write("{", () => response.destroy()),
      2,
      /It is not known/,
    ],
    [
      "leads elsewhere",
      (_, response) => void response.writeHead(302, { location: "https://login.example" }).end(),
      1,
      /a login in front/,
    ],
    ["is another page", (_, response) => void response.writeHead(200).end("<html>"), 1, /is this the page of a Sonde/],
    ["is not there", (_, response) => void response.writeHead(404).end("no"), 1, /answers HTTP 404/],
    ["has an error", (_, response) => void response.writeHead(500).end("error"), 2, /HTTP 500\. It is not known/],
    [
      "has no database",
      (_, response) => void response.writeHead(503, { "retry-after": "10" }).end('{"title":"a","detail":"b"}'),
      2,
      /HTTP 503\. It is not known/,
    ],
    [
      "has no secret",
      (_, response) => void response.writeHead(503).end('{"title":"Not ready","detail":"b"}'),
      1,
      /^Not recorded: Not ready\. b$/,
    ],
  ])("%s: says what is known", async (_what, handle, exitCode, says) => {
    const said = await against(handle);
    expect([said.exitCode, says.test(said.text)], said.text).toEqual([exitCode, true]);
  });

  it("never hears the secret", async () => {
    let heard = "";
    await against((request, response) => {
      heard += JSON.stringify(request.headers);
      request.on("data", (chunk) => (heard += String(chunk)));
      request.on("end", () => response.end("{}"));
    });
    expect(heard).toContain("scheduled-maintenance");
    expect(heard).not.toContain(SECRET.slice(6));
  });
});
