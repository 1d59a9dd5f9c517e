// Reads `exclusions` of a contract: what it lets pass. Pure; called by `terms.ts`.

import * as z from "zod";
import { field, inner, readFields } from "../fields.ts";
import type { Plain } from "../plain.ts";
import type { Path, Report } from "../problems.ts";
import { EXCLUSION_TYPES, type ExclusionRule } from "./contract.ts";
import { oneOf, readEach, span } from "./term-fields.ts";
import { readWindow } from "./windows.ts";

/** A year has no more minutes. */
const MINUTES_MAX = 366 * 1440;

const EXCLUSION_FIELDS = {
  type: field(oneOf(EXCLUSION_TYPES), 'type: "scheduled-maintenance"'),
  notice: field(span(0, 'notice: "72h"').optional(), 'notice: "72h"'),
  capMinutes: field(z.number().int().min(1).max(MINUTES_MAX).optional(), "capMinutes: 120"),
  window: inner('window: { days: ["sun"], from: "02:00", to: "06:00" }', "optional"),
  needsProof: field(z.boolean().optional(), "needsProof: true"),
};

const SHAPE = {
  max: 2 * EXCLUSION_TYPES.length,
  write: 'exclusions: [{ type: "scheduled-maintenance", notice: "72h" }]',
};

export function readExclusions(list: Plain, path: Path, report: Report): readonly ExclusionRule[] {
  const seen = new Set<string>();
  return readEach(list, path, SHAPE, report, (one, at): ExclusionRule | null => {
    const { type, notice, capMinutes, window, needsProof } = readFields(EXCLUSION_FIELDS, one, at, report);
    const weekly = window === undefined ? null : readWindow(window, [...at, "window"], report);
    if (type === undefined) return null;
    if (seen.has(type)) {
      report.add([...at, "type"], type, { problem: "stands here twice", mend: "write one rule for each type" });
    }
    seen.add(type);
    return {
      type,
      noticeMs: notice ?? null,
      capMinutes: capMinutes ?? null,
      window: weekly,
      // What one announces oneself is proven by the announcement.
      needsProof: needsProof ?? type !== "scheduled-maintenance",
    };
  });
}
