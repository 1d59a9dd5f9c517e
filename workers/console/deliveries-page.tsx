// /ops/deliveries: the newest messages of all on duty, and what each receiver answered to each try. Pure: asking is given. Shows no
// link out of a message: whoever has one may acknowledge. Those of a Duty that does not answer are said to be missing.

import type { DeliveryReport } from "../alerts/duty-answers.ts";
import type { ToldState } from "../alerts/told.ts";
import { At } from "./exclusion-parts.tsx";
import { Mark } from "./maintenance-parts.tsx";
import { type OpsPage, readOrNull, type Shown, type Visit } from "./ops-page.ts";

const SHOWN_MAX = 100;

const SIGNS: Readonly<Record<ToldState, readonly [sign: string, class_: string]>> = {
  waiting: ["◔", "unsure"],
  sent: ["✓", "good"],
  given_up: ["✕", "bad"],
  dropped: ["–", "unsure"],
};

export const deliveriesPage: OpsPage = {
  match: /^\/ops\/deliveries\/?$/,
  menu: { path: "/ops/deliveries", name: "deliveries" },

  async get(visit): Promise<Shown> {
    const { words, config, fleet } = visit;
    const { duty } = words;
    const read = await Promise.all(
      [...config.targets.map(({ id }) => id), fleet.keepers].map(async (name) => ({
        name,
        own: await readOrNull(visit, `deliveries of ${name}`, fleet.deliveries(name, SHOWN_MAX)),
      })),
    );
    const unknown = read.filter(({ own }) => own === null);
    const newest = read
      .flatMap(({ own }) => own ?? [])
      .sort((a, b) => b.plannedAt - a.plannedAt)
      .slice(0, SHOWN_MAX);
    const waiting = newest.filter(({ state }) => state === "waiting").sort((a, b) => a.tryAt - b.tryAt);
    const others = newest.filter(({ state }) => state !== "waiting");
    const body = (
      <>
        <h1>{words.menu.deliveries}</h1>
        <p>{duty.deliveriesMore}</p>
        {unknown.map(({ name }) => (
          <p class="problems more">{duty.noAnswer(name === fleet.keepers ? duty.keepers : name)}</p>
        ))}
        {newest.length === 0 && unknown.length === 0 && <p class="more">{duty.nothingSent}</p>}
        <ul>
          {[...waiting, ...others].map((delivery) => (
            <DeliveryCard visit={visit} delivery={delivery} />
          ))}
        </ul>
      </>
    );
    return { status: unknown.length === 0 ? 200 : 503, title: words.menu.deliveries, body };
  },
};

function DeliveryCard({ visit, delivery }: { readonly visit: Visit; readonly delivery: DeliveryReport }) {
  const { words, config } = visit;
  const { duty } = words;
  const { incident, channel, kind, state, plannedAt, tryAt, sentAt, tries, title, receipts } = delivery;
  const [sign, class_] = SIGNS[state];
  const zone = config.timeZone;
  const via = config.alerting?.channels.find(({ id }) => id === channel);
  return (
    <li class="card">
      <h2>{title ?? duty.untitled}</h2>
      <p class={class_}>
        <Mark sign={sign} /> {duty.told[state]}
      </p>
      <dl class="facts">
        <dt>{duty.channel}</dt>
        <dd>{`${channel} (${via === undefined ? duty.gone : duty.channels[via.channel]})`}</dd>
        <dt>{duty.incident}</dt>
        <dd>
          {kind === "test" ? (
            duty.alerts.test
          ) : (
            <>
              <a href={`/ops/incidents/${encodeURIComponent(incident)}`}>{incident}</a>
              {words.semicolon}
              {duty.alerts[kind]}
            </>
          )}
        </dd>
        <dt>{duty.planned}</dt>
        <dd>
          <At at={plannedAt} zone={zone} />
        </dd>
        {sentAt !== null && (
          <>
            <dt>{duty.sent}</dt>
            <dd>
              <At at={sentAt} zone={zone} />
            </dd>
          </>
        )}
        {state === "waiting" && (
          <>
            <dt>{duty.facts.nextTry}</dt>
            <dd>
              <At at={tryAt} zone={zone} />
            </dd>
          </>
        )}
        <dt>{duty.tries}</dt>
        <dd>{tries}</dd>
      </dl>
      {receipts.length > 0 && (
        <ul>
          {receipts.map((receipt) => (
            <ReceiptLine visit={visit} receipt={receipt} />
          ))}
        </ul>
      )}
    </li>
  );
}

type Receipt = DeliveryReport["receipts"][number];

function ReceiptLine({ visit, receipt }: { readonly visit: Visit; readonly receipt: Receipt }) {
  const { words, config } = visit;
  const { duty } = words;
  const { attempt, at, accepted, httpStatus, code, said } = receipt;
  const word = accepted ? duty.accepted : httpStatus === null ? duty.silentTry : duty.refusedTry;
  const answer = [httpStatus === null ? "" : `HTTP ${httpStatus}`, code ?? "", said].filter((each) => each !== "");
  return (
    <li class="soft">
      {duty.tryNumber(attempt)} (<At at={at} zone={config.timeZone} />){words.colon}
      {[word, ...answer].join(words.semicolon)}
    </li>
  );
}
