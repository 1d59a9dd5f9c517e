// Aim: what counts, what is only kept, and a sentence for each refusal; a row of a wake comes back as it was packed.
// Method: tables around the limits; hostile bytes; every truncation of a packed wake.

import { describe, expect, it } from "vitest";

import { decodeEnvelope, encodeEnvelope } from "../../workers/results/envelope.ts";
import { AHEAD_LIMIT_MS, countable, LATE_LIMIT_MS } from "../../workers/results/intake.ts";
import { recordRound } from "../../workers/results/round-record.ts";
import { MalformedBytes } from "../../workers/results/varint.ts";
import { packWake, unpackWake } from "../../workers/results/wake.ts";
import { facts, HASH, observe, T0 } from "../observations.ts";

function envelope(slots: readonly number[], target = "chat"): Uint8Array {
  const records = slots.map((slotAt) =>
    recordRound(
      observe("....", {}, slotAt),
      facts({ slotAt, scheduled: 4, series: { target, region: "weur", journey: "loop", peer: "" } }),
    ),
  );
  return encodeEnvelope({
    prober: "weur.0",
    generation: 1,
    software: "0.1.0",
    configHash: HASH,
    sequence: 1,
    dropped: 0,
    records,
    signature: null,
  });
}

describe("what counts", () => {
  it.each([
    ["now", T0, [0], null],
    ["just within 7 days", T0 - LATE_LIMIT_MS, [0], null],
    ["older than that", T0 - LATE_LIMIT_MS - 1_000, [], /more than 7 days old/],
    ["a little ahead of our clock", T0 + AHEAD_LIMIT_MS, [0], null],
    ["far ahead", T0 + AHEAD_LIMIT_MS + 1_000, [], /more than 5 minutes ahead/],
  ] as const)("%s", (_, slotAt, counted, refusal) => {
    const judged = countable("chat", envelope([slotAt]), T0, decodeEnvelope);
    expect(judged.counted).toEqual(counted);
    if (refusal === null) expect(judged.refusal).toBeNull();
    else expect(judged.refusal).toMatch(refusal);
  });

  it("one bad record does not take the others with it", () => {
    const judged = countable("chat", envelope([T0, T0 - LATE_LIMIT_MS - 60_000, T0 + 60_000]), T0, decodeEnvelope);
    expect(judged.counted).toEqual([0, 2]);
    expect(judged.records).toHaveLength(3);
  });

  it("another target's record is refused by name", () => {
    expect(countable("chat", envelope([T0], "mail"), T0, decodeEnvelope)).toMatchObject({
      counted: [],
      refusal: "a record of target mail reached the collector of chat",
    });
  });

  it.each([
    [new Uint8Array()],
    [new Uint8Array(1_000).fill(255)],
    [new TextEncoder().encode("<script>alert(1)</script>")],
  ])("hostile bytes are a refusal, never an exception", (bytes) => {
    const judged = countable("chat", bytes, T0, decodeEnvelope);
    expect(judged.records).toEqual([]);
    expect(judged.refusal).toBeTypeOf("string");
  });
});

describe("a packed wake", () => {
  const parts = [
    { target: "chat", envelope: envelope([T0]) },
    { target: "mail", envelope: envelope([T0], "mail") },
  ];

  it("comes back as it was, none and many", () => {
    expect(unpackWake(packWake(parts))).toEqual(parts);
    expect(unpackWake(packWake([]))).toEqual([]);
  });

  it("cut short anywhere it is refused", () => {
    const bytes = packWake(parts);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => unpackWake(bytes.subarray(0, length)), `${length} bytes`).toThrow(MalformedBytes);
    }
  });
});
