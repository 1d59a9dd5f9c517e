// JSX as strings, at once: an element is its markup, made while its parents are. Pure. Hono's own runtime makes a tree first and
// walks it then, which cost most of the time of a page with figures; what comes out is the same, and each may stand in the other.
// Files choose it with `@jsxImportSource`; the compiler then calls `jsx`. Texts and attributes are escaped, always.

import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { HtmlEscapedString } from "hono/utils/html";

export type { JSX };

type Element = HtmlEscapedString;
type Props = Readonly<Record<string, unknown>>;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  // No text of a document may hold it, and here it marks what is in bytes already.
  "\0": "\ufffd",
};
const SPECIAL = /[&<>"'\0]/;
const SPECIALS = /[&<>"'\0]/g;

/** Safe as a text and as a quoted attribute. */
export function escapeHtml(text: string): string {
  return SPECIAL.test(text) ? text.replace(SPECIALS, (c) => ENTITIES[c] ?? "") : text;
}

/** Markup that is finished. What Hono looks at is `isEscaped`. */
class Markup {
  readonly isEscaped = true;
  readonly #html: string;
  constructor(html: string) {
    this.#html = html;
  }
  toString(): string {
    return this.#html;
  }
}

const finished = (html: string): Element => new Markup(html) as unknown as Element;

/** Markup of ours as an element: nothing in it is escaped any more. */
export function markup(html: string): Element {
  return finished(html);
}

const encoder = new TextEncoder();
/** What the document being made has in bytes already, by the numbers that stand in its markup. */
const frozen: Uint8Array[] = [];

/** Markup in UTF-8, for what is kept and printed again: only `toUtf8` puts it in its place. */
export function inBytes(bytes: Uint8Array): Element {
  return finished(`\0${frozen.push(bytes) - 1}\0`);
}

/**
 * A whole document in UTF-8. Called once for each, before the next one is begun. What stands between two marks and is no number of
 * ours came in as a text by another way: it stays one.
 */
export function toUtf8(html: string): Uint8Array {
  let at = 0;
  let odd = false;
  for (const piece of html.split("\0")) {
    const bytes = odd ? frozen[/^\d+$/.test(piece) ? Number(piece) : -1] : undefined;
    at = bytes === undefined ? write(piece, at) : copy(bytes, at);
    odd = !odd;
  }
  frozen.length = 0;
  return desk.slice(0, at);
}

/** Where documents are put together: one at a time, since nothing waits in between. Grows with the largest. */
let desk = new Uint8Array(256 * 1024);

function make(room: number): void {
  if (room <= desk.length) return;
  const larger = new Uint8Array(Math.max(room, 2 * desk.length));
  larger.set(desk);
  desk = larger;
}

/** UTF-8 takes three bytes at most for each unit of a string. */
function write(text: string, at: number): number {
  make(at + 3 * text.length);
  return at + encoder.encodeInto(text, desk.subarray(at)).written;
}

function copy(bytes: Uint8Array, at: number): number {
  make(at + bytes.length);
  desk.set(bytes, at);
  return at + bytes.length;
}

function isFinished(child: object): boolean {
  return "isEscaped" in child && child.isEscaped === true;
}

function childHtml(child: unknown): string {
  if (typeof child === "string") return escapeHtml(child);
  if (child === null || child === undefined || typeof child === "boolean") return "";
  if (typeof child === "number") return String(child);
  if (Array.isArray(child)) {
    let html = "";
    for (const each of child) html += childHtml(each);
    return html;
  }
  // A promise of one would print as no markup at all: the components of these pages are not asynchronous.
  if (typeof child === "object" && isFinished(child)) return String(child);
  throw new TypeError(`a child of an element is neither text nor markup: ${typeof child}`);
}

/** Elements without an end. */
const EMPTY = new Set(["br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]);
const ATTRIBUTE = /^[A-Za-z][\w:.-]*$/;
const known = new Map<string, string>();

/** ` name="`, for a name that can be no more than a name; there are few, since they are written in our own sources. */
function openAttribute(name: string): string {
  let open = known.get(name);
  if (open === undefined) {
    if (!ATTRIBUTE.test(name)) throw new TypeError(`no attribute is called ${name}`);
    known.set(name, (open = ` ${name}="`));
  }
  return open;
}

function attributeHtml(name: string, value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return `${openAttribute(name)}${escapeHtml(value)}"`;
  if (typeof value === "number") return `${openAttribute(name)}${value}"`;
  if (typeof value !== "boolean") throw new TypeError(`attribute ${name} is a ${typeof value}`);
  if (name.startsWith("aria-")) return `${openAttribute(name)}${value}"`;
  return value ? `${openAttribute(name)}"` : "";
}

/** An element or a component, as the compiler calls it. Throws for what is no text: it is our own mistake. */
export function jsx(tag: string | ((props: Props) => unknown), props: Props): Element {
  if (typeof tag !== "string") {
    const made = tag(props);
    return made instanceof Markup ? (made as unknown as Element) : finished(childHtml(made));
  }
  let attributes = "";
  for (const name in props) if (name !== "children") attributes += attributeHtml(name, props[name]);
  if (EMPTY.has(tag)) return finished(`<${tag}${attributes}/>`);
  return finished(`<${tag}${attributes}>${childHtml(props["children"])}</${tag}>`);
}

export { jsx as jsxs };

/** `<>…</>` */
export function Fragment({ children }: { readonly children?: Child }): Element {
  return finished(childHtml(children));
}
