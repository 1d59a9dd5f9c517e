// Aim: what can be known of the driver agora-sdk without an App ID: by default the SDK is in no Worker and the driver says so; a
// Worker that was opted in loads it, the SDK, with our token, asks the documented access points for the way, and our deadline
// ends all of it, within a handful of requests. Method: bundled by wrangler as a user would, run in workerd; every request that
// would leave the machine is recorded and answered here.

import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Response as MiniflareResponse } from "miniflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";

import { proveAgora } from "../../workers/local/agora-prove.cli.ts";
import { askWorker, bundleAgora, type Outbound } from "../../workers/local/agora-worker.server.ts";
import type { Observation } from "../../workers/probes/observation.ts";
import { userOfToken } from "../agora-library.ts";
import { type AgoraAddress, start } from "../drivers/agora.server.ts";

const APP_ID = "0123456789abcdef0123456789abcdef";
const CERTIFICATE = "5ec7e75ec7e75ec7e75ec7e75ec7e75e";
const LICENCE = "AGORA, INC. SDK LICENSE AGREEMENT";

interface Told {
  readonly observations: readonly Observation[];
  readonly timersAtEnd: number;
  readonly timersLater: number;
  readonly hasWindow: boolean;
}

interface Left {
  readonly method: string;
  readonly url: string;
  readonly body: string;
}

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sonde-agora-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const bundle = (name: string, sdk: string): Promise<string> =>
  bundleAgora(folder, name, join(import.meta.dirname, "agora/main.entry.ts"), sdk);

interface Asked {
  readonly connectMs: number;
  readonly appId?: string;
  readonly users?: readonly string[];
  readonly afterMs?: number;
  readonly address?: string;
}

async function run(
  script: string,
  asked: Asked,
  answer: "503" | "silence" | "garbage" | null,
): Promise<{ readonly told: Told; readonly left: readonly Left[]; readonly logs: string }> {
  const left: Left[] = [];
  const logs: string[] = [];
  const outbound: Outbound = async (request) => {
    left.push({ method: request.method, url: request.url, body: await request.text() });
    if (answer === "silence") await new Promise((done) => setTimeout(done, 20_000).unref());
    // Miniflare's own class, which it looks for.
    const made = answer === "garbage" ? ["<html>\u0000", 200] : ["no", 503];
    return new MiniflareResponse(String(made[0]), { status: Number(made[1]) }) as unknown as Response;
  };
  const own = { appId: APP_ID, appCertificate: CERTIFICATE, users: ["sonde-rtm-weur"], afterMs: 1_500 };
  const told = await askWorker<Told>(script, { ...own, ...asked }, answer === null ? null : outbound, (line) => {
    logs.push(line);
  });
  return { told, left, logs: logs.join("\n") };
}

describe("without opting in", () => {
  it("the SDK is not in the Worker, and a round says what to do; it proves nothing about the service", async () => {
    const script = await bundle("default", "absent");
    expect(script).not.toContain(LICENCE);
    expect(script.length).toBeLessThan(100_000);
    const { told, left } = await run(script, { connectMs: 1_000 }, "503");
    const [observation] = told.observations;
    expect(observation).toMatchObject({
      failure: { kind: "config", phase: "connect", sure: true },
      unfit: "configuration",
    });
    expect(observation?.failure?.detail).toContain("npm install agora-rtm");
    expect(left).toEqual([]);
  });
});

