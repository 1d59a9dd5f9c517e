// Who is told in a simulated year: two ways to write it, plain enough that `judge-alerts.ts` can say by hand what must arrive.
// Pure data. Called by `year.ts`.

import type { Alerting, Route } from "../../workers/config/alerts/alerting.ts";
import type { Config, Target } from "../../workers/config/config.ts";
import { DEADLINE_MS } from "./rounds.ts";
import { CHANNELS, REGIONS } from "./truth.ts";
import type { EveryMs } from "./truth.ts";

const MINUTE_MS = 60_000;
export const LEVEL_TWO_MS = 15 * MINUTE_MS;
/** UTC. */
export const NIGHT = { fromMinute: 22 * 60, toMinute: 7 * 60 } as const;

/** Half of the seeds have quiet hours for what is no outage of most regions, and no repetition. */
export function alertingOf(seed: number): Alerting {
  const isQuiet = seed % 4 < 2;
  const quiet = { zone: "UTC", days: [1, 2, 3, 4, 5, 6, 7], ...NIGHT, except: ["critical"] } as const;
  const base = { targets: null, regions: null, severities: null, tiers: null, quiet: null, fallback: "mail" } as const;
  const routes: readonly Route[] = [
    {
      ...base,
      id: "all",
      audience: "service",
      levels: [
        { afterMs: 0, to: ["ops"] },
        { afterMs: LEVEL_TWO_MS, to: ["boss"] },
      ],
      quiet: isQuiet ? quiet : null,
      next: true,
    },
    {
      ...base,
      id: "page",
      audience: "service",
      severities: ["critical", "error"],
      levels: [{ afterMs: 0, to: ["pager"] }],
      next: false,
    },
    { ...base, id: "keepers", audience: "keepers", levels: [{ afterMs: 0, to: ["fleet"] }], next: false },
  ];
  return {
    channels: CHANNELS.map((id) => ({
      channel: "webhook",
      id,
      language: "en",
      urlSecret: "URL",
      keySecret: "KEY",
      options: {},
    })),
    contacts: [],
    schedules: [],
    routes,
    groupMs: 30_000,
    updateMs: 300_000,
    repeatMs: isQuiet ? 0 : 4 * 3_600_000,
    resolveMs: 30 * MINUTE_MS,
    blindMs: 3 * MINUTE_MS,
    linkSecret: null,
    tokenSecret: null,
  };
}

export function targetOf(everyMs: EveryMs): Target {
  return {
    id: "chat",
    label: { en: "Chat", zh: "聊天" },
    driver: "mqtt",
    address: {},
    channel: "probe",
    options: {},
    secrets: {},
    secretsExpireAt: null,
    journeys: [{ journey: "loop" }],
    regions: REGIONS,
    everyMs,
    messages: everyMs === 60_000 ? 20 : 4,
    gapMs: everyMs === 60_000 ? 50 : 250,
    deadlineMs: DEADLINE_MS,
    connectDeadlineMs: 3_000,
    payloadBytes: 64,
  };
}

export function configOf(target: Target, alerting: Alerting): Config {
  const regions = REGIONS.map((id) => ({ id, label: { en: id, zh: id }, hint: "weur", generation: 1 }) as const);
  return {
    name: "Sonde",
    languages: ["en"],
    timeZone: "UTC",
    regions,
    targets: [target],
    objectives: {
      availability: 0.999,
      delivery: 0.9999,
      latencyMsP99: 200,
      connectMsP99: 600,
      downShare: 0.2,
      degradedShare: 0.1,
      limitsMs: [200],
    },
    placeUrl: "",
    controls: [],
    contracts: [],
    access: null,
    recordsSecret: null,
    url: null,
    alerting,
    metrics: null,
    subscriptions: null,
    brand: null,
  };
}
