// The fleet of a simulated year: which regions are measured when, what each round records, and when it reaches the Duty. A region in
// which nothing happens sleeps: good rounds leave its detector as it is (simulated-year.test.ts shows it). Called by `year.ts`.

import type { Target } from "../../workers/config/config.ts";
import { roundsMsMax } from "../../workers/config/journeys.ts";
import { confirmTarget, slotAt as slotOf } from "../../workers/rounds/slots.ts";
import type { DetectorState } from "../../workers/incidents/detection.ts";
import type { Looked } from "../../workers/incidents/look.ts";
import type { RoundRecord } from "../../workers/results/records.ts";
import { between } from "../random.ts";
import type { Agenda } from "./agenda.ts";
import type { Duty } from "./duty.ts";
import { Prober } from "./rounds.ts";
import type { Measured } from "./rounds.ts";
import { REGIONS, YEAR_AT } from "./truth.ts";
import type { Span, Truth } from "./truth.ts";

const MINUTE_MS = 60_000;
/** A prober confirms only if this is left before its next slot (prober.do.ts); and nobody asks it about what was so long ago (duty.do.ts). */
const QUIET_MS = 500;
const CONFIRM_MS = 20_000;
/** Good rounds before anything happens: five blocks of twenty, and some. */
const LEAD_ROUNDS = { 60_000: 7, 10_000: 36 } as const;
/** One lost message is forgotten after this: 5.3 of the score, at .402 a block. Closer to other trouble it is simulated. */
const STRAY_MS = { 60_000: 16 * MINUTE_MS, 10_000: 14 * MINUTE_MS } as const;
const WARM_UP_MS = 60 * MINUTE_MS;
/** Silence is looked at each minute, and after a while less often: nothing follows from it any more. */
const SILENT_LOOKS = 12;
const SILENT_EVERY_MS = 30 * MINUTE_MS;

interface Place {
  readonly prober: Prober;
  readonly spans: readonly Span[];
  next: number;
  awakeUntil: number | null;
  /** Nobody is there until then. */
  parkedUntil: number;
  /** What it could not hand over yet. */
  held: RoundRecord[];
}

export class Fleet {
  /** Intended send of the first message that a trouble cost, by `trouble/region`. */
  readonly firstLost = new Map<string, number>();
  rounds = 0;
  readonly #truth: Truth;
  readonly #target: Target;
  readonly #duty: Duty;
  readonly #agenda: Agenda;
  readonly #random: () => number;
  readonly #places: ReadonlyMap<string, Place>;
  #ticking = false;

  constructor(truth: Truth, target: Target, duty: Duty, agenda: Agenda, random: () => number) {
    this.#truth = truth;
    this.#target = target;
    this.#duty = duty;
    this.#agenda = agenda;
    this.#random = random;
    const places = REGIONS.map((region): [string, Place] => {
      const prober = new Prober(region, truth, random);
      return [region, { prober, spans: spansOf(region, truth), next: 0, awakeUntil: null, parkedUntil: 0, held: [] }];
    });
    this.#places = new Map(places);
    for (const region of REGIONS) this.#wakeNext(region);
  }

  /** A confirm round, if it ends before the next slot. */
  confirm({ region, at, dueAt }: Looked["confirm"][number], now: number): void {
    if (now - at > CONFIRM_MS) return;
    this.#agenda.at(Math.max(now, dueAt) + between(this.#random, 20, 300), (then) => this.#confirmNow(region, then));
  }

  #confirmNow(region: string, startedAt: number): void {
    const place = this.#places.get(region);
    if (place === undefined) return;
    const { everyMs } = this.#truth;
    const asked = confirmTarget(this.#target);
    if (startedAt + roundsMsMax(asked) + QUIET_MS > slotOf(startedAt, everyMs) + everyMs) return;
    if (place.prober.trouble("silent", startedAt) !== null) return;
    const asking = { purpose: "confirm", messages: asked.messages, gapMs: asked.gapMs } as const;
    const measured = place.prober.measure(slotOf(startedAt, 1_000), startedAt, asking);
    this.#note(region, measured);
    const late = place.prober.trouble("late", startedAt);
    if (late === null) this.#handOver([measured.record]);
    else this.#hold(place, measured.record, startedAt, late.toAt);
  }

