// What the console's pages of maintenance, fleet, deliveries and previews ask of the fleet's own objects. Shapes only, without D1
// but for silences; `fleet-desk.entry.ts` makes the real one. Everything rejects when who is asked does not answer in time: then
// nothing is known, which is not nothing.

import type { UnfitReason } from "../../schema/words.ts";
import type { DeliveryReport, DutyHealth, Preview } from "../alerts/duty-answers.ts";
import type { ProberPlan } from "../config/fleet.ts";
import type { Maintenance, NewMaintenance } from "../incidents/maintenance.ts";

/** What a prober says of itself. Instants: ms since the epoch. */
export interface ProberSeen {
  /** 0: it was never armed. */
  readonly bornAt: number;
  /** Colo; empty: not observed yet. */
  readonly place: string;
  readonly newestWakeAt: number | null;
  /** How late its newest rounds began, ms; null: it never woke. */
  readonly lagMs: number | null;
  /** Wakes that not all collectors have. */
  readonly backlog: number;
  readonly controls: { readonly asked: number; readonly answered: number } | null;
  readonly unfit: UnfitReason;
}

export interface FleetDesk {
  /** The name of the keepers' Duty; those of the others are the targets' ids. */
  readonly keepers: string;
  maintenance(target: string): Promise<readonly Maintenance[]>;
  /** The record as it is kept; the same key again answers what was kept first. */
  announce(record: NewMaintenance): Promise<Maintenance>;
  /** Of one Duty, newest first. */
  deliveries(duty: string, limit: number): Promise<readonly DeliveryReport[]>;
  /** What would be sent if these regions went down now. */
  preview(target: string, regions: readonly string[]): Promise<readonly Preview[]>;
  /** Null: in mid-round, when it has no time for us. */
  prober(plan: ProberPlan): Promise<ProberSeen | null>;
  duty(name: string): Promise<DutyHealth>;
  /** Minutes that the target's collector owes to D1. */
  owedMinutes(target: string): Promise<number>;
  /** By prober, since when the watchdog finds it silent. From D1. */
  silences(): Promise<ReadonlyMap<string, number>>;
}
