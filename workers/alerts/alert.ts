// What leaves the house when something happens: one message for people, and what a channel answered. Plain data, so that it can
// wait in an outbox and be tried again. Types only; the channels are `<name>.send.ts` beside it.

import type { AlertSeverity, Language } from "../../schema/words.ts";

export type AlertKind = "trigger" | "update" | "acknowledge" | "resolve" | "test";
/** One message. Texts are in `language`, plain, of any length: a channel escapes and cuts them as its receiver wants it. */
export interface Alert {
  /** The same on every try: a receiver that knows it twice has it once. */
  readonly key: string;
  /** The same from trigger to resolve: what a pager groups by. */
  readonly incident: string;
  readonly kind: AlertKind;
  readonly severity: AlertSeverity;
  readonly language: Language;
  /** The name of the page: who speaks. */
  readonly source: string;
  readonly target: string;
  /** Ids, empty for all. */
  readonly regions: readonly string[];
  /** One line. */
  readonly title: string;
  /** What is known, with its numbers. */
  readonly sentence: string;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  /** Intended send of the first bad message; and of the first good one after it. ms since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number | null;
  /** The incident's public page; null: nobody said where the page is. */
  readonly pageUrl: string | null;
  /** Opens a page that asks before it acknowledges; null: nothing is to be acknowledged. */
  readonly ackUrl: string | null;
}

/** What became of one try. */
export interface ChannelAnswer {
  /** The receiver itself said that it has it. */
  readonly accepted: boolean;
  /** Null: there was no answer. */
  readonly httpStatus: number | null;
  /** The receiver's own code, where it has one. */
  readonly code: string | null;
  /** At most 300 characters, without any secret. */
  readonly said: string;
  /** What to do if it was not accepted. `after`: the receiver said when, ms. `never`: the same would be refused again. */
  readonly again:
    | { readonly when: "backoff" }
    | { readonly when: "after"; readonly ms: number }
    | { readonly when: "never" };
  /** The address is gone for good: nothing more goes there, and its keepers are told. */
  readonly disable: boolean;
}
