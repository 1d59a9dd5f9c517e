// From a filled form about an incident to the act that it orders, and from a refusal to sentences beside fields. Pure. It judges no
// more than that a choice was made: what may be done is the word of `incidents/acts.ts`. Called by the pages of incidents.

import { ALERT_SEVERITIES, type Language, LANGUAGES } from "../../schema/words.ts";
import type { ActAnswer, ActOrder, DrillOrder } from "../alerts/duty-answers.ts";
import type { Config } from "../config/config.ts";
import { refusalOfWords } from "../incidents/acts.ts";
import { STATEMENTS } from "../incidents/incident.ts";
import { typed } from "./form.ts";
import { stampIn } from "./local-time.ts";
import type { IncidentField, IncidentForm } from "./incident-words.ts";
import type { Words } from "./words.ts";

/** `field` null: it is about the form as a whole. */
export interface ActError {
  readonly field: IncidentField | null;
  readonly text: string;
}

export interface ActFilled {
  readonly form: IncidentForm;
  readonly key: string;
  readonly values: URLSearchParams;
  readonly errors: readonly ActError[];
}

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly errors: readonly ActError[] };

const DRILL_KINDS = ["outage", "brownout"] as const;
const SCOPES = ["region", "global"] as const;
/** What is chosen from, in the order of the forms. */
export const INCIDENT_CHOICES = {
  statement: STATEMENTS,
  of: DRILL_KINDS,
  severity: ALERT_SEVERITIES,
  scope: SCOPES,
} as const;
export const SENTENCE_CHARS_MAX = 500;

export const textField = (language: Language): IncidentField => (language === "en" ? "text_en" : "text_zh");
const sentenceField = (language: Language): IncidentField => (language === "en" ? "sentence_en" : "sentence_zh");

/** Lines parted by "\n" alone; without empty ones at either end. */
function linesOf(values: URLSearchParams, name: IncidentField): string {
  const text = (values.get(name) ?? "").replaceAll(/\r\n?/g, "\n");
  return text.trim() === "" ? "" : text.replace(/^\s*\n/, "").trimEnd();
}

/** Each language that something is written in. */
export function textsOf(values: URLSearchParams): Partial<Record<Language, string>> {
  const texts = LANGUAGES.map((language) => [language, linesOf(values, textField(language))] as const);
  return Object.fromEntries(texts.filter(([, text]) => text !== ""));
}

export function readAct(form: Exclude<IncidentForm, "drill">, values: URLSearchParams, words: Words): Read<ActOrder> {
  const note = linesOf(values, "note");
  const ok = (value: ActOrder): Read<ActOrder> => ({ ok: true, value });
  switch (form) {
    case "acknowledge":
    case "note":
    case "reopen":
      return ok({ kind: form, note });
    case "resolve":
      return ok({ kind: form, note, force: values.get("force") === "yes" });
    case "postmortem":
      return ok({ kind: form, text: textsOf(values) });
    case "publish": {
      const statement = chosen(values, "statement");
      if (statement === null) return { ok: false, errors: [unclear("statement", values, words)] };
      return ok({ kind: form, statement, text: textsOf(values) });
    }
    case "merge": {
      const into = typed(values, "into");
      return into === undefined ? { ok: false, errors: [unclear("into", values, words)] } : ok({ kind: form, into });
    }
  }
}

/** A drill, without who starts it and its key. */
export function readDrill(
  values: URLSearchParams,
  { targets }: Pick<Config, "targets">,
  words: Words,
): Read<{ readonly target: string; readonly drill: Omit<DrillOrder, "who" | "key"> }> {
  const target = targets.find(({ id }) => id === values.get("target"));
  const [of, severity, scope] = [chosen(values, "of"), chosen(values, "severity"), chosen(values, "scope")];
  const regions = [...new Set(values.getAll("regions"))];
  const isFit = regions.length > 0 && regions.every((region) => target?.regions.includes(region) ?? true);
  const sentence = { en: linesOf(values, "sentence_en"), zh: linesOf(values, "sentence_zh") };
  const errors = [
    ...(target === undefined ? [unclear("target", values, words)] : []),
    ...(of === null ? [unclear("of", values, words)] : []),
    ...(severity === null ? [unclear("severity", values, words)] : []),
    ...(scope === null ? [unclear("scope", values, words)] : []),
    ...(isFit ? [] : [unclear("regions", values, words)]),
    ...LANGUAGES.flatMap((language): ActError[] => {
      const field = sentenceField(language);
      const refused =
        sentence[language].length > SENTENCE_CHARS_MAX ? "text_too_long" : refusalOfWords([sentence[language]]);
      return refused === null ? [] : [{ field, text: textRefused(refused, field, words) }];
    }),
  ];
  if (target === undefined || of === null || severity === null || scope === null || errors.length > 0)
    return { ok: false, errors };
  return { ok: true, value: { target: target.id, drill: { of, severity, scope, regions, sentence } } };
}

/** Null: nothing, or nothing that is there to be chosen. */
function chosen<F extends keyof typeof INCIDENT_CHOICES>(
  values: URLSearchParams,
  field: F,
): (typeof INCIDENT_CHOICES)[F][number] | null {
  const all: readonly (typeof INCIDENT_CHOICES)[F][number][] = INCIDENT_CHOICES[field];
  return all.find((each) => each === values.get(field)) ?? null;
}

function unclear(field: IncidentField, values: URLSearchParams, { refused, incidents }: Words): ActError {
  const write = incidents.write[field];
  return { field, text: typed(values, field) === undefined ? refused.missing(write) : refused.unclear(write) };
}

type Refused = Extract<ActAnswer, { readonly ok: false }>;
const OF_FIELDS: Readonly<Partial<Record<Refused["refused"], IncidentField>>> = {
  still_bad: "force",
  merge_into_itself: "into",
  merge_into_another_target: "into",
  merge_into_another_kind: "into",
  merge_into_one_that_is_over: "into",
  merge_into_a_later_one: "into",
  unknown_incident: "into",
};

/** What was refused, beside the fields that it is about. `zone`: for the time of who was first. */
export function refusalsOfAct(
  act: ActOrder,
  { refused, before }: Pick<Refused, "refused" | "before">,
  words: Words,
  zone: string,
): readonly ActError[] {
  const said = words.incidents.refused[refused];
  if (before !== null) {
    const first = words.incidents.acknowledgedBy(before.by, stampIn(before.at, zone));
    return [{ field: null, text: `${said} (${first})` }];
  }
  if (refused !== "no_text" && refused !== "text_too_long" && refused !== "text_unprintable")
    return [{ field: OF_FIELDS[refused] ?? null, text: said }];
  if (act.kind !== "publish" && act.kind !== "postmortem")
    return [{ field: "note", text: textRefused(refused, "note", words) }];
  const own = LANGUAGES.filter((language) => refusalOfWords([act.text[language] ?? " "]) === refused);
  // Of two that are empty, the first is asked for: one is enough.
  const fields = refused === "no_text" ? [textField("en")] : own.map(textField);
  return fields.map((field) => ({ field, text: textRefused(refused, field, words) }));
}

function textRefused(refused: Refused["refused"], field: IncidentField, { refused: says, incidents }: Words): string {
  const write = incidents.write[field];
  return refused === "no_text" ? says.missing(write) : incidents.refused[refused];
}
