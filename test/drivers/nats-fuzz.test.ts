// Aim: whatever bytes a NATS server sends, the driver neither crashes nor hangs nor repeats them.
// Method: 10,000 seeded hostile frames, each a connection of its own over sockets in memory, cut anywhere, before, during
// and after the login; and the driver's word on each.

import { Duplex } from "node:stream";

import { expect, it, vi } from "vitest";

import { outside } from "../../workers/outside.ts";
import type { Outside, Socket } from "../../workers/outside.ts";
import type { Failure } from "../../workers/probes/driver.ts";
import { isFailure } from "../../workers/probes/failure.ts";
import { openGate } from "../../workers/probes/gate.ts";
import { natsDriver } from "../../workers/probes/nats.probe.ts";
import { between, mulberry32, oneOf } from "../random.ts";

const FRAMES = 10_000;
const AT_ONCE = 500;
const SECRET = "hunter2-which-nobody-may-see";
const INFO = 'INFO {"max_payload":1024,"headers":true}\r\n';
const GOOD = "MSG c 1 4\r\ngood\r\n";

/** A connection whose other end says `greeting`, then `afterLogin` when it hears CONNECT, then `afterSub`. */
function wired(
  greeting: string,
  afterLogin: string,
  afterSub: string,
  pieces: (text: string) => readonly Buffer[],
): Outside {
  const dial = (): Socket => {
    const socket = new Duplex({
      read() {},
      write(chunk: Buffer, _encoding, done) {
        done();
        const text = chunk.toString("latin1");
        if (text.startsWith("CONNECT")) say(afterLogin);
        else if (text.startsWith("SUB")) say(afterSub);
      },
    });
    const say = (text: string): void => void pieces(text).forEach((piece) => socket.destroyed || socket.push(piece));
    queueMicrotask(() => {
      socket.emit("connect");
      queueMicrotask(() => queueMicrotask(() => queueMicrotask(() => say(greeting))));
    });
    return socket as unknown as Socket;
  };
  const secure = (): Socket => {
    throw new Error("no TLS in memory");
  };
  return { ...outside, dial, secure };
}

it(`${FRAMES} hostile frames`, async () => {
  const said: string[] = [];
  for (const method of ["log", "info", "warn", "error", "debug"] as const) {
    vi.spyOn(console, method).mockImplementation((...words) => void said.push(words.join(" ")));
  }
  const random = mulberry32(23);
  const tally = new Map<string, number>();
  let delivered = 0;
  const one = async (): Promise<void> => {
    const frame = hostile(random);
    const pieces = (text: string): Buffer[] => {
      const bytes = Buffer.from(text, "latin1");
      const cut = between(random, 0, bytes.length);
      return random() < 0.5 ? [bytes] : [bytes.subarray(0, cut), bytes.subarray(cut)].filter((each) => each.length > 0);
    };
    const place = between(random, 0, 2);
    const from = wired(
      place === 0 ? frame : INFO,
      place === 1 ? frame : "PONG\r\n",
      place === 2 ? `PONG\r\n${GOOD}${frame}` : `PONG\r\n${GOOD}`,
      pieces,
    );
    const endpoint = { address: "nats://nowhere", options: {}, secrets: { user: "u", password: SECRET } };
    const context = { deadlines: { connectMs: 30, subscribeMs: 30, closeMs: 5 }, gate: openGate(outside.now) };
    const words: Failure[] = [];
    let got = 0;
    try {
      const session = await natsDriver(from).connect(endpoint, "subscriber", context);
      session.onClosed((failure) => words.push(failure));
      await session
        .subscribe("c", ({ data }) => {
          if (new TextDecoder().decode(data) === "good") got += 1;
        })
        .catch((problem: unknown) => void words.push(problem as Failure));
      await new Promise((resolve) => setTimeout(resolve, 1));
      // It came whole, before the frame: no frame takes it back.
      if (place === 2) expect(got).toBeGreaterThan(0);
      await session.close();
    } catch (problem) {
      words.push(problem as Failure);
    }
    delivered += got;
    for (const word of words) {
      expect(isFailure(word), String(word)).toBe(true);
      expect(JSON.stringify(word)).not.toContain(SECRET);
      tally.set(word.kind, (tally.get(word.kind) ?? 0) + 1);
    }
  };
  for (let done = 0; done < FRAMES; done += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, one));
  vi.restoreAllMocks();
  expect(said).toEqual([]);
  expect(delivered).toBeGreaterThan(FRAMES / 4);
  expect([...tally.keys()]).toEqual(expect.arrayContaining(["protocol", "timeout", "auth", "tls"]));
});

/** Half of them malformed beyond reading, half of them only wicked. */
function hostile(random: () => number): string {
  const junk = (most: number): string =>
    Array.from({ length: between(random, 0, most) }, () => String.fromCharCode(between(random, 0, 255))).join("");
  const number = (): string =>
    oneOf(random, ["0", "1", "-1", "99999999999999999999", "67108865", "67108864", "4", "1e9", "NaN", "", "0x10"]);
  const word = (): string => oneOf(random, ["INFO", "MSG", "HMSG", "-ERR", "+OK", "PING", "PONG", "PUB", "msg", "\0"]);
  const known = ["Authorization Violation", "Stale Connection", "Slow Consumer", "Maximum Payload Violation"];
  const shapes: readonly (() => string)[] = [
    () => junk(200),
    () => `${word()} ${junk(60)}\r\n`,
    () => `${word()}${word()}\r\n`,
    () => `MSG c ${number()} ${number()}\r\n${junk(80)}\r\n`,
    () => `MSG c ${number()} r ${number()}\r\n${junk(20)}\r\n${GOOD}`,
    () => `HMSG c ${number()} ${number()} ${number()}\r\n${junk(80)}\r\n`,
    () => `HMSG c 1 12 12\r\nNATS/1.0\r\n\r\n\r\n${GOOD}`,
    () =>
      `INFO ${oneOf(random, ["null", "[]", "7", '"x"', "{", "{}", '{"max_payload":-1}', '{"max_payload":1e99}'])}\r\n`,
    () =>
      `INFO {"max_payload":${number()},"nonce":${oneOf(random, ["7", '"n"', "{}"])},"tls_required":${random() < 0.5}}\r\n`,
    () => `-ERR '${oneOf(random, known)} ${SECRET}'\r\n`,
    () => `-ERR '${junk(40)} ${SECRET}'\r\n`,
    () =>
      `-ERR 'Permissions Violation for ${oneOf(random, ["Publish", "Subscription", "Nothing"])} to "${SECRET}"'\r\n`,
    () => `-ERR ${"x".repeat(between(random, 0, 5_000))}`,
    () => "PING\r\n".repeat(between(random, 1, 50)),
    () => `${SECRET}\r\n`,
  ];
  return oneOf(random, shapes)();
}
