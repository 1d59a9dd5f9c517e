// What a user may write in sonde.config.ts: the types that an editor completes, and the function that carries them.
// Decides nothing: `parse.ts` judges, since a config may also come as JSON and types are no guard at run time.

import type { DriverName, Journey, Language, LocationHint } from "../../schema/words.ts";

/** The journeys that a prober can run today. Another one here would make a series that nothing ever measures. */
export const MEASURED_JOURNEYS = ["loop"] as const satisfies readonly Journey[];
export type MeasuredJourney = (typeof MEASURED_JOURNEYS)[number];

/** "250ms", "5s", "10min": whole milliseconds after conversion ("0.5s" is fine, "0.3ms" is not). */
export type Duration = `${number}ms` | `${number}s` | `${number}min`;

/** One text for all languages of the page, or one for each. */
export type LabelInput = string | Readonly<Record<Language, string>>;

export interface RegionInput {
  /** Lower case letters, digits, dashes; begins with a letter. Series and URLs carry it, so it is chosen once. */
  readonly id: string;
  /** Default: the ready label of a known region, else the id. */
  readonly label?: LabelInput;
  /** Where Cloudflare is asked to put the prober. May be left out when the id is itself a hint. */
  readonly hint?: LocationHint;
  /** Default 1. Raise it by one when a prober spawned in the wrong place. */
  readonly generation?: number;
}

/** Names of secrets (`npx wrangler secret put MQTT_PASSWORD`), never the values. */
export interface CredentialsInput {
  readonly user?: string;
  readonly password?: string;
}

/** What the driver itself needs. Left out: the driver's own default. */
export interface OptionsInput {
  readonly qos?: 0 | 1;
  /** May hold `{target}` and `{region}`, so that regions do not hear each other. No wildcards. */
  readonly topic?: string;
}

export interface TargetInput {
  readonly id: string;
  /** Default: the id. */
  readonly label?: LabelInput;
  readonly driver: DriverName;
  /** One address, perhaps with `{region}` in it, or one for each region id. */
  readonly address: string | Readonly<Record<string, string>>;
  readonly credentials?: CredentialsInput;
  readonly options?: OptionsInput;
  /** How often a round begins: divides 60 s or is a multiple of it; 1 s to 60 min. Default "60s". */
  readonly every?: Duration;
  /** Messages in a round, 1 to 1000. Default 20. */
  readonly messages?: number;
  /** From one intended send to the next, at least 10 ms. Default "50ms". */
  readonly gap?: Duration;
  /** A message that has not arrived by then is lost, even if it comes later. Default "5s". */
  readonly deadline?: Duration;
  /** A session that is not ready by then is refused. Default "3s". */
  readonly connectDeadline?: Duration;
  /** 64 to 32768. Default 100. */
  readonly payloadBytes?: number;
  /** Default ["loop"]. */
  readonly journeys?: readonly MeasuredJourney[];
  /** Ids of the regions that measure it. Default: all. */
  readonly regions?: readonly string[];
}

/** Shares are proportions between 0 and 1: 99.9 % is written .999. */
export interface ObjectivesInput {
  /** Default .999. */
  readonly availability?: number;
  /** Default .9999. */
  readonly delivery?: number;
  /** Default "200ms". */
  readonly latencyP99?: Duration;
  /** Default "600ms". */
  readonly connectP99?: Duration;
  /** A minute is down from this share of lost or refused messages. Default .2. */
  readonly downShare?: number;
  /** A minute is degraded from this share of lost, refused or late messages. Default .1. */
  readonly degradedShare?: number;
  /** Each minute counts the messages over each of these; latencyP99 is added by itself. Default ["200ms", "600ms"]. */
  readonly limits?: readonly Duration[];
}

export interface ConfigInput {
  /** What the page is called, 1 to 80 characters. */
  readonly name: string;
  /** Default ["en", "zh"]; the first is the page's own. */
  readonly languages?: readonly Language[];
  /** IANA zone whose midnights begin the page's days and months. Default "UTC". */
  readonly timeZone?: string;
  /** At most 50. A known region is just its id: "weur". */
  readonly regions: readonly (LocationHint | RegionInput)[];
  /** At most 100. */
  readonly targets: readonly TargetInput[];
  readonly objectives?: ObjectivesInput;
  /** A page that answers `colo=XXX` in a line. Default "https://www.cloudflare.com/cdn-cgi/trace". */
  readonly placeUrl?: string;
}

/** Gives the input back as it is; it exists so that an editor knows what may stand there. */
export function defineConfig(input: ConfigInput): ConfigInput {
  return input;
}
