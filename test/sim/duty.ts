// A Duty of a simulated year: looks, decides, plans and delivers in the order in which `duty.do.ts` and `courier.send.ts` do, through
// the same pure functions and the same `settle`, and dies between any two of its writes. Called by `year.ts`.

import { actOf } from "../../workers/incidents/acts.ts";
import type { Incident, IncidentEvent, NewIncidentEvent } from "../../workers/incidents/incident.ts";
import { incidentOf } from "../../workers/incidents/life.ts";
import type { Looked, Memory, TargetLook } from "../../workers/incidents/look.ts";
import { NO_MEMORY } from "../../workers/incidents/look.ts";
import { watchRounds } from "../../workers/incidents/watch.ts";
import { nextTry } from "../../workers/alerts/backoff.ts";
import { settle } from "../../workers/alerts/decision.store.ts";
import type { Decision } from "../../workers/alerts/decision.store.ts";
import { alertOf } from "../../workers/alerts/message.ts";
import { emptyLevels } from "../../workers/alerts/pages.ts";
import type { Alerting } from "../../workers/config/alerts/alerting.ts";
import type { Config, Target } from "../../workers/config/config.ts";
import type { RoundRecord } from "../../workers/results/records.ts";
import { between } from "../random.ts";
import type { Agenda } from "./agenda.ts";
import type { Receivers } from "./receivers.ts";
import { Disk } from "./stores.ts";
import type { Row } from "./stores.ts";

const ENVELOPES_AT_ONCE = 100;
const SAFETY_MS = 30_000;
const TELL_BLIND_MS = 15 * 60_000;
const MINUTE_MS = 60_000;
/** Of a hundred chances to die, one is taken; of a hundred looks that could decide nothing, one is taken all the same. */
const DEATHS = 0.01;
const PROOFS = 0.01;
/** Some take it in hand, the others never do. */
const ACKNOWLEDGED = 0.6;

/** What every look begins from. */
export type LookInput = Omit<TargetLook, "target" | "records" | "minutes" | "support">;

/** What a look of this Duty is, and what it is to others. */
export interface Calling {
  readonly name: string;
  look(input: LookInput, records: readonly RoundRecord[]): Looked;
  confirm(wanted: Looked["confirm"][number], now: number): void;
  blind(looked: Looked, now: number): void;
  /** What it kept in its head is lost. */
  died(): void;
}

export interface DutyWorld {
  readonly agenda: Agenda;
  readonly random: () => number;
  readonly config: Config;
  readonly alerting: Alerting;
  readonly receivers: Receivers;
  readonly tell: (line: string) => void;
}

export interface DutyCounts {
  looks: number;
  skippedLooks: number;
}

export class Duty {
  readonly disk = new Disk();
  readonly arrived: RoundRecord[] = [];
  readonly deaths: number[] = [];
  readonly counts: DutyCounts = { looks: 0, skippedLooks: 0 };
  memory: Memory = NO_MEMORY;
  readonly #world: DutyWorld;
  readonly #calling: Calling;
  readonly #underWay = new Set<Row>();
  readonly #folded = new WeakMap<readonly IncidentEvent[], Incident>();
  /** Rises with each death: who waits for an answer of an earlier life gets none. */
  #life = 0;
  #planAt: number | null = null;
  #alarmAt: number | null = null;
  #watchAt: number | null = null;

  constructor(world: DutyWorld, calling: Calling) {
    this.#world = world;
    this.#calling = calling;
  }

  /** Of a target's: detectors that were moved on without a look. */
  remember(memory: Memory): void {
    this.memory = memory;
    this.disk.memory = memory;
  }

