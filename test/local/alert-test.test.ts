// Aim: `npm run alert:test` says in plain words what a receiver answered, and 0 only if it has the test; the run's own token goes to
// the run's own fleet and nowhere else, and not out of a file that others can read. Method: the command against the real door of the
// API behind a loopback port, whose Duty answers as the test says; doors that misbehave; tables of words.

import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { IncomingMessage, RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";

import type { ChannelAnswer } from "../../workers/alerts/alert.ts";
import type { Config } from "../../workers/config/config.ts";
import { configOf } from "../../workers/config/parse.ts";
import type { DutyDoor } from "../../workers/console/duty-door.ts";
import { actsApi } from "../../workers/console/acts.entry.ts";
import { alertTestCommand } from "../../workers/local/alert-test.cli.ts";
import type { Said } from "../../workers/local/alert-test.cli.ts";
import { ALERT_TEST_HELP, channelsText, readTestArgs, testText } from "../../workers/local/alert-test.ts";

const TOKEN = "t0ken-of-the-operators-of-this-place";
const CONFIG: Config = configOf({
  name: "Acme",
  regions: ["weur", "oc"],
  url: "https://status.example",
  targets: [
    { id: "chat", driver: "mqtt", address: "wss://chat.example.com/mqtt" },
    { id: "push", driver: "mqtt", address: "wss://push.example.com/mqtt" },
  ],
  alerts: {
    channels: [
      { id: "ops", channel: "slack", url: "OPS_URL" },
      { id: "pager", channel: "pagerduty", key: "PAGER_KEY" },
    ],
    routes: [{ id: "all", to: ["ops"] }],
    token: "ACME_TOKEN",
  },
});

let folder: string;
let statePath: string;

interface Fleet {
  readonly url: string;
  /** "<target> <channel> <who>" of each test that its Duty was told. */
  readonly tested: string[];
  readonly heard: IncomingMessage[];
}

async function listen(handle: RequestListener): Promise<string> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void (server.closeAllConnections(), server.close()));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}`;
}

const GOOD: ChannelAnswer = {
  accepted: true,
  httpStatus: 200,
  code: null,
  said: "ok",
  again: { when: "never" },
  disable: false,
};

/** The real door; its Duty answers that. Null: it does not. */
async function fleet(answer: ChannelAnswer | null = GOOD, config: Config = CONFIG): Promise<Fleet> {
  const tested: string[] = [];
  const heard: IncomingMessage[] = [];
  const tryOut: DutyDoor["tryOut"] = (target, channel, who) => {
    tested.push(`${target} ${channel} ${who}`);
    if (answer === null) return Promise.reject(new Error("object reset"));
    return Promise.resolve({ ok: true, key: "test/1", answer, tookMs: 312 });
  };
  const api = actsApi({
    config,
    keepers: "fleet_keepers",
    secretOf: (name) => (name === "ACME_TOKEN" ? TOKEN : null),
    guardOf: () => () => Promise.resolve({ ok: false, status: 401, reason: "nobody" }),
    dutyOf: () => ({ tryOut }) as DutyDoor,
    report: () => {},
  });
  const url = await listen(async (request, response) => {
    heard.push(request);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as [string, string]);
    const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) };
    const own = new Request(`${url}${request.url}`, { method: request.method ?? "", headers, ...body });
    const said = await api(own);
    response.writeHead(said.status, Object.fromEntries(said.headers)).end(await said.text());
  });
  return { url, tested, heard };
}

/** As `npm start` writes it. */
async function running(url: string, more: object = {}, mode = 0o600): Promise<void> {
  const state = { controlPort: 1, pageUrl: url, pid: 1, token: TOKEN, regions: ["weur"], ...more };
  await writeFile(statePath, JSON.stringify(state));
  await chmod(statePath, mode);
}

const run = (args: readonly string[], environment: Record<string, string> = {}): Promise<Said> =>
  alertTestCommand(args, environment, statePath);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sonde-alert-test-"));
  statePath = join(folder, "local.json");
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the fleet on this machine", () => {
  it("tries the channel with the token of its run, and says what the receiver answered", async () => {
    const { url, tested } = await fleet();
    await running(url);
    expect(await run(["ops"])).toEqual({
      exitCode: 0,
      text: "Accepted: the receiver of ops has the test (HTTP 200, 312 ms).\nIt said: ok",
    });
    expect((await run(["pager", "--target", "push"])).exitCode).toBe(0);
    expect((await run(["pager", "--target=fleet_keepers", "--url", url])).exitCode).toBe(0);
    expect(tested).toEqual(
      ["chat ops", "push pager", "fleet_keepers pager"].map((each) => `${each} api:npm run alert:test`),
    );
  });

  it("lists its channels where none is named, and sends nothing: no script takes that for a test", async () => {
    const { url, tested } = await fleet();
    await running(url);
    expect(await run([])).toEqual({
      exitCode: 1,
      text: [
        "No channel was named, so nothing was sent. There is:",
        "  ops    slack (en)",
        "  pager  pagerduty (en)",
        "Try one: npm run alert:test -- ops",
      ].join("\n"),
    });
    expect(tested).toEqual([]);
    expect(channelsText([])).toMatch(/^No channel is configured/);
  });

  it("gives its token to nobody else, and to nobody at all where others can read the file", async () => {
    const own = await fleet();
    const other = await fleet();
    await running(own.url);
    const elsewhere = await run(["ops", "--url", other.url]);
    expect([elsewhere.exitCode, elsewhere.text]).toEqual([1, expect.stringMatching(/^SONDE_OPS_TOKEN is not set/)]);
    expect(other.heard).toEqual([]);
    for (const mode of [0o644, 0o640, 0o602]) {
      await running(own.url, {}, mode);
      const open = await run(["ops"]);
      expect([open.exitCode, open.text]).toEqual([
        1,
        expect.stringMatching(/^Others can read .*its token is not used/),
      ]);
    }
    await running(own.url, { token: undefined });
    expect((await run(["ops"])).text).toMatch(/holds no token: stop the fleet, start it again, or set SONDE_OPS_TOKEN/);
    expect(own.heard).toEqual([]);
    // What was set by hand is meant.
    expect((await run(["ops"], { SONDE_OPS_TOKEN: TOKEN })).exitCode).toBe(0);
    expect((await run(["ops", "--url", other.url], { SONDE_OPS_TOKEN: TOKEN })).exitCode).toBe(0);
  });

  it("that does not run is said to, with what to do", async () => {
    await rm(statePath, { force: true });
    expect(await run(["ops"])).toMatchObject({
      exitCode: 1,
      text: expect.stringMatching(/^Nothing is running here; .*npm start/),
    });
    const { url } = await fleet();
    const gone = url.replace(/\d+$/, "1");
    await running(gone);
    expect(await run(["ops"])).toEqual({
      exitCode: 2,
      text: `${gone} does not answer. It is not known whether the test was sent.`,
    });
    await writeFile(statePath, "{}");
    await expect(run(["ops"])).rejects.toThrow(/is not what npm start writes/);
  });
});

describe("what was not accepted", () => {
  const refused = { ...GOOD, accepted: false, httpStatus: 403, code: "invalid_token", said: "no \u001b[31mentry" };
  const silent = { ...GOOD, accepted: false, httpStatus: null, said: "No answer within 15000 ms." };
  it.each<readonly [what: string, answer: ChannelAnswer | null, exitCode: number, says: RegExp]>([
    [
      "a receiver that refuses",
      refused,
      1,
      /^Not accepted by ops \(HTTP 403, code invalid_token\)\.\nIt said: no {2}\[31mentry\nThe receiver was reached and refused/,
    ],
    [
      "one that is silent",
      silent,
      1,
      /^Not accepted by ops\.\nNo answer within 15000 ms\.\nNothing was answered: look at the secret/,
    ],
    ["nobody on duty", null, 2, /answers HTTP 503\. It is not known whether the test was sent\.$/],
  ])("%s", async (_what, answer, exitCode, says) => {
    const { url } = await fleet(answer);
    await running(url);
    const said = await run(["ops"]);
    expect([said.exitCode, said.text]).toEqual([exitCode, expect.stringMatching(says)]);
  });

  it("is told with the fix", async () => {
    const { url, tested } = await fleet();
    await running(url);
    const cases: readonly (readonly [args: string[], environment: Record<string, string>, says: RegExp])[] = [
      [["opps"], {}, /^Not sent: Not understood\. .*\n {2}channel: there is no such channel .*did you mean ops\?$/],
      [["ops", "--target", "chta"], {}, /\n {2}target: there is no such target .*did you mean chat\?$/],
      [
        ["ops"],
        { SONDE_OPS_TOKEN: "x".repeat(40) },
        /^Not sent: Not known who you are\..*\nSet SONDE_OPS_TOKEN to the value/,
      ],
      [["ops"], { SONDE_OPS_TOKEN: "two words" }, /^SONDE_OPS_TOKEN holds spaces/],
    ];
    for (const [args, environment, says] of cases) {
      const said = await run(args, environment);
      expect([said.exitCode, said.text]).toEqual([1, expect.stringMatching(says)]);
      for (const secret of Object.values(environment)) expect(said.text).not.toContain(secret);
    }
    const closed = await fleet(GOOD, { ...CONFIG, alerting: null });
    await running(closed.url);
    expect((await run(["ops"])).text).toMatch(/^Not sent: Closed\. .*token: "SONDE_OPS_TOKEN"/);
    expect(tested).toEqual([]);
    expect(cases).toHaveLength(4);
  });

  it.each<readonly [what: string, handle: RequestListener, exitCode: number, says: RegExp]>([
    ["a door that hangs up", (request) => void request.socket.destroy(), 2, /does not answer\. It is not known/],
    [
      "a login",
      (_, answer) => void answer.writeHead(302, { location: "https://login.example" }).end(),
      1,
      /a login in front/,
    ],
    ["another page", (_, answer) => void answer.writeHead(200).end("<html>"), 1, /is this the page of a Sonde/],
    ["no such page", (_, answer) => void answer.writeHead(404).end("no"), 1, /answers HTTP 404/],
    ["an error", (_, answer) => void answer.writeHead(500).end("error"), 2, /HTTP 500\. It is not known/],
    [
      "no secret",
      (_, answer) => void answer.writeHead(503).end('{"title":"Not ready","detail":"b"}'),
      1,
      /^Not sent: Not ready\. b$/,
    ],
  ])("%s: says what is known", async (_what, handle, exitCode, says) => {
    await running(await listen(handle));
    const said = await run(["ops"]);
    expect([said.exitCode, said.text]).toEqual([exitCode, expect.stringMatching(says)]);
  });
});

describe("the words", () => {
  const WRONG: readonly (readonly [words: string[], says: RegExp])[] = [
    [["ops", "--token", "x"], /A token is never given here/],
    [["--secret=x"], /A token is never given here/],
    [["ops", "pager"], /"pager" is not understood here; there is --target, --url/],
    [["ops", "--channel", "x"], /"--channel" is not understood here/],
    [["ops", "--url"], /--url needs a value/],
    [["ops", "--url", "nowhere"], /is no address/],
    [["ops", "--url", "http://sonde.example"], /neither https nor on this machine/],
    [["ops", "--url", "https://ada:secret@sonde.example"], /a name or a password/],
  ];

  it.each(WRONG)("%j is refused before anything is sent", async (words, says) => {
    const said = await run(words, { SONDE_OPS_TOKEN: TOKEN });
    expect([said.exitCode, said.text]).toEqual([1, expect.stringMatching(says)]);
  });

  it("of the help are understood", async () => {
    for (const words of [["--help"], ["ops", "-h"]]) {
      expect(await run(words)).toEqual({ exitCode: 0, text: ALERT_TEST_HELP });
    }
    const examples = [...ALERT_TEST_HELP.matchAll(/npm run alert:test -- ([a-z].*)$/gm)];
    expect(examples.map(([, line = ""]) => readTestArgs(line.split(" ")).kind)).toEqual(["plan", "plan"]);
    expect(
      testText({ channel: "ops", accepted: true, http_status: 204, code: null, said: "HTTP 204", took_ms: 5 }),
    ).toBe("Accepted: the receiver of ops has the test (HTTP 204, 5 ms).");
    console.log(`npm run alert:test: ${WRONG.length} refused`);
    expect(WRONG).toHaveLength(8);
  });
});
