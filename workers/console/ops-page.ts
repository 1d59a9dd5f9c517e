// What a page of the console is and what it is given. Shapes only: the door `ops.entry.tsx` makes the visits and knows the
// pages, each page is one file. A new one is its file, its line in the door's list, and its words.

import type { Child } from "hono/jsx";

import type { Config } from "../config/config.ts";
import type { NewExclusion, NewTicketEvent } from "../sla/record-input.ts";
import type { ExclusionRecord, TicketEvent } from "../sla/records.ts";
import type { ContractSays, Verdict } from "../sla/report-shape.ts";
import type { FleetDesk } from "./fleet-desk.ts";
import type { IncidentDesk } from "./incident-desk.ts";
import type { Words } from "./words.ts";

/** As the store answers. `ok` false: a key that stands for something else, or a record that was withdrawn meanwhile. */
export type Outcome =
  | { readonly ok: true; readonly recorded: readonly { readonly id: number; readonly repeated: boolean }[] }
  | { readonly ok: false };

/** What the console needs of `sla/records.store.ts`. Everything rejects when the database does not answer. */
export interface Records {
  exclusionsOf(...targets: string[]): Promise<readonly ExclusionRecord[]>;
  ticketEventsOf(contract: string): Promise<readonly TicketEvent[]>;
  appendExclusions(records: readonly NewExclusion[]): Promise<Outcome>;
  appendTicketEvents(events: readonly NewTicketEvent[]): Promise<Outcome>;
}

/** The newest verdict on a contract. */
export interface NewestVerdict {
  readonly contract: string;
  readonly period: string;
  /** 0: the period is open. */
  readonly revision: number;
  readonly contractSays: ContractSays;
  readonly verdict: Verdict;
}

/** One request of somebody who was let in. */
export interface Visit {
  readonly words: Words;
  readonly config: Config;
  /** The author of whatever is recorded. */
  readonly who: string;
  readonly now: number;
  readonly url: URL;
  readonly records: Records;
  readonly verdicts: () => Promise<readonly NewestVerdict[]>;
  /** Maintenance, probers, those on duty. */
  readonly fleet: FleetDesk;
  readonly incidents: IncidentDesk;
  /** What people wrote in Markdown, as the public pages print it; `below`: the level of the heading above it. */
  readonly prose: (text: string, below: 2 | 3) => Child;
  /** A key that nobody has, for a form that is not sent yet. */
  readonly freshKey: () => string;
  /** For the log. */
  readonly report: (problem: string) => void;
  /** Told after something new was recorded. */
  readonly onRecorded: () => void;
}

export interface Shown {
  readonly status: 200 | 404 | 409 | 422 | 503;
  readonly title: string;
  readonly body: Child;
}

/** Where to look after something was recorded. */
export interface SeeOther {
  readonly seeOther: string;
}

export interface OpsPage {
  /** Of the whole path. */
  readonly match: RegExp;
  /** Of what a form may send; left out: as the door has it. */
  readonly bytesMax?: number;
  /** Its place in the menu; null: it has none. */
  readonly menu: { readonly path: string; readonly name: keyof Words["menu"] } | null;
  /** `found`: what the groups of `match` have caught. */
  get(visit: Visit, found: readonly string[]): Promise<Shown>;
  /** Left out: there is nothing to record. */
  post?(visit: Visit, values: URLSearchParams, found: readonly string[]): Promise<Shown | SeeOther>;
}

/** What was read; null where the database failed, which the page has to say. */
export async function readOrNull<T>(visit: Visit, what: string, read: Promise<T>): Promise<T | null> {
  try {
    return await read;
  } catch (problem) {
    visit.report(`${what} cannot be read: ${String(problem)}`);
    return null;
  }
}
