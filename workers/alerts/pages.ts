// Who is to be paged about an incident that goes on, and when: routes, escalation, repetition, quiet hours, maintenance. Pure.
// Knows what has been told only to count repetitions from it; `plan.ts` compares the two. Each answer depends on instants of
// the story and not on when it is asked for, so that looking twice, or late, pages nobody twice.

import type { Alerting, OnCallSchedule, Route } from "../config/alerts/alerting.ts";
import type { Incident } from "../incidents/incident.ts";
import type { AlertSeverity } from "../../schema/words.ts";
import type { Episode, View } from "./episodes.ts";
import { nextHandover } from "./on-call.ts";
import { quietUntil } from "./quiet.ts";
import { channelsOf, routesOf } from "./routing.ts";
import type { PlanFacts, Told } from "./told.ts";

/** One channel that a route wants told. */
export interface Page {
  readonly channel: string;
  readonly route: string;
  /** When it was wanted; quiet hours and maintenance then say when it is due. */
  readonly at: number;
  readonly dueAt: number;
  readonly level: number;
  /** Wanted since the route matched; else it comes with a later level or as a repetition. */
  readonly opening: boolean;
}

interface Paging {
  readonly pages: readonly Page[];
  /** When there may be others. */
  readonly nextAt: readonly number[];
}

type KnownFacts = PlanFacts & { readonly alerting: Alerting };

/** `told`: the episode's messages. Routes that no longer match page nobody. */
export function pagesOf(incident: Incident, episode: Episode, told: readonly Told[], facts: KnownFacts): Paging {
  const all = routesAt(incident, latest(episode), facts).map((route) => {
    const from = releasedAt(incident, episode, route, facts);
    return pagesOfRoute(route, from, episode, told, facts);
  });
  return { pages: all.flatMap(({ pages }) => pages), nextAt: all.flatMap(({ nextAt }) => nextAt) };
}

/** When a message of this route that is wanted `at` is due: after the maintenance, and not in quiet hours. */
export function dueOf(route: Route, at: number, severity: AlertSeverity, facts: PlanFacts): number {
  const from = Math.max(at, facts.mutedUntil ?? at);
  if (route.quiet === null || route.quiet.except.includes(severity)) return from;
  return quietUntil(route.quiet, from) ?? from;
}

function latest(episode: Episode): View {
  return episode.views.at(-1) ?? episode.views[0];
}

function routesAt(incident: Incident, view: View, { alerting, tiers }: KnownFacts): readonly Route[] {
  const { audience, target } = incident;
  return routesOf(alerting, { audience, target, regions: view.regions, severity: view.severity, tiers });
}

/**
 * When the first message of a route that matches now is due: from when it matched, unless that was in quiet hours or a
 * maintenance that was not over before it became severe enough. Escalation counts from here, since nobody can acknowledge earlier.
 */
function releasedAt(incident: Incident, episode: Episode, route: Route, facts: KnownFacts): number {
  const { views } = episode;
  for (const [i, view] of views.entries()) {
    const next = views[i + 1];
    if (next === undefined) break;
    if (!routesAt(incident, view, facts).some(({ id }) => id === route.id)) continue;
    const dueAt = dueOf(route, view.at, view.severity, facts);
    if (dueAt < next.at) return dueAt;
  }
  const last = latest(episode);
  return dueOf(route, last.at, last.severity, facts);
}

function pagesOfRoute(route: Route, from: number, episode: Episode, told: readonly Told[], facts: KnownFacts): Paging {
  const { now, alerting } = facts;
  const round = episode.acknowledged ? { at: from, nextAt: [] } : roundOf(route, from, told, alerting.repeatMs, now);
  const reach = reachOf(route, round.at - from, round.at, alerting);
  const base = { route: route.id, level: reach.level, opening: round.at === from };
  const { severity } = latest(episode);
  const pages = (channels: readonly string[], at: number): Page[] =>
    channels.map((channel) => ({ ...base, channel, at: round.at, dueAt: dueOf(route, at, severity, facts) }));
  if (reach.channels.length > 0 || round.at > now) return { ...round, pages: pages(reach.channels, round.at) };
  // Nobody at all was on call: the fallback is told, and whoever is on call by now or comes next.
  const everyone = route.levels.flatMap(({ to }) => to);
  return {
    pages: [
      ...pages(route.fallback === null ? [] : [route.fallback], round.at),
      ...pages(channelsOf(alerting, everyone, now), now),
    ],
    nextAt: [...round.nextAt, ...handovers(alerting, everyone, now)],
  };
}

/** The newest instant at which all who are reached are told (again), and the coming ones. */
function roundOf(
  route: Route,
  from: number,
  told: readonly Told[],
  repeatMs: number,
  now: number,
): { readonly at: number; readonly nextAt: readonly number[] } {
  const steps = route.levels.map(({ afterMs }) => from + afterMs);
  const levelAt = steps.reduce((newest, at) => (at <= now ? Math.max(newest, at) : newest), from);
  const nextAt = steps.filter((at) => at > now).slice(0, 1);
  if (repeatMs === 0) return { at: levelAt, nextAt };
  // One that waits for the morning is still the one of its own instant.
  const pages = told.filter(({ kind, route: of, dueAt }) => kind === "trigger" && of === route.id && dueAt <= now);
  const lastAt = pages.reduce((newest, { dueAt }) => Math.max(newest, dueAt), levelAt);
  // What was slept through is repeated once.
  const times = Math.max(0, Math.floor((now - lastAt) / repeatMs));
  const at = times === 0 ? levelAt : lastAt + times * repeatMs;
  return { at, nextAt: [...nextAt, lastAt + (times + 1) * repeatMs] };
}

/** Everybody up to the level reached so long after the first message. A level of nobody counts as passed at once. */
function reachOf(
  route: Route,
  afterMs: number,
  at: number,
  alerting: Alerting,
): { readonly level: number; readonly channels: readonly string[] } {
  const whom = route.levels.map(({ to }) => channelsOf(alerting, to, at));
  let level = Math.max(
    0,
    route.levels.findLastIndex((each) => each.afterMs <= afterMs),
  );
  while (whom[level]?.length === 0 && level + 1 < whom.length) level += 1;
  return { level, channels: [...new Set(whom.slice(0, level + 1).flat())] };
}

function handovers(alerting: Alerting, to: readonly string[], now: number): number[] {
  const schedules: readonly OnCallSchedule[] = alerting.schedules.filter(({ id }) => to.includes(id));
  return schedules.flatMap((schedule) => nextHandover(schedule, now) ?? []);
}

/** Levels of a route, up to this one, in which nobody is on call at that instant: a page of it says so. */
export function emptyLevels(alerting: Alerting, route: string, level: number, at: number): readonly number[] {
  const levels = alerting.routes.find(({ id }) => id === route)?.levels ?? [];
  return levels.flatMap(({ to }, i) => (i <= level && channelsOf(alerting, to, at).length === 0 ? [i] : []));
}
