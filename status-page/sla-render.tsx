// From reports to the bytes of a page. Pure: the same report gives the same bytes, there is no "now" on it. Called by
// sla-routes.tsx.

import { createHash } from "node:crypto";

import { PlainPage } from "./pages/plain.tsx";
import { ListPage } from "./pages/sla-list.tsx";
import { ReportPage } from "./pages/sla-report.tsx";
import type { Frame } from "./parts/layout.tsx";
import { toBytes } from "./render.tsx";
import type { Rendering } from "./renderings.ts";
import { listView, periodRows } from "./sla-list.ts";
import type { Listed } from "./sla-list.ts";
import { reportView } from "./sla-view.ts";
import { parseMoney } from "./sla.ts";
import type { ReportHead, StoredReport } from "./sla.ts";
import { slaWordsOf } from "./words/languages.ts";

// Of the bytes themselves: a frozen report that a newer version of this page shows differently is another answer.
function rendering(bytes: Uint8Array, ...parts: readonly string[]): Rendering {
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  return { bytes, etag: `W/"${[...parts, digest].join("-")}"` };
}

/** The list of contracts, as far as this visitor may see them. */
export function renderList(frame: Frame, listed: readonly Listed[]): Rendering {
  const { words } = frame;
  const sla = slaWordsOf(words.language);
  if (listed.length === 0) {
    return rendering(toBytes(<PlainPage {...frame} sentence={sla.none} more={sla.noneMore} notice={null} />));
  }
  return rendering(toBytes(<ListPage {...frame} view={listView(listed, words, sla)} sla={sla} />), words.language);
}

export interface ReportInput {
  readonly frame: Frame;
  readonly stored: StoredReport;
  /** Every revision of every period. */
  readonly heads: readonly ReportHead[];
  /** The visitor was let in by the guard, and the contract's page is only for those. Else no amount is printed. */
  readonly letIn: boolean;
}

/** One report. Throws SlaUnreadable where its amounts are to be shown and cannot be read. */
export function renderReport({ frame, stored, heads, letIn }: ReportInput): Rendering {
  const { words } = frame;
  const sla = slaWordsOf(words.language);
  const { report, hash, contract, period, revision } = stored;
  const money = letIn ? parseMoney(stored) : null;
  const base = `/${words.language}/sla/${encodeURIComponent(contract)}`;
  const page = (
    <ReportPage
      {...frame}
      view={reportView({ report, hash, money, words, sla })}
      sla={sla}
      periods={periodRows(heads, { period, revision, zone: report.period.zone }, words, sla)}
      files={{
        report: `${base}/${encodeURIComponent(period)}`,
        // What is frozen is linked as what it is; an open period's link goes on to mean the newest.
        query: revision === 0 ? "" : `?revision=${revision}`,
        contract: base,
      }}
    />
  );
  return rendering(toBytes(page), hash.slice(0, 16), words.language);
}
