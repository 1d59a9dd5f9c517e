// The routes of the past: regions, their days, and the months and years of targets. Mounted by app.tsx. Keeps two laws: a failed read
// is the last good answer with its age, or a 503 that says so, and what is not there is a 404 that says what is. Touches nothing
// itself: clock and database are given.
/* @jsxImportSource ./jsx */

import { Hono } from "hono";

import { lateLimitMsOf } from "../workers/config/journeys.ts";
import type { RollupRule } from "../workers/results/rollup.ts";
import type { Snapshot } from "../workers/results/snapshot-shape.ts";
import type { PageContext, PageDoor, PageEnv } from "./door.ts";
import { PRIVATE, RETRY_AFTER_S, SECURITY, htmlHeaders, securityOf } from "./headers.ts";
import { dayAsked, dayText, daysShown, isId, journeyOf, lastMonths, periodAsked } from "./history-ask.ts";
import { composeDay, composePeriod, composeRegion } from "./history-compose.ts";
import type { Composing, PeriodPast, RegionPast } from "./history-compose.ts";
import type { DayPast } from "./history-figures.ts";
import { renderDay, renderIndex, renderPeriod, renderRegion } from "./history-render.tsx";
import type { PastTelling, RegionNow } from "./history-render.tsx";
import { PAST_JOURNEYS, PastUnreadable } from "./history.ts";
import type { PastJourney, PastReader } from "./history.ts";
import { memory } from "./incidents-memory.ts";
import { dayIn, zoneName } from "./instants.ts";
import { plainLabel } from "./labels.ts";
import { PlainPage } from "./pages/plain.tsx";
import type { Frame } from "./parts/layout.tsx";
import { toBytes } from "./render.tsx";
import type { Rendering } from "./renderings.ts";
import { answer } from "./sla-answers.tsx";
import { historyWordsOf } from "./words/languages.ts";
import type { HistoryWords } from "./words/history-words.ts";

/** Pages of figures that are kept, of each kind: a region's has some 30 kB, a day's 100 kB. */
const KEPT = 32;

interface Site {
  readonly door: PageDoor;
  readonly reader: PastReader;
  readonly days: ReturnType<typeof memory<DayPast | null>>;
  readonly regions: ReturnType<typeof memory<RegionPast | null>>;
  readonly periods: ReturnType<typeof memory<PeriodPast | null>>;
}

type Ctx = PageContext;

/** All routes of the past, without a language and with each. */
export function historyPages(door: PageDoor, reader: PastReader): Hono<PageEnv> {
  const { now, report, languages } = door;
  const site: Site = {
    door,
    reader,
    days: memory<DayPast | null>(now, report, KEPT),
    regions: memory<RegionPast | null>(now, report, KEPT),
    periods: memory<PeriodPast | null>(now, report, KEPT),
  };
  const app = new Hono<PageEnv>({ strict: false });
  const asked = (c: Ctx, name: string): string => c.req.param(name) ?? "";
  for (const base of ["", ...languages.map((language) => `/${language}`)]) {
    app.get(`${base}/history`, (c) => guarded(c, site, () => index(c, site)));
    const target = `${base}/targets/:target`;
    app.get(`${target}/history`, (c) => guarded(c, site, () => period(c, site, asked(c, "target"), null)));
    app.get(`${target}/history/:period`, (c) =>
      guarded(c, site, () => period(c, site, asked(c, "target"), asked(c, "period"))),
    );
    app.get(`${target}/regions/:region`, (c) =>
      guarded(c, site, () => region(c, site, asked(c, "target"), asked(c, "region"))),
    );
    app.get(`${target}/regions/:region/days/:date`, (c) =>
      guarded(c, site, () => day(c, site, asked(c, "target"), asked(c, "region"), asked(c, "date"))),
    );
  }
  return app;
}

async function guarded(c: Ctx, site: Site, work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PastUnreadable)) throw error;
    site.door.report(error);
    const { frame, said } = framed(c, site, null);
    return plain(frame, 503, said.unreadable, said.unreadableMore);
  }
}

function framed(c: Ctx, { door }: Site, path: string | null): { readonly frame: Frame; readonly said: HistoryWords } {
  const frame = door.frameOf(c, path);
  return { frame, said: historyWordsOf(frame.words.language) };
}

function plain(frame: Frame, status: 200 | 404 | 503, sentence: string, more: string): Response {
  const headers = htmlHeaders(SECURITY, frame.words.tag);
  headers.set("cache-control", status === 503 ? PRIVATE : "public, max-age=5");
  if (status === 503) headers.set("retry-after", RETRY_AFTER_S);
  return new Response(toBytes(<PlainPage {...frame} sentence={sentence} more={more} notice={null} />), {
    status,
    headers,
  });
}

