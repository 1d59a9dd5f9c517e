// Aim: whatever bytes come, they are cut into frames exactly or refused, and nothing that is announced is believed. Method: good
// frames in pieces of every size; a table of bad ones; 100,000 seeded spoilt ones, which must be frames or be refused.

import { describe, expect, it } from "vitest";

import {
  BODY_BYTES_MAX,
  FRAME_BYTES_MAX,
  type Frame,
  FrameCutter,
  NotAmqpError,
} from "../../workers/probes/amqp-frames.ts";
import { content, delivery, frame, method, mutated, short, u16, u32, u64, u8 } from "../drivers/amqp-wire.ts";
import { between, mulberry32, oneOf } from "../random.ts";

const TUNE = method(0, 10, 30, u16(9), u32(0), u16(60));
const GOOD = [
  method(0, 10, 10, u8(0), u8(9), u32(0)),
  TUNE,
  method(1, 60, 80, u64(3), u8(0)),
  frame(2, 1, u16(60), u16(0), u64(5), u16(0)),
  frame(3, 1, Buffer.from("hello")),
  frame(3, 1, Buffer.alloc(FRAME_BYTES_MAX - 8)),
  method(1, 20, 40, u16(404), short("t"), u32(0)),
  method(0, 10, 50, u16(320), short("t"), u32(0)),
];

describe("good bytes", () => {
  it("are cut alike, in pieces of any size", () => {
    const bytes = Buffer.concat([...GOOD, frame(8, 0)]);
    const whole = [...new FrameCutter().cut(bytes)];
    expect(whole.map((each) => each.close)).toEqual([
      ...Array.from({ length: 6 }, () => null),
      { of: "channel", code: 404 },
      { of: "connection", code: 320 },
    ]);
    for (const size of [1, 2, 6, 7, 8, 13, 100, 8_191, 8_193]) {
      const cutter = new FrameCutter();
      const frames: Frame[] = [];
      for (let at = 0; at < bytes.length; at += size) frames.push(...cutter.cut(bytes.subarray(at, at + size)));
      expect(frames, String(size)).toEqual(whole);
    }
  });

  it("keep what they say, except that no limit becomes ours", () => {
    const frames = [...new FrameCutter().cut(Buffer.concat(GOOD))];
    frames.forEach(({ bytes }, i) => {
      const good = GOOD[i] ?? Buffer.alloc(0);
      const expected = good === TUNE ? method(0, 10, 30, u16(9), u32(FRAME_BYTES_MAX), u16(60)) : good;
      expect(Buffer.from(bytes)).toEqual(expected);
      expect(bytes.buffer.byteLength).toBe(bytes.length);
    });
  });
});

describe("bad bytes", () => {
  const BAD: readonly (readonly [string, Buffer])[] = [
    ["HTTP", Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")],
    ["another version of AMQP", Buffer.from("414d515000000901", "hex")],
    ["an unknown type", frame(4, 0)],
    ["a frame that is too large", Buffer.concat([u8(3), u16(1), u32(FRAME_BYTES_MAX - 7)])],
    ["a size of four gigabytes", Buffer.concat([u8(3), u16(1), u32(0xffff_ffff)])],
    ["a wrong end", Buffer.concat([frame(3, 1, u16(5)).subarray(0, 9), u8(0xcd)])],
    ["a method without ids", frame(1, 0, u8(1))],
    ["a close without a code", method(0, 10, 50)],
    ["a header without a size", frame(2, 1, u16(60), u16(0))],
    ["a body of a thousand gigabytes", frame(2, 1, u16(60), u16(0), u64(1n << 40n), u16(0))],
    ["a body just too large", frame(2, 1, u16(60), u16(0), u64(BODY_BYTES_MAX + 1), u16(0))],
  ];
  it.each(BAD)("%s", (_, bytes) => {
    expect(() => [...new FrameCutter().cut(bytes)]).toThrow(NotAmqpError);
  });

  it("take nothing from the good ones before them", () => {
    const seen: Frame[] = [];
    const read = (): void => {
      for (const each of new FrameCutter().cut(Buffer.concat([...GOOD, Buffer.from("garbage!")]))) seen.push(each);
    };
    expect(read).toThrow(NotAmqpError);
    expect(seen).toHaveLength(GOOD.length);
  });

  it("100,000 spoilt frames are frames, or unfinished, or refused", () => {
    const random = mulberry32(0xa0091);
    const counts = { frames: 0, refused: 0 };
    const goods = [
      ...GOOD.slice(0, 5),
      ...GOOD.slice(6),
      delivery("c", "k", Buffer.alloc(40)),
      content(1, Buffer.alloc(9)),
    ];
    for (let i = 0; i < 100_000; i++) {
      const cutter = new FrameCutter();
      const bytes = mutated(random, oneOf(random, goods));
      const at = between(random, 0, bytes.length);
      try {
        for (const part of [bytes.subarray(0, at), bytes.subarray(at)])
          for (const each of cutter.cut(part)) {
            counts.frames += 1;
            if (each.bytes.length > FRAME_BYTES_MAX || each.bytes.at(-1) !== 0xce) throw new Error("no frame");
          }
      } catch (problem) {
        if (!(problem instanceof NotAmqpError)) throw problem;
        counts.refused += 1;
      }
    }
    expect(counts.frames).toBeGreaterThan(20_000);
    expect(counts.refused).toBeGreaterThan(20_000);
  });
});
