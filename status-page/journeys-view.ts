// What is said of a region's journeys beside the one that it is judged by: connect, dialogue, room. Pure; called by
// view.ts. Each figure is its own series': nothing here is added to anything of `loop`.

import type { State } from "../schema/words.ts";
import type {
  JourneyFigures,
  JourneySnapshot,
  LatencyFigures,
  RegionSnapshot,
  Snapshot,
} from "../workers/results/snapshot-shape.ts";
import { lateLimitMsOf } from "../workers/config/journeys.ts";
import { latency } from "./figures.ts";
import type { LatencyView } from "./figures.ts";
import { clock } from "./instants.ts";
import { delivery, stateNow } from "./region-view.ts";
import type { DeliveryView, RegionView } from "./region-view.ts";
import type { Words } from "./words/words.ts";

/** One period of one journey. */
export interface JourneyCell {
  readonly delivery: DeliveryView;
  readonly latency: LatencyView;
  /** Parts of connecting, sessions opened anew: as far as there is something to say. */
  readonly notes: readonly string[];
}

export interface JourneyView {
  readonly name: string;
  readonly state: State;
  /** Its state in words, and why where it is not known. */
  readonly stateText: string;
  /** What is counted, and what counts as good. */
  readonly counted: string;
  readonly cells: readonly [recent: JourneyCell, today: JourneyCell, month: JourneyCell];
}

export interface RegionInFull {
  readonly view: RegionView;
  /** None for most. */
  readonly journeys: readonly JourneyView[];
}

const NO_LATENCY: LatencyFigures = { samples: 0, p50: null, p95: null, p99: null, max_ms: null };

/** All that a region has beside `loop`, as of `now`; clocks are those of `zone`. */
export function journeyViews(
  region: RegionSnapshot,
  snapshot: Snapshot,
  now: number,
  words: Words,
  zone = snapshot.time_zone,
): JourneyView[] {
  return (region.others ?? []).map((other) => journeyView(other, snapshot, { now, zone }, words));
}

function journeyView(
  other: JourneySnapshot,
  { objectives }: Snapshot,
  { now, zone }: { readonly now: number; readonly zone: string },
  words: Words,
): JourneyView {
  const { state, why } = stateNow(other, now);
  const limitMs = lateLimitMsOf(other.journey, {
    connectMsP99: objectives.connect_ms_p99,
    latencyMsP99: objectives.latency_ms_p99,
  });
  const at = other.last_slot_at === null ? null : clock(other.last_slot_at, zone, now);
  const stateWord = words.states[state];
  const { recent } = other;
  const period = (figures: JourneyFigures): JourneyCell => ({
    delivery: delivery(figures, other.ok_means, words),
    latency: latency(figures.latency, limitMs, words),
    notes: notesOf(figures, words),
  });
  return {
    name: words.journeys[other.journey],
    state,
    stateText: why === null ? stateWord : `${stateWord} – ${words.unknown(why, at)}`,
    counted: words.countedAs(words.units[other.unit], words.okRate[other.ok_means]),
    cells: [
      recent === null
        ? {
            delivery: { text: words.recentNothing, counts: null, missing: null },
            latency: latency(NO_LATENCY, limitMs, words),
            notes: [],
          }
        : {
            delivery: delivery(recent, other.ok_means, words),
            latency: latency(recent.latency, limitMs, words),
            notes: [],
          },
      period(other.today),
      period(other.month),
    ],
  };
}

function notesOf({ phases, reconnects }: JourneyFigures, words: Words): string[] {
  const parts =
    phases === null
      ? []
      : ([
          [words.phases.handshake, phases.handshake],
          [words.phases.login, phases.login],
        ] as const);
  return [
    ...parts.flatMap(([name, figures]) => {
      const said = figuresOf(figures, words);
      return said === "" ? [] : [`${name} ${said}`];
    }),
    ...(reconnects > 0 ? [words.reconnects(reconnects)] : []),
  ];
}

/** "P50 12 ms, P99 30 ms": those that there are samples for. */
function figuresOf(figures: LatencyFigures, words: Words): string {
  // No objective is about a part; the limit of the whole is told where the whole is.
  const { quantiles } = latency(figures, Number.MAX_SAFE_INTEGER, words);
  return words.missing(quantiles.filter(({ why }) => why === null).map(({ name, text }) => `${name} ${text}`));
}
