// The page behind a link that acknowledges: a question with one button, or one sentence. Pure; called by its door. Loads nothing, runs
// nothing, and says nothing of an incident to whoever has no good link.

import { raw } from "hono/html";
import type { Child } from "hono/jsx";

import type { Language } from "../../schema/words.ts";
import type { Config } from "../config/config.ts";
import type { Incident } from "../incidents/incident.ts";
import { ACK_WORDS } from "./ack-words.ts";
import type { AckEnd, AckWords } from "./ack-words.ts";
import { isoOf, stampIn } from "./local-time.ts";
import { OPS_STYLE } from "./ops-style.ts";

// Raw, since JSX would escape quotes that the hash in the policy was computed with.
const STYLE_TAG = raw(`<style>${OPS_STYLE}</style>`);

/** What the button sends: a request without it asks, and does nothing. */
export const ACK_FIELD = "acknowledge";

export interface AckQuestion {
  readonly incident: Incident;
  /** Who is taken to acknowledge. */
  readonly to: string;
  readonly expiresAt: number;
}

/** What a form of it does is not done yet. */
export function askHtml(config: Config, language: Language, { incident, to, expiresAt }: AckQuestion): string {
  const words = ACK_WORDS[language];
  const target = config.targets.find(({ id }) => id === incident.target)?.label[language] ?? config.name;
  const label = (region: string): string => config.regions.find(({ id }) => id === region)?.label[language] ?? region;
  return htmlOf(
    words,
    words.ask,
    <>
      <h1>{words.ask}</h1>
      <p>{incident.sentence[language]}</p>
      <dl class="facts card">
        <Fact name={words.target}>{target}</Fact>
        <Fact name={words.incident}>{incident.id}</Fact>
        {incident.regions.length > 0 && <Fact name={words.regions}>{incident.regions.map(label).join(", ")}</Fact>}
        <Fact name={words.severity}>{words.severities[incident.severity]}</Fact>
        <Fact name={words.since}>
          <At at={incident.impactStart} zone={config.timeZone} />
        </Fact>
        <Fact name={words.as}>{to}</Fact>
        <Fact name={words.until}>
          <At at={expiresAt} zone={config.timeZone} />
        </Fact>
      </dl>
      <p class="more">{words.promise}</p>
      <form method="post">
        <button name={ACK_FIELD} value="yes">
          {words.button}
        </button>
      </form>
    </>,
  );
}

export interface AckSaid {
  readonly end: AckEnd;
  /** Who acknowledged, and when; null where nobody has, or nobody may know. */
  readonly before: { readonly at: number; readonly by: string } | null;
  /** Path of the incident's page; null where nobody may know. */
  readonly path: string | null;
}

/** One sentence, and by whom. `zone`: in which `before` is said. */
export function endHtml(zone: string, language: Language, { end, before, path }: AckSaid): string {
  const words = ACK_WORDS[language];
  const [title, more] = words.ends[end];
  return htmlOf(
    words,
    title,
    <>
      <h1>{title}</h1>
      {before !== null && <p>{words.byAt(before.by, stampIn(before.at, zone))}</p>}
      <p>{more}</p>
      {path !== null && (
        <p class="more">
          <a href={path}>{words.look}</a>
        </p>
      )}
    </>,
  );
}

function Fact({ name, children }: { readonly name: string; readonly children?: Child }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function At({ at, zone }: { readonly at: number; readonly zone: string }) {
  return <time datetime={isoOf(at)}>{stampIn(at, zone)}</time>;
}

/** No component of this page is asynchronous, so the string is there at once. */
function htmlOf(words: AckWords, title: string, children: Child): string {
  const page = (
    <html lang={words.tag}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title === words.ask ? words.title : title}</title>
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="data:," />
        {STYLE_TAG}
      </head>
      <body>
        <main class="wrap">{children}</main>
      </body>
    </html>
  ) as { toString(): string | Promise<string> };
  return `<!doctype html>${page.toString() as string}`;
}
