// Puts what the user wrote over what a preset brings, key by key, so that both are judged in one pass; and says of a problem whose part
// it is in: what a preset brought belongs to the entry that chose it. Pure; called by `contracts.ts`.

import { isRecord } from "../fields.ts";
import { plainOf, type Plain, REFUSED } from "../plain.ts";
import { entryOf, newReport, type Path, type Refusal, type Report } from "../problems.ts";
import type { Source } from "./contract.ts";
import type { Preset } from "./preset.ts";
import { PRESET_NAMES, PRESETS } from "./presets.ts";

/** The entry over what its preset brings; `own` reports what is wrong with the preset's part where the preset was chosen. */
export function withPreset(
  one: Plain,
  path: Path,
  report: Report,
): { readonly merged: Plain; readonly own: Report; readonly source: Source | null } {
  const written = isRecord(one) ? one["preset"] : undefined;
  const name = PRESET_NAMES.find((known) => known === written);
  if (!isRecord(one)) return { merged: one, own: report, source: null };
  if (name === undefined) {
    // Nobody knows what a preset that does not exist would have brought: what it was to bring is not called missing.
    const objectives = written === undefined ? one["objectives"] : (one["objectives"] ?? REFUSED);
    return { merged: { ...one, objectives }, own: report, source: null };
  }
  const preset: Preset = PRESETS[name];
  const terms = plainOf(preset.terms, newReport());
  if (!isRecord(terms)) throw new TypeError(`preset ${name}: its terms are not plain data`);
  const given = Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined));
  const period: Plain = periodOver(terms["period"], given["period"]);
  const merged: Plain = { ...terms, ...given, ...(period === undefined ? {} : { period }) };
  const isBrought = (steps: Path): boolean => {
    const [key = "", below = ""] = steps.map(String);
    if (terms[key] === undefined) return false;
    const own = given[key];
    return own === undefined || (key === "period" && isRecord(own) && below !== "" && own[below] === undefined);
  };
  const add = (at: Path, value: unknown, refusal: Refusal): void => {
    const steps = at.slice(path.length);
    if (!isBrought(steps)) return report.add(at, value, refusal);
    const problem = `brings ${entryOf(steps)}${said(value)}, which ${refusal.problem}`;
    return report.add([...path, "preset"], name, { problem, mend: refusal.mend });
  };
  return { merged, own: { ...report, add }, source: { preset: name, ...preset.source } };
}

function said(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? ` = ${JSON.stringify(value)}` : "";
}

/** Key by key; but who writes another anchor has not asked for the preset's day of it. */
function periodOver(preset: Plain, own: Plain): Plain {
  if (!isRecord(preset) || !isRecord(own)) return own === undefined ? preset : own;
  const given = Object.entries(own).filter(([, value]) => value !== undefined);
  const { anchorDay, ...rest } = preset;
  return {
    ...rest,
    ...(own["anchor"] === undefined && anchorDay !== undefined ? { anchorDay } : {}),
    ...Object.fromEntries(given),
  };
}
