// What the page of one incident says: its times, what was measured, what was published, and in which order. Pure: the present
// is an argument. Called by incidents-render.tsx. Names of people never come here; see incidents.ts.

import type { Statement } from "../workers/incidents/incident.ts";
import { floorShare } from "./figures.ts";
import type { IncidentStory, PublicEvent, PublicIncident } from "./incidents.ts";
import {
  linkTo,
  publishedOf,
  regionName,
  regionNames,
  sentenceOf,
  signOf,
  sinceStart,
  soFar,
  spoken,
  titleOf,
  whenOf,
  whereOf,
} from "./incidents-view.ts";
import type { Link, Sign, Spoken, Telling } from "./incidents-view.ts";
import { periodClock, zoneName } from "./instants.ts";
import type { PeriodClock } from "./instants.ts";
import { plainLabel } from "./labels.ts";
import { STAMPS } from "./words/incident-words.ts";
import type { Stamp } from "./words/incident-words.ts";

const MINUTE_MS = 60_000;
/** Lines of the timeline at its begin and at its end, regions, statements; the JSON has more. */
const ENDS_MOST = 60;
const REGIONS_MOST = 60;
const STATEMENTS_MOST = 40;

/** An instant for people and for machines. */
export interface Instant {
  readonly text: string;
  readonly iso: string;
}

export interface StampView {
  readonly label: string;
  /** Null: it has not happened, as the note says. */
  readonly at: Instant | null;
  readonly note: string | null;
}

/** Another incident; without a link where it has no page. */
export interface Mention {
  readonly text: string;
  readonly href: string | null;
}

export interface Line {
  readonly at: Instant;
  readonly what: string;
  readonly link: Mention | null;
  readonly sentence: Spoken | null;
  readonly who: string;
  /** When it was written down, where that was later. */
  readonly entered: string | null;
}

export interface StoryView {
  readonly title: string;
  readonly id: string;
  readonly sign: Sign;
  readonly state: string;
  readonly regions: string;
  readonly severity: string;
  readonly when: string;
  readonly lasted: string | null;
  readonly sentence: Spoken | null;
  readonly zone: string;
  readonly stamps: readonly StampView[];
  readonly impact: readonly { readonly region: string; readonly counts: string; readonly now: string | null }[];
  /** What else was measured: that it flaps, how often it came back. */
  readonly notes: readonly string[];
  readonly into: Mention | null;
  readonly absorbed: readonly (Link & { readonly regions: string; readonly when: string })[];
  readonly statements: readonly { readonly head: string; readonly at: Instant; readonly text: Spoken | null }[];
  readonly statementsCut: boolean;
  readonly lines: readonly Line[];
  /** Lines that stand between the two halves of `lines` and are left out; 0: none. */
  readonly leftOut: number;
  readonly cut: boolean;
  readonly postmortem: { readonly head: string; readonly text: Spoken } | null;
}

interface Teller extends Telling {
  readonly incident: PublicIncident;
  readonly clock: PeriodClock;
  /** Ids of other incidents that have a page. */
  readonly known: ReadonlySet<string>;
}

function tellerOf({ incident, events, related }: IncidentStory, telling: Telling): Teller {
  const all = [incident.impactStart, ...events.map((event) => event.at), incident.impactEnd ?? telling.now];
  const clock = periodClock(telling.places.timeZone, Math.min(...all), Math.max(...all));
  return { ...telling, incident, clock, known: new Set(related.map((one) => one.id)) };
}

const instantOf = (at: number, { clock }: Teller): Instant => ({
  text: clock.second(at),
  iso: new Date(at).toISOString(),
});

const mention = (id: string, teller: Teller): Mention => {
  const text = plainLabel(id, "–");
  return teller.known.has(id) ? linkTo(id, text, teller) : { href: null, text };
};

