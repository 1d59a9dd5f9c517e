// Aim: only a message of this very run, whole, counts; damage is seen as damage; anything else is foreign.
// Method: tables over real payloads; seeded damage to every byte.

import { describe, expect, it } from "vitest";

import { payloadOf, readPayload } from "../../workers/probes/payload.ts";
import { between, mulberry32 } from "../random.ts";

const RUN = "00112233aabbccdd";
const sent = Array.from({ length: 20 }, (_, seq) => payloadOf(RUN, seq, `nonce${seq}0123456789`, 100));
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("payloads", () => {
  it("are padded text that begins as documented", () => {
    const text = new TextDecoder().decode(payloadOf(RUN, 3, "abcd", 64));
    expect(text).toBe(`sonde1 ${RUN} 3 abcd `.padEnd(64, "."));
    expect(payloadOf(RUN, 3, "abcd", 10).length).toBeGreaterThan(10);
  });

  it("are known again, each as itself", () => {
    sent.forEach((payload, seq) => expect(readPayload(payload, RUN, sent)).toEqual({ kind: "ours", seq }));
  });

  it.each([
    ["a retained message of an older run", payloadOf("ffeeddccbbaa9988", 0, "nonce00123456789", 100), "foreign"],
    ["somebody else's", bytes("hello"), "foreign"],
    ["nothing", new Uint8Array(), "foreign"],
    ["a megabyte of zeros", new Uint8Array(1_000_000), "foreign"],
    ["this run, unknown sequence", payloadOf(RUN, 20, "nonce", 100), "corrupt"],
    ["this run, hostile sequence", bytes(`sonde1 ${RUN} __proto__ x `), "corrupt"],
    ["this run, huge sequence", bytes(`sonde1 ${RUN} 99999999999999999999 x `), "corrupt"],
    ["this run, wrong nonce", payloadOf(RUN, 0, "nonce99999999999", 100), "corrupt"],
    ["cut short", (sent[0] as Uint8Array).subarray(0, 99), "corrupt"],
  ])("%s is %s", (_, data, kind) => {
    expect(readPayload(data, RUN, sent).kind).toBe(kind);
  });

  it("damage to any byte is never taken for a delivery, nor blamed on strangers", () => {
    const random = mulberry32(7);
    const payload = sent[4] as Uint8Array;
    for (let at = 0; at < payload.length; at++) {
      const damaged = payload.slice();
      damaged[at] = ((damaged[at] as number) + between(random, 1, 255)) % 256;
      expect(readPayload(damaged, RUN, sent).kind, `byte ${at}`).toBe("corrupt");
    }
  });
});
