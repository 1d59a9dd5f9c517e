// Which messages about an incident should go out that have not: the story compared with what has been told. Pure, and the same
// asked twice: what is in the outbox is not planned again, whatever became of it. Sends nothing. Called by Duty after each event
// of the incident, after each message that was sent or given up, and at `nextAt`.
//
// Who was told that it is bad is told once that it is over, as soon as it is. Behind a message that keeps failing the next ones
// wait in line; that is the outbox's.

import type { Alerting, ChannelSettings, Route } from "../config/alerts/alerting.ts";
import type { Incident, IncidentEvent } from "../incidents/incident.ts";
import { episodesOf } from "./episodes.ts";
import type { Episode } from "./episodes.ts";
import { dueOf, pagesOf } from "./pages.ts";
import type { Page } from "./pages.ts";
import { INSTEAD, keyOf, partsOf } from "./told.ts";
import type { Plan, PlanFacts, PlannedEntry, Told } from "./told.ts";

const AGAIN = "again";

/** `told`: all of the incident that was ever planned, in that order. */
export function plan(
  incident: Incident,
  events: readonly IncidentEvent[],
  told: readonly Told[],
  facts: PlanFacts,
): Plan {
  const { alerting, now } = facts;
  const waiting = told.filter(({ state }) => state === "waiting");
  if (alerting === null) return { entries: [], drop: waiting.map(({ key }) => key), nextAt: null };
  const channels = new Set(alerting.channels.map(({ id }: ChannelSettings) => id));
  const gone = waiting.filter(({ channel }) => !channels.has(channel));
  const draft: Draft = { incident, alerting, facts, told, entries: [], drop: new Set(gone.map(({ key }) => key)) };
  const nextAt: number[] = [];
  for (const episode of episodesOf(incident, events)) {
    const own = lineOf(draft, episode);
    tellFallbacks(own);
    if (episode.endedAt !== null) {
      end(own, episode.endedAt);
      continue;
    }
    nextAt.push(...page(own));
    update(own);
  }
  const coming = nextAt.filter((at) => at > now);
  return {
    entries: draft.entries,
    drop: [...draft.drop],
    nextAt: coming.length === 0 ? null : Math.min(...coming),
  };
}

interface Draft {
  readonly incident: Incident;
  readonly alerting: Alerting;
  readonly facts: PlanFacts;
  readonly told: readonly Told[];
  readonly entries: PlannedEntry[];
  readonly drop: Set<string>;
}

/** One episode's messages, with what this plan adds and without what it drops. */
interface Line {
  readonly draft: Draft;
  readonly episode: Episode;
  /** Regional, while a global incident is open: told as part of that. */
  readonly held: boolean;
  all(): readonly Told[];
  on(channel: string): readonly Told[];
  add(
    entry: Pick<PlannedEntry, "channel" | "route" | "kind" | "dueAt" | "level">,
    ...key: readonly (string | number)[]
  ): void;
  drop(told: readonly Told[]): void;
}

function lineOf(draft: Draft, episode: Episode): Line {
  const { incident, facts } = draft;
  const own = draft.told.filter(({ key }) => partsOf(key).episode === episode.number);
  const lines = own.filter(({ key, state }) => state !== "dropped" && !draft.drop.has(key));
  const all = (): readonly Told[] => lines.filter(({ key }) => !draft.drop.has(key));
  return {
    draft,
    episode,
    held: facts.held && incident.scope === "region" && incident.audience === "service",
    all,
    on: (channel) => all().filter((each) => each.channel === channel),
    add(entry, ...rest) {
      // What was dropped and is wanted again has another key: a receiver may know the first one.
      const wanted = keyOf(incident.id, episode.number, ...rest);
      const times = own.filter(({ key }) => key === wanted || key.startsWith(`${wanted}/`)).length;
      const key = times === 0 ? wanted : `${wanted}/${times + 1}`;
      draft.entries.push({ ...entry, key, incident: incident.id, event: incident.events });
      lines.push({ ...entry, key, state: "waiting", sentAt: null, event: incident.events });
    },
    drop: (told) => told.forEach(({ key }) => draft.drop.add(key)),
  };
}

