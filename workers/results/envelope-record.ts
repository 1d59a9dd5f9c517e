// One round inside an envelope: field by field, the writer above and the reader below in the same order. Small because
// instants are deltas against the slot, words are positions in schema/words.ts, and the deadlines live in the histograms.
// Called by `envelope.ts` only, which names the record in errors. New fields mean a new envelope version.

import { FAILURE_KINDS, PHASES, PURPOSES, UNFIT_REASONS } from "../../schema/words.ts";
import { decodeHistogram, encodeHistogram } from "./histogram.ts";
import type { Histogram } from "./histogram.ts";
import type { FailureCount, LossRun, OverLimit, RoundRecord, SeriesName } from "./records.ts";
import { assertRound } from "./round-record.ts";
import type { ByteReader, ByteWriter } from "./varint.ts";
import {
  MalformedBytes,
  readByte,
  readBytes,
  readCount,
  readText,
  readVarint,
  unzigzag,
  writeByte,
  writeBytes,
  writeText,
  writeVarint,
  zigzag,
} from "./varint.ts";

/** Contracts name a handful of limits; 32 leave room for several contracts. */
const MAX_LIMITS = 32;
/** A class a pair of phase and kind: 5 x 16 = 80. */
const MAX_FAILURES = PHASES.length * FAILURE_KINDS.length;
/** Far above what a round keeps: see `round-record.ts`. */
const MAX_LOSS_RUNS = 5_000;
/** Queue, heard, reconnects, phases, controls. */
const OWN_FIELDS = 5;
/** As in envelope.ts; a colo has three letters, a private location a name. */
const MAX_PLACE_BYTES = 128;

/** Appends a record; `series` is its position in the envelope's table. RangeError if it does not add up or fit. */
export function writeRecord(writer: ByteWriter, record: RoundRecord, series: number, previousSlotAt: number): void {
  assertRound(record);
  const sinceSlot = (at: number): number => zigzag(at - record.slotAt);
  writeVarint(writer, series);
  writeVarint(writer, zigzag(record.slotAt - previousSlotAt));
  writeByte(writer, PURPOSES.indexOf(record.purpose));
  writeVarint(writer, sinceSlot(record.startedAt));
  writeVarint(writer, record.readyAt === null ? 0 : 1 + sinceSlot(record.readyAt));
  writeVarint(writer, sinceSlot(record.endedAt));
  writeVarint(writer, record.everyMs);
  // `scheduled` is the sum of ok, lost, error and notSent.
  const { ok, lost, error, connectFail, notSent, duplicate, reordered, corrupt, foreign, afterDeadline } = record;
  for (const count of [ok, lost, error, connectFail, notSent, duplicate, reordered, corrupt, foreign, afterDeadline]) {
    writeVarint(writer, count);
  }
  writeSize(writer, "limits", record.over.length, MAX_LIMITS);
  for (const { limitMs, count } of record.over) {
    writeVarint(writer, limitMs);
    writeVarint(writer, count);
  }
  writeHistogram(writer, record.latency);
  writeHistogram(writer, record.connect);
  writeVarint(writer, record.latencyMsMax === null ? 0 : 1 + record.latencyMsMax);
  writeSize(writer, "failures", record.failures.length, MAX_FAILURES);
  for (const { phase, kind, count } of record.failures) {
    writeByte(writer, PHASES.indexOf(phase));
    writeByte(writer, FAILURE_KINDS.indexOf(kind));
    writeVarint(writer, count);
  }
  writeSize(writer, "loss runs", record.lossRuns.length, MAX_LOSS_RUNS);
  for (const { length, firstBadAt, nextGoodAt } of record.lossRuns) {
    writeVarint(writer, length);
    writeVarint(writer, sinceSlot(firstBadAt));
    writeVarint(writer, nextGoodAt === null ? 0 : 1 + sinceSlot(nextGoodAt));
  }
  writeVarint(writer, record.afterDeadlineMsMax);
  writeByte(writer, UNFIT_REASONS.indexOf(record.unfit));
  writeText(writer, record.place);
  const { phases, queuedMsMax, heard, reconnects, controls } = record;
  const own = [queuedMsMax > 0, heard !== null, reconnects > 0, phases !== null, controls !== null];
  writeByte(
    writer,
    own.reduce((flags, isThere, bit) => flags + (isThere ? 1 << bit : 0), 0),
  );
  if (queuedMsMax > 0) writeVarint(writer, queuedMsMax);
  if (heard !== null) writeVarint(writer, heard);
  if (reconnects > 0) writeVarint(writer, reconnects);
  if (phases !== null) {
    writeHistogram(writer, phases.handshake);
    writeHistogram(writer, phases.login);
  }
  if (controls !== null) {
    writeVarint(writer, controls.asked);
    writeVarint(writer, controls.answered);
  }
}

