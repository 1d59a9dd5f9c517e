// The bytes of a NATS connection, over WebSocket, TCP or TLS. TLS begins with the connection (wss, or `tlsFirst`), or after
// the server's INFO, over the socket that is open. Says nothing and understands nothing by itself.

import type { Outside, Socket } from "../outside.ts";
import type { Host } from "./diagnose.probe.ts";
import { hostOf } from "./diagnose.probe.ts";
import type { Endpoint } from "./driver.ts";
import { failed } from "./failure.ts";
import { openSocket } from "./socket-open.probe.ts";
import { openWebSocket } from "./websocket-open.probe.ts";

/** Who listens to a wire. `receivedAt` was stamped in the first statement of the event's handler. */
export interface Listener {
  /** First of all, and at once: the first bytes may ask for TLS on this very wire. */
  opened(wire: Wire): void;
  bytes(bytes: Uint8Array, receivedAt: number): void;
  /** Closed, by whomever. May come more than once. */
  ended(): void;
}

export interface Wire {
  readonly isSecure: boolean;
  /** Writes at once; never throws: that it is closed is said by `ended`. */
  send(bytes: Uint8Array): void;
  /** TLS over the open connection. Rejects with a Failure. Bytes that came in plain are the listener's to forget. */
  secure(): Promise<void>;
  /** Resolves when it is closed. Never rejects. */
  close(): Promise<void>;
  /** Hard. */
  cut(): void;
}

/** Where the address leads, and whether TLS comes first: NATS's own TLS begins after a greeting in plain. */
export function natsHostOf(endpoint: Endpoint): Host {
  const at = hostOf(endpoint.address);
  return isWebSocket(endpoint) ? at : { ...at, secure: endpoint.options["tlsFirst"] === true };
}

/** An open wire, or a Failure within `timeoutMs`. */
export async function openWire(
  outside: Outside,
  endpoint: Endpoint,
  listener: Listener,
  timeoutMs: number,
): Promise<Wire> {
  if (isWebSocket(endpoint)) {
    const socket = await openWebSocket(outside, endpoint.address, [], timeoutMs);
    const wire = webSocketWire(outside, socket, endpoint.address.startsWith("wss:"), listener);
    listener.opened(wire);
    return wire;
  }
  const at = natsHostOf(endpoint);
  const wire = socketWire(outside, await openSocket(outside, at, timeoutMs), at, listener);
  listener.opened(wire);
  return wire;
}

function isWebSocket(endpoint: Endpoint): boolean {
  return /^wss?:/.test(endpoint.address);
}

function webSocketWire(outside: Outside, socket: WebSocket, isSecure: boolean, listener: Listener): Wire {
  const cut = (): void => {
    try {
      socket.close(1000);
    } catch {
      // It is closed already.
    }
  };
  const over = new Promise<void>((resolve) => {
    socket.addEventListener("message", ({ data }) => {
      const receivedAt = outside.now();
      const bytes = typeof data === "string" ? new TextEncoder().encode(data) : new Uint8Array(data as ArrayBuffer);
      listener.bytes(bytes, receivedAt);
    });
    for (const end of ["close", "error"] as const) {
      socket.addEventListener(end, () => {
        resolve();
        listener.ended();
      });
    }
  });
  return {
    isSecure,
    send(bytes) {
      try {
        socket.send(bytes);
      } catch {
        // Its "close" says so.
      }
    },
    secure: () => Promise.reject(failed("protocol", "connect", "the server wants TLS inside a WebSocket")),
    close() {
      cut();
      return over;
    },
    cut,
  };
}

function socketWire(outside: Outside, opened: Socket, at: Host, listener: Listener): Wire {
  let socket = opened;
  let isSecure = at.secure;
  let resolveOver = (): void => {};
  const over = new Promise<void>((resolve) => void (resolveOver = resolve));
  let refuseTls = (): void => {};
  const read = (bytes: Uint8Array): void => {
    const receivedAt = outside.now();
    listener.bytes(bytes, receivedAt);
  };
  const end = (): void => {
    resolveOver();
    listener.ended();
  };
  const attach = (): void => {
    socket.on("data", read);
    socket.on("error", end);
    for (const last of ["end", "close"]) socket.on(last, end);
  };
  // Once TLS over an open socket has failed, workerd closes it a second time on "close", and lets that rejection go unheard.
  const forget = (): void => {
    if (socket !== opened) socket.removeAllListeners("close");
  };
  attach();
  return {
    get isSecure() {
      return isSecure;
    },
    send(bytes) {
      if (!socket.destroyed) socket.write(bytes);
    },
    secure() {
      return new Promise((resolve, reject) => {
        const refuse = (): void => reject(failed("tls", "connect", "TLS over the open connection failed"));
        refuseTls = refuse;
        try {
          opened.off("data", read);
          for (const last of ["end", "close"]) opened.off(last, end);
          socket = outside.secure(opened, at.host);
          attach();
          socket.on("error", () => {
            forget();
            refuse();
          });
          socket.once("close", refuse);
          socket.once("secureConnect", () => {
            isSecure = true;
            resolve();
          });
        } catch {
          refuse();
        }
      });
    },
    close() {
      socket.end();
      return over;
    },
    cut() {
      // Its events may come no more, and whoever waits for TLS would wait until the deadline.
      refuseTls();
      forget();
      socket.destroy();
      opened.destroy();
    },
  };
}
