// The one inspector: given everything that a fleet has stored, re-checks every invariant and throws with the list of all
// that is broken. Pure: rows in, counts out. The same for a fleet in a test's workerd (`world.ts`) and for one on disk
// (`inspect-files.ts`). It recounts from the bytes that probers handed over, so it believes no number that was derived.
// Linear in the number of rows: it looks at each row once, and at its neighbours by key.

import { newFindings } from "./inspect/findings.ts";
import type { FleetState, InspectReport } from "./inspect/state.ts";
import { inspectIncidents } from "./inspect/incidents.ts";
import { inspectHistory } from "./inspect/history.ts";
import { inspectIntake } from "./inspect/intake.ts";
import { inspectMinutes } from "./inspect/minutes.ts";
import { inspectPage } from "./inspect/page.ts";
import { inspectProbers } from "./inspect/probers.ts";
import { inspectReports } from "./inspect/reports.ts";

export type { CollectorState, D1State, DutyState, FleetState, InspectReport, ProberState } from "./inspect/state.ts";
export { ruleOf } from "./inspect/state.ts";

/** How many violations the error lists in full: the first ones tell the story. */
const LISTED_MAX = 40;

/** Throws an Error that lists all violations; else says how many of each thing it checked. */
export function inspect(state: FleetState): InspectReport {
  const findings = newFindings();
  const taken = inspectIntake(state, findings);
  inspectMinutes(state, taken, findings);
  inspectHistory(state, findings);
  inspectPage(state, findings);
  inspectProbers(state, taken, findings);
  inspectReports(state.d1.reports, findings);
  inspectIncidents(state, findings);
  const { violations } = findings;
  if (violations.length > 0) {
    const listed = violations.slice(0, LISTED_MAX).map((each) => `  - ${each}`);
    const more = violations.length > LISTED_MAX ? [`  ... and ${violations.length - LISTED_MAX} more`] : [];
    throw new Error([`inspect: ${violations.length} violation(s)`, ...listed, ...more].join("\n"));
  }
  return findings.checked;
}
