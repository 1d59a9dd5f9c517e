// The only door to clock, chance, network and timers. Whatever depends on them takes an `Outside` as an argument, so
// that everything else is a function of its input. Two-dot files may import this; pure files may not.

import net from "node:net";
import tls from "node:tls";

/** How far one gets towards a host: the first layer that fails. `open`: TCP, and TLS where asked for, went through. */
export type Reach = "open" | "dns" | "tcp" | "tls" | "timeout";

/** A TCP or TLS connection as the runtime has it. */
export type Socket = net.Socket;

export interface Outside {
  /** Whole ms since the epoch. On Workers it moves only with I/O, and it is the only clock there is. */
  now(): number;
  /** That many unpredictable bytes. */
  random(bytes: number): Uint8Array;
  fetch(url: string, init?: RequestInit): Promise<Response>;
  /** A TCP or TLS connection that is being opened: "connect" or "secureConnect" tells when it is. */
  dial(host: string, port: number, secure: boolean): Socket;
  /** TLS over a connection that is open already: "secureConnect" tells when it is. The plain one is spent by it. */
  secure(socket: Socket, host: string): Socket;
  /** Opens and closes a bare connection: for a diagnosis, never while the same target's messages fly. */
  reach(host: string, port: number, secure: boolean, timeoutMs: number): Promise<Reach>;
  /** Calls back once, not before `delayMs`; the returned function calls it off. */
  after(delayMs: number, callback: () => void): () => void;
}

export const outside: Outside = {
  now: () => Date.now(),
  random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
  fetch: (url, init) => fetch(url, init),
  dial: (host, port, secure) => (secure ? tls.connect({ host, port, servername: host }) : net.connect({ host, port })),
  secure: (socket, host) => tls.connect({ socket, host }),
  reach,
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

async function reach(host: string, port: number, secure: boolean, timeoutMs: number): Promise<Reach> {
  const plain = await knock(() => net.connect({ host, port }), "connect", timeoutMs);
  if (plain !== "open" || !secure) return plain;
  const wrapped = await knock(() => tls.connect({ host, port, servername: host }), "secureConnect", timeoutMs);
  return wrapped === "open" || wrapped === "timeout" ? wrapped : "tls";
}

function knock(open: () => net.Socket, ready: string, timeoutMs: number): Promise<Reach> {
  return new Promise((resolve) => {
    const socket = open();
    const callOff = outside.after(timeoutMs, () => settle("timeout"));
    const settle = (reached: Reach): void => {
      callOff();
      socket.destroy();
      resolve(reached);
    };
    socket.once(ready, () => settle("open"));
    socket.once("error", (error: Error & { code?: string }) => settle(error.code === "ENOTFOUND" ? "dns" : "tcp"));
  });
}

/** Waits at least `delayMs`. */
export function sleep(from: Outside, delayMs: number): Promise<void> {
  return new Promise((resolve) => void from.after(delayMs, resolve));
}

/** Settles as `work` does, or rejects with `TimeoutError` after `timeoutMs`. The work itself goes on, unheard. */
export async function within<T>(from: Outside, timeoutMs: number, what: string, work: Promise<T>): Promise<T> {
  let callOff = (): void => {};
  const timeout = new Promise<never>((_, reject) => {
    callOff = from.after(timeoutMs, () => reject(new TimeoutError(what, timeoutMs)));
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    callOff();
    // A late rejection of abandoned work is nobody's news.
    work.catch(() => {});
  }
}

export class TimeoutError extends Error {
  override readonly name = "TimeoutError";
  constructor(what: string, timeoutMs: number) {
    super(`${what}: no answer within ${timeoutMs} ms`);
  }
}
