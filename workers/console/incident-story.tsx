// What stands on one incident's page beside its forms: what was measured, its times, what was sent to whom and what was answered,
// and the timeline with its authors. Pure; called by the incident's page. Nothing here can hold a link that acknowledges: what a
// receiver answered is its own text, and an address of that kind is cut out of it.

import { LANGUAGES } from "../../schema/words.ts";
import type { DeliveryReport, IncidentReport } from "../alerts/duty-answers.ts";
import { SONDE } from "../incidents/incident.ts";
import type { Incident, IncidentChange, IncidentEvent, Sentence } from "../incidents/incident.ts";
import { timesOf } from "../incidents/times.ts";
import { At } from "./exclusion-parts.tsx";
import { dutyName, Lasted, pathOf, regionName, regionNames } from "./incident-parts.tsx";
import type { Stamp } from "./incident-words.ts";
import { stampIn } from "./local-time.ts";
import type { Visit } from "./ops-page.ts";

interface StoryProps {
  readonly visit: Visit;
  readonly report: IncidentReport;
}

function Link({ id }: { readonly id: string }) {
  return <a href={pathOf(id)}>{id}</a>;
}

export function MeasuredPart({ visit, report: { incident } }: StoryProps) {
  const { words } = visit;
  const { incidents, language } = words;
  const { facts, states, severities, scopes } = incidents;
  const { state, severity, scope, about, target, flapping, reopened, mergedInto, absorbed, sentence } = incident;
  return (
    <section>
      <h2>{incidents.measured}</h2>
      <p>{sentence[language]}</p>
      <p>
        <Lasted visit={visit} incident={incident} />
      </p>
      <dl class="facts more">
        <dt>{facts.state}</dt>
        <dd class={state === "open" ? "bad" : ""}>{states[state]}</dd>
        <dt>{facts.severity}</dt>
        <dd>{severities[severity]}</dd>
        <dt>{facts.target}</dt>
        <dd>{dutyName(visit, target)}</dd>
        <dt>{facts.scope}</dt>
        <dd>{scopes[scope]}</dd>
        {about !== null && <dt>{facts.about}</dt>}
        {about !== null && <dd>{about}</dd>}
      </dl>
      {flapping && <p>{incidents.flapping}</p>}
      {reopened > 0 && <p>{incidents.cameBack(reopened)}</p>}
      {mergedInto !== null && (
        <p>
          {incidents.wentOnIn} <Link id={mergedInto} />
        </p>
      )}
      {absorbed.length > 0 && (
        <p>
          {incidents.tookOver}{" "}
          {absorbed.map((id, index) => (
            <>
              {index > 0 && ", "}
              <Link id={id} />
            </>
          ))}
        </p>
      )}
      <Regions visit={visit} incident={incident} />
    </section>
  );
}

