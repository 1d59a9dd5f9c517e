// One AMQP 0-9-1 connection: the library's protocol on a socket that we opened ourselves, so that the handshake's time and
// failure are exact. Frames are checked before the library reads them, and how it all ended is kept in our own words.

import { AMQPBaseClient } from "@cloudamqp/amqp-client/amqp-base-client";
import { AMQPView } from "@cloudamqp/amqp-client/amqp-view";

import type { Outside, Socket } from "../outside.ts";
import type { Ending } from "./amqp-failures.ts";
import { FRAME_BYTES_MAX, FrameCutter, NotAmqpError } from "./amqp-frames.ts";

// "AMQP", 0, then the version (specification, 4.2.2).
const PROTOCOL_HEADER = Uint8Array.of(65, 77, 81, 80, 0, 0, 9, 1);

export interface Login {
  readonly vhost: string;
  readonly user: string;
  readonly password: string;
}

export class AmqpConnection extends AMQPBaseClient {
  /** When the bytes that are being read arrived: first statement of the handler. */
  readAt = 0;
  /** Why it can be used no longer; what the library then rejects with has been read from this. */
  ending: Ending | null = null;
  /** Called once, right before everything that still waits is rejected. */
  onEnding: (ending: Ending) => void = () => {};
  readonly #outside: Outside;
  readonly #socket: Socket;
  readonly #frames = new FrameCutter();

  constructor(outside: Outside, socket: Socket, { vhost, user, password }: Login) {
    // Heartbeats 0: off. No logger.
    super(vhost, user, password, "sonde", undefined, FRAME_BYTES_MAX, 0);
    this.#outside = outside;
    this.#socket = socket;
    socket.on("data", (chunk: Uint8Array) => this.#read(chunk));
    socket.once("end", () => this.end("cut"));
    socket.once("close", () => this.end("cut"));
  }

  /** Resolves at Connection.OpenOk; rejects with anything, and then `ending` says why. */
  override connect(): Promise<AMQPBaseClient> {
    return new Promise((resolve, reject) => {
      this.connectPromise = [resolve, reject];
      void this.send(PROTOCOL_HEADER);
    });
  }

  /** Never rejects: the library has no ear for that. A lost socket tells by its end. */
  override send(bytes: Uint8Array): Promise<void> {
    // A copy: the library writes its next message into the same buffer.
    if (!this.#socket.destroyed) this.#socket.write(bytes.slice());
    return Promise.resolve();
  }

  /** For ever, and at once; rejects whatever still waits. The first reason stays. */
  end(ending: Ending): void {
    if (this.#note(ending)) {
      const problem = new Error("the connection has ended");
      for (const channel of this.channels) channel?.setClosed(problem);
      this.connectPromise?.[1](problem);
    }
    this.closePromise?.[1](new Error("the connection has ended"));
    this.closeSocket();
  }

  protected override closeSocket(): void {
    this.closed = true;
    this.#socket.destroy();
  }

  #read(chunk: Uint8Array): void {
    this.readAt = this.#outside.now();
    try {
      for (const { bytes, close } of this.#frames.cut(chunk)) {
        if (this.#socket.destroyed) return;
        if (close !== null) this.#note(close);
        this.parseFrames(new CarefulView(bytes.buffer));
      }
    } catch {
      this.end("garbage");
    }
  }

  #note(ending: Ending): boolean {
    if (this.ending !== null) return false;
    this.ending = ending;
    this.onEnding(ending);
    return true;
  }
}

/** The library's reader, which warns on the console of numbers that JavaScript cannot hold. */
class CarefulView extends AMQPView {
  override getUint64(byteOffset: number): number {
    const value = this.getBigUint64(byteOffset);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new NotAmqpError("a 64-bit number");
    return Number(value);
  }
}
