// What the shapes of our API are made of: named schemas for the document, units, and figures that stand in many answers. Pure. Called
// by shapes.ts (now), shapes-rows.ts (history) and shapes-told.ts (verdicts, incidents).

import { z } from "zod";

/** Schemas that have a name in the document. */
export const NAMED = z.registry<{ id: string }>();

export function named<Schema extends z.ZodType>(id: string, schema: Schema): Schema {
  NAMED.add(schema, { id });
  return schema;
}

export const at = (what: string) => z.int().describe(`${what}, ms since the epoch`);
export const count = (what: string) => z.int().describe(what);
export const ms = (what: string) => z.number().describe(`${what}, ms`);
export const label = z.object({ en: z.string(), zh: z.string() });
export const next = z.string().nullable().describe("Address of what follows, on this origin; null: this is all");

const QUANTILE = named(
  "quantile",
  z
    .union([
      z.number().describe("Whole ms"),
      z.object({ over_ms: z.number().describe("The rank falls among lost or refused messages: longer than this, ms") }),
      z.null().describe("Too few samples: 5 for P50, 59 for P95, 299 for P99"),
    ])
    .describe("A percentile of merged histograms, never an average of percentiles"),
);

export const LATENCY = named(
  "latency",
  z.object({
    samples: count("Delivered, lost and refused together: what the percentiles are ranked over"),
    p50: QUANTILE,
    p95: QUANTILE,
    p99: QUANTILE,
    max_ms: ms("Largest delivered; null: none was, or it is not kept of this").nullable(),
  }),
);

export const outcomes = {
  ok: count("Delivered, acknowledged or accepted: see `ok_means`"),
  lost: count("Sent, and not there by the deadline"),
  error: count("Refused"),
  not_sent: count("Due, and not sent on the fleet's own account: proves nothing"),
};

export const oddities = {
  duplicate: count("Came more than once"),
  reordered: count("Came after one that was sent later"),
  corrupt: count("Came changed"),
};
