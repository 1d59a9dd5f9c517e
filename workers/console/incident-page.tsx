// /ops/incidents/chat-7: one incident, all that is known of it, and the forms of what people may do to it. Pure: reading and acting
// are given. Each form has its own key, so that an act is done once however often it is sent; what was measured is never changed.

import { LANGUAGES } from "../../schema/words.ts";
import type { ActOrder, IncidentReport } from "../alerts/duty-answers.ts";
import { actOf } from "../incidents/acts.ts";
import { isOfAct } from "./acts-input.ts";
import { keyOf } from "./form.ts";
import { type ActError, type ActFilled, readAct, refusalsOfAct, textsOf } from "./incident-acts.ts";
import { ActProblems } from "./incident-fields.tsx";
import { emptyOf, fitFor, IncidentForms, OneForm } from "./incident-forms.tsx";
import { dutyName, pathOf, titleOf } from "./incident-parts.tsx";
import { MeasuredPart, Texts, TimelinePart, TimesPart, ToldPart } from "./incident-story.tsx";
import { INCIDENT_FORMS } from "./incident-words.ts";
import { type OpsPage, readOrNull, type SeeOther, type Shown, type Visit } from "./ops-page.ts";

/** Two texts of 20 000 characters, each of nine bytes as a form sends it, with room for the rest. */
const BODY_BYTES_MAX = 400_000;
/** Of those that it may be merged into. */
const LIVE_MAX = 100;

export const incidentPage: OpsPage = {
  match: /^\/ops\/incidents\/([a-z][a-z0-9_-]{0,40}-[1-9]\d{0,8})\/?$/,
  menu: null,
  bytesMax: BODY_BYTES_MAX,

  get: (visit, [id = ""]) => shown(visit, id, { again: null, status: 200, preview: null }),

  async post(visit, values, [id = ""]) {
    const { words } = visit;
    const form = INCIDENT_FORMS.find((each) => each === values.get("do"));
    const key = keyOf(values);
    if (form === undefined || key === null) {
      const again = { ...emptyOf(visit, form ?? "note"), values, errors: whole(words.refused.whole) };
      return shown(visit, id, { again, status: 422, preview: null });
    }
    const filled: ActFilled = { form, key, values, errors: [] };
    const read = readAct(form, values, words);
    if (!read.ok) return shown(visit, id, { again: { ...filled, errors: read.errors }, status: 422, preview: null });
    const act = read.value;
    if (!values.has("preview")) return done(visit, id, filled, act);
    const errors = await refusalsAhead(visit, id, act);
    if (errors.length > 0) return shown(visit, id, { again: { ...filled, errors }, status: 422, preview: null });
    return shown(visit, id, { again: filled, status: 200, preview: textsOf(values) });
  },
};

const whole = (text: string): readonly ActError[] => [{ field: null, text }];

/** Orders the act. One that is refused, or of which nothing is known, is shown again as it was typed. */
async function done(visit: Visit, id: string, filled: ActFilled, act: ActOrder): Promise<Shown | SeeOther> {
  const { words, who, incidents, config } = visit;
  const again = (status: Shown["status"], errors: readonly ActError[], key = filled.key): Promise<Shown> =>
    shown(visit, id, { again: { ...filled, key, errors }, status, preview: null });
  try {
    // Whoever is asked for what is not there answers so, and keeps nothing.
    if ((await incidents.incident(id)) === null) return missing(visit);
    const answer = await incidents.act({ incident: id, act, who, at: null, key: filled.key });
    if (!answer.ok) {
      const errors = refusalsOfAct(act, answer, words, config.timeZone);
      return await again(errors.some(({ field }) => field !== null) ? 422 : 409, errors);
    }
    if (!answer.repeated) return { seeOther: `${pathOf(id)}?done=${answer.incident.events}` };
    const kept = (await incidents.incident(id))?.events.find((event) => event.key === filled.key);
    // Somebody went back, changed what was written already, and sent it again: that would be another act.
    if (kept === undefined || !isOfAct(kept, act, who, null))
      return await again(409, whole(words.incidents.conflict), visit.freshKey());
    return { seeOther: `${pathOf(id)}?done=${kept.number}` };
  } catch (problem) {
    visit.report(`nothing is known to be done to ${id}: ${String(problem)}`);
    return again(503, whole(words.incidents.unknown));
  }
}

