// Parts of the pages of incidents: the sign of a state, a sentence or a text in its own language. Pure; called by
// pages/incidents.tsx and pages/incident.tsx. Markup in what people wrote is never markup here.
/* @jsxImportSource ../jsx */

import { blocksOf } from "../../workers/incidents/markdown.ts";
import type { Instant, Mention } from "../incident-story.ts";
import type { Sign, Spoken } from "../incidents-view.ts";
import type { IncidentWords } from "../words/incident-words.ts";
import { StateIcon } from "./icon.tsx";
import { Markdown } from "./markdown.tsx";

/** The sign of a state; of a story that goes on elsewhere it is an arrow. Its word always stands beside it. */
export function SignIcon({ sign }: { readonly sign: Sign }) {
  if (sign !== "merged") return <StateIcon state={sign} />;
  return (
    <svg class="icon merged" viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor">
      <path d="M2 3v3.5a2 2 0 0 0 2 2h9M9.5 4.5l4 4-4 4" stroke-width="1.8" stroke-linecap="round" />
    </svg>
  );
}

/** A sentence in a paragraph. */
export function Sentence({ of }: { readonly of: Spoken | null }) {
  return of === null ? null : <p lang={of.lang}>{of.text}</p>;
}

export function When({ at }: { readonly at: Instant }) {
  return <time datetime={at.iso}>{at.text}</time>;
}

/** Another incident, with a link where it has a page. */
export function Other({ of }: { readonly of: Mention }) {
  return of.href === null ? <>{of.text}</> : <a href={of.href}>{of.text}</a>;
}

/** What a person wrote, in Markdown. `below`: the level of the heading that it stands under. */
export function Text({
  of,
  said,
  below,
}: {
  readonly of: Spoken;
  readonly said: IncidentWords;
  readonly below: 2 | 3;
}) {
  return (
    <>
      {of.lang !== undefined && <p class="isoft">{said.otherLanguage}</p>}
      <div class="itext" lang={of.lang}>
        <Markdown blocks={blocksOf(of.text)} below={below} />
      </div>
    </>
  );
}
