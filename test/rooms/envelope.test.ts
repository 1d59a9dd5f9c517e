// Aim: what a prober measured is what the collector reads, in few bytes; and nothing that a stranger sends can do more
// than be refused by name.
// Method: seeded envelopes there and back; sizes printed; each limit met; every truncation and every byte of a real
// envelope changed, with EnvelopeError as the only error allowed, and only records that add up as the only result.

import { describe, expect, test } from "vitest";
import { JOURNEYS, PURPOSES } from "../../schema/words.ts";
import type { Envelope } from "../../workers/results/envelope.ts";
import {
  EnvelopeError,
  MAX_ENVELOPE_BYTES,
  MAX_RECORDS,
  decodeEnvelope,
  encodeEnvelope,
  signedPart,
} from "../../workers/results/envelope.ts";
import type { RoundRecord } from "../../workers/results/records.ts";
import { assertRound, recordRound } from "../../workers/results/round-record.ts";
import { HASH, T0, facts, neverReady, observe, randomObservation } from "../observations.ts";
import { between, mulberry32, oneOf } from "../random.ts";

const TYPICAL = [38, 41, 42, 42, 42, 43, 44, 44, 45, 47, 47, 48, 51, 55, 61, 87, 203, 640, 42, 44];

function envelope(records: readonly RoundRecord[], more: Partial<Envelope> = {}): Envelope {
  const head = {
    prober: "weur.0.1",
    generation: 1,
    software: "0.1.0+0dc9cdc",
    configHash: HASH,
    sequence: 7,
    dropped: 0,
  };
  return { ...head, records, signature: null, ...more };
}

function typicalRound(slotAt = T0): RoundRecord {
  const seen = observe(".".repeat(20), {}, slotAt);
  const messages = seen.messages.map((each) => ({ ...each, receivedAt: each.intendedAt + (TYPICAL[each.seq] ?? 0) }));
  return recordRound({ ...seen, messages }, facts({ slotAt, limitsMs: [100, 150, 200, 500, 1_000] }));
}

function randomRound(random: () => number): RoundRecord {
  const scheduled = between(random, 1, 30);
  const slotAt = T0 + 60_000 * between(random, -3, 50);
  const region = oneOf(random, ["weur", "apac-ne", "上海"]);
  const own = { heard: oneOf(random, [null, between(random, 0, 30)]), reconnects: between(random, 0, 2) };
  const record = recordRound(
    { ...randomObservation(random, scheduled, slotAt), ...own },
    facts({
      scheduled,
      slotAt,
      limitsMs: oneOf(random, [[], [200], [100, 200, 500, 1_000]]),
      purpose: oneOf(random, PURPOSES),
      series: { target: "chat", region, journey: oneOf(random, JOURNEYS), peer: oneOf(random, ["", "oc"]) },
      everyMs: oneOf(random, [10_000, 60_000, 300_000]),
      place: oneOf(random, ["", "FRA"]),
    }),
  );
  return { ...record, controls: oneOf(random, [null, { asked: 3, answered: between(random, 0, 3) }]) };
}

describe("there and back", () => {
  test("a healthy round, with and without a signature", () => {
    for (const signature of [null, Uint8Array.from({ length: 64 }, (_, at) => at)]) {
      const sent = envelope([typicalRound()], { signature });
      expect(decodeEnvelope(encodeEnvelope(sent))).toEqual(sent);
    }
  });

  test("version 1, as it was written before a record knew phases, queues and peers", () => {
    const kept =
      "0106776575722e3005302e312e30032a000123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef01046368617404" +
      "776575720000010080a0bfc6b2680006f101e05de0d40303020100000001000001036401c80101f403000b010703882702c91500d4050901" +
      "0700b81702c01830ad02010209010103b803e505f02e000346524100";
    const { sequence, records } = decodeEnvelope(Uint8Array.from(Buffer.from(kept, "hex")));
    expect(sequence).toBe(42);
    expect(records).toEqual([recordRound(observe("..xX!o", {}, T0), facts({ scheduled: 6 }))]);
  });

  test("seeded envelopes of every kind of round", () => {
    const random = mulberry32(31);
    for (let round = 0; round < 200; round++) {
      const records = Array.from({ length: between(random, 0, 8) }, () => randomRound(random));
      const sent = envelope(records, { generation: between(random, 0, 9), dropped: between(random, 0, 1_000_000) });
      expect(decodeEnvelope(encodeEnvelope(sent))).toEqual(sent);
    }
  });

  test("equal envelopes are equal bytes", () => {
    expect(encodeEnvelope(envelope([typicalRound()]))).toEqual(encodeEnvelope(envelope([typicalRound()])));
  });

  test("small: a healthy record stays below 150 bytes, a refused one below 100", () => {
    const head = encodeEnvelope(envelope([])).length;
    const bytesOf = (...records: RoundRecord[]): number => encodeEnvelope(envelope(records)).length - head;
    const next = typicalRound(T0 + 60_000);
    const refused = recordRound(neverReady(), facts());
    console.log(
      `envelope: head ${head}, first healthy record with its series ${bytesOf(typicalRound())}, ` +
        `each further one ${bytesOf(typicalRound(), next) - bytesOf(typicalRound())}, refused one ${bytesOf(refused)} bytes`,
    );
    expect(bytesOf(typicalRound())).toBeLessThan(150);
    expect(bytesOf(refused)).toBeLessThan(100);
  });

  test("a signature covers all that is before it, and does not change it", () => {
    const unsigned = encodeEnvelope(envelope([typicalRound()]));
    const signed = encodeEnvelope(envelope([typicalRound()], { signature: new Uint8Array(64).fill(9) }));
    expect(signedPart(signed)).toEqual(signedPart(unsigned));
    expect(signedPart(signed)).toEqual(unsigned.subarray(0, -1));
    expect(signed).toHaveLength(unsigned.length + 64);
  });
});

