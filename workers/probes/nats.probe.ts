// NATS core over ws, wss, tcp and tls: publish-subscribe, or request and reply. The library's parser with a session of our
// own, not its connection object: that one prints what it cannot parse to the console (and with it what a server
// echoes), then waits for ever; it keeps the transport's factory in module scope, where sessions of two transports
// overwrite each other's; and it writes a moment after publish() has returned. No reconnect, no retry, no timer of its own.

import { Kind, type MsgArg, Parser, type ParserEvent } from "@nats-io/nats-core/internal";

import { hexOf } from "../config/hex.ts";
import type { Outside } from "../outside.ts";
import { within } from "../outside.ts";
import { CAPABILITIES } from "./capabilities.ts";
import { diagnose } from "./diagnose.probe.ts";
import type { Answer, Deadlines, Driver, DriverContext, Endpoint, Failure, Incoming, Session } from "./driver.ts";
import { failed } from "./failure.ts";
import { failureOfViolation, failureOfWord, textOfErr, violationOf } from "./nats-failures.ts";
import { connectLine, type Greeting, readGreeting } from "./nats-login.ts";
import { type Listener, natsHostOf, openWire, type Wire } from "./nats-wire.probe.ts";
import { inTime, loginInTime, throughGate, timingOf } from "./opening.probe.ts";

type Role = "publisher" | "subscriber";

/** The driver. Options: `pattern`, `tlsFirst`. Secrets: user and password, token, nkey, jwt and nkey, or creds. */
export function natsDriver(outside: Outside): Driver {
  return {
    capabilities: CAPABILITIES.nats,
    connect: (endpoint, role, context) => connect(outside, endpoint, role, context),
    diagnose: (endpoint, failure, context) => diagnose(outside, natsHostOf(endpoint), failure, context.gate),
  };
}

async function connect(outside: Outside, endpoint: Endpoint, role: Role, context: DriverContext): Promise<Session> {
  const { connectMs } = context.deadlines;
  const session = new NatsSession(outside, endpoint, role, context.deadlines);
  const opening = await throughGate(outside, context, () => openWire(outside, endpoint, session, connectMs));
  try {
    await loginInTime(outside, opening, context, () => session.awaited, session.logIn());
  } catch (problem) {
    opening.value.cut();
    throw problem;
  }
  const { queuedMs, handshakeMs, loginMs } = timingOf(outside, opening);
  session.timing = { queuedMs, handshakeMs: handshakeMs + session.tlsMs, loginMs: loginMs - session.tlsMs };
  return session;
}

/** Subscription ids: one of each is all that a session has. */
const CHANNEL = 1;
const INBOX = 2;
/** A foreign message may be as large as the server lets it; 8 MB is the most that nats-server's documentation advises. */
const UNREAD_BYTES_MAX = 16 * 1024 * 1024;
const CRLF = "\r\n";

interface Wait {
  readonly resolve: () => void;
  readonly reject: (failure: Failure) => void;
}

class NatsSession implements Session, Listener {
  timing: Session["timing"] = { queuedMs: 0, handshakeMs: 0, loginMs: 0 };
  /** There only with request and reply: by that a journey knows where its answers come from. */
  readonly onReply?: (listener: (message: Incoming) => void) => void;
  /** What the login waits for, for whom it was too long. */
  awaited = "INFO";
  /** How long TLS over the open connection took: it is no part of the login. */
  tlsMs = 0;

  readonly #outside: Outside;
  readonly #endpoint: Endpoint;
  readonly #role: Role;
  readonly #deadlines: Deadlines;
  readonly #isRequest: boolean;
  readonly #inbox: string;
  #wire: Wire | null = null;
  #parser: Parser;
  #unreadBytes = 0;
  #readAt = 0;
  #greeting: Greeting | null = null;
  #greeted: (() => void) | null = null;
  #secured: Promise<void> = Promise.resolve();
  #phase: "connect" | "subscribe" | "deliver" = "connect";
  /** Who waits for a PONG, in the order of the PINGs. */
  readonly #waits: Wait[] = [];
  /** Messages without an answer, by number. */
  readonly #open = new Map<number, { readonly channel: string; readonly answer: (word: Answer) => void }>();
  #published = 0;
  #onMessage: (message: Incoming) => void = () => {};
  #onReply: (message: Incoming) => void = () => {};
  #onClosed: ((failure: Failure) => void) | null = null;
  #failure: Failure | null = null;
  #ending = false;

