// The shape of a parsed configuration: what every other room may rely on. `parse.ts` makes it from what the user wrote.
// Plain data, no functions, so that its canonical JSON can be hashed and kept as evidence. Never holds a secret's value.

import type { DriverName, Language, LocationHint } from "../../schema/words.ts";
import type { Alerting } from "./alerts/alerting.ts";
import type { Brand } from "./brand.ts";
import type { Contract } from "./contracts/contract.ts";
import type { MetricsPush } from "./metrics.ts";
import type { Subscriptions } from "./subscriptions.ts";

/** A place that measures. */
export interface Region {
  /** `weur`: the key in series, names and URLs; lower case letters, digits and dashes. */
  readonly id: string;
  /** What the page calls it, in each language of the page. */
  readonly label: Readonly<Record<Language, string>>;
  /** Where Cloudflare is asked to put its prober. */
  readonly hint: LocationHint;
  /** Raise it to leave a prober that spawned in the wrong place: a new name is a new object. */
  readonly generation: number;
}

/** What one driver understands, as its rules in `config/drivers/` have read it. Plain data, at most a few levels deep. */
export type OptionValue = string | number | boolean | readonly OptionValue[] | Options;
export interface Options {
  readonly [name: string]: OptionValue;
}

/** A journey with its own numbers; what is not here it takes from the target. Whole ms. */
export type JourneyPlan =
  | { readonly journey: "loop" }
  | { readonly journey: "mesh"; readonly messages: number; readonly gapMs: number }
  | {
      readonly journey: "room";
      readonly subscribers: number;
      readonly messages: number;
      readonly gapMs: number;
      /** All subscribers must have joined by then; who has not is refused. */
      readonly joinDeadlineMs: number;
    }
  | {
      readonly journey: "dialogue";
      readonly turns: number;
      readonly gapMs: number;
      /** The first turn's payload is the target's; it grows evenly to this. */
      readonly payloadBytesLast: number;
    }
  | { readonly journey: "connect"; readonly attempts: number };

/** A messaging service under watch. All durations are whole milliseconds. */
export interface Target {
  readonly id: string;
  readonly label: Readonly<Record<Language, string>>;
  readonly driver: DriverName;
  /** One address for each region: placeholders are already filled in. */
  readonly address: Readonly<Record<string, string>>;
  /** Where its messages go: topic, subject, room. May hold `{target}` and `{region}`. */
  readonly channel: string;
  /** What the driver itself needs; parsed by the driver's own rules. */
  readonly options: Options;
  /** Names of secrets, never values, by what they are for: `user`, `password`, `token`. */
  readonly secrets: Readonly<Record<string, string>>;
  /** When they run out, ms since the epoch: who is refused after that has himself to blame. Null: nobody said. */
  readonly secretsExpireAt: number | null;
  /** `loop` first: it is what the page judges a region by. Each journey once. */
  readonly journeys: readonly JourneyPlan[];
  /** Regions that measure it. */
  readonly regions: readonly string[];
  readonly everyMs: number;
  readonly messages: number;
  readonly gapMs: number;
  readonly deadlineMs: number;
  readonly connectDeadlineMs: number;
  readonly payloadBytes: number;
}

/** What the page holds the service to. Shares are proportions 0..1; a contract (step 3) may say otherwise. */
export interface Objectives {
  /** Least share of measured minutes that are not down, a calendar month. */
  readonly availability: number;
  /** Least share of attempted messages that are delivered by the deadline. */
  readonly delivery: number;
  /** P99 of the round trip stays below this. It is also the limit that makes a message late for `degraded`. */
  readonly latencyMsP99: number;
  /** P99 of connect time stays below this. */
  readonly connectMsP99: number;
  /** A minute is down when at least this share of its attempted messages is lost or refused. */
  readonly downShare: number;
  /** A minute is degraded when at least this share of its attempted messages is lost, refused or late. */
  readonly degradedShare: number;
  /** Counts over each of these are kept with every minute; ascending, distinct, includes `latencyMsP99`. */
  readonly limitsMs: readonly number[];
}

export interface Config {
  readonly name: string;
  readonly languages: readonly Language[];
  /** IANA zone: the page's days and months begin at its midnights. */
  readonly timeZone: string;
  readonly regions: readonly Region[];
  readonly targets: readonly Target[];
  readonly objectives: Objectives;
  /** Where a prober asks which colo it runs in: a page that answers `colo=XXX` in a line. */
  readonly placeUrl: string;
  /** Endpoints that have nothing to do with the services under watch, nor with each other; may hold `{region}`. */
  readonly controls: readonly string[];
  /** Every version of every contract: by id in the order of the configuration, then by version. */
  readonly contracts: readonly Contract[];
  /** Who may see what is not public: Cloudflare Access. Null: nobody. */
  readonly access: Access | null;
  /** Name of the secret that signs what is sent to the API that records tickets and exclusions; null: it is closed. */
  readonly recordsSecret: string | null;
  /** The page's public origin, without a path: https, or http on one's own machine. Null: nobody said. */
  readonly url: string | null;
  /** Null: nobody is told of anything. */
  readonly alerting: Alerting | null;
  /** Where metrics are pushed to; null: nowhere. They can be scraped at any rate. */
  readonly metrics: MetricsPush | null;
  /** How visitors may be told of incidents; null: not at all. */
  readonly subscriptions: Subscriptions | null;
  /** How the page looks; null: as it comes. */
  readonly brand: Brand | null;
}

export interface Access {
  /** `acme` of acme.cloudflareaccess.com: the issuer of tokens is https://acme.cloudflareaccess.com. */
  readonly team: string;
  /** The application's audience tag, 64 hex digits. */
  readonly audience: string;
}

/** What decides a measurement: the configuration without what is only said about its results. */
export type Measured = Omit<
  Config,
  "contracts" | "access" | "recordsSecret" | "url" | "alerting" | "metrics" | "subscriptions" | "brand"
>;

export function measuredOf(config: Config): Measured {
  const {
    contracts: _c,
    access: _a,
    recordsSecret: _r,
    url: _u,
    alerting: _t,
    metrics: _m,
    subscriptions: _s,
    brand: _b,
    ...measured
  } = config;
  return measured;
}
