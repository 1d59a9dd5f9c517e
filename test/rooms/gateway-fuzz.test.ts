// Aim: no frame that a gateway can send makes the driver throw, hang, believe what it was not told, or stop hearing what is
// its own. Method: 120,000 hostile frames from seeds over fake sockets, in JSON and in text; what the driver then hands on is
// compared with a second, plainer reading of the same frames, and good talk goes on in between.

import { describe, expect, it } from "vitest";

import type { Answer } from "../../workers/probes/driver.ts";
import { FRAME_CHARS_MAX } from "../../workers/probes/gateway.ts";
import { JSON_OPTIONS, TEXT_OPTIONS } from "../drivers/gateway-options.ts";
import { type HostileFrame, hostileFrame } from "../drivers/hostile-frames.ts";
import { between, mulberry32 } from "../random.ts";
import { dialFake, type FakeSocket } from "./fake-socket.ts";

const SESSIONS = 60;
const FRAMES = 1_000;
const SECRET = "hunter2";

interface Way {
  readonly options: typeof JSON_OPTIONS;
  readonly welcome: string;
  readonly joined: (socket: FakeSocket) => string;
  readonly said: string;
  readonly acknowledged: (socket: FakeSocket) => string;
  /** The text that a frame brings to room "lab", by a reading of its own; null: none. */
  readonly expected: (frame: string) => string | null;
}

const nameOf = (socket: FakeSocket): string => (socket.frames.at(-1) as { id: string }).id;

const WAYS: Readonly<Record<string, Way>> = {
  json: {
    options: JSON_OPTIONS,
    welcome: '{"type":"welcome","list":[{"a":1}]}',
    joined: (socket) => `{"type":"joined","ref":"${nameOf(socket)}"}`,
    said: '{"type":"said","room":"lab","text":"ours"}',
    acknowledged: (socket) => `{"type":"ack","ref":"${nameOf(socket)}"}`,
    expected(frame) {
      const { type, room, text } = (JSON.parse(frame) ?? {}) as Record<string, unknown>;
      return type === "said" && room === "lab" && typeof text === "string" ? text : null;
    },
  },
  text: {
    options: TEXT_OPTIONS,
    welcome: "READY",
    joined: () => "JOINED lab",
    said: "MSG lab ours",
    acknowledged: (socket) => `ACK ${String(socket.frames.at(-1)).split(" ")[2] ?? ""}`,
    expected: (frame) => /^MSG lab (.*)$/s.exec(frame)?.[1] ?? null,
  },
};

/** What the driver should make of a frame. Where JSON has a polluting name, `in` and a dot would see what is not there. */
function expectedOf(way: Way, frame: HostileFrame): string | null {
  try {
    const text =
      typeof frame === "string" ? frame : new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(frame);
    const most = typeof frame === "string" ? frame.length : frame.byteLength;
    return most > FRAME_CHARS_MAX ? null : way.expected(text);
  } catch {
    return null;
  }
}

const encode = (text: string): string => new TextDecoder().decode(new TextEncoder().encode(text));

describe("hostile frames", () => {
  it.each(Object.entries(WAYS))("%s", async (what, way) => {
    let frames = 0;
    let heardOfThem = 0;
    const kinds: Record<Answer["kind"], number> = { acknowledged: 0, refused: 0, none: 0 };
    for (let seed = 1; seed <= SESSIONS; seed += 1) {
      const random = mulberry32(seed);
      const { outside, socket, connecting } = dialFake(way.options, { user: "u", password: SECRET, token: SECRET });
      const storm = (count: number): HostileFrame[] => {
        const sent = Array.from({ length: count }, () => hostileFrame(random));
        for (const frame of sent) socket.say(frame);
        frames += count;
        return sent;
      };
      await outside.run(0);
      storm(50);
      socket.say(way.welcome);
      const session = await connecting;
      const heard: string[] = [];
      const expected: string[] = [];
      const take = (sent: readonly HostileFrame[]): void => {
        expected.push(
          ...sent
            .map((frame) => expectedOf(way, frame))
            .filter((text) => text !== null)
            .map(encode),
        );
      };
      const subscribing = session.subscribe(
        "lab",
        ({ data }) => void heard.push(new TextDecoder("utf-8", { ignoreBOM: true, fatal: false }).decode(data)),
      );
      take(storm(50));
      socket.say(way.joined(socket));
      await subscribing;
      for (let left = FRAMES - 100; left > 0;) {
        const count = between(random, 1, 100);
        left -= count;
        const { answer } = session.publish("lab", new TextEncoder().encode("ours"));
        const word = way.acknowledged(socket);
        take(storm(count));
        socket.say(way.said);
        expected.push("ours");
        socket.say(word);
        kinds[(await answer).kind] += 1;
      }
      expect(heard).toEqual(expected);
      heardOfThem += expected.filter((text) => text !== "ours").length;
      socket.end(1000);
      await session.close();
    }
    console.log(
      `gateway-fuzz.test.ts: ${what}: ${frames} frames, ${heardOfThem} of them for the room, ${kinds.acknowledged} good answers`,
    );
    expect(frames).toBeGreaterThanOrEqual(SESSIONS * FRAMES);
    expect(kinds).toMatchObject({ refused: 0, none: 0 });
    expect(heardOfThem).toBeGreaterThan(100);
    expect(({} as Record<string, unknown>)["type"]).toBeUndefined();
  });

  it("in place of a login: a failure in our own words, at the deadline", async () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const random = mulberry32(seed);
      const { outside, socket, connecting } = dialFake(JSON_OPTIONS, { user: "u", password: SECRET });
      const failing = connecting.then(
        () => null,
        (failure: unknown) => failure,
      );
      await outside.run(0);
      for (let i = 0; i < 100; i += 1) socket.say(hostileFrame(random));
      await outside.run(2_000);
      const failure = await failing;
      expect(failure).toMatchObject({ phase: "connect" });
      expect(JSON.stringify(failure)).not.toContain(SECRET);
    }
  });
});
