// The talk on one open connection to a gateway: frames out, and what comes back handed to whoever waits for it. Knows no
// address and no options; what a frame means is `gateway.ts`. Rejects with a Failure only; no frame makes it throw.

import { hexOf } from "../config/hex.ts";
import type { Values } from "../config/templates.ts";
import type { Outside } from "../outside.ts";
import { within } from "../outside.ts";
import type { Answer, Deadlines, Failure, Incoming } from "./driver.ts";
import { failed } from "./failure.ts";
import {
  type Exchange,
  type Expectation,
  expectationOf,
  type Frame,
  frameOf,
  type Gateway,
  readFrame,
} from "./gateway.ts";
import { closedBy } from "./websocket-failures.ts";

/** A gateway that confirms no subscription gets this long before messages fly: else the first of them would be lost. */
export const SETTLE_MS = 250;

type WaitPhase = "connect" | "subscribe";

/** Somebody who waits for the gateway's word on login or subscription. */
interface Waiter {
  readonly phase: WaitPhase;
  readonly ok: Expectation | null;
  readonly fail: Expectation | null;
  readonly settle: (refused: Failure | null) => void;
  /** How many frames came meanwhile that could be read, and that could not. */
  readable: number;
  unreadable: number;
}

/** What answers to messages on one channel look like. */
interface Answers {
  readonly ok: Expectation | null;
  readonly fail: Expectation | null;
}

