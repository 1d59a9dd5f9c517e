// Which words for which language, and which language for which visitor. Pure. Adding a language: its files, its lines
// here, and its word in schema/words.ts.

import type { Language } from "../../schema/words.ts";
import { API_EN } from "./api-en.ts";
import type { ApiWords } from "./api-words.ts";
import { API_ZH } from "./api-zh.ts";
import { EN } from "./en.ts";
import { FEED_EN } from "./feed-en.ts";
import type { FeedWords } from "./feed-words.ts";
import { FEED_ZH } from "./feed-zh.ts";
import { FLEET_EN } from "./fleet-en.ts";
import type { FleetWords } from "./fleet-words.ts";
import { FLEET_ZH } from "./fleet-zh.ts";
import { FRONT_EN } from "./front-en.ts";
import type { FrontWords } from "./front-words.ts";
import { FRONT_ZH } from "./front-zh.ts";
import { HERE_EN } from "./here-en.ts";
import type { HereWords } from "./here-words.ts";
import { HERE_ZH } from "./here-zh.ts";
import { HISTORY_EN } from "./history-en.ts";
import type { HistoryWords } from "./history-words.ts";
import { HISTORY_ZH } from "./history-zh.ts";
import { INCIDENT_EN } from "./incident-en.ts";
import type { IncidentWords } from "./incident-words.ts";
import { INCIDENT_ZH } from "./incident-zh.ts";
import { METHOD_EN } from "./method-en.ts";
import type { MethodWords } from "./method-words.ts";
import { METHOD_ZH } from "./method-zh.ts";
import { SLA_EN } from "./sla-en.ts";
import type { SlaWords } from "./sla-words.ts";
import { SLA_ZH } from "./sla-zh.ts";
import { SUBSCRIBE_EN } from "./subscribe-en.ts";
import type { SubscribeWords } from "./subscribe-words.ts";
import { SUBSCRIBE_ZH } from "./subscribe-zh.ts";
import type { Words } from "./words.ts";
import { ZH } from "./zh.ts";

const API_WORDS: Readonly<Record<Language, ApiWords>> = { en: API_EN, zh: API_ZH };
const WORDS: Readonly<Record<Language, Words>> = { en: EN, zh: ZH };
const FEED_WORDS: Readonly<Record<Language, FeedWords>> = { en: FEED_EN, zh: FEED_ZH };
const FLEET_WORDS: Readonly<Record<Language, FleetWords>> = { en: FLEET_EN, zh: FLEET_ZH };
const METHOD_WORDS: Readonly<Record<Language, MethodWords>> = { en: METHOD_EN, zh: METHOD_ZH };
const FRONT_WORDS: Readonly<Record<Language, FrontWords>> = { en: FRONT_EN, zh: FRONT_ZH };
const HERE_WORDS: Readonly<Record<Language, HereWords>> = { en: HERE_EN, zh: HERE_ZH };
const HISTORY_WORDS: Readonly<Record<Language, HistoryWords>> = { en: HISTORY_EN, zh: HISTORY_ZH };
const INCIDENT_WORDS: Readonly<Record<Language, IncidentWords>> = { en: INCIDENT_EN, zh: INCIDENT_ZH };
const SLA_WORDS: Readonly<Record<Language, SlaWords>> = { en: SLA_EN, zh: SLA_ZH };
const SUBSCRIBE_WORDS: Readonly<Record<Language, SubscribeWords>> = { en: SUBSCRIBE_EN, zh: SUBSCRIBE_ZH };

/** What the pages about subscriptions say in a language. */
export function subscribeWordsOf(language: Language): SubscribeWords {
  return SUBSCRIBE_WORDS[language];
}

/** What the page about our API says in a language. */
export function apiWordsOf(language: Language): ApiWords {
  return API_WORDS[language];
}

/** What the public page of the fleet says in a language. */
export function fleetWordsOf(language: Language): FleetWords {
  return FLEET_WORDS[language];
}

/** What the page about the method says in a language. */
export function methodWordsOf(language: Language): MethodWords {
  return METHOD_WORDS[language];
}

/** The words of a language. */
export function wordsOf(language: Language): Words {
  return WORDS[language];
}

/** What the SLA pages say in a language. */
export function slaWordsOf(language: Language): SlaWords {
  return SLA_WORDS[language];
}

/** What feeds, calendars and badges say in a language. */
export function feedWordsOf(language: Language): FeedWords {
  return FEED_WORDS[language];
}

/** What the front page says beside its figures, and borrows from the pages of incidents and reports. */
export interface FrontSaid {
  readonly front: FrontWords;
  readonly sla: SlaWords;
  readonly incident: IncidentWords;
}

export function frontSaidOf(language: Language): FrontSaid {
  return { front: FRONT_WORDS[language], sla: SLA_WORDS[language], incident: INCIDENT_WORDS[language] };
}

/** What the front page says besides its figures. */
export function frontWordsOf(language: Language): FrontWords {
  return FRONT_WORDS[language];
}

/** What /here and the widget say in a language. */
export function hereWordsOf(language: Language): HereWords {
  return HERE_WORDS[language];
}

/** What the pages of the past say in a language. */
export function historyWordsOf(language: Language): HistoryWords {
  return HISTORY_WORDS[language];
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
