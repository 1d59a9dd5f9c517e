// The last 20 messages of a region: how many were lost or refused, and how many of those no single round can explain.
// Plain data, oldest first. Pure; called by `detector.ts`.

export const WINDOW = 20;

/** A message each: 0 was good; a bad one holds the number of its round, 1 and up. */
export type Window = readonly number[];

/** The window after `count` more messages of the round with this number. */
export function pushed(window: Window, ok: boolean, count: number, round: number): Window {
  const more = Array.from({ length: Math.min(count, WINDOW) }, () => (ok ? 0 : round));
  return [...window, ...more].slice(-WINDOW);
}

/** Lost or refused among the last 20 (sla.md 6, lost20). */
export function lostOf(window: Window): number {
  return window.filter((each) => each !== 0).length;
}

/** The same without the round that lost most: messages of one round share a connection, and so one hiccup. */
export function lostBesideWorst(window: Window): number {
  const byRound = new Map<number, number>();
  for (const round of window) if (round !== 0) byRound.set(round, (byRound.get(round) ?? 0) + 1);
  return lostOf(window) - Math.max(0, ...byRound.values());
}
