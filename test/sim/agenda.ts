// What is to happen when, in a time that nobody waits for: a heap of instants, those of one instant in the order in which they were
// put in. Called by `year.ts` and `duty.ts`.

interface Item {
  readonly at: number;
  readonly order: number;
  readonly run: (now: number) => void;
}

export class Agenda {
  now = 0;
  readonly #heap: Item[] = [];
  #order = 0;

  /** Not before now. */
  at(at: number, run: (now: number) => void): void {
    const heap = this.#heap;
    let place = heap.length;
    const item = { at: Math.max(this.now, at), order: (this.#order += 1), run };
    heap.push(item);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isSooner(item, above)) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = item;
  }

  /** Until nothing is left; RangeError when that takes more than so many steps. */
  run(stepsMax: number): number {
    for (let steps = 0; steps < stepsMax; steps += 1) {
      const item = this.#pop();
      if (item === null) return steps;
      this.now = item.at;
      item.run(item.at);
    }
    throw new RangeError(`still something to do after ${stepsMax} steps, at ${new Date(this.now).toISOString()}`);
  }

  #pop(): Item | null {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (first === undefined || last === undefined) return null;
    if (heap.length === 0) return first;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      const [left, right] = [heap[child], heap[child + 1]];
      if (left === undefined) break;
      if (right !== undefined && isSooner(right, left)) child += 1;
      const below = heap[child];
      if (below === undefined || !isSooner(below, last)) break;
      heap[place] = below;
      place = child;
    }
    heap[place] = last;
    return first;
  }
}

function isSooner(a: Item, b: Item): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
