// Thirty days of P99 in one line, with its words beside it. Pure; prints what trend.ts says. Dots at the top are days whose P99 is
// among the lost ones: a triangle, so that no colour is needed.
/* @jsxImportSource ../jsx */

import { TREND } from "../trend.ts";
import type { TrendView } from "../trend.ts";

/** The picture is decoration for whoever sees it: its summary says all of it. */
export function Trend({ view }: { readonly view: TrendView | null }) {
  if (view === null) return null;
  return (
    <p class="trend">
      <svg viewBox={`0 0 ${TREND.width} ${TREND.height}`} aria-hidden="true" preserveAspectRatio="none">
        <path class="limit" d={`M0 ${view.limitY}H${TREND.width}`} />
        <path class="p99" d={view.path} />
        {view.dots.map(([x, y, isOver]) =>
          isOver ? <path class="over" d={`M${x - 2} ${y + 3}h4l-2-3.5z`} /> : <circle cx={x} cy={y} r="1" />,
        )}
      </svg>
      <span>
        <b>{view.title}</b> {view.summary}
      </span>
    </p>
  );
}
