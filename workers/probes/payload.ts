// The bytes of a probe message, and how one's own are known again. Text, so that a person can read a capture:
// `sonde1 <run id> <sequence> <nonce> ` and padding. A message counts only if it is, byte for byte, what was sent in
// this run: a retained or foreign one never does.

const MAGIC = "sonde1";
const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** One message. `runId` and `nonce` hold no spaces; padded with dots to `bytes` (never cut: the head always fits). */
export function payloadOf(runId: string, seq: number, nonce: string, bytes: number): Uint8Array {
  return encoder.encode(`${MAGIC} ${runId} ${seq} ${nonce} `.padEnd(bytes, "."));
}

/** What arrived: one of this run's messages, one of them damaged on the way, or somebody else's. */
export type Reading =
  | { readonly kind: "ours"; readonly seq: number }
  | { readonly kind: "corrupt" }
  | { readonly kind: "foreign" };

/** `sent`: the payloads of this run by sequence number. */
export function readPayload(data: Uint8Array, runId: string, sent: readonly Uint8Array[]): Reading {
  // Longer than any of ours: not worth decoding, however it begins.
  const head = decoder.decode(data.subarray(0, 200)).split(" ", 4);
  if (head[0] !== MAGIC || head[1] !== runId) return resembles(data, sent) ? { kind: "corrupt" } : { kind: "foreign" };
  const seq = /^\d{1,6}$/.test(head[2] ?? "") ? Number(head[2]) : -1;
  const original = sent[seq];
  return original !== undefined && equal(original, data) ? { kind: "ours", seq } : { kind: "corrupt" };
}

/** Damage to the run id itself: of the length of ours, and alike in more than nine of ten bytes. */
function resembles(data: Uint8Array, sent: readonly Uint8Array[]): boolean {
  return sent.some((original) => {
    if (original.length !== data.length) return false;
    let differing = 0;
    for (let i = 0; i < data.length; i++) if (data[i] !== original[i]) differing += 1;
    return differing * 10 < data.length && differing <= RUN_ID_DAMAGE;
  });
}

// Another run's message of the same length differs from ours in nearly all of 32 random hex digits of run id and nonce;
// a few flipped bytes do not.
const RUN_ID_DAMAGE = 6;

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
