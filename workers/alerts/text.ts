// Texts of an alert as receivers want them: without characters that lie, escaped so that nothing in them becomes a link or a
// mention, and cut at code points by a limit in characters or bytes. Pure; words in two languages for what the channels add.
// Never says what happened: titles and sentences are the caller's. Called by the channels.

import type { Language } from "../../schema/words.ts";
import type { Alert } from "./alert.ts";

/** No text of ours is longer; what strangers send is cut before it is looked at, so that a megabyte costs nothing. */
const TEXT_CHARS_MAX = 40_000;
const CUT = "…";
/** More than any incident has; the rest is on the page. */
const FACTS_MAX = 20;

/** Turns a text around, hides in it or breaks a line where none is seen: controls and format characters, save LF and what joins letters. */
const LIES = /(?!\n|\u200c|\u200d|[\u0600-\u0605\u06dd])[\p{Cc}\p{Cf}]/gu;

/** The same text, lines kept, without what cannot be seen. A lone surrogate becomes U+FFFD. */
export function plain(text: string): string {
  const lines = text
    .slice(0, TEXT_CHARS_MAX)
    .toWellFormed()
    .replaceAll(/\r\n?|[\u2028\u2029\u0085]/g, "\n");
  return lines.replaceAll("\t", " ").replaceAll(LIES, "");
}

/** The same on one line. */
export function oneLine(text: string): string {
  return plain(text).replaceAll(/\s+/g, " ").trim();
}

/** UTF-16 units: never fewer than the characters that a receiver counts. */
function sizeInChars(text: string): number {
  return text.length;
}

const utf8 = new TextEncoder();

/** Bytes of UTF-8. */
export function sizeInBytes(text: string): number {
  return utf8.encode(text).length;
}

interface Fitting {
  readonly max: number;
  /** Default: characters. */
  readonly sizeOf?: (text: string) => number;
  /** How the receiver writes one character; what it makes of it is never cut in two. Default: as it is. */
  readonly escape?: (character: string) => string;
}

/** As much of `text` as fits, escaped, with "…" where something was left out. Never longer than `max`, "…" included. */
export function fit(text: string, { max, sizeOf = sizeInChars, escape = (character) => character }: Fitting): string {
  const room = max - sizeOf(CUT);
  if (room < 0) return "";
  let used = 0;
  let fits = "";
  let whole = "";
  for (const character of text) {
    const written = escape(character);
    used += sizeOf(written);
    if (used > max) return `${fits.trimEnd()}${CUT}`;
    whole += written;
    if (used <= room) fits = whole;
  }
  return whole;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** Slack's three control characters, in plain and in marked text: mentions and links begin with `<`. */
export function slackEscape(character: string): string {
  return ENTITIES[character] ?? character;
}

/** Discord's Markdown: a backslash before whatever means something. Mentions are switched off besides. */
export function discordEscape(character: string): string {
  return /[\\*_~`|>#[\]()<@:-]/.test(character) ? `\\${character}` : character;
}

/** For receivers that find mentions in plain text (`@name`, `<@name>`) and have no escape: a word joiner parts the @ from the name. */
export function mentionEscape(character: string): string {
  return character === "@" || character === "\uff20" ? `${character}\u2060` : character;
}

const LABELS: Readonly<Record<Language, { readonly page: string; readonly acknowledge: string }>> = {
  en: { page: "Status page", acknowledge: "Acknowledge" },
  zh: { page: "状态页", acknowledge: "确认接手" },
};

interface Link {
  readonly text: string;
  readonly url: string;
}

/** The page first. Only http(s): nothing else is worth a click. */
export function linksOf({ language, pageUrl, ackUrl }: Alert): readonly Link[] {
  const { page, acknowledge } = LABELS[language];
  const both = [
    { text: page, url: pageUrl },
    { text: acknowledge, url: ackUrl },
  ];
  return both.flatMap(({ text, url }) => (url !== null && /^https?:\/\/[^\s<>"]+$/.test(url) ? [{ text, url }] : []));
}

/**
 * Title, source and facts on one line each, the sentence with its lines; none of them escaped or cut yet. What nothing can be seen of is
 * left out, or has a name in its place: receivers refuse what is empty.
 */
export function partsOf(alert: Alert): {
  readonly title: string;
  readonly source: string;
  readonly sentence: string;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
} {
  const facts = alert.facts
    .slice(0, FACTS_MAX)
    .map(({ name, value }) => ({ name: shortLine(name), value: shortLine(value) }))
    .filter(({ name, value }) => name !== "" && value !== "");
  const source = oneLine(alert.source) || "Sonde";
  return { title: oneLine(alert.title) || source, source, sentence: plain(alert.sentence).trim(), facts };
}

/** Before it is looked at: ten times what is shown of it. */
function shortLine(text: string): string {
  return oneLine(text.slice(0, 10 * FACT_VALUE_CHARS_MAX));
}

/** Parts of a card share its limit: a fact is short, and its value is told in full on the page. */
export const FACT_NAME_CHARS_MAX = 80;
export const FACT_VALUE_CHARS_MAX = 400;

interface LetterLimit extends Fitting {
  /** Where the title is told apart from the rest. */
  readonly withoutTitle?: boolean;
  /** The word that a bot wants to see: added where it is missing. */
  readonly keyword?: string;
}

/**
 * All of it as plain text: title, sentence, facts, links, and who says so. What is too long is cut in its middle, so that the title
 * and the links stay. Links are never escaped: they are our own.
 */
export function letter(alert: Alert, limit: LetterLimit): string {
  const { title, source: name, sentence, facts } = partsOf(alert);
  const { max, sizeOf = sizeInChars } = limit;
  const head = limit.withoutTitle === true ? "" : fit(title, { ...limit, max: Math.floor(max / 4) });
  const told = facts.map(
    (fact) => `${fit(fact.name, { max: FACT_NAME_CHARS_MAX })}: ${fit(fact.value, { max: FACT_VALUE_CHARS_MAX })}`,
  );
  const links = linksOf(alert)
    .map(({ text, url }) => `${text}: ${url}`)
    .join("\n");
  const source = fit(name, { ...limit, max: FACT_NAME_CHARS_MAX });
  const keyword = oneLine(limit.keyword ?? "");
  const signed = keyword === "" || `${head}\n${source}`.includes(keyword) ? source : `${source} ${keyword}`;
  // Links that take more than their share are worth less than the words.
  const tail = joined([sizeOf(links) <= max / 2 ? links : "", signed]);
  const left = max - sizeOf(joined([head, tail])) - sizeOf(GAP);
  return joined([head, fit(joined([sentence, told.join("\n")]), { ...limit, max: left }), tail]);
}

const GAP = "\n\n";

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(GAP);
}
