// /ops/incidents: the incidents of all targets and of the fleet itself, the newest first, how long such things take, and the form
// that starts a drill. Pure: reading and acting are given. Each Duty is asked for its own; one that does not answer is named.

import { LANGUAGES } from "../../schema/words.ts";
import { INCIDENT_STATES } from "../incidents/incident.ts";
import type { IncidentChange } from "../incidents/incident.ts";
import { summaryOfTimes } from "../incidents/times.ts";
import type { DrillOrder, ListQuery } from "../alerts/duty-answers.ts";
import { targetOf } from "./duty-door.ts";
import { keyOf } from "./form.ts";
import { type ActError, type ActFilled, INCIDENT_CHOICES, readDrill, SENTENCE_CHARS_MAX } from "./incident-acts.ts";
import { ActForm, ActProblems, LineField, PickField, TicksField } from "./incident-fields.tsx";
import {
  dutyName,
  everyDuty,
  IncidentCard,
  type ListsRead,
  newestFirst,
  pathOf,
  readLists,
  Unread,
} from "./incident-parts.tsx";
import type { Time } from "./incident-words.ts";
import type { OpsPage, SeeOther, Shown, Visit } from "./ops-page.ts";

const PATH = "/ops/incidents";
/** Of one page of the list. */
const SHOWN_MAX = 25;
/** Of each target, for the times. */
const TIMED_MAX = 200;

export const incidentsPage: OpsPage = {
  match: /^\/ops\/incidents\/?$/,
  menu: { path: PATH, name: "incidents" },

  get: (visit) => shown(visit, drillOf(visit), 200),

  async post(visit, values) {
    const { words, who, config, incidents } = visit;
    const key = keyOf(values);
    const again = (status: Shown["status"], errors: readonly ActError[], own = key ?? visit.freshKey()) =>
      shown(visit, { form: "drill", key: own, values, errors }, status);
    const whole = (text: string): readonly ActError[] => [{ field: null, text }];
    if (key === null || values.get("do") !== "drill") return again(422, whole(words.refused.whole));
    const read = readDrill(values, config, words);
    if (!read.ok) return again(422, read.errors);
    const order: DrillOrder = { ...read.value.drill, who, key };
    try {
      const answer = await incidents.drill(read.value.target, order);
      if (!answer.ok) return await again(422, whole(words.incidents.refused[answer.refused]));
      const { id } = answer.incident;
      const kept = answer.repeated ? (await incidents.incident(id))?.events.find((event) => event.key === key) : null;
      // Somebody went back, changed what was written already, and sent it again: that would be another drill.
      if (kept !== null && !(kept?.author === who && isOfDrill(kept.change, order)))
        return await again(409, whole(words.incidents.conflict), visit.freshKey());
      return { seeOther: `${pathOf(id)}?done=1` } satisfies SeeOther;
    } catch (problem) {
      visit.report(`no drill is known to have begun: ${String(problem)}`);
      return again(503, whole(words.incidents.unknown));
    }
  },
};

function isOfDrill(change: IncidentChange, { of, severity, scope, regions, sentence }: DrillOrder): boolean {
  if (change.kind !== "opened" || !change.drill) return false;
  const isSame = change.of === of && change.severity === severity && change.scope === scope;
  return (
    isSame &&
    change.regions.join() === regions.join() &&
    LANGUAGES.every((language) => change.sentence[language] === sentence[language])
  );
}

function drillOf(visit: Visit): ActFilled {
  const values = new URLSearchParams({ sentence_en: SENTENCES.en, sentence_zh: SENTENCES.zh });
  return { form: "drill", key: visit.freshKey(), values, errors: [] };
}

const SENTENCES = {
  en: "This is a drill. Nothing is wrong with the service.",
  zh: "这是一次演练，服务没有任何问题。",
} as const;

type State = ListQuery["state"];
const STATES: readonly NonNullable<State>[] = ["live", ...INCIDENT_STATES];

interface Wanted {
  /** Null: every one. */
  readonly target: string | null;
  readonly state: State;
  /** By Duty: only those with lower numbers. */
  readonly before: ReadonlyMap<string, number>;
}

/** What an address asks for. Whatever is not there to be chosen counts as left out. */
function wantedOf(visit: Visit): Wanted {
  const { searchParams } = visit.url;
  const duties = everyDuty(visit);
  const before = searchParams.getAll("before").flatMap((id): [string, number][] => {
    const duty = targetOf(id);
    return duty !== null && duties.includes(duty) ? [[duty, Number(id.slice(duty.length + 1))]] : [];
  });
  return {
    target: duties.find((duty) => duty === searchParams.get("target")) ?? null,
    state: STATES.find((state) => state === searchParams.get("state")) ?? null,
    before: new Map(before),
  };
}

async function shown(visit: Visit, drill: ActFilled, status: Shown["status"]): Promise<Shown> {
  const { words } = visit;
  const { incidents } = words;
  const wanted = wantedOf(visit);
  const duties = wanted.target === null ? everyDuty(visit) : [wanted.target];
  const from = (duty: string): number => wanted.before.get(duty) ?? Number.MAX_SAFE_INTEGER;
  const [list, timed] = await Promise.all([
    readLists(visit, duties, (duty) => ({ limit: SHOWN_MAX + 1, before: from(duty), state: wanted.state })),
    readLists(visit, duties, () => ({ limit: TIMED_MAX, before: Number.MAX_SAFE_INTEGER, state: null })),
  ]);
  const isRefused = drill.errors.length > 0;
  const unread = duties.filter((duty) => list.unread.includes(duty) || timed.unread.includes(duty));
  const body = (
    <>
      <ActProblems words={words} filled={drill} />
      <h1>{incidents.menu.incidents}</h1>
      <details open={isRefused}>
        <summary>{incidents.forms.drill[0]}</summary>
        <DrillForm visit={visit} filled={drill} />
      </details>
      <Filter visit={visit} wanted={wanted} />
      <Unread visit={visit} names={unread} />
      <List visit={visit} wanted={wanted} list={list} />
      <Times visit={visit} timed={timed} />
    </>
  );
  const title = isRefused ? `${words.errorTitle}${words.colon}${incidents.menu.incidents}` : incidents.menu.incidents;
  return { status: unread.length > 0 ? 503 : status, title, body };
}

