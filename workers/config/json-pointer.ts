// JSON pointers (RFC 6901): says whether a text is one, and finds what it points to. Never throws, never looks at what a
// value inherits: `__proto__` and `length` are names like any other. Used by the gateway's configuration and its matcher.

/** What a pointer that leads nowhere yields; JSON has no such value. */
export const NOTHING: unique symbol = Symbol("nothing");

/** Why a text is not a pointer; null: it is one. Section 3: empty, or each step begins with "/", and ~ only in ~0 and ~1. */
export function refusalOfPointer(text: string): string | null {
  if (text !== "" && !text.startsWith("/")) return "is not a JSON pointer: it does not begin with /";
  if (/~(?![01])/.test(text)) return "is not a JSON pointer: ~ is written ~0 there, and / inside a name ~1";
  return null;
}

/** The names along the way. Only of a text that `refusalOfPointer` has no word against. Section 4: ~1 first, then ~0. */
export function stepsOf(pointer: string): readonly string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** What the steps lead to in a parsed JSON document. */
export function valueAt(document: unknown, steps: readonly string[]): unknown {
  let value = document;
  for (const step of steps) {
    if (typeof value !== "object" || value === null) return NOTHING;
    // Section 4: no leading zeros; "-" is the place after the last, where there is nothing to read.
    if (Array.isArray(value) && !/^(0|[1-9]\d{0,9})$/.test(step)) return NOTHING;
    if (!Object.hasOwn(value, step)) return NOTHING;
    value = Reflect.get(value, step);
  }
  return value;
}
