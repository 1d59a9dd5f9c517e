// Frames that no good Socket.IO server sends, from a seed. `harmless`: a client must shrug and go on. `wild`: all of these
// and others, after which a session may end. Never a reply to what a probe asked.

import { between, oneOf } from "../random.ts";

const HARMLESS: readonly string[] = [
  "2",
  "3",
  "3probe",
  "5",
  "6",
  "6whatever",
  '42["other",1,2,3]',
  '42/elsewhere,["message","not for you"]',
  '42["message"]',
  '42["message",{}]',
  '42["message",null,null]',
  '42["message",17,"sonde1"]',
  '42["message",{"room":"x","data":"y"},[[[]]]]',
  '42["__proto__","constructor"]',
  '42["toString",{"__proto__":{"x":1}}]',
  "42[0,1]",
  '42999999["message",true]',
  '42999999999999999999999["message",true]',
  "43999999[]",
  "4399999",
  '43999998["late"]',
  "43/elsewhere,1[]",
  "41/elsewhere,",
  '40/elsewhere,{"sid":"x"}',
  '44/elsewhere,{"message":"no"}',
];

const FATAL: readonly string[] = [
  "",
  "9",
  "x",
  "4",
  "42",
  "42 ",
  "4217",
  "42/x,1",
  '42/elsewhere["message"]',
  "451-",
  "451-/x,3",
  "49",
  "4xyz",
  "42{",
  '42"text"',
  "42{}",
  "42[]",
  '42["connect"]',
  '42["disconnect"]',
  "43{}",
  "43",
  "44",
  "44/",
  "44/x",
  "44/x,",
  "4412",
  "44null",
  "44[]",
  '44"text"',
  '44{"message":{"toString":1},"data":null}',
  "40",
  "40null",
  "40[]",
  '40{"sid":"again"}',
  "41",
  "41{}",
  "0",
  "0null",
  "0{",
  "0[]",
  '0{"sid":"again","upgrades":["polling","websocket"],"pingInterval":-1,"pingTimeout":"x"}',
  '0{"upgrades":{"length":-1}}',
  "b!!!!",
  "bAAAA",
  '451-["message",{"_placeholder":true,"num":0}]',
  '451-["message",{"_placeholder":true,"num":9}]',
  '4599999-["message"]',
  '45-1-["message"]',
  "461-",
  "1",
];

export function* hostileFrames(
  random: () => number,
  count: number,
  kind: "harmless" | "wild",
): Generator<string | Uint8Array> {
  for (let i = 0; i < count; i++) {
    const roll = kind === "harmless" ? 0 : random();
    if (roll < 0.85) yield oneOf(random, HARMLESS);
    else if (roll < 0.9) yield oneOf(random, FATAL);
    else if (roll < 0.96) yield damaged(random, oneOf(random, [...HARMLESS, ...FATAL]));
    else if (roll < 0.98)
      yield "4".padEnd(between(random, 2, 3_000), oneOf(random, ["[", "4", "2", "{", "\u0000", "😀"]));
    else yield Uint8Array.from({ length: between(random, 0, 200) }, () => between(random, 0, 255));
  }
}

function damaged(random: () => number, frame: string): string {
  const at = between(random, 0, frame.length);
  const insert = oneOf(random, ["", " ", "[", "]", "{", '"', ",", "/", "9", "-", "\u0000", "null", "\ud800"]);
  return frame.slice(0, at) + insert + frame.slice(at + between(random, 0, 2));
}
