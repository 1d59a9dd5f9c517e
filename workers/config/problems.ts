// What is wrong with a configuration, in words for the one who wrote it: which entry, what it held, why not, what to do.
// Bounded, whatever came in, and never repeats what may be a secret: deploy logs are read by many. No input, no output.

/** The way to an entry: ["targets", 0, "every"]. */
export type Path = readonly (string | number)[];

export interface Problem {
  /** `targets[0].every`; "" is the configuration as a whole. */
  readonly entry: string;
  /** What it held, shortened; "(not shown)" where it may be a secret, "(absent)" where there was nothing. */
  readonly value: string;
  readonly problem: string;
  /** What would do instead. */
  readonly mend: string;
}

/** Why a value is refused, before it is known which entry held it. */
export interface Refusal {
  readonly problem: string;
  readonly mend: string;
}

/** Collects problems; after PROBLEMS_MAX it only counts. */
export interface Report {
  add(path: Path, value: unknown, refusal: Refusal): void;
  /** Same, for values that must not be repeated, whatever their entry is called. */
  addHidden(path: Path, refusal: Refusal): void;
  /** In the order of finding; one last problem tells how many more there are. */
  list(): Problem[];
}

/** 60 problems of at most about 1 kB: what a terminal can still show, and more than anyone mends in one go. */
export const PROBLEMS_MAX = 60;
const SHOWN_CHARS_MAX = 60;
const HIDDEN = "(not shown)";

/** Entries under these names are never repeated, whatever they hold. */
const SECRET_PLACE = /credential|pas+w|pwd|pass$|secret|token|api.?key|^key$|auth|login|user|sign/i;
/** C0, C1, lone surrogates, line breaks, and what turns the direction of text: a problem must not rewrite a terminal. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** Whether the text holds characters that cannot be seen, or that change how their neighbours look. */
export function hasUnprintable(text: string): boolean {
  return text.search(UNPRINTABLE) !== -1;
}

export function newReport(): Report {
  const problems: Problem[] = [];
  let more = 0;
  const put = (path: Path, value: string, refusal: Refusal): void => {
    if (problems.length < PROBLEMS_MAX) problems.push({ entry: entryOf(path), value, ...refusal });
    else more += 1;
  };
  return {
    add: (path, value, refusal) => put(path, isSecretPlace(path) ? HIDDEN : shown(value), refusal),
    addHidden: (path, refusal) => put(path, HIDDEN, refusal),
    list() {
      if (more === 0) return [...problems];
      const last = { entry: "", value: "", problem: `has ${more} more problems`, mend: "mend these first" };
      return [...problems, last];
    },
  };
}

/** `targets[0].address["we ur"]`: as one would write it in TypeScript, in bounded size. */
export function entryOf(path: Path): string {
  let entry = "";
  for (const step of path) {
    if (typeof step === "number") entry += `[${step}]`;
    else if (/^[A-Za-z_][A-Za-z_]{0,30}$/.test(step)) entry += entry === "" ? step : `.${step}`;
    else entry += `[${quoted(withoutSecrets(step))}]`;
  }
  return entry;
}

/** The known word that was most likely meant; null when none is near. */
export function nearest(word: string, known: readonly string[]): string | null {
  const short = word.slice(0, SHOWN_CHARS_MAX).toLowerCase();
  let best: string | null = null;
  let least = Math.max(1, Math.floor(short.length / 2)) + 1;
  for (const candidate of known) {
    const steps = distance(short, candidate.toLowerCase());
    if (steps < least) [best, least] = [candidate, steps];
  }
  return best;
}

/** The problems as a terminal prints them: entry and value, then why, then what to write. */
export function explainProblems(problems: readonly Problem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const parts = problems.map((one) => {
    const head = [one.entry === "" ? "(the whole configuration)" : one.entry, one.value].filter((part) => part !== "");
    return `  ${head.join(" = ")}\n    ${one.problem}\n    -> ${one.mend}`;
  });
  return [`sonde.config.ts: ${count}`, ...parts].join("\n\n");
}

/** Thrown by `configOf`: a deploy with a bad configuration must stop. Its message is for the terminal. */
export class ConfigError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(explainProblems(problems));
    this.name = "ConfigError";
    this.problems = problems;
  }
}

function isSecretPlace(path: Path): boolean {
  return path.some((step) => typeof step === "string" && SECRET_PLACE.test(step.slice(0, 200)));
}

function shown(value: unknown): string {
  if (value === undefined) return "(absent)";
  if (typeof value === "string") return quoted(withoutSecrets(value));
  if (typeof value === "number" || typeof value === "boolean" || value === null) return String(value);
  if (Array.isArray(value)) return `(a list of ${value.length})`;
  return typeof value === "object" ? "(an object)" : `(a ${typeof value})`;
}

/** What stands before an @, what stands in a query, and long runs of letters and digits may be secrets. */
function withoutSecrets(text: string): string {
  return text
    .slice(0, 2000)
    .replace(/^.*@/s, (before) => `${/^[a-z]{1,8}:\/\//i.exec(before)?.[0] ?? ""}${HIDDEN}@`)
    .replace(/(:\/\/[^?#]*[?#]).+$/s, `$1${HIDDEN}`)
    .replace(/[A-Za-z0-9+_=]{20,}/g, (run) => (/\d/.test(run) && /[A-Za-z]/.test(run) ? HIDDEN : run));
}

function quoted(text: string): string {
  const letters = Array.from(text.slice(0, SHOWN_CHARS_MAX * 2))
    .slice(0, SHOWN_CHARS_MAX)
    .join("");
  const visible = letters.replace(UNPRINTABLE, (bad) => `<${bad.codePointAt(0)?.toString(16).padStart(4, "0")}>`);
  return `${JSON.stringify(visible)}${letters.length < text.length ? "..." : ""}`;
}

/** Levenshtein's distance, one row at a time; both words are at most SHOWN_CHARS_MAX long. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