  look(now: number): void {
    for (let isMore = true; isMore;) {
      const records = this.arrived.slice(this.disk.cursor, this.disk.cursor + ENVELOPES_AT_ONCE);
      isMore = records.length === ENVELOPES_AT_ONCE;
      if (this.#isNothing(records, now)) continue;
      if (this.#dies(now)) return;
      const looked = this.#lookOnce(records, now);
      if (this.#dies(now)) return;
      for (const wanted of looked.confirm) this.#calling.confirm(wanted, now);
      this.#calling.blind(looked, now);
    }
    this.#carry(now);
    this.#watch(now);
  }

  act(incident: string, who: string, now: number): void {
    const story = incidentOf(this.#calling.name, this.disk.events.get(incident) ?? []);
    const actor = { who, at: now, now, key: `${incident}/ack/${who}/${now}`, isKept: false };
    const events = actOf(story, { kind: "acknowledge", note: "" }, actor);
    if ("refused" in events || story.state !== "open") return;
    this.#settle(now, () => ({ events, look: null }));
    this.#carry(now);
  }

  #lookOnce(records: readonly RoundRecord[], now: number): Looked {
    this.counts.looks += 1;
    const { disk } = this;
    let looked: Looked | null = null;
    this.#settle(now, (stories) => {
      const incidents = stories.map(({ events }) => this.#incidentOf(events));
      const { config } = this.#world;
      const input = { config, now, memory: this.memory, incidents, nextNumber: disk.incidents + 1 };
      looked = this.#calling.look(input, records);
      const { events, pooled, isSpent, memory } = looked;
      // Kept as it is: only a death needs it as text.
      const kept = { ...memory, toJSON: () => null };
      return { events, look: { cursor: disk.cursor + records.length, memory: kept, pooled, isSpent } };
    });
    if (looked === null) throw new Error("nothing was looked at");
    this.remember((looked as Looked).memory);
    return looked;
  }

  /** Folded once for as many events. */
  #incidentOf(events: readonly IncidentEvent[]): Incident {
    const known = this.#folded.get(events);
    if (known?.events === events.length) return known;
    const incident = incidentOf(this.#calling.name, events);
    this.#folded.set(events, incident);
    return incident;
  }

  /**
   * With nothing open, rounds that end in no episode and begin none, and leave what is unknown unknown, decide nothing: then only
   * the detectors are moved on. One of a hundred such looks is taken all the same, and must bring nothing.
   */
  #isNothing(records: readonly RoundRecord[], now: number): boolean {
    if (!this.disk.isQuiet || records.length === 0) return false;
    const { config } = this.#world;
    const [target] = config.targets as readonly [Target];
    const { watch, confirm } = watchRounds(this.memory.watch, records, { config, target, now });
    for (const region of target.regions) {
      const [a, b] = [this.memory.watch.detectors[region], watch.detectors[region]];
      if (a === undefined || b === undefined) return false;
      if (a.outage !== b.outage || a.brownout !== b.brownout || a.flapping !== b.flapping) return false;
      if ((a.state === "unmeasured") !== (b.state === "unmeasured") || a.blindReason !== b.blindReason) return false;
      // The keepers are told when it has lasted for a while.
      if (b.state === "unmeasured" && now - b.since < TELL_BLIND_MS) return false;
    }
    if (this.#world.random() < PROOFS) {
      const incidents = this.disk.live().map(({ events }) => this.#incidentOf(events));
      const input = { config, now, memory: this.memory, incidents, nextNumber: this.disk.incidents + 1 };
      const [event] = this.#calling.look(input, records).events;
      if (event !== undefined) throw new Error(`a look that was to be skipped decides ${lineOf(event)}`);
    }
    this.counts.skippedLooks += 1;
    this.disk.cursor += records.length;
    this.remember({ ...this.memory, watch });
    for (const wanted of confirm) this.#calling.confirm(wanted, now);
    return true;
  }

  #settle(now: number, decide: (stories: readonly { readonly events: readonly IncidentEvent[] }[]) => Decision): void {
    const { alerting, tell } = this.#world;
    const facts = { target: this.#calling.name, alerting, tiers: [], now };
    const before = this.disk.rows.length;
    const { kept, nextAt } = settle(this.disk.stores(), facts, decide);
    for (const event of kept) tell(`${clock(now)} ${lineOf(event)}`);
    for (const { key, dueAt } of this.disk.rows.slice(before)) tell(`${clock(now)}   plan ${key} due ${clock(dueAt)}`);
    this.#planAt = nextAt;
  }

  /** One try of each message that is due, as the courier does it. */
  #carry(now: number): void {
    for (const row of this.disk.due(now)) {
      if (this.#underWay.has(row)) continue;
      this.#underWay.add(row);
      row.firstTriedAt ??= now;
      if (!row.composed) this.#compose(row, now);
      if (this.#dies(now)) return;
      const { answer, tookMs } = this.#world.receivers.ask(row, now);
      this.#world.tell(
        `${clock(now)}   try ${row.key} ${answer.accepted ? "taken" : `not taken ${answer.httpStatus}`}`,
      );
      if (this.#dies(now)) return;
      const life = this.#life;
      this.#world.agenda.at(now + tookMs, (at) => {
        if (life !== this.#life) return;
        this.#underWay.delete(row);
        this.#answered(row, answer, at);
      });
    }
    this.#rearm(now);
  }

  #answered(row: Row, answer: Parameters<typeof nextTry>[1], at: number): void {
    if (row.state !== "waiting") return;
    if (answer.accepted) {
      this.disk.answered(row, at, "sent", at);
      if (row.kind === "trigger") this.#page(row, at);
    } else {
      const entry = { firstTriedAt: row.firstTriedAt ?? at, tries: row.tries + 1 };
      const next = nextTry(entry, answer, at, this.#world.random());
      if ("again" in next) {
        this.disk.answered(row, at, "waiting", next.again);
        return this.#rearm(at);
      }
      this.disk.answered(row, at, "given_up", at, next.giveUp);
      this.#world.tell(`${clock(at)}   given up ${row.key} ${next.giveUp}`);
    }
    if (this.#dies(at)) return;
    this.#settle(at, () => ({ events: [], look: null }));
    this.#carry(at);
  }

  /** What it says is settled now, and that it can be said is tried. */
  #compose(row: Row, now: number): void {
    const events = this.disk.events.get(row.incident) ?? [];
    const incident = incidentOf(this.#calling.name, events);
    const { alerting } = this.#world;
    const context = { source: "Sonde", targetLabel: "Chat", regionLabels: {}, pageUrl: null, ackUrl: null, now };
    const levels = emptyLevels(alerting, row.route, row.level, now);
    alertOf(incident, events, row, { ...context, language: "en", emptyLevels: levels });
    row.composed = true;
    row.event = incident.events;
  }

  /** Somebody may take it in hand. */
  #page({ incident, channel }: Row, at: number): void {
    const { random, agenda } = this.#world;
    if (random() > ACKNOWLEDGED) return;
    agenda.at(at + between(random, 1, 90) * MINUTE_MS, (now) => this.act(incident, channel, now));
  }

  #dies(now: number): boolean {
    if (this.#world.random() > DEATHS) return false;
    this.deaths.push(now);
    this.#world.tell(`${clock(now)} ${this.#calling.name} dies`);
    this.#life += 1;
    this.#underWay.clear();
    this.memory = JSON.parse(JSON.stringify(this.disk.memory)) as Memory;
    this.#planAt = null;
    this.#calling.died();
    this.#ring(now + SAFETY_MS);
    return true;
  }

  #rearm(now: number): void {
    const times = [this.disk.nextAt(), this.#planAt].flatMap((at) => at ?? []);
    if (times.length === 0) return;
    const soonest = now + (this.#underWay.size > 0 ? SAFETY_MS : 1);
    this.#ring(Math.max(soonest, Math.min(...times)));
  }

  /** One that is nearer stays: a look too many does no harm. */
  #ring(alarmAt: number): void {
    if (this.#alarmAt !== null && this.#alarmAt <= alarmAt) return;
    this.#alarmAt = alarmAt;
    this.#world.agenda.at(alarmAt, (now) => {
      if (this.#alarmAt !== alarmAt) return;
      this.#alarmAt = null;
      this.look(now);
    });
  }

  /** The watchdog's looks, of each minute, that can bring something though no round comes: peace, and the end of flapping. */
  #watch(now: number): void {
    if (this.disk.isQuiet) return;
    const ends = this.disk.live().flatMap(({ events }) => {
      const { state, impactEnd } = this.#incidentOf(events);
      return state === "restored" && impactEnd !== null ? [impactEnd] : [];
    });
    if (ends.length === 0) return;
    const peaceAt = Math.min(...ends) + this.#world.alerting.resolveMs;
    const at = (Math.floor((peaceAt > now ? peaceAt : now + 4 * MINUTE_MS) / MINUTE_MS) + 1) * MINUTE_MS;
    if (this.#watchAt !== null && this.#watchAt > now && this.#watchAt <= at) return;
    this.#watchAt = at;
    this.#world.agenda.at(at, (then) => this.look(then));
  }
}

export function clock(at: number): string {
  return new Date(at).toISOString().slice(5, 19);
}

function lineOf({ incident, at, author, change }: NewIncidentEvent): string {
  const more = { ...change, sentence: undefined, audience: undefined, about: undefined, kind: undefined };
  return `${incident} ${change.kind} ${clock(at)} ${author === "sonde" ? "" : author} ${JSON.stringify(more)}`;
}
