// An incident as the ticket that it is to a contract: opened when Sonde found it, answered when a person took it in hand or spoke,
// over when it was. Support clocks then run on incidents as on what the help desk writes down. Pure; reads no clock itself: that is
// `sla/support.ts`. Called for each contract by `support-look.ts`.

import type { AlertSeverity } from "../../schema/words.ts";
import type { Severity } from "../config/contracts/contract.ts";
import type { TicketEvent, TicketEventKind } from "../sla/records.ts";
import { SONDE } from "./incident.ts";
import type { Incident, IncidentEvent } from "./incident.ts";

/** Null: nobody promises anything about it. */
const GRADES: Readonly<Record<AlertSeverity, Severity | null>> = {
  critical: "P1",
  error: "P2",
  warning: "P3",
  info: null,
};

/**
 * The events of one ticket, named by the incident, in order. Empty for what is no outage or brown-out of the service, for drills, and
 * for merged ones, whose ticket is that of the incident that has their story now.
 *
 * - `opened` at detection, since nobody can answer before, and with the severity of now: graded up later, it counts from that start.
 * - `replied` at each acknowledgement and each public statement of a person; what Sonde publishes is no answer.
 * - `restored` at the end of the impact, unless it came back since: then the first restoring was none.
 * - `closed` when it was resolved, by a person or by Sonde alone, which answers nobody.
 * What people date back before the detection counts from there.
 */
export function incidentTickets(
  contract: string,
  incident: Incident,
  events: readonly IncidentEvent[],
): readonly TicketEvent[] {
  const { id, kind, audience, drill, state, severity, detected, impactEnd, resolvedAt } = incident;
  const grade = GRADES[severity];
  const isOfService = audience === "service" && (kind === "outage" || kind === "brownout");
  if (!isOfService || drill || state === "merged" || grade === null) return [];
  const told: Told[] = [{ kind: "opened", at: detected, author: SONDE }];
  let resolvedBy = SONDE;
  for (const { at, author, change } of events) {
    if (change.kind === "resolved") resolvedBy = author;
    const isWord = change.kind === "acknowledged" || change.kind === "published";
    if (isWord && author !== SONDE) told.push({ kind: "replied", at, author });
  }
  if (impactEnd !== null) told.push({ kind: "restored", at: impactEnd, author: SONDE });
  if (resolvedAt !== null) told.push({ kind: "closed", at: resolvedAt, author: resolvedBy });
  return told.map(({ kind: what, at, author }, nth) => ({
    id: nth + 1,
    key: `${id}/${nth + 1}`,
    contract,
    ticket: id,
    kind: what,
    at: Math.max(at, detected),
    severity: what === "opened" ? grade : null,
    waiting: null,
    by: author === SONDE ? "automatic" : "human",
    author,
    note: "",
    recordedAt: detected,
  }));
}

interface Told {
  readonly kind: TicketEventKind;
  readonly at: number;
  readonly author: string;
}
