// /ops/tickets: what happened to the tickets of each contract and what their clocks say, and the form that records what happened
// next. Pure: reading and writing are given. Clocks are computed on read; none is ever written.

import type { Contract } from "../config/contracts/contract.ts";
import { readTicketEvents } from "../sla/record-input.ts";
import type { TicketEvent } from "../sla/records.ts";
import { Form, SelectField, TextField, TimeField } from "./fields.tsx";
import { CHOICES, type FieldError, type Filled, instantOf, typed, zonesOf } from "./form.ts";
import { type OpsPage, readOrNull, type Shown, type Visit } from "./ops-page.ts";
import { recordFilled } from "./recording.ts";
import { refused } from "./refused.tsx";
import { TicketCard, ticketsOf } from "./ticket-parts.tsx";

const PATH = "/ops/tickets";
/** Of one contract; open ones come first. */
const SHOWN_MAX = 50;

export const ticketsPage: OpsPage = {
  match: /^\/ops\/tickets\/?$/,
  menu: { path: PATH, name: "tickets" },

  async get(visit): Promise<Shown> {
    const { words, config, records, url } = visit;
    const wanted = url.searchParams;
    const ids = [...new Set(config.contracts.map(({ id }) => id))];
    const lists = await Promise.all(
      ids.map(async (id) => {
        const events = await readOrNull(visit, `tickets of ${id}`, records.ticketEventsOf(id));
        return { versions: config.contracts.filter((each) => each.id === id), events };
      }),
    );
    const recorded = Number(wanted.get("recorded") ?? Number.NaN);
    const isRecorded = lists.some(({ events }) => events?.some(({ id }) => id === recorded) ?? false);
    const values = new URLSearchParams();
    for (const name of ["contract", "ticket"]) values.set(name, wanted.get(name) ?? "");
    const filled: Filled = { key: visit.freshKey(), values, errors: [] };
    const body = (
      <>
        {isRecorded && (
          <p class="notice" role="status">
            {words.recorded(recorded)}
          </p>
        )}
        <h1>{words.menu.tickets}</h1>
        <details open={wanted.has("ticket")}>
          <summary>{words.recordTicket}</summary>
          <TicketForm visit={visit} filled={filled} />
        </details>
        {lists.map(({ versions, events }) => (
          <ContractTickets visit={visit} versions={versions} events={events} />
        ))}
      </>
    );
    const isWhole = lists.every(({ events }) => events !== null);
    return { status: isWhole ? 200 : 503, title: words.menu.tickets, body };
  },

  async post(visit, values) {
    const { words, config, who, now, records } = visit;
    const errors: FieldError[] = [];
    const body = bodyOf(visit, values, errors);
    const recorded = await recordFilled(visit, values, {
      errors,
      read: (messageId) => readTicketEvents({ ...body, author: who, key: messageId }, { config, now, messageId }),
      append: records.appendTicketEvents,
      about: false,
    });
    if (recorded.ok) return { seeOther: `${PATH}?recorded=${recorded.id}` };
    return refused(words, words.recordTicket, recorded, <TicketForm visit={visit} filled={recorded.filled} />);
  },
};

/** As the API takes it, but for author and key. */
function bodyOf({ config, words }: Visit, values: URLSearchParams, errors: FieldError[]): Record<string, unknown> {
  return {
    contract: typed(values, "contract"),
    ticket: typed(values, "ticket"),
    kind: typed(values, "kind"),
    at: instantOf(values, "at", zonesOf(config), words, errors),
    severity: typed(values, "severity") ?? null,
    waiting: typed(values, "waiting") ?? null,
    by: typed(values, "by"),
    note: typed(values, "note"),
  };
}

interface ContractTicketsProps {
  readonly visit: Visit;
  readonly versions: readonly Contract[];
  /** Null: they cannot be read now. */
  readonly events: readonly TicketEvent[] | null;
}

function ContractTickets({ visit, versions, events }: ContractTicketsProps) {
  const { words, now } = visit;
  const newest = versions.at(-1);
  if (newest === undefined) return null;
  const tickets = events === null ? [] : ticketsOf(versions, events, now);
  const shown = tickets.slice(0, SHOWN_MAX);
  return (
    <section>
      <h2>
        {newest.label[words.language]} ({newest.id})
      </h2>
      {events === null && <p class="problems">{words.unreadable}</p>}
      {events !== null && tickets.length === 0 && <p>{words.none}</p>}
      {shown.length < tickets.length && <p>{words.newestOf(shown.length, tickets.length)}</p>}
      <ul>
        {shown.map((ticket) => (
          <TicketCard words={words} contract={newest} ticket={ticket} />
        ))}
      </ul>
    </section>
  );
}

function TicketForm({ visit, filled }: { readonly visit: Visit; readonly filled: Filled }) {
  const { words, config } = visit;
  const both = { words, filled };
  const newest = new Map(config.contracts.map((contract) => [contract.id, contract]));
  const contracts = [...newest.values()].map(({ id, label }) => ({
    value: id,
    label: `${label[words.language]} (${id})`,
  }));
  return (
    <Form {...both} action={PATH} button={words.save}>
      <SelectField {...both} name="contract" choices={contracts} />
      <TextField {...both} name="ticket" max={100} />
      <SelectField
        {...both}
        name="kind"
        choices={CHOICES.kind.map((value) => ({ value, label: words.kinds[value] }))}
      />
      <TimeField {...both} name="at" zones={zonesOf(config)} />
      <SelectField
        {...both}
        name="severity"
        choices={CHOICES.severity.map((value) => ({ value, label: words.severities[value] }))}
        optional
      />
      <SelectField
        {...both}
        name="waiting"
        choices={CHOICES.waiting.map((value) => ({ value, label: words.waits[value] }))}
        optional
      />
      <SelectField {...both} name="by" choices={CHOICES.by.map((value) => ({ value, label: words.bys[value] }))} />
      <TextField {...both} name="note" max={2_000} optional />
    </Form>
  );
}
