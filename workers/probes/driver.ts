// What every driver is: how a round talks to a messaging service without knowing which one. Types only.
// A driver is one file `<name>.probe.ts` that exports a Driver, and one line in `drivers.probe.ts`.

import type { FailureKind, Phase } from "../../schema/words.ts";
import type { Options } from "../config/config.ts";

/** A failure of the service or of the way to it: data, not an exception of ours. Drivers reject with nothing else. */
export interface Failure {
  readonly kind: FailureKind;
  readonly phase: Phase;
  /** CONNACK code, HTTP status, close code: what the other side said, where it said something. */
  readonly code?: string | number;
  /** For people. Never holds a secret: built from our own words and numbers, or scrubbed. */
  readonly detail: string;
  /** Whether the same try may well succeed a moment later. */
  readonly transient: boolean;
  /** False where the kind was inferred from a text or a post-mortem. */
  readonly sure: boolean;
}

/** Deadlines of each wait, in ms: a server that accepts and then says nothing costs one of them, never a hung round. */
export interface Deadlines {
  readonly connectMs: number;
  readonly subscribeMs: number;
  readonly closeMs: number;
  /** After this a message's answer is of no use any more; where left out, the driver's own. For those that ask by HTTP. */
  readonly answerMs?: number;
}

/** At most six handshakes may wait for an answer in one object (platform limit); the queue's wait is reported apart. */
export interface Gate {
  run<T>(handshake: () => Promise<T>): Promise<{ value: T; queuedMs: number }>;
}

export interface DriverContext {
  readonly deadlines: Deadlines;
  readonly gate: Gate;
}

/** What the driver can prove and do. */
export interface Capabilities {
  readonly transports: readonly ("ws" | "wss" | "tcp" | "tls" | "http")[];
  readonly qos: readonly (0 | 1 | 2)[];
  /** Whose word the acknowledgement of a publish is. */
  readonly publishAck: "broker" | "receiver" | "none";
  readonly ordered: boolean;
  /** False: the driver cannot receive, so it must never yield a delivery rate. */
  readonly push: boolean;
  readonly maxPayloadBytes: number;
  /** What stands between the parts of a channel's name, where a journey needs a channel of its own below the target's. */
  readonly channelSeparator: string;
}

export interface ConnectTiming {
  /** Waited for a free handshake slot: never part of connect time. */
  readonly queuedMs: number;
  /** TCP, TLS and the HTTP 101, or TCP and TLS. */
  readonly handshakeMs: number;
  /** The protocol's own login: CONNECT to CONNACK, INFO to +OK. */
  readonly loginMs: number;
}

export interface Incoming {
  readonly data: Uint8Array;
  /** Stamped in the first statement of the handler, ms since the epoch. */
  readonly receivedAt: number;
}

/** What the service said of one message. `none`: it has no word for it, or the session ended first. */
export type Answer =
  | { readonly kind: "acknowledged"; readonly receivedAt: number }
  | { readonly kind: "refused"; readonly failure: Failure }
  | { readonly kind: "none" };

/** One connection of one role. Every method settles within its deadline. */
export interface Session {
  readonly timing: ConnectTiming;
  /** Resolves when the service has confirmed the subscription; rejects with a Failure. */
  subscribe(channel: string, onMessage: (message: Incoming) => void): Promise<void>;
  /**
   * Writes at once, or as soon as the service has room for it, and returns when it was asked to (ms since the epoch).
   * `answer` never rejects; it is stamped where the service's word arrives, and settles at the latest when the session
   * closes.
   */
  publish(channel: string, data: Uint8Array): { sentAt: number; answer: Promise<Answer> };
  /**
   * Only drivers that were asked for request and reply: replies to what this session has published come here. The other
   * side's session then answers by itself, with the same bytes, and passes nothing to its own `onMessage`.
   */
  onReply?(listener: (message: Incoming) => void): void;
  /** Called at most once, with the reason, when the session ends without our asking. */
  onClosed(listener: (failure: Failure) => void): void;
  /** Idempotent; never throws; hard-kills at the deadline. */
  close(): Promise<void>;
}

/** A target as one region's driver sees it: the address chosen, the secrets resolved. Never stored, never logged. */
export interface Endpoint {
  readonly address: string;
  readonly options: Options;
  /** Secret values by what they are for (`user`, `password`), resolved from the names in the configuration. */
  readonly secrets: Readonly<Record<string, string>>;
  /** What `{target}` and `{region}` stand for, for drivers whose options may hold them (a user id of its own). */
  readonly names?: Readonly<Record<"target" | "region", string>>;
}

export interface Driver {
  readonly capabilities: Capabilities;
  /** Rejects with a Failure only, within `deadlines.connectMs` plus the gate's queue. */
  connect(endpoint: Endpoint, role: "publisher" | "subscriber", context: DriverContext): Promise<Session>;
  /** Layer by layer after a failed connect, outside the round's measured time: the first layer that fails names the kind. */
  diagnose(endpoint: Endpoint, failure: Failure, context: DriverContext): Promise<Failure>;
}
