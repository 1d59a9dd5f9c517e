// Opens a WebSocket by a fetch upgrade, which is the only way to see the HTTP status and to send headers. The library
// of a driver gets the open socket. Rejects with a Failure only.

import type { Outside } from "../outside.ts";
import type { Failure } from "./driver.ts";
import { failed, isFailure } from "./failure.ts";

/** So long the other side may take to answer our goodbye; part of the 0.5 s that each round has for closing. */
const GOODBYE_MS = 400;

/**
 * An accepted, open socket, or a Failure within `timeoutMs`. The signal's timer is called off at the 101, since it would
 * kill the open socket (workerd); just that is done where the other side never answers a goodbye of ours: else the
 * connection would stay open for as long as that one likes. A caller may bring its own controller, to cut it at once.
 */
export async function openWebSocket(
  outside: Outside,
  address: string,
  protocols: readonly string[],
  timeoutMs: number,
  headers: Readonly<Record<string, string>> = {},
  abort: AbortController = new AbortController(),
): Promise<WebSocket> {
  let timedOut = false;
  const callOff = outside.after(timeoutMs, () => {
    timedOut = true;
    abort.abort();
  });
  try {
    const response = await outside.fetch(httpAddress(address), {
      // An empty list of protocols is a malformed header, which servers answer with 400.
      headers: {
        ...headers,
        Upgrade: "websocket",
        ...(protocols.length > 0 && { "Sec-WebSocket-Protocol": protocols.join(", ") }),
      },
      signal: abort.signal,
      redirect: "manual",
    });
    const socket = response.webSocket;
    if (response.status === 101 && socket) {
      // The default "blob" reads asynchronously and spoils both order and time.
      socket.binaryType = "arraybuffer";
      socket.accept();
      cutAfterGoodbye(outside, socket, abort);
      return socket;
    }
    void response.body?.cancel();
    throw refusedBy(response.status);
  } catch (problem) {
    if (isFailure(problem)) throw problem;
    if (timedOut) throw failed("timeout", "connect", `no WebSocket within ${timeoutMs} ms`, { transient: true });
    // Refused, unknown name and bad certificate share one sentence here: `diagnose` tells them apart afterwards.
    throw failed("tcp", "connect", "connection failed", { transient: true, sure: false });
  } finally {
    callOff();
  }
}

/** `close()` as it was, and the end of the connection a while after it, whatever the other side does. */
function cutAfterGoodbye(outside: Outside, socket: WebSocket, abort: AbortController): void {
  const close = socket.close.bind(socket);
  let callOff: (() => void) | null = null;
  let isGone = false;
  socket.addEventListener("close", () => {
    isGone = true;
    callOff?.();
  });
  socket.close = (code?: number, reason?: string): void => {
    // A timer that is armed once all is over would keep the object awake for nothing.
    if (!isGone) callOff ??= outside.after(GOODBYE_MS, () => abort.abort());
    close(code, reason);
  };
}

function refusedBy(status: number): Failure {
  const kind = status === 401 || status === 403 ? "auth" : status === 429 ? "rate_limit" : "handshake";
  const transient = status === 429 || status >= 500;
  return failed(kind, "connect", `HTTP status ${status} instead of 101`, { code: status, transient });
}

/** fetch() knows no ws: and wss:; they are the same ports and paths. */
function httpAddress(address: string): string {
  return address.replace(/^ws/, "http");
}
