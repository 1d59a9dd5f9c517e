// The bytes that a prober hands to a collector, and that the evidence log seals: header, records, signature last.
// Owns the format, its limits, and the strictness of the border: what decodes has parts that add up. Never signs, never
// checks a signature, never looks at a clock. Called by prober, agent, collector and verifier.
//
//   byte 0   version = 2
//   text     prober, software             varint length and UTF-8
//   varint   generation, sequence, dropped
//   32 bytes configuration hash
//   table    varint n, then n series: text target, region, peer; byte journey
//   records  varint n, then n records: `envelope-record.ts`
//   bytes    signature, then one byte: its length, 0 for none

import { hexOf } from "../config/hex.ts";
import { JOURNEYS } from "../../schema/words.ts";
import { readRecord, writeRecord } from "./envelope-record.ts";
import type { RoundRecord, SeriesName } from "./records.ts";
import type { ByteReader, ByteWriter } from "./varint.ts";
import {
  MalformedBytes,
  newReader,
  newWriter,
  readByte,
  readBytes,
  readCount,
  readEnd,
  readText,
  readVarint,
  writeByte,
  writeBytes,
  writeText,
  writeVarint,
  written,
} from "./varint.ts";

export interface Envelope {
  /** The prober's name: region, shard, generation. */
  readonly prober: string;
  readonly generation: number;
  readonly software: string;
  /** SHA-256 of the configuration's canonical JSON, 64 hex digits in lower case. Every record carries the same one. */
  readonly configHash: string;
  /** Ascends with every envelope of this prober; sent again after a failure it keeps its number. */
  readonly sequence: number;
  /** Wakes that this prober had to drop since the last acknowledgement, because its storage was full. */
  readonly dropped: number;
  readonly records: readonly RoundRecord[];
  readonly signature: Uint8Array | null;
}

/** Bytes that are no envelope, or an envelope that must not be written: the message says what and where. */
export class EnvelopeError extends Error {
  override readonly name = "EnvelopeError";
}

const VERSION = 2;
/** Version 1 is read as well: what was kept before stays readable. Its records end with the place. */
const READ: ReadonlySet<number> = new Set([1, VERSION]);
/**
 * One row or BLOB holds 2,000,000 bytes on D1 and in a Durable Object (platform.md); half of it leaves room for what is
 * stored beside it. A round of 20 messages takes about 100 bytes, so this is about seven days of one series at 60 s.
 */
export const MAX_ENVELOPE_BYTES = 1_000_000;
/** 4,096 rounds of 100 bytes are 410 kB: 2.8 days of one series at 60 s, or 9.7 hours of seven. A sender splits more. */
export const MAX_RECORDS = 4_096;
/** One target's journeys times its mesh peers: 5 x 7 regions = 35 today. */
const MAX_SERIES = 256;
/** Ids, prober names and versions are short; 128 UTF-8 bytes are 42 Chinese characters. */
export const MAX_TEXT_BYTES = 128;
/** Ed25519 takes 64 bytes, ECDSA P-256 64 to 72. Below 256, since its length is one byte. */
const MAX_SIGNATURE_BYTES = 128;
/** The smallest record (`envelope-record.ts`): 24 fields of a byte, and two empty histograms of 6 with their length. */
const MIN_RECORD_BYTES = 36;

/** The bytes of an envelope. EnvelopeError if it breaks a limit, or a record does not add up or has another hash. */
export function encodeEnvelope(envelope: Envelope): Uint8Array<ArrayBuffer> {
  const writer = newWriter();
  writeByte(writer, VERSION);
  writeShortText(writer, "prober", envelope.prober);
  writeShortText(writer, "software", envelope.software);
  writeVarint(writer, envelope.generation);
  writeVarint(writer, envelope.sequence);
  writeVarint(writer, envelope.dropped);
  writeBytes(writer, bytesOfHash(envelope.configHash));
  const table = writeSeriesTable(writer, envelope.records);
  if (envelope.records.length > MAX_RECORDS) {
    throw new EnvelopeError(`${envelope.records.length} records; the limit is ${MAX_RECORDS}`);
  }
  writeVarint(writer, envelope.records.length);
  let previousSlotAt = 0;
  for (const [number, record] of envelope.records.entries()) {
    if (record.configHash !== envelope.configHash) {
      throw new EnvelopeError(`record ${number}: configuration ${record.configHash} is not the envelope's`);
    }
    if (new TextEncoder().encode(record.place).length > MAX_TEXT_BYTES) {
      throw new EnvelopeError(`record ${number}: place is longer than ${MAX_TEXT_BYTES} bytes`);
    }
    named(`record ${number}`, () => writeRecord(writer, record, table.get(keyOf(record.series)) ?? 0, previousSlotAt));
    previousSlotAt = record.slotAt;
  }
  const signature = envelope.signature ?? new Uint8Array(0);
  if (envelope.signature?.length === 0 || signature.length > MAX_SIGNATURE_BYTES) {
    throw new EnvelopeError(`signature of ${signature.length} bytes; 1 to ${MAX_SIGNATURE_BYTES} or null`);
  }
  writeBytes(writer, signature);
  writeByte(writer, signature.length);
  if (writer.length > MAX_ENVELOPE_BYTES) {
    throw new EnvelopeError(`${writer.length} bytes; the limit is ${MAX_ENVELOPE_BYTES}`);
  }
  return written(writer);
}

