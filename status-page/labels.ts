// Names that users gave, made safe to stand inside a sentence, a title or an attribute. Pure. JSX escapes markup; this
// takes what JSX does not know: characters that turn the reading direction of the text around them, control
// characters, and names without end.

const MAX_CODE_POINTS = 80;

/** C0 and C1 controls, zero-width marks, and the bidirectional overrides, embeddings and isolates (Unicode TR 9). */
// oxlint-disable-next-line no-control-regex -- these are what must go
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u061c\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** The label without unseen characters, at most 80 characters or `most`, never empty: `fallback` stands in. */
export function plainLabel(label: string | undefined, fallback: string, most = MAX_CODE_POINTS): string {
  const clean = (label ?? "").replace(UNSEEN, " ").replace(/\s+/g, " ").trim();
  const points = Array.from(clean === "" ? fallback.replace(UNSEEN, "") : clean);
  return points.length <= most ? points.join("") : `${points.slice(0, most - 1).join("")}…`;
}

/** A part of an id or fragment: letters, digits, dashes. */
export function anchor(...parts: readonly string[]): string {
  return parts.map((part) => part.toLowerCase().replace(/[^a-z0-9-]+/g, "-")).join("-");
}
