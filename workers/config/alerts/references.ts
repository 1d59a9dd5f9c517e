// Lists about alerts that must not be empty, and ids that must be those of something. An id that was written counts even if what has
// it is bad: nobody is told off twice. Called by the readers beside it.

import { isRecord } from "../fields.ts";
import { type Plain, REFUSED } from "../plain.ts";
import { nearest, type Path, type Report } from "../problems.ts";
import { readEach } from "../contracts/term-fields.ts";

const SHOWN_MAX = 12;

/** What an entry may be, "the id of a channel", and every one that was written. Null: their list is bad, so nobody knows. */
export interface Known {
  readonly what: string;
  readonly ids: readonly string[] | null;
}

/** As `readEach`, and a list of nothing is refused. */
export function readSome<T>(
  list: Plain,
  path: Path,
  shape: { readonly max: number; readonly write: string },
  report: Report,
  read: (one: Plain, path: Path) => T | null,
): readonly T[] {
  if (Array.isArray(list) && list.length === 0) {
    report.add(path, list, { problem: "has 0 entries", mend: `write ${shape.write}` });
  }
  return readEach(list, path, shape, report, read);
}

/** Ids that are known, each once; all others are reported. */
export function readReferences(
  list: Plain,
  path: Path,
  known: Known,
  shape: { readonly max: number; readonly write: string },
  report: Report,
): readonly string[] {
  const seen = new Set<string>();
  return readSome(list, path, shape, report, (one, at) => {
    const own = readReference(one, at, known, report);
    if (own === null) return null;
    if (seen.has(own)) report.add(at, own, { problem: "stands here twice", mend: "take one of them out" });
    seen.add(own);
    return own;
  });
}

/** Null: not known, and reported (or refused before). */
export function readReference(one: Plain, path: Path, known: Known, report: Report): string | null {
  if (one === REFUSED) return null;
  const { what, ids } = known;
  if (typeof one === "string" && (ids === null || ids.includes(one))) return one;
  const refusal = { problem: `is not ${what}`, mend: mendOf(one, ids ?? []) };
  // What is no id may be an address that lets in whoever knows it.
  if (typeof one === "string" && !/^[a-z0-9-]{1,31}$/i.test(one)) report.addHidden(path, refusal);
  else report.add(path, one, refusal);
  return null;
}

function mendOf(one: Plain, ids: readonly string[]): string {
  const near = typeof one === "string" ? nearest(one, ids) : null;
  if (near !== null) return `did you mean "${near}"?`;
  if (ids.length === 0) return "there is none: write one, or take this out";
  const more = ids.length > SHOWN_MAX ? ", ..." : "";
  return `write one of: ${ids.slice(0, SHOWN_MAX).join(", ")}${more}`;
}

/** Each id that was written in a list of objects. */
export function writtenIds(list: Plain): readonly string[] {
  if (!Array.isArray(list)) return [];
  return list.map((one: Plain) => (isRecord(one) ? one["id"] : null)).filter((own) => typeof own === "string");
}

/** Reports each id that stands in these lists a second time. `name`: how a list is called where the first one stands. */
export function reportSameIds(
  lists: readonly { readonly name: string; readonly list: Plain }[],
  path: Path,
  report: Report,
): void {
  const first = new Map<string, string>();
  for (const { name, list } of lists) {
    if (!Array.isArray(list)) continue;
    list.forEach((one: Plain, index) => {
      const own = isRecord(one) ? one["id"] : null;
      if (typeof own !== "string") return;
      const at = first.get(own);
      if (at === undefined) first.set(own, `${name}[${index}]`);
      else {
        const mend = lists.length > 1 ? "give each channel, contact and schedule its own id" : "give each its own id";
        report.add([...path, name, index, "id"], own, { problem: `is the id of ${at} already`, mend });
      }
    });
  }
}