/** Reads what `writeRecord` wrote. MalformedBytes, or RangeError where the parts of a record do not add up. */
export function readRecord(
  reader: ByteReader,
  table: readonly SeriesName[],
  previousSlotAt: number,
  configHash: string,
  version: number,
): RoundRecord {
  const series = oneOf(table, readVarint(reader, "series"), "series", reader);
  const slotAt = readInstant(reader, "slotAt", previousSlotAt);
  const purpose = oneOf(PURPOSES, readByte(reader, "purpose"), "purpose", reader);
  const startedAt = readInstant(reader, "startedAt", slotAt);
  const readyAt = readInstantOrNull(reader, "readyAt", slotAt);
  const endedAt = readInstant(reader, "endedAt", slotAt);
  const everyMs = readVarint(reader, "everyMs");
  const counts = {
    ok: readVarint(reader, "ok"),
    lost: readVarint(reader, "lost"),
    error: readVarint(reader, "error"),
    connectFail: readVarint(reader, "connectFail"),
    notSent: readVarint(reader, "notSent"),
    duplicate: readVarint(reader, "duplicate"),
    reordered: readVarint(reader, "reordered"),
    corrupt: readVarint(reader, "corrupt"),
    foreign: readVarint(reader, "foreign"),
    afterDeadline: readVarint(reader, "afterDeadline"),
  };
  const over = readList(reader, "limits", MAX_LIMITS, 2, (): OverLimit => {
    return { limitMs: readVarint(reader, "limitMs"), count: readVarint(reader, "over") };
  });
  const latency = readHistogram(reader, "latency");
  const connect = readHistogram(reader, "connect");
  const max = readVarint(reader, "latencyMsMax");
  const failures = readList(reader, "failures", MAX_FAILURES, 3, (): FailureCount => {
    const phase = oneOf(PHASES, readByte(reader, "phase"), "phase", reader);
    const kind = oneOf(FAILURE_KINDS, readByte(reader, "failure kind"), "failure kind", reader);
    return { phase, kind, count: readVarint(reader, "failure count") };
  });
  const lossRuns = readList(reader, "loss runs", MAX_LOSS_RUNS, 3, (): LossRun => {
    const length = readVarint(reader, "loss run");
    const firstBadAt = readInstant(reader, "firstBadAt", slotAt);
    return { length, firstBadAt, nextGoodAt: readInstantOrNull(reader, "nextGoodAt", slotAt) };
  });
  const record: RoundRecord = {
    series,
    slotAt,
    purpose,
    startedAt,
    readyAt,
    endedAt,
    everyMs,
    deadlineMs: latency.deadlineMs,
    scheduled: counts.ok + counts.lost + counts.error + counts.notSent,
    ...counts,
    over,
    latency,
    connect,
    latencyMsMax: max === 0 ? null : max - 1,
    failures,
    lossRuns,
    afterDeadlineMsMax: readVarint(reader, "afterDeadlineMsMax"),
    unfit: oneOf(UNFIT_REASONS, readByte(reader, "unfit"), "unfit", reader),
    place: readText(reader, "place", MAX_PLACE_BYTES),
    ...readOwn(reader, version),
    configHash,
  };
  assertRound(record);
  return record;
}

/** What only some journeys have, each behind its bit; version 1 knew none of it. */
function readOwn(
  reader: ByteReader,
  version: number,
): Pick<RoundRecord, "queuedMsMax" | "heard" | "reconnects" | "phases" | "controls"> {
  const at = reader.offset;
  const flags = version === 1 ? 0 : readByte(reader, "flags");
  if (flags >= 1 << OWN_FIELDS) throw new MalformedBytes("flags", `${flags} is unknown`, at);
  const has = (bit: number): boolean => (flags & (1 << bit)) !== 0;
  return {
    queuedMsMax: has(0) ? readVarint(reader, "queuedMsMax") : 0,
    heard: has(1) ? readVarint(reader, "heard") : null,
    reconnects: has(2) ? readVarint(reader, "reconnects") : 0,
    phases: has(3) ? { handshake: readHistogram(reader, "handshake"), login: readHistogram(reader, "login") } : null,
    controls: has(4) ? { asked: readVarint(reader, "controls"), answered: readVarint(reader, "answered") } : null,
  };
}

function writeSize(writer: ByteWriter, what: string, size: number, max: number): void {
  if (size > max) throw new RangeError(`${size} ${what}; the limit is ${max}`);
  writeVarint(writer, size);
}

function readList<T>(reader: ByteReader, what: string, max: number, bytesEach: number, readOne: () => T): T[] {
  const size = readCount(reader, what, max, bytesEach);
  const list: T[] = [];
  for (let position = 0; position < size; position++) list.push(readOne());
  return list;
}

function writeHistogram(writer: ByteWriter, histogram: Histogram): void {
  const bytes = encodeHistogram(histogram);
  writeVarint(writer, bytes.length);
  writeBytes(writer, bytes);
}

function readHistogram(reader: ByteReader, what: string): Histogram {
  const length = readVarint(reader, `${what} length`);
  const at = reader.offset;
  const bytes = readBytes(reader, length, what);
  try {
    return decodeHistogram(bytes);
  } catch (error) {
    // Its offsets count from its own first byte; say where that is.
    throw error instanceof MalformedBytes ? new MalformedBytes(what, `(${error.message}) of the EH1`, at) : error;
  }
}

function readInstant(reader: ByteReader, what: string, base: number): number {
  const at = reader.offset;
  return instant(base + unzigzag(readVarint(reader, what)), what, at);
}

/** 0 is null; else one more than the folded delta, so that a delta of 0 has its own spelling. */
function readInstantOrNull(reader: ByteReader, what: string, base: number): number | null {
  const at = reader.offset;
  const folded = readVarint(reader, what);
  return folded === 0 ? null : instant(base + unzigzag(folded - 1), what, at);
}

/** Within the range of Date (ECMA-262, section 21.4.1.1), so that whatever prints it later can not fail. */
function instant(ms: number, what: string, at: number): number {
  if (ms < 0 || ms > 8.64e15) throw new MalformedBytes(what, `${ms} is no instant`, at);
  return ms;
}

/** The word at a position that was just read. */
function oneOf<T>(words: readonly T[], position: number, what: string, reader: ByteReader): T {
  const word = words[position];
  if (word === undefined) throw new MalformedBytes(what, `${position} is unknown`, reader.offset - 1);
  return word;
}
