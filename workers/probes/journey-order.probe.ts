// What every journey is given. Types only; two dots, because it holds the way to the outside.

import type { Region, Target } from "../config/config.ts";
import type { FurtherRows } from "./rows.ts";
import type { Way } from "./session.probe.ts";

export interface JourneyOrder extends Way {
  readonly target: Target;
  readonly region: Region["id"];
  /** Start of the slot, ms since the epoch: the same in all regions. */
  readonly slotAt: number;
  /** The target's channel of a region, with its placeholders filled, and the parts below it. */
  channelOf(region: string, ...parts: readonly string[]): string;
  /** Where a `room` finds seats beyond those that one object may hold; left out: this process holds all of them. */
  readonly further?: FurtherRows | undefined;
}