describe("opted in", () => {
  let script = "";
  beforeAll(async () => {
    script = await bundle("opted-in", "real");
  });

  it("the bundle holds the SDK, and no video", () => {
    expect(script).toContain("RTM_ERROR_LOGIN_TIMEOUT");
    expect(script.length).toBeLessThan(2_000_000);
    console.log(`agora-sdk.test.ts: ${Math.round(script.length / 1024)} KiB with the SDK`);
  });

  it.each(["503", "silence", "garbage"] as const)(
    "access points that answer with %s: asked as documented, and our deadline ends it",
    async (answer) => {
      const { told, left, logs } = await run(script, { connectMs: 1_200 }, answer);
      const [observation] = told.observations;
      // The SDK says nothing of what it met: the layers are looked at, and here nothing listens.
      expect(observation?.failure).toMatchObject({ kind: "tcp", phase: "connect", sure: false });
      expect(observation?.unfit).toBe("none");
      expect((observation?.endedAt ?? 0) - (observation?.startedAt ?? 0)).toBeLessThan(1_200 + 400 + 400 + 1_000);
      // Two users; each asks a handful of access points, and nothing else leaves.
      expect(left.length).toBeGreaterThanOrEqual(2);
      expect(left.length).toBeLessThanOrEqual(16);
      for (const { method, url } of left) {
        expect(method).toBe("POST");
        expect(url).toMatch(/^https:\/\/(ap-web-[1-4]\.agora\.io|web-[1-4]\.ap\.sd-rtn\.com)\/api\/v1$/);
      }
      // Each user asks for the way with a token that Agora's library accepts; the other question is for the SDK's settings.
      const logins = left.filter(({ body }) => body.includes('"key"'));
      expect([...new Set(logins.map(({ body }) => userIn(body)))].toSorted()).toEqual([
        "sonde-rtm-weur-pub",
        "sonde-rtm-weur-sub",
      ]);
      // What it had begun has ended, and does not begin again.
      expect(told.timersLater).toBe(0);
      expect(told.hasWindow).toBe(false);
      expect(`${JSON.stringify(observation)}${logs}`).not.toContain(CERTIFICATE);
      console.log(`agora-sdk.test.ts: ${answer}: ${left.length} requests, ${told.timersAtEnd} timers at the end`);
    },
  );

  it("a user id that is too long is our own fault", async () => {
    const { told, left } = await run(script, { connectMs: 1_000, users: ["u".repeat(61)], afterMs: 100 }, "503");
    expect(told.observations[0]).toMatchObject({
      failure: { kind: "config", phase: "connect" },
      unfit: "configuration",
    });
    expect(left).toEqual([]);
  });

  it("an App ID that the SDK does not take is our own fault, and it asks nobody", async () => {
    const { told, left } = await run(script, { connectMs: 1_000, appId: "0123", afterMs: 100 }, "503");
    expect(told.observations[0]).toMatchObject({ failure: { kind: "config", code: -10003 }, unfit: "configuration" });
    expect(left).toEqual([]);
  });

  it("three rounds at once, each ends by itself", async () => {
    const { told, left } = await run(script, { connectMs: 1_000, users: ["a", "b", "c"] }, "503");
    expect(told.observations.map((each) => each.failure?.kind)).toEqual(["tcp", "tcp", "tcp"]);
    expect(left.length).toBeLessThanOrEqual(48);
    expect(told.timersLater).toBe(0);
  });
});

describe("with a fake in the SDK's place", () => {
  let script = "";
  beforeAll(async () => {
    script = await bundle("fake", join(import.meta.dirname, "agora/fake-rtm.ts"));
  });

  const REFUSED = [
    ["login10009", "connect", "auth", -10009],
    ["login10015", "connect", "auth", -10015],
    ["login10021", "connect", "rate_limit", -10021],
    ["login10010", "connect", "handshake", -10010],
    // What is not sure is looked at again, and nothing listens where it looks.
    ["login99999", "connect", "tcp", undefined],
    ["hang", "connect", "tcp", undefined],
    ["subscribe11019", "subscribe", "timeout", -11019],
    ["subscribe11038", "subscribe", "subscribe", -11038],
  ] as const;
  const UNPUBLISHED = [
    ["publish11025", "rate_limit"],
    ["publish11026", "timeout"],
    ["publish11033", "receiver_offline"],
  ] as const;

  it(
    "what comes counts, what is refused has its class, and no round disturbs another: 14 at once",
    { retry: 1 },
    async () => {
      const users = ["fine", "drop", "mute", ...[...REFUSED, ...UNPUBLISHED].map(([user]) => user)];
      const { told } = await run(script, { connectMs: 1_000, users, afterMs: 50 }, null);
      const seen = new Map(users.map((user, i) => [user, told.observations[i]]));
      expect(seen.get("fine")).toMatchObject({ arrivals: [0, 1, 2, 3], failure: null, unfit: "none" });
      // A lost connection ends the session: no second try. What was on its way may come before that, or not any more.
      expect(seen.get("drop")).toMatchObject({ failure: { kind: "closed", phase: "deliver" } });
      expect([0, 1]).toEqual(expect.arrayContaining([...(seen.get("drop")?.arrivals ?? [9])]));
      expect(seen.get("mute")).toMatchObject({ failure: null, arrivals: [] });
      expect(seen.get("mute")?.messages.map((each) => [each.sentAt !== null, each.failure])).toEqual(
        Array.from({ length: 4 }, () => [true, null]),
      );
      for (const [user, phase, kind, code] of REFUSED) {
        expect(seen.get(user)?.failure, user).toMatchObject({ phase, kind });
        expect(seen.get(user)?.failure?.code, user).toBe(code);
      }
      for (const [user, kind] of UNPUBLISHED) {
        const failures = seen.get(user)?.messages.map((each) => each.failure);
        expect(failures?.map((each) => [each?.phase, each?.kind])).toEqual(
          Array.from({ length: 4 }, () => ["publish", kind]),
        );
      }
      for (const each of told.observations)
        expect(each.endedAt - each.startedAt).toBeLessThan(1_000 + 400 + 400 + 1_000);
      expect(told.timersLater).toBe(0);
      // The fake's words hold a piece of the certificate.
      expect(JSON.stringify(told)).not.toContain("5ec7e7");
    },
  );

  it("a login without an answer over a way that is open stays what it was", async () => {
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
    try {
      await new Promise((done) => server.once("listening", done));
      const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const { told } = await run(script, { connectMs: 500, users: ["hang", "login99999"], afterMs: 50, address }, null);
      expect(told.observations.map(({ failure }) => [failure?.kind, failure?.code, failure?.sure])).toEqual([
        ["timeout", undefined, false],
        ["handshake", -99999, false],
      ]);
    } finally {
      server.close();
    }
  });

  it("sockets and timers that the SDK leaves behind are ended", async () => {
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
    let closed = 0;
    let opened = 0;
    server.on("connection", (socket) => {
      opened += 1;
      socket.once("close", () => (closed += 1));
    });
    try {
      await new Promise((done) => server.once("listening", done));
      const users = [`leaky-ws${(server.address() as AddressInfo).port}`];
      const { told } = await run(script, { connectMs: 1_000, users, afterMs: 1_000 }, null);
      expect(told.timersLater).toBe(0);
      expect([opened, closed]).toEqual([2, 2]);
    } finally {
      for (const client of server.clients) client.terminate();
      server.close();
    }
  });
});

