// Where alerts of the fleet on this machine arrive: a signed webhook on loopback (Standard Webhooks) that prints each message once,
// in the terminal of `npm start`. Nobody else is told: a network that is broken on purpose must wake no one. Node only.

import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { signedId, signerOf } from "../console/signature.ts";

export interface AlertsDoor {
  readonly url: string;
  /** Closes the port. Idempotent. */
  close(): Promise<void>;
}

/** Standard Webhooks: a body has at most 20 kB. */
const BODY_BYTES_MAX = 32_768;
const KEPT_IDS = 1_000;

interface Told {
  readonly type: string;
  readonly data: {
    readonly title: string;
    readonly sentence: string;
    readonly page_url: string | null;
    readonly ack_url: string | null;
  };
}

/** `secret`: `whsec_` and base64. `say` gets a few lines of plain text, once a message. */
export async function startAlertsDoor(secret: string, say: (lines: readonly string[]) => void): Promise<AlertsDoor> {
  const signer = signerOf(secret) ?? fail("the secret of the alerts' door is none");
  const seen = new Set<string>();
  const server = createServer((request, response) => {
    const end = (status: number): void => void response.writeHead(status).end();
    answer(request).then(end, () => end(400));
  });
  async function answer(request: IncomingMessage): Promise<number> {
    const body = await bodyOf(request);
    const id = signedId(signer, { get: (name) => headerOf(request, name) }, body, Date.now());
    if (request.method !== "POST" || id === null) return 401;
    // Tried again: it was printed, and only the answer got lost.
    if (!seen.has(id)) say(linesOf(JSON.parse(body) as Told));
    seen.add(id);
    if (seen.size > KEPT_IDS) seen.clear();
    return 204;
  }
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  let closing: Promise<void> | undefined;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      (closing ??= new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      })),
  };
}

function fail(why: string): never {
  throw new Error(why);
}

function linesOf({ data }: Told): readonly string[] {
  // Whatever a message says, a terminal gets letters only.
  const plain = (text: string): string => text.replaceAll(/[^\P{C}]/gu, " ");
  const link = data.ack_url ?? data.page_url;
  return [plain(data.title), plain(data.sentence), ...(link === null ? [] : [plain(link)])];
}

function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === "string" ? value : null;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) throw new Error("too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
