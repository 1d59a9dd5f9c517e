// What the public page of the fleet knows of silences: rows as the watchdog wrote them, and who reads them. Pure types, limits and the
// check of a row; implemented for D1 by fleet.store.ts, shown by fleet-view.ts. A failed read is an error, never "there were none".

import type { Silence } from "../workers/rounds/silence.ts";
import type { PageBindings } from "./front.ts";

/** Silences are shown so far back, by when they ended. */
export const SILENCES_MS = 30 * 86_400_000;
/** Newest silences that are read at most, whether they last or not. */
export const NEWEST_MOST = 70;
/** Lasting ones that are read at most: an old one may still last. */
export const OPEN_MOST = 30;

/** Instants: ms since the epoch. */
export interface SilenceSeen {
  /** `weur.0.v1`: region, shard, generation. */
  readonly prober: string;
  readonly region: string;
  readonly reason: Silence;
  /** The newest wake that it had to show; null: none, or it did not say. */
  readonly newestWakeAt: number | null;
  /** When the watchdog found it. */
  readonly seenAt: number;
  /** Null: it lasts. */
  readonly untilAt: number | null;
}

export interface SilenceList {
  /** The newest first. */
  readonly silences: readonly SilenceSeen[];
  /** There are more than were read. */
  readonly cut: boolean;
}

/** Reads silences. Throws SilencesUnreadable when it cannot tell. */
export interface SilenceReader {
  read(env: PageBindings): Promise<SilenceList>;
}

/** Silences could not be read, or not be understood. */
export class SilencesUnreadable extends Error {
  override readonly name = "SilencesUnreadable";
}

const REASONS: readonly Silence[] = ["no_wake", "no_answer"];

/** Of a row of D1. Throws SilencesUnreadable for a reason that this page has no words for. */
export function parseSilence(row: Omit<SilenceSeen, "reason"> & { readonly reason: string }): SilenceSeen {
  const reason = REASONS.find((one) => one === row.reason);
  if (reason === undefined) throw new SilencesUnreadable(`a silence has an unknown reason`);
  const { prober, region, newestWakeAt, seenAt, untilAt } = row;
  return { prober, region, reason, newestWakeAt, seenAt, untilAt };
}
