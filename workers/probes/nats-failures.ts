// What a NATS server's -ERR means, in our own words: its text is matched and thrown away. Texts: docs.nats.io, reference,
// protocols, client, "+OK/ERR"; and server/errors.go of nats-server 2.9 and 2.10.

import type { FailureKind, Phase } from "../../schema/words.ts";
import type { Failure } from "./driver.ts";
import { failed } from "./failure.ts";

interface Word {
  /** As the server spells it, in lower case. It becomes the failure's code: these are our constants, not its bytes. */
  readonly text: string;
  readonly kind: FailureKind;
  readonly detail: string;
  readonly transient: boolean;
  /** Whether the server closes the connection after it. */
  readonly ends: boolean;
}

const WORDS: readonly Word[] = [
  word("authorization violation", "auth", "the login was refused"),
  word("user authentication expired", "auth", "the login has expired"),
  word("user authentication revoked", "auth", "the login was revoked"),
  word("account authentication expired", "auth", "the account's login has expired"),
  word("authentication timeout", "timeout", "the login came too late for the server", { transient: true }),
  word("maximum connections exceeded", "rate_limit", "too many connections at the server", { transient: true }),
  word("maximum account active connections exceeded", "rate_limit", "too many connections of this account", {
    transient: true,
  }),
  word("connection throttling is active", "rate_limit", "too many new connections at the server", { transient: true }),
  word("maximum subscriptions exceeded", "subscribe", "too many subscriptions", { ends: false }),
  word("invalid subject", "protocol", "the server calls the subject invalid", { ends: false }),
  word("maximum payload violation", "publish", "the message is larger than the server takes"),
  word("maximum control line exceeded", "protocol", "the server found a line too long"),
  word("slow consumer", "closed", "the server dropped us as too slow a reader", { transient: true }),
  word("stale connection", "closed", "the server dropped us for not answering its PING", { transient: true }),
  word("server shutdown", "closed", "the server shuts down", { transient: true }),
  word("secure connection - tls required", "tls", "the server asks for TLS"),
  word("attempted to connect to", "config", "this port is not for clients"),
  word("unknown protocol operation", "protocol", "the server did not understand us"),
  word("invalid client protocol", "protocol", "the server did not accept our version of the protocol"),
  word("parser error", "protocol", "the server did not understand us"),
];

/** A publish or subscribe that was refused; the connection stays open. */
export interface Violation {
  readonly of: "publish" | "subscription";
  readonly subject: string;
}

/** `Permissions Violation for Publish to "a.b"`, or `... with Reply of "_INBOX.c"`; quotes or none; null: another word. */
export function violationOf(text: string): Violation | null {
  const found = /^permissions violation for (publish|subscription) (?:to|with reply of) "?([^\s"]+)"?/i.exec(text);
  if (found === null) return null;
  return { of: found[1]?.toLowerCase() === "publish" ? "publish" : "subscription", subject: found[2] ?? "" };
}

export function failureOfViolation(of: Violation["of"]): Failure {
  return of === "publish"
    ? failed("publish", "publish", "the account may not publish to the subject", { code: "permissions violation" })
    : failed("subscribe", "subscribe", "the account may not subscribe to the subject", {
        code: "permissions violation",
      });
}

/** Any other -ERR. A word that nobody knows is no end by itself, and our guess at its kind is none of the server's. */
export function failureOfWord(text: string, phase: Phase): { readonly failure: Failure; readonly ends: boolean } {
  const said = text.toLowerCase();
  const known = WORDS.find((each) => said.includes(each.text));
  if (known === undefined) {
    return { failure: failed("protocol", phase, "an error that is not known here", { sure: false }), ends: false };
  }
  const { kind, detail, transient, ends } = known;
  const where = kind === "publish" || kind === "subscribe" ? kind : phase;
  return { failure: failed(kind, where, detail, { code: known.text, transient }), ends };
}

/** The text between the quotes of -ERR '...'. */
export function textOfErr(data: Uint8Array): string {
  return new TextDecoder()
    .decode(data)
    .trim()
    .replace(/^'(.*)'$/s, "$1");
}

function word(
  text: string,
  kind: FailureKind,
  detail: string,
  more: { readonly transient?: boolean; readonly ends?: boolean } = {},
): Word {
  return { text, kind, detail, transient: more.transient ?? false, ends: more.ends ?? true };
}
