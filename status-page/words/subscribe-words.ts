// What the pages about subscriptions can say, as one interface that every language fills completely, beside words.ts. Pure.

import type { SubscriberChannel, SubscriptionRefusal } from "../../workers/alerts/subscription.ts";

/** `form`: it did not come from our own form. `away`: the object that knows does not answer. */
export type SubscribeTrouble = SubscriptionRefusal | "form" | "often" | "away";

export interface SubscribeWords {
  readonly subscribe: string;
  readonly lead: string;
  readonly how: string;
  readonly channels: Readonly<Record<SubscriberChannel, string>>;
  readonly address: string;
  /** What to write there, where only this way is offered or among others. */
  readonly addressOf: Readonly<Record<SubscriberChannel, string>>;
  readonly targets: string;
  readonly regions: string;
  /** None ticked is all. */
  readonly noneIsAll: string;
  readonly language: string;
  readonly send: string;
  readonly whatIsSent: string;
  readonly sent: readonly string[];
  readonly whatIsKept: string;
  readonly kept: readonly string[];

  readonly asked: string;
  readonly askedMore: string;
  readonly secretTitle: string;
  readonly secretMore: string;
  readonly secretLabel: string;
  readonly prove: string;

  readonly confirmTitle: string;
  readonly confirm: string;
  readonly confirmed: string;
  readonly confirmedMore: string;

  readonly ownTitle: string;
  /** "To l…@example.com (e-mail)". */
  to(hint: string, channel: string): string;
  readonly change: string;
  readonly changed: string;
  readonly endTitle: string;
  readonly endMore: string;
  readonly end: string;
  readonly ended: string;
  readonly endedMore: string;
  readonly toOwn: string;

  readonly troubles: Readonly<Record<SubscribeTrouble, readonly [sentence: string, more: string]>>;
}
