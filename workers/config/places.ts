// The places that Cloudflare really offers, with the names that the page gives them, and those it only seems to offer.
// Data only. Read by `regions.ts`, which turns a bare "weur" into a whole region.

import type { Language, LocationHint } from "../../schema/words.ts";

/** Ready labels of the seven honest hints. */
export const PLACE_LABELS: Readonly<Record<LocationHint, Readonly<Record<Language, string>>>> = {
  wnam: { en: "Western North America", zh: "北美西部" },
  enam: { en: "Eastern North America", zh: "北美东部" },
  weur: { en: "Western Europe", zh: "西欧" },
  eeur: { en: "Eastern Europe", zh: "东欧" },
  "apac-ne": { en: "Northeast Asia", zh: "东北亚" },
  "apac-se": { en: "Southeast Asia", zh: "东南亚" },
  oc: { en: "Oceania", zh: "大洋洲" },
};

/**
 * Hints that the platform accepts and does not keep, with why they are refused. A page that said "Africa" over numbers
 * from Europe would lie. Source: Cloudflare docs, Durable Objects, data location (2026-06-19).
 */
export const DISHONEST_HINTS: ReadonlyMap<string, { readonly why: string; readonly mend: string }> = new Map([
  ["sam", elsewhere("South America")],
  ["afr", elsewhere("Africa")],
  ["me", elsewhere("the Middle East")],
  [
    "apac",
    {
      why: "covers both apac-ne and apac-se, so nobody could say which of the two was measured",
      mend: 'write "apac-ne" or "apac-se", or both',
    },
  ],
]);

function elsewhere(place: string): { why: string; mend: string } {
  return {
    why: `is accepted by Cloudflare, but the prober starts elsewhere: no Durable Object runs in ${place}`,
    mend: "take it out, and measure there from a private location",
  };
}