function missing(stamp: Stamp, teller: Teller): string {
  const { incident, said } = teller;
  if (incident.state === "merged") return said.inTheOther;
  if (stamp === "published") return publishedOf(incident, teller);
  const over = incident.state === "resolved";
  if (stamp === "notified") return over ? said.noPage : said.notYet;
  if (stamp === "impactEnd" && incident.state === "open") {
    return `${said.notYet}, ${said.lastsSoFar(soFar(incident.impactStart, teller))}`;
  }
  return over ? said.never : said.notYet;
}

function stampsOf(teller: Teller): readonly StampView[] {
  const { incident, said } = teller;
  const at: Readonly<Record<Stamp, number | null>> = {
    impactStart: incident.impactStart,
    detected: incident.detected,
    notified: incident.notifiedAt,
    acked: incident.firstAckedAt,
    published: incident.publishedAt,
    // An end that was taken back is none: what is bad again is not restored.
    impactEnd: incident.state === "open" ? null : incident.impactEnd,
    resolved: incident.resolvedAt,
  };
  return STAMPS.map((stamp) => {
    const when = at[stamp];
    const label = stamp === "impactStart" ? said.stamps.impactStart[incident.kind] : said.stamps[stamp];
    if (when === null) return { label, at: null, note: missing(stamp, teller) };
    return {
      label,
      at: instantOf(when, teller),
      note: stamp === "impactStart" ? null : sinceStart(when, incident, teller),
    };
  });
}

const touched = ({ regions, impact }: PublicIncident): readonly string[] => [
  ...new Set([...regions, ...impact.map((one) => one.region)]),
];

function impactOf(teller: Teller): StoryView["impact"] {
  const { incident, words, said } = teller;
  const ids = touched(incident);
  return ids.slice(0, REGIONS_MOST).map((id) => {
    const found = incident.impact.find((one) => one.region === id);
    const share = found === undefined ? null : floorShare(found.bad, found.attempted);
    const open = incident.state === "open";
    return {
      region: regionName(id, teller),
      counts:
        found === undefined || share === null
          ? said.noCounts
          : said.counts(words.number(found.bad), words.number(found.attempted), words.percent(share)),
      now: open ? (incident.badRegions.includes(id) ? said.badNow : said.goodAgain) : null,
    };
  });
}

const statementWord = (statement: Statement, { said }: Telling): string => said.statements[statement];

/** Of one event: what happened, whose story it touches, the sentence of that moment. */
function toldOf(event: PublicEvent, teller: Teller): Pick<Line, "what"> & Partial<Pick<Line, "link" | "sentence">> {
  const { did, severities } = teller.said;
  const { change } = event;
  switch (change.kind) {
    case "opened":
      return {
        what: did.opened(regionNames(change.regions, teller), severities[change.severity]),
        sentence: sentenceOf(change.sentence, teller),
      };
    case "joined":
      return { what: did.joined(regionName(change.region, teller)) };
    case "left":
      return { what: did[change.removed === true ? "removed" : "left"](regionName(change.region, teller)) };
    case "measured":
      return { what: did.measured(severities[change.severity]), sentence: sentenceOf(change.sentence, teller) };
    case "acknowledged":
      return { what: did.acknowledged };
    case "published":
      return { what: did.published(statementWord(change.statement, teller)) };
    case "restored":
      return { what: did.restored };
    case "resolved":
      return { what: did.resolved };
    case "reopened":
      return { what: did.reopened(change.region === null ? null : regionName(change.region, teller)) };
    case "merged":
      return { what: did.merged, link: mention(change.into, teller) };
    case "absorbed":
      return {
        what: did.absorbed(regionNames(change.regions, teller)),
        link: mention(change.incident, teller),
      };
    case "postmortem":
      return { what: did.postmortem };
    case "flapping":
      return { what: did.flapping(change.on) };
  }
}

