// What the front page says besides its figures: what is going on, what was promised, what is over. One interface that every language
// fills completely, beside words.ts. Functions take finished texts and return whole phrases. Pure.

export interface FrontWords {
  // Going on
  readonly goingOn: string;
  since(stamp: string, span: string): string;
  /** Good again, and not declared over. */
  readonly restored: string;
  /** The newest public word of a person. */
  said(statement: string, stamp: string): string;
  readonly maintenance: string;
  maintenanceUntil(stamp: string): string;
  maintenanceFrom(from: string, to: string): string;
  readonly untitled: string;
  readonly allRegions: string;
  /** The parts of these were too large for the row: they are on their own page. */
  readonly leftOut: string;

  // Promised
  readonly board: string;
  boardOf(contract: string, period: string): string;
  readonly boardMore: string;
  worstOf(region: string, of: number): string;
  sample(kind: "slots" | "ratio" | "quantile" | "duration", n: string): string;
  /** So many more good ones would prove it. */
  moreNeeded(n: string): string;
  readonly report: string;
  judgedUntil(stamp: string): string;
  /** There was no room in the row for some contracts. */
  readonly boardLeftOut: string;

  // Over
  readonly past: string;
  readonly nonePast: string;
  lasted(span: string): string;
  readonly lessons: string;
  readonly allIncidents: string;

  // Further
  readonly isItMe: string;
  readonly isItMeMore: string;
  readonly howMeasured: string;

  // Thirty days in one line
  trend(name: string): string;
  trendSummary(least: string, most: string, below: number, measured: number, limit: string, missing: number): string;
  trendNothing(days: number): string;

  // Matrix
  /** What the bar in a cell is. */
  heat(limit: string): string;
}
