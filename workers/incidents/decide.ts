// What Sonde itself decides about a target's incidents from one look at its regions: which open, join, leave, merge, end, come back
// and are resolved. Pure and idempotent: the same look again, with its events kept, brings nothing. Never decides for people, nor
// about budgets and support clocks, which open elsewhere. Called by the Duty after each look.

import { ALERT_SEVERITIES } from "../../schema/words.ts";
import type { AlertSeverity } from "../../schema/words.ts";
import type { Alerting } from "../config/alerts/alerting.ts";
import { SONDE } from "./incident.ts";
import type { Impact, Incident, NewIncidentEvent } from "./incident.ts";
import { isWorse } from "./life.ts";
import { viewsOf } from "./spells.ts";
import type { RegionSeen, Spell, View, WatchedKind } from "./spells.ts";
import { Book, impactOf } from "./story.ts";
import type { BookFacts, Story } from "./story.ts";

/** So many regions at once, and at least half of those that measure, are the core's fault (sla.md 6). */
export const WIDE_REGIONS = 3;
/** Blind everywhere is one story from two regions on. */
const WIDE_BLIND = 2;

const NOT_MEASURED_FROM =
  "The regions that were bad are no longer measured from: whether they are good again is not known.";

/** What is known before the look. */
export interface Known {
  /** Every incident of the target that is not spent (`isSpent` in `spells.ts`): all open and restored ones, and some resolved ones. */
  readonly incidents: readonly Incident[];
  /** Of the next incident: 1 for the first. */
  readonly nextNumber: number;
}

export interface LookFacts extends Pick<BookFacts, "target" | "now" | "sentenceOf"> {
  readonly settings: Pick<Alerting, "resolveMs" | "blindMs">;
}

/**
 * What follows from `seen`. Regions that are not in it are no longer measured from. Rules where sla.md leaves a choice:
 * - Most regions at once: bad at the same time, however far apart they began. A core that fails region by region is one story, and rounds
 *   a minute apart begin further apart than 60 s anyway. Brown-outs are told by the same rule, and a target that is blind in all its regions too.
 * - A region that comes back belongs to the newest incident that ever had it and is not resolved; while most regions at once are one
 *   incident, it belongs there.
 * - The end is an instant of measurement; now, where none was handed over. Where all that was bad is no longer measured from, there is none.
 * - An incident that a person keeps open while nothing is bad stays open until a person resolves it.
 * - Peace is counted from the end of the impact, and is declared only while all its regions are measured and none flaps.
 * - Numbers are told anew when the bad messages have doubled, and at the end: not with every round.
 */
export function decide(known: Known, seen: readonly RegionSeen[], facts: LookFacts): NewIncidentEvent[] {
  const live = known.incidents.filter(({ state }) => state === "open" || state === "restored");
  const settled = known.incidents.filter(({ state }) => state === "resolved");
  const book = new Book(live, { ...facts, nextNumber: known.nextNumber });
  const look = { now: facts.now, blindMs: facts.settings.blindMs };
  const outages = viewsOf("outage", seen, settled, look);
  const brownouts = viewsOf("brownout", seen, settled, look);
  follow(book, "outage", outages, facts.now);
  giveWay(book, outages);
  const isOut = (region: string): boolean => book.holder("outage", region) !== null;
  // Beside an outage a brown-out of the same region says nothing.
  follow(
    book,
    "brownout",
    brownouts.map((view) => (isOut(view.region) ? { ...view, spell: null, known: false } : view)),
    facts.now,
  );
  follow(book, "blind", viewsOf("blind", seen, settled, look), facts.now);
  resolveOld(book, live, seen, facts);
  return book.events;
}

