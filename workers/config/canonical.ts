// One text for one configuration, byte for byte the same on every machine, so that its hash is evidence of what was
// measured. After RFC 8785 (JCS), for plain data. Hashes nothing itself: SHA-256 is made where the world is touched.

/** Config, envelope and checkpoint are less than ten deep; a cycle ends here too. */
const DEPTH_MAX = 64;

/**
 * Canonical JSON: keys sorted by UTF-16 code units, no spaces, numbers as ECMAScript writes them (RFC 8785, 3.2.2.3).
 * Throws a TypeError that names the place for whatever JSON cannot hold, or would drop in silence: undefined,
 * functions, symbols, bigints, non-finite numbers, holes, lone surrogates, symbol keys, objects of a class.
 */
export function canonicalJson(value: unknown): string {
  return write(value, "$", 0);
}

function write(value: unknown, at: string, depth: number): string {
  if (depth > DEPTH_MAX)
    throw new TypeError(`canonical JSON: ${at.slice(0, 80)}... is nested too deep, or contains itself`);
  switch (typeof value) {
    case "string":
      return writeText(value, at);
    case "number":
      // JSON.stringify would write null for them.
      if (!Number.isFinite(value)) throw refused(at, String(value));
      return JSON.stringify(value);
    case "boolean":
      return value ? "true" : "false";
    case "object":
      if (value === null) return "null";
      return Array.isArray(value) ? writeList(value, at, depth) : writeRecord(value, at, depth);
    default:
      throw refused(at, `a ${typeof value}`);
  }
}

function writeList(list: readonly unknown[], at: string, depth: number): string {
  // Array.from reads holes as undefined, which is refused; map would skip them.
  return `[${Array.from(list, (one, index) => write(one, `${at}[${index}]`, depth + 1)).join(",")}]`;
}

function writeRecord(record: object, at: string, depth: number): string {
  const prototype: unknown = Object.getPrototypeOf(record);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) throw refused(at, "an object of a class");
  if (Object.getOwnPropertySymbols(record).length > 0) throw refused(at, "an object with symbol keys");
  // The default order of sort() is by UTF-16 code units, as RFC 8785, 3.2.3 asks. Never localeCompare.
  const members = Object.entries(record)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, one]) => `${writeText(key, at)}:${write(one, `${at}.${key}`, depth + 1)}`);
  return `{${members.join(",")}}`;
}

function writeText(text: string, at: string): string {
  if (!text.isWellFormed()) throw refused(at, "text with a lone surrogate");
  return JSON.stringify(text);
}

function refused(at: string, what: string): TypeError {
  return new TypeError(`canonical JSON: ${at} is ${what}`);
}
