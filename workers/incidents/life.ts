// What an incident's events add up to, and which event may follow which. Pure: the same events give the same incident. Never
// decides anything: `decide.ts` and `acts.ts` make the events. Called by the Duty, by reports and by pages.

import { ALERT_SEVERITIES } from "../../schema/words.ts";
import type { AlertSeverity } from "../../schema/words.ts";
import { SONDE } from "./incident.ts";
import type { Impact, Incident, IncidentChange, IncidentEvent } from "./incident.ts";

type Opened = Extract<IncidentChange, { readonly kind: "opened" }>;
type Kind = IncidentChange["kind"];

/** People may still speak of what is over. What was measured then is another incident's, or opens it again. */
const AFTER_RESOLVED: ReadonlySet<Kind> = new Set(["published", "noted", "postmortem", "acknowledged", "reopened"]);
/** What its readers are told; measurements of every few minutes are not news. */
const TELLING: ReadonlySet<Kind> = new Set(["published", "restored", "resolved", "reopened", "postmortem"]);
const AFTER_MERGED: ReadonlySet<Kind> = new Set(["noted"]);

/** An incident on its way, and what only its next events need. */
interface Draft {
  incident: Incident;
  readonly openedAs: AlertSeverity;
  /** The latest end of a region that left; the incident's own cannot be earlier. */
  lastLeftAt: number;
}

/**
 * The incident that these events make, in their order. `detected` is when the first was written down: no clock that is asked later
 * can be earlier. RangeError for an order that may not be: the first is not `opened`, or another one is; numbers with holes; anything
 * but words of people after `resolved`, anything but `noted` after `merged`.
 *
 * Rules where sla.md leaves a choice:
 * - Severity is the worst since it began, or came back: what eases must not fall into quiet hours while it lasts. When it comes back
 *   it starts from how it was opened, since the worst of last time says nothing of this time.
 * - A region that joins with an earlier first bad message makes the incident begin there. No end is before the beginning, nor before
 *   the end of a region that left.
 * - Resolved while a region is bad, it has no end: nobody measured one. Resolved while only a person's word kept it open, that
 *   person's word ends it.
 * - It comes back without an acknowledgement; the first of all stays for the figures.
 */
export function incidentOf(target: string, events: readonly IncidentEvent[]): Incident {
  const [first, ...rest] = events;
  if (first?.change.kind !== "opened") throw new RangeError(`an incident of ${target} does not begin with its opening`);
  if (first.number !== 1) throw new RangeError(`${first.incident}: its first event has number ${first.number}`);
  const draft: Draft = {
    incident: openedOf(target, first, first.change),
    openedAs: first.change.severity,
    lastLeftAt: -Infinity,
  };
  for (const event of rest) {
    judgeOrder(draft.incident, event);
    apply(draft, event);
    const { toldAt } = draft.incident;
    draft.incident = {
      ...draft.incident,
      toldAt: TELLING.has(event.change.kind) ? Math.max(toldAt, event.recordedAt) : toldAt,
      events: event.number,
    };
  }
  return draft.incident;
}

/** Whether it has a page for everybody: what the service did, and no rehearsal. */
export function isPublic({ audience, kind, drill }: Pick<Incident, "audience" | "kind" | "drill">): boolean {
  return audience === "service" && !drill && (kind === "outage" || kind === "brownout");
}

/** Whether `a` is a worse severity than `b`. */
export function isWorse(a: AlertSeverity, b: AlertSeverity): boolean {
  return ALERT_SEVERITIES.indexOf(a) < ALERT_SEVERITIES.indexOf(b);
}

function openedOf(target: string, event: IncidentEvent, change: Opened): Incident {
  const { severity, scope, about, drill, sentence, audience } = change;
  return {
    id: event.incident,
    target,
    kind: change.of,
    audience,
    severity,
    scope,
    state: "open",
    drill,
    about,
    regions: unique(change.regions),
    badRegions: unique(change.regions),
    sentence,
    impact: [],
    flapping: false,
    mergedInto: null,
    absorbed: [],
    impactStart: event.at,
    detected: event.recordedAt,
    acked: null,
    firstAckedAt: null,
    impactEnd: null,
    endedByWord: false,
    resolvedAt: null,
    publishedAt: null,
    statements: [],
    postmortem: null,
    reopened: 0,
    toldAt: event.recordedAt,
    events: event.number,
  };
}

