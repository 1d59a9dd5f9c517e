// How the console shows one exclusion: what does not count, why, who said so, and whether it was taken back. Pure; called by
// the pages that list them. A withdrawn record is marked and never left out.

import type { Config } from "../config/config.ts";
import type { ExclusionRecord } from "../sla/records.ts";
import { zoneOf } from "./form.ts";
import { isoOf, stampIn } from "./local-time.ts";
import type { Words } from "./words.ts";

/** An exclusion and the record that takes it back, if there is one. */
export interface Listed {
  readonly record: ExclusionRecord;
  readonly withdrawal: ExclusionRecord | null;
}

/** Exclusions without the withdrawals, each beside its own, the newest first. */
export function listedOf(records: readonly ExclusionRecord[]): readonly Listed[] {
  const withdrawals = new Map(records.map((record) => [record.withdraws, record]));
  return records
    .filter(({ withdraws }) => withdraws === null)
    .map((record) => ({ record, withdrawal: withdrawals.get(record.id) ?? null }))
    .sort((a, b) => b.record.id - a.record.id);
}

export function At({ at, zone }: { readonly at: number; readonly zone: string }) {
  return <time datetime={isoOf(at)}>{stampIn(at, zone)}</time>;
}

interface CardProps {
  readonly words: Words;
  readonly config: Config;
  readonly listed: Listed;
  /** Whether it may be withdrawn from here. */
  readonly isOpen: boolean;
}

export function ExclusionCard({ words, config, listed, isOpen }: CardProps) {
  const { record, withdrawal } = listed;
  const zone = zoneOf(config, record.contract);
  const regions = record.regions === null ? words.allRegions : record.regions.join(", ");
  return (
    <li class={withdrawal === null ? "card" : "card gone"} id={`r${record.id}`}>
      <h2>
        {words.record(record.id)}
        {words.colon}
        {words.types[record.type]}
      </h2>
      {withdrawal !== null && (
        <p class="bad">
          {words.withdrawn(withdrawal.id, withdrawal.author, stampIn(withdrawal.recordedAt, zone))}
          {words.colon}
          {withdrawal.reason}
        </p>
      )}
      <p>
        <At at={record.fromAt} zone={zone} /> – <At at={record.toAt} zone={zone} />
      </p>
      <p>
        {record.contract === null ? words.everyContract(record.target) : `${record.target}, ${record.contract}`}
        {words.semicolon}
        {regions}
      </p>
      <p>{record.reason}</p>
      <p class="soft">
        {record.announcedAt === null ? words.notAnnounced : words.announced(stampIn(record.announcedAt, zone))}
        {words.semicolon}
        {words.by(record.author, stampIn(record.recordedAt, zone))}
      </p>
      {record.proof !== null && (
        <p class="soft">
          {words.proof}
          {words.colon}
          {record.proof.where}, SHA-256 <code>{record.proof.sha256}</code>
        </p>
      )}
      {isOpen && withdrawal === null && (
        <p>
          <a href={`/ops/exclusions/${record.id}/withdraw`}>{words.withdrawOf(record.id)}</a>
        </p>
      )}
    </li>
  );
}

/** One line of an overview. */
export function ExclusionLine({ words, config, listed }: Omit<CardProps, "isOpen">) {
  const { record, withdrawal } = listed;
  const zone = zoneOf(config, record.contract);
  return (
    <li>
      <a href={`/ops/exclusions?before=${record.id + 1}#r${record.id}`}>{words.record(record.id)}</a>
      <span>{words.types[record.type]}</span>
      <span>{record.contract === null ? words.everyContract(record.target) : record.contract}</span>
      <span>
        <At at={record.fromAt} zone={zone} /> – <At at={record.toAt} zone={zone} />
      </span>
      {withdrawal !== null && (
        <span class="bad">
          {words.withdrawn(withdrawal.id, withdrawal.author, stampIn(withdrawal.recordedAt, zone))}
        </span>
      )}
    </li>
  );
}
