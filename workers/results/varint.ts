// Bytes: unsigned LEB128 over safe integers, zigzag, and a small writer and reader that histogram, strip and envelope
// share. Strict: each number has exactly one spelling, so that equal records are equal bytes and hash alike.
// Arithmetic, not bit operations: JavaScript's are 32 bits wide, and instants in ms need 41.
// Never reads past the end, never returns a number that a double cannot hold exactly.

/** Bytes that nobody of ours wrote, or not whole. The message names what was being read, why it failed and the offset. */
export class MalformedBytes extends Error {
  override readonly name = "MalformedBytes";
  readonly offset: number;
  constructor(what: string, why: string, offset: number) {
    super(`${what}: ${why} at byte ${offset}`);
    this.offset = offset;
  }
}

/** Grows as it is written to. Start with `newWriter()`, end with `written()`. */
export interface ByteWriter {
  buffer: Uint8Array;
  length: number;
}

/** A cursor over bytes. Start with `newReader()`; every read moves `offset` or throws MalformedBytes. */
export interface ByteReader {
  readonly bytes: Uint8Array;
  offset: number;
}

/** An empty writer. */
export function newWriter(): ByteWriter {
  return { buffer: new Uint8Array(64), length: 0 };
}

/** A copy of what was written. */
export function written(writer: ByteWriter): Uint8Array<ArrayBuffer> {
  return new Uint8Array(writer.buffer.subarray(0, writer.length));
}

/** Appends bytes as they are. */
export function writeBytes(writer: ByteWriter, bytes: Uint8Array): void {
  const needed = writer.length + bytes.length;
  if (needed > writer.buffer.length) {
    const larger = new Uint8Array(Math.max(needed, writer.buffer.length * 2));
    larger.set(writer.buffer.subarray(0, writer.length));
    writer.buffer = larger;
  }
  writer.buffer.set(bytes, writer.length);
  writer.length = needed;
}

/** Appends one byte, 0..255; RangeError otherwise. */
export function writeByte(writer: ByteWriter, byte: number): void {
  if (!Number.isInteger(byte) || byte < 0 || byte > 255) throw new RangeError(`${byte} is not a byte`);
  writeBytes(writer, Uint8Array.of(byte));
}

/**
 * Appends a whole number 0..2^53-1 as unsigned LEB128 (DWARF 5, section 7.6), 1 to 8 bytes; RangeError for any other,
 * because a fraction or a negative count here is a broken belief of ours.
 */
export function writeVarint(writer: ByteWriter, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} can not be written as a varint`);
  const spelled: number[] = [];
  let rest = value;
  while (rest >= 128) {
    spelled.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  spelled.push(rest);
  writeBytes(writer, Uint8Array.from(spelled));
}

/** Appends text as varint byte length and UTF-8. Lone surrogates are refused (RangeError): they would not come back. */
export function writeText(writer: ByteWriter, text: string): void {
  if (!text.isWellFormed()) throw new RangeError("text holds a lone surrogate");
  const bytes = new TextEncoder().encode(text);
  writeVarint(writer, bytes.length);
  writeBytes(writer, bytes);
}

/** A reader at the first byte. */
export function newReader(bytes: Uint8Array): ByteReader {
  return { bytes, offset: 0 };
}

/** How many bytes are left. */
export function remaining(reader: ByteReader): number {
  return reader.bytes.length - reader.offset;
}

/** One byte. `what` is for the error. */
export function readByte(reader: ByteReader, what: string): number {
  const byte = reader.bytes[reader.offset];
  if (byte === undefined) throw new MalformedBytes(what, "truncated", reader.offset);
  reader.offset += 1;
  return byte;
}

/**
 * An unsigned LEB128 number up to 2^53-1. Refuses truncation, a longer spelling than needed, and larger values.
 * Eight bytes at most: 7 x 7 = 49 bits, and 4 more in the eighth, make the 53 that a double holds.
 */
export function readVarint(reader: ByteReader, what: string): number {
  const start = reader.offset;
  let value = 0;
  for (let position = 0; position < 8; position++) {
    const byte = readByte(reader, what);
    // Below 2^49 for seven bytes; the eighth adds at most 127 x 2^49 < 2^56, where a wrong low bit does not matter,
    // since anything from 2^53 on is refused.
    value += (byte % 128) * 2 ** (7 * position);
    if (byte >= 128) continue;
    if (byte === 0 && position > 0) throw new MalformedBytes(what, "over-long varint", start);
    if (value > Number.MAX_SAFE_INTEGER) throw new MalformedBytes(what, "varint above 2^53-1", start);
    return value;
  }
  throw new MalformedBytes(what, "varint above 2^53-1", start);
}

/**
 * A varint that says how many things follow. Refused if above `max`, or if so many things of at least `bytesEach` bytes
 * can not be in what is left: so that a hostile count never makes a long loop.
 */
export function readCount(reader: ByteReader, what: string, max: number, bytesEach: number): number {
  const start = reader.offset;
  const count = readVarint(reader, what);
  if (count > max) throw new MalformedBytes(what, `${count} is more than ${max}`, start);
  if (count * bytesEach > remaining(reader)) throw new MalformedBytes(what, `truncated: ${count} announced`, start);
  return count;
}

/** The next `length` bytes, as a copy. */
export function readBytes(reader: ByteReader, length: number, what: string): Uint8Array<ArrayBuffer> {
  if (length > remaining(reader)) throw new MalformedBytes(what, `truncated: ${length} bytes announced`, reader.offset);
  const bytes = new Uint8Array(reader.bytes.subarray(reader.offset, reader.offset + length));
  reader.offset += length;
  return bytes;
}

/** Length-prefixed UTF-8 of at most `maxBytes` bytes; refuses invalid UTF-8. */
export function readText(reader: ByteReader, what: string, maxBytes: number): string {
  const length = readCount(reader, what, maxBytes, 1);
  const start = reader.offset;
  const bytes = readBytes(reader, length, what);
  try {
    // ignoreBOM keeps a leading U+FEFF in the text; else it would be lost and the bytes would not come back.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new MalformedBytes(what, "invalid UTF-8", start);
  }
}

/** Refuses anything behind the last field. */
export function readEnd(reader: ByteReader, what: string): void {
  if (remaining(reader) > 0) throw new MalformedBytes(what, `${remaining(reader)} trailing bytes`, reader.offset);
}

/** Signed to unsigned, small for small magnitudes: 0, -1, 1, -2 become 0, 1, 2, 3. RangeError beyond -2^52..2^52-1. */
export function zigzag(value: number): number {
  const folded = value >= 0 ? 2 * value : -2 * value - 1;
  if (!Number.isSafeInteger(value) || folded > Number.MAX_SAFE_INTEGER) {
    throw new RangeError(`${value} is outside of zigzag's range`);
  }
  return folded;
}

/** The inverse of `zigzag`, for a whole number 0..2^53-1. */
export function unzigzag(folded: number): number {
  return folded % 2 === 0 ? folded / 2 : -((folded + 1) / 2);
}
