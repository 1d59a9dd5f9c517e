// What the rules of routing say must have arrived about one bad time of one incident: worked out by hand from its events and the
// truth, without the planner. Where two things happen at nearly one instant either is right. Pure. Called by `judge-alerts.ts`.

import type { IncidentEvent } from "../../workers/incidents/incident.ts";
import { LEVEL_TWO_MS, NIGHT } from "./alertings.ts";
import { isIn } from "./rounds.ts";
import type { Maintenance, Span } from "./truth.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
/** Looks are a minute apart at most, and those who die are back in half of one. */
const NEAR_MS = 3 * MINUTE_MS;

/** From bad to good, as people are told it. Instants of writing. */
export interface Episode {
  readonly number: number;
  readonly fromAt: number;
  readonly toAt: number;
  readonly severity: string;
  /** It became worse, or took in another: who is told of it may have changed meanwhile. */
  readonly changed: boolean;
  readonly ackedAt: number | null;
  /** When its first bad message was meant to be sent. */
  readonly impactAt: number;
  readonly regions: readonly string[];
}

export interface Expected {
  readonly channel: "ops" | "pager" | "fleet" | "boss";
  readonly word: "must" | "may" | "never";
}

export function episodesOf(events: readonly IncidentEvent[]): Episode[] {
  const [first] = events;
  if (first?.change.kind !== "opened") throw new Error("an incident without its opening");
  const { severity } = first.change;
  const regions = new Set(first.change.regions);
  const blank = { toAt: Infinity, severity, changed: false, ackedAt: null as number | null };
  let now = { ...blank, number: 0, fromAt: first.recordedAt, impactAt: first.at };
  const all = [now];
  let [restored, flapping] = [false, false];
  for (const { change, at, recordedAt } of events) {
    const isOpen = now.toAt === Infinity;
    if (change.kind === "flapping") flapping = change.on;
    if (change.kind === "restored") restored = true;
    if (change.kind === "joined") regions.add(change.region);
    if (change.kind === "absorbed") for (const region of change.regions) regions.add(region);
    if (change.kind === "joined" || change.kind === "absorbed") now.impactAt = Math.min(now.impactAt, at);
    if (change.kind === "measured" && isOpen && change.severity !== now.severity) now.changed = true;
    if (change.kind === "acknowledged" && isOpen) now.ackedAt ??= recordedAt;
    if (change.kind === "reopened") {
      restored = false;
      if (change.region !== null) regions.add(change.region);
      if (!isOpen) {
        now = { ...blank, number: now.number + 1, fromAt: recordedAt, impactAt: at };
        all.push(now);
      }
    } else if (isOpen && (change.kind === "resolved" || change.kind === "merged" || (restored && !flapping))) {
      now.toAt = recordedAt;
    }
  }
  return all.map((each) => ({ ...each, regions: [...regions] }));
}

export interface Around {
  readonly audience: string;
  readonly scope: string;
  /** Quiet hours are kept. */
  readonly isQuiet: boolean;
  readonly maintenance: readonly Maintenance[];
  /** While an incident of most regions was open. */
  readonly held: readonly Span[];
}

/** Null: nobody can say by hand, since a window touches it only in part. */
export function expectedOf(episode: Episode, around: Around): readonly Expected[] | null {
  const { fromAt, severity, ackedAt, toAt, changed } = episode;
  if (around.audience === "keepers") return [{ channel: "fleet", word: wordOf(episode, fromAt, []) }];
  const muted = mutedUntil(episode, around.maintenance);
  if (muted === null) return null;
  const awakeAt = Math.max(fromAt, muted);
  const held = around.scope === "region" ? around.held : [];
  const isLoud = severity === "critical" || !around.isQuiet;
  const opsAt = isLoud ? awakeAt : morning(awakeAt);
  // Somebody may have it in hand before the next level is asked.
  const levelAt = isLoud ? opsAt + LEVEL_TWO_MS : morning(opsAt + LEVEL_TWO_MS);
  const acked = ackedAt === null ? Infinity : ackedAt - levelAt;
  const boss = acked < -NEAR_MS ? "never" : acked < NEAR_MS ? "may" : wordOf({ ...episode, toAt }, levelAt, held);
  const isPaged = severity === "critical" || severity === "error";
  const doubt = (word: Expected["word"]): Expected["word"] => (changed ? "may" : word);
  return [
    { channel: "ops", word: isLoud ? wordOf(episode, opsAt, held) : doubt(wordOf(episode, opsAt, held)) },
    { channel: "pager", word: doubt(isPaged ? wordOf(episode, awakeAt, held) : "never") },
    { channel: "boss", word: isLoud ? boss : doubt(boss) },
  ];
}

/** Due, and not held, while it lasts. */
function wordOf({ toAt }: Pick<Episode, "toAt">, dueAt: number, held: readonly Span[]): Expected["word"] {
  let at = dueAt;
  for (const span of [...held].sort((a, b) => a.fromAt - b.fromAt)) {
    // Planned in the moment before: dropped again, or just gone.
    if (Math.abs(span.fromAt - at) < NEAR_MS) return "may";
    if (isIn(span, at)) at = span.toAt;
  }
  if (toAt > at + NEAR_MS) return "must";
  return toAt < at - NEAR_MS ? "never" : "may";
}

function mutedUntil({ impactAt, regions }: Episode, all: readonly Maintenance[]): number | null {
  const near = all.filter((each) => isIn({ fromAt: each.fromAt - NEAR_MS, toAt: each.toAt + NEAR_MS }, impactAt));
  if (near.length === 0) return -Infinity;
  const [window] = near;
  if (window === undefined || near.length > 1 || !isIn(window, impactAt)) return null;
  const covered = regions.filter((region) => window.regions?.includes(region) ?? true);
  if (covered.length === 0) return -Infinity;
  if (covered.length < regions.length) return null;
  const isChained = all.some((each) => each !== window && each.fromAt <= window.toAt && window.toAt <= each.toAt);
  return isChained ? null : window.toAt;
}

/** The first instant that is not in the night. */
function morning(at: number): number {
  const day = Math.floor(at / DAY_MS) * DAY_MS;
  const minute = (at - day) / MINUTE_MS;
  if (minute >= NIGHT.fromMinute) return day + DAY_MS + NIGHT.toMinute * MINUTE_MS;
  return minute < NIGHT.toMinute ? day + NIGHT.toMinute * MINUTE_MS : at;
}