function lineOf(event: PublicEvent, teller: Teller): Line & { readonly sort: number } {
  const { said, incident } = teller;
  // When it was found is what "detected" says above; the event itself may be dated to when it began.
  const at = event.change.kind === "opened" ? incident.detected : event.at;
  const late = event.author === "operations" && event.recordedAt - event.at >= MINUTE_MS;
  return {
    link: null,
    sentence: null,
    ...toldOf(event, teller),
    at: instantOf(at, teller),
    who: said.speakers[event.author],
    entered: late ? said.enteredAt(teller.clock.second(event.recordedAt)) : null,
    sort: at,
  };
}

/** Of measurements that follow each other only the last: each says all that the one before said. */
const telling = (events: readonly PublicEvent[]): readonly PublicEvent[] =>
  events.filter((event, i) => event.change.kind !== "measured" || events[i + 1]?.change.kind !== "measured");

function linesOf(events: readonly PublicEvent[], teller: Teller): readonly Line[] {
  const { said, incident } = teller;
  const ours = (at: number, what: string) => ({
    at: instantOf(at, teller),
    what,
    link: null,
    sentence: null,
    who: said.speakers.sonde,
    entered: null,
    sort: at,
  });
  const lines = [
    ours(incident.impactStart, said.did.began[incident.kind]),
    ...telling(events).map((event) => lineOf(event, teller)),
    ...(incident.notifiedAt === null ? [] : [ours(incident.notifiedAt, said.did.notified)]),
  ];
  // Sorting keeps the order of what is of the same instant.
  return lines.toSorted((a, b) => a.sort - b.sort).map(({ sort: _sort, ...line }) => line);
}

function notesOf({ incident, said }: Teller): readonly string[] {
  const more = touched(incident).length - REGIONS_MOST;
  return [
    ...(more > 0 ? [said.moreRegions(more)] : []),
    ...(incident.flapping ? [said.flapping] : []),
    ...(incident.reopened > 0 ? [said.reopened(incident.reopened)] : []),
  ];
}

function postmortemOf(teller: Teller): StoryView["postmortem"] {
  const { incident, said, words } = teller;
  const { postmortem } = incident;
  const text = postmortem === null ? null : spoken(postmortem.text, words);
  if (postmortem === null || text === null) return null;
  return { head: said.postmortemBy(teller.clock.second(postmortem.at), said.speakers[postmortem.author]), text };
}

/** The whole page of one incident. */
export function storyView(story: IncidentStory, from: Telling): StoryView {
  const teller = tellerOf(story, from);
  const { incident, said, words } = teller;
  const lines = linesOf(story.events, teller);
  const leftOut = Math.max(0, lines.length - 2 * ENDS_MOST);
  const statements = incident.statements.slice(-STATEMENTS_MOST);
  return {
    title: titleOf(incident, teller),
    id: plainLabel(incident.id, "–"),
    sign: signOf(incident),
    state: said.states[incident.state],
    regions: whereOf(incident, teller),
    severity: said.severity(said.severities[incident.severity]),
    ...whenOf(incident, teller),
    sentence: sentenceOf(incident.sentence, teller),
    zone: zoneName(teller.places.timeZone),
    stamps: stampsOf(teller),
    impact: impactOf(teller),
    notes: notesOf(teller),
    into: incident.mergedInto === null ? null : mention(incident.mergedInto, teller),
    absorbed: story.related
      .filter((one) => incident.absorbed.includes(one.id))
      .map((one) => ({
        ...linkTo(one.id, plainLabel(one.id, "–"), teller),
        regions: whereOf(one, teller),
        when: whenOf(one, teller).when,
      })),
    statements: statements.map((one) => ({
      head: said.saidBy(statementWord(one.statement, teller), said.speakers[one.author]),
      at: instantOf(one.at, teller),
      text: spoken(one.text, words),
    })),
    statementsCut: statements.length < incident.statements.length,
    lines: leftOut === 0 ? lines : [...lines.slice(0, ENDS_MOST), ...lines.slice(-ENDS_MOST)],
    leftOut,
    cut: story.cut,
    postmortem: postmortemOf(teller),
  };
}
