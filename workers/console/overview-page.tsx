// /ops: what stands and what is due, on one page: the incidents that are not over, each contract with its newest verdict, the
// newest exclusions, the open tickets with their clocks. Pure: reading is given. What cannot be read is said to be unreadable,
// never to be none.

import type { Contract } from "../config/contracts/contract.ts";
import { ExclusionLine, listedOf } from "./exclusion-parts.tsx";
import { LiveIncidents, readLive } from "./incident-parts.tsx";
import { type NewestVerdict, type OpsPage, readOrNull, type Shown, type Visit } from "./ops-page.ts";
import { OpenTicket, ticketsOf } from "./ticket-parts.tsx";

const EXCLUSIONS_MAX = 20;

export const overviewPage: OpsPage = {
  match: /^\/ops\/?$/,
  menu: { path: "/ops", name: "overview" },

  async get(visit): Promise<Shown> {
    const { words, config, records } = visit;
    const newest = new Map(config.contracts.map((contract) => [contract.id, contract]));
    const [live, verdicts, exclusions, events] = await Promise.all([
      readLive(visit),
      readOrNull(visit, "verdicts", visit.verdicts()),
      readOrNull(visit, "exclusions", records.exclusionsOf(...config.targets.map(({ id }) => id))),
      readOrNull(visit, "tickets", Promise.all([...newest.keys()].map((id) => records.ticketEventsOf(id)))),
    ]);
    const body = (
      <>
        <h1>{words.menu.overview}</h1>
        <LiveIncidents visit={visit} live={live} />
        <h2>{words.contracts}</h2>
        <ul>
          {[...newest.values()].map((contract) => (
            <ContractCard visit={visit} contract={contract} verdicts={verdicts} />
          ))}
        </ul>
        {newest.size === 0 && <p>{words.none}</p>}
        <h2>{words.lastExclusions}</h2>
        {exclusions === null ? <Unreadable visit={visit} /> : <NewestExclusions visit={visit} records={exclusions} />}
        <h2>{words.openTickets}</h2>
        {events === null ? <Unreadable visit={visit} /> : <OpenTickets visit={visit} events={events.flat()} />}
      </>
    );
    const isWhole = live.unread.length === 0 && verdicts !== null && exclusions !== null && events !== null;
    return { status: isWhole ? 200 : 503, title: words.menu.overview, body };
  },
};

function Unreadable({ visit }: { readonly visit: Visit }) {
  return <p class="problems">{visit.words.unreadable}</p>;
}

interface ContractCardProps {
  readonly visit: Visit;
  readonly contract: Contract;
  readonly verdicts: readonly NewestVerdict[] | null;
}

function ContractCard({ visit, contract, verdicts }: ContractCardProps) {
  const { words } = visit;
  const newest = verdicts?.find((each) => each.contract === contract.id);
  return (
    <li class="card">
      <h3>
        <a href={`/${words.language}/sla/${contract.id}`}>
          {contract.label[words.language]} ({contract.id})
        </a>
      </h3>
      {verdicts === null && <Unreadable visit={visit} />}
      {verdicts !== null && newest === undefined && <p>{words.notJudged}</p>}
      {newest !== undefined && (
        <>
          <p>{words.period(newest.period, newest.revision === 0)}</p>
          <dl class="facts">
            <dt>{words.says}</dt>
            <dd>{words.contractSays[newest.contractSays]}</dd>
            <dt>{words.word}</dt>
            <dd>{words.verdicts[newest.verdict]}</dd>
          </dl>
        </>
      )}
    </li>
  );
}

function NewestExclusions({
  visit,
  records,
}: {
  readonly visit: Visit;
  readonly records: Parameters<typeof listedOf>[0];
}) {
  const { words, config } = visit;
  const listed = listedOf(records).slice(0, EXCLUSIONS_MAX);
  if (listed.length === 0) return <p>{words.none}</p>;
  return (
    <ul class="rows">
      {listed.map((each) => (
        <ExclusionLine words={words} config={config} listed={each} />
      ))}
    </ul>
  );
}

function OpenTickets({ visit, events }: { readonly visit: Visit; readonly events: Parameters<typeof ticketsOf>[1] }) {
  const { words, config, now } = visit;
  const open = [...new Set(config.contracts.map(({ id }) => id))].flatMap((id) => {
    const versions = config.contracts.filter((contract) => contract.id === id);
    const own = events.filter(({ contract }) => contract === id);
    const newest = versions.at(-1);
    if (newest === undefined) return [];
    return ticketsOf(versions, own, now)
      .filter(({ isOpen }) => isOpen)
      .map((ticket) => ({ contract: newest, ticket }));
  });
  if (open.length === 0) return <p>{words.none}</p>;
  return (
    <ul>
      {open.map((each) => (
        <OpenTicket words={words} contract={each.contract} ticket={each.ticket} />
      ))}
    </ul>
  );
}
