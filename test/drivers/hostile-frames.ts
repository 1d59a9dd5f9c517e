// Frames that no gateway should send, from a seed: broken JSON, wrong shapes, polluting names, depth, size, bytes that are no
// UTF-8, answers to nobody, and good frames with one thing changed. Pure; for the fuzz tests of the driver `websocket`.

import { between, oneOf } from "../random.ts";

export type HostileFrame = string | Uint8Array;

/** What gateway.server.ts says on a good day. None of them answers anything that was asked. */
const GOOD = [
  '{"type":"ack","ref":"nobody-1"}',
  '{"type":"refused","ref":"nobody-2","why":"no"}',
  '{"type":"said","room":"elsewhere","text":"sonde1 0 0 0 ..."}',
  '{"type":"said","room":"lab","text":"somebody else\'s"}',
  '{"type":"notice","text":"hello","list":[1,2,{"a":null}]}',
];

const SHAPES = [
  "",
  " ",
  "null",
  "true",
  "0",
  "1e400",
  '""',
  "[]",
  "{}",
  "[[]]",
  '["said","lab"]',
  '[{"type":"said","room":"lab","text":"x"}]',
  '{"type":["said"],"room":{"lab":1},"text":[]}',
  '{"type":"said","room":"lab","text":{"toString":"x"}}',
  '{"type":"said","room":"lab","text":7}',
  '{"type":"said","room":"lab"}',
  '{"type":"ack","ref":{}}',
  '{"type":"ack","ref":null}',
  '{"type":"ack"}',
  '{"__proto__":{"type":"said","room":"lab","text":"polluted"}}',
  '{"constructor":{"prototype":{"type":"said"}},"type":"x"}',
  '{"type":"said","room":"lab","text":"\\ud800"}',
  '{"type":"said","type":"x","room":"lab","text":"twice"}',
  '{"a":1}{"b":2}',
  '42["said"]',
  "{'type':'said'}",
  "\u0000",
  "\ufeff{}",
  "MSG",
  "MSG lab ",
  "ACK ",
  "ACK nobody",
  "READY READY",
];

export function hostileFrame(random: () => number): HostileFrame {
  switch (between(random, 0, 9)) {
    case 0:
      return oneOf(random, GOOD);
    case 1:
    case 2:
      return oneOf(random, SHAPES);
    case 3:
      return nested(random);
    case 4:
      return Uint8Array.from({ length: between(random, 0, 60) }, () => between(random, 0, 255));
    case 5:
      return new TextEncoder().encode(changed(random, oneOf(random, GOOD)));
    case 6:
      return long(random);
    case 7:
      return brokenUtf8(random);
    default:
      return changed(random, oneOf(random, GOOD));
  }
}

/** One to four characters taken out, doubled or put in place of others. */
function changed(random: () => number, frame: string): string {
  const letters = [...frame];
  for (let times = between(random, 1, 4); times > 0; times -= 1) {
    const at = between(random, 0, letters.length);
    const put = random() < 0.3 ? "" : String.fromCharCode(between(random, 1, random() < 0.9 ? 126 : 0xffff));
    letters.splice(at, between(random, 0, 2), put);
  }
  return letters.join("");
}

function nested(random: () => number): string {
  const depth = between(random, 1, random() < 0.02 ? 100_000 : 200);
  const [open, close] = oneOf(random, [
    ["[", "]"],
    ['{"type":', "}"],
    ['{"__proto__":', "}"],
  ] as const);
  return `${open.repeat(depth)}1${random() < 0.8 ? close.repeat(depth) : ""}`;
}

function long(random: () => number): string {
  const chars = random() < 0.01 ? 1_100_000 : between(random, 1, 3_000);
  return random() < 0.5 ? "x".repeat(chars) : `{"type":"said","room":"lab","text":"${"y".repeat(chars)}"}`;
}

/** A good frame with a byte that no UTF-8 has. */
function brokenUtf8(random: () => number): Uint8Array {
  const bytes = new TextEncoder().encode(oneOf(random, GOOD));
  bytes[between(random, 0, bytes.length - 1)] = oneOf(random, [0x80, 0xc0, 0xff, 0xfe, 0xed]);
  return bytes;
}
