// The page's way to the object that knows the subscribers. What it answers is plain data. Rejects when it does not answer in time: then
// nothing is known of what was asked. Given to app.tsx by main.entry.ts.

import { HERALD } from "../workers/alerts/subscription.ts";
import type { HeraldDesk } from "../workers/alerts/subscription.ts";
import { outside, within } from "../workers/outside.ts";
import type { PageBindings } from "./front.ts";

/** A webhook has fifteen seconds to prove itself. */
const ANSWER_MS = 25_000;

/** Null: this Worker has no such object. */
export function heraldDesk({ HERALD: heralds }: PageBindings): HeraldDesk | null {
  if (heralds === undefined) return null;
  const herald = heralds.get(heralds.idFromName(HERALD)) as HeraldDesk;
  const soon = <T>(answer: Promise<T>): Promise<T> => within(outside, ANSWER_MS, "herald", Promise.resolve(answer));
  return {
    ask: (asked, visitor) => soon(herald.ask(asked, visitor)),
    unconfirmed: (text) => soon(herald.unconfirmed(text)),
    confirm: (text) => soon(herald.confirm(text)),
    show: (text) => soon(herald.show(text)),
    change: (text, choice) => soon(herald.change(text, choice)),
    end: (text) => soon(herald.end(text)),
  };
}
