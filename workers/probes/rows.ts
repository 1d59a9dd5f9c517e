// What a room asks of whoever holds seats for it, and what it is told of them. Types only.

import type { ConnectTiming, Failure } from "./driver.ts";

/** Some seats of a room. Plain data without instants, since another object with another clock may be asked for them. */
export interface Sitting {
  /** Number of the first seat, in the whole room. */
  readonly first: number;
  readonly seats: number;
  readonly channel: string;
  readonly runId: string;
  /** The messages as they must arrive. */
  readonly payloads: readonly Uint8Array[];
  /** Who has not joined within this long never will. */
  readonly joinMs: number;
  /** After this long all leave, whatever happens. */
  readonly sitMs: number;
}

/** What happens in a seat, by its number in the whole room. */
export type SeatEvent =
  | { readonly kind: "joined"; readonly seat: number; readonly timing: ConnectTiming; readonly joinMs: number }
  | { readonly kind: "refused"; readonly seat: number; readonly failure: Failure }
  | { readonly kind: "ended"; readonly seat: number; readonly failure: Failure }
  | { readonly kind: "heard"; readonly seat: number; readonly message: number }
  | { readonly kind: "corrupt" | "foreign"; readonly seat: number };

/** Seats that another object holds. */
export interface Row {
  /** Settles when all have left, or when that object can not be had (any more). Never rejects. */
  readonly left: Promise<void>;
  leave(): void;
}

/** Asks the k-th further object of this region (from 1) for some seats. */
export type FurtherRows = (k: number, sitting: Sitting, tell: (events: readonly SeatEvent[]) => void) => Row;
