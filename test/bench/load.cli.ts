// A load generator for loopback: `node test/bench/load.cli.ts <url> <connections> <seconds>`. Each connection asks, reads
// the answer to its last byte, and asks again (closed loop, keep-alive). A process of its own, on bare sockets, so that the
// client costs as little as it can. Prints {"requests", "bytes", "ms"}; anything but 200 with a length ends it with 1.

import { connect } from "node:net";
import type { Socket } from "node:net";

const HEAD_END = Buffer.from("\r\n\r\n");
const [address = "", connections = "16", seconds = "3"] = process.argv.slice(2);
const url = new URL(address);
const request = Buffer.from(
  `GET ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\naccept-encoding: identity\r\n\r\n`,
);

let requests = 0;
let bytes = 0;
let stopping = false;

function dial(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
    let head = Buffer.alloc(0);
    /** Bytes of the present body still to come; null while its head is being read. */
    let left: number | null = null;
    socket.once("connect", () => socket.write(request));
    socket.once("error", reject);
    socket.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (left === null) {
        head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
        const end = head.indexOf(HEAD_END);
        if (end < 0) return;
        left = bodyLength(head.toString("latin1", 0, end)) - (head.length - end - HEAD_END.length);
        head = Buffer.alloc(0);
      } else left -= chunk.length;
      if (left > 0) return;
      if (left < 0) throw new Error("more came than was announced");
      left = null;
      next(socket, resolve);
    });
  });
}

function next(socket: Socket, done: () => void): void {
  requests += 1;
  if (!stopping) socket.write(request);
  else {
    socket.destroy();
    done();
  }
}

function bodyLength(head: string): number {
  const length = /^content-length: (\d+)$/im.exec(head)?.[1];
  if (!head.startsWith("HTTP/1.1 200 ") || length === undefined) throw new Error(`not a page with a length:\n${head}`);
  return Number(length);
}

const from = performance.now();
const all = Array.from({ length: Number(connections) }, dial);
setTimeout(() => (stopping = true), Number(seconds) * 1_000);
await Promise.all(all);
console.log(JSON.stringify({ requests, bytes, ms: performance.now() - from }));
