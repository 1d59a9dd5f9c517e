// Why an act was refused, as the API says it: one sentence for each word, and which entry of the body it is about. Pure; called by the
// door for acts. The console has its own words, in its languages.

import type { RefusalWord } from "../incidents/acts.ts";
import { TEXT_CHARS_MAX } from "../incidents/acts.ts";
import type { ActName } from "./acts-input.ts";

/** Sentence, and the entry that is wrong; "text": whichever holds the act's words. Null: none is, the incident does not allow it. */
const REFUSED: Readonly<Record<RefusalWord, readonly [sentence: string, entry: string | null]>> = {
  already_acknowledged: ["It is acknowledged already.", null],
  still_bad: ["It is measured bad still. To resolve it all the same, send force: true and a note that says why.", null],
  not_open: ["It is over.", null],
  not_over: ["It is open still: there is nothing to reopen.", null],
  is_merged: ["It is merged into another incident: act on that one. Notes may still be added here.", null],
  merge_into_itself: ["An incident cannot be merged into itself.", "into"],
  merge_into_another_target: ["Both must be of one target.", "into"],
  merge_into_another_kind: [
    "Both must be of one kind, or the other one an outage; no drill goes into a real one.",
    "into",
  ],
  merge_into_one_that_is_over: ["The other one is over.", "into"],
  merge_into_a_later_one: ["The other one began later: merge that one into this.", "into"],
  no_text: ["Its words are missing, or are blank.", "text"],
  text_too_long: [`A text is longer than ${TEXT_CHARS_MAX} characters.`, "text"],
  text_unprintable: ["A text has control characters in it.", "text"],
  at_in_the_future: ["It cannot have been so in the future.", "at"],
  at_before_the_impact: ["That is before the incident began.", "at"],
  not_public: ["Nobody in public sees this incident: write a note instead.", null],
  not_a_person: ["Whoever acts needs a name, and it may not be Sonde's own.", "who"],
};

interface RefusalSaid {
  readonly sentence: string;
  /** JSON Pointer into the body; null: no entry of it is wrong. */
  readonly pointer: string | null;
}

export function refusalSaid(word: RefusalWord, act: ActName): RefusalSaid {
  const [sentence, entry] = REFUSED[word];
  const words = act === "publish" || act === "postmortem" ? "text" : "note";
  const name = entry === "text" ? words : entry;
  return { sentence, pointer: name === null ? null : `/${name}` };
}
