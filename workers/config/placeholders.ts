// Fills `{region}` and `{target}` in addresses and channels. `targets.ts` fills addresses once; a round fills the channel
// for its own region.

/** Puts values where `{name}` stands; other braces stay as they are. `fillPlaceholders("a/{region}", { region: "weur" })`. */
export function fillPlaceholders(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{([a-z]+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? whole) : whole,
  );
}
