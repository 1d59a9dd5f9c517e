// Opens a WebSocket by a fetch upgrade, which is the only way to see the HTTP status and to send headers. The library
// of a driver gets the open socket. Rejects with a Failure only.

import type { Outside } from "../outside.ts";
import type { Failure } from "./driver.ts";
import { failed, isFailure } from "./failure.ts";

/**
 * An accepted, open socket, or a Failure within `timeoutMs`. The abort signal is let go at the 101: a signal that fires
 * later would kill the open socket (workerd).
 */
export async function openWebSocket(
  outside: Outside,
  address: string,
  protocols: readonly string[],
  timeoutMs: number,
): Promise<WebSocket> {
  const abort = new AbortController();
  let timedOut = false;
  const callOff = outside.after(timeoutMs, () => {
    timedOut = true;
    abort.abort();
  });
  try {
    const response = await outside.fetch(httpAddress(address), {
      headers: { Upgrade: "websocket", "Sec-WebSocket-Protocol": protocols.join(", ") },
      signal: abort.signal,
      redirect: "manual",
    });
    const socket = response.webSocket;
    if (response.status === 101 && socket) {
      // The default "blob" reads asynchronously and spoils both order and time.
      socket.binaryType = "arraybuffer";
      socket.accept();
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

function refusedBy(status: number): Failure {
  const kind = status === 401 || status === 403 ? "auth" : status === 429 ? "rate_limit" : "handshake";
  const transient = status === 429 || status >= 500;
  return failed(kind, "connect", `HTTP status ${status} instead of 101`, { code: status, transient });
}

/** fetch() knows no ws: and wss:; they are the same ports and paths. */
function httpAddress(address: string): string {
  return address.replace(/^ws/, "http");
}
