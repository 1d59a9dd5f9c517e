// Bodies that a gateway might answer in its worst hour, from a seed: JSON of every wrong shape, JSON cut short, bytes that are
// none. For tests of what reads them.

import { between, oneOf } from "./random.ts";

const KEYS = [
  "result",
  "code",
  "request_id",
  "errorCode",
  "reason",
  "__proto__",
  "constructor",
  "toString",
  "",
  "length",
];
const WORDS = [
  "success",
  "failed",
  "message_sent",
  "message_delivered",
  "message_offline",
  "",
  "null",
  "\u0000",
  "✓".repeat(9),
];

/** One body. Often near to a good one, so that each check is met; seldom one that is good. */
export function hostileBody(random: () => number): string {
  const text = JSON.stringify(valueOf(random, 0)) ?? "undefined";
  const kind = random();
  if (kind < 0.1) return text.slice(0, between(random, 0, text.length));
  if (kind < 0.2) return text + text;
  if (kind < 0.3) return bytes(random);
  if (kind < 0.4) return spoilt(text, random);
  if (kind < 0.42) return "[".repeat(between(random, 1, 6_000));
  return text;
}

function valueOf(random: () => number, depth: number): unknown {
  const kind = depth === 0 && random() < 0.7 ? 0 : between(random, 0, depth > 3 ? 5 : 7);
  switch (kind) {
    case 0:
    case 7: {
      const count = between(random, 0, 5);
      // An own property, whatever it is called: assigning to __proto__ would do something else.
      const entries = Array.from({ length: count }, () => [oneOf(random, KEYS), valueOf(random, depth + 1)] as const);
      return Object.fromEntries(entries);
    }
    case 1:
      return oneOf(random, WORDS);
    case 2:
      return oneOf(random, [0, -1, 200, 1e308, -0, 2 ** 53]);
    case 3:
      return random() < 0.5;
    case 4:
      return null;
    case 5:
      return oneOf(random, WORDS);
    default:
      return Array.from({ length: between(random, 0, 4) }, () => valueOf(random, depth + 1));
  }
}

function bytes(random: () => number): string {
  return String.fromCharCode(...Array.from({ length: between(random, 0, 60) }, () => between(random, 0, 0xffff)));
}

function spoilt(text: string, random: () => number): string {
  const at = between(random, 0, Math.max(0, text.length - 1));
  return text.slice(0, at) + oneOf(random, ['"', "{", "}", "\\", "\u0000", ",", ":"]) + text.slice(at + 1);
}
