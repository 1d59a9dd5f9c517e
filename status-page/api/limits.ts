// How often one address may ask our API: counted by the platform (`[[ratelimits]]` of wrangler.toml), where it is there. Pure.
// The address is the platform's key for at most a minute; it is written nowhere, and nothing of ours knows it afterwards.
// Counts are by location and approximate. Called by api-routes.tsx.

import type { PageBindings, RateCounter } from "../front.ts";
import { Refusal } from "./problem.ts";

/** As in wrangler.toml, which a test holds beside this. */
export const LIMITS = {
  API_RATE: { name: "api", limit: 120, periodS: 60 },
  API_STREAM_RATE: { name: "streams", limit: 10, periodS: 60 },
} as const;
export type Limit = keyof typeof LIMITS;

/** Headers of every answer (draft-ietf-httpapi-ratelimit-headers-10). How much is left is known to nobody until nothing is. */
export function policyOf(limit: Limit): Readonly<Record<string, string>> {
  const { name, limit: most, periodS } = LIMITS[limit];
  return { "ratelimit-policy": `"${name}";q=${most};w=${periodS}` };
}

/** IPv4 as it is, and of IPv6 the first 64 bits: who has one such address has all of them. */
export function addressOf(text: string): string {
  if (!text.includes(":")) return text;
  const [head = "", tail] = text.toLowerCase().split("::");
  const groups = head === "" ? [] : head.split(":");
  const rest = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - groups.length - rest.length) }, () => "0");
  return [...groups, ...zeros, ...rest].slice(0, 4).join(":");
}

/** Throws Refusal where an address has asked too often. Without the counter, or when it fails, everybody is answered. */
export async function counted(
  env: PageBindings | undefined,
  limit: Limit,
  address: string | undefined,
  report: (error: unknown) => void,
): Promise<void> {
  const counter: RateCounter | undefined = env?.[limit];
  if (counter === undefined || address === undefined) return;
  const { name, limit: most, periodS } = LIMITS[limit];
  let success: boolean;
  try {
    ({ success } = await counter.limit({ key: addressOf(address) }));
  } catch (error) {
    report(error);
    return;
  }
  if (success) return;
  throw new Refusal("too_many_requests", `${most} in ${periodS} s are answered; come back in ${periodS} s.`, [], {
    "retry-after": String(periodS),
    ratelimit: `"${name}";r=0;t=${periodS}`,
    ...policyOf(limit),
  });
}
