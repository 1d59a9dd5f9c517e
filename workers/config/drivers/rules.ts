// What the configuration of one driver may hold: the shape of each file beside this one. Types only.

import type { Journey } from "../../../schema/words.ts";
import type { Options } from "../config.ts";
import type { Fields } from "../fields.ts";
import type { Plain } from "../plain.ts";
import type { Path, Refusal } from "../problems.ts";

export interface DriverRules {
  /** Schemes that it can dial. */
  readonly schemes: readonly string[];
  /** An address as one would write it, for refusals. */
  readonly example: string;
  /** Whether it can receive what was sent: journeys with a receiver need it. As `push` in probes/capabilities.ts. */
  readonly canReceive: boolean;
  /** Makes requests of its own while messages fly: its targets have a prober each, with all six places for themselves. */
  readonly alone?: boolean;
  /** What `credentials` may name a secret for. */
  readonly credentials: readonly string[];
  /** What `options` may hold beside the channel. */
  readonly options: Fields;
  readonly channel: {
    /** What this service calls it: `topic`, `subject`, `room`. */
    readonly option: string;
    readonly fallback: string;
    /** Placeholders are not yet filled. Null: fine. */
    readonly judge: (text: string) => Refusal | null;
  };
  /** What must hold between the entries. Called only when each of them is good by itself. */
  readonly conflicts?: (target: WrittenTarget) => readonly Conflict[];
}

/** What `conflicts` sees. */
export interface WrittenTarget {
  /** Each address that was written, as written. */
  readonly addresses: readonly string[];
  /** Names of secrets, by what they are for. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly options: Options;
  /** As written, or the driver's own. */
  readonly channel: string;
  /** Those that were good by themselves. */
  readonly journeys: readonly Journey[];
  readonly payloadBytes: number;
  /** Whole ms; undefined: refused already. */
  readonly messages: number | undefined;
  readonly gapMs: number | undefined;
  readonly deadlineMs: number | undefined;
}

export interface Conflict {
  /** Below the target: ["options", "qos"]. */
  readonly path: Path;
  readonly value: Plain;
  readonly refusal: Refusal;
}
