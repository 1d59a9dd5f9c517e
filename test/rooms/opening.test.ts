// Aim: what all drivers share before a session is there keeps its deadlines, charges nobody for our own queue, and leaves no
// timer and no waiter behind. Method: a virtual clock, gates that are full, and sockets that end without a word.

import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";

import type { Reach, Socket } from "../../workers/outside.ts";
import { diagnose } from "../../workers/probes/diagnose.probe.ts";
import type { DriverContext, Session } from "../../workers/probes/driver.ts";
import { failed } from "../../workers/probes/failure.ts";
import { openGate } from "../../workers/probes/gate.ts";
import { openWire } from "../../workers/probes/nats-wire.probe.ts";
import { inTime, loginInTime, throughGate, timingOf } from "../../workers/probes/opening.probe.ts";
import { subscribeWithin } from "../../workers/probes/session.probe.ts";
import { openSocket } from "../../workers/probes/socket-open.probe.ts";
import { openWebSocket } from "../../workers/probes/websocket-open.probe.ts";
import { sleep } from "../../workers/outside.ts";
import { virtualOutside } from "../virtual.ts";
import { FakeSocket } from "./fake-socket.ts";

const AT = { host: "h", port: 1, secure: true };
const never = (): Promise<never> => new Promise(() => {});

function world(places = 1): { outside: ReturnType<typeof virtualOutside>; context: DriverContext } {
  const outside = virtualOutside(Date.UTC(2026, 10, 22));
  const deadlines = { connectMs: 1_000, subscribeMs: 1_000, closeMs: 400 };
  return { outside, context: { deadlines, gate: openGate(outside.now, places) } };
}

/** What a promise became, in words that a test can compare; it must have settled by now. */
async function outcome(outside: ReturnType<typeof virtualOutside>, work: Promise<unknown>): Promise<unknown> {
  return Promise.race([work.catch((problem: unknown) => problem), outside.run(0).then(() => "still waits")]);
}

describe("an opening", () => {
  it("takes the queue's wait from nobody, and what the handshake took from the login", async () => {
    const { outside, context } = world();
    void context.gate.run(() => sleep(outside, 700));
    const opening = throughGate(outside, context, () => sleep(outside, 300));
    await outside.run(1_000);
    const done = await opening;
    expect(done).toMatchObject({ queuedMs: 700, handshakeMs: 300, leftMs: 700 });
    await outside.run(50);
    expect(timingOf(outside, done)).toEqual({ queuedMs: 700, handshakeMs: 300, loginMs: 50 });
  });

  it("a login has what is left, at least 1 ms, and the failure names the whole deadline", async () => {
    const { outside, context } = world();
    const opening = throughGate(outside, context, () => sleep(outside, 1_200));
    await outside.run(1_200);
    const login = loginInTime(outside, await opening, context, () => "WORD", never());
    const refused = expect(login).rejects.toEqual(
      failed("timeout", "connect", "no WORD within 1000 ms", { transient: true }),
    );
    await outside.run(1);
    await refused;
  });

  it("what is refused in time stays as it is", async () => {
    const { outside } = world();
    const own = failed("auth", "subscribe", "no");
    const due = { phase: "subscribe", what: "word", timeoutMs: 10 } as const;
    await expect(inTime(outside, due, Promise.reject(own))).rejects.toBe(own);
  });
});

describe("a diagnosis", () => {
  const unsure = failed("tcp", "connect", "connection failed", { sure: false });

  it("waits for a place at the gate, and gives a distant service time", async () => {
    const { outside, context } = world();
    const looks: number[] = [];
    const looking = {
      ...outside,
      reach: (_host: string, _port: number, _secure: boolean, timeoutMs: number): Promise<Reach> => {
        looks.push(timeoutMs);
        return Promise.resolve("tls");
      },
    };
    void context.gate.run(() => sleep(outside, 500));
    const diagnosis = diagnose(looking, AT, unsure, context.gate);
    await outside.run(499);
    expect(looks).toEqual([]);
    await outside.run(1);
    expect(looks).toEqual([1_500]);
    expect(await diagnosis).toMatchObject({ kind: "tls", sure: false });
  });

  it("leaves alone what is sure", async () => {
    const { outside, context } = world();
    const sure = failed("tcp", "connect", "refused");
    expect(await diagnose(outside, AT, sure, context.gate)).toBe(sure);
  });
});

describe("a socket", () => {
  class BareSocket extends EventEmitter {
    destroyed = false;
    destroy(): void {
      this.destroyed = true;
    }
    write(): void {}
    end(): void {}
  }
  const bare = (): Socket & BareSocket => new BareSocket() as unknown as Socket & BareSocket;

  it("that closes without an error before it was open is refused at once", async () => {
    const { outside } = world();
    const socket = bare();
    const opening = openSocket({ ...outside, dial: () => socket }, AT, 1_000);
    socket.emit("close");
    expect(await outcome(outside, opening)).toMatchObject({ kind: "tcp", phase: "connect", sure: false });
  });

  it("of NATS that is cut while TLS begins keeps nobody waiting for it", async () => {
    const { outside } = world();
    const [plain, wrapped] = [bare(), bare()];
    const listener = { opened: () => {}, bytes: () => {}, ended: () => {} };
    const dialling = { ...outside, dial: () => plain, secure: () => wrapped };
    const endpoint = { address: "tls://h", options: {}, secrets: {} };
    const opening = openWire(dialling, endpoint, listener, 1_000);
    plain.emit("connect");
    const wire = await opening;
    const secured = wire.secure();
    wire.cut();
    expect(await outcome(outside, secured)).toMatchObject({ kind: "tls", phase: "connect" });
  });
});

describe("a WebSocket", () => {
  async function dialled(): Promise<{
    socket: FakeSocket;
    outside: ReturnType<typeof virtualOutside>;
    cut: AbortSignal;
  }> {
    const { outside } = world();
    const socket = new FakeSocket();
    const abort = new AbortController();
    const fetch = (): Promise<Response> => Promise.resolve({ status: 101, webSocket: socket } as unknown as Response);
    await openWebSocket({ ...outside, fetch }, "ws://h/", [], 1_000, {}, abort);
    return { socket, outside, cut: abort.signal };
  }

  it("is cut a while after our goodbye", async () => {
    const { socket, outside, cut } = await dialled();
    socket.close();
    await outside.run(399);
    expect(cut.aborted).toBe(false);
    await outside.run(1);
    expect(cut.aborted).toBe(true);
  });

  it("that has gone before our goodbye leaves no timer", async () => {
    const { socket, outside, cut } = await dialled();
    socket.end(1_006);
    socket.close();
    await outside.run(1_000);
    expect(cut.aborted).toBe(false);
  });
});

it("a driver that breaks while it subscribes has not failed to connect", async () => {
  const { outside } = world();
  const session = { subscribe: () => Promise.reject(new TypeError("ours")) } as unknown as Session;
  const subscribing = subscribeWithin(outside, session, "c", 100, () => {});
  await expect(subscribing).rejects.toMatchObject({ kind: "platform", phase: "subscribe" });
});
