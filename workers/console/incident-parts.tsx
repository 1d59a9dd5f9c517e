// How the console shows an incident in a list: what it is, where, since when, who has it in hand; and how lists of several Duties are
// read as one. Pure: reading is given. A Duty that does not answer is named, and never taken for one without incidents.

import { ALERT_SEVERITIES } from "../../schema/words.ts";
import type { ListedIncident, ListQuery } from "../alerts/duty-answers.ts";
import type { Incident } from "../incidents/incident.ts";
import { At } from "./exclusion-parts.tsx";
import { ActForm } from "./incident-fields.tsx";
import { stampIn } from "./local-time.ts";
import { readOrNull, type Visit } from "./ops-page.ts";

export interface ListsRead {
  readonly found: readonly ListedIncident[];
  /** Names of those that do not answer. */
  readonly unread: readonly string[];
}

/** All targets, and the keepers. */
export function everyDuty({ config, fleet }: Visit): readonly string[] {
  return [...config.targets.map(({ id }) => id), fleet.keepers];
}

/** Of these Duties, each asked by its own query. Never rejects. */
export async function readLists(
  visit: Visit,
  duties: readonly string[],
  queryOf: (duty: string) => ListQuery,
): Promise<ListsRead> {
  const lists = await Promise.all(
    duties.map((duty) => readOrNull(visit, `incidents of ${duty}`, visit.incidents.listed(duty, queryOf(duty)))),
  );
  return {
    found: lists.flatMap((list) => list ?? []),
    unread: duties.filter((_, index) => lists[index] === null),
  };
}

/** What is bad comes before what is restored, the worst first, then the newest. */
export function worstFirst(a: ListedIncident, b: ListedIncident): number {
  const rank = ({ incident: { state, severity } }: ListedIncident): number =>
    (state === "open" ? 0 : ALERT_SEVERITIES.length) + ALERT_SEVERITIES.indexOf(severity);
  return rank(a) - rank(b) || newestFirst(a, b);
}

export function newestFirst({ incident: a }: ListedIncident, { incident: b }: ListedIncident): number {
  return b.detected - a.detected || (a.id < b.id ? 1 : -1);
}

/** A target by its label, the keepers by theirs, what is not configured any more by its id. */
export function dutyName({ words, config, fleet }: Visit, duty: string): string {
  if (duty === fleet.keepers) return words.incidents.keepers;
  return config.targets.find(({ id }) => id === duty)?.label[words.language] ?? duty;
}

export function regionName({ words, config }: Visit, region: string): string {
  return config.regions.find(({ id }) => id === region)?.label[words.language] ?? region;
}

export function regionNames(visit: Visit, regions: readonly string[]): string {
  if (regions.length === 0) return visit.words.incidents.noRegions;
  return regions.map((region) => regionName(visit, region)).join(", ");
}

/** "[Drill] Outage: Chat" */
export function titleOf(visit: Visit, { kind, target, drill }: Incident): string {
  const { incidents } = visit.words;
  const title = incidents.title(incidents.kinds[kind], dutyName(visit, target));
  return drill ? `[${incidents.drill}] ${title}` : title;
}

export const pathOf = (id: string): string => `/ops/incidents/${encodeURIComponent(id)}`;

export function Unread({ visit, names }: { readonly visit: Visit; readonly names: readonly string[] }) {
  if (names.length === 0) return null;
  const all = names.map((name) => dutyName(visit, name)).join(", ");
  return <p class="problems">{visit.words.incidents.unreadable(all)}</p>;
}

/** When it was, and how long it lasted. */
export function Lasted({ visit, incident }: { readonly visit: Visit; readonly incident: Incident }) {
  const { words, config, now } = visit;
  const { impactStart, impactEnd, state } = incident;
  const { incidents } = words;
  const zone = config.timeZone;
  if (impactEnd !== null)
    return (
      <>
        <At at={impactStart} zone={zone} /> – <At at={impactEnd} zone={zone} />
        {words.semicolon}
        {incidents.lasted(words.span(impactEnd - impactStart))}
      </>
    );
  return (
    <>
      {incidents.since(stampIn(impactStart, zone))}
      {words.semicolon}
      {state === "open" ? incidents.soFar(words.span(now - impactStart)) : incidents.endNotMeasured}
    </>
  );
}

interface CardProps {
  readonly visit: Visit;
  readonly listed: ListedIncident;
  /** With a button that acknowledges, where nobody has. */
  readonly hasButton?: boolean;
}

export function IncidentCard({ visit, listed: { incident }, hasButton = false }: CardProps) {
  const { words, config, freshKey } = visit;
  const { incidents, language } = words;
  const { id, state, severity, regions, acked, sentence } = incident;
  const isLive = state === "open" || state === "restored";
  return (
    <li class="card" id={id}>
      <h3>
        <a href={pathOf(id)}>
          {id}
          {words.colon}
          {titleOf(visit, incident)}
        </a>
      </h3>
      <p>
        <b class={state === "open" ? "bad" : ""}>{incidents.states[state]}</b>
        {words.semicolon}
        {incidents.severities[severity]}
        {words.semicolon}
        {regionNames(visit, regions)}
      </p>
      <p>
        <Lasted visit={visit} incident={incident} />
      </p>
      <p>{sentence[language]}</p>
      {acked !== null && <p class="soft">{incidents.acknowledgedBy(acked.by, stampIn(acked.at, config.timeZone))}</p>}
      {acked === null && isLive && <p class="bad">{incidents.nobodyHasIt}</p>}
      {acked === null && isLive && hasButton && (
        <ActForm
          words={words}
          filled={{ form: "acknowledge", key: freshKey(), values: new URLSearchParams(), errors: [] }}
          action={pathOf(id)}
          button={incidents.acknowledge(id)}
        />
      )}
    </li>
  );
}

/** For the overview: what is not over, of everybody, and who does not answer. */
export function readLive(visit: Visit): Promise<ListsRead> {
  return readLists(visit, everyDuty(visit), () => ({
    limit: LIVE_MAX,
    before: Number.MAX_SAFE_INTEGER,
    state: "live",
  }));
}

const LIVE_MAX = 100;

export function LiveIncidents({ visit, live }: { readonly visit: Visit; readonly live: ListsRead }) {
  const { found, unread } = live;
  return (
    <>
      <h2>{visit.words.incidents.live}</h2>
      <Unread visit={visit} names={unread} />
      {found.length === 0 && unread.length === 0 && <p>{visit.words.incidents.noneLive}</p>}
      <ul>
        {found.toSorted(worstFirst).map((listed) => (
          <IncidentCard visit={visit} listed={listed} hasButton />
        ))}
      </ul>
    </>
  );
}
