// Incidents as JSON, for machines: what the pages say, in snake_case, instants in ms since the epoch. Pure; called by
// incidents-render.tsx. Says nothing that depends on the present, and names nobody.

import type { IncidentList, IncidentStory, PublicChange, PublicIncident, PublicText } from "./incidents.ts";

/** As long as a text may be when it is written; one that is longer is not ours. */
const TEXT_MOST = 20_000;

function bounded(text: PublicText): PublicText {
  return Object.fromEntries(Object.entries(text).map(([language, said]) => [language, said?.slice(0, TEXT_MOST)]));
}

function incidentJson(one: PublicIncident) {
  return {
    id: one.id,
    target: one.target,
    kind: one.kind,
    severity: one.severity,
    scope: one.scope,
    state: one.state,
    regions: one.regions,
    bad_regions: one.badRegions,
    sentence: bounded(one.sentence),
    impact: one.impact,
    flapping: one.flapping,
    reopened: one.reopened,
    merged_into: one.mergedInto,
    absorbed: one.absorbed,
    impact_start: one.impactStart,
    detected: one.detected,
    notified: one.notifiedAt,
    acked: one.firstAckedAt,
    published: one.publishedAt,
    impact_end: one.impactEnd,
    resolved: one.resolvedAt,
  };
}

/** A change is snake_case already, but for its texts. */
function changeJson(change: PublicChange): PublicChange {
  if ("sentence" in change) return { ...change, sentence: bounded(change.sentence) };
  return "text" in change ? { ...change, text: bounded(change.text) } : change;
}

/** A page of the list. `older_before` is the next page's `before`; null: there is none. */
export function listJson({ incidents, merged, olderBefore }: IncidentList): string {
  return JSON.stringify({
    version: 1,
    incidents: incidents.map(incidentJson),
    merged: merged.map(incidentJson),
    older_before: olderBefore,
  });
}

/** One incident with what was published and with its timeline. */
export function storyJson({ incident, events, cut, related }: IncidentStory): string {
  const { postmortem } = incident;
  return JSON.stringify({
    version: 1,
    incident: incidentJson(incident),
    statements: incident.statements.map((one) => ({
      at: one.at,
      by: one.author,
      statement: one.statement,
      text: bounded(one.text),
    })),
    postmortem:
      postmortem === null ? null : { at: postmortem.at, by: postmortem.author, text: bounded(postmortem.text) },
    events: events.map(({ number, at, recordedAt, author, change }) => ({
      number,
      at,
      recorded_at: recordedAt,
      by: author,
      ...changeJson(change),
    })),
    events_complete: !cut,
    related: related.map(incidentJson),
  });
}
