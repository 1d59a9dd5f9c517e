// /ops/fleet: how each prober, each target's Duty and each collector is, asked just now and all at once. Pure: asking is given, and
// ends in time. Who does not answer is "no answer", which is never shown as well.

import type { DutyHealth } from "../alerts/duty-answers.ts";
import { type ProberPlan, probersOf } from "../config/fleet.ts";
import { silenceOf } from "../rounds/silence.ts";
import type { ProberState } from "./duty-words.ts";
import { At } from "./exclusion-parts.tsx";
import type { ProberSeen } from "./fleet-desk.ts";
import { stampIn } from "./local-time.ts";
import { Mark } from "./maintenance-parts.tsx";
import { type OpsPage, readOrNull, type Shown, type Visit } from "./ops-page.ts";

/** `seen` undefined: no answer; null: in mid-round. */
interface ProberRead {
  readonly plan: ProberPlan;
  readonly seen: ProberSeen | null | undefined;
}

/** Null: no answer. */
interface DutyRead {
  readonly name: string;
  readonly health: DutyHealth | null;
  /** Undefined: the keepers', who have no collector. */
  readonly owedMinutes: number | null | undefined;
}

const SIGNS: Readonly<Record<ProberState, readonly [sign: string, class_: string]>> = {
  fine: ["✓", "good"],
  flying: ["◔", "unsure"],
  unborn: ["○", "unsure"],
  no_wake: ["✕", "bad"],
  no_answer: ["?", "bad"],
};

export const fleetPage: OpsPage = {
  match: /^\/ops\/fleet\/?$/,
  menu: { path: "/ops/fleet", name: "fleet" },

  async get(visit): Promise<Shown> {
    const { words, config, fleet } = visit;
    const { duty } = words;
    const [probers, duties, silences] = await Promise.all([
      Promise.all(probersOf(config).map((plan) => readProber(visit, plan))),
      Promise.all([...config.targets.map(({ id }) => id), fleet.keepers].map((name) => readDuty(visit, name))),
      readOrNull(visit, "silences", fleet.silences()),
    ]);
    const body = (
      <>
        <h1>{words.menu.fleet}</h1>
        <p>{duty.fleetMore}</p>
        <h2>{duty.probers}</h2>
        {silences === null && <p class="problems">{duty.silencesUnread}</p>}
        {probers.length === 0 && <p>{words.none}</p>}
        <ul>
          {probers.map((read) => (
            <ProberCard visit={visit} read={read} silences={silences} />
          ))}
        </ul>
        <h2>{duty.duties}</h2>
        <ul>
          {duties.map((read) => (
            <DutyCard visit={visit} read={read} />
          ))}
        </ul>
      </>
    );
    const isWhole =
      silences !== null &&
      probers.every(({ seen }) => seen !== undefined) &&
      duties.every(({ health, owedMinutes }) => health !== null && owedMinutes !== null);
    return { status: isWhole ? 200 : 503, title: words.menu.fleet, body };
  },
};

async function readProber(visit: Visit, plan: ProberPlan): Promise<ProberRead> {
  // In mid-round is an answer too, and null: it is told apart by being in a box.
  const boxed = await readOrNull(
    visit,
    plan.name,
    visit.fleet.prober(plan).then((seen) => ({ seen })),
  );
  return { plan, seen: boxed?.seen };
}

async function readDuty(visit: Visit, name: string): Promise<DutyRead> {
  const { fleet } = visit;
  const [health, owedMinutes] = await Promise.all([
    readOrNull(visit, `duty ${name}`, fleet.duty(name)),
    name === fleet.keepers ? undefined : readOrNull(visit, `collector ${name}`, fleet.owedMinutes(name)),
  ]);
  return { name, health, owedMinutes };
}

function stateOf({ plan, seen }: ProberRead, now: number): ProberState {
  if (seen === undefined) return "no_answer";
  if (seen === null) return "flying";
  return seen.bornAt === 0 ? "unborn" : (silenceOf(plan, seen, now) ?? "fine");
}

interface ProberCardProps {
  readonly visit: Visit;
  readonly read: ProberRead;
  /** Null: they cannot be read. */
  readonly silences: ReadonlyMap<string, number> | null;
}

