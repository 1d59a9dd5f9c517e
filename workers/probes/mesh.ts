// The words of `mesh`: questions from one region to another and their answers, as bytes. A question is
// `q <from> <slot> <payload>`; its answer is `a <answerer> <slot> <payload>`, with the same payload, to the asker's channel.
// Text, so that a person can read a capture. Whatever is not exactly that is somebody else's.

const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** A kind, a region's id of at most 31 characters, an instant, and three spaces. */
const HEAD_BYTES_MAX = 60;

export interface MeshMessage {
  readonly kind: "question" | "answer";
  /** The region that wrote it. */
  readonly from: string;
  readonly slotAt: number;
  readonly payload: Uint8Array;
}

export function meshBytes({ kind, from, slotAt, payload }: MeshMessage): Uint8Array {
  const head = encoder.encode(`${kind === "question" ? "q" : "a"} ${from} ${slotAt} `);
  const bytes = new Uint8Array(head.length + payload.length);
  bytes.set(head);
  bytes.set(payload, head.length);
  return bytes;
}

/** Null: not of these. */
export function readMesh(bytes: Uint8Array): MeshMessage | null {
  const text = decoder.decode(bytes.subarray(0, HEAD_BYTES_MAX));
  const match = /^([qa]) ([a-z][a-z0-9-]{0,30}) (\d{1,16}) /.exec(text);
  const [head, kind, from, slot] = match ?? [];
  if (head === undefined || from === undefined) return null;
  return {
    kind: kind === "q" ? "question" : "answer",
    from,
    slotAt: Number(slot),
    payload: bytes.subarray(head.length),
  };
}
