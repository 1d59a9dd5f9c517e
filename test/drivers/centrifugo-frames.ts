// Frames that no good Centrifugo sends, from a seed. `fuzz`: a client must shrug and go on. `wild`: these and others, after
// which a session may end. Never a reply to what a probe asked, save that its numbers may be guessed.

import { between, oneOf } from "../random.ts";

const HARMLESS: readonly string[] = [
  "{}",
  "\n\n{}\n",
  "{}\n{}\n{}",
  " ",
  '{"id":0}',
  '{"id":4000000000,"publish":{}}',
  '{"id":999999,"error":{"code":101,"message":"not yours"}}',
  '{"id":999998,"error":"text"}',
  '{"id":999997,"connect":null,"subscribe":17}',
  '{"push":null}',
  '{"push":{}}',
  '{"push":{"channel":"other:channel","pub":{"data":"sonde1"}}}',
  '{"push":{"channel":17,"pub":{}}}',
  '{"push":{"pub":{"data":{"toString":1}}}}',
  '{"push":{"channel":"__proto__","pub":{"data":null}}}',
  '{"push":{"channel":"constructor","unsubscribe":{"code":2500}}}',
  '{"push":{"id":4000000000,"pub":{"data":"x"}}}',
  '{"push":{"channel":"CHANNEL","join":{"info":null}}}',
  '{"push":{"channel":"CHANNEL","join":17}}',
  '{"push":{"channel":"CHANNEL","leave":{}}}',
  '{"push":{"channel":"CHANNEL","subscribe":{"recoverable":true,"epoch":{"a":1}}}}',
  '{"push":{"message":{"data":"hello"}}}',
  '{"push":{"refresh":{"expires":true,"ttl":-1}}}',
  '{"push":{"connect":{"client":1}}}',
  '{"unknown":{"a":[1,2,3]}}',
  '{"__proto__":{"id":1,"push":{"disconnect":{"code":3500}}}}',
];

const FATAL: readonly string[] = [
  "",
  "{",
  "null",
  "17",
  "[]",
  '"text"',
  "true",
  "undefined",
  '{"id":"1"}',
  '{"id":-1}',
  '{"id":1.5}',
  '{"id":1e300}',
  '{"push":17}',
  '{"push":[]}',
  '{"push":{"pub":17}}',
  '{"push":{"channel":"CHANNEL","pub":[]}}',
  '{"push":{"channel":"CHANNEL","unsubscribe":{"code":2000}}}',
  '{"push":{"channel":"CHANNEL","unsubscribe":{"code":2501}}}',
  '{"push":{"channel":"CHANNEL","unsubscribe":{}}}',
  '{"push":{"channel":"CHANNEL","unsubscribe":{"code":"x"}}}',
  '{"push":{"disconnect":{}}}',
  '{"push":{"disconnect":{"code":3001,"reason":"bye"}}}',
  '{"push":{"disconnect":{"code":3500,"reason":{"toString":1}}}}',
  '{"id":2,"error":{"code":3}}',
  '{"id":3,"error":[]}',
  '{"id":2,"subscribe":17}',
  "{}\n{\n{}",
];

export function* hostileReplies(
  random: () => number,
  count: number,
  kind: "fuzz" | "wild",
  channel: string,
): Generator<string | Uint8Array> {
  for (let i = 0; i < count; i++) yield frame(random, kind === "fuzz" ? 0 : random(), channel);
}

function frame(random: () => number, roll: number, channel: string): string | Uint8Array {
  const known = (list: readonly string[]): string => oneOf(random, list).replace("CHANNEL", channel);
  if (roll < 0.85) return known(HARMLESS);
  if (roll < 0.9) return known(FATAL);
  if (roll < 0.96) return damaged(random, known([...HARMLESS, ...FATAL]));
  if (roll < 0.98) return "".padEnd(between(random, 1, 3_000), oneOf(random, ["[", "{", '{"push":', "\u0000", "😀"]));
  return Uint8Array.from({ length: between(random, 0, 200) }, () => between(random, 0, 255));
}

function damaged(random: () => number, text: string): string {
  const at = between(random, 0, text.length);
  const insert = oneOf(random, [
    "",
    " ",
    "\n",
    "[",
    "]",
    "{",
    "}",
    '"',
    ",",
    ":",
    "9",
    "-",
    "\u0000",
    "null",
    "\ud800",
  ]);
  return text.slice(0, at) + insert + text.slice(at + between(random, 0, 2));
}
