// What the configured brand changes in a page: a third stylesheet of one rule, with its own hash in the policy. Pure; called by
// parts/layout.tsx and app.tsx. The colours were judged where the configuration was read (workers/config/brand.ts).

import type { Brand } from "../workers/config/brand.ts";
import { hashOf } from "./headers.ts";

/** The rule byte for byte as it stands in the page; null: the page's own colours. Paper stays black on white. */
export function accentStyle(brand: Brand | null): string | null {
  if (brand === null || brand.accent === null) return null;
  const { light, dark } = brand.accent;
  return `@media screen{:root{--link:${light}}}@media screen and (prefers-color-scheme:dark){:root{--link:${dark}}}`;
}

/** A policy that allows one stylesheet more. */
export function withStyle(policy: string, style: string): string {
  return policy.replace("style-src ", `style-src ${hashOf(style)} `);
}
