// Tells from one region's rounds whether the service is down there: the state machine of sla.md 6, for bursts of 20 and more (a
// round is judged as a whole) and for small or spread rounds (a window over the last 20 messages). Effects are data: it asks for
// confirm rounds and never runs them, opens and closes outages and never tells anybody. What is not known keeps things as they
// are. No clock. Called by the target's Duty with each new round, and each minute for silence.

import type { BlindReason, Change, DetectorState, Episode, EpisodeKind, Impact, RegionState } from "./detection.ts";
import type { Signal } from "./signal.ts";
import { isCalm, isSlow, NOTHING_SLOW, slowAfter, slowAfterBlindness } from "./slow.ts";
import { lostBesideWorst, lostOf, pushed, WINDOW } from "./window.ts";

/** Of the target: messages of a scheduled round, and ms between two of them. */
export interface DetectorSettings {
  readonly messages: number;
  readonly everyMs: number;
}

export interface Advanced {
  readonly state: DetectorState;
  readonly changes: readonly Change[];
}

/** Lost of the last 20: a suspicion, a proof. A burst is bad by the share that the first of them is. */
export const SUSPECT_LOST = 4;
export const DOWN_LOST = 5;
/** A confirm round is three messages: two of them are bad, and it is. */
const CONFIRM_SHARE = 2 / 3;
/** Good messages in a row that end a suspicion, and that begin a recovery. */
const CALM_RUN = 12;
export const RECOVER_RUN = 5;
/** A recovery is believed after so long with at most one of 20 bad. */
export const QUIET_MS = 180_000;
/** Of so many confirm rounds two must be bad; their begins are 6 s apart: 1 s more than the usual deadline. */
export const CONFIRM_ROUNDS = 3;
export const CONFIRM_BAD = 2;
export const CONFIRM_APART_MS = 6_000;
/** What the schedule alone proves: 2 of 3 where no confirm round was run; 3 of 5 whatever those said, since 3 messages miss a loss of 20 %. */
export const SCHEDULE_BAD = { of3: 2, of5: 3 } as const;
export const FLAPPING = { downs: 4, withinMs: 60 * 60_000, clearMs: 30 * 60_000 } as const;
/** Beyond two slots, for the round itself and its way here. */
const SILENCE_GRACE_MS = 30_000;

/** The same fields, to be moved on; the state that was given stays as it is. */
type Draft = { -readonly [Key in keyof DetectorState]: DetectorState[Key] };

/**
 * After one more round of this region. One that is not newer than the newest changes nothing: what comes late revises minutes,
 * it raises no alarm.
 */
export function advance(before: DetectorState, signal: Signal, settings: DetectorSettings): Advanced {
  const { newest } = before;
  const isOld = newest !== null && signal.slotAt <= newest.slotAt;
  if (isOld && (signal.slotAt < newest.slotAt || signal.purpose === newest.purpose))
    return { state: before, changes: [] };
  const draft: Draft = { ...before };
  const changes: Change[] = [];
  silence(draft, signal.slotAt, settings, changes);
  draft.newest = { slotAt: signal.slotAt, purpose: signal.purpose };
  draft.rounds += 1;
  if (signal.unfit !== null) goBlind(draft, signal.slotAt, signal.unfit, changes);
  else {
    const isBurst = settings.messages >= WINDOW;
    forgetImpact(draft, isBurst);
    if (draft.state === "unmeasured") seeAgain(draft, signal, isBurst, changes);
    else if (isBurst) burstRound(draft, signal, changes);
    else smallRound(draft, signal, changes);
    slowly(draft, signal, changes);
  }
  calmDown(draft, signal.endedAt, changes);
  return { state: counted(draft), changes };
}

/** What time alone brings about: silence is no measurement, and flapping ends. */
export function tick(before: DetectorState, now: number, settings: DetectorSettings): Advanced {
  const draft: Draft = { ...before };
  const changes: Change[] = [];
  silence(draft, now, settings, changes);
  calmDown(draft, now, changes);
  return changes.length === 0 ? { state: before, changes } : { state: draft, changes };
}

/** Two slots without a word, and a while: nothing is known from the first of them on. */
function silence(draft: Draft, now: number, { everyMs }: DetectorSettings, changes: Change[]): void {
  if (draft.newest === null) return;
  const { slotAt } = draft.newest;
  if (now - slotAt > 2 * everyMs + SILENCE_GRACE_MS) goBlind(draft, slotAt + everyMs, "silence", changes);
}

