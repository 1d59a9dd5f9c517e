// What was said once of the same content: views of things that stay the same from one row to the next, by what they are views of.
// Pure but for its memory, which is bounded. Called by region-view.ts and board-view.ts, since a page is made anew each second and most of it has not
// changed.

interface Kept<View> {
  readonly content: unknown;
  readonly view: View;
}

/**
 * A memory of at most `most` views, the newest of each `id`; the oldest goes first. `content`: all that the view depends on beside the
 * id, as JSON has it. It is held against what was kept, since that is cheaper than a key made of it, and no hash can lie.
 */
export function rememberedViews<View>(most: number): (id: string, content: unknown, make: () => View) => View {
  const kept = new Map<string, Kept<View>>();
  return (id, content, make) => {
    const known = kept.get(id);
    if (known !== undefined && isSame(known.content, content)) return known.view;
    const view = make();
    kept.delete(id);
    kept.set(id, { content, view });
    for (const oldest of kept.keys()) {
      if (kept.size <= most) break;
      kept.delete(oldest);
    }
    return view;
  };
}

/** Whether two values would be the same JSON, whatever the order of their keys; what is undefined is not there. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!isSame(a[i], b[i])) return false;
    return true;
  }
  return !Array.isArray(b) && hasAll(a, b) && hasAll(b, a);
}

function hasAll(a: object, b: object): boolean {
  for (const key in a) {
    if (!isSame((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key])) return false;
  }
  return true;
}
