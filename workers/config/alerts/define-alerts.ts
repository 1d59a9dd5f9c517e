// What a user may write about alerts: the types that an editor completes. Decides nothing: `alerts.ts` judges, since a configuration
// may also come as JSON. Only names of secrets stand here, never their values.

import type { AlertSeverity, ChannelName, Language } from "../../../schema/words.ts";
import type { Audience } from "./alerting.ts";

/** "30s", "15m" (or "15min"), "4h", "2d". */
type Wait = `${number}s` | `${number}m` | `${number}min` | `${number}h` | `${number}d`;
/** "09:00"; where something ends, "24:00" is the end of the day. */
type Clocktime = `${number}:${number}`;
/** "2026-01-05T09:00": what a clock on the wall of the zone shows. */
type WallTime = `${number}-${number}-${number}T${number}:${number}`;

/** Where messages go. What each kind needs is in `channel-rules.ts`. */
export interface ChannelInput {
  /** Channels, contacts and schedules share one space of ids. */
  readonly id: string;
  readonly channel: ChannelName;
  /** The NAME of the secret that holds the address: whoever knows such an address may post. */
  readonly url?: string;
  /** The NAME of the secret that signs or lets in: signing secret, routing key, bot token, API key. */
  readonly key?: string;
  /** Default: the page's first language. */
  readonly language?: Language;
  readonly options?: {
    /** telegram: the chat's number, or @name of a public one. */
    readonly chat?: string;
    /** feishu, dingtalk: the word that the bot wants to see in each message. */
    readonly keyword?: string;
    /** pagerduty: which region the account is in. Default "events.pagerduty.com". */
    readonly host?: "events.pagerduty.com" | "events.eu.pagerduty.com";
    /** email, email-http: the sender, and up to 50 recipients with commas between. */
    readonly from?: string;
    readonly to?: string;
  };
}

/** Days by their ISO numbers (1 is Monday; default all), and hours of these days; `to` before `from` goes over midnight. */
interface HoursInput {
  readonly days?: readonly number[];
  readonly from: Clocktime;
  readonly to: Clocktime;
}

export interface ScheduleInput {
  readonly id: string;
  /** Default: the page's time zone. */
  readonly zone?: string;
  /** Later ones win over earlier ones wherever they apply. */
  readonly rotations: readonly {
    /** The first shift of the first contact begins. */
    readonly from: WallTime;
    /** 1 to 366: handed over at the same time of the day. Default 7. */
    readonly everyDays?: number;
    readonly contacts: readonly string[];
    /** Default: always. */
    readonly only?: HoursInput;
  }[];
  /** Win over all rotations; later ones over earlier ones. `to` is not included. */
  readonly overrides?: readonly { readonly from: WallTime; readonly to: WallTime; readonly contact: string }[];
}

/** Who is told of what. The first route that matches is taken; routes behind it too, as long as each taken one says `next`. */
export interface RouteInput {
  readonly id: string;
  /** Default "service": what we watch is bad. "keepers": we cannot see, or are broken. "support": a support clock has run out. */
  readonly audience?: Audience;
  /** Each default: any. `tiers`: of the contracts on the target. */
  readonly targets?: readonly string[];
  readonly regions?: readonly string[];
  readonly severities?: readonly AlertSeverity[];
  readonly tiers?: readonly string[];
  /** Ids of channels, contacts and schedules, told at once. Or `levels`, never both. */
  readonly to?: readonly string[];
  /** Until somebody acknowledges, each tells its own and all before it. The first is after "0s". */
  readonly levels?: readonly { readonly after: Wait; readonly to: readonly string[] }[];
  /** What is not among `except` (default ["critical"]) waits until they end. Zone: default the page's. */
  readonly quiet?: HoursInput & { readonly zone?: string; readonly except?: readonly AlertSeverity[] };
  /** A channel, told when another one has been given up. Default: none. */
  readonly fallback?: string;
  /** The next routes are asked as well. Default false. */
  readonly next?: boolean;
}

export interface AlertsInput {
  readonly channels: readonly ChannelInput[];
  /** A person or a team, told on each of these channels. */
  readonly contacts?: readonly { readonly id: string; readonly channels: readonly string[] }[];
  readonly schedules?: readonly ScheduleInput[];
  /** At least one of audience "service". */
  readonly routes: readonly RouteInput[];
  /** What happens within so long after a message goes out with the next one; the first never waits. Default "30s". */
  readonly group?: Wait;
  /** News about a known incident are told at most this often. Default "5m". */
  readonly update?: Wait;
  /** Told again while nobody has acknowledged; "0s": never. Default "4h". */
  readonly repeat?: Wait;
  /** Restored for so long without a person's word is resolved. Default "30m". */
  readonly resolve?: Wait;
  /** A region without any measurement for so long is our keepers' business. Default "3m". */
  readonly blind?: Wait;
  /** The NAME of the secret (whsec_ and base64) that signs the links which acknowledge; needs `url`. Default: no links. */
  readonly links?: string;
  /** The NAME of the secret that is the bearer token of the API. Default: its acts are closed. */
  readonly token?: string;
}
