// What a journey gives back: what each series saw. Types only. A journey is one file `<journey>.probe.ts`, and one line in
// `round.probe.ts`. It never rejects: whatever happens is in its observations.

import type { JourneyPlan } from "../config/config.ts";
import type { Observation } from "./observation.ts";

/** One series' share of what a journey saw. `peer`: the region at the other end, of `mesh`; else "". */
export interface Seen {
  readonly peer: string;
  readonly observation: Observation;
}

/** What one series saw in a slot. */
export interface SeenSeries extends Seen {
  readonly plan: JourneyPlan;
}
