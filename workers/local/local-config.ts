// What the fleet on this machine measures: the user's configuration, with every target behind the network simulator.
// Pure. Names, regions, languages and objectives stay the user's; addresses, secrets and the pace are local, so that
// results come every ten seconds (each minute, with more journeys than `loop`). The simulator understands MQTT, so every target is measured by that driver here.

import type { ConfigInput, TargetInput } from "../config/define.ts";
import { durationMs } from "../config/durations.ts";

/** Secrets by the names that the local configuration uses. */
export const LOCAL_SECRETS = { user: "SONDE_LOCAL_USER", password: "SONDE_LOCAL_PASSWORD" } as const;

const PACE = { deadline: "5s", connectDeadline: "3s" } as const;
/** A round of 4 messages, 50 ms apart: 3 s + 3 x 50 ms + 5 s + 0.5 s = 8.65 s of each 10 s. Of 150, 10 ms apart: 9.99 s. */
const ALONE = { everyMs: 10_000, every: "10s", messagesMax: 150 } as const;
/** Other journeys need their own time: with all five and their defaults 55.6 of these 60 s. 400 messages 10 ms apart: 59.4 s. */
const AMONG_OTHERS = { everyMs: 60_000, every: "60s", messagesMax: 400 } as const;
const MESSAGES_MIN = 4;
/** So many fit at 50 ms, too; more follow each other faster. */
const MESSAGES_AT_EASE = 30;

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
      ...paceOf(target),
      driver: "mqtt",
      address,
      credentials: LOCAL_SECRETS,
      // The embedded broker speaks 3.1.1 only.
      options: target.driver === "mqtt" ? { ...target.options } : {},
    })),
  };
}

/** At least as many messages a minute as the user's, as far as there is time: a contract's rule may need them. */
function paceOf({ every, messages, journeys, scene }: TargetInput): Partial<TargetInput> {
  const isAlone = scene === undefined && (journeys ?? ["loop"]).length === 1;
  const round = isAlone ? ALONE : AMONG_OTHERS;
  // What is no duration is refused when the result is parsed.
  const ownEveryMs = durationMs(every ?? "60s") ?? 60_000;
  const wanted = Math.ceil(((messages ?? 20) * round.everyMs) / Math.max(ownEveryMs, 1000));
  const count = Math.min(round.messagesMax, Math.max(MESSAGES_MIN, wanted));
  return { ...PACE, every: round.every, messages: count, gap: count > MESSAGES_AT_EASE ? "10ms" : "50ms" };
}

/** The secret for records under the name that the configuration gives it; {} when it names none, or its value is not set here. */
export function recordsBinding(
  name: string | null,
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const value = name === null ? undefined : environment[name];
  return name === null || value === undefined || value === "" ? {} : { [name]: value };
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
