// Percentiles of one period, judged against a limit, or why there are none. Pure.
/* @jsxImportSource ../jsx */

import type { LatencyView } from "../figures.ts";
import { Judged } from "./icon.tsx";

export function Latency({ view }: { readonly view: LatencyView | null }) {
  if (view === null) return <span class="soft">–</span>;
  const last = view.quantiles.at(-1);
  return (
    <>
      {view.quantiles.length > 0 && (
        <div class="q">
          {view.quantiles.map((q) => (
            <span title={q.why ?? undefined}>
              <b>{q.name}</b> <strong>{q.text}</strong>
            </span>
          ))}
        </div>
      )}
      {last !== undefined && last.judged !== null && last.ok !== null && (
        <Judged sign={last.ok ? "met" : "breached"} text={`${last.name} ${last.judged}`} />
      )}
      {view.without !== null && <small>{view.without}</small>}
    </>
  );
}
