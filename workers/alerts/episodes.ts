// An incident's events as those who are told of it see them: episodes, each from bad to good, and what is news in each. Pure.
// Knows nothing of channels. Called by `plan.ts`. Instants here are those of writing (`recordedAt`): nobody can be told earlier.

import { ALERT_SEVERITIES } from "../../schema/words.ts";
import type { AlertSeverity } from "../../schema/words.ts";
import type { Incident, IncidentChange, IncidentEvent } from "../incidents/incident.ts";

/** How the incident looked from `at` on, to whoever asks which route it takes. */
export interface View {
  readonly at: number;
  /** The worst of this episode so far. */
  readonly severity: AlertSeverity;
  readonly regions: readonly string[];
}

/** Something that those who know of the incident should know as well. */
export interface News {
  readonly event: number;
  readonly at: number;
  readonly acknowledged: boolean;
}

export interface Episode {
  /** 0 for the first; how often it came back after it was over. */
  readonly number: number;
  readonly endedAt: number | null;
  readonly acknowledged: boolean;
  /** Ascending, never empty: the first is from when the episode began. */
  readonly views: readonly [View, ...View[]];
  readonly news: readonly News[];
}

interface Draft {
  readonly number: number;
  endedAt: number | null;
  acknowledged: boolean;
  readonly views: [View, ...View[]];
  readonly news: (News & { readonly byPeople: boolean })[];
}

/**
 * The episodes of an incident, oldest first. `events` are all of it, in order; RangeError for none. An episode is over when the
 * incident is restored, resolved or merged. While it is flapping a restoration ends nothing and a return begins nothing: it is
 * one story, in which only what people do is news, besides that it began.
 */
export function episodesOf(incident: Incident, events: readonly IncidentEvent[]): readonly Episode[] {
  const [first, ...rest] = events;
  if (first?.change.kind !== "opened") throw new RangeError(`${incident.id} does not begin with its opening`);
  const { severity, regions } = first.change;
  let draft = draftOf(0, { at: first.recordedAt, severity, regions });
  const drafts = [draft];
  let restored = false;
  let flappingSince: number | null = null;
  for (const { change, number, recordedAt: at } of rest) {
    if (change.kind === "flapping") flappingSince = change.on ? number : null;
    if (change.kind === "restored") restored = true;
    const over = change.kind === "resolved" || change.kind === "merged" || (restored && flappingSince === null);
    if (change.kind === "reopened") {
      restored = false;
      if (draft.endedAt !== null) {
        // As bad as it was when it began: how bad it is now has to be measured again.
        draft = draftOf(draft.number + 1, { ...viewOf(draft), at, severity });
        drafts.push(draft);
      }
      see(draft, at, { regions: change.region === null ? [] : [change.region] });
    } else if (over) {
      draft.endedAt ??= at;
    } else {
      tell(draft, change, number, at);
    }
  }
  const now = viewOf(draft);
  draft.views[draft.views.length - 1] = { at: now.at, severity: incident.severity, regions: incident.regions };
  return drafts.map(({ news, ...each }) => ({
    ...each,
    news: news.filter(({ event, byPeople }) => byPeople || flappingSince === null || event <= flappingSince),
  }));
}

/** Whether `a` is a worse severity than `b`. */
function isWorse(a: AlertSeverity, b: AlertSeverity): boolean {
  return ALERT_SEVERITIES.indexOf(a) < ALERT_SEVERITIES.indexOf(b);
}

function draftOf(number: number, view: View): Draft {
  return { number, endedAt: null, acknowledged: false, views: [view], news: [] };
}

function viewOf(draft: Draft): View {
  return draft.views.at(-1) ?? draft.views[0];
}

function see(draft: Draft, at: number, seen: { severity?: AlertSeverity; regions?: readonly string[] }): void {
  const known = viewOf(draft);
  const severity =
    seen.severity !== undefined && isWorse(seen.severity, known.severity) ? seen.severity : known.severity;
  const regions = [...new Set([...known.regions, ...(seen.regions ?? [])])];
  if (severity === known.severity && regions.length === known.regions.length) return;
  draft.views.push({ at, severity, regions });
}

function tell(draft: Draft, change: IncidentChange, event: number, at: number): void {
  const news = (byPeople: boolean, acknowledged = false) => draft.news.push({ event, at, acknowledged, byPeople });
  switch (change.kind) {
    case "measured":
      if (isWorse(change.severity, viewOf(draft).severity)) news(false);
      return see(draft, at, { severity: change.severity });
    case "joined":
      news(false);
      return see(draft, at, { regions: [change.region] });
    case "absorbed":
      news(false);
      return see(draft, at, { regions: change.regions });
    case "left":
      news(false);
      return;
    case "flapping":
      if (change.on) news(false);
      return;
    case "acknowledged":
      draft.acknowledged = true;
      news(true, true);
      return;
    case "published":
      news(true);
      return;
    default:
      // Notes and lessons are for ourselves.
      return;
  }
}
