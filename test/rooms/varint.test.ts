// Aim: bytes come back as the numbers and texts they were, and bytes that nobody of ours wrote are refused by name.
// Method: golden spellings (DWARF 5, figure 7.22 and the edges of 2^31, 2^32, 2^49, 2^53), seeded round trips, a table of
// malformed bytes. Also pins the seeded generator to the draws that reference/sla.md section 3 gives.

import { describe, expect, test } from "vitest";
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
  unzigzag,
  writeByte,
  writeBytes,
  writeText,
  writeVarint,
  written,
  zigzag,
} from "../../workers/results/varint.ts";
import { between, mulberry32, shuffled } from "../random.ts";

const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const spelled = (value: number): string => {
  const writer = newWriter();
  writeVarint(writer, value);
  return hexOf(written(writer));
};

describe("varint", () => {
  test.each([
    [0, "00"],
    [2, "02"],
    [127, "7f"],
    [128, "8001"],
    [129, "8101"],
    [12857, "b964"],
    [2 ** 31, "8080808008"],
    [2 ** 32, "8080808010"],
    [2 ** 49 - 1, "ffffffffffff7f"],
    [2 ** 49, "8080808080808001"],
    [2 ** 53 - 1, "ffffffffffffff0f"],
  ])("%d is %s", (value, hex) => {
    expect(spelled(value)).toBe(hex);
    expect(readVarint(newReader(bytesOf(hex)), "n")).toBe(value);
  });

  test("any safe integer comes back", () => {
    const random = mulberry32(1);
    for (let round = 0; round < 5_000; round++) {
      const value = Math.floor(random() * 2 ** between(random, 0, 53));
      expect(readVarint(newReader(bytesOf(spelled(value))), "n")).toBe(value);
    }
  });

  test.each([-1, 0.5, Number.NaN, Infinity, 2 ** 53])("%d is never written", (value) => {
    expect(() => spelled(value)).toThrow(RangeError);
  });

  test.each([
    ["", "n: truncated at byte 0"],
    ["80", "n: truncated at byte 1"],
    ["ffff", "n: truncated at byte 2"],
    ["8000", "n: over-long varint at byte 0"],
    ["ff00", "n: over-long varint at byte 0"],
    ["808080808000", "n: over-long varint at byte 0"],
    ["8080808080808010", "n: varint above 2^53-1 at byte 0"],
    ["ffffffffffffff7f", "n: varint above 2^53-1 at byte 0"],
    ["ffffffffffffffff01", "n: varint above 2^53-1 at byte 0"],
  ])("%s is refused", (hex, message) => {
    expect(() => readVarint(newReader(bytesOf(hex)), "n")).toThrow(MalformedBytes);
    expect(() => readVarint(newReader(bytesOf(hex)), "n")).toThrow(message);
  });
});

describe("zigzag", () => {
  test.each([
    [0, 0],
    [-1, 1],
    [1, 2],
    [-2, 3],
    [-426, 851],
    [2 ** 52 - 1, 2 ** 53 - 2],
    [-(2 ** 52), 2 ** 53 - 1],
  ])("%d folds to %d", (value, folded) => {
    expect(zigzag(value)).toBe(folded);
    expect(unzigzag(folded)).toBe(value);
  });

  test.each([2 ** 52, -(2 ** 52) - 1, 0.5, Number.NaN])("%d is refused", (value) => {
    expect(() => zigzag(value)).toThrow(RangeError);
  });
});

describe("writer and reader", () => {
  test("a mixed sequence comes back, beyond the first buffer", () => {
    const writer = newWriter();
    const texts = ["", "FRA", "上海电信", "\uFEFFmark", "x".repeat(100)];
    writeByte(writer, 255);
    for (const text of texts) writeText(writer, text);
    writeBytes(writer, Uint8Array.of(1, 2, 3));
    const reader = newReader(written(writer));
    expect(readByte(reader, "byte")).toBe(255);
    expect(texts.map(() => readText(reader, "text", 100))).toEqual(texts);
    expect([...readBytes(reader, 3, "bytes")]).toEqual([1, 2, 3]);
    readEnd(reader, "all");
  });

  test("what can not come back is not written", () => {
    expect(() => writeText(newWriter(), "\uD800")).toThrow("lone surrogate");
    expect(() => writeByte(newWriter(), 256)).toThrow(RangeError);
    expect(() => writeByte(newWriter(), -1)).toThrow(RangeError);
  });

  test.each([
    ["text longer than allowed", "056162636465", "text: 5 is more than 4 at byte 0"],
    ["text cut off", "0361", "text: truncated: 3 announced at byte 0"],
    ["text that is no UTF-8", "02c328", "text: invalid UTF-8 at byte 1"],
  ])("%s", (_, hex, message) => {
    expect(() => readText(newReader(bytesOf(hex)), "text", 4)).toThrow(message);
  });

  test("a count that can not be in the rest is refused before any loop", () => {
    expect(() => readCount(newReader(bytesOf("ffffffff0f00")), "things", 2 ** 40, 1)).toThrow("truncated");
    expect(() => readBytes(newReader(bytesOf("00")), 2, "part")).toThrow(
      "part: truncated: 2 bytes announced at byte 0",
    );
    expect(() => readEnd(newReader(bytesOf("0000")), "all")).toThrow("all: 2 trailing bytes at byte 0");
  });
});

describe("the seeded generator", () => {
  test("draws of seed 7 are those of the reference", () => {
    const random = mulberry32(7);
    const draws = Array.from({ length: 5 }, () => random() * 2 ** 32);
    expect(draws).toEqual([50271532, 266108690, 4195786334, 3002305430, 2239590375]);
  });

  test("shuffling keeps every element", () => {
    const list = Array.from({ length: 50 }, (_, at) => at);
    const other = shuffled(mulberry32(2), list);
    expect(other).not.toEqual(list);
    expect(other.sort((a, b) => a - b)).toEqual(list);
  });
});
