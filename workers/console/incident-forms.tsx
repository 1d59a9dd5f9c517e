// The forms of one incident: those that fit its state, each with a key of its own, so that each is an act of its own however often
// it is sent. Pure. Which act may be is not decided here: a form that is left out is one that would be refused.

import { LANGUAGES } from "../../schema/words.ts";
import type { ListedIncident } from "../alerts/duty-answers.ts";
import { actOf, TEXT_CHARS_MAX } from "../incidents/acts.ts";
import type { Incident } from "../incidents/incident.ts";
import { type ActFilled, INCIDENT_CHOICES, textField } from "./incident-acts.ts";
import { ActForm, AreaField, LineField, PickField, TickField } from "./incident-fields.tsx";
import { pathOf, titleOf } from "./incident-parts.tsx";
import { INCIDENT_FORMS, type IncidentForm } from "./incident-words.ts";
import type { Visit } from "./ops-page.ts";

const NOTE_LINE_MAX = 500;
const TAGS = { en: "en", zh: "zh-Hans" } as const;

interface FormsProps {
  readonly visit: Visit;
  readonly incident: Incident;
  /** Those that it may be merged into; null: they cannot be read. */
  readonly mergers: readonly ListedIncident[] | null;
  /** What is shown again; null: nothing was sent. */
  readonly again: ActFilled | null;
}

/** Those of the same target that this one may be merged into now. */
export function fitFor(visit: Visit, incident: Incident, live: readonly ListedIncident[]): readonly ListedIncident[] {
  const actor = { who: visit.who, at: visit.now, now: visit.now, key: "", isKept: false };
  return live.filter(({ incident: into }) => !("refused" in actOf(incident, { kind: "merge", into }, actor)));
}

function formsOf({ state, acked }: Incident, mergers: FormsProps["mergers"]): readonly IncidentForm[] {
  if (state === "merged") return ["note"];
  const isLive = state === "open" || state === "restored";
  const hasForm: Readonly<Record<(typeof INCIDENT_FORMS)[number], boolean>> = {
    acknowledge: acked === null,
    publish: true,
    note: true,
    resolve: isLive,
    reopen: state !== "open",
    merge: isLive && mergers !== null && mergers.length > 0,
    postmortem: true,
  };
  return INCIDENT_FORMS.filter((form) => hasForm[form]);
}

export function IncidentForms({ visit, incident, mergers, again }: FormsProps) {
  const { words } = visit;
  const shown = formsOf(incident, mergers);
  // Refused since something else has happened: what was typed is not lost for that.
  const all = again === null || again.form === "drill" || shown.includes(again.form) ? shown : [...shown, again.form];
  return (
    <section>
      <h2>{words.incidents.acts}</h2>
      {all.map((form) => {
        const filled = again?.form === form ? again : emptyOf(visit, form);
        const isOpen = again?.form === form || (form === "acknowledge" && again === null);
        return (
          <details open={isOpen}>
            <summary>{words.incidents.forms[form][0]}</summary>
            <OneForm visit={visit} id={incident.id} incident={incident} mergers={mergers} filled={filled} />
          </details>
        );
      })}
    </section>
  );
}

export function emptyOf(visit: Visit, form: IncidentForm): ActFilled {
  return { form, key: visit.freshKey(), values: new URLSearchParams(), errors: [] };
}

interface OneProps extends Pick<FormsProps, "visit" | "mergers"> {
  readonly id: string;
  /** Null: it cannot be read. */
  readonly incident: Incident | null;
  readonly filled: ActFilled;
}

export function OneForm({ visit, id, incident, mergers, filled }: OneProps) {
  const { words } = visit;
  const both = { words, filled };
  const form = { ...both, action: pathOf(id) };
  const note = <AreaField {...both} name="note" max={TEXT_CHARS_MAX} rows={4} />;
  switch (filled.form) {
    case "acknowledge":
      return (
        <ActForm {...form}>
          <LineField {...both} name="note" max={NOTE_LINE_MAX} optional />
        </ActForm>
      );
    case "note":
    case "reopen":
      return <ActForm {...form}>{note}</ActForm>;
    case "resolve": {
      const isBad = incident?.state === "open" && !incident.drill && incident.badRegions.length > 0;
      return (
        <ActForm {...form}>
          {(isBad || incident === null) && <TickField {...both} name="force" optional={!isBad} />}
          {isBad ? note : <AreaField {...both} name="note" max={TEXT_CHARS_MAX} rows={4} optional />}
        </ActForm>
      );
    }
    case "merge": {
      const known = (mergers ?? []).map(({ incident: into }) => ({
        value: into.id,
        label: `${into.id}${words.colon}${titleOf(visit, into)}`,
      }));
      // Where nobody can say which ones there are, what was chosen may be sent again.
      const sent = filled.values.get("into") ?? "";
      const choices = mergers === null && sent !== "" ? [{ value: sent, label: sent }] : known;
      return (
        <ActForm {...form}>
          <PickField {...both} name="into" choices={choices} />
        </ActForm>
      );
    }
    case "publish":
    case "postmortem":
      return <TextForm {...form} visit={visit} />;
    case "drill":
      return null;
  }
}

/** Texts in both languages, which may be looked at before they are published. */
function TextForm({
  visit,
  filled,
  action,
}: {
  readonly visit: Visit;
  readonly filled: ActFilled;
  readonly action: string;
}) {
  const { words } = visit;
  const both = { words, filled };
  const statements = INCIDENT_CHOICES.statement.map((value) => ({ value, label: words.incidents.statements[value] }));
  return (
    <ActForm {...both} action={action} hasPreview>
      {filled.form === "publish" && <PickField {...both} name="statement" choices={statements} />}
      {LANGUAGES.map((language) => (
        <AreaField
          {...both}
          name={textField(language)}
          max={TEXT_CHARS_MAX}
          rows={filled.form === "publish" ? 6 : 14}
          lang={TAGS[language]}
          optional
        />
      ))}
      <p class="hint">{words.incidents.markdown}</p>
      <p class="hint">{words.incidents.previewMore}</p>
    </ActForm>
  );
}
