// The frame of every page of the console: head, menu, who is signed in. Pure; called by the door. Nothing is loaded from
// anywhere, and there is no script.

import { raw } from "hono/html";
import type { Child } from "hono/jsx";

import type { OpsPage } from "./ops-page.ts";
import { OPS_STYLE } from "./ops-style.ts";
import type { Said, Words } from "./words.ts";

// Raw, since JSX would escape quotes that the hash in the policy was computed with.
const STYLE_TAG = raw(`<style>${OPS_STYLE}</style>`);

interface LayoutProps {
  readonly words: Words;
  /** The configuration's name; null where nobody may know it. */
  readonly name: string | null;
  readonly title: string;
  /** Null: nobody is signed in, and there is no menu. */
  readonly who: string | null;
  readonly menu: readonly NonNullable<OpsPage["menu"]>[];
  readonly path: string;
  readonly children: Child;
}

/** No component of these pages is asynchronous, so the string is there at once. */
export function htmlOf(props: LayoutProps): string {
  const page = (<Layout {...props} />) as { toString(): string | Promise<string> };
  return `<!doctype html>${page.toString() as string}`;
}

function Layout({ words, name, title, who, menu, path, children }: LayoutProps) {
  const site = name === null ? words.title : `${words.title}, ${name}`;
  return (
    <html lang={words.tag}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${title} – ${site}`}</title>
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="data:," />
        {STYLE_TAG}
      </head>
      <body>
        <a class="skip hidden" href="#main">
          {words.skip}
        </a>
        <header>
          <div class="wrap">
            <b>{site}</b>
            {who !== null && (
              <nav aria-label={words.menuLabel}>
                <ul>
                  {menu.map((each) => (
                    <li>
                      <a href={each.path} aria-current={each.path === path ? "page" : undefined}>
                        {words.menu[each.name]}
                      </a>
                    </li>
                  ))}
                </ul>
              </nav>
            )}
            {who !== null && <span class="who">{words.signedIn(who)}</span>}
          </div>
        </header>
        <main id="main" class="wrap" tabindex={-1}>
          {children}
        </main>
        <footer>
          <div class="wrap">
            <a href={`/${words.language}`}>{words.statusPage}</a>
          </div>
        </footer>
      </body>
    </html>
  );
}

/** A page that says one thing. */
export function plainHtml(words: Words, said: Said): string {
  const [title, more] = words.said[said];
  return htmlOf({
    words,
    name: null,
    title,
    who: null,
    menu: [],
    path: "",
    children: (
      <>
        <h1>{title}</h1>
        <p>{more}</p>
      </>
    ),
  });
}
