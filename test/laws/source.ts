// Reads source text just well enough for the laws: what is code, what is comment, what is inside quotes, what is imported.
// Not a parser: a scanner with rules of thumb for regular expressions and JSX text, each with a case in source.test.ts.
// No files, no laws. Called by the laws, on real files and on made-up ones.

/** A file as the laws see it. `code` and `comments` have the length and the line breaks of `text`. */
export interface Source {
  /** From the root, with slashes: "workers/config/parse.ts". */
  readonly path: string;
  readonly text: string;
  /** The text with comments, and the insides of strings and regular expressions, blanked out. */
  readonly code: string;
  /** The text with everything but comments blanked out. */
  readonly comments: string;
  readonly imports: readonly Import[];
}

export interface Import {
  /** As written: "./parse.ts", "node:fs". */
  readonly specifier: string;
  /** From the root, when it is relative; null for packages and built-in modules. */
  readonly target: string | null;
  readonly line: number;
}

/** Reads one file. Files that are not TypeScript have no code, no comments and no imports. */
export function sourceOf(path: string, text: string): Source {
  if (!/\.(tsx?|mts|js|mjs)$/.test(path)) return { path, text, code: "", comments: "", imports: [] };
  const { code, comments } = strip(text, path.endsWith("x"));
  return { path, text, code, comments, imports: importsOf(path, text, code) };
}

/** The line, from 1, in which the character at `index` stands. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}

/** After these words an expression may begin, so a quote opens a string and a slash opens a regular expression. */
const BEFORE_EXPRESSION = new Set(
  "as asserts await case default delete do else export extends from import in instanceof is keyof new of return satisfies throw type typeof void yield".split(
    " ",
  ),
);

/** Blanks comments, strings and regular expressions. `jsx`: text between tags may hold quotes, slashes and apostrophes. */
export function strip(text: string, jsx: boolean): { readonly code: string; readonly comments: string } {
  const code = text.split("");
  const comments = text.split("").map((char): string => (char === "\n" ? "\n" : " "));
  const blank = (from: number, to: number): void => {
    for (let at = from; at < to; at += 1) if (code[at] !== "\n") code[at] = " ";
  };
  /** One entry for each template literal that is open: how many braces are open within its `${`. */
  const templates: number[] = [];
  let at = text.startsWith("#!") ? lineEnd(text, 0) : 0;

  const template = (): void => {
    const from = at;
    while (at < text.length && text[at] !== "`" && !text.startsWith("${", at)) at += text[at] === "\\" ? 2 : 1;
    blank(from, at);
    if (text[at] === "$") {
      templates.push(0);
      at += 2;
    } else at += 1;
  };

  while (at < text.length) {
    const char = text[at] ?? "";
    const rest = text.slice(at, at + 2);
    if ((rest === "//" && !(jsx && text[at - 1] === ":")) || rest === "/*") {
      const end = rest === "//" ? lineEnd(text, at) : commentEnd(text, at);
      for (let one = at; one < end; one += 1) comments[one] = text[one] ?? "";
      blank(at, end);
      at = end;
    } else if ((char === '"' || char === "'") && opensExpression(code, at, jsx)) {
      const end = quoteEnd(text, at);
      if (end !== null) blank(at + 1, end);
      at = (end ?? at) + 1;
    } else if (char === "`" && !(jsx && !opensTemplate(code, at))) {
      at += 1;
      template();
    } else if (char === "/" && opensRegExp(text, code, at)) {
      const end = regExpEnd(text, at);
      if (end !== null) blank(at + 1, end);
      at = (end ?? at) + 1;
    } else if (char === "{" && templates.length > 0) {
      templates.push((templates.pop() ?? 0) + 1);
      at += 1;
    } else if (char === "}" && templates.length > 0) {
      const open = templates.pop() ?? 0;
      at += 1;
      if (open === 0) template();
      else templates.push(open - 1);
    } else at += 1;
  }
  return { code: code.join(""), comments: comments.join("") };
}

/** What stands before `at`, spaces aside: a word, or one character, or "" at the beginning. */
function before(code: readonly string[], at: number): string {
  let index = at - 1;
  while (index >= 0 && /\s/.test(code[index] ?? "")) index -= 1;
  let word = "";
  while (index >= 0 && /[\w$]/.test(code[index] ?? "")) {
    word = `${code[index]}${word}`;
    index -= 1;
  }
  if (word !== "") return word;
  const char = code[index] ?? "";
  return char === ">" && code[index - 1] === "=" ? "=>" : char;
}

/** A quote opens a string unless it is an apostrophe of a word or a quotation mark in the text of a tag. */
function opensExpression(code: readonly string[], at: number, jsx: boolean): boolean {
  if (!jsx) return true;
  const previous = before(code, at);
  if (/^[\w$]+$/.test(previous)) return BEFORE_EXPRESSION.has(previous);
  return previous !== "}" && previous !== ")" && previous !== "]" && !(previous === ">" && code[at - 1] === ">");
}

/** A tag function stands directly before its template; a word and a space is text. */
function opensTemplate(code: readonly string[], at: number): boolean {
  return /[\w$)\]]/.test(code[at - 1] ?? "") || opensExpression(code, at, true);
}

function opensRegExp(text: string, code: readonly string[], at: number): boolean {
  if (text[at + 1] === ">" || text[at - 1] === "<") return false;
  const previous = before(code, at);
  return /^[\w$]+$/.test(previous) ? BEFORE_EXPRESSION.has(previous) : /^(|=>|[(,=:[!&|?{;+\-*%~^<])$/.test(previous);
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end;
}

function commentEnd(text: string, from: number): number {
  const end = text.indexOf("*/", from + 2);
  return end === -1 ? text.length : end + 2;
}

/** Where the quote at `from` is closed, within its line; null: it is no string. */
function quoteEnd(text: string, from: number): number | null {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === text[from]) return at;
    else if (text[at] === "\n") return null;
  }
  return null;
}

function regExpEnd(text: string, from: number): number | null {
  let inClass = false;
  for (let at = from + 1; at < text.length && text[at] !== "\n"; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === "[") inClass = true;
    else if (text[at] === "]") inClass = false;
    else if (text[at] === "/" && !inClass) return at;
  }
  return null;
}

/** Static imports and re-exports, import("...") also as a type, require("..."). Found in code, read from the text. */
function importsOf(path: string, text: string, code: string): Import[] {
  const pattern = /(?<![.\w$])(?:from|import|(?:import|require)\s*\()\s*(["'`])( *)\1/g;
  return [...code.matchAll(pattern)].map((match) => {
    const end = match.index + match[0].length - 1;
    const specifier = text.slice(end - (match[2] ?? "").length, end);
    return { specifier, target: resolved(path, specifier), line: lineAt(text, match.index) };
  });
}

function resolved(path: string, specifier: string): string | null {
  if (!specifier.startsWith(".")) return null;
  const steps = path.split("/").slice(0, -1);
  for (const step of specifier.split("/")) {
    if (step === "..") steps.pop();
    else if (step !== ".") steps.push(step);
  }
  return steps.join("/");
}
