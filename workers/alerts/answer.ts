// From what a receiver said to what becomes of the message: accepted, to be tried again, or not. HTTP's own words are read here, each
// receiver's words in its channel. Keeps secrets out of what is kept: whoever asks applies `keptAnswer` to every answer, so that
// no channel can forget it. Pure; called by the channels and by `ask.send.ts`.

import type { ChannelAnswer } from "./alert.ts";
import { fit, oneLine, plain } from "./text.ts";

/** What came back, whatever its status. */
export interface Said {
  readonly status: number;
  /** Its first bytes, as text. */
  readonly body: string;
  /** The body, if it is a JSON object. Secrets are in neither. */
  readonly json: Readonly<Record<string, unknown>> | null;
  /** Asked for by Retry-After; null: not, or not understood. */
  readonly retryAfterMs: number | null;
}

type Again = ChannelAnswer["again"];
export const BACKOFF: Again = { when: "backoff" };
export const NEVER: Again = { when: "never" };

/** `ChannelAnswer.said`. */
const SAID_CHARS_MAX = 300;
const CODE_CHARS_MAX = 60;
/** Of a receiver's own sentence: room is left for ours. */
const QUOTE_CHARS_MAX = 140;
/** Whoever asks for more is asked again after a day. */
const RETRY_AFTER_MAX_MS = 86_400_000;

/** The receiver's own word that it has the message. */
export function accepted({ status }: Pick<Said, "status">, code: string | null, said: string): ChannelAnswer {
  return { accepted: true, httpStatus: status, code, said, again: NEVER, disable: false };
}

/** Not accepted. `said` tells people what to mend. */
export function refused(
  { status }: { readonly status: number | null },
  code: string | null,
  said: string,
  again: Again,
  disable = false,
): ChannelAnswer {
  return { accepted: false, httpStatus: status, code, said, again, disable };
}

/** Nothing was sent, or nothing came back. */
export function unsent(said: string, again: Again): ChannelAnswer {
  return refused({ status: null }, null, said, again);
}

/** `ms` that the receiver named, at most a day; null: it named none. */
export function after(ms: number | null): Again {
  if (ms === null || !Number.isFinite(ms) || ms < 0) return BACKOFF;
  return { when: "after", ms: Math.min(Math.ceil(ms), RETRY_AFTER_MAX_MS) };
}

/**
 * What a status means where the receiver said nothing that its channel knows (RFC 9110): later for 408, 425, 429 and 5xx, and for a
 * redirect that may pass; never for a lasting redirect and the other 4xx; gone for good for 410. A 2xx without the receiver's own
 * word is no success, and may be a page of somebody in between: later.
 */
export function byStatus(said: Said, code: string | null = null): ChannelAnswer {
  const { status, retryAfterMs } = said;
  const words = `HTTP ${status}${quote(said.body)}`;
  if (status === 410) return refused(said, code, `The address is gone: ${words}`, NEVER, true);
  if (status === 429) return refused(said, code, `Too many messages: ${words}`, after(retryAfterMs));
  if (status >= 500 || status === 408 || status === 425) {
    return refused(said, code, `The receiver is in trouble: ${words}`, after(retryAfterMs));
  }
  if (status >= 400) return refused(said, code, `Refused: ${words}`, NEVER);
  if (status >= 300) {
    const again = status === 301 || status === 308 ? NEVER : BACKOFF;
    return refused(said, code, `HTTP ${status}: redirects are not followed. Set the final address.`, again);
  }
  return refused(said, code, `Not the receiver's own word that it has the message: ${words}`, BACKOFF);
}

/** What the receiver says in its own words, for the end of a sentence; empty for nothing. */
export function quote(text: unknown): string {
  const line = typeof text === "string" ? fit(oneLine(text.slice(0, 4_000)), { max: QUOTE_CHARS_MAX }) : "";
  return line === "" ? "" : ` (${line})`;
}

/** A code for the receipt: a number or a short word. */
export function codeOf(value: unknown): string | null {
  if (typeof value !== "string" && typeof value !== "number") return null;
  const line = oneLine(String(value));
  return line === "" || line.length > CODE_CHARS_MAX ? null : line;
}

/** Null: no JSON, or no object. What stands in its texts is without `pieces`; numbers stay, so that it can be read. */
export function jsonObject(text: string, pieces: readonly string[]): Readonly<Record<string, unknown>> | null {
  try {
    const hide = (_key: string, value: unknown): unknown =>
      typeof value === "string" ? withoutPieces(plain(value), pieces) : value;
    return objectOf(JSON.parse(text, hide));
  } catch {
    return null;
  }
}

export function objectOf(value: unknown): Readonly<Record<string, unknown>> | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  return value as Readonly<Record<string, unknown>>;
}

/** Retry-After: seconds, or a date (RFC 9110, 10.2.3). ms from `now`; null: there is none, or it is neither. */
export function retryAfterMsOf(header: string | null, now: number): number | null {
  const text = header?.trim() ?? "";
  if (/^\d{1,9}(\.\d{1,6})?$/.test(text)) return Number(text) * 1_000;
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

const HIDDEN = "(hidden)";
/** What is shorter is no secret, and taking it out of a sentence would leave none. */
const SECRET_CHARS_MIN = 6;
/** A step of a path that is longer than this is no word. */
const WORD_CHARS_MAX = 15;

/**
 * What gives one of these secrets away, longest first: the whole, what stands about a colon or a space in it; of an address its
 * path, the steps of it that are no plain words, the values of its query, and long runs of letters in these; raw or percent-encoded.
 * Never its host: people need it.
 */
export function piecesOf(secrets: readonly string[]): readonly string[] {
  const pieces = secrets.flatMap((secret) => {
    const url = /^https?:/i.test(secret) ? URL.parse(secret) : null;
    if (url === null) return [secret, ...secret.split(/[\s:]+/)];
    const steps = url.pathname.split(/[/:]/).filter((step) => /\d/.test(step) || step.length > WORD_CHARS_MAX);
    const values = [...url.searchParams.values()];
    const runs = [...steps, ...values]
      .flatMap((part) => part.split(/[^\w-]+/))
      .filter((run) => run.length > WORD_CHARS_MAX);
    return [secret, url.href, `${url.pathname}${url.search}`, url.pathname, ...steps, ...values, ...runs];
  });
  const spelt = pieces.flatMap((piece) => [piece, encodeURIComponent(piece.toWellFormed()), decoded(piece)]);
  const long = spelt.filter((piece) => piece.length >= SECRET_CHARS_MIN);
  return [...new Set(long)].sort((a, b) => b.length - a.length);
}

/** The text without them, whatever their letters' case. */
export function withoutPieces(text: string, pieces: readonly string[]): string {
  return pieces.reduce((left, piece) => left.replaceAll(new RegExp(literal(piece), "gi"), HIDDEN), text);
}

/** The answer as it may be kept: short, on one line, without any of them. */
export function keptAnswer(answer: ChannelAnswer, pieces: readonly string[]): ChannelAnswer {
  const clean = (text: string, max: number): string => fit(withoutPieces(oneLine(text), pieces), { max });
  return {
    ...answer,
    code: answer.code === null ? null : clean(answer.code, CODE_CHARS_MAX),
    said: clean(answer.said, SAID_CHARS_MAX),
  };
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
