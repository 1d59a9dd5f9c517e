// Fills `{region}` and `{target}` in addresses and channels. `targets.ts` fills addresses once; a round fills the channel
// for its own region.

import type { Refusal } from "./problems.ts";

/** Puts values where `{name}` stands; other braces stay as they are. `fillPlaceholders("a/{region}", { region: "weur" })`. */
export function fillPlaceholders(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{([a-z]+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? whole) : whole,
  );
}

/** What is wrong with the placeholders of a channel's or a user's name; null: nothing. */
export function refusalOfPlaceholders(text: string): Refusal | null {
  if (!/[{}]/.test(fillPlaceholders(text, { target: "", region: "" }))) return null;
  return { problem: "holds a placeholder that is not known", mend: "there are {target} and {region}" };
}
