// Whether a colour can be read on the public page. Pure. Contrast as WCAG 2.2 defines it: (lighter + 0.05) / (darker + 0.05) of the
// relative luminances. Called by `brand.ts`; the grounds are those of the page's stylesheet, which a test holds against this list.

export interface Accent {
  readonly light: string;
  readonly dark: string;
}

/** Everything that text may stand on, by theme. */
export const GROUNDS: Readonly<Record<keyof Accent, readonly string[]>> = {
  light: ["#fafaf8", "#ffffff", "#eff7f2", "#fdf5e4", "#fdefed", "#f2f2f0"],
  dark: ["#101214", "#17191c", "#13231a", "#2a2112", "#2e1816", "#1d1f22"],
};

/** Least contrast that text of any size may have (WCAG 2.2, 1.4.3). */
const LEAST = 4.5;
const STEPS = 255;

const channelsOf = (colour: string): readonly number[] =>
  [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channelsOf(colour).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** From 1 to 21. Colours: "#rrggbb". */
export function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** The contrast to the ground of that theme on which the colour is read worst. */
export function readableRatio(colour: string, theme: keyof Accent): number {
  return Math.min(...GROUNDS[theme].map((ground) => contrast(colour, ground)));
}

/** The colour with as little black (light theme) or white (dark theme) as makes it readable. */
export function nearestReadable(colour: string, theme: keyof Accent): string {
  const end = theme === "light" ? 0 : 255;
  for (let step = 0; step <= STEPS; step++) {
    const mixed = channelsOf(colour).map((channel) => Math.round(channel + ((end - channel) * step) / STEPS));
    const candidate = `#${mixed.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
    if (readableRatio(candidate, theme) >= LEAST) return candidate;
  }
  throw new Error(`neither black nor white is readable in the ${theme} theme`);
}
