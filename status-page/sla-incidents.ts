// The incidents of a report in words: one row each, with how long everything took, and what all of them come to. Pure; called by
// sla-view.ts. Computes no time that the report does not hold the two ends of.

import type { IncidentResult, IncidentsResult, Report } from "../workers/sla/report-shape.ts";
import { plainLabel } from "./labels.ts";
import type { Writing } from "./sla-figures.ts";
import { nameIn } from "./sla-lists.ts";
import type { Cell, Names, TableView } from "./sla-lists.ts";

const TIMES: readonly (keyof IncidentsResult["times"])[] = ["detect", "acknowledge", "restore", "resolve", "publish"];

/** Null: the report was composed before there were incidents, and says nothing of them. */
export function incidentsView({ incidents, period }: Report, names: Names, writing: Writing): TableView | null {
  if (incidents === undefined) return null;
  const { sla, clock } = writing;
  const { heads } = sla;
  const since = incidents.kept_since;
  return {
    caption: sla.incidentsTitle,
    label: sla.incidentsTitle,
    head: [heads.incident, heads.impact, heads.detected, heads.notified, heads.acked, heads.resolved, heads.published],
    rows: incidents.list.map((one) => rowOf(one, names, writing)),
    notes: [
      incidents.list.length === 0 ? sla.noIncidents : timesText(incidents, writing),
      ...(since === null || since <= period.from ? [] : [sla.keptSince(clock.minute(since))]),
    ],
  };
}

function rowOf(one: IncidentResult, names: Names, { words, sla, clock }: Writing): readonly Cell[] {
  const id = plainLabel(one.id, "–");
  const regions = words.list(
    one.regions.map((region) => nameIn(names, region)),
    0,
  );
  /** How long after the begin, and when. */
  const after = (at: number | null, from: number | null = one.impact_start): Cell => {
    if (at === null) return "–";
    return from === null ? clock.second(at) : [`+${sla.span(Math.max(0, at - from))}`, clock.second(at)];
  };
  const end = one.impact_end;
  return [
    {
      href: `/${words.language}/incidents/${encodeURIComponent(one.id)}`,
      lines: [id, sla.incidentKinds[one.kind], regions],
    },
    [
      end === null ? sla.goesOn : sla.span(Math.max(0, end - one.impact_start)),
      `${clock.second(one.impact_start)} –`,
      ...(end === null ? [] : [clock.second(end)]),
    ],
    after(one.detected),
    after(one.notified),
    // Its time runs from the page.
    after(one.acked, one.notified),
    after(one.resolved),
    after(one.published),
  ];
}

/** All five on one line, since a month is to fit on paper. */
function timesText({ list, times }: IncidentsResult, { sla }: Writing): string {
  const span = (ms: number | null): string => (ms === null ? "–" : sla.span(ms));
  return TIMES.map((of) => {
    const { n, median_ms: median, max_ms: max } = times[of];
    return sla.incidentTime(of, span(median), span(max), n, list.length);
  }).join(" · ");
}
