// Aim: only what our secret has signed lately is read at all. Method: a signature of Standard Webhooks that was computed apart
// from the library, and a table of forgeries and secrets.

import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";

import { signedId, signerOf } from "../../workers/console/signature.ts";

describe("a signature", () => {
  // The signature was computed apart from the library: HMAC-SHA256 of the id, the time and the body.
  const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const BODY = '{"test": 2432232314}';
  const AT = 1_614_265_330;
  const SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
  const GOOD = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": String(AT),
    "webhook-signature": SIGNATURE,
  };
  const signer = (() => {
    const made = signerOf(SECRET);
    if (made === null) throw new Error("no signer");
    return made;
  })();
  const judge = (headers: Record<string, string>, body = BODY, now = AT * 1_000): string | null =>
    signedId(signer, new Headers(headers), body, now);
  const by = (secret: string): string => new Webhook(secret).sign(GOOD["webhook-id"], new Date(AT * 1_000), BODY);

  it("as the specification has it is good, alone, beside others, and five minutes early or late", () => {
    const id = GOOD["webhook-id"];
    expect(judge(GOOD)).toBe(id);
    expect(judge({ ...GOOD, "webhook-signature": `v1a,xyz ${by(`whsec_${"A".repeat(32)}`)} ${SIGNATURE}` })).toBe(id);
    expect(judge(GOOD, BODY, (AT + 300) * 1_000 + 999)).toBe(id);
    expect(judge(GOOD, BODY, (AT - 300) * 1_000)).toBe(id);
  });

  const FORGED: readonly (readonly [string, () => string | null])[] = [
    ["another body", () => judge(GOOD, `${BODY} `)],
    ["no body", () => judge(GOOD, "")],
    ["another id", () => judge({ ...GOOD, "webhook-id": "msg_other" })],
    ["no id", () => judge({ ...GOOD, "webhook-id": "" })],
    ["an endless id", () => judge({ ...GOOD, "webhook-id": "m".repeat(151) })],
    ["another time", () => judge({ ...GOOD, "webhook-timestamp": String(AT + 1) })],
    ["a time that only begins as one", () => judge({ ...GOOD, "webhook-timestamp": `${AT}x` })],
    ["a time with a sign", () => judge({ ...GOOD, "webhook-timestamp": `+${AT}` })],
    ["no time", () => judge({ ...GOOD, "webhook-timestamp": "" })],
    ["too old", () => judge(GOOD, BODY, (AT + 301) * 1_000)],
    ["too new", () => judge(GOOD, BODY, (AT - 301) * 1_000)],
    ["no signature", () => judge({ ...GOOD, "webhook-signature": "" })],
    ["a signature cut short", () => judge({ ...GOOD, "webhook-signature": SIGNATURE.slice(0, -1) })],
    ["its last character another", () => judge({ ...GOOD, "webhook-signature": `${SIGNATURE.slice(0, -2)}A=` })],
    ["another version's name", () => judge({ ...GOOD, "webhook-signature": SIGNATURE.replace("v1", "v2") })],
    ["another secret", () => judge({ ...GOOD, "webhook-signature": by(`whsec_${"A".repeat(32)}`) })],
    ["the good one after too many", () => judge({ ...GOOD, "webhook-signature": `${"v1,x ".repeat(5)}${SIGNATURE}` })],
    ["no headers at all", () => judge({})],
  ];

  it.each(FORGED)("with %s is none", (_what, forged) => expect(forged()).toBeNull());

  it("needs a secret of 24 to 64 bytes", () => {
    const bytes = (count: number): string => `whsec_${Buffer.alloc(count, 7).toString("base64")}`;
    expect([24, 32, 64].map((count) => signerOf(bytes(count)) !== null)).toEqual([true, true, true]);
    const bad = [
      "",
      "whsec_",
      "password",
      bytes(23),
      bytes(66),
      bytes(24).slice(6),
      `${bytes(24)}=`,
      bytes(32).slice(0, -1),
    ];
    expect(bad.filter((secret) => signerOf(secret) !== null)).toEqual([]);
    console.log(`signatures: ${FORGED.length} forged, ${bad.length} secrets refused`);
    expect(FORGED).toHaveLength(18);
  });
});