describe("npm run agora:prove", () => {
  const nothing: Outbound = async () => new MiniflareResponse("no", { status: 503 }) as unknown as Response;

  it("says what it needs", async () => {
    const { exitCode, text } = await proveAgora({});
    expect(exitCode).toBe(1);
    expect(text).toContain("AGORA_APP_ID and AGORA_APP_CERTIFICATE");
  });

  it("tells of both drivers what happened, and never a secret", async () => {
    const { address, stop } = await start();
    const agora = address as AgoraAddress;
    try {
      const env = { AGORA_APP_ID: agora.appId, AGORA_APP_CERTIFICATE: agora.appCertificate };
      const plan = {
        channel: "prove",
        messages: 3,
        gapMs: 50,
        deadlineMs: 2_000,
        connectDeadlineMs: 1_000,
        payloadBytes: 100,
      };
      // The gateway is our fake on this machine; the SDK's access points do not answer.
      const through: Outbound = (request) => (request.url.startsWith(agora.url) ? forward(request) : nothing(request));
      const addresses = { AGORA_REST_ADDRESS: agora.url, AGORA_SDK_ADDRESS: "https://127.0.0.1:9" };
      const { exitCode, text } = await proveAgora({ ...env, ...addresses }, through, plan);
      expect(exitCode).toBe(1);
      expect(text).toMatch(
        /^agora-rest: connect \d+ ms; 3 of 3 messages accepted\n {2}ms from the intended send: \d+ \d+ \d+\n/,
      );
      expect(text).toContain("agora-sdk: connect refused, refused; 0 of 0 messages delivered");
      expect(text).toContain("connect: tcp: the connection was refused");
      expect(text).not.toContain(agora.appCertificate);
    } finally {
      await stop();
    }
  });
});

async function forward(request: Request): Promise<Response> {
  const init = { method: request.method, headers: Object.fromEntries(request.headers), body: await request.text() };
  const answer = await fetch(request.url, init);
  return new MiniflareResponse(await answer.text(), { status: answer.status }) as unknown as Response;
}

/** Whose token stands in the SDK's question; null: none that Agora's library finds good. */
function userIn(body: string): string | null {
  const token = /007[A-Za-z0-9+/=]{40,}/.exec(body)?.[0];
  return token === undefined ? null : userOfToken(token, APP_ID, CERTIFICATE, Math.floor(Date.now() / 1_000));
}