/** Nothing is concluded across a time in which nothing is known; but an outage and a brown-out that were open stay so. */
function goBlind(draft: Draft, at: number, reason: BlindReason, changes: Change[]): void {
  if (draft.state !== "unmeasured") enter(draft, "unmeasured", at, changes);
  draft.blindReason = reason;
  draft.window = [];
  draft.okRun = { count: 0, at: null };
  if (!isOpen(draft.outage)) draft.impact = null;
  draft.suspicion = null;
  draft.recent = [];
  draft.good = null;
  draft.slow = slowAfterBlindness(draft.slow);
}

/** The first fit round after that: whatever it says, it leads to `suspect` only. */
function seeAgain(draft: Draft, signal: Signal, isBurst: boolean, changes: Change[]): void {
  const isBad = badRound(signal);
  takeAll(draft, isBad, isBurst, signal);
  enter(draft, "suspect", signal.endedAt, changes);
  draft.blindReason = null;
  if (isBurst ? isBad : lostOf(draft.window) >= SUSPECT_LOST) raise(draft, signal, isBurst, changes);
}

function burstRound(draft: Draft, signal: Signal, changes: Change[]): void {
  const isBad = badRound(signal);
  takeAll(draft, isBad, true, signal);
  switch (draft.state) {
    case "suspect":
      vote(draft, signal, isBad, changes);
      break;
    case "down":
      if (!isBad && draft.okRun.count >= RECOVER_RUN) recover(draft, signal, changes);
      break;
    case "recovering":
      heal(draft, signal, isBad, signal.bad * WINDOW <= signal.attempted, changes);
      break;
    default:
      if (!isBad) break;
      enter(draft, "suspect", signal.endedAt, changes);
      if (bySchedule(draft, isBad, signal)) goDown(draft, signal, changes);
      else raise(draft, signal, true, changes);
  }
}

/** Message by message: a small round may hold the end of one thing and the begin of another. */
function smallRound(draft: Draft, signal: Signal, changes: Change[]): void {
  for (const run of signal.runs) {
    for (let nth = 0; nth < run.count; nth++) {
      take(draft, run.ok, 1, run.at, signal);
      noteWorst(draft, draft.window.length, lostOf(draft.window));
      smallStep(draft, signal, !run.ok, changes);
    }
  }
}

function smallStep(draft: Draft, signal: Signal, isBad: boolean, changes: Change[]): void {
  const lost = lostOf(draft.window);
  switch (draft.state) {
    case "down":
      if (draft.okRun.count >= RECOVER_RUN) recover(draft, signal, changes);
      return;
    case "recovering":
      heal(draft, signal, lost >= SUSPECT_LOST, lost <= 1, changes);
      return;
    case "suspect":
      if (draft.okRun.count >= CALM_RUN) believe(draft, signal, changes);
      break;
    default:
      if (isBad && lost >= SUSPECT_LOST) enter(draft, "suspect", signal.endedAt, changes);
  }
  if (!isBad || draft.state !== "suspect" || lost < SUSPECT_LOST) return;
  // One round that lost five is one hiccup: a second round must have lost two.
  if (lost >= DOWN_LOST && lostBesideWorst(draft.window) >= 2) goDown(draft, signal, changes);
  else if (draft.suspicion === null) raise(draft, signal, false, changes);
}

/** What was bad before a good run, or has left the window, leads to no outage any more. */
function forgetImpact(draft: Draft, isBurst: boolean): void {
  if (isOpen(draft.outage) || draft.state === "suspect") return;
  if (isBurst ? draft.okRun.count >= CALM_RUN : lostOf(draft.window) === 0) draft.impact = null;
}

/** Messages of one run, as they count for the window, the good run, and what an outage would have cost. */
function take(draft: Draft, ok: boolean, count: number, at: number, signal: Signal): void {
  draft.window = pushed(draft.window, ok, count, draft.rounds);
  const scheduled = signal.purpose === "scheduled" ? count : 0;
  if (ok) {
    draft.okRun = { count: draft.okRun.count + count, at: draft.okRun.at ?? at };
    if (draft.impact !== null) draft.impact = { ...draft.impact, beyond: draft.impact.beyond + scheduled };
    return;
  }
  draft.okRun = { count: 0, at: null };
  const impact: Impact = draft.impact ?? { at, attempted: 0, bad: 0, beyond: 0, worst: { attempted: 0, bad: 0 } };
  const attempted = impact.attempted + impact.beyond + scheduled;
  draft.impact = { ...impact, attempted, bad: impact.bad + scheduled, beyond: 0 };
}

/** 4 of 20, by share, so that a round which was cut short is judged as well; of a short confirm round two thirds. */
function badRound({ purpose, attempted, bad }: Signal): boolean {
  if (purpose === "confirm" && attempted < WINDOW) return bad >= CONFIRM_SHARE * attempted - 1e-9;
  return bad * WINDOW >= SUSPECT_LOST * attempted;
}

