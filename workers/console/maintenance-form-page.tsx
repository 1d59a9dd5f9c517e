// /ops/maintenance/once and /ops/maintenance/weekly: the forms that announce maintenance. Pure: asking is given. What is sent goes
// through the reader of the API, and its author is whoever is signed in, never a field.

import { readMaintenance } from "../incidents/maintenance-input.ts";
import { announceFilled } from "./announcing.ts";
import { ChecksField, Form, SelectField, TextField, TimeField } from "./fields.tsx";
import { type FieldError, type Filled, instantOf, typed, zonesOf } from "./form.ts";
import type { OpsPage, Shown, Visit } from "./ops-page.ts";
import { refused } from "./refused.tsx";

const PATH = "/ops/maintenance";
const TITLE_MAX = 200;

type Kind = "once" | "weekly";

export const maintenanceFormPage: OpsPage = {
  match: /^\/ops\/maintenance\/(once|weekly)$/,
  menu: null,

  get(visit, [found]): Promise<Shown> {
    const kind = kindOf(found);
    const { duty } = visit.words;
    const title = headingOf(visit, kind);
    const filled: Filled = { key: visit.freshKey(), values: new URLSearchParams(), errors: [] };
    const body = (
      <>
        <h1>{title}</h1>
        {duty.whatItDoes.map((sentence) => (
          <p>{sentence}</p>
        ))}
        <MaintenanceForm visit={visit} filled={filled} kind={kind} />
      </>
    );
    return Promise.resolve({ status: 200, title, body });
  },

  async post(visit, values, [found]) {
    const kind = kindOf(found);
    const { words, config, who, now } = visit;
    const errors: FieldError[] = [];
    const body = bodyOf(visit, values, kind, errors);
    const announced = await announceFilled(visit, values, errors, (messageId) => {
      const read = readMaintenance({ ...body, author: who }, { config, known: [], now, messageId });
      return Promise.resolve(read.ok || kind === "once" ? read : { ...read, errors: read.errors.map(ofWeekly) });
    });
    if (announced.ok) return { seeOther: `${PATH}?recorded=${announced.id}` };
    const form = <MaintenanceForm visit={visit} filled={announced.filled} kind={kind} />;
    return refused(words, headingOf(visit, kind), announced, form);
  },
};

function kindOf(found: string | undefined): Kind {
  return found === "weekly" ? "weekly" : "once";
}

function headingOf({ words: { duty } }: Visit, kind: Kind): string {
  return kind === "once" ? duty.recordOnce : duty.recordWeekly;
}

/** Both kinds of window have `from` and `to`; of a weekly one they are times of the day, and have fields of their own. */
function ofWeekly({ pointer, detail }: { readonly pointer: string; readonly detail: string }) {
  return { pointer: pointer.replace(/^\/window\/(from|to)$/, "/window/$1_time"), detail };
}

/** As the API takes it, but for author and key. */
function bodyOf(visit: Visit, values: URLSearchParams, kind: Kind, errors: FieldError[]): Record<string, unknown> {
  const { config, words } = visit;
  const zones = zonesOf(config);
  const regions = values.getAll("regions");
  const en = typed(values, "title_en");
  const zh = typed(values, "title_zh");
  const title = { ...(en !== undefined && { en }), ...(zh !== undefined && { zh }) };
  return {
    target: typed(values, "service"),
    regions: regions.length === 0 ? null : regions,
    title: en === undefined && zh === undefined ? undefined : title,
    window:
      kind === "weekly"
        ? weeklyOf(values)
        : {
            kind,
            from: instantOf(values, "from", zones, words, errors),
            to: instantOf(values, "to", zones, words, errors),
          },
  };
}

function weeklyOf(values: URLSearchParams): Record<string, unknown> {
  const days = values.getAll("days").map(Number);
  const to = typed(values, "to_time");
  return {
    kind: "weekly",
    zone: typed(values, "time_zone"),
    days: days.length === 0 ? undefined : days,
    from: typed(values, "from_time"),
    // Browsers have no 24:00: midnight is the end of the day that was begun.
    to: to === "00:00" ? "24:00" : to,
    from_day: typed(values, "from_day"),
    until_day: typed(values, "until_day") ?? null,
  };
}

function MaintenanceForm({ visit, filled, kind }: { visit: Visit; filled: Filled; kind: Kind }) {
  const { words, config } = visit;
  const both = { words, filled };
  const label = (of: Readonly<Record<"en" | "zh", string>>, id: string): string => `${of[words.language]} (${id})`;
  return (
    <Form {...both} action={`${PATH}/${kind}`} button={words.save}>
      <SelectField
        {...both}
        name="service"
        choices={config.targets.map(({ id, label: own }) => ({ value: id, label: label(own, id) }))}
      />
      <ChecksField
        {...both}
        name="regions"
        choices={config.regions.map(({ id, label: own }) => ({ value: id, label: label(own, id) }))}
        optional
      />
      <TextField {...both} name="title_en" max={TITLE_MAX} optional />
      <TextField {...both} name="title_zh" max={TITLE_MAX} optional />
      {kind === "once" ? <OnceFields visit={visit} filled={filled} /> : <WeeklyFields visit={visit} filled={filled} />}
    </Form>
  );
}

interface WindowProps {
  readonly visit: Visit;
  readonly filled: Filled;
}

function OnceFields({ visit: { words, config }, filled }: WindowProps) {
  const zones = zonesOf(config);
  return (
    <>
      <TimeField words={words} filled={filled} name="from" zones={zones} />
      <TimeField words={words} filled={filled} name="to" zones={zones} />
    </>
  );
}

function WeeklyFields({ visit: { words, config }, filled }: WindowProps) {
  const both = { words, filled };
  const days = words.duty.weekdays.map((label, i) => ({ value: String(i + 1), label }));
  const zones = zonesOf(config).map((zone) => ({ value: zone, label: zone }));
  return (
    <>
      <ChecksField {...both} name="days" choices={days} />
      <TextField {...both} name="from_time" max={5} type="time" />
      <TextField {...both} name="to_time" max={5} type="time" />
      <SelectField {...both} name="time_zone" choices={zones} />
      <TextField {...both} name="from_day" max={10} type="date" />
      <TextField {...both} name="until_day" max={10} type="date" optional />
    </>
  );
}
