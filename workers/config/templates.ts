// Templates: text with placeholders like `${payload}` or `${secret.token}`, which a driver fills for each frame it sends.
// Nothing is evaluated: a placeholder is a name and no more. Used by the gateway's configuration and its driver.

export type Part = string | { readonly placeholder: string };
export type Template = readonly Part[];

/** What stands for a placeholder. Only asked for names that the template holds. */
export type Values = (placeholder: string) => string;

/** Splits at placeholders. A `${` without its `}` stays text: `isClosed` tells. */
export function templateOf(text: string): Template {
  const parts: Part[] = [];
  let from = 0;
  for (const match of text.matchAll(/\$\{([^{}]*)\}/g)) {
    if (match.index > from) parts.push(text.slice(from, match.index));
    parts.push({ placeholder: match[1] ?? "" });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}

/** The names in it, each once. */
export function placeholdersIn(template: Template): readonly string[] {
  return [...new Set(template.flatMap((part) => (typeof part === "string" ? [] : [part.placeholder])))];
}

/** Whether every `${` has its `}`. */
export function isClosed(template: Template): boolean {
  return template.every((part) => typeof part !== "string" || !part.includes("${"));
}

/** The text, each placeholder's value put in by `write`: as it is, or escaped for where it stands. */
export function fillTemplate(template: Template, values: Values, write: (value: string) => string): string {
  return template.map((part) => (typeof part === "string" ? part : write(values(part.placeholder)))).join("");
}

export function asItIs(value: string): string {
  return value;
}

/** For the inside of a JSON string (RFC 8259, section 7); a number comes out as it went in. */
export function jsonEscaped(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}
