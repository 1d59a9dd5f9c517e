// What the page about our API can say, as one interface that every language fills completely, beside words.ts. Pure; called by the page
// /api; the English one is what the OpenAPI document says, too.

import type { Parameter } from "../api/asked.ts";
import type { RouteId } from "../api/routes.ts";

export interface ApiWords {
  readonly title: string;
  readonly lead: string;
  readonly document: string;
  readonly rules: string;
  /** A sentence each; `code` stands between backticks. */
  readonly laws: readonly string[];
  rates(limit: number, streams: number, periodS: number): string;
  readonly addresses: string;
  readonly elsewhere: string;
  /** [address, what it is] of what is not below /api/v1. */
  readonly others: readonly (readonly [path: string, about: string])[];
  readonly heads: {
    readonly parameter: string;
    readonly meaning: string;
    readonly examples: string;
    readonly formats: string;
    readonly cost: string;
  };
  readonly routes: Readonly<Record<RouteId, { readonly summary: string; readonly about: string }>>;
  readonly parameters: Readonly<Record<Parameter, string>>;
  /** Rows of D1 that one request reads. */
  readonly costs: Readonly<Record<RouteId, string>>;
}
