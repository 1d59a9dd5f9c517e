// Reads `support` (how soon somebody answers, by severity) and `escalation` of a contract. Pure; called by `terms.ts`.

import * as z from "zod";
import { field, isRecord, lineSchema, readFields, reportRepeated } from "../fields.ts";
import type { Plain } from "../plain.ts";
import type { Path, Report } from "../problems.ts";
import { CLOCKS, type EscalationStep, SEVERITIES, type SupportClock } from "./contract.ts";
import { oneOf, readEach, span } from "./term-fields.ts";

const PAUSES = ["waiting-customer", "waiting-vendor"] as const;
const ALWAYS = "24x7";
const STEPS_MAX = 20;

const SUPPORT_FIELDS = {
  severity: field(oneOf(SEVERITIES), 'severity: "P1"'),
  clock: field(oneOf(CLOCKS), 'clock: "first-response"'),
  target: field(span(1000, 'target: "1h"'), 'target: "1h"'),
  calendar: field(z.string().default(ALWAYS), `calendar: "${ALWAYS}"`),
  pauseOn: field(z.array(oneOf(PAUSES)).default([]), 'pauseOn: ["waiting-customer"]'),
  stopOn: field(oneOf(["human-reply", "auto"]).default("human-reply"), 'stopOn: "human-reply"'),
};

const STEP_FIELDS = {
  level: field(z.number().int().min(1).max(STEPS_MAX), "level: 1"),
  after: field(span(0, 'after: "15min"'), 'after: "15min"'),
  to: field(lineSchema(), 'to: "duty manager"'),
  channel: field(lineSchema(), 'channel: "phone"'),
};

const SUPPORT_SHAPE = {
  max: SEVERITIES.length * CLOCKS.length,
  write: 'support: [{ severity: "P1", clock: "first-response", target: "1h" }]',
};
const STEPS_SHAPE = {
  max: STEPS_MAX,
  write: 'escalation: [{ level: 1, after: "15min", to: "duty manager", channel: "phone" }]',
};

/** `calendars`: names of the contract's own. */
export function readSupport(
  list: Plain,
  path: Path,
  calendars: readonly string[],
  report: Report,
): readonly SupportClock[] {
  const seen = new Set<string>();
  return readEach(list, path, SUPPORT_SHAPE, report, (one, at): SupportClock | null => {
    const { severity, clock, target, calendar, pauseOn, stopOn } = readFields(SUPPORT_FIELDS, one, at, report);
    if (isRecord(one)) reportRepeated(one["pauseOn"], [...at, "pauseOn"], report);
    if (calendar !== undefined && calendar !== ALWAYS) reportCalendar(calendar, [...at, "calendar"], calendars, report);
    if (severity === undefined || clock === undefined) return null;
    const key = `${severity} ${clock}`;
    if (seen.has(key)) {
      const mend = "write one target for each severity and clock";
      report.add([...at, "clock"], clock, { problem: `stands here twice for ${severity}`, mend });
    }
    seen.add(key);
    if (target === undefined || calendar === undefined || pauseOn === undefined || stopOn === undefined) return null;
    return {
      severity,
      clock,
      targetMs: target,
      calendar,
      pauseOn: PAUSES.filter((reason) => pauseOn.includes(reason)),
      stopOn,
    };
  });
}

/** Reports the name of a calendar that the contract does not have. */
export function reportCalendar(name: string, path: Path, calendars: readonly string[], report: Report): void {
  if (calendars.includes(name)) return;
  const known = calendars.map((one) => `"${one}"`).join(", ");
  const mend =
    calendars.length === 0 ? `write calendars: { office: { zone, hours } } and name it here` : `write one of: ${known}`;
  report.add(path, name, { problem: "is not among the calendars of this contract", mend });
}

export function readEscalation(list: Plain, path: Path, report: Report): readonly EscalationStep[] {
  let before: EscalationStep | null = null;
  return readEach(list, path, STEPS_SHAPE, report, (one, at): EscalationStep | null => {
    const { level, after, to, channel } = readFields(STEP_FIELDS, one, at, report);
    if (level === undefined || after === undefined || to === undefined || channel === undefined) return null;
    const mend = "write the steps in the order in which they are taken: each of a higher level, none sooner";
    if (before !== null && level <= before.level) {
      report.add([...at, "level"], level, { problem: `is not above ${before.level}, the level before it`, mend });
    } else if (before !== null && after < before.afterMs) {
      report.add([...at, "after"], isRecord(one) ? one["after"] : undefined, {
        problem: "is sooner than the step before it",
        mend,
      });
    }
    before = { level, afterMs: after, to, channel };
    return before;
  });
}
