// An open WebSocket in the shape that client libraries expect of one they make themselves: handlers that are set as
// properties, and `onopen` right after. Frames pass a judge first, so that a library never sees what makes it throw where
// nobody can catch it. Reasons of a close, being a server's text, are never handed on.

import type { Outside } from "../outside.ts";

export type Frame = string | ArrayBuffer;

/** What a library sees. */
export interface HandedSocket {
  binaryType: string;
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: Frame }) => void) | null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null;
  onerror: ((event: unknown) => void) | null;
  send(data: Frame | ArrayBufferView): void;
  close(): void;
}

/** What the driver wants to know of, before its library does. */
export interface Listeners {
  /** What may go on to the library: the frame, another in its place, "" for nothing. Null, or throwing: it is malformed. */
  admit(frame: Frame): Frame | null;
  /** Was written, just now. */
  sent?(frame: Frame | ArrayBufferView): void;
  /** Nothing was admitted, or the library choked on it. The socket is closed then. */
  malformed(): void;
  /** Closed without our asking; the close frame's code, 1006 without one (RFC 6455, section 7.4). */
  closed(code: number): void;
}

export interface Line {
  readonly socket: HandedSocket;
  /** When the frame that is in hand arrived, ms since the epoch. */
  arrivedAt(): number;
  /** Closes for good: nothing is heard any more. */
  cut(): void;
  /** Resolves when the socket is closed on both sides. */
  readonly gone: Promise<void>;
}

/** Takes an accepted socket. Everything is of this call: nothing is shared between sessions. */
export function handOver(outside: Outside, socket: WebSocket, listeners: Listeners): Line {
  let arrivedAt = 0;
  let over = false;
  let leave = (): void => {};
  const gone = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const shut = (): void => {
    over = true;
    try {
      socket.close(1000);
    } catch {
      // Closed already, which is what was wanted.
      leave();
    }
  };
  const handed: HandedSocket = {
    binaryType: "arraybuffer",
    onopen: null,
    onmessage: null,
    onclose: null,
    onerror: null,
    send(data) {
      socket.send(data);
      listeners.sent?.(data);
    },
    close: shut,
  };
  const ended = (code: number): void => {
    leave();
    if (over) return;
    over = true;
    listeners.closed(code);
    handed.onclose?.({ code, reason: "" });
  };
  socket.addEventListener("message", ({ data }) => {
    const receivedAt = outside.now();
    if (over) return;
    arrivedAt = receivedAt;
    try {
      const frame = listeners.admit(data as Frame);
      if (frame === "") return;
      if (frame !== null) return handed.onmessage?.({ data: frame });
    } catch {
      // As malformed as what the judge itself refuses.
    }
    listeners.malformed();
    shut();
    handed.onclose?.({ code: 1002, reason: "" });
  });
  socket.addEventListener("close", ({ code }) => ended(code));
  socket.addEventListener("error", () => ended(1006));
  // The library sets its handlers in this turn.
  queueMicrotask(() => {
    if (!over) handed.onopen?.();
  });
  return { socket: handed, arrivedAt: () => arrivedAt, cut: shut, gone };
}
