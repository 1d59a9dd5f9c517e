// A fake of Agora's Signaling gateway that honours what its REST API documents: both ways to authenticate (tokens verified by
// Agora's own library), the answers to messages, the statuses of errors, 32 KB. And, by the name of the receiver, each way in
// which a gateway may misbehave. It proves that the driver speaks as documented, not that Agora answers so.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

import { tokenByLibrary, userOfToken } from "../agora-library.ts";
import { between, mulberry32, oneOf } from "../random.ts";
import { hostileBody } from "../hostile-json.ts";
import type { Started } from "./servers.cli.ts";

export interface AgoraAddress {
  /** http://127.0.0.1:port */
  readonly url: string;
  readonly appId: string;
  /** An app whose gateway lives three hours ahead: every token that we sign now has expired there. */
  readonly aheadAppId: string;
  readonly appCertificate: string;
  readonly customerKey: string;
  readonly customerSecret: string;
  /** `GET`: what was seen since the last time that this was asked. */
  readonly seenUrl: string;
  /** What Agora's own library builds for this user at this time with this salt, for two hours. */
  readonly reference: {
    readonly user: string;
    readonly issuedAtS: number;
    readonly salt: number;
    readonly token: string;
  };
}

export interface AgoraSeen {
  readonly messages: number;
  readonly openings: number;
  /** Requests that waited for an answer at once, at most. */
  readonly atOnce: number;
  readonly lastBody: Readonly<Record<string, unknown>> | null;
  readonly lastQuery: string;
}

const APP_ID = "0123456789abcdef0123456789abcdef";
const AHEAD_APP_ID = "00000000000000000000000000000003";
const CERTIFICATE = "5ec7e75ec7e75ec7e75ec7e75ec7e75e";
const KEY = "customer-key-for-tests";
const SECRET = "customer-secret-for-tests";
const PAYLOAD_BYTES_MAX = 32_768;
const AHEAD_S = 3 * 3_600;

const random = mulberry32(408);
const sockets = new Set<Socket>();
let seen = { messages: 0, openings: 0, atOnce: 0, lastBody: null as Record<string, unknown> | null, lastQuery: "" };
let waiting = 0;