/** What would be refused, as far as can be said without doing it. */
async function refusalsAhead(visit: Visit, id: string, act: ActOrder): Promise<readonly ActError[]> {
  const { words, who, now, incidents, config } = visit;
  const report = await readOrNull(visit, id, incidents.incident(id));
  if (report === null || act.kind === "merge") return [];
  const events = actOf(report.incident, act, { who, at: now, now, key: "", isKept: false });
  return "refused" in events ? refusalsOfAct(act, events, words, config.timeZone) : [];
}

interface Showing {
  /** A form that was sent; null: none was. */
  readonly again: ActFilled | null;
  readonly status: Shown["status"];
  /** Texts to be looked at before they are published. */
  readonly preview: ReturnType<typeof textsOf> | null;
}

async function shown(visit: Visit, id: string, { again, status, preview }: Showing): Promise<Shown> {
  const { words, incidents } = visit;
  const read = await readOrNull(
    visit,
    id,
    incidents.incident(id).then((report) => ({ report })),
  );
  if (read?.report === null) return missing(visit);
  const report = read?.report ?? null;
  const heading = report === null ? id : `${id}${words.colon}${titleOf(visit, report.incident)}`;
  const isRefused = again !== null && again.errors.length > 0;
  const body = (
    <>
      {again !== null && <ActProblems words={words} filled={again} />}
      {report !== null && again === null && <Notice visit={visit} report={report} />}
      <h1>{heading}</h1>
      {preview !== null && <Previewed visit={visit} texts={preview} />}
      {report === null ? <Away visit={visit} id={id} again={again} /> : await whatIsKnown(visit, report, again)}
    </>
  );
  const title = isRefused ? `${words.errorTitle}${words.colon}${heading}` : heading;
  return { status: report === null ? 503 : status, title, body };
}

async function whatIsKnown(visit: Visit, report: IncidentReport, again: ActFilled | null) {
  const { incident } = report;
  const query = { limit: LIVE_MAX, before: Number.MAX_SAFE_INTEGER, state: "live" } as const;
  const isLive = incident.state === "open" || incident.state === "restored";
  const live = isLive ? await readOrNull(visit, "others", visit.incidents.listed(incident.target, query)) : [];
  const parts = { visit, report };
  return (
    <>
      <MeasuredPart {...parts} />
      <IncidentForms
        visit={visit}
        incident={incident}
        mergers={live === null ? null : fitFor(visit, incident, live)}
        again={again}
      />
      <TimesPart {...parts} />
      <ToldPart {...parts} />
      {incident.postmortem !== null && (
        <section>
          <h2>{visit.words.incidents.postmortem}</h2>
          <Texts visit={visit} text={incident.postmortem.text} />
        </section>
      )}
      <TimelinePart {...parts} />
    </>
  );
}

/** Whoever is on duty does not answer; what was typed is still there to be sent again. */
function Away({ visit, id, again }: { readonly visit: Visit; readonly id: string; readonly again: ActFilled | null }) {
  const { incidents } = visit.words;
  const target = id.replace(/-\d+$/, "");
  return (
    <>
      <p class="problems">{incidents.unreadable(dutyName(visit, target))}</p>
      {again !== null && (
        <section>
          <h2>{incidents.forms[again.form][0]}</h2>
          <OneForm visit={visit} incident={null} id={id} mergers={null} filled={again} />
        </section>
      )}
    </>
  );
}

/** What was written now: only what is there, and is this person's. */
function Notice({ visit, report }: { readonly visit: Visit; readonly report: IncidentReport }) {
  const number = Number(visit.url.searchParams.get("done") ?? Number.NaN);
  const event = report.events.find((each) => each.number === number && each.author === visit.who);
  if (event === undefined) return null;
  return (
    <p class="notice" role="status">
      {visit.words.incidents.done[event.change.kind]}
    </p>
  );
}

function Previewed({ visit, texts }: { readonly visit: Visit; readonly texts: ReturnType<typeof textsOf> }) {
  const { incidents } = visit.words;
  return (
    <section class="notice" role="status" tabindex={-1} autofocus>
      <h2>{incidents.preview}</h2>
      <p>{incidents.previewed}</p>
      {LANGUAGES.map((language) => (
        <>
          <h3>{incidents.fields[language === "en" ? "text_en" : "text_zh"]}</h3>
          {texts[language] === undefined ? (
            <p class="soft">{incidents.noText}</p>
          ) : (
            <Texts visit={visit} text={{ [language]: texts[language] }} below={3} />
          )}
        </>
      ))}
    </section>
  );
}

function missing({ words }: Visit): Shown {
  const [title, more] = words.said.notFound;
  const body = (
    <>
      <h1>{title}</h1>
      <p>{more}</p>
    </>
  );
  return { status: 404, title, body };
}