function takeAll(draft: Draft, isBad: boolean, isBurst: boolean, signal: Signal): void {
  for (const run of signal.runs) take(draft, run.ok, run.count, run.at, signal);
  if (!isBurst) return noteWorst(draft, draft.window.length, lostOf(draft.window));
  if (signal.purpose !== "scheduled") return;
  draft.recent = [...draft.recent, isBad].slice(-5);
  noteWorst(draft, signal.attempted, signal.bad);
}

/** Suspicion begins with this round: others are to say whether it stands. */
function raise(draft: Draft, signal: Signal, isBurst: boolean, changes: Change[]): void {
  draft.suspicion = { votes: [], answered: draft.suspicion?.answered ?? false };
  // What ends it are good messages of other rounds than the one that began it.
  draft.okRun = { ...draft.okRun, count: 0 };
  ask(signal, isBurst ? CONFIRM_ROUNDS : 1, changes);
}

function ask({ endedAt }: Signal, rounds: number, changes: Change[]): void {
  changes.push({ kind: "confirm", at: endedAt, rounds, apartMs: CONFIRM_APART_MS });
}

/** What a round of a burst target says while it is suspect. */
function vote(draft: Draft, signal: Signal, isBad: boolean, changes: Change[]): void {
  // The good end of a bad round is no peace.
  if (isBad) draft.okRun = { ...draft.okRun, count: 0 };
  if (draft.okRun.count >= CALM_RUN) return believe(draft, signal, changes);
  const { suspicion } = draft;
  // Measured again after blindness, and good so far.
  if (suspicion === null) {
    if (isBad) raise(draft, signal, true, changes);
    return;
  }
  const isOver = suspicion.votes.filter((each) => !each).length >= CONFIRM_BAD;
  const answered = suspicion.answered || signal.purpose === "confirm";
  const votes = isOver ? suspicion.votes : [...suspicion.votes, isBad];
  draft.suspicion = { votes, answered };
  const bad = votes.filter(Boolean).length;
  if (bad >= CONFIRM_BAD || bySchedule(draft, isBad, signal)) goDown(draft, signal, changes);
  else if (isOver && isBad) raise(draft, signal, true, changes);
  else if (!isOver && votes.length - bad < CONFIRM_BAD) ask(signal, CONFIRM_ROUNDS - votes.length, changes);
}

/** Whether the scheduled rounds alone are proof, this one being bad. */
function bySchedule({ recent, suspicion }: Draft, isBad: boolean, { purpose }: Signal): boolean {
  if (!isBad || purpose !== "scheduled") return false;
  const bad = (rounds: readonly boolean[]): number => rounds.filter(Boolean).length;
  const isUnasked = suspicion !== null && !suspicion.answered;
  return bad(recent) >= SCHEDULE_BAD.of5 || (isUnasked && bad(recent.slice(-3)) >= SCHEDULE_BAD.of3);
}

/** The suspicion was wrong; or the outage of before we were blind is passing. */
function believe(draft: Draft, signal: Signal, changes: Change[]): void {
  draft.suspicion = null;
  if (isOpen(draft.outage)) return recover(draft, signal, changes);
  enter(draft, isOpen(draft.brownout) ? "degraded" : "up", signal.endedAt, changes);
}

function goDown(draft: Draft, signal: Signal, changes: Change[]): void {
  const at = signal.endedAt;
  const wasBlind = draft.state === "suspect" && isOpen(draft.outage);
  enter(draft, "down", at, changes);
  draft.suspicion = null;
  draft.good = null;
  if (!isOpen(draft.outage)) {
    const startedAt = draft.impact?.at ?? signal.slotAt;
    if (isOpen(draft.brownout)) close(draft, "brownout", startedAt, at, changes);
    draft.slow = NOTHING_SLOW;
    open(draft, "outage", { startedAt, endedAt: null, late: 0, ...costOf(draft) }, at, changes);
  }
  // It went down before we were blind, not again.
  if (wasBlind) return;
  draft.downs = [...draft.downs, at].slice(-FLAPPING.downs);
  const first = draft.downs[0] ?? at;
  if (draft.flapping || draft.downs.length < FLAPPING.downs || at - first > FLAPPING.withinMs) return;
  draft.flapping = true;
  changes.push({ kind: "flapping", at, on: true });
}