/** The envelope of bytes. EnvelopeError, with the field and the offset, unless they are whole and every record adds up. */
export function decodeEnvelope(bytes: Uint8Array): Envelope {
  if (bytes.length > MAX_ENVELOPE_BYTES) {
    throw new EnvelopeError(`${bytes.length} bytes; the limit is ${MAX_ENVELOPE_BYTES}`);
  }
  return named("envelope", () => {
    const signed = signedPart(bytes);
    const reader = newReader(signed);
    const version = readByte(reader, "version");
    if (!READ.has(version)) throw new MalformedBytes("version", `${version} is unknown`, 0);
    const prober = readText(reader, "prober", MAX_TEXT_BYTES);
    const software = readText(reader, "software", MAX_TEXT_BYTES);
    const generation = readVarint(reader, "generation");
    const sequence = readVarint(reader, "sequence");
    const dropped = readVarint(reader, "dropped");
    const configHash = hexOf(readBytes(reader, 32, "configuration hash"));
    const table = readSeriesTable(reader);
    const size = readCount(reader, "records", MAX_RECORDS, MIN_RECORD_BYTES);
    const records: RoundRecord[] = [];
    for (let number = 0; number < size; number++) {
      const previousSlotAt = records.at(-1)?.slotAt ?? 0;
      records.push(named(`record ${number}`, () => readRecord(reader, table, previousSlotAt, configHash, version)));
    }
    readEnd(reader, "records");
    const signature = signed.length === bytes.length - 1 ? null : bytes.slice(signed.length, -1);
    return { prober, generation, software, configHash, sequence, dropped, records, signature };
  });
}

/**
 * What a signature covers: all bytes before it. Found from the end, so that a signature can be checked before anything
 * else of a stranger's bytes is parsed. It is the same with a signature as without. EnvelopeError if it does not fit.
 */
export function signedPart(bytes: Uint8Array): Uint8Array {
  const length = bytes.at(-1);
  if (length === undefined) throw new EnvelopeError("signature length: truncated at byte 0");
  if (length > MAX_SIGNATURE_BYTES || length + 1 > bytes.length) {
    throw new EnvelopeError(`signature length: ${length} does not fit at byte ${bytes.length - 1}`);
  }
  return bytes.subarray(0, bytes.length - 1 - length);
}

/** Series in the order in which they first appear: a record then needs one byte for its name. */
function writeSeriesTable(writer: ByteWriter, records: readonly RoundRecord[]): ReadonlyMap<string, number> {
  const table = new Map<string, number>();
  const names: SeriesName[] = [];
  for (const { series } of records) {
    if (table.has(keyOf(series))) continue;
    table.set(keyOf(series), names.length);
    names.push(series);
  }
  if (names.length > MAX_SERIES) throw new EnvelopeError(`${names.length} series; the limit is ${MAX_SERIES}`);
  writeVarint(writer, names.length);
  for (const { target, region, peer, journey } of names) {
    writeShortText(writer, "target", target);
    writeShortText(writer, "region", region);
    writeShortText(writer, "peer", peer);
    writeByte(writer, JOURNEYS.indexOf(journey));
  }
  return table;
}

function readSeriesTable(reader: ByteReader): SeriesName[] {
  const names: SeriesName[] = [];
  // Three lengths and a journey are 4 bytes.
  const size = readCount(reader, "series", MAX_SERIES, 4);
  for (let number = 0; number < size; number++) {
    const target = readText(reader, `series ${number}: target`, MAX_TEXT_BYTES);
    const region = readText(reader, `series ${number}: region`, MAX_TEXT_BYTES);
    const peer = readText(reader, `series ${number}: peer`, MAX_TEXT_BYTES);
    const at = reader.offset;
    const position = readByte(reader, `series ${number}: journey`);
    const journey = JOURNEYS[position];
    if (journey === undefined) throw new MalformedBytes(`series ${number}: journey`, `${position} is unknown`, at);
    names.push({ target, region, journey, peer });
  }
  return names;
}

function keyOf({ target, region, journey, peer }: SeriesName): string {
  return JSON.stringify([target, region, journey, peer]);
}

function writeShortText(writer: ByteWriter, what: string, text: string): void {
  if (new TextEncoder().encode(text).length > MAX_TEXT_BYTES) {
    throw new EnvelopeError(`${what} is longer than ${MAX_TEXT_BYTES} bytes`);
  }
  named(what, () => writeText(writer, text));
}

function bytesOfHash(hash: string): Uint8Array {
  if (!/^[0-9a-f]{64}$/.test(hash)) throw new EnvelopeError(`configuration hash "${hash}" is not 64 hex digits`);
  return Uint8Array.from(hash.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Runs a step; what it refuses comes out as an EnvelopeError that says where. Anything else is a fault of ours. */
function named<T>(where: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof EnvelopeError) throw error;
    if (error instanceof MalformedBytes || error instanceof RangeError) {
      throw new EnvelopeError(`${where}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}
