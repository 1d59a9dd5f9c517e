// One request to a receiver with a hard end: only to a public address over TLS, redirects not followed, its answer read up to a
// size, all of it within one deadline. Never rejects, never tries twice, and no secret is in what it answers. Called by
// the channels, each of which judges what its receiver said.

import type { ChannelSettings } from "../config/alerts/alerting.ts";
import type { Outside } from "../outside.ts";
import type { Alert, ChannelAnswer } from "./alert.ts";
import {
  BACKOFF,
  jsonObject,
  keptAnswer,
  NEVER,
  piecesOf,
  retryAfterMsOf,
  type Said,
  unsent,
  withoutPieces,
} from "./answer.ts";
import { refusalOfAddress } from "./reach.ts";
import { plain } from "./text.ts";

/** What the channels need of the world. */
export interface SendWorld {
  readonly outside: Outside;
  /** The value of a secret by its name; null: nobody has set it. */
  readonly secretOf: (name: string) => string | null;
  /** Only on one machine: receivers at loopback addresses may be asked. */
  readonly allowsLoopback: boolean;
  /** Cloudflare's binding `send_email`; null: there is none. */
  readonly sendEmail: EmailBinding | null;
  /** Besides the channel's own secrets: what else no answer may repeat, and be it cut in two. */
  readonly hidden?: readonly string[];
}

/** The part of it that is used here. */
export interface EmailBinding {
  send(mail: {
    readonly from: string;
    readonly to: string[];
    readonly subject: string;
    readonly text: string;
    readonly headers?: Readonly<Record<string, string>>;
  }): Promise<{ readonly messageId?: string }>;
}

/** Never rejects. */
export type Sender = (alert: Alert, settings: ChannelSettings, world: SendWorld) => Promise<ChannelAnswer>;

export interface Delivery {
  readonly alert: Alert;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON: exactly these letters. */
  readonly body: string;
  /** Besides the address and the link that acknowledges. */
  readonly secrets?: readonly (string | null)[];
  /** Besides 443. */
  readonly ports?: readonly number[];
}

/** Standard Webhooks: 15 to 30 s. Others answer within one. */
export const ANSWER_MS = 15_000;
/** Discord and Telegram send the message back, each letter as six: some 40 kB at most. */
const ANSWER_BYTES_MAX = 131_072;
/** Behind this many of its last characters a secret may have been cut in two. */
const TORN_CHARS = 2_048;

/** What `judge` makes of what came back. It is not called where nothing came back. */
export async function deliver(
  world: SendWorld,
  delivery: Delivery,
  judge: (said: Said) => ChannelAnswer,
): Promise<ChannelAnswer> {
  const { alert, url, secrets = [], ports = [] } = delivery;
  const pieces = piecesOf([url, alert.ackUrl, ...secrets, ...(world.hidden ?? [])].filter((secret) => secret !== null));
  const refusal = refusalOfAddress(url, { ports, allowsLoopback: world.allowsLoopback });
  if (refusal !== null) return unsent(`Nothing was sent: ${refusal}.`, NEVER);
  const answer = await askOnce(world.outside, delivery, pieces, judge);
  return keptAnswer(answer, pieces);
}

async function askOnce(
  outside: Outside,
  delivery: Delivery,
  pieces: readonly string[],
  judge: (said: Said) => ChannelAnswer,
): Promise<ChannelAnswer> {
  const abort = new AbortController();
  const { promise: ended, resolve: end } = Promise.withResolvers<ChannelAnswer>();
  const callOff = outside.after(ANSWER_MS, () => {
    abort.abort();
    // Whether it has the message is not known: the same key goes with the next try.
    end(unsent(`No answer within ${ANSWER_MS} ms.`, BACKOFF));
  });
  const asked = async (): Promise<ChannelAnswer> => {
    const said = await exchange(outside, delivery, pieces, abort.signal);
    // Unknown name, refused, bad certificate, cut off. The runtime's words may hold the address, so they are not kept.
    return said === null ? unsent("The connection failed.", BACKOFF) : judge(said);
  };
  try {
    return await Promise.race([asked(), ended]);
  } finally {
    callOff();
  }
}

/** Null: the connection failed before all of the answer was there. */
async function exchange(
  outside: Outside,
  { url, body, headers: own }: Delivery,
  pieces: readonly string[],
  signal: AbortSignal,
): Promise<Said | null> {
  const headers = { "content-type": "application/json; charset=utf-8", "user-agent": "Sonde", ...own };
  try {
    const response = await outside.fetch(url, { method: "POST", headers, body, redirect: "manual", signal });
    const { text, isWhole } = await textOf(response);
    // What cannot be seen goes first, or it would hide a secret from being found.
    const shown = withoutPieces(plain(text), pieces);
    return {
      status: response.status,
      body: isWhole ? shown : shown.slice(0, -TORN_CHARS),
      json: isWhole ? jsonObject(text, pieces) : null,
      retryAfterMs: retryAfterMsOf(response.headers.get("retry-after"), outside.now()),
    };
  } catch {
    return null;
  }
}

/** The first bytes of the body. The rest stays unread: no receiver needs it to say yes or no. */
export async function textOf(response: Response): Promise<{ readonly text: string; readonly isWhole: boolean }> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for (let read = await reader?.read(); read?.value !== undefined; read = await reader?.read()) {
    const chunk: Uint8Array = read.value;
    text += decoder.decode(chunk.subarray(0, ANSWER_BYTES_MAX - length), { stream: true });
    length += chunk.length;
    if (length > ANSWER_BYTES_MAX) {
      void reader?.cancel().catch(() => {});
      return { text, isWhole: false };
    }
  }
  return { text: text + decoder.decode(), isWhole: true };
}

/** The value of the secret that `settings` names as its address, or as its key; else why nothing can be sent. */
export function secretValue(
  world: SendWorld,
  settings: ChannelSettings,
  which: "urlSecret" | "keySecret",
): { readonly value: string } | { readonly missing: ChannelAnswer } {
  const name = settings[which];
  const value = name === null ? null : (world.secretOf(name)?.trim() ?? null);
  if (value !== null && value !== "") return { value };
  const what = which === "urlSecret" ? "address" : "key";
  const why =
    name === null ? `the channel ${settings.id} names no secret for its ${what}` : `the secret ${name} is not set`;
  return { missing: unsent(`Nothing was sent: ${why}.`, NEVER) };
}
