// Opens a TCP or TLS connection for the drivers that speak on a bare socket, and says in our own words why it could not.
// Rejects with a Failure only.

import type { Outside, Socket } from "../outside.ts";
import type { Host } from "./diagnose.probe.ts";
import { failed } from "./failure.ts";

/** An open socket, TLS included where `at` asks for it, within `timeoutMs`. Its later errors are the caller's. */
export function openSocket(outside: Outside, at: Host, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = outside.dial(at.host, at.port, at.secure);
    const callOff = outside.after(timeoutMs, () => {
      socket.destroy();
      reject(failed("timeout", "connect", `no connection within ${timeoutMs} ms`, { transient: true }));
    });
    // An error that nobody listens to would be thrown at the whole object; a late one is nobody's news.
    socket.on("error", (error: Error & { code?: string }) => {
      callOff();
      socket.destroy();
      reject(refusedBy(error.code));
    });
    // Some ends are told without an error; after the opening it is no news here.
    socket.once("close", () => {
      callOff();
      reject(refusedBy(undefined));
    });
    socket.once(at.secure ? "secureConnect" : "connect", () => {
      callOff();
      resolve(socket);
    });
  });
}

function refusedBy(code: string | undefined): ReturnType<typeof failed> {
  if (code === "ENOTFOUND") return failed("dns", "connect", "the name does not resolve", { code, transient: true });
  if (code === "ECONNREFUSED") return failed("tcp", "connect", "the connection was refused", { code, transient: true });
  // workerd gives TLS failures, and in some versions all others, no code: `diagnose` looks again.
  return failed("tcp", "connect", "connection failed", { transient: true, sure: false });
}
