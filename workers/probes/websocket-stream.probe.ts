// A WebSocket as the byte stream that Node's client libraries expect. Nothing is queued between objects: each stream
// writes to its own socket at once.

import { Duplex } from "node:stream";

/** Takes an accepted socket whose binaryType is "arraybuffer". Ends when the socket does; destroying it closes it. */
export function streamOf(socket: WebSocket): Duplex {
  const send = (bytes: Uint8Array, done: (problem?: Error) => void): void => {
    try {
      socket.send(bytes);
      done();
    } catch {
      done(new Error("the socket is closed"));
    }
  };
  const stream = new Duplex({
    read() {},
    write: (chunk: Uint8Array, _encoding, done) => send(chunk, done),
    // A library writes a packet in many small pieces, held together by cork(): one frame, not one for each piece.
    writev: (pieces, done) => send(Buffer.concat(pieces.map((piece) => piece.chunk as Uint8Array)), done),
    final(done) {
      socket.close(1000);
      done();
    },
    destroy(problem, done) {
      socket.close(1000);
      done(problem);
    },
  });
  socket.addEventListener("message", ({ data }) => {
    stream.push(typeof data === "string" ? Buffer.from(data) : Buffer.from(data as ArrayBuffer));
  });
  socket.addEventListener("close", () => void stream.destroy());
  socket.addEventListener("error", () => void stream.destroy());
  return stream;
}
