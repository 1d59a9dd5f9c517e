// A Duty's disk in memory, for the one function that decides and plans on it (`settle` of decision.store.ts): the same answers as
// duty.store.ts and outbox.store.ts give, without SQLite. Holds what the judges of a simulated year look at. Called by `duty.ts`.

import type { DutyStores } from "../../workers/alerts/decision.store.ts";
import type { GiveUp, PlannedEntry, ToldState } from "../../workers/alerts/told.ts";
import type { IncidentEvent, NewIncidentEvent } from "../../workers/incidents/incident.ts";
import { NO_MEMORY } from "../../workers/incidents/look.ts";
import type { Memory } from "../../workers/incidents/look.ts";
import type { Maintenance } from "../../workers/incidents/maintenance.ts";

/** A message as it waits; see outbox.store.ts. */
export interface Row extends PlannedEntry {
  readonly id: number;
  readonly plannedAt: number;
  state: ToldState;
  event: number;
  tryAt: number;
  firstTriedAt: number | null;
  composed: boolean;
  tries: number;
  sentAt: number | null;
  gaveUp: GiveUp | null;
}

export class Disk {
  readonly events = new Map<string, IncidentEvent[]>();
  readonly rows: Row[] = [];
  readonly windows: Maintenance[] = [];
  /** As it was last given: a crash leaves of it what its JSON says. */
  memory: Memory = NO_MEMORY;
  /** How many rounds were looked at. */
  cursor = 0;
  readonly #live = new Set<string>();
  readonly #unfinished = new Set<string>();
  readonly #keys = new Set<string>();
  readonly #byIncident = new Map<string, Row[]>();
  readonly #byKey = new Map<string, Row>();
  /** Those that wait: what `due` would find by its index. */
  readonly #waiting = new Set<Row>();

  /** Nothing is open, nor waits for peace. What is over may live on for as long as its outage is still shown. */
  get isQuiet(): boolean {
    return this.#unfinished.size === 0;
  }

  get incidents(): number {
    return this.events.size;
  }

  live(): { id: string; notifiedAt: number | null; events: readonly IncidentEvent[] }[] {
    return [...this.#live].map((id) => ({ id, notifiedAt: null, events: this.events.get(id) ?? [] }));
  }

  /** What `settle` asks of a Duty's stores, and nothing else. */
  stores(): DutyStores {
    const store = {
      atOnce: <T>(work: () => T): T => work(),
      live: () => this.live(),
      remember: (cursor: number): void => void (this.cursor = cursor),
      pool: () => {},
      append: (fresh: readonly NewIncidentEvent[], at: number) => this.#append(fresh, at),
      setLive: (id: string, live: boolean) => void (live ? this.#live.add(id) : this.#live.delete(id)),
      maintenance: () => this.windows,
    };
    const outbox = {
      of: (incident: string) => this.of(incident),
      plan: (entries: readonly PlannedEntry[], now: number) => entries.forEach((entry) => this.#plan(entry, now)),
      drop: (keys: readonly string[]) => this.#drop(keys),
    };
    return { store, outbox } as unknown as DutyStores;
  }

  of(incident: string): Row[] {
    return this.#byIncident.get(incident) ?? [];
  }

  due(now: number): Row[] {
    return this.#heads().filter(({ tryAt }) => tryAt <= now);
  }

  nextAt(): number | null {
    return this.#heads().reduce<number | null>((next, { tryAt }) => Math.min(next ?? tryAt, tryAt), null);
  }

  answered(row: Row, at: number, state: ToldState, tryAt: number, gaveUp: GiveUp | null = null): void {
    row.gaveUp = gaveUp;
    row.tries += 1;
    row.state = state;
    row.tryAt = tryAt;
    if (state === "sent") row.sentAt = at;
    if (state !== "waiting") this.#waiting.delete(row);
  }

  #heads(): Row[] {
    const met = new Set<string>();
    return [...this.#waiting]
      .sort((a, b) => a.id - b.id)
      .filter(({ incident, channel }) => !met.has(`${incident} ${channel}`) && met.add(`${incident} ${channel}`));
  }

  #append(fresh: readonly NewIncidentEvent[], recordedAt: number): IncidentEvent[] {
    return fresh.flatMap((event) => {
      if (this.#keys.has(event.key)) return [];
      this.#keys.add(event.key);
      const own = this.events.get(event.incident) ?? [];
      if (own.length === 0) this.events.set(event.incident, own);
      const kept = { ...event, number: own.length + 1, recordedAt };
      own.push(kept);
      this.#live.add(event.incident);
      const { kind } = event.change;
      if (kind === "opened" || kind === "reopened") this.#unfinished.add(event.incident);
      if (kind === "resolved" || kind === "merged") this.#unfinished.delete(event.incident);
      return [kept];
    });
  }

  #plan(entry: PlannedEntry, now: number): void {
    if (this.#byKey.has(entry.key)) return;
    const own = this.#byIncident.get(entry.incident) ?? [];
    if (own.length === 0) this.#byIncident.set(entry.incident, own);
    const row: Row = {
      ...entry,
      id: this.rows.length + 1,
      plannedAt: now,
      state: "waiting",
      tryAt: entry.dueAt,
      firstTriedAt: null,
      composed: false,
      gaveUp: null,
      tries: 0,
      sentAt: null,
    };
    this.rows.push(row);
    this.#byKey.set(row.key, row);
    own.push(row);
    this.#waiting.add(row);
  }

  #drop(keys: readonly string[]): void {
    for (const key of keys) {
      const row = this.#byKey.get(key);
      // One that was tried may have arrived: it is not dropped any more.
      if (row?.state !== "waiting" || row.firstTriedAt !== null) continue;
      row.state = "dropped";
      this.#waiting.delete(row);
    }
  }
}