  #wakeNext(region: string): void {
    const place = this.#places.get(region);
    const span = place?.spans[place.next];
    if (place === undefined || span === undefined) return;
    place.next += 1;
    this.#agenda.at(span.fromAt - this.#leadMs(), (now) => {
      place.awakeUntil = span.toAt;
      this.#tickNext(now);
    });
  }

  #leadMs(): number {
    const { everyMs } = this.#truth;
    return LEAD_ROUNDS[everyMs] * everyMs;
  }

  #tickNext(now: number): void {
    if (this.#ticking) return;
    this.#ticking = true;
    const { everyMs } = this.#truth;
    this.#agenda.at(slotOf(now, everyMs) + everyMs, (at) => {
      this.#ticking = false;
      this.#tick(at);
    });
  }

  #tick(slotAt: number): void {
    const fresh: RoundRecord[] = [];
    let isAnyoneThere = false;
    for (const [region, place] of this.#places) {
      if (place.awakeUntil === null || slotAt < place.parkedUntil) continue;
      if (this.#sleeps(region, place, slotAt)) continue;
      const silent = place.prober.trouble("silent", slotAt);
      if (silent !== null) {
        place.parkedUntil = silent.toAt;
        this.#lookAtSilence(slotAt, silent.toAt);
        this.#agenda.at(silent.toAt, (now) => this.#tickNext(now));
        continue;
      }
      isAnyoneThere = true;
      const { messages, gapMs } = this.#target;
      const startedAt = slotAt + between(this.#random, 3, 200);
      const measured = place.prober.measure(slotAt, startedAt, { purpose: "scheduled", messages, gapMs });
      this.#note(region, measured);
      const late = place.prober.trouble("late", slotAt);
      if (late === null) fresh.push(measured.record);
      else this.#hold(place, measured.record, slotAt, late.toAt);
    }
    this.#handOver(fresh);
    if (isAnyoneThere) this.#tickNext(slotAt);
  }

  #hold(place: Place, record: RoundRecord, now: number, untilAt: number): void {
    if (place.held.length === 0) {
      this.#lookAtSilence(now, untilAt);
      // Where the collector was away it has all regions' at once.
      this.#agenda.at(untilAt + 2_000, (at) => {
        this.#duty.arrived.push(...place.held);
        place.held = [];
        this.#agenda.at(at + 100, (then) => this.#duty.look(then));
      });
    }
    place.held.push(record);
  }

  #lookAtSilence(fromAt: number, untilAt: number): void {
    for (let at = fromAt + 5_000, nth = 0; at < untilAt; nth += 1) {
      this.#agenda.at(at, (now) => this.#duty.look(now));
      at += nth < SILENT_LOOKS ? MINUTE_MS : SILENT_EVERY_MS;
    }
  }

  #note(region: string, { cost }: Measured): void {
    this.rounds += 1;
    for (const [id, at] of cost) {
      const key = `${id}/${region}`;
      if (!this.firstLost.has(key)) this.firstLost.set(key, at);
    }
  }

  /** All of a slot in one look, when the last of them is there: the Duty looks as often as it is told, but good rounds bring no news. */
  #handOver(records: readonly RoundRecord[]): void {
    if (records.length === 0) return;
    const endedAt = Math.max(...records.map((record) => record.endedAt));
    this.#agenda.at(endedAt + between(this.#random, 100, 1_500), (now) => {
      this.#duty.arrived.push(...records);
      this.#duty.look(now);
    });
  }

  /** Nothing has happened for long enough, and nothing will for a while. */
  #sleeps(region: string, place: Place, now: number): boolean {
    const { memory } = this.#duty;
    const state = memory.watch.detectors[region];
    if (place.awakeUntil === null || now <= place.awakeUntil || place.held.length > 0) return false;
    if (state === undefined || !isSettled(state)) return false;
    const next = place.spans[place.next];
    const untilAt = next === undefined ? Number.MAX_SAFE_INTEGER : next.fromAt - this.#leadMs();
    if (next !== undefined && untilAt <= now) {
      // It took so long to calm down that the next thing is near.
      place.awakeUntil = next.toAt;
      place.next += 1;
      return false;
    }
    place.awakeUntil = null;
    // Until then all its rounds are good: it is as if the last of them had been looked at.
    const slotAt = slotOf(untilAt, this.#truth.everyMs);
    const detectors = { ...memory.watch.detectors, [region]: skipped(state, slotAt) };
    this.#duty.remember({ ...memory, watch: { ...memory.watch, detectors } });
    this.#wakeNext(region);
    return true;
  }
}

/** A detector that good rounds change no more, but for what only says when. */
export function isSettled(state: DetectorState): boolean {
  const { slow, window, okRun, impact, suspicion, recent, outage, brownout } = state;
  const isCalm = slow.score === 0 && slow.trouble === null && slow.calmAt !== null && slow.zeroSince !== null;
  const isOver = (outage === null || outage.endedAt !== null) && (brownout === null || brownout.endedAt !== null);
  const isClean = window.length === 20 && window.every((each) => each === 0) && recent.every((each) => !each);
  const isPrompt = slow.blocks.every(({ late, bad }) => late + bad === 0);
  const isUp = state.state === "up" && !state.flapping && impact === null && suspicion === null;
  return isUp && isOver && isClean && isCalm && isPrompt && okRun.count >= 20;
}

/** As it is after good rounds up to this slot. */
export function skipped(state: DetectorState, slotAt: number): DetectorState {
  return { ...state, newest: { slotAt, purpose: "scheduled" } };
}

/** When a region must be simulated: around whatever happens in it. */
function spansOf(region: string, truth: Truth): Span[] {
  const { everyMs } = truth;
  const blips = [...(truth.blips.get(region) ?? [])].map((at) => ({ fromAt: at, toAt: at + everyMs }));
  const troubles = truth.troubles.filter(({ regions }) => regions.includes(region));
  const probe = truth.probe.filter((each) => each.region === region);
  const strays = [...(truth.strays.get(region)?.keys() ?? [])].map((at) => ({ fromAt: at, toAt: at + everyMs }));
  const warmUp = { fromAt: YEAR_AT, toAt: YEAR_AT + WARM_UP_MS };
  const all = [warmUp, ...blips, ...troubles, ...probe].map(({ fromAt, toAt }) => ({ fromAt, toAt, stray: false }));
  const sorted = [...all, ...strays.map((span) => ({ ...span, stray: true }))].sort((a, b) => a.fromAt - b.fromAt);
  const gapMs = LEAD_ROUNDS[everyMs] * everyMs + STRAY_MS[everyMs];
  const joined: { fromAt: number; toAt: number; stray: boolean }[] = [];
  for (const span of sorted) {
    const last = joined.at(-1);
    if (last === undefined || span.fromAt - last.toAt > gapMs) joined.push({ ...span });
    else {
      last.toAt = Math.max(last.toAt, span.toAt);
      last.stray = false;
    }
  }
  return joined.filter(({ stray }) => !stray);
}
