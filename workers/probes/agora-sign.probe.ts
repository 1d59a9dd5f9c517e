// A Signaling token for now: time and chance for `agora-token.ts`. For both drivers of Agora.

import type { Outside } from "../outside.ts";
import { type AgoraGrant, SALT_MAX, signAgoraToken } from "./agora-token.ts";

/** Longer than any round: `every` is an hour at most. */
const TOKEN_S = 7_200;

export function signAgoraTokenNow(
  outside: Outside,
  grant: Pick<AgoraGrant, "appId" | "appCertificate" | "user">,
): Promise<string> {
  const chance = outside.random(4).reduce((sum, byte) => sum * 256 + byte, 0);
  return signAgoraToken({
    ...grant,
    issuedAtS: Math.floor(outside.now() / 1_000),
    expiresAfterS: TOKEN_S,
    salt: 1 + (chance % SALT_MAX),
  });
}
