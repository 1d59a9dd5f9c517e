// The cities behind the codes of data centres where probers usually run: codes of airports (IATA), as Cloudflare's trace gives them. Data
// only; a code that is not here is shown as it is, since a wrong city would be worse than none. Called by fleet-view.ts.

import type { Language } from "../schema/words.ts";

type City = Readonly<Record<Language, string>>;

const CITIES: Readonly<Record<string, City>> = {
  SJC: { en: "San Jose", zh: "圣何塞" },
  SFO: { en: "San Francisco", zh: "旧金山" },
  LAX: { en: "Los Angeles", zh: "洛杉矶" },
  SEA: { en: "Seattle", zh: "西雅图" },
  PDX: { en: "Portland", zh: "波特兰" },
  DEN: { en: "Denver", zh: "丹佛" },
  DFW: { en: "Dallas", zh: "达拉斯" },
  ORD: { en: "Chicago", zh: "芝加哥" },
  ATL: { en: "Atlanta", zh: "亚特兰大" },
  MIA: { en: "Miami", zh: "迈阿密" },
  IAD: { en: "Ashburn", zh: "阿什本" },
  EWR: { en: "Newark", zh: "纽瓦克" },
  YYZ: { en: "Toronto", zh: "多伦多" },
  LHR: { en: "London", zh: "伦敦" },
  DUB: { en: "Dublin", zh: "都柏林" },
  AMS: { en: "Amsterdam", zh: "阿姆斯特丹" },
  CDG: { en: "Paris", zh: "巴黎" },
  FRA: { en: "Frankfurt", zh: "法兰克福" },
  MUC: { en: "Munich", zh: "慕尼黑" },
  ZRH: { en: "Zurich", zh: "苏黎世" },
  MAD: { en: "Madrid", zh: "马德里" },
  MXP: { en: "Milan", zh: "米兰" },
  ARN: { en: "Stockholm", zh: "斯德哥尔摩" },
  VIE: { en: "Vienna", zh: "维也纳" },
  PRG: { en: "Prague", zh: "布拉格" },
  WAW: { en: "Warsaw", zh: "华沙" },
  OTP: { en: "Bucharest", zh: "布加勒斯特" },
  HEL: { en: "Helsinki", zh: "赫尔辛基" },
  NRT: { en: "Tokyo", zh: "东京" },
  KIX: { en: "Osaka", zh: "大阪" },
  ICN: { en: "Seoul", zh: "首尔" },
  HKG: { en: "Hong Kong", zh: "香港" },
  TPE: { en: "Taipei", zh: "台北" },
  SIN: { en: "Singapore", zh: "新加坡" },
  KUL: { en: "Kuala Lumpur", zh: "吉隆坡" },
  BKK: { en: "Bangkok", zh: "曼谷" },
  BOM: { en: "Mumbai", zh: "孟买" },
  SYD: { en: "Sydney", zh: "悉尼" },
  MEL: { en: "Melbourne", zh: "墨尔本" },
  AKL: { en: "Auckland", zh: "奥克兰" },
};

/** Null: a code that is not known here. */
export function cityOf(colo: string, language: Language): string | null {
  return Object.hasOwn(CITIES, colo) ? (CITIES[colo]?.[language] ?? null) : null;
}
