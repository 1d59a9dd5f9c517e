// Ways to break a write inside an object: it was lost, or it was done although we were told that it was lost. And a crash
// at the n-th step, for whoever wants to crash at each of them.

export type Way = "lost" | "kept";
/** The second is the one that pages people at night. */
export const WAYS = ["lost", "kept"] as const satisfies readonly Way[];

type Call = (...rest: unknown[]) => unknown;

/** The next call of `owner[name]` fails that way; the calls after it are whole. Works for promises as for plain calls. */
export function breakOnce(owner: object, name: string, way: Way): { readonly broke: () => boolean } {
  const own = Reflect.get(owner, name) as Call;
  const failure = (): Error => new Error(`${name}: ${way}`);
  let broke = false;
  const broken: Call = (...rest) => {
    Object.assign(owner, { [name]: own });
    broke = true;
    if (way === "lost") throw failure();
    const done = own.apply(owner, rest);
    if (!(done instanceof Promise)) throw failure();
    return done.then(() => {
      throw failure();
    });
  };
  Object.assign(owner, { [name]: broken });
  return { broke: () => broke };
}

/**
 * Counts the calls of everything in `owners`, twice each: before it is done, and after. At number `step` the object dies,
 * as in a crash: what was not yet on disk is lost, and nothing of it runs on.
 */
export function crashAt(
  step: number,
  state: DurableObjectState,
  owners: readonly (readonly [object, readonly string[]])[],
): { readonly steps: () => number; readonly at: () => string } {
  let steps = 0;
  let at = "the end";
  const tick = (what: string): void => {
    steps += 1;
    // What is dead does nothing more, whatever its code would do on an error.
    if (steps > step) throw new Error("dead already");
    if (steps !== step) return;
    at = what;
    state.abort(`crash ${what}`);
    throw new Error(`crash ${what}`);
  };
  for (const [owner, names] of owners) {
    for (const name of names) {
      const own = Reflect.get(owner, name) as Call;
      const watched: Call = (...rest) => {
        tick(`before ${name}`);
        const done = own.apply(owner, rest);
        if (!(done instanceof Promise)) {
          tick(`after ${name}`);
          return done;
        }
        return done.then((value: unknown) => {
          tick(`after ${name}`);
          return value;
        });
      };
      Object.assign(owner, { [name]: watched });
    }
  }
  return { steps: () => steps, at: () => at };
}

/** Names of all methods of an object literal. */
export function methodsOf(owner: object): string[] {
  return Object.entries(owner).flatMap(([name, value]) => (typeof value === "function" ? [name] : []));
}
