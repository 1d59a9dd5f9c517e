// The tokens in links of subscriptions: one that confirms, good for a day, and one that changes or ends it, good for as long as it is
// there. Both name the subscription by its id, which says nothing about who it is. Pure; whether there is such a one is the herald's word.

import { openSigned, signed, type SecretBytes } from "./signed-text.ts";

const PURPOSES = { confirm: "sonde subscription confirm v1\n", keep: "sonde subscription keep v1\n" } as const;
const WHO = "sonde subscriber v1\n";
const CHARS_MAX = 200;

export interface SubscriptionToken {
  /** What it is for. `keep`: to change and to end it. */
  readonly use: keyof typeof PURPOSES;
  readonly id: string;
  /** The first instant at which it is no longer good, ms; null: there is none. */
  readonly expiresAt: number | null;
}

/** URL-safe, at most 200 characters. */
export function subscriptionToken(token: SubscriptionToken, secret: SecretBytes): Promise<string> {
  return signed(PURPOSES[token.use], [token.id, token.expiresAt], secret);
}

/** Null: forged, for another use, or expired. Nobody is told which. */
export async function readSubscriptionToken(
  use: SubscriptionToken["use"],
  text: string,
  secret: SecretBytes,
  now: number,
): Promise<SubscriptionToken | null> {
  const opened = text.length <= CHARS_MAX ? await openSigned(PURPOSES[use], text, secret) : null;
  if (opened === null) return null;
  const [id, expiresAt] = opened.value as [string, number | null];
  return expiresAt !== null && expiresAt <= now ? null : { use, id, expiresAt };
}

/** What stands for an address where the address itself may not: nobody can find it by trying addresses without the secret. */
export async function whoOf(channel: string, address: string, secret: SecretBytes): Promise<string> {
  const text = await signed(WHO, [channel, address], secret);
  return text.slice(text.indexOf(".") + 1);
}
