// AMQP 0-9-1 from the server's side, for the fake broker: makes frames, good and hostile ones. Layout and method numbers:
// AMQP 0-9-1 specification, 2.3.5 and 1.3. Hostile ones come by a seed, so that a failure can be run again.

import { between, oneOf } from "../random.ts";

export const u8 = (value: number): Buffer => Buffer.of(value & 0xff);
export const u16 = (value: number): Buffer => Buffer.of((value >> 8) & 0xff, value & 0xff);
export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}
export function u64(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}
export const short = (text: string): Buffer => Buffer.concat([u8(Buffer.byteLength(text)), Buffer.from(text)]);
export const long = (text: string): Buffer => Buffer.concat([u32(Buffer.byteLength(text)), Buffer.from(text)]);

export function frame(type: number, channel: number, ...payload: readonly Buffer[]): Buffer {
  const bytes = Buffer.concat(payload);
  return Buffer.concat([u8(type), u16(channel), u32(bytes.length), bytes, u8(0xce)]);
}

/** `method(1, 60, 80, u64(3), u8(0))`: basic.ack on channel 1. */
export function method(channel: number, classId: number, methodId: number, ...args: readonly Buffer[]): Buffer {
  return frame(1, channel, u16(classId), u16(methodId), ...args);
}

const BODY_BYTES = 8_000;

/** A content header and its body, in as many frames as it takes. */
export function content(channel: number, body: Buffer, properties: Buffer = u16(0)): Buffer {
  const frames = [frame(2, channel, u16(60), u16(0), u64(body.length), properties)];
  for (let at = 0; at < body.length; at += BODY_BYTES)
    frames.push(frame(3, channel, body.subarray(at, at + BODY_BYTES)));
  return Buffer.concat(frames);
}

export function delivery(tag: string, key: string, body: Buffer, properties?: Buffer): Buffer {
  const head = method(1, 60, 60, short(tag), u64(1), u8(0), short("amq.topic"), short(key));
  return Buffer.concat([head, content(1, body, properties)]);
}

function noise(random: () => number, most: number): Buffer {
  return Buffer.from(Array.from({ length: between(random, 0, most) }, () => between(random, 0, 255)));
}

/** A frame that no broker should send, and that ends no connection: what is well formed and means nothing is passed over. */
export function oddity(random: () => number): Buffer {
  const channel = between(random, 2, 65_535);
  return oneOf(random, [
    () => frame(8, 0, noise(random, 20)),
    () =>
      frame(
        oneOf(random, [1, 2, 3]),
        channel,
        u16(60),
        u16(60),
        u64(between(random, 0, 999)),
        u16(0),
        noise(random, 200),
      ),
    () => method(1, between(random, 200, 65_535), between(random, 0, 65_535), noise(random, 300)),
    () => method(1, oneOf(random, [20, 40, 50, 60, 85, 90]), between(random, 1_000, 65_535), noise(random, 300)),
    () => method(1, 60, oneOf(random, [80, 120]), u64(between(random, 10_000, 99_999_999)), u8(0)),
    () => method(0, 10, 61),
    () => delivery("nobody", "k", noise(random, 900)),
    () => delivery("consumer", "another.key", noise(random, 900)),
    () => delivery("consumer", "__proto__", noise(random, 90), TABLES[between(random, 0, TABLES.length - 1)]),
    () => method(1, 60, 30, short("constructor"), u8(1)),
  ])();
}

/** Content properties with headers that try to be something else: `__proto__`, deep nesting, every type. */
const TABLES: readonly Buffer[] = [
  withHeaders(Buffer.concat([short("__proto__"), Buffer.from("t"), u8(1)])),
  withHeaders(Buffer.concat([short("constructor"), Buffer.from("F"), u32(0)])),
  withHeaders(nested(60)),
  withHeaders(Buffer.concat([short("n"), Buffer.from("V"), short("d"), Buffer.from("D"), u8(255), u32(0xffff_ffff)])),
];

function withHeaders(table: Buffer): Buffer {
  return Buffer.concat([u16(0x2000), u32(table.length), table]);
}

function nested(depth: number): Buffer {
  const inside = depth === 0 ? Buffer.alloc(0) : nested(depth - 1);
  return Buffer.concat([short("k"), Buffer.from("F"), u32(inside.length), inside]);
}

/** The frame with something wrong: a bit, its size, its end, its type, a part missing, or more than there should be. */
export function mutated(random: () => number, good: Buffer): Buffer {
  const bytes = Buffer.from(good);
  const at = between(random, 0, bytes.length - 1);
  switch (between(random, 0, 7)) {
    case 0:
      bytes[at] = (bytes[at] ?? 0) ^ (1 << between(random, 0, 7));
      return bytes;
    case 1:
      bytes.writeUInt32BE(oneOf(random, [0, 1, 3, 0xffff, 0x7fff_ffff, 0xffff_ffff, bytes.length]), 3);
      return bytes;
    case 2:
      return bytes.subarray(0, at);
    case 3:
      return Buffer.concat([bytes.subarray(0, at), noise(random, 40), bytes.subarray(at)]);
    case 4:
      bytes[0] = between(random, 0, 255);
      return bytes;
    case 5:
      bytes[bytes.length - 1] = between(random, 0, 255);
      return bytes;
    case 6: {
      // Well formed, and cut short inside: every length in it now points past its end.
      const payload = bytes.subarray(7, between(random, Math.min(11, bytes.length - 1), bytes.length - 1));
      return frame(bytes[0] ?? 1, bytes.readUInt16BE(1), payload);
    }
    default:
      // The ids stay, the arguments are anything.
      return frame(bytes[0] ?? 1, bytes.readUInt16BE(1), bytes.subarray(7, 11), noise(random, 300));
  }
}
