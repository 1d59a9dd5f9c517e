// The door by which people and tests break the network on this machine and read what it did: faults in, ledger out. Also
// answers as the page where a prober asks for its place, and as its control checks. Loopback only, and closed to web pages: a foreign Host header or
// a POST that is not JSON (which a page cannot send without asking first) is refused. Called by `fault.cli.ts`.

import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parseFault } from "./fault.ts";
import { ledgerLine } from "./ledger.ts";
import type { Network } from "./network.server.ts";

export interface Control {
  readonly port: number;
  /** Ends open requests and closes the port. Idempotent. */
  close(): Promise<void>;
}

/** What the door needs of the network. */
export type ControlledNetwork = Pick<Network, "fault" | "faults" | "faultsInForce" | "ledger">;

/** A command is some 50 characters; 4 KiB refuses what is none. */
const MAX_BODY_BYTES = 4_096;
const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/;

type Answer = { readonly status: number; readonly body: unknown };
type Request = { readonly regions: readonly string[]; readonly words: readonly string[] };

/** Opens the door on 127.0.0.1; port 0 or none takes a free one. Rejects when the port is taken. */
export async function startControl(options: { network: ControlledNetwork; port?: number }): Promise<Control> {
  const { network } = options;
  const server = createServer((request, response) => {
    // A client that hangs up in the middle of an answer is nobody's fault; anything else is said, not hidden.
    answer(network, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else send(response, { status: 500, body: { refusal: error instanceof Error ? error.message : String(error) } });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  let closing: Promise<void> | undefined;
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      (closing ??= new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      })),
  };
}

async function answer(network: ControlledNetwork, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // A name that somebody pointed at 127.0.0.1 carries that name here (DNS rebinding).
  if (!LOOPBACK.test(request.headers.host ?? "")) return send(response, refuse(403, "only for this machine"));
  const path = (request.url ?? "/").split("?")[0] ?? "/";
  const controlled = /^\/control\/([a-z0-9-]+)\/\d$/.exec(path)?.[1];
  if (controlled !== undefined) {
    // Nobody answers a region that is cut off: not even with a refusal.
    if (network.faultsInForce()[controlled]?.blind === true) return void request.socket.destroy();
    // Without a Date: those who hold the clock of a test would be told that theirs is wrong.
    response.sendDate = false;
    return void response.writeHead(204, { "cache-control": "no-store" }).end();
  }
  const wanted = path === "/fault" ? "POST" : "GET";
  if (path !== "/fault" && path !== "/faults" && path !== "/ledger" && path !== "/cdn-cgi/trace") {
    return send(response, refuse(404, "there is /fault, /faults, /ledger, /control and /cdn-cgi/trace"));
  }
  if (request.method !== wanted) {
    response.setHeader("allow", wanted);
    return send(response, refuse(405, `${path} takes ${wanted}`));
  }
  if (path === "/faults") return send(response, { status: 200, body: { faults: network.faults() } });
  if (path === "/cdn-cgi/trace") {
    response.writeHead(200, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" });
    response.end("colo=LOCAL\n");
    return;
  }
  if (path === "/ledger") {
    response.writeHead(200, { "content-type": "application/x-ndjson; charset=utf-8", "cache-control": "no-store" });
    return pipeline(Readable.from(ledgerLines(network)), response);
  }
  return send(response, await changeFault(network, request));
}

function* ledgerLines(network: ControlledNetwork): Generator<string> {
  for (const entry of network.ledger.entries()) yield ledgerLine(entry);
}

async function changeFault(network: ControlledNetwork, request: IncomingMessage): Promise<Answer> {
  const type = (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") return refuse(415, "send application/json");
  const text = await readBody(request);
  if (text === null) return refuse(413, `send at most ${MAX_BODY_BYTES} bytes`);
  const command = parseCommand(text, Object.keys(network.faults()));
  if ("status" in command) return command;
  const fault = parseFault(command.words);
  if ("refusal" in fault) return refuse(400, fault.refusal);
  await Promise.all(command.regions.map((region) => network.fault(region, fault)));
  return { status: 200, body: { faults: network.faults() } };
}

function parseCommand(text: string, known: readonly string[]): Request | Answer {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse(400, "the body is not JSON");
  }
  const form = 'send {"region": "weur", "words": ["loss=20%"]}';
  if (typeof value !== "object" || value === null || Array.isArray(value)) return refuse(400, form);
  const { region, words, ...rest } = value as Record<string, unknown>;
  const [unknownKey] = Object.keys(rest);
  if (unknownKey !== undefined) return refuse(400, `unknown key "${unknownKey}"; ${form}`);
  if (typeof region !== "string" || !Array.isArray(words)) return refuse(400, form);
  if (!words.every((word) => typeof word === "string")) return refuse(400, form);
  if (region === "all") return { regions: known, words };
  if (!known.includes(region)) return refuse(404, `no region "${region}"; there is ${known.join(", ")}`);
  return { regions: [region], words };
}

/** The body as text, or null when it is too long; then the rest of it is read and thrown away. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return size > MAX_BODY_BYTES ? null : Buffer.concat(chunks).toString("utf8");
}

function refuse(status: number, refusal: string): Answer {
  return { status, body: { refusal } };
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" });
  response.end(`${JSON.stringify(body)}\n`);
}
