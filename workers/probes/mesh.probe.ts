// Journey `mesh`: each region sends to each other one and answers what it receives, so that every round trip is measured on
// one clock, the asker's. All regions connect when the slot begins and ask from one absolute instant on, when all must be
// there. What a region heard of its peers it reports as well: joined with the asker's report (`results/pairs.ts`) it tells
// a question that was lost from an answer that was lost, and whether both sides were there at all.

import type { JourneyPlan } from "../config/config.ts";
import { peersOf } from "../config/fleet.ts";
import { hexOf } from "../config/hex.ts";
import type { Outside } from "../outside.ts";
import type { UnfitReason } from "../../schema/words.ts";
import type { Answer, Failure, Incoming, Session } from "./driver.ts";
import { asFailure, observedConnect, unfitOf } from "./attempts.ts";
import type { JourneyOrder } from "./journey-order.probe.ts";
import type { Seen } from "./journey.ts";
import { meshBytes, readMesh } from "./mesh.ts";
import type { Observation, ObservedMessage } from "./observation.ts";
import { OneTimer } from "./one-timer.probe.ts";
import { payloadOf, readPayload } from "./payload.ts";
import { diagnosed, subscribeWithin } from "./session.probe.ts";

type MeshPlan = Extract<JourneyPlan, { journey: "mesh" }>;

/** As in rounds/slots.ts: who wakes later than this proves nothing about the service. */
const LAG_MS_MAX = 2_000;
/** Less than this of the service's time, taken by our own lag or queue, makes no difference. */
const SPENT_MS = 50;

/** Never rejects. One observation for each peer; takes at most `journeyMsMax`. */
export async function runMesh(order: JourneyOrder, plan: MeshPlan): Promise<Seen[]> {
  const { outside, driver, endpoint, context, target, region, slotAt } = order;
  const startedAt = outside.now();
  const beginAt = slotAt + target.connectDeadlineMs;
  const peers = peersOf("mesh", region, target);
  const nothing = { startedAt, readyAt: null, messages: [], arrivals: [], corrupt: 0, foreign: 0 };
  const toAll = (rest: Omit<Observation, keyof typeof nothing | "heard" | "reconnects" | "endedAt">): Seen[] =>
    peers.map((peer) => ({
      peer,
      observation: { ...nothing, heard: null, reconnects: 0, endedAt: outside.now(), ...rest },
    }));
  if (startedAt - slotAt > LAG_MS_MAX) return toAll({ connects: [], failure: null, unfit: "scheduler_lag" });

  const tries = await Promise.allSettled([
    driver.connect(endpoint, "publisher", context),
    driver.connect(endpoint, "subscriber", context),
  ]);
  const sessions = tries.filter((t) => t.status === "fulfilled").map((t) => t.value);
  const connects = tries.map(observedConnect);
  try {
    const [publisher, subscriber] = sessions;
    if (publisher === undefined || subscriber === undefined) {
      const refused = tries.find((t) => t.status === "rejected");
      const leftMs = beginAt + target.deadlineMs - outside.now();
      const failure = await diagnosed({ outside, driver, endpoint, context }, asFailure(refused?.reason), leftMs);
      return toAll({ connects, failure, unfit: unfitOf(failure) });
    }
    const exchange = new Exchange(order, plan, peers, beginAt, publisher, subscriber);
    const leftMs = beginAt - outside.now();
    try {
      const own = order.channelOf(region, "mesh", region);
      await subscribeWithin(outside, subscriber, own, leftMs, (message) => exchange.receive(message));
    } catch (problem) {
      const failure = asFailure(problem, "subscribe");
      // The beginning is the same for all: what we woke late or queued for is missing from the service's time.
      const queuedMs = Math.max(...sessions.map((session) => session.timing.queuedMs));
      const fairMs = target.connectDeadlineMs - (beginAt - leftMs - startedAt - queuedMs);
      const wasCutShort = failure.kind === "timeout" && fairMs - leftMs > SPENT_MS;
      return toAll({ connects, failure, unfit: wasCutShort ? "scheduler_lag" : unfitOf(failure) });
    }
    // Ready within the service's time, yet after the common beginning: by our own lag, and what is sent now is late.
    if (outside.now() - beginAt > SPENT_MS) return toAll({ connects, failure: null, unfit: "scheduler_lag" });
    await exchange.run();
    const endedAt = outside.now();
    return peers.map((peer) => ({ peer, observation: { startedAt, endedAt, connects, ...exchange.seen(peer) } }));
  } finally {
    await Promise.all(sessions.map((session) => session.close()));
  }
}

