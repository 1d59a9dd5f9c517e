// The frame of every page: head, name, ways, languages, foot. Pure; called by pages/. Nothing is loaded from anywhere: the
// style and the little script (script.ts) stand inline, icon and logo are data URLs. Without script a page loses nothing.
/* @jsxImportSource ../jsx */

import { raw } from "hono/html";
import type { Child } from "hono/jsx";

import type { Language, State } from "../../schema/words.ts";
import type { Brand } from "../../workers/config/brand.ts";
import { accentStyle } from "../brand.ts";
import { inBytes } from "../jsx/jsx-runtime.ts";
import { SCRIPT } from "../script.ts";
import { STYLE } from "../style.ts";
import { MORE_STYLES } from "../styles.ts";
import type { StyleName } from "../styles.ts";
import type { Words } from "../words/words.ts";
import { wordsOf } from "../words/languages.ts";
import type { FeedLink } from "../feeds/feed-links.ts";
import { Definitions } from "./icon.tsx";
import { Zones } from "./zone-form.tsx";

// Raw, since JSX would escape quotes that the hash in the policy was computed with.
const styleTag = (style: string) => raw(`<style>${style}</style>`);
const inUtf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const STYLE_TAG = inUtf8(`<style>${STYLE}</style>`);
const SCRIPT_TAG = inUtf8(`<script>${SCRIPT}</script>`);
const DEFINITIONS = inUtf8(String(<Definitions />));

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
  /** IANA zone that instants are printed in: the visitor's choice, else the configuration's. */
  readonly zone: string;
  /** The visitor chose it. */
  readonly zoneChosen?: boolean;
  readonly name: string;
  readonly languages: readonly Language[];
  /** The path of this page without its language: "" or "/targets/rtm". Null: it has no address of its own. */
  readonly path: string | null;
  /** The ways to our pages, in their order; only those that exist. */
  readonly nav: readonly Way[];
  /** IANA zone of the configuration. */
  readonly ownZone: string;
  /** The page's origin for everybody; null: nobody said. */
  readonly url: string | null;
  readonly brand: Brand | null;
  /** For machines that look for feeds. */
  readonly feeds: readonly FeedLink[];
}

export interface Way {
  readonly href: string;
  readonly word: string;
  /** The page itself, or one below it; null: elsewhere. */
  readonly current: "page" | "true" | null;
}

interface LayoutProps extends Frame {
  readonly title: string;
  readonly state: State;
  readonly children: Child;
  /** The second stylesheet, for pages that have one: their policy has its hash (`securityOf`). */
  readonly more?: StyleName;
  /** Where the same figures are as JSON; null: nowhere. */
  readonly raw?: string | null;
  /** What the page says, for who shows only a link to it. Default: its title. */
  readonly description?: string;
}

const SNAPSHOT = "/api/v1/snapshot.json";

/** A whole document. */
export function Layout(props: LayoutProps) {
  const { words, children, raw: json = SNAPSHOT } = props;
  return (
    <html lang={words.tag}>
      <Head {...props} />
      <body>
        <a class="skip hidden" href="#main">
          {words.skipToContent}
        </a>
        {inBytes(DEFINITIONS)}
        <Top {...props} />
        <p id="live" class="hidden" role="status" data-lost={words.notRefreshed}></p>
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
            <Zones {...props} />
          </div>
        </footer>
        {inBytes(SCRIPT_TAG)}
      </body>
    </html>
  );
}

function Head(props: LayoutProps) {
  const { words, languages, path, title, description = title, state, more, url, brand, name, feeds } = props;
  const addressOf = (language: Language): string => `${url ?? ""}/${language}${path ?? ""}`;
  const accent = accentStyle(brand);
  return (
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>{title}</title>
      <meta name="description" content={description} />
      <meta name="color-scheme" content="light dark" />
      <link rel="icon" href={iconOf(state)} />
      {path !== null && (
        <>
          {url !== null && <link rel="canonical" href={addressOf(words.language)} />}
          {/* Search engines take whole addresses only. */}
          {url !== null && languages.map((l) => <link rel="alternate" hreflang={wordsOf(l).tag} href={addressOf(l)} />)}
          <meta property="og:type" content="website" />
          <meta property="og:site_name" content={name} />
          <meta property="og:title" content={title} />
          <meta property="og:description" content={description} />
          {url !== null && <meta property="og:url" content={addressOf(words.language)} />}
        </>
      )}
      {feeds.map((feed) => (
        <link rel="alternate" type={feed.type} title={feed.title} href={feed.href} />
      ))}
      {inBytes(STYLE_TAG)}
      {more !== undefined && styleTag(MORE_STYLES[more])}
      {accent !== null && styleTag(accent)}
    </head>
  );
}

function Top({ words, name, languages, path, nav, brand }: Frame) {
  const logo = brand?.logo ?? null;
  return (
    <header class="wrap top">
      <a class="brand" href={brand?.link ?? `/${words.language}`}>
        {logo === null ? <Sonde /> : <img src={logo.src} width={logo.width} height={logo.height} alt="" />}
        {name}
      </a>
      {nav.length > 1 && (
        <nav class="ways" aria-label={words.pages}>
          {nav.map((way) => (
            <a href={way.href} aria-current={way.current ?? undefined}>
              {way.word}
            </a>
          ))}
        </nav>
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
  );
}

/** The sign of who measures, where the page has no logo of its own. */
function Sonde() {
  return (
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
  );
}
