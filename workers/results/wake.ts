// One wake's envelopes in one row: which collector gets which bytes. No clock, no database. Written and read by the
// prober; collectors see only the envelopes.

import {
  newReader,
  newWriter,
  readBytes,
  readCount,
  readEnd,
  readText,
  readVarint,
  writeBytes,
  writeText,
  writeVarint,
  written,
} from "./varint.ts";

export interface WakePart {
  /** Target id: the collector's name. */
  readonly target: string;
  readonly envelope: Uint8Array;
}

// A prober has at most 3 targets; more only while a new configuration hands over what an older one measured.
const PARTS_MAX = 100;

export function packWake(parts: readonly WakePart[]): Uint8Array {
  const writer = newWriter();
  writeVarint(writer, parts.length);
  for (const part of parts) {
    writeText(writer, part.target);
    writeVarint(writer, part.envelope.length);
    writeBytes(writer, part.envelope);
  }
  return written(writer);
}

/** Throws MalformedBytes for anything that `packWake` did not write. */
export function unpackWake(bytes: Uint8Array): WakePart[] {
  const reader = newReader(bytes);
  const parts: WakePart[] = [];
  const count = readCount(reader, "parts of a wake", PARTS_MAX, 2);
  for (let i = 0; i < count; i++) {
    const target = readText(reader, "target", 64);
    parts.push({ target, envelope: readBytes(reader, readVarint(reader, "envelope length"), "envelope") });
  }
  readEnd(reader, "wake");
  return parts;
}
