// The door behind the link in a message: /ack/<token>. GET says what would be acknowledged and changes nothing, since previews and
// scanners open links; the form's POST acknowledges, once. The token is all the authority there is, so nothing is kept, framed or passed
// on. Called by the Worker's entry.

import type { Language } from "../../schema/words.ts";
import { readToken } from "../alerts/ack-link.ts";
import type { AckToken } from "../alerts/ack-link.ts";
import type { LinkAnswer } from "../alerts/duty-answers.ts";
import { linkKeyOf } from "../alerts/link-key.ts";
import type { Config } from "../config/config.ts";
import { isPublic } from "../incidents/life.ts";
import { bytesOf } from "../probes/http-ask.probe.ts";
import { ACK_FIELD, askHtml, endHtml } from "./ack-page.tsx";
import type { AckSaid } from "./ack-page.tsx";
import { ACK_WORDS } from "./ack-words.ts";
import type { AckEnd } from "./ack-words.ts";
import { targetOf } from "./duty-door.ts";
import type { DutyOf } from "./duty-door.ts";
import { htmlHeaders } from "./ops-headers.ts";

export interface AckOptions {
  readonly now: () => number;
  /** Null: it is refused, and no link can be judged. */
  readonly config: Config | null;
  readonly secretOf: (name: string) => string | null;
  readonly dutyOf: DutyOf;
  /** By the browser's Accept-Language. */
  readonly languageOf: (header: string | undefined) => Language;
  /** For the log; never holds a token. */
  readonly report: (problem: string) => void;
}

/** The button sends fifteen bytes. */
const BODY_BYTES_MAX = 1_024;
const RETRY_AFTER_S = "5";

const STATUS: Readonly<Record<AckEnd, number>> = {
  done: 200,
  already: 200,
  already_other: 409,
  spent: 410,
  expired: 410,
  over: 410,
  unknown: 404,
  method: 405,
  unsure: 503,
};

/** Whether a request for this path is for this door. */
export function isAck(pathname: string): boolean {
  return /^\/ack(\/|$)/.test(pathname);
}

/** For requests that are for this door. Never rejects. */
export function ackDoor(options: AckOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    const language = options.languageOf(request.headers.get("accept-language") ?? undefined);
    const zone = options.config?.timeZone ?? "UTC";
    const end = (said: AckSaid): Response => {
      const status = STATUS[said.end];
      const html = endHtml(zone, language, said);
      const more = { ...(status === 405 ? { allow: "GET, HEAD, POST" } : {}), ...(status === 503 ? AGAIN : {}) };
      return answer(request, status, html, language, more);
    };
    try {
      return await answered(request, options, language, end);
    } catch (problem) {
      options.report(`a link was not followed: ${String(problem)}`);
      return end(nobody("unsure"));
    }
  };
}

const AGAIN = { "retry-after": RETRY_AFTER_S };
const nobody = (end: AckEnd): AckSaid => ({ end, before: null, path: null });

async function answered(
  request: Request,
  { config, secretOf, dutyOf, now }: AckOptions,
  language: Language,
  end: (said: AckSaid) => Response,
): Promise<Response> {
  const { method } = request;
  if (method !== "GET" && method !== "HEAD" && method !== "POST") return end(nobody("method"));
  if (config === null) return end(nobody("unsure"));
  const [, text] = /^\/ack\/([\w.-]+)$/.exec(new URL(request.url).pathname) ?? [];
  const key = linkKeyOf(config.alerting?.linkSecret ?? null, secretOf);
  if (text === undefined || key === null) return end(nobody("unknown"));
  const token = await readToken(text, key, now());
  if (token === "forged") return end(nobody("unknown"));
  if (token === "expired") return end(nobody("expired"));
  const target = targetOf(token.incident);
  if (target === null) return end(nobody("unknown"));
  const duty = dutyOf(target);
  const isMeant = method === "POST" && (await isFormOfOurs(request));
  const seen = isMeant ? await duty.follow(target, token) : await duty.link(target, token);
  if (!seen.ok) return end(refusalOf(seen, token));
  if (!isMeant) {
    // A POST that does not say so is no click: it is asked again.
    return answer(request, method === "POST" ? 422 : 200, askHtml(config, language, seen), language);
  }
  const { incident } = seen;
  const path = `${isPublic(incident) ? "" : "/ops"}/incidents/${encodeURIComponent(incident.id)}`;
  return end({ end: "done", before: incident.acked, path });
}

/** Whoever comes twice by the same link, or from the same channel, has what was wanted; nobody else acknowledged in their name. */
function refusalOf({ refused, before }: Extract<LinkAnswer, { readonly ok: false }>, { to }: AckToken): AckSaid {
  switch (refused) {
    case "already_acknowledged":
      return { end: before?.by === to ? "already" : "already_other", before, path: null };
    case "forged":
    case "unknown_incident":
      return nobody("unknown");
    case "expired":
    case "spent":
    case "over":
      return nobody(refused);
  }
}

/** Whether the button was pressed. From where does not matter: mail programs send no origin, and the token is what lets in. */
async function isFormOfOurs(request: Request): Promise<boolean> {
  const [type = ""] = (request.headers.get("content-type") ?? "").toLowerCase().split(";");
  if (type.trim() !== "application/x-www-form-urlencoded") return false;
  const bytes = await bytesOf(new Response(request.body), BODY_BYTES_MAX).catch(() => null);
  return bytes !== null && new URLSearchParams(new TextDecoder().decode(bytes)).get(ACK_FIELD) === "yes";
}

function answer(
  { method }: Request,
  status: number,
  html: string,
  language: Language,
  more: Readonly<Record<string, string>> = {},
): Response {
  const headers = htmlHeaders(ACK_WORDS[language].tag);
  // The address is the authority: nobody who is linked to from here may learn it.
  headers.set("referrer-policy", "no-referrer");
  for (const [name, value] of Object.entries(more)) headers.set(name, value);
  return new Response(method === "HEAD" ? null : html, { status, headers });
}
