// Reads `brand`: the logo, the accent colours and the home page that the public page shows. Called by `parse.ts`. A logo stands in
// every page, so it is small and can do nothing; a colour that cannot be read on the page's grounds is refused. Decides nothing about
// how the page uses them.

import * as z from "zod";
import { type Accent, nearestReadable, readableRatio } from "./contrast.ts";
import { field, inner, judged, readFields } from "./fields.ts";
import { type Logo, logoOf, refusalOfLogo } from "./logo.ts";
import type { Plain } from "./plain.ts";
import type { Path, Refusal, Report } from "./problems.ts";

export interface Brand {
  readonly logo: Logo | null;
  /** "#rrggbb" in lower case, for links and the focus, by the visitor's theme. */
  readonly accent: Accent | null;
  /** Where the name on top of the page leads; null: to the page itself. */
  readonly link: string | null;
}

const FIELDS = {
  logo: field(judged(z.string(), refusalOfLogo).optional(), 'logo: "data:image/svg+xml;base64,..."'),
  accent: inner('accent: { light: "#1f4fa3", dark: "#8fb4f5" }', "optional"),
  link: field(judged(z.string(), refusalOfLink).optional(), 'link: "https://acme.example"'),
};

const ACCENT_FIELDS = {
  light: field(judged(z.string(), refusalOfAccent("light")), 'light: "#1f4fa3"'),
  dark: field(judged(z.string(), refusalOfAccent("dark")), 'dark: "#8fb4f5"'),
};

/** Null: absent, or bad and reported. */
export function readBrand(value: Plain, path: Path, report: Report): Brand | null {
  if (value === undefined) return null;
  const { logo, accent, link } = readFields(FIELDS, value, path, report);
  return {
    logo: logo === undefined ? null : logoOf(logo),
    accent: readAccent(accent, [...path, "accent"], report),
    link: link === undefined ? null : new URL(link).href,
  };
}

function readAccent(value: Plain, path: Path, report: Report): Accent | null {
  if (value === undefined) return null;
  const { light, dark } = readFields(ACCENT_FIELDS, value, path, report);
  if (light === undefined || dark === undefined) return null;
  return { light: light.toLowerCase(), dark: dark.toLowerCase() };
}

function refusalOfAccent(theme: "light" | "dark"): (text: string) => Refusal | null {
  return (text) => {
    const colour = text.toLowerCase();
    if (!/^#[0-9a-f]{6}$/.test(colour)) {
      return { problem: "is not a colour", mend: `write # and six hex digits, as in ${theme}: "#1f4fa3"` };
    }
    const ratio = readableRatio(colour, theme);
    if (ratio >= 4.5) return null;
    const shown = (Math.floor(ratio * 100) / 100).toFixed(2);
    return {
      problem: `has a contrast of ${shown}:1 to the page's ${theme} ground; text needs 4.5:1`,
      mend: `write ${theme}: "${nearestReadable(colour, theme)}"`,
    };
  };
}

const CHARS_MAX = 200;

function refusalOfLink(text: string): Refusal | null {
  const url = text.length <= CHARS_MAX && /^https:\/\/[^\s\\]+$/.test(text) ? URL.parse(text) : null;
  const mend = 'write link: "https://acme.example"';
  if (url === null) return { problem: "is not an https address", mend };
  return url.username === "" && url.password === "" ? null : { problem: "holds a user or a password", mend };
}