describe("not written", () => {
  test.each<[string, Partial<Envelope>, string]>([
    [
      "a record of another configuration",
      { records: [{ ...typicalRound(), configHash: "f".repeat(64) }] },
      "record 0: config",
    ],
    ["a hash that is none", { configHash: "x" }, "64 hex digits"],
    [
      "a record that does not add up",
      { records: [typicalRound(), { ...typicalRound(), ok: 19 }] },
      "record 1: accounting",
    ],
    ["half a millisecond", { records: [{ ...typicalRound(), endedAt: T0 + 0.5 }] }, "record 0: 0.5"],
    ["a long name", { prober: "p".repeat(129) }, "prober is longer than 128 bytes"],
    ["a long place", { records: [{ ...typicalRound(), place: "上".repeat(43) }] }, "record 0: place is longer"],
    ["an empty signature", { signature: new Uint8Array(0) }, "signature of 0 bytes"],
    ["a long signature", { signature: new Uint8Array(129) }, "signature of 129 bytes"],
    ["too many records", { records: Array<RoundRecord>(MAX_RECORDS + 1).fill(typicalRound()) }, "4097 records"],
  ])("%s", (_, change, message) => {
    expect(() => encodeEnvelope(envelope([typicalRound()], change))).toThrow(EnvelopeError);
    expect(() => encodeEnvelope(envelope([typicalRound()], change))).toThrow(message);
  });

  test("too many bytes: neither written nor looked at", () => {
    const noisy = recordRound(observe("x.".repeat(200)), facts({ scheduled: 400 }));
    expect(() => encodeEnvelope(envelope(Array<RoundRecord>(2_000).fill(noisy)))).toThrow("the limit is 1000000");
    expect(() => decodeEnvelope(new Uint8Array(MAX_ENVELOPE_BYTES + 1))).toThrow("the limit is 1000000");
  });

  test("as many records as allowed do fit", () => {
    const records = Array.from({ length: MAX_RECORDS }, (_, at) => typicalRound(T0 + at * 60_000));
    const bytes = encodeEnvelope(envelope(records));
    expect(decodeEnvelope(bytes).records).toHaveLength(MAX_RECORDS);
  });
});

describe("not read", () => {
  const sent = envelope(
    [typicalRound(), recordRound(observe("..xX!o", {}, T0 + 60_000), facts({ scheduled: 6, slotAt: T0 + 60_000 }))],
    {
      signature: Uint8Array.of(1, 2, 3),
    },
  );
  const bytes = encodeEnvelope(sent);

  test.each<[string, Uint8Array, string]>([
    ["nothing", new Uint8Array(0), "signature length: truncated at byte 0"],
    ["another version", bytes.with(0, 3), "envelope: version: 3 is unknown at byte 0"],
    ["a signature longer than the rest", Uint8Array.of(1, 5), "signature length: 5 does not fit at byte 1"],
    ["a head cut off", Uint8Array.of(...bytes.subarray(0, 30), 0), "envelope: configuration hash: truncated"],
    ["the last record cut off", Uint8Array.of(...signedPart(bytes).subarray(0, -1), 0), "record 1: flags: truncated"],
    ["something behind the last record", Uint8Array.of(...signedPart(bytes), 0, 0), "records: 1 trailing bytes"],
  ])("%s", (_, wrong, message) => {
    expect(() => decodeEnvelope(wrong)).toThrow(EnvelopeError);
    expect(() => decodeEnvelope(wrong)).toThrow(message);
  });

  test("every truncation is refused by name", () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeEnvelope(bytes.subarray(0, length))).toThrow(EnvelopeError);
    }
  });

  test("every change of one byte is refused by name, or reads as records that add up", () => {
    const seen = { decoded: 0, refused: 0 };
    for (let at = 0; at < bytes.length; at++) {
      // Every fourth value, another quarter at each place: all 256 would take seconds and find the same.
      for (let value = at % 4; value < 256; value += 4) {
        try {
          for (const record of decodeEnvelope(bytes.with(at, value)).records) assertRound(record);
          seen.decoded += 1;
        } catch (error) {
          if (!(error instanceof EnvelopeError)) throw error;
          seen.refused += 1;
        }
      }
    }
    expect(seen.decoded).toBeGreaterThan(1_000);
    expect(seen.refused).toBeGreaterThan(1_000);
  });

  test("noise is refused by name", () => {
    const random = mulberry32(32);
    const head = [...signedPart(encodeEnvelope(envelope([])))];
    for (let round = 0; round < 5_000; round++) {
      const noise = Array.from({ length: between(random, 1, 120) }, () => between(random, 0, 255));
      const start = round % 2 === 0 ? head.slice(0, -2) : [1];
      expect(() => decodeEnvelope(Uint8Array.from([...start, ...noise, 0]))).toThrow(EnvelopeError);
    }
  });
});