/** For everybody; old news say so in a header too. */
function given(c: Ctx, frame: Frame, rendering: Rendering, stale: boolean): Response {
  const headers = htmlHeaders(securityOf("history"), frame.words.tag);
  if (stale) headers.set("x-sonde-stale", "1");
  return answer(c, rendering, headers, false);
}

interface Target {
  readonly id: string;
  readonly name: string;
}

/** The snapshots, as far as they can be read: of what is past they are the smaller part. */
async function snapshotsOf(c: Ctx, { door }: Site): Promise<readonly Snapshot[]> {
  const shown = await door.front(c);
  return shown.kind === "unreadable" ? [] : (shown.front?.snapshots ?? []);
}

async function targetsOf(c: Ctx, site: Site): Promise<readonly Target[]> {
  const language = site.door.languageOf(c);
  const known = site.door.places.targets;
  const all =
    known.length > 0 ? known : (await snapshotsOf(c, site)).map(({ target, label }) => ({ id: target, label }));
  return all.map(({ id, label }) => ({ id, name: plainLabel(label[language], id) }));
}

/** By which rule minutes are judged, the same for all targets: the configuration's, else the one that its last snapshots tell. */
async function objectivesOf(c: Ctx, site: Site) {
  const { config } = site.door;
  if (config !== null) return config.objectives;
  const told = (await snapshotsOf(c, site))[0]?.objectives;
  if (told === undefined) throw new PastUnreadable("nobody tells by which rule minutes are judged");
  return {
    availability: told.availability,
    latencyMsP99: told.latency_ms_p99,
    connectMsP99: told.connect_ms_p99,
    downShare: told.down_share,
    degradedShare: told.degraded_share,
  };
}

interface Asked {
  readonly telling: PastTelling;
  readonly composing: Composing;
}

async function askedOf(c: Ctx, site: Site, target: string, journey: PastJourney, path: string): Promise<Asked> {
  const { door, reader } = site;
  const { frame, said } = framed(c, site, `${path}${journey === "loop" ? "" : `?journey=${journey}`}`);
  const { language } = frame.words;
  const objectives = await objectivesOf(c, site);
  const limitMs = lateLimitMsOf(journey, objectives);
  const { downShare, degradedShare, availability } = objectives;
  const rule: RollupRule = { downShare, degradedShare, lateLimitMs: limitMs };
  const now = door.now();
  const labels = new Map(door.places.regions.map(({ id, label }) => [id, label[language]]));
  const telling: PastTelling = {
    frame,
    said,
    target,
    targetName: (await targetsOf(c, site)).find(({ id }) => id === target)?.name ?? plainLabel(target, "?"),
    journey,
    nameOf: (id) => plainLabel(labels.get(id), id),
    writing: { words: frame.words, said, availability, limitMs },
    now,
    incidents: door.incidents !== null,
  };
  return { telling, composing: { env: c.env, reader, target, journey, rule, zone: frame.ownZone, now } };
}

async function index(c: Ctx, site: Site): Promise<Response> {
  const { frame, said } = framed(c, site, "/history");
  return given(c, frame, renderIndex(frame, said, await targetsOf(c, site)), false);
}

async function noTarget(c: Ctx, site: Site): Promise<Response> {
  const { frame, said } = framed(c, site, null);
  const names = (await targetsOf(c, site)).map(({ name }) => name);
  return plain(
    frame,
    404,
    said.notFound,
    names.length === 0 ? said.noTargets : said.targetsThatExist(frame.words.list(names, 0)),
  );
}

/** Nothing was ever written of it: it may be that it is only configured, or that nobody knows it. */
async function noSeries(
  c: Ctx,
  site: Site,
  target: string,
  where: string | null,
  journey: PastJourney = "loop",
): Promise<Response> {
  const { frame, said } = framed(c, site, null);
  const { config, places } = site.door;
  const known = config?.targets.find(({ id }) => id === target);
  if (known === undefined) return noTarget(c, site);
  if (where === null || known.regions.includes(where)) {
    if (journey !== "loop" && !journeysOf(site, target).includes(journey)) return noJourney(c, site, target);
    return plain(frame, 200, said.neverMeasured, said.neverMeasuredMore);
  }
  const { language } = frame.words;
  const names = places.regions
    .filter(({ id }) => known.regions.includes(id))
    .map(({ id, label }) => plainLabel(label[language], id));
  return plain(frame, 404, said.notFound, said.regionsThatExist(frame.words.list(names, 0)));
}

