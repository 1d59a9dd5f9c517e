// What a preset is: terms in the words that a user would write, where they come from, and for a scene the journeys that measure
// them. Types only. Each file of `presets/` holds one; `presets.ts` finds it by its name.

import type { Language } from "../../../schema/words.ts";
import type { JourneyInput } from "../define.ts";
import type { TermsInput } from "./define-contract.ts";

export interface Preset {
  /** As a user would write them; every entry beside `preset` takes the place of the entry of that name here. */
  readonly terms: TermsInput;
  readonly source: {
    /** The provider's own text; null: there is none to point at. */
    readonly url: string | null;
    /** When somebody last compared the terms with that text, YYYY-MM-DD. */
    readonly checkedOn: string;
    /** What is not certain about it; null: read in the provider's own text. */
    readonly warning: Readonly<Record<Language, string>> | null;
  };
  /** A scene's: what a target with this `scene` measures. */
  readonly journeys?: readonly JourneyInput[];
}
