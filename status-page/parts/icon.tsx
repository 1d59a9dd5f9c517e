// The signs of the page: each state and each verdict has a shape of its own, so that none is told by colour alone.
// Defined once a page, used by reference. Pure.
/* @jsxImportSource ../jsx */

import type { State } from "../../schema/words.ts";
import type { Verdict } from "../words/words.ts";

/** Shapes and patterns that the rest of the page refers to. Not `display: none`: patterns would not be painted. */
export function Definitions() {
  return (
    <svg class="defs" aria-hidden="true" focusable="false">
      <defs>
        <symbol id="i-up" viewBox="0 0 16 16">
          <circle cx="8" cy="8" r="8" fill="currentColor" />
          <path d="M4.4 8.3l2.5 2.5 4.8-5.3" class="cut" stroke-width="1.8" stroke-linecap="round" />
        </symbol>
        <symbol id="i-degraded" viewBox="0 0 16 16">
          <path
            d="M8 .8a1 1 0 0 1 .9.5l6.9 12.3a1 1 0 0 1-.9 1.5H1.1a1 1 0 0 1-.9-1.5L7.1 1.3A1 1 0 0 1 8 .8z"
            fill="currentColor"
          />
          <path d="M8 5.5v4.5M8 12.2v.4" class="cut" stroke-width="1.7" stroke-linecap="round" />
        </symbol>
        <symbol id="i-down" viewBox="0 0 16 16">
          <path d="M4.7 0h6.6L16 4.7v6.6L11.3 16H4.7L0 11.3V4.7z" fill="currentColor" />
          <path d="M5.2 5.2l5.6 5.6m0-5.6l-5.6 5.6" class="cut" stroke-width="1.8" stroke-linecap="round" />
        </symbol>
        <symbol id="i-unmeasured" viewBox="0 0 16 16">
          <circle cx="8" cy="8" r="7" fill="none" stroke="currentColor" stroke-width="1.6" stroke-dasharray="2.6 1.8" />
          <path
            d="M6.1 6.3a1.95 1.95 0 1 1 2.7 1.8q-.8.4-.8 1.3M8 11.6v.2"
            fill="none"
            stroke="currentColor"
            stroke-width="1.5"
            stroke-linecap="round"
          />
        </symbol>
        <symbol id="i-yes" viewBox="0 0 16 16">
          <path
            d="M2.5 8.5l3.7 3.7 7.3-8"
            fill="none"
            stroke="currentColor"
            stroke-width="2.2"
            stroke-linecap="round"
          />
        </symbol>
        <symbol id="i-no" viewBox="0 0 16 16">
          <path d="M3.3 3.3l9.4 9.4m0-9.4l-9.4 9.4" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" />
        </symbol>
        <pattern id="hatch" width="4.4" height="4.4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect class="hatch-bg" width="4.4" height="4.4" />
          <path class="hatch-line" d="M1 0v4.4" />
        </pattern>
        <pattern id="hatch-none" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect class="hatch-bg" width="7" height="7" />
          <path class="hatch-line" d="M1 0v7" opacity=".6" />
        </pattern>
      </defs>
    </svg>
  );
}

/** The sign of a state. The word for it always stands beside it, so the sign itself is silent. */
export function StateIcon({ state }: { readonly state: State }) {
  return (
    <svg class={`icon ${state}`} aria-hidden="true">
      <use href={`#i-${state}`} />
    </svg>
  );
}

const VERDICT_SIGN: Readonly<Record<Verdict, string>> = {
  met: "yes",
  breached: "no",
  undetermined: "unmeasured",
  no_data: "unmeasured",
};

/** A judgement: its words with their sign. */
export function Judged({ sign, text }: { readonly sign: Verdict; readonly text: string }) {
  return (
    <small class={`judged ${sign}`}>
      <svg class="icon" aria-hidden="true">
        <use href={`#i-${VERDICT_SIGN[sign]}`} />
      </svg>
      {text}
    </small>
  );
}