const isPage = ({ kind }: Told): boolean => kind === "trigger";
const isWaiting = ({ state }: Told): boolean => state === "waiting";
/** Tried for a day: a try that was not answered may have arrived all the same, and whoever got it must hear that it is over. */
const mayHaveArrived = (told: Told): boolean => isPage(told) && told.gaveUp === "too_long";
const isLive = (told: Told): boolean => isPage(told) && (told.state === "sent" || told.state === "waiting");
/** News, and no word to a fallback. */
const isUpdate = (told: Told): boolean =>
  (told.kind === "update" || told.kind === "acknowledge") && partsOf(told.key).what !== INSTEAD;

function routeOf({ alerting }: Draft, id: string): Route | undefined {
  return alerting.routes.find((route) => route.id === id);
}

/** A channel's first page, and those of later levels and repetitions. Answers when there may be more. */
function page(line: Line): readonly number[] {
  const { draft, episode, held } = line;
  const { incident, alerting, facts } = draft;
  const { pages, nextAt } = held
    ? { pages: [], nextAt: [] }
    : pagesOf(incident, episode, line.all(), { ...facts, alerting });
  const wanted = Map.groupBy(pages, ({ channel }) => channel);
  const planned = line.all().filter((told) => isPage(told) && isWaiting(told));
  for (const channel of new Set([...planned.map((told) => told.channel), ...wanted.keys()])) {
    pageOne(line, channel, wanted.get(channel) ?? []);
  }
  return nextAt;
}

function pageOne(line: Line, channel: string, wanted: readonly Page[]): void {
  const { now } = line.draft.facts;
  const pages = line.on(channel).filter(isPage);
  const isOut = pages.some(({ state }) => state === "given_up") && !pages.some(({ state }) => state === "sent");
  if (isOut || pages.some((told) => isWaiting(told) && told.dueAt <= now)) return;
  const ahead = pages.filter(isWaiting);
  const known = pages.filter((told) => !isWaiting(told));
  const lastAt = known.reduce((last, { dueAt, sentAt }) => Math.max(last, dueAt, sentAt ?? dueAt), -Infinity);
  const open = wanted.filter(({ at, opening }) => known.length === 0 || (!opening && at <= now && at > lastAt));
  const [first] = [...open].sort((a, b) => a.dueAt - b.dueAt || b.at - a.at);
  if (first !== undefined && ahead.some(({ dueAt }) => dueAt === first.dueAt)) return;
  line.drop(ahead);
  if (first === undefined) return;
  const { at, route, dueAt, level } = first;
  // The page says all that is known.
  line.drop(line.on(channel).filter((told) => isUpdate(told) && isWaiting(told)));
  const key = known.length === 0 ? ["trigger", channel] : [AGAIN, at, channel];
  line.add({ channel, route, kind: "trigger", dueAt, level }, ...key);
}

/** News to those who have been told: gathered, and only the newest of what waits. */
function update(line: Line): void {
  const channels = new Set(
    line
      .all()
      .filter((told) => isPage(told) && told.state === "sent")
      .map(({ channel }) => channel),
  );
  for (const channel of channels) updateOne(line, channel);
}