/** All that the look says about one kind. */
function follow(book: Book, kind: WatchedKind, views: readonly View[], now: number): void {
  const spells = views.flatMap(({ spell }) => spell ?? []).sort((a, b) => a.startedAt - b.startedAt);
  const bad = spells.filter(({ endedAt }) => endedAt === null);
  consolidate(book, kind);
  const ends = endsOf(book, kind, views, now);
  // First whoever is good again leaves, but the last only when nobody has come: an incident without a bad region is a person's.
  for (const [story, list] of ends) {
    for (const { region } of list) story.bad.delete(region);
  }
  begin(book, kind, views, bad);
  for (const [story, list] of ends) finish(book, story, list);
  removeGone(book, kind, views, now);
  // Before any is told: the end of one is no word about another.
  const untold = spells.filter((spell) => isUntold(book, kind, spell));
  for (const spell of untold) tellPast(book, kind, spell, views);
  const severity = severityOf(kind, "region", views);
  for (const story of [...book.of(kind, "open"), ...book.of(kind, "restored")]) {
    const own = spells.filter((spell) => isOf(story, spell));
    tellNumbers(book, story, own, story.scope === "global" ? severityOf(kind, "global", views) : severity);
    const flaps = own.some((spell) => spell.flapping);
    if (flaps !== story.flapping) book.flap(story, flaps);
  }
}

/** Two that came to have one region, or to be global, are one: the later goes into the earlier. People can bring that about by reopening. */
function consolidate(book: Book, kind: WatchedKind): void {
  const open = [...book.of(kind, "open")].sort((a, b) => a.startedAt - b.startedAt || a.number - b.number);
  for (const [i, into] of open.entries()) {
    for (const from of open.slice(i + 1)) {
      if (into.state !== "open" || from.state !== "open") continue;
      const isBoth = into.scope === "global" && from.scope === "global";
      if (isBoth || [...from.bad].some((region) => into.bad.has(region))) book.merge(from, into, [...from.bad]);
    }
  }
}

interface End {
  readonly region: string;
  readonly at: number;
}

/** Which regions are good again, by the story that has them, in the order of their ends. What nobody knows goes on. */
function endsOf(book: Book, kind: WatchedKind, views: readonly View[], now: number): Map<Story, End[]> {
  const byRegion = new Map(views.map((view) => [view.region, view]));
  const ends = new Map<Story, End[]>();
  for (const story of book.of(kind, "open")) {
    const list = [...story.bad].flatMap((region): End[] => {
      const view = byRegion.get(region);
      if (view === undefined) return [];
      if (view.spell !== null) return view.spell.endedAt === null ? [] : [{ region, at: view.spell.endedAt }];
      return view.known ? [{ region, at: now }] : [];
    });
    if (list.length > 0)
      ends.set(
        story,
        list.sort((a, b) => a.at - b.at),
      );
  }
  return ends;
}

/** What is no longer measured from leaves, unless nothing else is bad. */
function removeGone(book: Book, kind: WatchedKind, views: readonly View[], now: number): void {
  const measuredFrom = new Set(views.map(({ region }) => region));
  for (const story of book.of(kind, "open")) {
    if (isGone(story, measuredFrom)) continue;
    for (const region of story.bad) if (!measuredFrom.has(region)) book.leave(story, region, now, true);
  }
}

/** Of all that is bad nothing is measured from any more: `resolveOld` ends it, since to call it good again would be a guess. */
function isGone(story: Story, measuredFrom: ReadonlySet<string>): boolean {
  return story.bad.size > 0 && ![...story.bad].some((region) => measuredFrom.has(region));
}

function finish(book: Book, story: Story, ends: readonly End[]): void {
  if (story.state !== "open") return;
  const isOver = story.bad.size === 0;
  const last = ends.at(-1);
  for (const end of ends) if (!isOver || end !== last) book.leave(story, end.region, end.at);
  if (isOver && last !== undefined) book.restore(story, last.at);
}

/** Every region that is bad finds its incident. */
function begin(book: Book, kind: WatchedKind, views: readonly View[], bad: readonly Spell[]): void {
  const wide = globalOf(book, kind, views, bad);
  if (wide !== null) return gather(book, wide, bad);
  const fresh: Spell[] = [];
  for (const spell of bad) {
    if (book.holder(kind, spell.region) !== null) continue;
    const own = newestOf([...book.of(kind, "open"), ...book.of(kind, "restored")], spell.region);
    if (own === null) fresh.push(spell);
    else if (own.state === "restored") book.reopen(own, spell);
    else book.join(own, spell);
  }
  // A global one may just have come back.
  const back = openGlobal(book, kind);
  if (back !== null) return gather(book, back, bad);
  const severity = severityOf(kind, "region", views);
  for (const spell of fresh) book.open(kind, "region", severity, [spell], spell.startedAt);
}

