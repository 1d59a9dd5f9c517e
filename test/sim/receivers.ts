// The far ends of a simulated year: channels that are there or away, that ask to wait, or take a message whose answer is lost. What
// arrived there is the truth about alerts. Answers as a channel's `send` would have read its receiver. Called by `duty.ts`.

import type { ChannelAnswer } from "../../workers/alerts/alert.ts";
import type { Row } from "./stores.ts";
import { isIn } from "./rounds.ts";
import type { ChannelTrouble } from "./truth.ts";

export interface Arrival {
  readonly at: number;
  readonly key: string;
  readonly channel: string;
  readonly kind: Row["kind"];
  readonly incident: string;
}

type Again = ChannelAnswer["again"];

export class Receivers {
  readonly arrivals: Arrival[] = [];
  readonly #troubles: readonly ChannelTrouble[];
  readonly #random: () => number;

  constructor(troubles: readonly ChannelTrouble[], random: () => number) {
    this.#troubles = troubles;
    this.#random = random;
  }

  /** One try that began at `at`, and how long its answer takes. */
  ask({ key, channel, kind, incident }: Row, at: number): { readonly answer: ChannelAnswer; readonly tookMs: number } {
    const trouble = this.#troubles.find((each) => each.channel === channel && isIn(each, at));
    const take = (): void => void this.arrivals.push({ at, key, channel, kind, incident });
    const quick = 100 + Math.floor(this.#random() * 900);
    switch (trouble?.mode) {
      case undefined:
        take();
        return { answer: answerOf(true, 200, { when: "backoff" }), tookMs: quick };
      case "mute":
        return { answer: answerOf(false, null, { when: "backoff" }), tookMs: 10_000 };
      case "busy":
        return { answer: answerOf(false, 429, { when: "after", ms: trouble.retryAfterMs }), tookMs: quick };
      case "amnesia":
        // It took it, and the line broke before it could say so.
        if (this.#random() < 0.5) take();
        return { answer: answerOf(false, null, { when: "backoff" }), tookMs: 10_000 };
      case "refusing":
        return { answer: answerOf(false, 400, { when: "never" }), tookMs: quick };
      case "gone":
        return { answer: { ...answerOf(false, 410, { when: "never" }), disable: true }, tookMs: quick };
    }
  }
}

function answerOf(accepted: boolean, httpStatus: number | null, again: Again): ChannelAnswer {
  return { accepted, httpStatus, code: null, said: "", again, disable: false };
}