/** What is asked of one peer, and what was heard of it. */
interface Pair {
  readonly payloads: readonly Uint8Array[];
  readonly sentAt: (number | null)[];
  readonly receivedAt: (number | null)[];
  readonly refusals: (Failure | null)[];
  readonly arrivals: number[];
  readonly heard: Set<string>;
  corrupt: number;
}

/** One question that is due. */
interface Due {
  readonly peer: string;
  readonly seq: number;
  readonly at: number;
}

class Exchange {
  readonly #order: JourneyOrder;
  readonly #outside: Outside;
  readonly #timer: OneTimer;
  readonly #publisher: Session;
  readonly #runId: string;
  readonly #pairs: ReadonlyMap<string, Pair>;
  readonly #schedule: readonly Due[];
  readonly #beginAt: number;
  readonly #messages: number;
  #foreign = 0;
  #failure: Failure | null = null;
  #unfit: UnfitReason = "none";
  #isOver = false;
  #end = (): void => {};

  constructor(
    order: JourneyOrder,
    plan: MeshPlan,
    peers: readonly string[],
    beginAt: number,
    publisher: Session,
    subscriber: Session,
  ) {
    const { outside, target } = order;
    this.#order = order;
    this.#outside = outside;
    this.#timer = new OneTimer(outside, (unfit) => {
      this.#unfit = unfit;
      if (unfit === "clock_step") this.#finish();
    });
    this.#publisher = publisher;
    this.#beginAt = beginAt;
    this.#messages = plan.messages;
    this.#runId = hexOf(outside.random(8));
    this.#pairs = new Map(
      peers.map((peer) => {
        const payloads = Array.from({ length: plan.messages }, (_, seq) =>
          payloadOf(this.#runId, seq, hexOf(outside.random(8)), target.payloadBytes),
        );
        const none = (): null[] => payloads.map(() => null);
        const seen = { sentAt: none(), receivedAt: none(), refusals: none(), arrivals: [], corrupt: 0 };
        return [peer, { payloads, ...seen, heard: new Set<string>() }];
      }),
    );
    this.#schedule = Array.from({ length: plan.messages }, (_, seq) =>
      peers.map((peer, turn) => {
        const at = beginAt + seq * plan.gapMs + Math.floor((turn * plan.gapMs) / peers.length);
        return { peer, seq, at };
      }),
    ).flat();
    publisher.onClosed((failure) => this.#closed(failure));
    subscriber.onClosed((failure) => this.#closed(failure));
  }

  run(): Promise<void> {
    if (this.#failure !== null) return Promise.resolve();
    return new Promise((resolve) => {
      this.#end = resolve;
      this.#askFrom(0);
    });
  }

  receive({ data, receivedAt }: Incoming): void {
    if (this.#isOver) return;
    const message = readMesh(data);
    const pair = message === null ? undefined : this.#pairs.get(message.from);
    if (message === null || pair === undefined || message.slotAt !== this.#order.slotAt) {
      this.#foreign += 1;
      return;
    }
    if (message.kind === "question") this.#answer(message.from, pair, message.payload);
    else this.#answered(pair, message.payload, receivedAt);
  }

  seen(peer: string): Omit<Observation, "startedAt" | "endedAt" | "connects"> {
    const pair = this.#pairs.get(peer);
    if (pair === undefined) throw new RangeError(`${peer} is no peer`);
    const messages = this.#schedule
      .filter((due) => due.peer === peer)
      .map(({ seq, at }): ObservedMessage => ({
        seq,
        intendedAt: at,
        sentAt: pair.sentAt[seq] ?? null,
        receivedAt: pair.receivedAt[seq] ?? null,
        failure: pair.refusals[seq] ?? null,
      }));
    return {
      readyAt: this.#beginAt,
      messages,
      arrivals: pair.arrivals,
      corrupt: pair.corrupt,
      foreign: this.#foreign,
      failure: this.#failure,
      unfit: this.#unfit,
      // Who left early, or stood still, can not say what did not reach it.
      heard: this.#failure === null && this.#unfit === "none" ? pair.heard.size : null,
      reconnects: 0,
    };
  }

  /** Answers each question once, so that a message in a circle, or a stranger's, can not make us send without end. */
  #answer(from: string, pair: Pair, payload: Uint8Array): void {
    const key = hexOf(payload);
    if (pair.heard.has(key) || pair.heard.size >= this.#messages || this.#isOver) return;
    pair.heard.add(key);
    const { region, slotAt, channelOf } = this.#order;
    const bytes = meshBytes({ kind: "answer", from: region, slotAt, payload });
    this.#publisher.publish(channelOf(from, "mesh", from), bytes);
    this.#endIfDone();
  }

  #answered(pair: Pair, payload: Uint8Array, receivedAt: number): void {
    const reading = readPayload(payload, this.#runId, pair.payloads);
    if (reading.kind === "foreign") this.#foreign += 1;
    if (reading.kind === "corrupt") pair.corrupt += 1;
    if (reading.kind !== "ours") return;
    pair.arrivals.push(reading.seq);
    pair.receivedAt[reading.seq] ??= receivedAt;
    this.#endIfDone();
  }

  #askFrom(first: number): void {
    for (let turn = first; !this.#isOver; turn++) {
      const due = this.#schedule[turn];
      if (due === undefined) {
        const lastAt = this.#schedule.at(-1)?.at ?? this.#beginAt;
        this.#timer.arm(lastAt + this.#order.target.deadlineMs + 1 - this.#outside.now(), () => this.#finish());
        this.#endIfDone();
        return;
      }
      const inMs = due.at - this.#outside.now();
      if (inMs > 0) {
        this.#timer.arm(inMs, () => this.#askFrom(turn));
        return;
      }
      this.#ask(due);
    }
  }

  #ask({ peer, seq }: Due): void {
    const pair = this.#pairs.get(peer);
    const payload = pair?.payloads[seq];
    if (pair === undefined || payload === undefined) return;
    const { region, slotAt, channelOf } = this.#order;
    const bytes = meshBytes({ kind: "question", from: region, slotAt, payload });
    const { sentAt, answer } = this.#publisher.publish(channelOf(peer, "mesh", peer), bytes);
    pair.sentAt[seq] = sentAt;
    void this.#hear(pair, seq, answer);
  }

  async #hear(pair: Pair, seq: number, answer: Promise<Answer>): Promise<void> {
    const word = await answer;
    if (word.kind === "refused" && !this.#isOver) pair.refusals[seq] = word.failure;
  }

  /** Done: all was asked and answered, and every peer's questions have come. Who is not done stays to the deadline. */
  #endIfDone(): void {
    const asked = [...this.#pairs.values()];
    const isDone = asked.every(
      (pair) =>
        pair.heard.size >= this.#messages && pair.receivedAt.every((at, seq) => at !== null || pair.refusals[seq]),
    );
    if (isDone) this.#timer.linger(() => this.#finish());
  }

  #closed(failure: Failure): void {
    if (this.#isOver || this.#failure !== null) return;
    this.#failure = failure;
    this.#finish();
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#timer.callOff();
    this.#end();
  }
}