/** The window begins anew with the good run: else the losses of the outage itself would send it straight back. */
function recover(draft: Draft, signal: Signal, changes: Change[]): void {
  const since = draft.okRun.at ?? signal.slotAt;
  draft.window = pushed([], true, draft.okRun.count, draft.rounds);
  draft.good = { at: since, since };
  enter(draft, "recovering", signal.endedAt, changes);
}

/** `isQuiet`: at most 1 of 20 is bad. More than that, and the recovery begins anew with the next good run. */
function heal(draft: Draft, signal: Signal, isBad: boolean, isQuiet: boolean, changes: Change[]): void {
  if (isBad) return goDown(draft, signal, changes);
  if (!isQuiet) draft.good = null;
  else draft.good ??= { at: draft.okRun.at ?? signal.endedAt, since: signal.endedAt };
  if (draft.good === null || signal.endedAt - draft.good.since < QUIET_MS) return;
  close(draft, "outage", draft.good.at, signal.endedAt, changes);
  draft.good = null;
  draft.impact = null;
  enter(draft, "up", signal.endedAt, changes);
}

/** Loss that is too slow for an outage, and lateness. While an outage is open its messages are counted there. */
function slowly(draft: Draft, signal: Signal, changes: Change[]): void {
  if (signal.purpose !== "scheduled" || isOpen(draft.outage)) return;
  const at = signal.endedAt;
  draft.slow = slowAfter(draft.slow, signal, isOpen(draft.brownout));
  if (draft.state === "up" && isSlow(draft.slow)) {
    const {
      at: startedAt = signal.slotAt,
      attempted = 0,
      bad = 0,
      late = 0,
      worst = NO_COST.worst,
    } = draft.slow.trouble ?? {};
    enter(draft, "degraded", at, changes);
    open(draft, "brownout", { startedAt, endedAt: null, attempted, bad, late, worst }, at, changes);
  } else if (draft.state === "degraded" && isCalm(draft.slow, at)) {
    close(draft, "brownout", Math.max(draft.slow.calmAt ?? at, draft.okRun.at ?? signal.slotAt), at, changes);
    draft.slow = { ...draft.slow, trouble: null };
    enter(draft, "up", at, changes);
  }
}

/** Flapping ends after 30 minutes that are known to be without an outage. */
function calmDown(draft: Draft, at: number, changes: Change[]): void {
  if (draft.state === "down" || draft.state === "unmeasured") {
    if (draft.state === "down") draft.downAt = at;
    return;
  }
  if (!draft.flapping || (draft.downAt !== null && at - draft.downAt < FLAPPING.clearMs)) return;
  draft.flapping = false;
  draft.downs = [];
  changes.push({ kind: "flapping", at, on: false });
}

const NO_COST = { attempted: 0, bad: 0, worst: { attempted: 0, bad: 0 } } as const;

function costOf({ impact }: Draft): Pick<Episode, "attempted" | "bad" | "worst"> {
  if (impact === null) return NO_COST;
  return { attempted: impact.attempted, bad: impact.bad, worst: impact.worst };
}

/** The most that was lost at once. */
function noteWorst(draft: Draft, attempted: number, bad: number): void {
  if (draft.impact === null || bad <= draft.impact.worst.bad) return;
  draft.impact = { ...draft.impact, worst: { attempted, bad } };
}

/** What is open, with the counts of now. */
function counted(draft: Draft): DetectorState {
  const { outage, brownout } = draft;
  if (outage !== null && isOpen(outage)) draft.outage = { ...outage, ...costOf(draft) };
  const { trouble } = draft.slow;
  // A suspicion may turn out to be an outage, which then counts its messages itself.
  if (brownout !== null && isOpen(brownout) && trouble !== null && draft.state === "degraded") {
    const { attempted, bad, late, worst } = trouble;
    draft.brownout = { ...brownout, attempted, bad, late, worst };
  }
  return draft;
}

function isOpen(episode: Episode | null): boolean {
  return episode !== null && episode.endedAt === null;
}

function open(draft: Draft, of: EpisodeKind, episode: Episode, at: number, changes: Change[]): void {
  draft[of] = episode;
  changes.push({ kind: "opened", at, of, episode });
}

/** Never before it began. */
function close(draft: Draft, of: EpisodeKind, endedAt: number, at: number, changes: Change[]): void {
  const known = counted(draft)[of];
  if (known === null) return;
  const episode = { ...known, endedAt: Math.max(known.startedAt, endedAt) };
  draft[of] = episode;
  changes.push({ kind: "closed", at, of, episode });
}

function enter(draft: Draft, to: RegionState, at: number, changes: Change[]): void {
  changes.push({ kind: "state", at, from: draft.state, to });
  draft.state = to;
  draft.since = at;
}
