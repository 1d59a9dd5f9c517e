// The frame of every page: head, name, language switch, foot. Pure; called by pages/. Nothing is loaded from anywhere:
// the style stands inline, the icon is a data URL, there is no script.

import { raw } from "hono/html";
import type { Child } from "hono/jsx";

import type { Language, State } from "../../schema/words.ts";
import { INCIDENT_STYLE } from "../incident-style.ts";
import { SLA_STYLE } from "../sla-style.ts";
import { STYLE } from "../style.ts";
import type { Words } from "../words/words.ts";
import { wordsOf } from "../words/languages.ts";
import { Definitions } from "./icon.tsx";

// Raw, since JSX would escape quotes that the hash in the policy was computed with.
const styleTag = (style: string) => raw(`<style>${style}</style>`);
const STYLE_TAG = styleTag(STYLE);
const MORE_STYLE_TAGS = { sla: styleTag(SLA_STYLE), incidents: styleTag(INCIDENT_STYLE) } as const;

const TINT: Readonly<Record<State, string>> = {
  up: "1d7a48",
  degraded: "b87400",
  down: "b3201b",
  unmeasured: "6d727a",
};
const SHAPE: Readonly<Record<State, string>> = {
  up: "M8 0a8 8 0 1 1-.1 0z",
  degraded: "M8 0l8 15H0z",
  down: "M4.7 0h6.6L16 4.7v6.6L11.3 16H4.7L0 11.3V4.7z",
  unmeasured: "M8 0a8 8 0 1 1-.1 0zm0 4a4 4 0 1 0 .1 0z",
};

/** The state as the tab's icon: a shape and a colour. */
function iconOf(state: State): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="${SHAPE[state]}" fill="#${TINT[state]}"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

export interface Frame {
  readonly words: Words;
  readonly name: string;
  readonly languages: readonly Language[];
  /** The path of this page without its language: "" or "/targets/rtm". Null: it has no address of its own. */
  readonly path: string | null;
  /** What the way to the SLA reports is called; left out where there is no contract. */
  readonly reports?: string | undefined;
  /** What the way to the incidents is called; left out where they have no pages. */
  readonly incidents?: string | undefined;
}

interface LayoutProps extends Frame {
  readonly title: string;
  readonly state: State;
  readonly children: Child;
  /** A page with contracts' figures, or of incidents: it has a stylesheet of its own, and its policy a second hash. */
  readonly more?: keyof typeof MORE_STYLE_TAGS;
  /** Where the same figures are as JSON; null: nowhere. */
  readonly raw?: string | null;
}

const SNAPSHOT = "/api/v1/snapshot.json";

/** A whole document. */
export function Layout(props: LayoutProps) {
  const {
    words,
    name,
    languages,
    path,
    reports,
    incidents,
    title,
    state,
    children,
    more,
    raw: json = SNAPSHOT,
  } = props;
  return (
    <html lang={words.tag}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <meta name="description" content={title} />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href={iconOf(state)} />
        {path === null
          ? null
          : languages.map((l) => <link rel="alternate" hreflang={wordsOf(l).tag} href={`/${l}${path}`} />)}
        {STYLE_TAG}
        {more !== undefined && MORE_STYLE_TAGS[more]}
      </head>
      <body>
        <a class="skip hidden" href="#main">
          {words.skipToContent}
        </a>
        <Definitions />
        <header class="wrap top">
          <a class="brand" href={`/${words.language}`}>
            <svg
              viewBox="0 0 20 20"
              aria-hidden="true"
              fill="none"
              stroke="currentColor"
              stroke-width="1.8"
              stroke-linecap="round"
            >
              <circle cx="10" cy="10" r="2.2" fill="currentColor" />
              <path d="M5.6 14.4a6.2 6.2 0 0 1 0-8.8M14.4 5.6a6.2 6.2 0 0 1 0 8.8M2.6 17.2a10.2 10.2 0 0 1 0-14.4M17.4 2.8a10.2 10.2 0 0 1 0 14.4" />
            </svg>
            {name}
          </a>
          {incidents !== undefined && (
            <a class="toincidents" href={`/${words.language}/incidents`}>
              {incidents}
            </a>
          )}
          {reports !== undefined && (
            <a class="toreports" href={`/${words.language}/sla`}>
              {reports}
            </a>
          )}
          {languages.length > 1 && (
            <nav class="langs" aria-label={words.languages}>
              {languages.map((l) => (
                <a
                  href={`/${l}${path ?? ""}`}
                  hreflang={wordsOf(l).tag}
                  lang={wordsOf(l).tag}
                  aria-current={l === words.language ? "true" : undefined}
                >
                  {wordsOf(l).ownName}
                </a>
              ))}
            </nav>
          )}
        </header>
        <main id="main" class="wrap">
          {children}
        </main>
        <footer>
          <div class="wrap">
            <span>{words.footer}</span>
            {json !== null && (
              <a class="rawlink" href={json}>
                {words.rawFigures}
              </a>
            )}
          </div>
        </footer>
      </body>
    </html>
  );
}