function judgeOrder({ id, state, events }: Incident, event: IncidentEvent): void {
  const { kind } = event.change;
  const refuse = (why: string): never => {
    throw new RangeError(`${id}: event ${event.number} (${kind}) ${why}`);
  };
  if (event.incident !== id) refuse(`is of ${event.incident}`);
  if (event.number !== events + 1) refuse(`follows event ${events}`);
  if (kind === "opened") refuse("opens it a second time");
  if (state === "resolved" && !AFTER_RESOLVED.has(kind)) refuse("follows its resolution");
  if (state === "merged" && !AFTER_MERGED.has(kind)) refuse("follows its merging");
}

function apply(draft: Draft, event: IncidentEvent): void {
  const { at, author, change } = event;
  const was = draft.incident;
  const set = (now: Partial<Incident>): void => void (draft.incident = { ...was, ...now });
  switch (change.kind) {
    case "opened":
    case "noted":
      return;
    case "joined":
      return set({ ...badAgain(was, [change.region]), impactStart: Math.min(was.impactStart, at) });
    case "left":
      // When a region was taken away says nothing of when it was good again.
      if (change.removed !== true) draft.lastLeftAt = Math.max(draft.lastLeftAt, at);
      return set({ badRegions: was.badRegions.filter((region) => region !== change.region) });
    case "measured": {
      const severity = isWorse(change.severity, was.severity) ? change.severity : was.severity;
      return set({ severity, sentence: change.sentence, impact: impactOf(was.impact, change.impact) });
    }
    case "acknowledged":
      return set({ acked: was.acked ?? { at, by: author }, firstAckedAt: was.firstAckedAt ?? at });
    case "published": {
      const { statement, text } = change;
      const publishedAt = author === SONDE ? was.publishedAt : (was.publishedAt ?? at);
      return set({ publishedAt, statements: [...was.statements, { at, author, statement, text }] });
    }
    case "restored": {
      const impactEnd = Math.max(at, was.impactStart, draft.lastLeftAt);
      return set({ state: "restored", badRegions: [], impactEnd, endedByWord: false });
    }
    case "resolved": {
      const isWord = was.state === "open" && was.badRegions.length === 0;
      const impactEnd = isWord ? Math.max(at, was.impactStart, draft.lastLeftAt) : was.impactEnd;
      return set({ state: "resolved", resolvedAt: at, impactEnd, endedByWord: isWord || was.endedByWord });
    }
    case "reopened":
      return reopen(draft, change.region);
    case "merged":
      return set({ state: "merged", badRegions: [], mergedInto: change.into });
    case "absorbed": {
      const absorbed = unique([...was.absorbed, change.incident]);
      return set({ ...(change.regions.length === 0 ? {} : badAgain(was, change.regions)), absorbed });
    }
    case "postmortem":
      return set({ postmortem: { at, author, text: change.text } });
    case "flapping":
      return set({ flapping: change.on });
  }
}

function reopen(draft: Draft, region: string | null): void {
  const was = draft.incident;
  const back = badAgain(was, region === null ? [] : [region]);
  draft.incident = { ...was, ...back };
  // It was open all along: a person and Sonde said so at once.
  if (was.state === "open") return;
  draft.incident = {
    ...draft.incident,
    severity: draft.openedAs,
    acked: null,
    resolvedAt: null,
    reopened: was.reopened + 1,
  };
}

/** What is bad is open, whatever was believed before. */
function badAgain(was: Incident, regions: readonly string[]): Partial<Incident> {
  return {
    state: "open",
    impactEnd: null,
    endedByWord: false,
    regions: unique([...was.regions, ...regions]),
    badRegions: unique([...was.badRegions, ...regions]),
  };
}

/** The newest counts of each region: those of its latest outage. */
function impactOf(known: readonly Impact[], told: readonly Impact[]): Impact[] {
  return [...new Map([...known, ...told].map((impact) => [impact.region, impact])).values()];
}

function unique(list: readonly string[]): string[] {
  return [...new Set(list)];
}