export async function start(): Promise<Started> {
  const server = createServer((request, response) => void answer(request, response));
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const secrets = { appCertificate: CERTIFICATE, customerKey: KEY, customerSecret: SECRET };
  const own = { user: "sonde", issuedAtS: 1_795_000_000, expiresAfterS: 7_200, salt: 12_345_678 };
  const reference = { ...own, token: tokenByLibrary({ ...own, appId: APP_ID, appCertificate: CERTIFICATE }) };
  const address: AgoraAddress = {
    url,
    appId: APP_ID,
    aheadAppId: AHEAD_APP_ID,
    ...secrets,
    seenUrl: `${url}/seen`,
    reference,
  };
  return {
    address,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://gateway");
  if (url.pathname === "/seen") {
    response.end(JSON.stringify(seen));
    seen = { messages: 0, openings: 0, atOnce: 0, lastBody: null, lastQuery: "" };
    return;
  }
  waiting += 1;
  seen.atOnce = Math.max(seen.atOnce, waiting);
  let counted = true;
  const done = (): void => {
    if (counted) waiting -= 1;
    counted = false;
  };
  response.once("close", done);
  const text = await textOf(request);
  const path = /^\/dev\/v2\/project\/([^/]+)\/rtm\/users\/([^/]+)\/(peer|channel)_messages$/.exec(url.pathname);
  if (path === null) return say(response, 404, { errorCode: 404, reason: "no such call" });
  const [, appId = "", user = "", kind = ""] = path;
  const body = recordOf(text);
  const to = String(body?.[kind === "peer" ? "destination" : "channel_name"] ?? "");
  // `ways`: "open.<way>" misbehaves when the session is opened, "<way>" with each message.
  const opening = body?.["payload"] === "";
  const way = opening ? (/^open\.(.+)$/.exec(to)?.[1] ?? "") : to.startsWith("open.") ? "" : to;
  if (await misbehave(way, request, response, text)) return;
  if (!isAllowed(request, appId, decodeURIComponent(user))) {
    return say(response, 401, { errorCode: 401, reason: `refused ${JSON.stringify(request.headers)}` });
  }
  if (!(request.headers["content-type"] ?? "").startsWith("application/json")) {
    return say(response, 415, { errorCode: 415, reason: "unsupported media type" });
  }
  const payload = body?.["payload"];
  if (body === null || to === "" || typeof payload !== "string") {
    return say(response, 400, { errorCode: 400, reason: "invalid request" });
  }
  if (opening) {
    seen.openings += 1;
    return say(response, 400, { errorCode: 400, reason: "payload is empty" });
  }
  if (Buffer.byteLength(payload) > PAYLOAD_BYTES_MAX) {
    return say(response, 400, { errorCode: 400, reason: "payload is too long" });
  }
  seen.messages += 1;
  seen.lastBody = body;
  seen.lastQuery = url.search;
  const delayMs = Number(/^slow-(\d+)$/.exec(way)?.[1] ?? 0);
  if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
  return say(response, 200, { result: "success", request_id: "1", code: codeOf(kind, way, url) });
}

function codeOf(kind: string, way: string, url: URL): string {
  if (kind === "channel") return "message_sent";
  if (way === "offline") return "message_offline";
  return url.searchParams.get("wait_for_ack") === "true" && way !== "unacknowledged"
    ? "message_delivered"
    : "message_sent";
}

/** Whether it answered already, in a way of its own. */
async function misbehave(
  way: string,
  request: IncomingMessage,
  response: ServerResponse,
  text: string,
): Promise<boolean> {
  const status = /^status-(\d{3})$/.exec(way)?.[1];
  if (status !== undefined) {
    // An error that repeats what it was sent, secrets included.
    say(response, Number(status), { errorCode: Number(status), reason: JSON.stringify(request.headers), echo: text });
    return true;
  }
  switch (way) {
    case "html":
      response.writeHead(200, { "content-type": "text/html" }).end("<html>a captive portal</html>");
      return true;
    case "html-400":
      response.writeHead(400, { "content-type": "text/html" }).end("<html>a proxy</html>");
      return true;
    case "failed":
      say(response, 200, { result: "failed", request_id: "1", code: "message_sent" });
      return true;
    case "unknown-code":
      say(response, 200, { result: "success", code: "message_teleported" });
      return true;
    case "redirect":
      response.writeHead(307, { location: request.url?.replace("redirect", "x") ?? "/" }).end();
      return true;
    case "redirect-away":
      response.writeHead(302, { location: "http://127.0.0.1:9/" }).end();
      return true;
    case "silent":
      return true;
    case "cut":
      request.socket.destroy();
      return true;
    case "half":
      response.writeHead(200, { "content-length": "500" }).write('{"result":"succ');
      setTimeout(() => request.socket.destroy(), 20);
      return true;
    case "drip":
      response.writeHead(200, { "content-type": "application/json" });
      repeat(response, () => response.write(" "), 50);
      return true;
    case "endless":
      response.writeHead(200, { "content-type": "application/json" });
      repeat(response, () => response.write("x".repeat(65_536)), 1);
      return true;
    case "fuzz": {
      // One in ten is as it should be.
      if (/^sonde1 \S+ \d*0 /.test(String(recordOf(text)?.["payload"]))) return false;
      const known = [
        200, 200, 200, 200, 400, 401, 403, 408, 413, 415, 429, 435, 500, 502, 503, 201, 204, 304, 418, 599,
      ];
      const body = hostileBody(random);
      const headers =
        random() < 0.5
          ? { "content-type": "application/json" }
          : { "x-strange": "\u00ff".repeat(between(random, 1, 50)) };
      response.writeHead(oneOf(random, known), headers).end(body);
      return true;
    }
    default:
      return false;
  }
}

function isAllowed(request: IncomingMessage, appId: string, user: string): boolean {
  const atS = Math.floor(Date.now() / 1_000) + (appId === AHEAD_APP_ID ? AHEAD_S : 0);
  if (appId !== APP_ID && appId !== AHEAD_APP_ID) return false;
  const { authorization, "x-agora-token": token, "x-agora-uid": uid } = request.headers;
  if (authorization !== undefined) {
    return authorization === `Basic ${Buffer.from(`${KEY}:${SECRET}`).toString("base64")}`;
  }
  return typeof token === "string" && uid === user && userOfToken(token, appId, CERTIFICATE, atS) === user;
}

function say(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function repeat(response: ServerResponse, write: () => void, everyMs: number): void {
  const timer = setInterval(write, everyMs);
  response.once("close", () => clearInterval(timer));
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

function recordOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
