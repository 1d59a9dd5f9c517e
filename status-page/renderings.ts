// Finished pages as bytes, kept until what they print changes. Pure but for its memory; called by app.tsx. A page is
// made at most once a second for each language and address, and not at all while nobody asks.

import type { Front } from "./front.ts";

export interface Rendering {
  readonly bytes: Uint8Array;
  readonly etag: string;
}

interface Kept {
  readonly front: Front | null;
  readonly stale: boolean;
  readonly second: number;
  readonly rendering: Rendering;
}

/** 64 pages of about 150 kB: 10 MB of the 128 an isolate has. The oldest goes first. */
const MAX_KEPT = 64;

/** What a page is made of; `now` is cut to whole seconds by the caller's key. */
export interface Made {
  readonly key: string;
  readonly front: Front | null;
  readonly stale: boolean;
  readonly now: number;
}

/** A keeper of renderings: gives the kept one while nothing changed, else calls `make`. */
export function renderings(): (made: Made, make: () => Rendering) => Rendering {
  const kept = new Map<string, Kept>();
  return ({ key, front, stale, now }, make) => {
    const second = Math.floor(now / 1000);
    const found = kept.get(key);
    if (found?.front === front && found.stale === stale && found.second === second) return found.rendering;
    const rendering = make();
    kept.delete(key);
    kept.set(key, { front, stale, second, rendering });
    for (const oldest of kept.keys()) {
      if (kept.size <= MAX_KEPT) break;
      kept.delete(oldest);
    }
    return rendering;
  };
}
