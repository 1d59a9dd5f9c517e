// The token in a link that acknowledges: who was sent it, about which incident, and until when it is good. Signed, not encrypted:
// nothing in it is secret. Pure. Whoever follows it is asked first, and it works once: both are the caller's business, by the nonce.

import { openSigned, signed } from "./signed-text.ts";

/** What a link says. */
export interface AckToken {
  /** Incident id. */
  readonly incident: string;
  /** Id of the contact, or of the channel, that it was sent to: who acknowledges, as far as is known. */
  readonly to: string;
  /** The first instant at which it is no longer good, whole ms. */
  readonly expiresAt: number;
  /** Its own, never given twice. */
  readonly nonce: string;
}

/** An URL with it should fit into every receiver's limits. */
const CHARS_MAX = 300;
/** The same secret may sign other things: what is signed for one purpose is none for another. */
const PURPOSE = "sonde acknowledge v1\n";

/**
 * URL-safe, at most 300 characters; HMAC-SHA256 over the text in front of the dot. RangeError if it would be longer, or for a
 * secret of less than 24 bytes (the bound of Standard Webhooks).
 */
export async function tokenOf(token: AckToken, secret: Uint8Array<ArrayBuffer>): Promise<string> {
  const { incident, to, expiresAt, nonce } = token;
  const text = await signed(PURPOSE, [incident, to, expiresAt, nonce], secret);
  if (text.length > CHARS_MAX) throw new RangeError(`a link of ${text.length} characters is too long`);
  return text;
}

/** What a token says; `forged` for any text that `tokenOf` did not give with this secret, to the character. */
export async function readToken(
  text: string,
  secret: Uint8Array<ArrayBuffer>,
  now: number,
): Promise<AckToken | "expired" | "forged"> {
  const opened = text.length <= CHARS_MAX ? await openSigned(PURPOSE, text, secret) : null;
  if (opened === null) return "forged";
  // Signed by us, so that it is what was written above.
  const [incident, to, expiresAt, nonce] = opened.value as [string, string, number, string];
  return expiresAt <= now ? "expired" : { incident, to, expiresAt, nonce };
}
