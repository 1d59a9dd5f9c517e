// Cuts the bytes of an AMQP 0-9-1 connection into frames, and refuses what is none, before the library sees them: it believes
// each size that it reads. Layout: AMQP 0-9-1 specification, 2.3.5 (frame: type, channel, size, payload, end) and 4.2.

/** The smallest `frame_max` that the library offers; four of them hold the largest message of a probe. Header and end included. */
export const FRAME_BYTES_MAX = 8_192;
/** Nobody need agree to less (specification, 1.4.2.6: frame-min-size). */
export const FRAME_BYTES_MIN = 4_096;
/** A body that is announced as larger is never read: memory for it would be taken at once. */
export const BODY_BYTES_MAX = 1_048_576;

const HEADER_BYTES = 7;
const OVERHEAD_BYTES = 8;
const END = 0xce;
const METHOD = 1;
const HEADER = 2;
const BODY = 3;
const HEARTBEAT = 8;
const CONNECTION_TUNE = 0x000a_001e;
const CONNECTION_CLOSE = 0x000a_0032;
const CHANNEL_CLOSE = 0x0014_0028;

/** The service ends a channel or the whole connection, and says why. Reply codes: specification, 1.2. */
export interface Close {
  readonly of: "connection" | "channel";
  readonly code: number;
}

export interface Frame {
  /** The whole frame, in a buffer of its own: a reader that runs past its end meets nothing else. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly close: Close | null;
}

export class NotAmqpError extends Error {
  override readonly name = "NotAmqpError";
}

export class FrameCutter {
  #rest: Uint8Array = new Uint8Array(0);

  /**
   * The frames that this chunk completes, heartbeats left out; read them all. Throws NotAmqpError where what is no frame
   * begins: then the connection is worth nothing.
   */
  *cut(chunk: Uint8Array): Generator<Frame> {
    const bytes = joined(this.#rest, chunk);
    let at = 0;
    while (bytes.length - at >= HEADER_BYTES) {
      const view = new DataView(bytes.buffer, bytes.byteOffset + at, bytes.length - at);
      const type = view.getUint8(0);
      const size = view.getUint32(3);
      if (type !== METHOD && type !== HEADER && type !== BODY && type !== HEARTBEAT)
        throw new NotAmqpError("frame type");
      if (size + OVERHEAD_BYTES > FRAME_BYTES_MAX) throw new NotAmqpError("frame size");
      if (view.byteLength < size + OVERHEAD_BYTES) break;
      if (view.getUint8(HEADER_BYTES + size) !== END) throw new NotAmqpError("frame end");
      const own = new Uint8Array(size + OVERHEAD_BYTES);
      own.set(bytes.subarray(at, at + own.length));
      at += own.length;
      if (type !== HEARTBEAT) yield { bytes: own, close: look(type, own) };
    }
    this.#rest = bytes.slice(at);
  }
}

/** Reads only what must be known before the library acts on it. */
function look(type: number, frame: Uint8Array<ArrayBuffer>): Close | null {
  const view = new DataView(frame.buffer);
  const payloadBytes = frame.length - OVERHEAD_BYTES;
  if (type === HEADER) {
    if (payloadBytes < 14) throw new NotAmqpError("content header");
    if (view.getBigUint64(HEADER_BYTES + 4) > BODY_BYTES_MAX) throw new NotAmqpError("body size");
  }
  if (type !== METHOD) return null;
  if (payloadBytes < 4) throw new NotAmqpError("method");
  const method = view.getUint32(HEADER_BYTES);
  if (method === CONNECTION_TUNE && payloadBytes >= 10 && view.getUint32(HEADER_BYTES + 6) === 0) {
    // No limit; the library takes the smaller of two numbers.
    view.setUint32(HEADER_BYTES + 6, FRAME_BYTES_MAX);
  }
  if (method !== CONNECTION_CLOSE && method !== CHANNEL_CLOSE) return null;
  if (payloadBytes < 6) throw new NotAmqpError("close");
  return { of: method === CONNECTION_CLOSE ? "connection" : "channel", code: view.getUint16(HEADER_BYTES + 4) };
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
