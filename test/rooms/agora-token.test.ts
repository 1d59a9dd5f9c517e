// Aim: our own tokens are Agora's. Method: for the same salt and time, byte for byte what the library `agora-token` builds,
// over seeded grants; and what we sign, its own verification accepts, while any change to it is refused.

import { describe, expect, it } from "vitest";

import { type AgoraGrant, SALT_MAX, signAgoraToken } from "../../workers/probes/agora-token.ts";
import { AccessToken2, tokenByLibrary } from "../agora-library.ts";
import { between, mulberry32 } from "../random.ts";

const random = mulberry32(2_026);
const hex = (): string => Array.from({ length: 32 }, () => between(random, 0, 15).toString(16)).join("");
const USERS = ["sonde-rtm-weur-pub", "u", "x".repeat(64), "名前-π", "a b!#$%&()"];

function grant(round: number): AgoraGrant {
  return {
    appId: hex(),
    appCertificate: hex(),
    user: USERS[round % USERS.length] ?? "u",
    issuedAtS: between(random, 1_600_000_000, 4_200_000_000),
    expiresAfterS: between(random, 1, 86_400),
    salt: between(random, 1, SALT_MAX),
  };
}

describe("a token", () => {
  it("is byte for byte what Agora's library builds, 200 grants", async () => {
    for (let round = 0; round < 200; round += 1) {
      const one = grant(round);
      expect(await signAgoraToken(one)).toBe(tokenByLibrary(one));
    }
  });

  it("is accepted by the library's own verification, with this certificate and no other", async () => {
    for (let round = 0; round < 50; round += 1) {
      const one = grant(round);
      const read = new AccessToken2("", "", 0, 0);
      expect(read.from_string(await signAgoraToken(one))).toBe(true);
      expect(read.verifySignature(one.appCertificate)).toBe(true);
      expect(read.verifySignature(hex())).toBe(false);
      expect([String(read.appId), read.issueTs, read.expire, read.salt]).toEqual([
        one.appId,
        one.issuedAtS,
        one.expiresAfterS,
        one.salt,
      ]);
    }
  });

  it("changes with each part of the grant", async () => {
    const one = grant(0);
    const others = [
      { ...one, appId: hex() },
      { ...one, appCertificate: hex() },
      { ...one, user: "other" },
      { ...one, issuedAtS: one.issuedAtS + 1 },
      { ...one, expiresAfterS: one.expiresAfterS + 1 },
      { ...one, salt: (one.salt % SALT_MAX) + 1 },
    ];
    const tokens = await Promise.all([one, ...others].map(signAgoraToken));
    expect(new Set(tokens).size).toBe(7);
  });
});
