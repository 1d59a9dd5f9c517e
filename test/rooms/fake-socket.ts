// A WebSocket that a test speaks through, and the driver `websocket` dialling it on a clock that the test holds. What the
// driver sends is kept, parsed where it is JSON; what the test says arrives at once.

import type { Options } from "../../workers/config/config.ts";
import type { Session } from "../../workers/probes/driver.ts";
import { openGate } from "../../workers/probes/gate.ts";
import { websocketDriver } from "../../workers/probes/websocket.probe.ts";
import { virtualOutside, type VirtualOutside } from "../virtual.ts";

export class FakeSocket {
  readonly frames: unknown[] = [];
  wasCut = false;
  #ended = false;
  readonly #listeners = new Map<string, ((event: object) => void)[]>();

  addEventListener(type: string, listener: (event: object) => void): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }
  accept(): void {}
  close(): void {}
  send(frame: string): void {
    if (this.#ended) throw new TypeError("closed");
    this.frames.push(frame.startsWith("{") ? JSON.parse(frame) : frame);
  }

  say(data: unknown): void {
    this.#tell("message", { data: data instanceof Uint8Array ? data.slice().buffer : data });
  }
  end(code: number): void {
    this.#ended = true;
    this.#tell("close", { code });
  }
  #tell(type: string, event: object): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(event);
  }
}

export interface Dialled {
  readonly outside: VirtualOutside;
  readonly socket: FakeSocket;
  readonly connecting: Promise<Session>;
}

export function dialFake(options: Options, secrets: Readonly<Record<string, string>>): Dialled {
  const socket = new FakeSocket();
  const virtual = virtualOutside(Date.UTC(2026, 10, 22));
  const outside: VirtualOutside = {
    ...virtual,
    fetch: (_url, init) => {
      init?.signal?.addEventListener("abort", () => (socket.wasCut = true));
      return Promise.resolve({ status: 101, webSocket: socket } as unknown as Response);
    },
  };
  const deadlines = { connectMs: 1_000, subscribeMs: 1_000, closeMs: 400 };
  const connecting = websocketDriver(outside).connect(
    { address: "ws://gateway.invalid/", options, secrets },
    "publisher",
    { deadlines, gate: openGate(outside.now) },
  );
  return { outside, socket, connecting };
}
