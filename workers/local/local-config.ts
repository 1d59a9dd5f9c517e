// What the fleet on this machine measures: the user's configuration, with every target behind the network simulator.
// Pure. Names, regions, languages and objectives stay the user's; addresses, secrets and the pace are local, so that
// results come every ten seconds (each minute, with more journeys than `loop`). The simulator understands MQTT, so every target is measured by that driver here.

import type { ConfigInput } from "../config/define.ts";

/** Secrets by the names that the local configuration uses. */
export const LOCAL_SECRETS = { user: "SONDE_LOCAL_USER", password: "SONDE_LOCAL_PASSWORD" } as const;

/** 3 s + 3 x 50 ms + 5 s + 0.5 s = 8.65 s of each 10 s. */
const PACE = { every: "10s", messages: 4, gap: "50ms", deadline: "5s", connectDeadline: "3s" } as const;

/** Other journeys need their own time: with all five and their defaults 55 of these 60 s. */
const PACE_OF_MANY = { ...PACE, every: "60s" } as const;

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
  controlPort: number,
): ConfigInput {
  const address = Object.fromEntries(
    Object.entries(ports).map(([region, port]) => [region, `ws://127.0.0.1:${port}/mqtt`]),
  );
  return {
    ...config,
    ...localHealth(controlPort),
    targets: config.targets.map((target) => ({
      ...target,
      ...((target.journeys ?? ["loop"]).length > 1 ? PACE_OF_MANY : PACE),
      driver: "mqtt",
      address,
      credentials: LOCAL_SECRETS,
      // The embedded broker speaks 3.1.1 only.
      options: target.driver === "mqtt" ? { ...target.options } : {},
    })),
  };
}

/** What stands for the world outside: the simulator's control door. Three controls, which fail together when blind. */
export function localHealth(controlPort: number): Required<Pick<ConfigInput, "placeUrl" | "controls">> {
  const door = `http://127.0.0.1:${controlPort}`;
  return {
    placeUrl: `${door}/cdn-cgi/trace`,
    controls: [1, 2, 3].map((number) => `${door}/control/{region}/${number}`),
  };
}

/** How the simulator delays a region. */
export function localRegion(id: string): { id: string; oneWayMs: number; jitterMs: number } {
  return { id, oneWayMs: ONE_WAY_MS[id] ?? ELSEWHERE_MS, jitterMs: JITTER_MS };
}
