// The stylesheets that only some pages have, by name: each stands inline behind the first one, and its hash in the policy of
// just those pages. Pure. A new one is its file and one line here.

import { DESK_STYLE } from "./desk-style.ts";
import { HISTORY_STYLE } from "./history-style.ts";
import { INCIDENT_STYLE } from "./incident-style.ts";
import { SLA_STYLE } from "./sla-style.ts";

export const MORE_STYLES = {
  sla: SLA_STYLE,
  incidents: INCIDENT_STYLE,
  history: HISTORY_STYLE,
  desk: DESK_STYLE,
} as const satisfies Readonly<Record<string, string>>;

/** Which second stylesheet a page has. */
export type StyleName = keyof typeof MORE_STYLES;
