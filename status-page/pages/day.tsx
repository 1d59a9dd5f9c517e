// The page of one day of a region: its minutes as a heat map, its sums, when it was down, its hours, and each minute's counts. Pure;
// prints what history-days.ts says.
/* @jsxImportSource ../jsx */

import { raw } from "hono/html";

import type { DayView, HourView } from "../history-days.ts";
import type { SectionView } from "../history-view.ts";
import { BandKey, HeatKey, Section, Sums } from "../parts/history-parts.tsx";
import type { HistoryWords } from "../words/history-words.ts";
import { PastLayout } from "./history.tsx";
import type { PastFrame } from "./history.tsx";

interface DayProps extends PastFrame {
  readonly view: DayView;
  readonly latency: SectionView;
  readonly ok: string;
  /** Hours that lie in two days have no percentiles here. */
  readonly cut: boolean;
  readonly otherRule: boolean;
}

/** Counts are of each minute of a stretch, not of all of it. */
function Minutes({ hour, said }: { readonly hour: HourView; readonly said: HistoryWords }) {
  const { scheduled, ok, lost, refused, notSent } = said.countHeads;
  return (
    <details>
      <summary>{hour.name}</summary>
      <div class="scroll" tabindex={0} role="region" aria-label={hour.name}>
        <table>
          <caption class="hidden">{hour.name}</caption>
          <thead>
            <tr>
              {[said.heads.minutes, said.heads.state, scheduled, ok, lost, refused, notSent].map((head) => (
                <th scope="col">{head}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {hour.runs.map(({ when, state, counts }) => (
              <tr>
                <th scope="row">{when}</th>
                <td>{state}</td>
                {counts === null ? <td colspan={5}>–</td> : counts.map((n) => <td>{n}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function DownTimes({ view, said }: { readonly view: DayView; readonly said: HistoryWords }) {
  if (!view.measured) return null;
  return (
    <>
      <h2>{said.downTimes}</h2>
      {view.down.length === 0 && <p>{said.noDownTimes}</p>}
      <ul class="list">
        {view.down.map(({ when, span, open }) => (
          <li>
            <b>{when}</b> · {span}
            {open ? ` · ${said.goesOn}` : ""}
          </li>
        ))}
      </ul>
    </>
  );
}

export function DayPage(props: DayProps) {
  const { view, latency, ok, cut, otherRule, said, frame } = props;
  const { words } = frame;
  return (
    <PastLayout {...props}>
      <h2>{said.totals}</h2>
      {view.sums === null ? (
        <p>{said.nothingScheduled}</p>
      ) : (
        <Sums words={words} said={said} cells={view.sums} ok={ok} />
      )}
      <h2>{said.minutes}</h2>
      <div class="plot" tabindex={0} role="region" aria-label={said.minutes}>
        {raw(view.heat)}
      </div>
      <HeatKey said={said} />
      <p>{view.summary}</p>
      {otherRule && <p class="soft">{said.otherRule}</p>}
      <DownTimes view={view} said={said} />
      <h2>{latency.title}</h2>
      <Section view={latency} first={said.heads.hour} ok={ok} words={words} said={said} />
      <BandKey said={said} />
      <p class="soft">{cut ? said.cutHours : said.merged}</p>
      <details>
        <summary>{said.minuteTable}</summary>
        {view.hours
          .filter(({ runs }) => runs.length > 0)
          .map((hour) => (
            <Minutes hour={hour} said={said} />
          ))}
      </details>
    </PastLayout>
  );
}
