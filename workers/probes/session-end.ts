// Why a session ended: the first reason counts, and all who wait for something hear of it once. For drivers whose library
// tells of one end in several ways. Pure.

import type { Failure } from "./driver.ts";

export class SessionEnd {
  #failure: Failure | null = null;
  #sealed = false;
  readonly #listeners = new Set<(failure: Failure) => void>();

  /** Null while the session lives, and when we ended it ourselves. */
  get failure(): Failure | null {
    return this.#failure;
  }

  /** Whether nothing can be sent any more. */
  get isOver(): boolean {
    return this.#sealed || this.#failure !== null;
  }

  because(failure: Failure): void {
    if (this.isOver) return;
    this.#failure = failure;
    for (const listener of this.#listeners) listener(failure);
    this.#listeners.clear();
  }

  /** At once, if it has ended already; never when we end it ourselves. */
  hear(listener: (failure: Failure) => void): void {
    if (this.#failure !== null) listener(this.#failure);
    else if (!this.#sealed) this.#listeners.add(listener);
  }

  /** We end it: what comes of that is no news. False if it was sealed before. */
  seal(): boolean {
    const first = !this.#sealed;
    this.#sealed = true;
    this.#listeners.clear();
    return first;
  }
}
