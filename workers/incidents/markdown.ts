// What people write about an incident, read as a small part of Markdown into plain data: paragraphs, headings, lists, quotes,
// fenced code. No HTML passes: what looks like it is text, and whoever prints the blocks escapes them. Pure; never throws, takes
// time in proportion to the text. Called by pages and feeds; `markdown-inline.ts` reads what stands within a block.
//
// Not as CommonMark has it, since people write these texts in a form, in haste: a line break stays one, and a list or a quote
// ends where its lines end. There are no rules, tables, images, entities, indented code or links by reference.

import { type Inline, inlinesOf, type Meter, plainInlines } from "./markdown-inline.ts";

export type Block =
  | { readonly kind: "paragraph"; readonly of: readonly Inline[] }
  /** 1 is the highest of the text; a level is at most one below the heading before it. */
  | { readonly kind: "heading"; readonly level: 1 | 2 | 3; readonly of: readonly Inline[] }
  /** `start`: the first number; null: dots. */
  | { readonly kind: "list"; readonly start: number | null; readonly items: readonly (readonly Block[])[] }
  | { readonly kind: "quote"; readonly of: readonly Block[] }
  | { readonly kind: "code"; readonly text: string };

/** In UTF-16 units. What is behind them is not shown, and an ellipsis says so. */
export const TEXT_MAX = 20_000;
/** Lists and quotes within each other; deeper ones are text. */
const DEPTH_MAX = 6;
/** C0 and C1 but the line break, lone surrogates, and what is not seen or turns the direction of its neighbours. */
const UNSEEN = /[^\P{Cc}\n]|[\p{Cs}\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

const HEADING = /^ {0,3}(#{1,6}) +(?=\S)/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( {0,3})(?:([-*+])|(\d{1,9})[.)])( {1,4}(?=\S)| *$)/;
/** With the name of a language at most: more behind it is text that would be lost. */
const FENCE = /^ {0,3}(`{3,})[\w+#.-]{0,30} *$/;

/** The blocks of a text. Empty for an empty one. */
export function blocksOf(text: string, meter: Meter = { steps: 0 }): readonly Block[] {
  const cut = text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text;
  const clean = cut
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .replaceAll("\t", "    ")
    .replace(UNSEEN, "");
  meter.steps += cut.length;
  return readBlocks(clean.split("\n"), { depth: 0, level: 0, meter });
}

/** The text of blocks, for readers that know no markup: feeds, messages. Addresses of links stand behind them. */
export function plainOf(blocks: readonly Block[]): string {
  return blocks.map(plainBlock).join("\n\n");
}

function plainBlock(block: Block): string {
  switch (block.kind) {
    case "paragraph":
    case "heading":
      return plainInlines(block.of);
    case "code":
      return block.text;
    case "quote":
      return indented(plainOf(block.of), "> ", "> ");
    case "list":
      return block.items
        .map((item, index) => {
          const mark = block.start === null ? "- " : `${block.start + index}. `;
          return indented(plainOf(item), mark, " ".repeat(mark.length));
        })
        .join("\n");
  }
}

function indented(text: string, first: string, rest: string): string {
  return text
    .split("\n")
    .map((line, index) => `${index === 0 ? first : rest}${line}`.trimEnd())
    .join("\n");
}

interface Reading {
  readonly depth: number;
  /** Of the last heading; 0: there was none. */
  level: number;
  readonly meter: Meter;
}

function readBlocks(lines: readonly string[], reading: Reading): Block[] {
  const { depth, meter } = reading;
  const blocks: Block[] = [];
  const paragraph: string[] = [];
  const endParagraph = (): void => {
    const text = paragraph.splice(0).join("\n").trim();
    if (text !== "") blocks.push({ kind: "paragraph", of: inlinesOf(text, meter) });
  };
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? "";
    meter.steps += line.length + 1;
    const fence = FENCE.exec(line)?.[1];
    const heading = HEADING.exec(line);
    const isNested = depth < DEPTH_MAX && (QUOTE.test(line) || ITEM.test(line));
    if (fence !== undefined || heading !== null || isNested || line.trim() === "") endParagraph();
    if (fence !== undefined) {
      const { text, next } = codeFrom(lines, at + 1, fence);
      blocks.push({ kind: "code", text });
      meter.steps += text.length;
      at = next;
    } else if (heading !== null) {
      blocks.push(headingOf(heading[1] ?? "#", line.slice(heading[0].length), reading));
      at++;
    } else if (isNested && QUOTE.test(line)) {
      const inner = whileMatches(lines, at, QUOTE);
      at += inner.length;
      blocks.push({ kind: "quote", of: within(inner, reading) });
    } else if (isNested) {
      const { list, next } = listFrom(lines, at, reading);
      blocks.push(list);
      at = next;
    } else {
      paragraph.push(line.trim());
      at++;
    }
  }
  endParagraph();
  return blocks;
}

/** What lies in a list or a quote; its headings follow on those before it. */
function within(lines: readonly string[], reading: Reading): Block[] {
  const inner = { ...reading, depth: reading.depth + 1 };
  const blocks = readBlocks(lines, inner);
  reading.level = inner.level;
  return blocks;
}

/** "## What happened ##": the signs at its end are not shown. */
function headingOf(signs: string, rest: string, reading: Reading): Block {
  const text = rest.trimEnd();
  let end = text.length;
  while (text[end - 1] === "#") end--;
  const shown = end < text.length && (end === 0 || text[end - 1] === " ") ? text.slice(0, end).trimEnd() : text;
  const level = Math.min(signs.length, 3, reading.level + 1);
  reading.level = level;
  return { kind: "heading", level: level === 1 ? 1 : level === 2 ? 2 : 3, of: inlinesOf(shown, reading.meter) };
}

/** Up to a fence at least as long as the one that opened it, or to the end. */
function codeFrom(
  lines: readonly string[],
  from: number,
  fence: string,
): { readonly text: string; readonly next: number } {
  const closes = (line: string): boolean => line.trim().length >= fence.length && /^`+$/.test(line.trim());
  let next = from;
  while (next < lines.length && !closes(lines[next] ?? "")) next++;
  return { text: lines.slice(from, next).join("\n"), next: next + 1 };
}

/** The lines from `at` on that begin so, without it. */
function whileMatches(lines: readonly string[], at: number, mark: RegExp): string[] {
  const inner: string[] = [];
  for (let next = at; next < lines.length && mark.test(lines[next] ?? ""); next++) {
    inner.push((lines[next] ?? "").replace(mark, ""));
  }
  return inner;
}

/** An item is its line and those behind it that are indented to its text; empty ones between them are of it. */
function listFrom(
  lines: readonly string[],
  from: number,
  reading: Reading,
): { readonly list: Block; readonly next: number } {
  const first = ITEM.exec(lines[from] ?? "");
  const start = first?.[3] === undefined ? null : Number(first[3]);
  const items: Block[][] = [];
  let at = from;
  for (;;) {
    const item = ITEM.exec(lines[at] ?? "");
    if (item === null || (item[3] === undefined) !== (start === null)) break;
    const own = [(lines[at] ?? "").slice(item[0].length)];
    // An item without text has it on the lines below, two signs in.
    const indent = item[4]?.trim() === "" && own[0] !== "" ? item[0].length : (item[1] ?? "").length + 2;
    at++;
    let empty = 0;
    for (let next = at; next < lines.length; next++) {
      const line = lines[next] ?? "";
      if (line.trim() === "") empty++;
      else if (line.startsWith(" ".repeat(indent))) {
        own.push(...Array<string>(empty).fill(""), line.slice(indent));
        empty = 0;
        at = next + 1;
      } else break;
    }
    items.push(within(own, reading));
    // Another item behind empty lines goes on with the list.
    if (empty > 0 && ITEM.test(lines[at + empty] ?? "")) at += empty;
  }
  return { list: { kind: "list", start, items }, next: at };
}