  constructor(outside: Outside, endpoint: Endpoint, role: Role, deadlines: Deadlines) {
    this.#outside = outside;
    this.#endpoint = endpoint;
    this.#role = role;
    this.#deadlines = deadlines;
    this.#isRequest = endpoint.options["pattern"] === "request";
    if (this.#isRequest) this.onReply = (listener) => void (this.#onReply = listener);
    this.#inbox = `_INBOX.${hexOf(outside.random(11))}`;
    this.#parser = this.#newParser();
  }

  /** INFO, TLS where it is due, CONNECT, PING, PONG; and the inbox, for a publisher that wants replies. */
  async logIn(): Promise<void> {
    const greeting = await this.#greetingOf();
    const from = this.#outside.now();
    await this.#secured;
    this.tlsMs = this.#outside.now() - from;
    this.awaited = "PONG after CONNECT";
    const wantsReplies = this.#isRequest && this.#role === "publisher";
    const inbox = wantsReplies ? `SUB ${this.#inbox}.* ${INBOX}${CRLF}` : "";
    await this.#ask(`${await connectLine(greeting, this.#endpoint.secrets)}${inbox}`);
    this.#phase = "deliver";
  }

  async subscribe(channel: string, onMessage: (message: Incoming) => void): Promise<void> {
    const { subscribeMs } = this.#deadlines;
    if (this.#failure !== null) throw { ...this.#failure, phase: "subscribe" } satisfies Failure;
    this.#onMessage = onMessage;
    this.#phase = "subscribe";
    const due = { phase: "subscribe", what: "PONG after SUB", timeoutMs: subscribeMs } as const;
    try {
      await inTime(this.#outside, due, this.#ask(`SUB ${channel} ${CHANNEL}${CRLF}`));
    } finally {
      this.#phase = "deliver";
    }
  }

  publish(channel: string, data: Uint8Array): { sentAt: number; answer: Promise<Answer> } {
    const number = (this.#published += 1);
    const reply = this.#isRequest ? `${this.#inbox}.${number} ` : "";
    const frame = frameOf(`PUB ${channel} ${reply}${data.length}${CRLF}`, data);
    const mostBytes = this.#greeting?.maxPayloadBytes ?? 0;
    // The server would close the connection over it, so it said beforehand what it takes.
    if (data.length > mostBytes) {
      const failure = failed("publish", "publish", "larger than the server takes", {
        code: `max_payload ${mostBytes}`,
      });
      return { sentAt: this.#outside.now(), answer: Promise.resolve({ kind: "refused", failure }) };
    }
    const isOver = this.#ending || this.#failure !== null;
    const answer = isOver
      ? Promise.resolve<Answer>({ kind: "none" })
      : new Promise<Answer>((resolve) => void this.#open.set(number, { channel, answer: resolve }));
    const sentAt = this.#outside.now();
    this.#wire?.send(frame);
    return { sentAt, answer };
  }

  onClosed(listener: (failure: Failure) => void): void {
    this.#onClosed = listener;
    if (this.#failure !== null) listener(this.#failure);
  }

  async close(): Promise<void> {
    if (this.#ending) return;
    this.#ending = true;
    this.#settleAll();
    const wire = this.#wire;
    if (wire === null) return;
    await within(this.#outside, this.#deadlines.closeMs, "close", wire.close()).catch(() => {});
    wire.cut();
  }

  opened(wire: Wire): void {
    this.#wire = wire;
  }

  bytes(bytes: Uint8Array, receivedAt: number): void {
    if (this.#failure !== null) return;
    this.#readAt = receivedAt;
    this.#unreadBytes += bytes.length;
    try {
      this.#parser.parse(bytes);
    } catch {
      const detail = this.#greeting === null ? "the server does not speak NATS" : "the server sent what is not NATS";
      this.#end(failed("protocol", this.#phase, detail, { transient: true }));
      return;
    }
    if (this.#unreadBytes > UNREAD_BYTES_MAX) {
      this.#end(failed("protocol", this.#phase, "the server sent a frame without an end", { transient: true }));
    }
  }

  ended(): void {
    const detail = this.#phase === "connect" ? "closed before the login was done" : "closed by the service";
    this.#end(failed("closed", this.#phase, detail, { transient: true }));
  }

  #newParser(): Parser {
    const parser = new Parser({ push: (event: ParserEvent) => void (parser === this.#parser && this.#take(event)) });
    return parser;
  }

  #take(event: ParserEvent): void {
    this.#unreadBytes = 0;
    if (this.#failure !== null) return;
    const data = event.data ?? new Uint8Array();
    switch (event.kind) {
      case Kind.INFO:
        this.#informed(readGreeting(data));
        return;
      case Kind.MSG:
        if (event.msg !== undefined) this.#message(event.msg, data);
        return;
      case Kind.ERR:
        this.#refused(textOfErr(data));
        return;
      case Kind.PING:
        this.#write(`PONG${CRLF}`);
        return;
      case Kind.PONG:
        this.#waits.shift()?.resolve();
        return;
      default:
    }
  }

  /** The first INFO decides about TLS; it also comes again, whenever the server has news of its cluster. */
  #informed(greeting: Greeting | null): void {
    const isFirst = this.#greeting === null;
    this.#greeting = greeting;
    if (greeting === null) this.#end(failed("protocol", this.#phase, "an INFO that cannot be read"));
    const wire = this.#wire;
    const { address } = this.#endpoint;
    if (isFirst && greeting !== null && wire !== null && !wire.isSecure && /^(nats|tls):/.test(address)) {
      // The credentials have not been sent, and will not be.
      if (greeting.tls === "none" && address.startsWith("tls:")) {
        this.#end(failed("tls", "connect", "the server offers no TLS"));
      } else if (greeting.tls !== "none") {
        this.awaited = "TLS";
        // What else came in plain is forgotten: whoever sits between could have put it there.
        this.#parser = this.#newParser();
        // At once, inside the event: a moment later workerd reads on, and refuses to hand the socket over to TLS.
        this.#secured = wire.secure();
        // Heard by the login, if that still goes on.
        this.#secured.catch(() => {});
      }
    }
    this.#greeted?.();
  }

  #message({ sid, hdr, subject, reply }: MsgArg, data: Uint8Array): void {
    const [receivedAt, body] = [this.#readAt, data.subarray(Math.max(0, hdr))];
    if (sid === INBOX) {
      // Status 503 without a body: nobody is subscribed to the request's subject (NATS ADR-4).
      if (hdr > 0 && body.length === 0 && /^NATS\/1\.0 503\b/.test(new TextDecoder().decode(data.subarray(0, 12)))) {
        const number = Number(new TextDecoder().decode(subject).slice(this.#inbox.length + 1));
        const failure = failed("receiver_offline", "publish", "nobody is subscribed to the subject", { code: 503 });
        this.#answer(number, { kind: "refused", failure });
        return;
      }
      this.#onReply({ data: body, receivedAt });
    } else if (sid === CHANNEL && !this.#isRequest) {
      this.#onMessage({ data: body, receivedAt });
    } else if (sid === CHANNEL && reply !== undefined) {
      this.#wire?.send(frameOf(`PUB ${new TextDecoder().decode(reply)} ${body.length}${CRLF}`, body));
    }
  }

  #refused(text: string): void {
    const violation = violationOf(text);
    if (violation === null) {
      const { failure, ends } = failureOfWord(text, this.#phase);
      if (ends) this.#end(failure);
      else this.#waits[0]?.reject(failure);
      return;
    }
    const failure = failureOfViolation(violation.of);
    if (violation.of === "subscription") {
      this.#waits[0]?.reject(failure);
      return;
    }
    if (this.#role === "subscriber" && this.#isRequest) {
      // Here only replies are published: without them the round has nothing to wait for.
      this.#end(
        failed("publish", "deliver", "the account may not publish the reply", { code: "permissions violation" }),
      );
      return;
    }
    // The server does not say which message it was; what it lets nobody publish it has refused each time. A reply's subject
    // is one message's own.
    for (const [number, { channel }] of this.#open) {
      if ([channel, `${this.#inbox}.${number}`].includes(violation.subject))
        this.#answer(number, { kind: "refused", failure });
    }
  }

  #answer(number: number, word: Answer): void {
    this.#open.get(number)?.answer(word);
    this.#open.delete(number);
  }

  #greetingOf(): Promise<Greeting> {
    return new Promise((resolve, reject) => {
      this.#waits.unshift({ resolve: () => {}, reject });
      this.#greeted = () => {
        this.#greeted = null;
        this.#waits.shift();
        if (this.#greeting !== null) resolve(this.#greeting);
      };
      if (this.#failure !== null) reject(this.#failure);
      else if (this.#greeting !== null) this.#greeted();
    });
  }

  /** Writes, with a PING behind it: its PONG says that the server has taken all of it. */
  #ask(lines: string): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== null) return reject(this.#failure);
      this.#waits.push({ resolve, reject });
      this.#write(`${lines}PING${CRLF}`);
    });
  }

  #write(text: string): void {
    this.#wire?.send(new TextEncoder().encode(text));
  }

  #end(failure: Failure): void {
    if (this.#ending || this.#failure !== null) return;
    this.#failure = failure;
    for (const wait of this.#waits) wait.reject(failure);
    this.#settleAll();
    this.#wire?.cut();
    this.#onClosed?.(failure);
  }

  #settleAll(): void {
    for (const number of this.#open.keys()) this.#answer(number, { kind: "none" });
  }
}

function frameOf(head: string, data: Uint8Array): Uint8Array {
  const start = new TextEncoder().encode(head);
  const frame = new Uint8Array(start.length + data.length + CRLF.length);
  frame.set(start);
  frame.set(data, start.length);
  frame.set(new TextEncoder().encode(CRLF), start.length + data.length);
  return frame;
}
