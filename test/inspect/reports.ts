// Reports of contracts: each is what its hash says, its columns are what its text says, revisions follow each other without a
// gap and each names the one that it corrects, no figure contradicts another, and no amount of money is in any of them.

import { createHash } from "node:crypto";

import type { reports } from "../../schema/d1-tables.ts";
import { canonicalJson } from "../../workers/config/canonical.ts";
import type { Report, SlotsFigures } from "../../workers/sla/report-shape.ts";
import type { Findings } from "./findings.ts";

type ReportRow = typeof reports.$inferSelect;

export function inspectReports(rows: readonly ReportRow[], findings: Findings): void {
  for (const row of rows) {
    findings.count("reports");
    const what = `report ${row.contract} ${row.period} revision ${row.revision}`;
    findings.holds(what, () => inspectReport(what, row, JSON.parse(row.body) as Report, findings));
  }
  const periods = Map.groupBy(rows, (row) => `${row.contract} ${row.period}`);
  for (const [period, own] of periods) inspectRevisions(period, own, findings);
}

function inspectReport(what: string, row: ReportRow, report: Report, findings: Findings): void {
  findings.equal(`${what}: canonical`, canonicalJson(report), row.body);
  findings.equal(`${what}: hash`, createHash("sha256").update(row.body).digest("hex"), row.hash);
  const { contract, period, revision, composed_at, contract_says, verdict, credit } = report;
  findings.equal(
    `${what}: columns`,
    [contract.id, contract.target, period.name, period.from, period.to, revision, composed_at, contract_says, verdict],
    [
      row.contract,
      row.target,
      row.period,
      row.fromAt,
      row.toAt,
      row.revision,
      row.composedAt,
      row.contractSays,
      row.verdict,
    ],
  );
  findings.equal(`${what}: credit`, credit.pct, row.creditPct);
  findings.equal(`${what}: closed`, period.closed, revision > 0);
  if (credit.pct < 0 || credit.pct > credit.terms.capPct) findings.bad(`${what}: credit of ${credit.pct} %`);
  if (/"(fee|owed|amount|currency)"/.test(row.body)) findings.bad(`${what}: speaks of money`);
  let from = period.from;
  for (const segment of report.segments) {
    if (segment.from < from || segment.to > period.to || segment.through > segment.to)
      findings.bad(`${what}: segment of version ${segment.contract_version} lies outside`);
    from = segment.to;
    for (const scope of segment.scopes) {
      for (const each of scope.objectives) {
        const of = `${what}, ${scope.region ?? "all"} ${each.id}`;
        if (each.kind === "duration") continue;
        if (each.kind === "slots") {
          inspectSlots(of, each.figures, findings);
          inspectSlots(`${of} without exclusions`, each.without_exclusions, findings);
          const listed = each.runs.reduce((sum, run) => sum + run.down, 0);
          if (listed > each.figures.down + 1e-9)
            findings.bad(`${of}: runs of ${listed} slots, ${each.figures.down} down`);
        } else {
          const { attempted, bad, evidence } = each.figures;
          if (bad > attempted) findings.bad(`${of}: ${bad} bad of ${attempted}`);
          const [low, high] = [evidence.at_least ?? 0, evidence.at_most ?? 1];
          if (low > high) findings.bad(`${of}: supports from ${low} to ${high}`);
        }
      }
    }
  }
}

function inspectSlots(what: string, figures: SlotsFigures, findings: Findings): void {
  findings.count("availabilities");
  const { counted, down, unmeasured, value, low, high } = figures;
  if (down + unmeasured > counted + 1e-9) findings.bad(`${what}: ${down} + ${unmeasured} of ${counted} slots`);
  if (value !== null && (value < low - 1e-12 || value > high + 1e-12))
    findings.bad(`${what}: ${value} is not within ${low} and ${high}`);
}

function inspectRevisions(period: string, rows: readonly ReportRow[], findings: Findings): void {
  const frozen = rows.filter((row) => row.revision > 0).sort((a, b) => a.revision - b.revision);
  if (frozen.length > 0 && frozen.length < rows.length) findings.bad(`${period}: frozen, and still open`);
  for (const [at, row] of frozen.entries()) {
    findings.equal(`${period}: revision`, row.revision, at + 1);
    const before = frozen[at - 1];
    const replaces = (JSON.parse(row.body) as Report).replaces;
    findings.equal(
      `${period} revision ${row.revision}: replaces`,
      replaces,
      before === undefined ? null : { hash: before.hash, revision: before.revision },
    );
  }
}
