// Rows of a room in further objects. The prober whose room it is asks by one long call, `sit`; the other object fills the
// seats and reports what happens in them by calls to a `Desk` at the asker's, each batch at once and none waiting for the
// one before. It counts in durations only: its clock is not the asker's. `rise` ends it, or a report that the asker
// does not take any more, or in any case its time. Runs on Workers only; `room.probe.ts` knows nothing of this.

import { RpcTarget } from "cloudflare:workers";

import type { Target } from "../config/config.ts";
import { hexOf } from "../config/hex.ts";
import type { Outside } from "../outside.ts";
import type { Gate } from "./driver.ts";
import { wayOf } from "./round.probe.ts";
import type { FurtherRows, SeatEvent, Sitting } from "./rows.ts";
import { Seats } from "./seats.probe.ts";

/** What `sit` is given. Names of secrets, never values: the other object has the same bindings. */
export interface RowOrder {
  readonly id: string;
  readonly target: Target;
  readonly region: string;
  readonly sitting: Sitting;
}

/** Where reports arrive. Lives in the asker's object. */
export class Desk extends RpcTarget {
  readonly #tell: (events: readonly SeatEvent[]) => void;

  constructor(tell: (events: readonly SeatEvent[]) => void) {
    super();
    this.#tell = tell;
  }

  report(events: readonly SeatEvent[]): void {
    this.#tell(events);
  }
}

/** Another object, as the asker reaches it. */
interface Holder {
  sit(order: RowOrder, desk: Desk): Promise<void>;
  rise(id: string): Promise<void>;
}

/** `reach`: the k-th further object; `missed`: called when one can not be had, for whoever reads the log. */
export function furtherRows(
  outside: Outside,
  { target, region }: Pick<RowOrder, "target" | "region">,
  reach: (k: number) => Holder,
  missed: (what: string) => void,
): FurtherRows {
  return (k, sitting, tell) => {
    const id = hexOf(outside.random(8));
    const report = (problem: unknown): void => missed(`row ${k} can not be had: ${String(problem)}`);
    const sitIn = async (): Promise<void> => reach(k).sit({ id, target, region, sitting }, new Desk(tell));
    const rise = async (): Promise<void> => reach(k).rise(id);
    return { left: sitIn().catch(report), leave: () => void rise().catch(report) };
  };
}

/** The other object's part. */
export class RowHolder {
  readonly #outside: Outside;
  readonly #gate: Gate;
  readonly #secret: (name: string) => string | null;
  /** By the asker's id; "asked" before there are seats, "risen" when it was ended before that. */
  readonly #rows = new Map<string, Seats | "asked" | "risen">();

  constructor(outside: Outside, gate: Gate, secret: (name: string) => string | null) {
    this.#outside = outside;
    this.#gate = gate;
    this.#secret = secret;
  }

  /** Settles when all have left. Rejects where this object can not do it. */
  async sit({ id, target, region, sitting }: RowOrder, desk: Desk): Promise<void> {
    this.#rows.set(id, "asked");
    try {
      const way = await wayOf(this.#outside, { target, region, secret: this.#secret, gate: this.#gate });
      if (typeof way === "string") throw new Error(`it is unfit: ${way}`);
      if (this.#rows.get(id) === "risen") return;
      let batch: SeatEvent[] = [];
      const report = (): void => {
        const events = batch;
        batch = [];
        Promise.resolve(desk.report(events)).catch(() => seats.leave());
      };
      const seats = new Seats(way, sitting, (event) => {
        // What comes in the same turn goes together: fifty seats hear a message at once.
        if (batch.push(event) === 1) this.#outside.after(0, report);
      });
      this.#rows.set(id, seats);
      seats.fill();
      await seats.left;
    } finally {
      this.#rows.delete(id);
    }
  }

  /** How many rows it holds at present. */
  get held(): number {
    return this.#rows.size;
  }

  async rise(id: string): Promise<void> {
    const row = this.#rows.get(id);
    if (row === "asked") this.#rows.set(id, "risen");
    else if (row instanceof Seats) await row.leave();
  }
}
