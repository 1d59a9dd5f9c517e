// What Agora's SDK misses in a Worker: `window` while it is loaded, an XMLHttpRequest, and a way to end what it leaves behind.
// Whatever the SDK begins in a session's name (requests, sockets, timers) is counted there, ends with it, and is refused after:
// a timer that it forgets would keep a Durable Object awake. The SDK is not changed; globals are set only once it is used.
// Limit: a socket of the runtime's own WebSocket can be asked to close, and not be cut; it lasts until the other side answers.

import { AsyncLocalStorage } from "node:async_hooks";

import type { Outside } from "../outside.ts";
import type { Gate } from "./driver.ts";
import { bytesOf } from "./http-ask.probe.ts";

/** Of one session. The SDK asks seven access points at once and, while they fail, again without end. */
const REQUESTS_MAX = 8;
const ANSWER_BYTES_MAX = 262_144;
const ANSWER_MS = 10_000;
/** Where the SDK finds the service. All else that it posts are statistics for Agora: not sent while messages fly. */
const ACCESS_POINT = /^https:\/\/[a-z0-9.-]+\.(agora\.io|sd-rtn\.com)\/api\/v1$/;

/** One session's share of what the SDK does. */
export interface Scope {
  /** Everything that `work` starts, now or later, belongs to this session. */
  run<T>(work: () => T): T;
  /** Back to whoever opened the session: what a listener of ours begins is not the SDK's. */
  leave<T>(work: () => T): T;
  /** How long a request of this session has waited for a place at the gate: the longest, since they wait side by side. */
  queuedMs(): number;
  /** Ends requests and timers now, asks sockets to close, and refuses new ones. */
  close(): void;
}

interface Held {
  readonly outside: Outside;
  readonly gate: Gate;
  readonly ends: Set<() => void>;
  requestsLeft: number;
  queuedMs: number;
  closed: boolean;
}

const current = new AsyncLocalStorage<Held>();

export function openScope(outside: Outside, gate: Gate): Scope {
  const held: Held = { outside, gate, ends: new Set(), requestsLeft: REQUESTS_MAX, queuedMs: 0, closed: false };
  const leave = AsyncLocalStorage.snapshot();
  return {
    run: (work) => current.run(held, work),
    leave: (work) => leave(work),
    queuedMs: () => held.queuedMs,
    close() {
      held.closed = true;
      for (const end of held.ends) ended(end);
      held.ends.clear();
    },
  };
}

/** Loads the SDK with a `window` that is there no longer than that: other libraries would take this for a browser. */
export async function loadAsInBrowser<T>(load: () => Promise<T>): Promise<T> {
  if (Reflect.get(globalThis, "XMLHttpRequest") !== SessionRequest) ownGlobals();
  const had = "window" in globalThis;
  if (!had) Object.assign(globalThis, { window: globalThis });
  try {
    return await load();
  } finally {
    if (!had) Reflect.deleteProperty(globalThis, "window");
  }
}

/** Once in an isolate. Where no session is concerned, all of these do what they always did. */
function ownGlobals(): void {
  const socket = new Proxy(globalThis.WebSocket, {
    construct(target, args: unknown[], newTarget: new () => object) {
      const opened = Reflect.construct(target, args, newTarget) as WebSocket;
      own(() => opened.close());
      return opened;
    },
  });
  Object.assign(globalThis, {
    XMLHttpRequest: SessionRequest,
    WebSocket: socket,
    ...ownedTimers("setTimeout", "clearTimeout"),
    ...ownedTimers("setInterval", "clearInterval"),
  });
}

type Native = (...args: unknown[]) => unknown;

/** Named, not called: they are the SDK's timers, and ours go through the one door. */
function ownedTimers(set: string, clear: string): Record<string, Native> {
  const natives = { set: Reflect.get(globalThis, set) as Native, clear: Reflect.get(globalThis, clear) as Native };
  return {
    [set]: (...args) => {
      const id = natives.set(...args);
      own(() => natives.clear(id));
      return id;
    },
  };
}

/** The session that has begun something ends it; at once, where it has closed already. */
function own(end: () => void): void {
  const held = current.getStore();
  if (held === undefined) return;
  if (held.closed) ended(end);
  else held.ends.add(end);
}

function ended(end: () => void): void {
  try {
    end();
  } catch {
    // It had ended by itself.
  }
}

/** As much of an XMLHttpRequest as the SDK uses: a POST, its answer, and four ways to end. */
class SessionRequest {
  responseType = "";
  withCredentials = false;
  timeout = 0;
  status = 0;
  response: unknown = null;
  responseText = "";
  onload: (() => void) | null = null;
  ontimeout: (() => void) | null = null;
  onerror: (() => void) | null = null;
  onabort: (() => void) | null = null;
  #url = "";
  readonly #headers: Record<string, string> = {};
  readonly #abort = new AbortController();

  open(_method: string, url: string): void {
    this.#url = url;
  }

  setRequestHeader(name: string, value: string): void {
    this.#headers[name] = value;
  }

  abort(): void {
    this.#abort.abort();
  }

  send(body: string | Uint8Array): void {
    void this.#send(body).then((end) => this[end]?.());
  }

  async #send(body: string | Uint8Array): Promise<"onload" | "ontimeout" | "onerror" | "onabort"> {
    const held = current.getStore();
    // The SDK sets its listeners after this call.
    await Promise.resolve();
    if (held === undefined || held.closed) return "onabort";
    if (!ACCESS_POINT.test(this.#url)) {
      this.status = 200;
      return "onload";
    }
    if (held.requestsLeft === 0) return "onerror";
    held.requestsLeft -= 1;
    return this.#ask(held, body);
  }

  async #ask(held: Held, body: string | Uint8Array): Promise<"onload" | "ontimeout" | "onerror" | "onabort"> {
    const { outside, gate, ends } = held;
    const { signal } = this.#abort;
    const end = (): void => this.#abort.abort();
    let late = false;
    const callOff = outside.after(this.timeout > 0 ? this.timeout : ANSWER_MS, () => {
      late = true;
      end();
    });
    ends.add(end);
    try {
      const init = { method: "POST", headers: this.#headers, body, redirect: "manual", signal } as const;
      const { value: answer, queuedMs } = await gate.run(async () =>
        signal.aborted ? null : outside.fetch(this.#url, init),
      );
      held.queuedMs = Math.max(held.queuedMs, queuedMs);
      const bytes = answer === null ? null : await bytesOf(answer, ANSWER_BYTES_MAX);
      if (answer === null || bytes === null) return "onerror";
      this.status = answer.status;
      this.responseText = new TextDecoder().decode(bytes);
      this.response = this.responseType === "arraybuffer" ? bytes.buffer : this.responseText;
      return "onload";
    } catch {
      return late ? "ontimeout" : signal.aborted ? "onabort" : "onerror";
    } finally {
      callOff();
      ends.delete(end);
    }
  }
}
