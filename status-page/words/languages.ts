// Which words for which language, and which language for which visitor. Pure. Adding a language: its file, its line
// here, and its word in schema/words.ts.

import type { Language } from "../../schema/words.ts";
import { EN } from "./en.ts";
import type { Words } from "./words.ts";
import { ZH } from "./zh.ts";

const WORDS: Readonly<Record<Language, Words>> = { en: EN, zh: ZH };

/** The words of a language. */
export function wordsOf(language: Language): Words {
  return WORDS[language];
}

/** The best of `offered` for an Accept-Language header (RFC 9110, 12.5.4); the first offered where nothing fits. */
export function negotiate(header: string | undefined, offered: readonly Language[]): Language {
  const fallback = offered[0] ?? "en";
  if (header === undefined) return fallback;
  let best = fallback;
  let bestWeight = 0;
  // A header longer than this is no person's; its tail is not read.
  for (const range of header.slice(0, 500).split(",")) {
    const [tag = "", ...parameters] = range.trim().toLowerCase().split(";");
    const q = parameters.map((p) => p.trim()).find((p) => p.startsWith("q="));
    const weight = q === undefined ? 1 : Number(q.slice(2));
    if (!(weight > bestWeight)) continue;
    const primary = tag.trim().split("-")[0] ?? "";
    const match = primary === "*" ? fallback : offered.find((language) => language === primary);
    if (match === undefined) continue;
    best = match;
    bestWeight = weight;
  }
  return best;
}
