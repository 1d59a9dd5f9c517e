// The parts of the forms about incidents: labels tied to inputs, what to write and what is wrong linked to each by aria-describedby,
// and a summary of all that is wrong. Several forms stand on one page, so ids carry the form's name. Pure; called by the pages of
// incidents. Whatever was typed stands there again.

import type { Child } from "hono/jsx";

import type { ActFilled } from "./incident-acts.ts";
import type { IncidentField, IncidentForm } from "./incident-words.ts";
import type { Words } from "./words.ts";

export interface ActFieldProps {
  readonly words: Words;
  readonly filled: ActFilled;
  readonly name: IncidentField;
  readonly optional?: boolean;
}

const idOf = (form: IncidentForm, name: IncidentField): string => `f-${form}-${name}`;

/** For the input: its id, which texts describe it, and whether it is wrong. */
function inputOf({ filled, name, optional = false }: ActFieldProps) {
  const { form, errors } = filled;
  const isWrong = errors.some(({ field }) => field === name);
  const hint = `h-${form}-${name}`;
  return {
    id: idOf(form, name),
    name,
    required: !optional,
    "aria-describedby": isWrong ? `${hint} e-${form}-${name}` : hint,
    "aria-invalid": isWrong ? "true" : undefined,
  };
}

function Hints({ words, filled, name, optional = false }: ActFieldProps) {
  const { form, errors } = filled;
  const wrong = errors.find(({ field }) => field === name)?.text;
  return (
    <>
      <p class="hint" id={`h-${form}-${name}`}>
        {words.incidents.write[name]}
        {optional && name === "note" && ` (${words.incidents.noteOptional})`}
      </p>
      {wrong !== undefined && (
        <p class="wrong" id={`e-${form}-${name}`}>
          {wrong}
        </p>
      )}
    </>
  );
}

export function LineField(props: ActFieldProps & { readonly max: number; readonly lang?: string }) {
  const { words, filled, name, max, lang } = props;
  return (
    <div class="field">
      <label for={idOf(filled.form, name)}>{words.incidents.fields[name]}</label>
      <Hints {...props} />
      <input
        {...inputOf(props)}
        type="text"
        maxlength={max}
        lang={lang}
        value={filled.values.get(name) ?? ""}
        autocomplete="off"
      />
    </div>
  );
}

export function AreaField(
  props: ActFieldProps & { readonly max: number; readonly rows: number; readonly lang?: string },
) {
  const { words, filled, name, max, rows, lang } = props;
  return (
    <div class="field">
      <label for={idOf(filled.form, name)}>{words.incidents.fields[name]}</label>
      <Hints {...props} />
      {/* The first line break within a textarea is not part of its text. */}
      <textarea {...inputOf(props)} maxlength={max} rows={rows} lang={lang}>
        {`\n${filled.values.get(name) ?? ""}`}
      </textarea>
    </div>
  );
}

interface ActChoice {
  readonly value: string;
  readonly label: string;
}

export function PickField(props: ActFieldProps & { readonly choices: readonly ActChoice[] }) {
  const { words, filled, name, choices } = props;
  const chosen = filled.values.get(name);
  return (
    <div class="field">
      <label for={idOf(filled.form, name)}>{words.incidents.fields[name]}</label>
      <Hints {...props} />
      <select {...inputOf(props)}>
        <option value="">{words.choose}</option>
        {choices.map(({ value, label }) => (
          <option value={value} selected={value === chosen}>
            {label}
          </option>
        ))}
      </select>
    </div>
  );
}

export function TicksField(props: ActFieldProps & { readonly choices: readonly ActChoice[] }) {
  const { words, filled, name, choices } = props;
  const { id, "aria-describedby": describedBy } = inputOf(props);
  const chosen = filled.values.getAll(name);
  return (
    <fieldset class="field" id={id} aria-describedby={describedBy}>
      <legend>{words.incidents.fields[name]}</legend>
      <Hints {...props} />
      <div class="checks">
        {choices.map(({ value, label }) => (
          <label>
            <input type="checkbox" name={name} value={value} checked={chosen.includes(value)} />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** One box: yes, or not. */
export function TickField(props: ActFieldProps) {
  const { words, filled, name } = props;
  return (
    <div class="field checks one">
      <label>
        <input {...inputOf(props)} type="checkbox" value="yes" checked={filled.values.get(name) === "yes"} />
        {words.incidents.fields[name]}
      </label>
      <Hints {...props} />
    </div>
  );
}

interface ActFormProps {
  readonly words: Words;
  readonly filled: ActFilled;
  readonly action: string;
  /** On the button; left out: what the form's own says. */
  readonly button?: string;
  /** It may be looked at before it is sent. First, so that the Enter key never publishes. */
  readonly hasPreview?: boolean;
  readonly children?: Child;
}

/** The whole form; which it is, and its key, go along unseen. */
export function ActForm({ words, filled, action, button, hasPreview = false, children }: ActFormProps) {
  const { form, key } = filled;
  return (
    <form method="post" action={action}>
      <input type="hidden" name="key" value={key} />
      <input type="hidden" name="do" value={form} />
      {children}
      <div class="buttons">
        {hasPreview && (
          <button type="submit" name="preview" value="yes" class="second">
            {words.incidents.preview}
          </button>
        )}
        <button type="submit">{button ?? words.incidents.forms[form][1]}</button>
      </div>
    </form>
  );
}

/** Everything that is wrong, each with a way to its field. The browser begins to read here. */
export function ActProblems({ words, filled }: { readonly words: Words; readonly filled: ActFilled }) {
  const { form, errors } = filled;
  if (errors.length === 0) return null;
  return (
    <section class="problems" role="alert" tabindex={-1} autofocus>
      <h2>{words.refusedTitle}</h2>
      <ul>
        {errors.map(({ field, text }) => (
          <li>
            {field === null ? (
              text
            ) : (
              <a href={`#${idOf(form, field)}`}>
                {words.incidents.fields[field]}
                {words.colon}
                {text}
              </a>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
