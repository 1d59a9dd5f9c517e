// Reads `regions`: a bare known id becomes a whole region; hints that the platform does not keep are refused with why.
// Called by `parse.ts`; gives `targets.ts` the ids that exist.

import * as z from "zod";
import { type Language, LOCATION_HINTS, type LocationHint } from "../../schema/words.ts";
import type { Region } from "./config.ts";
import { field, id, inner, isRecord, lineSchema, readFields } from "./fields.ts";
import { DISHONEST_HINTS, PLACE_LABELS } from "./places.ts";
import { type Plain, REFUSED } from "./plain.ts";
import { nearest, type Path, type Refusal, type Report } from "./problems.ts";

/** Fifty places are more than any fleet of ours; each target keeps a series for each. */
export const REGIONS_MAX = 50;

export interface RegionsRead {
  /** Whole only when nothing was reported. */
  readonly regions: readonly Region[];
  /** Every id that was written, good or bad: who refers to a bad one is not told off a second time. */
  readonly ids: readonly string[];
}

const REGION_FIELDS = {
  id: id('id: "weur"'),
  label: inner('label: "Western Europe"', "optional"),
  hint: field(judgedHint(), 'hint: "weur"'),
  generation: field(z.number().int().min(1).max(9999).default(1), "generation: 1"),
};

const LABEL_FIELDS = {
  en: field(lineSchema(), 'en: "Western Europe"'),
  zh: field(lineSchema(), 'zh: "西欧"'),
} satisfies Record<Language, unknown>;

/** Reads the list; reports everything that is wrong with it. */
export function readRegions(list: Plain, path: Path, report: Report): RegionsRead {
  if (!Array.isArray(list)) {
    if (list !== undefined && list !== REFUSED) {
      report.add(path, list, { problem: "is not a list", mend: 'write regions: ["weur", "enam"]' });
    }
    return { regions: [], ids: [] };
  }
  if (list.length < 1 || list.length > REGIONS_MAX) {
    report.add(path, list, { problem: `has ${list.length} entries`, mend: `write 1 to ${REGIONS_MAX} regions` });
  }
  const ids: string[] = [];
  const regions: Region[] = [];
  list.slice(0, REGIONS_MAX).forEach((one: Plain, index) => {
    const written = typeof one === "string" ? one : isRecord(one) ? one["id"] : undefined;
    if (typeof written === "string") {
      if (ids.includes(written)) {
        const mend = "give each region its own id; { id, hint } may use a hint twice";
        report.add([...path, index], written, { problem: "stands here twice", mend });
      }
      ids.push(written);
    }
    const region = readRegion(one, [...path, index], report);
    if (region !== null) regions.push(region);
  });
  return { regions, ids };
}

/** A label as written, in each language; `fallback` where none was written. Null: bad, and reported. */
export function readLabel(label: Plain, fallback: Region["label"], path: Path, report: Report): Region["label"] | null {
  if (label === undefined) return fallback;
  if (typeof label !== "string") {
    const { en, zh } = readFields(LABEL_FIELDS, label, path, report);
    return en === undefined || zh === undefined ? null : { en, zh };
  }
  const { en } = readFields({ en: LABEL_FIELDS.en }, { en: label }, path, atParent(path, report));
  return en === undefined ? null : sameForAll(en);
}

export function sameForAll(text: string): Region["label"] {
  return { en: text, zh: text } satisfies Record<Language, string>;
}

function readRegion(one: Plain, path: Path, report: Report): Region | null {
  if (one === REFUSED) return null;
  if (typeof one === "string") {
    if (isHint(one)) return { id: one, label: PLACE_LABELS[one], hint: one, generation: 1 };
    report.add(path, one, refusalOfPlace(one));
    return null;
  }
  const read = readFields(REGION_FIELDS, one, path, report);
  if (read.id === undefined) return null;
  const known = isHint(read.id) ? read.id : null;
  const label = readLabel(
    read.label,
    known === null ? sameForAll(read.id) : PLACE_LABELS[known],
    [...path, "label"],
    report,
  );
  const hint = read.hint ?? known;
  if (hint === null) {
    // A hint that was written and refused has its problem already.
    if (isRecord(one) && one["hint"] === undefined) {
      report.add([...path, "hint"], undefined, { problem: "is missing", mend: `write hint: one of ${HINTS}` });
    }
    return null;
  }
  if (known !== null && hint !== known) {
    const mend = `write hint: "${known}", or give the region another id`;
    report.add([...path, "hint"], hint, { problem: `would call ${hint} by the name of ${known}`, mend });
  }
  if (label === null || read.generation === undefined) return null;
  return { id: read.id, label, hint, generation: read.generation };
}

const HINTS = LOCATION_HINTS.join(", ");

function isHint(text: string): text is LocationHint {
  return (LOCATION_HINTS as readonly string[]).includes(text);
}

function refusalOfPlace(text: string): Refusal {
  const dishonest = DISHONEST_HINTS.get(text);
  if (dishonest !== undefined) return { problem: dishonest.why, mend: dishonest.mend };
  const near = nearest(text, LOCATION_HINTS);
  const mend = `write one of ${HINTS}, or { id, label, hint }`;
  return { problem: "is not a known region", mend: near === null ? mend : `did you mean "${near}"? Else ${mend}` };
}

function judgedHint(): z.ZodType<LocationHint | undefined> {
  return z
    .string()
    .transform((text, context): LocationHint => {
      if (isHint(text)) return text;
      const refusal = refusalOfPlace(text);
      context.addIssue({ code: "custom", message: refusal.problem, params: { refusal } });
      return z.NEVER;
    })
    .optional();
}

/** A report for a value that was put into a field of our own making: the problem belongs to the entry above it. */
function atParent(path: Path, report: Report): Report {
  return { ...report, add: (_, value, refusal) => report.add(path, value, refusal) };
}
