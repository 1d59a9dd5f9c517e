// What was read of reports, kept for seconds in this isolate. Pure but for its memory. Holds no promise: one of another
// request may never settle. Called by sla-routes.tsx.

import type { PageBindings } from "./front.ts";
import type { ReportHead, SlaReader, StoredReport } from "./sla.ts";

/** As long as a browser keeps a page: max-age of headers.ts. */
export const KEPT_MS = 5000;
/** A report of seven regions has about 50 kB: 3 MB of the 128 that an isolate has. */
const MAX_KEPT = 64;

function memory<Value>(now: () => number): (key: string, read: () => Promise<Value>) => Promise<Value> {
  const kept = new Map<string, { readonly at: number; readonly value: Value }>();
  return async (key, read) => {
    const found = kept.get(key);
    const at = now();
    if (found !== undefined && at - found.at < KEPT_MS && at >= found.at) return found.value;
    // A failed read leaves no trace: the next visitor asks again.
    const value = await read();
    kept.delete(key);
    kept.set(key, { at, value });
    for (const oldest of kept.keys()) {
      if (kept.size <= MAX_KEPT) break;
      kept.delete(oldest);
    }
    return value;
  };
}

/** A reader that asks the other one at most once in KEPT_MS for the same thing. */
export function rememberedReports(reader: SlaReader, now: () => number): SlaReader {
  const heads = memory<readonly ReportHead[]>(now);
  const periods = memory<readonly ReportHead[]>(now);
  const reports = memory<StoredReport | null>(now);
  return {
    heads: (env: PageBindings) => heads("", () => reader.heads(env)),
    periods: (env, contract) => periods(contract, () => reader.periods(env, contract)),
    report: (env, contract, period, revision) =>
      reports(`${contract} ${period ?? ""} ${revision ?? ""}`, () => reader.report(env, contract, period, revision)),
  };
}
