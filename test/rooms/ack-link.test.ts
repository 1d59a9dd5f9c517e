// Aim: only a link that we gave, as we gave it and in time, says who acknowledges what.
// Method: one token that was computed apart from the code; there and back; ten thousand seeded mutations, and forgeries by hand.

import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { readToken, tokenOf } from "../../workers/alerts/ack-link.ts";
import type { AckToken } from "../../workers/alerts/ack-link.ts";
import { between, mulberry32, oneOf } from "../random.ts";

const SECRET = new Uint8Array(32).map((_, i) => i * 7);
const OTHER = new Uint8Array(32).fill(1);
const NOW = Date.UTC(2026, 10, 22, 12);
const TOKEN: AckToken = { incident: "chat-7", to: "ops", expiresAt: NOW + 86_400_000, nonce: "b3J0Ym9nZW4tMTIz" };
const URL_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Written apart from the code, with Node's own HMAC. */
function signed(body: string, secret = SECRET, purpose = "sonde acknowledge v1\n"): string {
  return `${body}.${createHmac("sha256", secret).update(`${purpose}${body}`).digest("base64url")}`;
}
const bodyOf = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const BODY = bodyOf([TOKEN.incident, TOKEN.to, TOKEN.expiresAt, TOKEN.nonce]);

describe("there and back", () => {
  test("as it was computed apart from the code", async () => {
    const text = await tokenOf(TOKEN, SECRET);
    expect(text).toBe(signed(BODY));
    expect(text).toMatch(/^[\w-]+\.[\w-]{43}$/);
    expect(await readToken(text, SECRET, NOW)).toEqual(TOKEN);
  });

  test("names of any letters, and all that an id may be long", async () => {
    const odd: AckToken = { incident: "聊天-7", to: 'a"b/ü', expiresAt: NOW + 1, nonce: "n" };
    expect(await readToken(await tokenOf(odd, SECRET), SECRET, NOW)).toEqual(odd);
    const long: AckToken = { ...TOKEN, incident: "i".repeat(63), to: "c".repeat(60) };
    const text = await tokenOf(long, SECRET);
    expect(text.length).toBeLessThanOrEqual(300);
    expect(await readToken(text, SECRET, NOW)).toEqual(long);
    await expect(tokenOf({ ...TOKEN, to: "c".repeat(200) }, SECRET)).rejects.toThrow(RangeError);
  });

  test("until it expires, not at that instant, and forged is said first", async () => {
    const text = await tokenOf(TOKEN, SECRET);
    expect(await readToken(text, SECRET, TOKEN.expiresAt - 1)).toEqual(TOKEN);
    expect(await readToken(text, SECRET, TOKEN.expiresAt)).toBe("expired");
    expect(await readToken(text, OTHER, TOKEN.expiresAt)).toBe("forged");
  });

  test("a short secret is a broken belief", async () => {
    const short = new Uint8Array(23);
    await expect(tokenOf(TOKEN, short)).rejects.toThrow(RangeError);
    await expect(readToken(signed(BODY), short, NOW)).rejects.toThrow(RangeError);
  });
});

const good = signed(BODY);
const [body = "", mac = ""] = good.split(".");
const FORGED: readonly (readonly [string, string])[] = [
  ["nothing", ""],
  ["a dot", "."],
  ["no signature", `${body}.`],
  ["no body", `.${mac}`],
  ["two signatures", `${good}.${mac}`],
  ["a space behind it", `${good} `],
  ["a line break behind it", `${good}\n`],
  ["padding", `${good}=`],
  ["the secret of somebody else", signed(BODY, OTHER)],
  ["signed for another purpose", signed(BODY, SECRET, "")],
  ["another incident", `${bodyOf(["chat-8", TOKEN.to, TOKEN.expiresAt, TOKEN.nonce])}.${mac}`],
  ["a later end", `${bodyOf([TOKEN.incident, TOKEN.to, TOKEN.expiresAt + 1, TOKEN.nonce])}.${mac}`],
  ["the alphabet of plain base64", signed(`${BODY}+/`)],
  ["a megabyte", `${"A".repeat(1_000_000)}.${mac}`],
  ["the signature of nothing", `${body}.${"A".repeat(43)}`],
  [
    "another way to write the same signature",
    `${good.slice(0, -1)}${URL_SAFE[URL_SAFE.indexOf(good.at(-1) ?? "") ^ 1] ?? ""}`,
  ],
];

describe("forgeries", () => {
  test.each(FORGED)("%s", async (_name, text) => expect(await readToken(text, SECRET, NOW)).toBe("forged"));

  test("seeded: ten thousand mutations, none accepted", async () => {
    const random = mulberry32(10_000);
    let tried = 0;
    for (let round = 0; round < 10_000; round += 1) {
      const text = mutated(random, good);
      if (text === good) continue;
      tried += 1;
      expect(await readToken(text, SECRET, NOW)).toBe("forged");
    }
    console.log(`links: ${tried} mutated tokens and ${FORGED.length} forged ones refused`);
    expect(tried).toBeGreaterThan(9_500);
  });
});

function mutated(random: () => number, text: string): string {
  const chars = [...text];
  for (let n = between(random, 1, 3); n > 0; n -= 1) {
    const at = between(random, 0, chars.length - 1);
    const char = oneOf(random, [...URL_SAFE, ".", "=", "\u0000", "é"]);
    oneOf(random, [
      () => void (chars[at] = char),
      () => void chars.splice(at, 1),
      () => void chars.splice(at, 0, char),
      () => void chars.push(chars.shift() ?? ""),
    ])();
  }
  return chars.join("");
}
