// What becomes of what one subscriber is to be told of one matter: when it goes out, what a try makes of it. Pure: time and chance are
// arguments. At most one message of a line is on its way, and news that come meanwhile go out together with the next one.

import type { ChannelAnswer } from "./alert.ts";
import { nextTry } from "./backoff.ts";

/** After the first message about a matter its news are gathered for so long. */
export const GATHER_MS = 600_000;

export interface NewsLine {
  readonly subscriber: string;
  readonly matter: string;
  /** Number of the news that was told last; 0: none. */
  readonly told: number;
  readonly wanted: number;
  readonly toldAt: number | null;
  readonly tryAt: number | null;
  /** The news that is being tried; null: no try yet. */
  readonly trying: number | null;
  readonly firstTriedAt: number | null;
  readonly tries: number;
}

/** With news `number`. What was tried already keeps its words and its time. */
export function wanting(
  line: NewsLine | null,
  of: Pick<NewsLine, "subscriber" | "matter">,
  number: number,
  now: number,
) {
  if (line === null) {
    const fresh = { told: 0, toldAt: null, trying: null, firstTriedAt: null, tries: 0 };
    return { ...of, ...fresh, wanted: number, tryAt: now };
  }
  const tryAt = line.tryAt ?? gathered(line.toldAt, now);
  return { ...line, wanted: Math.max(line.wanted, number), tryAt };
}

/** After a try. `isOver`: nothing of it will be tried again, since it was told or given up. */
export function tried(
  line: NewsLine & { readonly trying: number; readonly firstTriedAt: number },
  answer: ChannelAnswer,
  now: number,
  chance: number,
): { readonly line: NewsLine; readonly isOver: boolean } {
  const tries = line.tries + 1;
  const settled = (told: number): NewsLine => {
    // Whoever refused one is not asked to take the next at once.
    const next = line.wanted > line.trying ? now + GATHER_MS : null;
    return { ...line, told, toldAt: now, trying: null, firstTriedAt: null, tries: 0, tryAt: next };
  };
  if (answer.accepted) return { line: settled(line.trying), isOver: true };
  const next = nextTry({ firstTriedAt: line.firstTriedAt, tries }, answer, now, chance);
  if ("giveUp" in next) return { line: settled(line.told), isOver: true };
  return { line: { ...line, tries, tryAt: next.again }, isOver: false };
}

function gathered(toldAt: number | null, now: number): number {
  return toldAt === null ? now : Math.max(now, toldAt + GATHER_MS);
}
