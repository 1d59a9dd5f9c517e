// What a stranger's form says, before anything is believed of it: where it came from, how long it is, and its fields. Pure but for the
// request's body. Whether an address is one is the herald's word. Called by subscribe-routes.tsx.

import type { Language } from "../schema/words.ts";
import { SUBSCRIBER_CHANNELS } from "../workers/alerts/subscription.ts";
import type { Choice, SubscriptionAsk } from "../workers/alerts/subscription.ts";

/** A hundred targets and fifty regions of the longest names, and an address. */
const BODY_BYTES_MAX = 16_384;
const CHOSEN_MAX = 200;

/** Null: no form, or too long. Reads no more than it has to. */
export async function formOf(request: Request): Promise<URLSearchParams | null> {
  if (mediaTypeOf(request) !== "application/x-www-form-urlencoded") return null;
  const bytes = await bytesOf(request);
  return bytes === null ? null : new URLSearchParams(new TextDecoder().decode(bytes));
}

function mediaTypeOf({ headers }: Request): string {
  return (headers.get("content-type") ?? "").toLowerCase().replace(/;.*$/s, "").trim();
}

/** Null: none, or too many. The sender need not say how many there are. */
async function bytesOf(request: Request): Promise<Uint8Array<ArrayBuffer> | null> {
  if (request.body === null) return null;
  const reader = (request.body as ReadableStream<Uint8Array>).getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let read = await reader.read(); read.value !== undefined; read = await reader.read()) {
    length += read.value.length;
    if (length > BODY_BYTES_MAX) {
      void reader.cancel().catch(() => {});
      return null;
    }
    chunks.push(read.value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** Whether a browser says that our own page sent it; who says nothing is no browser, and no visitor's browser was made to ask. */
export function isOwnForm({ headers, url }: Request): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none") return false;
  const origin = headers.get("origin");
  return origin === null || origin === new URL(url).origin;
}

/** RFC 8058, 3.2: what mail programs post, as a form of either type, to the address in the header. */
export async function endsByOneClick(request: Request): Promise<boolean> {
  if (mediaTypeOf(request) !== "multipart/form-data") return false;
  const bytes = await bytesOf(request);
  const headers = { "content-type": request.headers.get("content-type") ?? "" };
  const form = bytes === null ? null : await new Response(bytes, { headers }).formData().catch(() => null);
  return form?.get("List-Unsubscribe") === "One-Click";
}

/** `language`: of the page, where the form names none that there is. */
export function choiceOf(form: URLSearchParams, languages: readonly Language[], language: Language): Choice {
  const some = (name: string): readonly string[] | null => {
    const chosen = form.getAll(name).slice(0, CHOSEN_MAX);
    return chosen.length === 0 ? null : chosen;
  };
  const named = languages.find((one) => one === form.get("language"));
  return { language: named ?? language, targets: some("target"), regions: some("region") };
}

/** Null: no way to be told is named. */
export function askOf(form: URLSearchParams, choice: Choice): SubscriptionAsk | null {
  const channel = SUBSCRIBER_CHANNELS.find((one) => one === form.get("channel"));
  return channel === undefined ? null : { ...choice, channel, address: form.get("address") ?? "" };
}