function Regions({ visit, incident }: { readonly visit: Visit; readonly incident: Incident }) {
  const { incidents } = visit.words;
  const { regions, badRegions, impact, state } = incident;
  const number = new Intl.NumberFormat(visit.words.tag, { maximumFractionDigits: 0 });
  if (regions.length === 0) return <p>{incidents.noRegions}</p>;
  return (
    <ul class="rows more">
      {regions.map((region) => {
        const isBad = badRegions.includes(region);
        const own = impact.find((each) => each.region === region);
        return (
          <li>
            <b>
              {regionName(visit, region)} ({region})
            </b>
            {state === "open" && (
              <span class={isBad ? "bad" : ""}>{isBad ? incidents.badNow : incidents.goodAgain}</span>
            )}
            <span>
              {own === undefined
                ? incidents.noCounts
                : incidents.counts(
                    number.format(own.bad),
                    number.format(own.attempted),
                    shareOf(own.bad, own.attempted),
                  )}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** Tenths of a percent, cut off. */
function shareOf(bad: number, attempted: number): string {
  if (attempted === 0) return "–";
  return `${(Math.floor((bad * 1_000) / attempted) / 10).toFixed(1)} %`;
}

const STAMPS: readonly Stamp[] = ["impactStart", "detected", "notified", "acked", "published", "impactEnd", "resolved"];

export function TimesPart({ visit, report }: StoryProps) {
  const { words, config } = visit;
  const { incidents } = words;
  const { incident, notifiedAt } = report;
  const { impactStart, detected, acked, impactEnd } = timesOf(incident, notifiedAt);
  const { publishedAt, resolvedAt } = incident;
  const at: Readonly<Record<Stamp, number | null>> = {
    impactStart,
    detected,
    notified: notifiedAt,
    acked,
    published: publishedAt,
    impactEnd,
    resolved: resolvedAt,
  };
  const note = (stamp: Stamp, instant: number): string | null => {
    if (stamp === "impactStart") return null;
    if (stamp !== "acked") return incidents.after(words.span(Math.max(0, instant - impactStart)));
    if (notifiedAt === null) return null;
    return instant < notifiedAt ? incidents.beforePage : incidents.afterPage(words.span(instant - notifiedAt));
  };
  return (
    <section>
      <h2>{incidents.times}</h2>
      <dl class="facts">
        {STAMPS.map((stamp) => {
          const instant = at[stamp];
          const said = instant === null ? null : note(stamp, instant);
          return (
            <>
              <dt>{incidents.stamps[stamp]}</dt>
              <dd>
                {instant === null ? missing(visit, incident, stamp) : <At at={instant} zone={config.timeZone} />}
                {said !== null && <span class="soft"> {said}</span>}
              </dd>
            </>
          );
        })}
      </dl>
    </section>
  );
}

/** Why there is no such time. */
function missing({ words: { incidents } }: Visit, { state }: Incident, stamp: Stamp): string {
  if (stamp === "notified") return incidents.noPage;
  if (state === "open" || state === "restored") return incidents.notYet;
  return stamp === "impactEnd" ? incidents.notMeasured : incidents.never;
}

export function ToldPart({ visit, report: { deliveries } }: StoryProps) {
  const { incidents } = visit.words;
  return (
    <section>
      <h2>{incidents.told}</h2>
      {deliveries.length === 0 && <p>{incidents.toldNobody}</p>}
      <ul class="rows">
        {deliveries.map((delivery) => (
          <Delivery visit={visit} delivery={delivery} />
        ))}
      </ul>
    </section>
  );
}

const TOLD: Readonly<Record<DeliveryReport["state"], string>> = {
  waiting: "unsure",
  sent: "good",
  given_up: "bad",
  dropped: "soft",
};

function Delivery({ visit, delivery }: { readonly visit: Visit; readonly delivery: DeliveryReport }) {
  const { words, config } = visit;
  const { incidents, duty } = words;
  const { channel, kind, state, plannedAt, tryAt, title, receipts } = delivery;
  const zone = config.timeZone;
  return (
    <li>
      <b>{channel}</b>
      <span>{duty.alerts[kind]}</span>
      <span class={TOLD[state]}>{duty.told[state]}</span>
      <span>
        {incidents.planned} <At at={plannedAt} zone={zone} />
      </span>
      {state === "waiting" && <span>{incidents.nextTry(stampIn(tryAt, zone))}</span>}
      <span>{title ?? duty.untitled}</span>
      {receipts.length > 0 && (
        <ul class="receipts">
          {receipts.map(({ attempt, at, accepted, httpStatus, code, said }) => (
            <li>
              {duty.tryNumber(attempt)} (<At at={at} zone={zone} />){words.colon}
              <span class={accepted ? "good" : "bad"}>
                {accepted ? duty.accepted : httpStatus === null ? duty.silentTry : duty.refusedTry}
              </span>
              {httpStatus !== null && !said.includes(`HTTP ${httpStatus}`) && ` HTTP ${httpStatus}`}
              {code !== null && ` ${code}`}
              {said !== "" && (
                <>
                  {words.semicolon}
                  <bdi>{withoutLink(said)}</bdi>
                </>
              )}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

/** A receiver may repeat what it was sent. */
function withoutLink(said: string): string {
  return said.replaceAll(/(\/|%2F|\\u002f)ack(\/|%2F|\\u002f)[^\s"'<>]*/gi, "/ack/…");
}

export function TimelinePart({ visit, report: { events } }: StoryProps) {
  const { incidents } = visit.words;
  return (
    <section>
      <h2>{incidents.timeline}</h2>
      <ol class="timeline">
        {linesOf(events).map(({ event, leftOut }) => (
          <Line visit={visit} event={event} leftOut={leftOut} />
        ))}
      </ol>
    </section>
  );
}

/** Of updates of the numbers that follow each other the last, with how many were before it. */
function linesOf(
  events: readonly IncidentEvent[],
): readonly { readonly event: IncidentEvent; readonly leftOut: number }[] {
  const isMeasured = (event: IncidentEvent | undefined): boolean => event?.change.kind === "measured";
  let leftOut = 0;
  return events.flatMap((event, index) => {
    if (isMeasured(event) && isMeasured(events[index + 1])) {
      leftOut += 1;
      return [];
    }
    const line = { event, leftOut };
    leftOut = 0;
    return [line];
  });
}

/** Written down by a person so much later than it was: worth saying. */
const LATE_MS = 60_000;

function Line({
  visit,
  event,
  leftOut,
}: {
  readonly visit: Visit;
  readonly event: IncidentEvent;
  readonly leftOut: number;
}) {
  const { words, config } = visit;
  const { incidents } = words;
  const { number, at, recordedAt, author, change } = event;
  return (
    <li id={`e${number}`}>
      <p>
        <At at={at} zone={config.timeZone} /> <b>{author}</b>
        {author !== SONDE && recordedAt - at > LATE_MS && (
          <span class="soft"> {incidents.enteredAt(stampIn(recordedAt, config.timeZone))}</span>
        )}
      </p>
      <p>
        <What visit={visit} change={change} />
      </p>
      {leftOut > 0 && <p class="soft">{incidents.leftOut(leftOut)}</p>}
      <Said visit={visit} change={change} />
    </li>
  );
}

function What({ visit, change }: { readonly visit: Visit; readonly change: IncidentChange }) {
  const { incidents } = visit.words;
  const { did } = incidents;
  switch (change.kind) {
    case "opened":
      return <>{did.opened(incidents.severities[change.severity], regionNames(visit, change.regions))}</>;
    case "joined":
      return <>{did.joined(regionName(visit, change.region))}</>;
    case "left":
      return <>{did[change.removed === true ? "removed" : "left"](regionName(visit, change.region))}</>;
    case "measured":
      return <>{did.measured(incidents.severities[change.severity])}</>;
    case "published":
      return <>{did.published(incidents.statements[change.statement])}</>;
    case "reopened":
      return <>{did.reopened(change.region === null ? null : regionName(visit, change.region))}</>;
    case "merged":
      return (
        <>
          {did.merged} <Link id={change.into} />
        </>
      );
    case "absorbed":
      return (
        <>
          {did.absorbed} <Link id={change.incident} />
        </>
      );
    case "flapping":
      return <>{did.flapping[change.on ? "on" : "off"]}</>;
    case "acknowledged":
    case "noted":
    case "restored":
    case "resolved":
    case "postmortem":
      return <>{did[change.kind]}</>;
  }
}

/** What was written or measured then. */
function Said({ visit, change }: { readonly visit: Visit; readonly change: IncidentChange }) {
  if ("sentence" in change) return <p class="soft">{change.sentence[visit.words.language]}</p>;
  if ("text" in change) return <Texts visit={visit} text={change.text} />;
  if ("note" in change && change.note !== "")
    return (
      <p class="note">
        <bdi>{change.note}</bdi>
      </p>
    );
  return null;
}

const TAGS = { en: "en", zh: "zh-Hans" } as const;

interface TextsProps {
  readonly visit: Visit;
  readonly text: Partial<Sentence>;
  /** The level of the heading that they stand under. */
  readonly below?: 2 | 3;
}

/** As the public pages print them, each in its language. */
export function Texts({ visit, text, below = 2 }: TextsProps) {
  return (
    <>
      {LANGUAGES.map((language) => {
        const own = text[language];
        return own === undefined ? null : (
          <div class="prose" lang={TAGS[language]}>
            {visit.prose(own, below)}
          </div>
        );
      })}
    </>
  );
}
