// Copies whatever came in into plain, bounded data, so that nothing after it can be surprised: no getters, no cycles, no
// prototypes, no endless strings. It never throws. What cannot be copied becomes REFUSED, with a problem in the report.

import { LOGO_CHARS_MAX } from "./logo.ts";
import type { Path, Refusal, Report } from "./problems.ts";

/** Stands where a value was refused here already, so that nobody complains about it twice. */
export const REFUSED: unique symbol = Symbol("refused");

export type Plain =
  | string
  | number
  | boolean
  | null
  | undefined
  | typeof REFUSED
  | readonly Plain[]
  | { readonly [key: string]: Plain };

/** Lists: 100 targets are the longest. Keys: 50 regions of an address map, and some to name the wrong ones. */
export const LIST_MAX = 100;
const KEYS_MAX = 120;
/**
 * config > targets > one > options > publish > ack > match > pointer, config > contracts > one > calendars > one > hours > one > days and
 * config > alerts > schedules > one > rotations > one > only > days are 7 deep.
 */
const DEPTH_MAX = 8;
/** The longest texts that are accepted anywhere are an address of 500, and 50 recipients of mail in one. */
const CHARS_MAX = 2000;
/** But for the logo, which is a picture. */
const charsMax = (path: Path): number => (path.join(".") === "brand.logo" ? LOGO_CHARS_MAX : CHARS_MAX);
/**
 * 100 targets x (50 addresses + 50 regions + 30 others) + 50 regions x 7 = 13,350, and 50 contracts x (two calendars of 3 years x 50
 * days + 8 objectives x 15 + 16 clocks x 8 + 12 exclusions x 10 + 200 others = 870) = 43,500, and alerts: 30 routes x (5 levels x 13
 * + 100 targets + 50 regions + 50 tiers + 40 others) + 10 schedules x (10 rotations x 36 + 50 overrides x 4 + 5) + 50 contacts x 14
 * + 30 channels x 10 = 15,800: 72,650.
 */
const NODES_MAX = 75_000;

interface Walk {
  readonly report: Report;
  readonly above: Set<object>;
  nodes: number;
}

/** A deep copy of plain data; objects come without a prototype. Anything else is reported and becomes REFUSED. */
export function plainOf(input: unknown, report: Report): Plain {
  return copy(input, [], { report, above: new Set(), nodes: 0 });
}

function copy(value: unknown, path: Path, walk: Walk): Plain {
  walk.nodes += 1;
  if (walk.nodes === NODES_MAX) walk.report.addHidden([], TOO_MUCH);
  if (walk.nodes >= NODES_MAX) return REFUSED;
  switch (typeof value) {
    case "string":
      return value.length <= charsMax(path) ? value : refuse(path, walk, tooLong(value.length, charsMax(path)));
    case "number":
    case "boolean":
    case "undefined":
      return value;
    case "object":
      return value === null ? null : copyObject(value, path, walk);
    default:
      return refuse(path, walk, { problem: `is a ${typeof value}`, mend: PLAIN_ONLY });
  }
}

function copyObject(value: object, path: Path, walk: Walk): Plain {
  if (walk.above.has(value)) return refuse(path, walk, { problem: "contains itself", mend: "write it out" });
  if (path.length > DEPTH_MAX) return refuse(path, walk, { problem: "is nested too deep", mend: PLAIN_ONLY });
  walk.above.add(value);
  try {
    return Array.isArray(value) ? copyList(value, path, walk) : copyRecord(value, path, walk);
  } catch {
    // A getter or a proxy threw: what it threw is the stranger's, so it is not repeated.
    return refuse(path, walk, { problem: "cannot be read: reading it throws an error", mend: PLAIN_ONLY });
  } finally {
    walk.above.delete(value);
  }
}

function copyList(list: readonly unknown[], path: Path, walk: Walk): Plain {
  const length = list.length;
  if (length > LIST_MAX) {
    return refuse(path, walk, { problem: `has ${length} entries`, mend: `write at most ${LIST_MAX}` });
  }
  const out: Plain[] = [];
  for (let index = 0; index < length; index += 1) out.push(copyAt(list, index, [...path, index], walk));
  return out;
}

function copyRecord(record: object, path: Path, walk: Walk): Plain {
  const prototype: unknown = Object.getPrototypeOf(record);
  // An object of another realm has that realm's Object.prototype, whose own prototype is null as well.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    return refuse(path, walk, { problem: "is not a plain object", mend: PLAIN_ONLY });
  }
  const keys = Reflect.ownKeys(record);
  if (keys.length > KEYS_MAX) {
    return refuse(path, walk, { problem: `has ${keys.length} keys`, mend: `write at most ${KEYS_MAX}` });
  }
  const out: Record<string, Plain> = Object.create(null);
  for (const key of keys) {
    if (typeof key === "symbol" || key === "__proto__" || key.length > CHARS_MAX) {
      walk.report.addHidden([...path, String(key).slice(0, CHARS_MAX)], BAD_KEY);
    } else {
      out[key] = copyAt(record, key, [...path, key], walk);
    }
  }
  return out;
}

/** Reads once: a getter may answer differently the second time. */
function copyAt(holder: object, key: string | number, path: Path, walk: Walk): Plain {
  let value: unknown;
  try {
    value = Reflect.get(holder, key);
  } catch {
    return refuse(path, walk, { problem: "cannot be read: reading it throws an error", mend: PLAIN_ONLY });
  }
  return copy(value, path, walk);
}

const PLAIN_ONLY = "write plain data: text, numbers, true, false, lists and objects";
const TOO_MUCH: Refusal = { problem: `has more than ${NODES_MAX} values`, mend: "split it into several fleets" };
const BAD_KEY: Refusal = { problem: "is not a key that can stand here", mend: "take it out" };

function tooLong(chars: number, most: number): Refusal {
  return { problem: `is ${chars} characters long`, mend: `write at most ${most}` };
}

function refuse(path: Path, walk: Walk, refusal: Refusal): typeof REFUSED {
  walk.report.addHidden(path, refusal);
  return REFUSED;
}
