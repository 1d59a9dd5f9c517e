// The parts of the console's forms: labels tied to inputs, what to write and what is wrong linked to each by aria-describedby,
// and a summary of all that is wrong. Pure; called by the pages. Whatever was typed stands there again.

import type { Child } from "hono/jsx";

import type { Filled } from "./form.ts";
import type { Field, Words } from "./words.ts";

interface FieldProps {
  readonly words: Words;
  readonly filled: Filled;
  readonly name: Field;
  readonly optional?: boolean;
}

const idOf = (name: string): string => `f-${name}`;

function wrongOf({ filled, name }: FieldProps): string | null {
  return filled.errors.find(({ field }) => field === name)?.text ?? null;
}

/** For the input of a field: which texts describe it, and whether it is wrong. */
function described(props: FieldProps): Readonly<Record<string, string | undefined>> {
  const isWrong = wrongOf(props) !== null;
  return {
    "aria-describedby": isWrong ? `h-${props.name} e-${props.name}` : `h-${props.name}`,
    "aria-invalid": isWrong ? "true" : undefined,
  };
}

function Notes(props: FieldProps) {
  const { words, name, optional = false } = props;
  const wrong = wrongOf(props);
  return (
    <>
      <p class="hint" id={`h-${name}`}>
        {words.write[name]}
        {optional && ` (${words.optional})`}
      </p>
      {wrong !== null && (
        <p class="wrong" id={`e-${name}`}>
          {wrong}
        </p>
      )}
    </>
  );
}

interface TextFieldProps extends FieldProps {
  readonly max: number;
  /** What the browser helps with. */
  readonly type?: "text" | "date" | "time";
}

export function TextField(props: TextFieldProps) {
  const { words, filled, name, optional = false, max, type = "text" } = props;
  return (
    <div class="field">
      <label for={idOf(name)}>{words.fields[name]}</label>
      <Notes {...props} />
      <input
        id={idOf(name)}
        name={name}
        type={type}
        maxlength={type === "text" ? max : undefined}
        required={!optional}
        value={filled.values.get(name) ?? ""}
        autocomplete="off"
        {...described(props)}
      />
    </div>
  );
}

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly group?: string;
}

export function SelectField(props: FieldProps & { readonly choices: readonly Choice[] }) {
  const { words, filled, name, optional = false, choices } = props;
  const chosen = filled.values.get(name) ?? "";
  const option = ({ value, label }: Choice) => (
    <option value={value} selected={value === chosen}>
      {label}
    </option>
  );
  const groups = [...new Set(choices.map(({ group }) => group))];
  return (
    <div class="field">
      <label for={idOf(name)}>{words.fields[name]}</label>
      <Notes {...props} />
      <select id={idOf(name)} name={name} required={!optional} {...described(props)}>
        <option value="">{optional ? "–" : words.choose}</option>
        {groups.map((group) => {
          const own = choices.filter((each) => each.group === group).map(option);
          return group === undefined ? own : <optgroup label={group}>{own}</optgroup>;
        })}
      </select>
    </div>
  );
}

/** Date and time, and beside it the zone that they are meant in. */
export function TimeField(props: FieldProps & { readonly zones: readonly string[] }) {
  const { words, filled, name, optional = false, zones } = props;
  const zone = filled.values.get(`${name}_zone`) ?? zones[0];
  return (
    <fieldset class="field">
      <legend>{words.fields[name]}</legend>
      <Notes {...props} />
      <div class="pair">
        <input
          id={idOf(name)}
          name={name}
          type="datetime-local"
          aria-label={words.fields[name]}
          required={!optional}
          value={filled.values.get(name) ?? ""}
          {...described(props)}
        />
        <select name={`${name}_zone`} aria-label={`${words.fields[name]}${words.colon}${words.zone}`}>
          {zones.map((each) => (
            <option value={each} selected={each === zone}>
              {each}
            </option>
          ))}
        </select>
      </div>
    </fieldset>
  );
}

export function ChecksField(props: FieldProps & { readonly choices: readonly Choice[] }) {
  const { words, filled, name, choices } = props;
  const chosen = filled.values.getAll(name);
  return (
    <fieldset class="field" id={idOf(name)} aria-describedby={`h-${name}`}>
      <legend>{words.fields[name]}</legend>
      <Notes {...props} />
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

interface FormProps {
  readonly words: Words;
  readonly filled: Filled;
  readonly action: string;
  readonly button: string;
  readonly children: Child;
}

/** The whole form; its key goes along unseen. */
export function Form({ filled, action, button, children }: FormProps) {
  return (
    <form method="post" action={action}>
      <input type="hidden" name="key" value={filled.key} />
      {children}
      <button type="submit">{button}</button>
    </form>
  );
}

/** Everything that is wrong, each with a way to its field. The browser begins to read here. */
export function Problems({ words, filled }: { readonly words: Words; readonly filled: Filled }) {
  if (filled.errors.length === 0) return null;
  return (
    <section class="problems" role="alert" tabindex={-1} autofocus>
      <h2>{words.refusedTitle}</h2>
      <ul>
        {filled.errors.map(({ field, text }) => (
          <li>
            {field === null ? (
              text
            ) : (
              <a href={`#${idOf(field)}`}>
                {words.fields[field]}
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
