// An incident and its messages as the API for acts tells them: snake_case, instants in ms since the epoch, with who did what, since
// whoever asks has been let in. Pure; called by the door for acts. The public page's JSON is its own, and names nobody.

import type { DeliveryReport, TestAnswer } from "../alerts/duty-answers.ts";
import type { Incident } from "../incidents/incident.ts";

export function incidentJson(incident: Incident): object {
  const { acked, postmortem } = incident;
  return {
    id: incident.id,
    target: incident.target,
    kind: incident.kind,
    audience: incident.audience,
    severity: incident.severity,
    scope: incident.scope,
    state: incident.state,
    drill: incident.drill,
    about: incident.about,
    regions: incident.regions,
    bad_regions: incident.badRegions,
    sentence: incident.sentence,
    impact: incident.impact,
    flapping: incident.flapping,
    reopened: incident.reopened,
    merged_into: incident.mergedInto,
    absorbed: incident.absorbed,
    impact_start: incident.impactStart,
    detected: incident.detected,
    acked: acked === null ? null : { at: acked.at, by: acked.by },
    first_acked: incident.firstAckedAt,
    published: incident.publishedAt,
    impact_end: incident.impactEnd,
    resolved: incident.resolvedAt,
    statements: incident.statements.map(({ at, author, statement, text }) => ({ at, by: author, statement, text })),
    postmortem: postmortem === null ? null : { at: postmortem.at, by: postmortem.author, text: postmortem.text },
    events: incident.events,
  };
}

/** `target`: whose Duty sends it. */
export function deliveryJson(target: string, delivery: DeliveryReport): object {
  return {
    key: delivery.key,
    target,
    incident: delivery.incident,
    channel: delivery.channel,
    kind: delivery.kind,
    state: delivery.state,
    title: delivery.title,
    planned_at: delivery.plannedAt,
    try_at: delivery.tryAt,
    sent_at: delivery.sentAt,
    tries: delivery.tries,
    receipts: delivery.receipts.map(({ attempt, at, accepted, httpStatus, code, said }) => ({
      attempt,
      at,
      accepted,
      http_status: httpStatus,
      code,
      said,
    })),
  };
}

export function testJson(channel: string, { key, answer, tookMs }: Extract<TestAnswer, { readonly ok: true }>): object {
  const { accepted, httpStatus, code, said } = answer;
  return { channel, key, accepted, http_status: httpStatus, code, said, took_ms: tookMs };
}
