// What the public page of the fleet says, as one interface that every language fills completely. Pure.

import type { Silence } from "../../workers/rounds/silence.ts";

export interface FleetWords {
  readonly title: string;
  readonly lead: string;

  // Places
  readonly heads: readonly [
    region: string,
    state: string,
    place: string,
    hint: string,
    last: string,
    today: string,
    month: string,
  ];
  readonly measured: string;
  placed(city: string, code: string): string;
  readonly hintUnknown: string;
  /** "1,438 of 1,440 min, 99.86 %" */
  covered(measured: string, of: string, share: string): string;
  readonly nothingDue: string;
  readonly noRegions: string;
  readonly placeMeaning: string;

  // Silences
  readonly silences: string;
  readonly silencesAbout: string;
  silencesSpan(days: number): string;
  readonly noSilences: string;
  readonly silencesUnreadable: string;
  silencesAsOf(stamp: string): string;
  silencesCut(shown: number): string;
  readonly silenceHeads: readonly [region: string, why: string, lastSign: string, found: string, until: string];
  readonly reasons: Readonly<Record<Silence, string>>;
  readonly lasts: string;
  readonly noSign: string;
  readonly removed: string;
  lasted(stamp: string, span: string): string;

  // Controls
  readonly controls: string;
  readonly controlsAbout: string;
  readonly controlsNone: string;
  readonly controlsUnknown: string;
  readonly moreInMethod: string;
}
