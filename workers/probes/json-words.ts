// What a service says in JSON, where anything may come in. Pure; nothing throws.

export type Words = Readonly<Record<string, unknown>>;

/** Null: no JSON. (The text "null" is null, too.) */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Null: no object, or a list. */
export function recordIn(value: unknown): Words | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Words) : null;
}
