// Incidents in Statuspage's words. Pure. Called by statuspage.ts. `impact` is our severity: critical, major for `error`, minor for
// `warning`, none for `info`. The status is what people said last, as far as the measurement agrees: what is measured bad is not
// resolved, and what is measured good again is monitored at least.

import type { AlertSeverity, Language } from "../../schema/words.ts";
import { blocksOf, plainOf } from "../../workers/incidents/markdown.ts";
import { plainLabel } from "../labels.ts";
import { feedWordsOf, incidentWordsOf } from "../words/languages.ts";
import { idOf, iso } from "./statuspage-ids.ts";
import type {
  ComponentObject,
  ComponentStatus,
  IncidentObject,
  IncidentStatus,
  Indicator,
  UpdateObject,
} from "./statuspage-shape.ts";
import { changedAt, sayIn, updatesOf } from "./told.ts";
import type { ToldIncident, Update } from "./told.ts";

const IMPACTS: Readonly<Record<AlertSeverity, Indicator>> = {
  critical: "critical",
  error: "major",
  warning: "minor",
  info: "none",
};

/** What a region was while it was touched, as far as the kind of the incident tells. */
const TOUCHED: Readonly<Record<ToldIncident["kind"], ComponentStatus>> = {
  outage: "major_outage",
  brownout: "degraded_performance",
};

/** Longest text of an update, in UTF-16 units; the whole one is on the incident's page. */
const BODY_MOST = 4_000;
const SENTENCE_MOST = 400;

interface IncidentSite {
  readonly pageId: string;
  /** Absolute, of the page for people. */
  readonly urlOf: (incident: string) => string;
  readonly language: Language;
  readonly targetName: (target: string) => string;
  /** All of the page, as they are now. */
  readonly components: readonly ComponentObject[];
}

export const incidentIdOf = (incident: string): string => idOf("incident", incident);

/** The word that stands for all of it. */
export function statusOf(one: ToldIncident): IncidentStatus {
  if (one.state === "resolved") return one.hasPostmortem ? "postmortem" : "resolved";
  const said = one.words.findLast(({ statement }) => statement !== "postmortem")?.statement;
  if (one.state === "restored") return "monitoring";
  if (said === undefined || said === "postmortem") return "investigating";
  return said === "resolved" ? "monitoring" : said;
}

export function incidentObject(one: ToldIncident, site: IncidentSite): IncidentObject {
  const { pageId, urlOf, language, targetName } = site;
  const components = site.components.filter(
    ({ group, sonde }) => !group && sonde.target === one.target && one.regions.includes(sonde.region ?? ""),
  );
  return {
    id: incidentIdOf(one.id),
    page_id: pageId,
    name: incidentWordsOf(language).title(one.kind, targetName(one.target)),
    status: statusOf(one),
    impact: IMPACTS[one.severity],
    shortlink: urlOf(one.id),
    created_at: iso(one.detected),
    updated_at: iso(changedAt(one)),
    started_at: iso(one.impactStart),
    monitoring_at: one.state === "open" || one.impactEnd === null ? null : iso(one.impactEnd),
    resolved_at: one.state === "resolved" && one.resolvedAt !== null ? iso(one.resolvedAt) : null,
    components,
    incident_updates: updatesOf(one).map((update) => updateObject(update, one, components, language)),
    sonde: {
      id: one.id,
      target: one.target,
      kind: one.kind,
      state: one.state,
      regions: one.regions,
      updates_complete: one.complete,
    },
  };
}

function updateObject(
  update: Update,
  one: ToldIncident,
  components: readonly ComponentObject[],
  language: Language,
): UpdateObject<IncidentStatus> {
  const touched = TOUCHED[one.kind];
  const isOver = update.status === "resolved" || update.status === "postmortem" || update.measured === "restored";
  const at = iso(update.at);
  const body = bodyOf(update, one, language);
  return {
    id: idOf("update", one.id, update.key),
    incident_id: incidentIdOf(one.id),
    status: update.status,
    body: body.text,
    display_at: at,
    created_at: at,
    updated_at: at,
    deliver_notifications: true,
    affected_components: components.map(({ id, name }) => ({
      code: id,
      name,
      old_status: update.measured === "detected" ? "operational" : touched,
      new_status: isOver ? "operational" : touched,
    })),
    sonde: { by: update.by, language: body.language },
  };
}

function bodyOf(
  { text, measured }: Update,
  one: ToldIncident,
  language: Language,
): { text: string; language: Language } {
  const words = feedWordsOf(language);
  const said = text === null ? null : sayIn(text, language);
  if (said !== null) {
    const plain = plainOf(blocksOf(said.text));
    return {
      text: plain.length > BODY_MOST ? `${plain.slice(0, BODY_MOST)}…`.toWellFormed() : plain,
      language: said.language,
    };
  }
  const sentence = sayIn(one.sentence, language);
  if (measured === "detected" && sentence !== null)
    return { text: plainLabel(sentence.text, "–", SENTENCE_MOST), language: sentence.language };
  return { text: words.measured[measured ?? "detected"], language };
}