/** All that is bad now is the global one's. */
function gather(book: Book, wide: Story, bad: readonly Spell[]): void {
  for (const spell of bad) {
    const holder = book.holder(wide.kind, spell.region);
    if (holder === null) book.join(wide, spell);
    else if (holder !== wide) book.merge(holder, wide, [...holder.bad]);
  }
}

function openGlobal(book: Book, kind: WatchedKind): Story | null {
  return book.of(kind, "open").find(({ scope }) => scope === "global") ?? null;
}

/** The incident of most regions at once; null: there is none, and no reason for one. */
function globalOf(book: Book, kind: WatchedKind, views: readonly View[], bad: readonly Spell[]): Story | null {
  const open = openGlobal(book, kind);
  if (open !== null) return open;
  if (!isWide(kind, views)) return null;
  const before = book.of(kind, "restored").filter(({ scope }) => scope === "global");
  const back = bad.find((spell) => newestOf(before, spell.region) !== null);
  const own = back === undefined ? null : newestOf(before, back.region);
  if (back !== undefined && own !== null) {
    const holder = book.holder(kind, back.region);
    book.reopen(own, back);
    if (holder !== null) book.merge(holder, own, [...holder.bad]);
    return own;
  }
  const holders = bad.flatMap(({ region }) => book.holder(kind, region) ?? []);
  const startedAt = Math.min(...bad.map((spell) => spell.startedAt), ...holders.map((holder) => holder.startedAt));
  const opened = book.open(kind, "global", severityOf(kind, "global", views), bad, startedAt);
  for (const holder of new Set(holders)) book.merge(holder, opened, [...holder.bad]);
  return opened;
}

function isWide(kind: WatchedKind, views: readonly View[]): boolean {
  const isBad = ({ spell }: View): boolean => spell !== null && spell.endedAt === null;
  if (kind === "blind") return views.length >= WIDE_BLIND && views.every(isBad);
  const measured = views.filter((view) => view.measured);
  const count = measured.filter(isBad).length;
  return count >= WIDE_REGIONS && 2 * count >= measured.length;
}

function newestOf(stories: readonly Story[], region: string): Story | null {
  const own = stories.filter((story) => story.regions.has(region)).sort((a, b) => a.number - b.number);
  return own.at(-1) ?? null;
}

/** It began and ended between two looks. */
function isUntold(book: Book, kind: WatchedKind, { region, startedAt, endedAt }: Spell): boolean {
  if (endedAt === null) return false;
  const live = [...book.of(kind, "open"), ...book.of(kind, "restored")];
  return !live.some((story) => story.regions.has(region) && (story.impactEnd === null || startedAt <= story.impactEnd));
}

/** It was there all the same: its own incident, or its return, at once good again. */
function tellPast(book: Book, kind: WatchedKind, spell: Spell, views: readonly View[]): void {
  const { region, startedAt, endedAt } = spell;
  if (endedAt === null) return;
  const wide = openGlobal(book, kind);
  if (wide !== null) {
    book.join(wide, spell);
    return book.leave(wide, region, endedAt);
  }
  const restored = book.of(kind, "restored");
  // Late news of most regions' time is part of that, though it is over.
  const past = restored.find((story) => story.scope === "global" && isWithin(story, startedAt, endedAt)) ?? null;
  const own = newestOf(restored, region) ?? past;
  const until = Math.max(endedAt, own?.impactEnd ?? endedAt);
  if (own !== null) book.reopen(own, spell);
  const story = own ?? book.open(kind, "region", severityOf(kind, "region", views), [spell], startedAt);
  book.restore(story, until);
}

