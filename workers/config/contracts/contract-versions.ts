// Sees that the versions of one contract follow each other: own numbers, ascending days, one target, one kind of page, one zone. Pure;
// called by `contracts.ts`.

import { dayBefore } from "../dates.ts";
import type { Path, Report } from "../problems.ts";
import type { Contract } from "./contract.ts";

/** A contract and the entry that it was written in. */
export interface WrittenContract {
  readonly contract: Contract;
  readonly path: Path;
}

/** By id in the order of the configuration, then by version; reports versions that do not follow each other. */
export function inOrder(all: readonly WrittenContract[], report: Report): readonly Contract[] {
  const byId = Map.groupBy(all, ({ contract }) => contract.id);
  return [...byId.values()].flatMap((versions) => {
    reportUnlike(versions, report);
    const sorted = versions.toSorted((a, b) => a.contract.version - b.contract.version);
    sorted.forEach((one, index) => {
      const before = sorted[index - 1];
      if (before !== undefined) reportAfter(before.contract, one, report);
    });
    return sorted.map(({ contract }) => contract);
  });
}

function reportUnlike(versions: readonly WrittenContract[], report: Report): void {
  const [first, ...rest] = versions;
  if (first === undefined) return;
  const { target, page, id, period } = first.contract;
  for (const { contract, path } of rest) {
    if (contract.target !== target) {
      const mend = `write target: "${target}", or give this contract its own id`;
      const problem = `is not the target of the other versions of "${id}": one promise is about one service`;
      report.add([...path, "target"], contract.target, { problem, mend });
    }
    if (contract.page !== page) {
      const mend = `write page: "${page}" in all versions`;
      const problem = `is not the page of the other versions of "${id}": older ones would be shown to others`;
      report.add([...path, "page"], contract.page, { problem, mend });
    }
    // The midnights of two zones may lie within one slot: it would belong to neither version.
    if (contract.period.zone !== period.zone) {
      const mend = `write period: { zone: "${period.zone}" }, or write another id for a contract in another zone`;
      const problem = `is not the zone of the other versions of "${id}" (${period.zone}): their days begin at other times`;
      report.add([...path, "period", "zone"], contract.period.zone, { problem, mend });
    }
  }
}

function reportAfter(before: Contract, { contract, path }: WrittenContract, report: Report): void {
  const { version, effective } = contract;
  if (version === before.version) {
    const mend = `write version: ${version + 1}, with effective: { from } the day that it begins`;
    report.add([...path, "version"], version, { problem: `stands here twice for "${contract.id}"`, mend });
    return;
  }
  const entry = [...path, "effective", "from"];
  if (effective.from <= before.effective.from) {
    const problem = `is not after ${before.effective.from}, when version ${before.version} begins`;
    report.add(entry, effective.from, { problem, mend: "write the day on which this version takes over" });
    return;
  }
  if (before.effective.to === null || before.effective.to < effective.from) return;
  const problem = `is not after ${before.effective.to}, the last day of version ${before.version}: both would hold`;
  const mend = `write a later day, or effective: { to: "${dayBefore(effective.from)}" } in version ${before.version}`;
  report.add(entry, effective.from, { problem, mend });
}