interface Listener {
  readonly expected: Expectation;
  readonly onMessage: (message: Incoming) => void;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class Talk {
  readonly #outside: Outside;
  readonly #socket: WebSocket;
  readonly #gateway: Gateway;
  readonly #constants: Values;
  readonly #deadlines: Deadlines;
  readonly #cut: () => void;
  readonly #nonce: string;
  readonly #waiters = new Set<Waiter>();
  readonly #listeners: Listener[] = [];
  readonly #answers = new Map<string, Answers>();
  /** Published and not yet answered, by the name that an answer gives. */
  readonly #unanswered = new Map<string, (answer: Answer) => void>();
  readonly #whenGone: Promise<void>;
  #gone = (): void => {};
  #frames = 0;
  /** Whether the gateway has let us in: until then a refusal is one of the login. */
  #confirmed = false;
  #failure: Failure | null = null;
  #tell: ((failure: Failure) => void) | null = null;
  #ending = false;

  /**
   * Takes an accepted socket whose binaryType is "arraybuffer". `constants`: secrets and vars by placeholder. `cut` ends the
   * connection without a word.
   */
  constructor(
    outside: Outside,
    socket: WebSocket,
    gateway: Gateway,
    constants: Values,
    deadlines: Deadlines,
    cut: () => void,
  ) {
    this.#outside = outside;
    this.#socket = socket;
    this.#gateway = gateway;
    this.#constants = constants;
    this.#deadlines = deadlines;
    this.#cut = cut;
    this.#nonce = hexOf(outside.random(6));
    this.#whenGone = new Promise((resolve) => void (this.#gone = resolve));
    socket.addEventListener("message", ({ data }) => {
      const receivedAt = outside.now();
      this.#receive(data, receivedAt);
    });
    socket.addEventListener("close", ({ code }) => this.#ended(code));
    // Comes without a code, where the connection was cut or what came was no WebSocket any more (RFC 6455: 1006).
    socket.addEventListener("error", () => this.#ended(1006));
  }

  /** Resolves at once where the gateway asks for no login. */
  async login(timeoutMs: number): Promise<void> {
    const { login } = this.#gateway;
    if (login !== null) await this.#exchange("connect", login, this.#nextFrame({}).values, timeoutMs);
  }

  async subscribe(channel: string, onMessage: (message: Incoming) => void): Promise<void> {
    const { subscribe, receive } = this.#gateway;
    const { values } = this.#nextFrame({ channel });
    // Heard from now on: a gateway may send the room's last message before it says yes.
    this.#listeners.push({ expected: expectationOf(receive.match, values), onMessage });
    if (subscribe !== null) await this.#exchange("subscribe", subscribe, values, this.#deadlines.subscribeMs);
  }

  publish(channel: string, data: Uint8Array): { sentAt: number; answer: Promise<Answer> } {
    const { send, id } = this.#gateway.publish;
    const { values, name } = this.#nextFrame({ channel, payload: decoder.decode(data) });
    const frame = send === null ? "" : frameOf(send, this.#gateway.json, values);
    if (id !== null) this.#learnAnswers(channel, values);
    const sentAt = this.#outside.now();
    if (this.#failure !== null || this.#ending || !this.#write(frame)) {
      const failure = failed("closed", "publish", "the connection was closed already", { transient: true });
      return { sentAt, answer: Promise.resolve({ kind: "refused", failure }) };
    }
    if (id === null) return { sentAt, answer: Promise.resolve({ kind: "none" }) };
    return { sentAt, answer: new Promise((resolve) => void this.#unanswered.set(name, resolve)) };
  }

  onClosed(listener: (failure: Failure) => void): void {
    this.#tell = listener;
    if (this.#failure !== null) listener(this.#failure);
  }

  async close(): Promise<void> {
    if (this.#ending) return;
    this.#ending = true;
    this.#release((phase) => failed("aborted", phase, "closed by us"));
    this.#hangUp();
    // A gateway that never says goodbye would keep the connection, and the object awake.
    await within(this.#outside, this.#deadlines.closeMs, "close", this.#whenGone).catch(() => this.#cut());
  }

  #receive(data: unknown, receivedAt: number): void {
    if (this.#ending || this.#failure !== null) return;
    const frame = readFrame(data, this.#gateway.json);
    for (const waiter of this.#waiters) waiter[frame === null ? "unreadable" : "readable"] += 1;
    if (frame === null) return;
    this.#toWaiters(frame);
    this.#toPublishers(frame, receivedAt);
    for (const { expected, onMessage } of this.#listeners) {
      const text = expected.holds(frame) ? expected.read(frame, this.#gateway.receive.payload) : null;
      if (typeof text === "string") onMessage({ data: encoder.encode(text), receivedAt });
    }
  }

  /** The first of them whom the frame answers. A refusal is looked for first. */
  #toWaiters(frame: Frame): void {
    for (const waiter of this.#waiters) {
      const refused = waiter.fail?.holds(frame) ?? false;
      if (!refused && !(waiter.ok?.holds(frame) ?? false)) continue;
      if (!refused) this.#confirmed = true;
      waiter.settle(refused ? REFUSED[waiter.phase] : null);
      return;
    }
  }

  /** Answers have a name; one that nobody waits for is somebody else's, or was said before: the first word counts. */
  #toPublishers(frame: Frame, receivedAt: number): void {
    const { id } = this.#gateway.publish;
    if (id === null || this.#unanswered.size === 0) return;
    for (const { ok, fail } of this.#answers.values()) {
      const refused = fail?.holds(frame) ?? false;
      const said = refused ? fail : (ok?.holds(frame) ?? false) ? ok : null;
      // Behind the name, a text frame may go on in the gateway's own words.
      const name = String(said?.read(frame, id) ?? "").trimStart();
      const [word = ""] = name.slice(0, NAME_CHARS_MAX).split(/\s/, 1);
      const settle = this.#unanswered.get(word);
      if (settle === undefined) continue;
      this.#confirmed = true;
      this.#unanswered.delete(word);
      settle(refused ? { kind: "refused", failure: REFUSED.publish } : { kind: "acknowledged", receivedAt });
      return;
    }
  }

  /** Sends, and waits for the gateway's word; where it has none, for a moment. */
  async #exchange(phase: WaitPhase, { send, ok, fail }: Exchange, values: Values, timeoutMs: number): Promise<void> {
    let callOff = (): void => {};
    const refused = await new Promise<Failure | null>((resolve) => {
      const waiter: Waiter = {
        phase,
        ok: ok === null ? null : expectationOf(ok, values),
        fail: fail === null ? null : expectationOf(fail, values),
        settle: (why) => {
          this.#waiters.delete(waiter);
          resolve(why);
        },
        readable: 0,
        unreadable: 0,
      };
      if (this.#failure !== null) return void resolve({ ...this.#failure, phase });
      this.#waiters.add(waiter);
      const waitMs = ok === null ? Math.min(SETTLE_MS, timeoutMs) : timeoutMs;
      callOff = this.#outside.after(waitMs, () => waiter.settle(ok === null ? null : silent(waiter, timeoutMs)));
      if (send !== null && !this.#write(frameOf(send, this.#gateway.json, values))) {
        waiter.settle(failed("closed", phase, "closed before it could be asked", { transient: true }));
      }
    });
    callOff();
    if (refused !== null) throw refused;
  }

  #ended(code: number): void {
    this.#gone();
    // The other half of the goodbye, where the runtime leaves it to us.
    this.#hangUp();
    if (this.#ending || this.#failure !== null) return;
    const why = (phase: WaitPhase | "deliver"): Failure => closedBy(code, phase, !this.#confirmed);
    this.#failure = why("deliver");
    this.#release(why);
    this.#tell?.(this.#failure);
  }

  /** Nothing more will come: nobody waits any longer. */
  #release(why: (phase: WaitPhase) => Failure): void {
    for (const waiter of this.#waiters) waiter.settle(why(waiter.phase));
    for (const settle of this.#unanswered.values()) settle({ kind: "none" });
    this.#unanswered.clear();
  }

  /** Values of the next frame. Its id is no other frame's, of any session; its seq counts this session's frames from 1. */
  #nextFrame(own: Readonly<Record<string, string>>): { readonly values: Values; readonly name: string } {
    this.#frames += 1;
    const seq = String(this.#frames);
    const id = `${this.#nonce}-${seq}`;
    const known = new Map([...Object.entries(own), ["id", id], ["seq", seq], ["ts", String(this.#outside.now())]]);
    const values: Values = (placeholder) => known.get(placeholder) ?? this.#constants(placeholder);
    return { values, name: this.#gateway.publish.namedBy === "id" ? id : seq };
  }

  #learnAnswers(channel: string, values: Values): void {
    if (this.#answers.has(channel)) return;
    const { ok, fail } = this.#gateway.publish;
    this.#answers.set(channel, {
      ok: ok === null ? null : expectationOf(ok, values),
      fail: fail === null ? null : expectationOf(fail, values),
    });
  }

  /** Whether it could be written. */
  #write(frame: string): boolean {
    try {
      this.#socket.send(frame);
      return true;
    } catch {
      return false;
    }
  }

  #hangUp(): void {
    try {
      this.#socket.close(1000);
    } catch {
      // It was closed already.
    }
  }
}

/** Our own names are shorter: 12 digits of chance, a dash and a number. */
const NAME_CHARS_MAX = 100;

const REFUSED = {
  connect: failed("auth", "connect", "the gateway refused the login"),
  subscribe: failed("subscribe", "subscribe", "the gateway refused the subscription"),
  publish: failed("publish", "publish", "the gateway refused the message"),
} as const;

/** No answer by the deadline; where nothing but garbage came, it was no silence. */
function silent({ phase, readable, unreadable }: Waiter, timeoutMs: number): Failure {
  if (unreadable > 0 && readable === 0) {
    return failed("protocol", phase, "no frame that came could be read", { transient: true, sure: false });
  }
  return failed("timeout", phase, `no answer within ${timeoutMs} ms`, { transient: true });
}
