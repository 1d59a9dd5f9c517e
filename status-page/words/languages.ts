// Which words for which language, and which language for which visitor. Pure. Adding a language: its files, its lines
// here, and its word in schema/words.ts.

import type { Language } from "../../schema/words.ts";
import { EN } from "./en.ts";
import { INCIDENT_EN } from "./incident-en.ts";
import type { IncidentWords } from "./incident-words.ts";
import { INCIDENT_ZH } from "./incident-zh.ts";
import { SLA_EN } from "./sla-en.ts";
import type { SlaWords } from "./sla-words.ts";
import { SLA_ZH } from "./sla-zh.ts";
import type { Words } from "./words.ts";
import { ZH } from "./zh.ts";

const WORDS: Readonly<Record<Language, Words>> = { en: EN, zh: ZH };
const INCIDENT_WORDS: Readonly<Record<Language, IncidentWords>> = { en: INCIDENT_EN, zh: INCIDENT_ZH };
const SLA_WORDS: Readonly<Record<Language, SlaWords>> = { en: SLA_EN, zh: SLA_ZH };

/** The words of a language. */
export function wordsOf(language: Language): Words {
  return WORDS[language];
}

/** What the SLA pages say in a language. */
export function slaWordsOf(language: Language): SlaWords {
  return SLA_WORDS[language];
}

/** What the pages of incidents say in a language. */
export function incidentWordsOf(language: Language): IncidentWords {
  return INCIDENT_WORDS[language];
}

/** Of a request: by its path where that begins with a language, else by what the browser asks for. */
export function languageFor(path: string, header: string | undefined, offered: readonly Language[]): Language {
  const [, first] = path.split("/");
  return offered.find((language) => language === first) ?? negotiate(header, offered);
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