function isWithin(story: Story, startedAt: number, endedAt: number): boolean {
  return story.impactEnd !== null && startedAt <= story.impactEnd && endedAt >= story.startedAt;
}

/** An outage takes over the brown-outs of its regions: whole where nothing else of them is left, else region by region. */
function giveWay(book: Book, outages: readonly View[]): void {
  const spells = new Map(outages.map(({ region, spell }) => [region, spell]));
  for (const brown of book.of("brownout", "open")) {
    const out = [...brown.bad].filter((region) => book.holder("outage", region) !== null);
    const into = book.holder("outage", out[0] ?? "");
    if (into === null) continue;
    const going = out.length < brown.bad.size ? [] : out.filter((region) => into.bad.has(region));
    for (const region of out) {
      const at = spells.get(region)?.startedAt ?? into.startedAt;
      if (!going.includes(region)) book.leave(brown, region, Math.max(at, brown.startedAt));
    }
    if (going.length > 0) book.merge(brown, into, going);
  }
}

/** A budget or a support clock that is over is resolved by the same rule. */
function resolveOld(book: Book, live: readonly Incident[], seen: readonly RegionSeen[], facts: LookFacts): void {
  const { now, settings } = facts;
  const isPeace = (endedAt: number | null): boolean => endedAt !== null && now - endedAt >= settings.resolveMs;
  const measuredFrom = new Set(seen.map(({ region }) => region));
  const unmeasured = new Set(seen.filter(({ measured }) => !measured).map(({ region }) => region));
  for (const kind of ["outage", "brownout", "blind"] as const) {
    for (const story of book.of(kind, "open")) {
      if (isGone(story, measuredFrom)) book.resolve(story, NOT_MEASURED_FROM);
    }
    for (const story of book.of(kind, "restored")) {
      const isSeen = ![...story.regions].some((region) => unmeasured.has(region));
      if (isSeen && !story.flapping && isPeace(story.impactEnd)) book.resolve(story);
    }
  }
  for (const { id, kind, drill, state, impactEnd, events } of live) {
    if (drill || state !== "restored" || (kind !== "budget" && kind !== "support") || !isPeace(impactEnd)) continue;
    const change = { kind: "resolved", note: "" } as const;
    book.events.push({ incident: id, key: `${id}/resolved/${events}`, at: now, author: SONDE, change });
  }
}

function severityOf(kind: WatchedKind, scope: Story["scope"], views: readonly View[]): AlertSeverity {
  switch (kind) {
    case "outage":
      return scope === "global" ? "critical" : "error";
    case "brownout":
      return "warning";
    case "blind":
      return views.every(({ spell }) => spell !== null) ? "error" : "warning";
  }
}

/** Of an open incident: what is bad now, or was. Of a restored one: what it ended with, not what another one tells. */
function isOf(story: Story, { region, startedAt, endedAt }: Spell): boolean {
  if (story.state === "open") return story.bad.has(region) || (endedAt !== null && story.regions.has(region));
  return endedAt !== null && story.regions.has(region) && startedAt <= (story.impactEnd ?? -Infinity);
}

function tellNumbers(book: Book, story: Story, own: readonly Spell[], severity: AlertSeverity): void {
  const isNews = ({ region, attempted, bad }: Impact): boolean => {
    const told = story.impact.get(region);
    if (told === undefined || bad >= 2 * Math.max(1, told.bad) || bad < told.bad) return true;
    return !story.bad.has(region) && (told.bad !== bad || told.attempted !== attempted);
  };
  const news = impactOf(own).filter(isNews);
  const isNowWorse = story.state === "open" && isWorse(severity, story.severity);
  if (news.length === 0 && !isNowWorse) return;
  const worst = ALERT_SEVERITIES.find((each) => each === severity || each === story.severity) ?? severity;
  // The last rounds tell of the present, and this is the past: only its numbers are told anew.
  const before = story.state === "restored" && story.wasOver ? story.sentence : null;
  book.measure(story, worst, news, before ?? book.sentence(story, own));
}
