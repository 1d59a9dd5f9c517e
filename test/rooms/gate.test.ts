// Aim: at most six handshakes at once; the wait is reported apart; a failed handshake frees its place.
// Method: handshakes that end when the test says so, on a clock that the test moves.

import { expect, it } from "vitest";

import { HANDSHAKES_AT_ONCE, openGate } from "../../workers/probes/gate.ts";

it("lets six through, and the seventh when one is done, with its wait", async () => {
  let now = 1_000;
  const gate = openGate(() => now);
  const started: number[] = [];
  const ends: (() => void)[] = [];
  const runs = Array.from({ length: 8 }, (_, i) =>
    gate.run(() => {
      started.push(i);
      return new Promise<number>((resolve) => void ends.push(() => resolve(i)));
    }),
  );
  await Promise.resolve();
  expect(started).toEqual([0, 1, 2, 3, 4, 5]);
  expect(started).toHaveLength(HANDSHAKES_AT_ONCE);
  now += 40;
  ends[2]?.();
  expect(await runs[2]).toEqual({ value: 2, queuedMs: 0 });
  expect(started).toEqual([0, 1, 2, 3, 4, 5, 6]);
  now += 5;
  ends[6]?.();
  expect(await runs[6]).toEqual({ value: 6, queuedMs: 40 });
  ends[7]?.();
  expect(await runs[7]).toEqual({ value: 7, queuedMs: 45 });
});

it("a handshake that fails frees its place", async () => {
  const gate = openGate(() => 0, 1);
  await expect(gate.run(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await gate.run(() => Promise.resolve("in"))).toEqual({ value: "in", queuedMs: 0 });
});