function updateOne(line: Line, channel: string): void {
  const { draft, episode, held } = line;
  const { alerting, facts, incident } = draft;
  if (!alerting.channels.some(({ id }) => id === channel)) return;
  const told = line.on(channel);
  const waiting = told.filter((each) => isUpdate(each) && isWaiting(each));
  // What is said is settled when it is first tried, so a page that is not due yet will say it all.
  if (told.some((each) => isPage(each) && isWaiting(each) && each.dueAt > facts.now)) return line.drop(waiting);
  const others = told.filter((each) => !waiting.includes(each));
  const heard = others.reduce((last, { event }) => Math.max(last, event), 0);
  const news = held ? [] : episode.news.filter(({ event }) => event > heard);
  const [oldest] = news;
  const newest = news.at(-1);
  if (oldest === undefined || newest === undefined) return line.drop(waiting);
  const current = waiting.findLast(({ event }) => event >= newest.event);
  line.drop(waiting.filter((each) => each !== current));
  if (current !== undefined) return;
  const lastAt = (of: readonly Told[]): number =>
    of.reduce((last, { sentAt }) => Math.max(last, sentAt ?? -Infinity), -Infinity);
  const at = Math.max(oldest.at, lastAt(told) + alerting.groupMs, lastAt(told.filter(isUpdate)) + alerting.updateMs);
  const { route: id } = told.find(isPage) ?? { route: "" };
  const route = routeOf(draft, id);
  const kind = news.some(({ acknowledged }) => acknowledged) ? "acknowledge" : "update";
  const dueAt = route === undefined ? at : dueOf(route, at, incident.severity, facts);
  line.add({ channel, route: id, kind, dueAt, level: 0 }, kind, newest.event, channel);
}

/** Whoever was told, may have been, or is being told, hears that it is over; what nobody needs to hear any more is dropped. */
function end(line: Line, endedAt: number): void {
  const { alerting, facts } = line.draft;
  line.drop(line.all().filter((told) => isWaiting(told) && isOvertaken(told, facts.now)));
  for (const { id: channel } of alerting.channels) {
    const told = line.on(channel);
    const first = told.find(isLive) ?? told.find(mayHaveArrived);
    const resolves = told.filter(({ kind }) => kind === "resolve");
    if (first === undefined) {
      line.drop(resolves.filter(isWaiting));
    } else if (resolves.length === 0) {
      const dueAt = Math.max(endedAt, first.state === "waiting" ? first.dueAt : endedAt);
      line.add({ channel, route: first.route, kind: "resolve", dueAt, level: 0 }, "resolve", channel);
    }
  }
}

/** Of an episode that is over: pages that have not been due, news, and all that only repeats. */
function isOvertaken(told: Told, now: number): boolean {
  if (isPage(told)) return told.dueAt > now || partsOf(told.key).what === AGAIN;
  return isUpdate(told);
}

/**
 * Where a message was given up, or its channel is gone, the route's fallback hears of it, once for each channel and episode. It
 * does not wait for quiet hours: nobody may have heard yet. Who has been told that it is over needs no word of it.
 */
function tellFallbacks(line: Line): void {
  const { draft, held, episode } = line;
  const { alerting, facts } = draft;
  if (held && episode.endedAt === null) return;
  const known = new Set(alerting.channels.map(({ id }) => id));
  const isOver = (channel: string): boolean =>
    line.on(channel).some(({ kind, state }) => kind === "resolve" && state !== "given_up");
  const unheard = line
    .all()
    .filter((told) => told.state === "given_up" || (!known.has(told.channel) && isPage(told) && !isOver(told.channel)));
  for (const [channel, [first]] of Map.groupBy(unheard, (told) => told.channel)) {
    const to = first === undefined ? null : (routeOf(draft, first.route)?.fallback ?? null);
    if (first === undefined || to === null || to === channel || !known.has(to)) continue;
    const key = [INSTEAD, channel, to] as const;
    const pages = line.on(to).filter(isPage);
    const isOut = pages.some(({ state }) => state === "given_up") && !pages.some(isLive);
    const isPlanned = draft.told.some((told) => told.key === keyOf(draft.incident.id, episode.number, ...key));
    if (isPlanned || isOut || isOver(to)) continue;
    // Whatever waits there for its time is overtaken: this one says it all, and at once.
    const waiting = line.on(to).filter((told) => isWaiting(told) && told.dueAt > facts.now);
    line.drop(waiting);
    const kind = line.on(to).some(isLive) ? "update" : "trigger";
    line.add({ channel: to, route: first.route, kind, dueAt: facts.now, level: 0 }, ...key);
  }
}