function Filter({ visit, wanted }: { readonly visit: Visit; readonly wanted: Wanted }) {
  const { incidents } = visit.words;
  const stateName = (state: NonNullable<State>): string =>
    state === "live" ? incidents.liveStates : incidents.states[state];
  return (
    <form method="get" action={PATH} class="filter">
      <div class="field">
        <label for="f-target">{incidents.filterTarget}</label>
        <select id="f-target" name="target">
          <option value="">{incidents.anyTarget}</option>
          {everyDuty(visit).map((duty) => (
            <option value={duty} selected={duty === wanted.target}>
              {dutyName(visit, duty)} ({duty})
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="f-state">{incidents.filterState}</label>
        <select id="f-state" name="state">
          <option value="">{incidents.anyState}</option>
          {STATES.map((state) => (
            <option value={state} selected={state === wanted.state}>
              {stateName(state)}
            </option>
          ))}
        </select>
      </div>
      <button type="submit">{incidents.filter}</button>
    </form>
  );
}

function List({ visit, wanted, list }: { readonly visit: Visit; readonly wanted: Wanted; readonly list: ListsRead }) {
  const { incidents } = visit.words;
  const all = list.found.toSorted(newestFirst);
  const some = all.slice(0, SHOWN_MAX);
  const query = new URLSearchParams();
  if (wanted.target !== null) query.set("target", wanted.target);
  if (wanted.state !== null) query.set("state", wanted.state);
  const first = query.size === 0 ? PATH : `${PATH}?${query.toString()}`;
  // Of each Duty the last that was shown, here or on a page before.
  const last = new Map(wanted.before);
  for (const { incident } of some) last.set(incident.target, Number(incident.id.slice(incident.target.length + 1)));
  for (const [duty, number] of last) query.append("before", `${duty}-${number}`);
  return (
    <section>
      <h2>{incidents.all}</h2>
      {some.length === 0 && list.unread.length === 0 && <p>{incidents.none}</p>}
      <ul>
        {some.map((listed) => (
          <IncidentCard visit={visit} listed={listed} />
        ))}
      </ul>
      {all.length > SHOWN_MAX && (
        <p class="more">
          <a href={`${PATH}?${query.toString()}`}>{incidents.older}</a>
        </p>
      )}
      {wanted.before.size > 0 && (
        <p class="more">
          <a href={first}>{incidents.newest}</a>
        </p>
      )}
    </section>
  );
}

const TIMES: readonly Time[] = ["detect", "acknowledge", "publish", "restore", "resolve"];

/** Of what users saw: a budget that burns, or a prober that is silent, begins at no message. */
function Times({ visit, timed }: { readonly visit: Visit; readonly timed: ListsRead }) {
  const { words } = visit;
  const { incidents } = words;
  const served = timed.found.filter(({ incident: { kind } }) => kind === "outage" || kind === "brownout");
  const summary = summaryOfTimes(served);
  const span = (ms: number | null): string => (ms === null ? "–" : words.span(ms));
  return (
    <section>
      <h2>{incidents.times}</h2>
      <p>{incidents.timesOf(summary.incidents, TIMED_MAX)}</p>
      <table>
        <thead>
          <tr>
            {incidents.heads.map((head) => (
              <th scope="col">{head}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {TIMES.map((time) => {
            const { n, unknown, medianMs, maxMs } = summary[time];
            return (
              <tr>
                <th scope="row">{incidents.spans[time]}</th>
                <td>{span(medianMs)}</td>
                <td>{span(maxMs)}</td>
                <td>
                  {n}
                  {unknown > 0 && <span class="soft"> ({incidents.unknownOf(unknown)})</span>}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function DrillForm({ visit, filled }: { readonly visit: Visit; readonly filled: ActFilled }) {
  const { words, config } = visit;
  const { incidents, language } = words;
  const both = { words, filled };
  const { of, severity, scope } = INCIDENT_CHOICES;
  return (
    <>
      <p>{incidents.drillMore}</p>
      <ActForm {...both} action={PATH}>
        <PickField
          {...both}
          name="target"
          choices={config.targets.map(({ id, label }) => ({ value: id, label: `${label[language]} (${id})` }))}
        />
        <PickField {...both} name="of" choices={of.map((value) => ({ value, label: incidents.kinds[value] }))} />
        <PickField
          {...both}
          name="severity"
          choices={severity.map((value) => ({ value, label: incidents.severities[value] }))}
        />
        <PickField {...both} name="scope" choices={scope.map((value) => ({ value, label: incidents.scopes[value] }))} />
        <TicksField
          {...both}
          name="regions"
          choices={config.regions.map(({ id, label }) => ({ value: id, label: `${label[language]} (${id})` }))}
        />
        <LineField {...both} name="sentence_en" max={SENTENCE_CHARS_MAX} lang="en" />
        <LineField {...both} name="sentence_zh" max={SENTENCE_CHARS_MAX} lang="zh-Hans" />
      </ActForm>
    </>
  );
}
