// Incidents about a budget or a support clock: one for each thing that they are about, opened, come back and ended as that is said
// from look to look. Pure and idempotent, as `decide.ts` is for regions. Decides nothing about what burns or has run out.

import type { Audience } from "../config/alerts/alerting.ts";
import type { AlertSeverity } from "../../schema/words.ts";
import { SONDE } from "./incident.ts";
import type { Incident, IncidentChange, NewIncidentEvent, Sentence } from "./incident.ts";
import { isWorse } from "./life.ts";

/** Something that is so now. */
export interface AboutSeen {
  /** Contract and objective, or contract, clock and ticket: one incident each. */
  readonly about: string;
  readonly startedAt: number;
  readonly severity: AlertSeverity;
  readonly sentence: Sentence;
}

export interface AboutFacts {
  readonly target: string;
  readonly kind: "budget" | "support";
  readonly audience: Audience;
  readonly regions: readonly string[];
  readonly nextNumber: number;
  readonly now: number;
}

/** What follows from all that is so; of incidents only those of this kind are looked at. */
export function decideAbout(
  incidents: readonly Incident[],
  seen: readonly AboutSeen[],
  facts: AboutFacts,
): NewIncidentEvent[] {
  const { kind, now } = facts;
  const own = incidents.filter((each) => each.kind === kind && !each.drill);
  let next = facts.nextNumber;
  const events: NewIncidentEvent[] = [];
  const write = (incident: string, what: string, at: number, change: IncidentChange): void => {
    events.push({ incident, key: `${incident}/${what}`, at, author: SONDE, change });
  };
  for (const one of seen) {
    const { about, severity, sentence } = one;
    const same = own.filter((each) => each.about === about);
    const known = same.find(({ state }) => state === "open" || state === "restored");
    // Somebody has said that it is done with: the same burning, or the same clock, is no news.
    if (known === undefined && same.some((each) => one.startedAt <= (each.resolvedAt ?? Infinity))) continue;
    const measured = { kind: "measured", severity, sentence, impact: [] } as const;
    if (known === undefined) {
      const { audience, regions, target } = facts;
      const opened = { of: kind, audience, severity, scope: "region", regions, about, sentence, drill: false } as const;
      write(`${target}-${next}`, "opened", one.startedAt, { kind: "opened", ...opened });
      next += 1;
      continue;
    }
    if (known.state === "restored") {
      write(known.id, `reopened/${known.events}`, now, { kind: "reopened", region: null, note: "" });
      write(known.id, `measured/${known.events}`, now, measured);
    } else if (isWorse(severity, known.severity)) {
      write(known.id, `measured/${known.events}`, now, measured);
    }
  }
  for (const each of own) {
    const isSo = seen.some(({ about }) => about === each.about);
    if (each.state === "open" && !isSo) write(each.id, `restored/${each.events}`, now, { kind: "restored" });
  }
  return events;
}
