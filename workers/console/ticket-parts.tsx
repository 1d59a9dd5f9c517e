// How the console shows one ticket: what happened, in the order of its happening, and what each clock says now. Pure; called by
// the pages that list tickets.

import type { Contract } from "../config/contracts/contract.ts";
import type { ClockReading, TicketEvent } from "../sla/records.ts";
import { readClocks } from "../sla/support.ts";
import { At } from "./exclusion-parts.tsx";
import { stampIn } from "./local-time.ts";
import type { Words } from "./words.ts";

interface Ticket {
  readonly id: string;
  /** Ascending by when they happened. */
  readonly events: readonly TicketEvent[];
  readonly readings: readonly ClockReading[];
  /** Neither closed, nor only spoken of before its opening. */
  readonly isOpen: boolean;
  readonly isOpened: boolean;
}

/** Of one contract, whose `versions` ascend: open ones first, then by what happened last, the newest first. */
export function ticketsOf(
  versions: readonly Contract[],
  events: readonly TicketEvent[],
  now: number,
): readonly Ticket[] {
  const readings = readClocks(versions, events, now);
  const ascending = [...events].sort((a, b) => a.at - b.at || a.id - b.id);
  const tickets = [...new Set(ascending.map(({ ticket }) => ticket))].map((id): Ticket => {
    const own = ascending.filter(({ ticket }) => ticket === id);
    const last = own.findLast(({ kind }) => kind === "closed" || kind === "reopened");
    return {
      id,
      events: own,
      readings: readings.filter((reading) => reading.ticket === id),
      isOpen: last?.kind !== "closed",
      isOpened: own.some(({ kind }) => kind === "opened"),
    };
  });
  const lastAt = ({ events: own }: Ticket): number => own.at(-1)?.at ?? 0;
  return tickets.sort((a, b) => Number(b.isOpen) - Number(a.isOpen) || lastAt(b) - lastAt(a));
}

const TINT: Readonly<Record<ClockReading["verdict"], string>> = { kept: "good", missed: "bad", running: "" };

interface TicketProps {
  readonly words: Words;
  readonly contract: Contract;
  readonly ticket: Ticket;
}

/** What each clock says; `runningOnly`: those that nothing has stopped yet. */
function Clocks({ words, contract, ticket, runningOnly }: TicketProps & { readonly runningOnly: boolean }) {
  const shown = ticket.readings.filter(({ stoppedAt }) => !runningOnly || stoppedAt === null);
  if (!ticket.isOpened) return <p class="soft">{words.neverOpened}</p>;
  if (ticket.readings.length === 0) return <p class="soft">{words.noClocks}</p>;
  return (
    <ul class="rows">
      {shown.map(({ severity, clock, verdict, countedMs, targetMs, dueAt }) => (
        <li>
          <b>
            {severity} {words.clocks[clock]}
          </b>
          <span class={TINT[verdict]}>{words.readings[verdict]}</span>
          <span>{words.counted(words.span(countedMs), words.span(targetMs))}</span>
          {verdict !== "kept" && (
            <span>{dueAt === null ? words.notDue : words.dueAt(stampIn(dueAt, contract.period.zone))}</span>
          )}
        </li>
      ))}
    </ul>
  );
}

const formOf = ({ contract, ticket }: TicketProps): string =>
  `/ops/tickets?${new URLSearchParams({ contract: contract.id, ticket: ticket.id }).toString()}`;

export function TicketCard(props: TicketProps) {
  const { words, contract, ticket } = props;
  return (
    <li class="card">
      <h3>
        {ticket.id} ({ticket.isOpen ? words.ticketOpen : words.ticketClosed})
      </h3>
      <Clocks {...props} runningOnly={false} />
      <ul class="rows more">
        {ticket.events.map(({ id, at, kind, severity, waiting, by, author, note, recordedAt }) => (
          <li id={`r${id}`}>
            <At at={at} zone={contract.period.zone} />
            <b>
              {[words.kinds[kind], severity ?? "", waiting === null ? "" : words.waits[waiting]]
                .filter((part) => part !== "")
                .join(", ")}
              {by === "automatic" && ` (${words.automatic})`}
            </b>
            {note !== "" && <span>{note}</span>}
            <span class="soft">
              {words.record(id)}, {words.by(author, stampIn(recordedAt, contract.period.zone))}
            </span>
          </li>
        ))}
      </ul>
      <p class="more">
        <a href={formOf(props)} aria-label={`${words.addEvent}${words.colon}${ticket.id}`}>
          {words.addEvent}
        </a>
      </p>
    </li>
  );
}

/** One entry of an overview. */
export function OpenTicket(props: TicketProps) {
  const { contract, ticket } = props;
  return (
    <li class="card">
      <h3>
        <a href={formOf(props)}>{ticket.id}</a> ({contract.id})
      </h3>
      <Clocks {...props} runningOnly />
    </li>
  );
}
