// /ops/exclusions: all that was said not to count, the newest first, and the form that says more. Pure: reading and writing are
// given. What the form sends goes through the readers of the API, and its author is whoever is signed in, never a field.

import { readExclusions, resolveWithdrawals } from "../sla/record-input.ts";
import { ExclusionCard, listedOf } from "./exclusion-parts.tsx";
import { ChecksField, type Choice, Form, SelectField, TextField, TimeField } from "./fields.tsx";
import { CHOICES, type FieldError, type Filled, instantOf, typed, zonesOf } from "./form.ts";
import { type OpsPage, readOrNull, type Shown, type Visit } from "./ops-page.ts";
import { recordFilled } from "./recording.ts";
import { refused } from "./refused.tsx";

const PATH = "/ops/exclusions";
/** Of one page of the list. */
const SHOWN_MAX = 50;

export const exclusionsPage: OpsPage = {
  match: /^\/ops\/exclusions\/?$/,
  menu: { path: PATH, name: "exclusions" },

  async get(visit): Promise<Shown> {
    const { words, config, records, url } = visit;
    const targets = config.targets.map(({ id }) => id);
    const all = await readOrNull(visit, "exclusions", records.exclusionsOf(...targets));
    const before = Number(url.searchParams.get("before") ?? Number.NaN);
    const listed = listedOf(all ?? []);
    const rest = Number.isNaN(before) ? listed : listed.filter(({ record }) => record.id < before);
    const shown = rest.slice(0, SHOWN_MAX);
    const next = rest.length > SHOWN_MAX ? shown.at(-1)?.record.id : undefined;
    const recorded = Number(url.searchParams.get("recorded") ?? Number.NaN);
    // Another page may have filled it in beforehand: in the address, so that nothing is recorded by a link.
    const isFilled = url.searchParams.has("about");
    const values = isFilled ? url.searchParams : new URLSearchParams();
    const filled: Filled = { key: visit.freshKey(), values, errors: [] };
    const body = (
      <>
        {(all ?? []).some(({ id }) => id === recorded) && (
          <p class="notice" role="status">
            {words.recorded(recorded)}
          </p>
        )}
        <h1>{words.menu.exclusions}</h1>
        <details open={isFilled}>
          <summary>{words.recordExclusion}</summary>
          <ExclusionForm visit={visit} filled={filled} />
        </details>
        {all === null && <p class="problems">{words.unreadable}</p>}
        {all !== null && shown.length === 0 && <p class="more">{words.none}</p>}
        <ul>
          {shown.map((each) => (
            <ExclusionCard words={words} config={config} listed={each} isOpen />
          ))}
        </ul>
        {next !== undefined && (
          <p class="more">
            <a href={`${PATH}?before=${next}`}>{words.older}</a>
          </p>
        )}
        {rest.length < listed.length && (
          <p class="more">
            <a href={PATH}>{words.newer}</a>
          </p>
        )}
      </>
    );
    return { status: all === null ? 503 : 200, title: words.menu.exclusions, body };
  },

  async post(visit, values) {
    const { words, config, who, now, records } = visit;
    const errors: FieldError[] = [];
    const body = bodyOf(visit, values, errors);
    const recorded = await recordFilled(visit, values, {
      errors,
      read: (messageId) => {
        const read = readExclusions({ ...body, author: who, key: messageId }, { config, now, messageId });
        // None of these is a withdrawal: nothing has to be known to make it whole.
        return read.ok ? resolveWithdrawals(read.events, []) : read;
      },
      append: records.appendExclusions,
      about: true,
    });
    if (recorded.ok) return { seeOther: `${PATH}?recorded=${recorded.id}` };
    return refused(words, words.recordExclusion, recorded, <ExclusionForm visit={visit} filled={recorded.filled} />);
  },
};

/** As the API takes it, but for author and key. */
function bodyOf({ config, words }: Visit, values: URLSearchParams, errors: FieldError[]): Record<string, unknown> {
  const zones = zonesOf(config);
  const [target, contract] = (typed(values, "about") ?? "").split("/");
  const where = typed(values, "where");
  const sha256 = typed(values, "sha256");
  const regions = values.getAll("regions");
  return {
    target: target === "" ? undefined : target,
    contract: contract ?? null,
    type: typed(values, "type"),
    from: instantOf(values, "from", zones, words, errors),
    to: instantOf(values, "to", zones, words, errors),
    announced_at: instantOf(values, "announced_at", zones, words, errors) ?? null,
    regions: regions.length === 0 ? null : regions,
    reason: typed(values, "reason"),
    proof: where === undefined && sha256 === undefined ? null : { where, sha256 },
  };
}

function ExclusionForm({ visit, filled }: { readonly visit: Visit; readonly filled: Filled }) {
  const { words, config } = visit;
  const zones = zonesOf(config);
  const both = { words, filled };
  const pairs = new Set(config.contracts.map(({ id, target }) => `${target}/${id}`));
  const about = config.targets.flatMap(({ id }): Choice[] => [
    { value: id, label: words.everyContract(id), group: id },
    ...[...pairs]
      .filter((pair) => pair.startsWith(`${id}/`))
      .map((value) => ({ value, label: value.replace("/", ": "), group: id })),
  ]);
  return (
    <Form {...both} action={PATH} button={words.save}>
      <SelectField {...both} name="about" choices={about} />
      <SelectField
        {...both}
        name="type"
        choices={CHOICES.type.map((value) => ({ value, label: words.types[value] }))}
      />
      <TimeField {...both} name="from" zones={zones} />
      <TimeField {...both} name="to" zones={zones} />
      <TimeField {...both} name="announced_at" zones={zones} optional />
      <ChecksField
        {...both}
        name="regions"
        choices={config.regions.map(({ id, label }) => ({ value: id, label: `${label[words.language]} (${id})` }))}
        optional
      />
      <TextField {...both} name="reason" max={2_000} />
      <TextField {...both} name="where" max={500} optional />
      <TextField {...both} name="sha256" max={100} optional />
      <p class="hint">{words.hashHow}</p>
    </Form>
  );
}
