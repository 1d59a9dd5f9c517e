// An hour as 60 minutes of integers in one BLOB, kept for 400 days, so that any contract's minute rule can be applied to
// the past. Owns the bytes only: no clock, no verdicts. A minute that was not recorded is absent, never zero.
// Called by the hours' writer (collector) and by whoever judges a period (verdicts, reports, the page).
//
//   byte 0   version = 1
//   table    varint n, then n lists of limits: varint size, then each limit's distance in ms to the one before
//   8 bytes  which minutes are there: minute m is bit m % 8 of byte m / 8, lowest first
//   minutes  one byte of flags, then a varint for each flag that is set, in the order of FLAG below
//
// `scheduled` and the list of limits are taken over from the minute before unless flagged, so a quiet one is one byte.

import type { UnfitReason } from "../../schema/words.ts";
import { UNFIT_REASONS } from "../../schema/words.ts";
import type { OverLimit } from "./records.ts";
import { assertAccounting } from "./round-record.ts";
import type { ByteReader, ByteWriter } from "./varint.ts";
import {
  MalformedBytes,
  newReader,
  newWriter,
  readByte,
  readBytes,
  readCount,
  readEnd,
  readVarint,
  writeByte,
  writeBytes,
  writeVarint,
  written,
} from "./varint.ts";

/** What a minute rule needs. notSent = scheduled - ok - lost - error. */
export interface StripMinute {
  readonly scheduled: number;
  readonly ok: number;
  readonly lost: number;
  readonly error: number;
  readonly connectFail: number;
  readonly over: readonly OverLimit[];
  readonly unfit: UnfitReason;
  readonly revision: number;
}

const VERSION = 1;
const MINUTES = 60;
const BITMAP_BYTES = 8;
/** As in a record (envelope-record.ts). */
const MAX_LIMITS = 32;
const FLAG = { scheduled: 1, lost: 2, error: 4, notSent: 8, limits: 16, over: 32, unfit: 64, revision: 128 } as const;

/** The bytes of an hour; keys are minutes of the hour, 0..59. RangeError for another key, or counts that do not add up. */
export function encodeStrip(minutes: ReadonlyMap<number, StripMinute>): Uint8Array<ArrayBuffer> {
  const ordered = [...minutes].sort(([a], [b]) => a - b);
  const lists = new Map<string, { at: number; limitsMs: number[] }>();
  const bitmap = new Uint8Array(BITMAP_BYTES);
  for (const [minute, { over }] of ordered) {
    if (!Number.isInteger(minute) || minute < 0 || minute >= MINUTES)
      throw new RangeError(`minute ${minute} of an hour`);
    bitmap[minute >> 3] = (bitmap[minute >> 3] ?? 0) | (1 << (minute % 8));
    if (over.length > MAX_LIMITS) throw new RangeError(`${over.length} limits; the limit is ${MAX_LIMITS}`);
    if (!lists.has(listKey(over))) {
      lists.set(listKey(over), { at: lists.size, limitsMs: over.map((each) => each.limitMs) });
    }
  }
  const writer = newWriter();
  writeByte(writer, VERSION);
  writeVarint(writer, lists.size);
  for (const { limitsMs } of lists.values()) {
    writeVarint(writer, limitsMs.length);
    for (const [at, limitMs] of limitsMs.entries()) writeVarint(writer, limitMs - (limitsMs[at - 1] ?? 0));
  }
  writeBytes(writer, bitmap);
  let [scheduled, list] = [0, 0];
  for (const [, minute] of ordered) {
    const ownList = lists.get(listKey(minute.over))?.at ?? 0;
    writeMinute(writer, minute, ownList, scheduled, list);
    [scheduled, list] = [minute.scheduled, ownList];
  }
  return written(writer);
}

/** The hour of such bytes. MalformedBytes unless they are whole and every minute adds up. */
export function decodeStrip(bytes: Uint8Array): Map<number, StripMinute> {
  const reader = newReader(bytes);
  const version = readByte(reader, "strip version");
  if (version !== VERSION) throw new MalformedBytes("strip version", `${version} is unknown`, 0);
  const lists: number[][] = [];
  // At most one list for each minute.
  const size = readCount(reader, "strip limit lists", MINUTES, 1);
  for (let at = 0; at < size; at++) lists.push(readLimits(reader));
  const bitmapAt = reader.offset;
  const bitmap = readBytes(reader, BITMAP_BYTES, "strip minutes");
  // 8 bytes are 64 bits; the last four have no minute.
  if ((bitmap[7] ?? 0) > 0b1111) throw new MalformedBytes("strip minutes", "more than 60", bitmapAt);
  const minutes = new Map<number, StripMinute>();
  let [scheduled, list] = [0, 0];
  for (let minute = 0; minute < MINUTES; minute++) {
    if (((bitmap[minute >> 3] ?? 0) & (1 << (minute % 8))) === 0) continue;
    const read = readMinute(reader, `strip minute ${minute}`, lists, scheduled, list);
    [scheduled, list] = [read.minute.scheduled, read.list];
    minutes.set(minute, read.minute);
  }
  readEnd(reader, "strip");
  return minutes;
}

