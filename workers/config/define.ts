// What a user may write in sonde.config.ts: the types that an editor completes, and the function that carries them.
// Decides nothing: `parse.ts` judges, since a config may also come as JSON and types are no guard at run time.

import type { Language, LocationHint } from "../../schema/words.ts";
import type { AlertsInput } from "./alerts/define-alerts.ts";
import type { ContractInput } from "./contracts/define-contract.ts";
import type { Scene } from "./contracts/preset-names.ts";
import type { DriverInput } from "./driver-rules.ts";

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

/** A journey by its name, or with its own numbers. */
export type JourneyInput =
  | "loop"
  | "mesh"
  | "room"
  | "dialogue"
  | "connect"
  /** Each region sends to each other one, which answers. Defaults: 3 messages to each, gap "100ms". */
  | { readonly journey: "mesh"; readonly messages?: number; readonly gap?: Duration }
  /** One publisher, many subscribers. Defaults: 50 subscribers (at most 500), 10 messages, gap "100ms", joinDeadline "10s". */
  | {
      readonly journey: "room";
      readonly subscribers?: number;
      readonly messages?: number;
      readonly gap?: Duration;
      readonly joinDeadline?: Duration;
    }
  /** Question and answer in one unbroken session. Defaults: 10 turns, gap "300ms", payloads that grow to 4096 bytes. */
  | {
      readonly journey: "dialogue";
      readonly turns?: number;
      readonly gap?: Duration;
      readonly payloadBytesLast?: number;
    }
  /** From nothing to a usable session. Default: 3 attempts a round. */
  | { readonly journey: "connect"; readonly attempts?: number };

/**
 * One target. `credentials` are names of secrets (`npx wrangler secret put MQTT_PASSWORD`), never the values; `options` are
 * what its driver needs, and what may stand there is in `config/drivers/`.
 */
export type TargetInput = AnyTargetInput & DriverInput;

/** What every driver's target has. */
interface AnyTargetInput {
  readonly id: string;
  /** Default: the id. */
  readonly label?: LabelInput;
  /** One address, perhaps with `{region}` in it, or one for each region id. */
  readonly address: string | Readonly<Record<string, string>>;
  /** When the credentials run out: "2027-01-31" (its end, UTC). Refusals after that count as ours, not the service's. */
  readonly credentialsExpire?: string;
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
  /** Default ["loop"]; `loop` is always among them. They run one after the other, and all must fit into `every`. */
  readonly journeys?: readonly JourneyInput[];
  /** What it is used for: brings the journeys that measure it. Own `journeys` beside it must have each of them. */
  readonly scene?: Scene;
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
  /** At most 50: what was promised about the targets, for reports that can be held against a provider. Default: none. */
  readonly contracts?: readonly ContractInput[];
  /**
   * Cloudflare Access vouches for the visitors of pages that are not public: `acme` of acme.cloudflareaccess.com, and the
   * audience (AUD) tag of the application, 64 hex digits. Default: such pages are closed.
   */
  readonly access?: { readonly team: string; readonly audience: string };
  /** The NAME of the secret that signs records of tickets and exclusions. Default: none are taken. */
  readonly records?: { readonly secret: string };
  /** Where the page is for everybody, without a path: "https://status.example". Default: messages carry no links. */
  readonly url?: string;
  /** Who is told of what, and where. Default: nobody. */
  readonly alerts?: AlertsInput;
  /**
   * How visitors may be told of public incidents and maintenance: `email` is the id of the channel of `alerts` that mail leaves by.
   * Needs `url` and `alerts.links`. Default: not at all.
   */
  readonly subscriptions?: { readonly email?: string; readonly webhooks?: boolean; readonly slack?: boolean };
  /**
   * How the page looks: a small picture as a data URL (PNG or SVG in base64, at most 20 kB), the colour of links in the light and in
   * the dark theme (contrast at least 4.5:1), and where the name on top leads. Default: Sonde's own. See docs/branding.md.
   */
  readonly brand?: {
    readonly logo?: string;
    readonly accent?: { readonly light: string; readonly dark: string };
    readonly link?: string;
  };
  /**
   * Where all metrics are pushed to each minute, by OTLP over HTTP as JSON; `/v1/metrics` comes behind the endpoint. `headers`: NAMES
   * of secrets (`npx wrangler secret put OTLP_AUTHORIZATION`), never the values. Default: nowhere; `/metrics` is there to be scraped.
   */
  readonly metrics?: {
    readonly otlp: { readonly endpoint: string; readonly headers?: Readonly<Record<string, string>> };
  };
  /**
   * Two to five addresses that answer while the Internet does, of owners that are independent of the services under watch
   * and of each other. Asked when a round goes bad, and every ten minutes: when fewer than half answer, the prober is
   * blind, and the round proves nothing. Default: three well-known ones. [] switches it off.
   */
  readonly controls?: readonly string[];
  /** A page that answers `colo=XXX` in a line. Default "https://www.cloudflare.com/cdn-cgi/trace". */
  readonly placeUrl?: string;
}

/** Gives the input back as it is; it exists so that an editor knows what may stand there. */
export function defineConfig(input: ConfigInput): ConfigInput {
  return input;
}
