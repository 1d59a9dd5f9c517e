// What the page /here and the widget say, as one interface that every language fills completely. Pure.

import type { Verdict } from "../here-view.ts";

interface OthersCount {
  readonly bad: number;
  readonly up: number;
  readonly unseen: number;
  readonly of: number;
}

export interface HereWords {
  /** The page's name. */
  readonly title: string;
  /** The heading, once the region is known. */
  seenFrom(region: string): string;
  readonly chooseFirst: string;
  readonly chooseMore: string;
  readonly chooseOther: string;
  byCoordinates(country: string | null, km: string | null): string;
  byContinent(country: string | null): string;
  readonly byChoice: string;
  readonly notKept: string;
  readonly verdicts: Readonly<Record<Verdict, string>>;
  others(count: OthersCount): string;
  until(stamp: string): string;
  readonly notHere: string;

  // The widget
  readonly openPage: string;
  andMore(n: number): string;
}