function writeMinute(
  writer: ByteWriter,
  minute: StripMinute,
  list: number,
  lastScheduled: number,
  lastList: number,
): void {
  const { scheduled, ok, lost, error, connectFail, over, unfit, revision } = minute;
  const notSent = scheduled - ok - lost - error;
  assertStripMinute(minute);
  const hasOver = over.some((each) => each.count > 0);
  writeByte(
    writer,
    (scheduled !== lastScheduled ? FLAG.scheduled : 0) +
      (lost > 0 ? FLAG.lost : 0) +
      (error > 0 ? FLAG.error : 0) +
      (notSent > 0 ? FLAG.notSent : 0) +
      (list !== lastList ? FLAG.limits : 0) +
      (hasOver ? FLAG.over : 0) +
      (unfit !== "none" ? FLAG.unfit : 0) +
      (revision > 0 ? FLAG.revision : 0),
  );
  if (scheduled !== lastScheduled) writeVarint(writer, scheduled);
  if (lost > 0) writeVarint(writer, lost);
  // Connect failures are part of the errors: none without an error.
  if (error > 0) writeVarint(writer, error);
  if (error > 0) writeVarint(writer, connectFail);
  if (notSent > 0) writeVarint(writer, notSent);
  if (list !== lastList) writeVarint(writer, list);
  if (hasOver) for (const { count } of over) writeVarint(writer, count);
  if (unfit !== "none") writeByte(writer, UNFIT_REASONS.indexOf(unfit));
  if (revision > 0) writeVarint(writer, revision);
}

function readMinute(
  reader: ByteReader,
  what: string,
  lists: readonly number[][],
  lastScheduled: number,
  lastList: number,
): { minute: StripMinute; list: number } {
  const at = reader.offset;
  const flags = readByte(reader, what);
  const numberIf = (flag: number, otherwise: number): number =>
    (flags & flag) === 0 ? otherwise : readVarint(reader, what);
  const scheduled = numberIf(FLAG.scheduled, lastScheduled);
  const lost = numberIf(FLAG.lost, 0);
  const error = numberIf(FLAG.error, 0);
  const connectFail = numberIf(FLAG.error, 0);
  const notSent = numberIf(FLAG.notSent, 0);
  const list = numberIf(FLAG.limits, lastList);
  const limitsMs = lists[list];
  if (limitsMs === undefined) throw new MalformedBytes(what, `limit list ${list} is unknown`, at);
  const over = limitsMs.map((limitMs) => ({ limitMs, count: numberIf(FLAG.over, 0) }));
  const unfit = UNFIT_REASONS[(flags & FLAG.unfit) === 0 ? 0 : readByte(reader, what)];
  if (unfit === undefined) throw new MalformedBytes(what, "unknown reason", reader.offset - 1);
  const revision = numberIf(FLAG.revision, 0);
  const ok = scheduled - lost - error - notSent;
  const minute: StripMinute = { scheduled, ok, lost, error, connectFail, over, unfit, revision };
  try {
    assertStripMinute(minute);
  } catch (error_) {
    throw error_ instanceof RangeError ? new MalformedBytes(what, error_.message, at) : error_;
  }
  return { minute, list };
}

function readLimits(reader: ByteReader): number[] {
  const at = reader.offset;
  const limitsMs: number[] = [];
  const size = readCount(reader, "strip limits", MAX_LIMITS, 1);
  for (let position = 0; position < size; position++) {
    limitsMs.push((limitsMs.at(-1) ?? 0) + readVarint(reader, "strip limit"));
  }
  if (limitsMs.some((limitMs) => !Number.isSafeInteger(limitMs))) {
    throw new MalformedBytes("strip limits", "above 2^53-1", at);
  }
  return limitsMs;
}

/** RangeError unless the minute's integers add up; the evidence-only counts are not in a strip. */
function assertStripMinute(minute: StripMinute): void {
  const notSent = minute.scheduled - minute.ok - minute.lost - minute.error;
  const absent = { duplicate: 0, reordered: 0, corrupt: 0, foreign: 0, afterDeadline: 0 };
  assertAccounting({ ...minute, ...absent, notSent });
}

function listKey(over: readonly OverLimit[]): string {
  return over.map((each) => each.limitMs).join();
}