function ProberCard({ visit, read, silences }: ProberCardProps) {
  const { words, config, now } = visit;
  const { duty } = words;
  const { plan, seen } = read;
  const state = stateOf(read, now);
  const [sign, class_] = SIGNS[state];
  const silentAt = silences?.get(plan.name);
  const zone = config.timeZone;
  return (
    <li class="card">
      <h3>{plan.name}</h3>
      <p class={class_}>
        <Mark sign={sign} /> {duty.states[state]}
      </p>
      <dl class="facts">
        <dt>{duty.facts.region}</dt>
        <dd>{`${plan.region.label[words.language]} (${plan.region.id})`}</dd>
        <dt>{duty.facts.shard}</dt>
        <dd>{plan.shard}</dd>
        <dt>{duty.facts.generation}</dt>
        <dd>{plan.region.generation}</dd>
        <dt>{duty.facts.silent}</dt>
        <dd>
          {silences === null
            ? duty.notKnown
            : silentAt === undefined
              ? duty.notSilent
              : duty.since(stampIn(silentAt, zone), words.span(now - silentAt))}
        </dd>
        {seen !== undefined && seen !== null && <ProberFacts visit={visit} seen={seen} />}
      </dl>
    </li>
  );
}

function ProberFacts({ visit, seen }: { readonly visit: Visit; readonly seen: ProberSeen }) {
  const { duty } = visit.words;
  const { bornAt, place, newestWakeAt, lagMs, backlog, controls, unfit } = seen;
  return (
    <>
      <dt>{duty.facts.place}</dt>
      <dd>{place === "" ? duty.notObserved : place}</dd>
      <dt>{duty.facts.newestRound}</dt>
      <dd>
        <Aged visit={visit} at={newestWakeAt} none={duty.never} />
      </dd>
      <dt>{duty.facts.lag}</dt>
      <dd>{lagMs === null ? duty.notKnown : duty.ms(lagMs)}</dd>
      <dt>{duty.facts.backlog}</dt>
      <dd>{backlog}</dd>
      <dt>{duty.facts.controls}</dt>
      <dd>{controls === null ? duty.notAsked : duty.answered(controls.answered, controls.asked)}</dd>
      <dt>{duty.facts.fit}</dt>
      {/* Before its first round nobody has looked. */}
      <dd class={unfit === "none" ? undefined : "bad"}>{newestWakeAt === null ? duty.notKnown : duty.unfit[unfit]}</dd>
      <dt>{duty.facts.born}</dt>
      <dd>
        <Aged visit={visit} at={bornAt === 0 ? null : bornAt} none={duty.never} />
      </dd>
    </>
  );
}

interface AgedProps {
  readonly visit: Visit;
  readonly at: number | null;
  /** In place of an instant. */
  readonly none: string;
}

function Aged({ visit: { words, config, now }, at, none }: AgedProps) {
  if (at === null) return <>{none}</>;
  return (
    <>
      <At at={at} zone={config.timeZone} />
      {at <= now && ` (${words.duty.ago(words.span(now - at))})`}
    </>
  );
}

function DutyCard({ visit, read }: { readonly visit: Visit; readonly read: DutyRead }) {
  const { words, fleet } = visit;
  const { duty } = words;
  const { name, health, owedMinutes } = read;
  return (
    <li class="card">
      <h3>{name === fleet.keepers ? duty.keepers : name}</h3>
      {health === null && (
        <p class="bad">
          <Mark sign="?" /> {duty.noAnswer(name)}
        </p>
      )}
      <dl class="facts">
        {health !== null && <DutyFacts visit={visit} health={health} />}
        {owedMinutes !== undefined && (
          <>
            <dt>{duty.facts.owedMinutes}</dt>
            <dd class={owedMinutes === null ? "bad" : undefined}>{owedMinutes ?? duty.states.no_answer}</dd>
          </>
        )}
      </dl>
    </li>
  );
}

function DutyFacts({ visit, health }: { readonly visit: Visit; readonly health: DutyHealth }) {
  const { duty } = visit.words;
  const { lookedAt, newestRoundAt, waiting, nextTryAt, owed } = health;
  return (
    <>
      <dt>{duty.facts.looked}</dt>
      <dd>
        <Aged visit={visit} at={lookedAt} none={duty.notSinceWake} />
      </dd>
      <dt>{duty.facts.lookedRound}</dt>
      <dd>
        <Aged visit={visit} at={newestRoundAt} none={duty.never} />
      </dd>
      <dt>{duty.facts.waiting}</dt>
      <dd>{waiting}</dd>
      {nextTryAt !== null && (
        <>
          <dt>{duty.facts.nextTry}</dt>
          <dd>
            <Aged visit={visit} at={nextTryAt} none={duty.notKnown} />
          </dd>
        </>
      )}
      <dt>{duty.facts.owedRows}</dt>
      <dd>{owed}</dd>
    </>
  );
}
