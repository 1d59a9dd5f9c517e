// Who is told of what, once it is parsed: receivers, people, routes, escalation, quiet hours, on-call. Plain data without a
// secret's value. `alerts.ts` beside it makes it from what the user wrote; `alerts/` acts on it.

import type { AlertSeverity, ChannelName, Language } from "../../../schema/words.ts";

export interface Alerting {
  readonly channels: readonly ChannelSettings[];
  readonly contacts: readonly Contact[];
  readonly schedules: readonly OnCallSchedule[];
  /** In the order of the configuration: the first that matches is taken, and those behind it as long as each says `next`. */
  readonly routes: readonly Route[];
  /** What happens within so long after a message about an incident goes out with the next one. The first never waits. */
  readonly groupMs: number;
  /** News about an incident that is known are told at most this often. */
  readonly updateMs: number;
  /** Told again while nobody has acknowledged; 0: never. */
  readonly repeatMs: number;
  /** An incident that is restored, and stays so for so long without a person's word, is declared resolved. */
  readonly resolveMs: number;
  /** Without anything measured for so long, a region is the keepers' business. */
  readonly blindMs: number;
  /** Name of the secret that signs the links which acknowledge; null: messages carry none. `whsec_` and base64. */
  readonly linkSecret: string | null;
  /** Name of the secret of the bearer token that lets into the API; null: the API's acts are closed. */
  readonly tokenSecret: string | null;
}

/** Where a channel sends to. What is secret is a name, never a value. */
export interface ChannelSettings {
  readonly channel: ChannelName;
  /** Of this one among others of its kind. */
  readonly id: string;
  readonly language: Language;
  /** Name of the secret that holds the address; whoever knows such an address may post. Null: the receiver has a fixed one. */
  readonly urlSecret: string | null;
  /** Name of the secret that signs or lets in (signing secret, routing key, bot token, API key); null: none. */
  readonly keySecret: string | null;
  /** Chat id, addresses of mail, the word that a bot wants to see; by name. */
  readonly options: Readonly<Record<string, string>>;
}

/** A person or a team: told on each of these channels. */
export interface Contact {
  readonly id: string;
  /** Channel ids. */
  readonly channels: readonly string[];
}

/** Who is on call when, in wall-clock time of `zone`. */
export interface OnCallSchedule {
  readonly id: string;
  readonly zone: string;
  /** Later ones win over earlier ones wherever they apply. Contact ids. */
  readonly rotations: readonly Rotation[];
  /** Win over all rotations; later ones over earlier ones. */
  readonly overrides: readonly Override[];
}

export interface Rotation {
  /** YYYY-MM-DDTHH:MM in the schedule's zone: the first shift of the first person begins. */
  readonly from: string;
  /** Each shift: so many days, handed over at the same time of the day, whatever the clocks do. */
  readonly everyDays: number;
  readonly contacts: readonly string[];
  /** Only on these ISO days (1 is Monday) and minutes of the day, half-open; `toMinute` below `fromMinute` crosses midnight. Null: always. */
  readonly only: {
    readonly days: readonly number[];
    readonly fromMinute: number;
    readonly toMinute: number;
  } | null;
}

/** Wall-clock times YYYY-MM-DDTHH:MM in the schedule's zone, `to` not included. */
export interface Override {
  readonly from: string;
  readonly to: string;
  readonly contact: string;
}

/** `service`: the service under watch is bad. `keepers`: we cannot see, or we are broken. `support`: a support clock has run out. */
export const AUDIENCES = ["service", "keepers", "support"] as const;
export type Audience = (typeof AUDIENCES)[number];

export interface Route {
  readonly id: string;
  readonly audience: Audience;
  /** Each null: any. `tiers`: those with a contract on the target. An incident matches if one of its regions does. */
  readonly targets: readonly string[] | null;
  readonly regions: readonly string[] | null;
  readonly severities: readonly AlertSeverity[] | null;
  readonly tiers: readonly string[] | null;
  /** Ascending `afterMs`, the first 0: until somebody acknowledges, each tells its own and all before it. */
  readonly levels: readonly Level[];
  readonly quiet: QuietHours | null;
  /** Channel id: told when another one has been given up, or is gone. Null: nobody. */
  readonly fallback: string | null;
  /** The next routes are asked as well. */
  readonly next: boolean;
}

export interface Level {
  readonly afterMs: number;
  /** Ids of channels, contacts and schedules; ids are shared by none of these. */
  readonly to: readonly string[];
}

/** What is not among `except` waits until they end, and is not told at all if it is over by then. Half-open, may cross midnight. */
export interface QuietHours {
  readonly zone: string;
  readonly days: readonly number[];
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly except: readonly AlertSeverity[];
}
