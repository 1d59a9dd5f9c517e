// What the fleet on this machine measures: the user's configuration, with every target behind the network simulator.
// Pure. Names, regions, languages, objectives and driver options stay the user's; addresses, secrets and the pace are
// local, so that results come every ten seconds.

import type { ConfigInput } from "../config/define.ts";

/** Secrets by the names that the local configuration uses. */
export const LOCAL_SECRETS = { user: "SONDE_LOCAL_USER", password: "SONDE_LOCAL_PASSWORD" } as const;

/** 3 s + 3 x 50 ms + 5 s + 0.5 s = 8.65 s of each 10 s. */
const PACE = { every: "10s", messages: 4, gap: "50ms", deadline: "5s", connectDeadline: "3s" } as const;

/** One-way delays in ms, as from these places to a broker in Western Europe: half of common round trips. */
const ONE_WAY_MS: Readonly<Record<string, number>> = {
  weur: 9,
  eeur: 17,
  enam: 42,
  wnam: 68,
  "apac-se": 82,
  "apac-ne": 105,
  oc: 128,
};
const ELSEWHERE_MS = 60;
const JITTER_MS = 6;

/** `ports`: the simulator's, by region id. The result is parsed as any configuration is. */
export function localConfig(
  config: ConfigInput,
  ports: Readonly<Record<string, number>>,
  placeUrl: string,
): ConfigInput {
  const address = Object.fromEntries(
    Object.entries(ports).map(([region, port]) => [region, `ws://127.0.0.1:${port}/mqtt`]),
  );
  return {
    ...config,
    placeUrl,
    targets: config.targets.map((target) => ({ ...target, ...PACE, address, credentials: LOCAL_SECRETS })),
  };
}

/** How the simulator delays a region. */
export function localRegion(id: string): { id: string; oneWayMs: number; jitterMs: number } {
  return { id, oneWayMs: ONE_WAY_MS[id] ?? ELSEWHERE_MS, jitterMs: JITTER_MS };
}