async function period(c: Ctx, site: Site, target: string, text: string | null): Promise<Response> {
  const where = c.req.query("region") ?? null;
  if (!isId(target) || (where !== null && !isId(where))) return noTarget(c, site);
  if (journeyOf(c.req.query("journey")) !== "loop") return noJourney(c, site, target, ["loop"]);
  const now = site.door.now();
  const { frame, said } = framed(c, site, null);
  const zone = frame.ownZone;
  const last = lastMonths(now, zone);
  const found = text === null ? last : periodAsked(text, now, zone);
  const query = where === null ? "" : `?region=${where}`;
  const path = `/targets/${target}/history${text === null ? "" : `/${text}`}${query}`;
  const { telling, composing } = await askedOf(c, site, target, "loop", path);
  // What is no period is answered with those that there are, which the last months know.
  const wanted = found ?? last;
  const newestOf = newestIn((await snapshotsOf(c, site)).find((each) => each.target === target));
  const past = await site.periods([target, where, wanted.text].join(" "), () =>
    composePeriod(composing, where, wanted, newestOf),
  );
  const { value } = past;
  const none = value === null ? await noSeries(c, site, target, where) : null;
  if (none !== null && (found !== null || none.status === 404)) return none;
  // Regions that were not read have some, too.
  const some =
    value?.parts.some(({ pieces }) => pieces.some(({ piece }) => piece.figures.minutes_expected > 0)) === true ||
    (value?.more.length ?? 0) > 0;
  const since = value?.since ?? null;
  if (value === null || found === null || (!some && text !== null && since !== null)) {
    const monthAt = (at: number): string => dayIn(at, zone).slice(0, 7);
    const first = monthAt(since === null ? now : since * 60_000);
    return plain(frame, 404, said.notFound, said.periodsThatExist(first, monthAt(now)));
  }
  return given(c, telling.frame, renderPeriod(telling, { ...past, value }, found), past.stale);
}

/** The newest minute of `loop` that a snapshot counts, by region; null: it says nothing of it. */
function newestIn(snapshot: Snapshot | undefined): (region: string) => number | null {
  return (where) => {
    const own = snapshot?.regions.find((each) => each.region === where && each.journey === "loop");
    return own === undefined ? null : own.today.to / 60_000 - 1;
  };
}

/** What was asked for is no journey that has a past here. */
function noJourney(c: Ctx, site: Site, target: string, known = journeysOf(site, target)): Response {
  const { frame, said } = framed(c, site, null);
  const names = known.length === 0 ? PAST_JOURNEYS : known;
  return plain(frame, 404, said.notFound, said.journeysThatExist(frame.words.list(names, 0)));
}

/** Journeys of a target that have a past here, as the configuration has them. */
function journeysOf({ door }: Site, target: string): readonly PastJourney[] {
  const plans = door.config?.targets.find(({ id }) => id === target)?.journeys ?? [];
  return PAST_JOURNEYS.filter((journey) => plans.some((plan) => plan.journey === journey));
}

async function nowOf(c: Ctx, site: Site, target: string, where: string): Promise<RegionNow | null> {
  const snapshot = (await snapshotsOf(c, site)).find((each) => each.target === target);
  const found = snapshot?.regions.find((each) => each.region === where);
  return snapshot === undefined || found === undefined ? null : { region: found, snapshot };
}

async function region(c: Ctx, site: Site, target: string, where: string): Promise<Response> {
  const journey = journeyOf(c.req.query("journey"));
  if (!isId(target) || !isId(where)) return noSeries(c, site, target, where);
  if (journey === null) return noJourney(c, site, target);
  const { telling, composing } = await askedOf(c, site, target, journey, `/targets/${target}/regions/${where}`);
  const past = await site.regions([target, where, journey].join(" "), () => composeRegion(composing, where));
  const { value } = past;
  if (value === null) return noSeries(c, site, target, where, journey);
  const now = await nowOf(c, site, target, where);
  const rendering = renderRegion(telling, { ...past, value }, where, now, journeysOf(site, target));
  return given(c, telling.frame, rendering, past.stale);
}

async function day(c: Ctx, site: Site, target: string, where: string, text: string): Promise<Response> {
  const journey = journeyOf(c.req.query("journey"));
  if (!isId(target) || !isId(where)) return noSeries(c, site, target, where);
  if (journey === null) return noJourney(c, site, target);
  const { frame, said } = framed(c, site, null);
  const now = site.door.now();
  const span = dayAsked(text, now, frame.zone);
  if (span === null) {
    const { first, last } = daysShown(now, frame.zone);
    const more = said.daysThatExist(dayText(first), dayText(last), zoneName(frame.zone));
    return plain(frame, 404, said.notFound, more);
  }
  const path = `/targets/${target}/regions/${where}/days/${span.text}`;
  const { telling, composing } = await askedOf(c, site, target, journey, path);
  // By its first and last minute: the same date is another day in another zone.
  const key = [target, where, journey, span.fromMinute, span.toMinute].join(" ");
  const past = await site.days(key, () => composeDay(composing, where, span));
  const { value } = past;
  if (value === null) return noSeries(c, site, target, where, journey);
  return given(c, telling.frame, renderDay(telling, { ...past, value }, where, span.number), past.stale);
}
