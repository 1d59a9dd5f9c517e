// /ops/exclusions/12/withdraw: one exclusion, and the form that takes it back with a reason. Pure: reading and writing are given.
// A withdrawal is a record of its own; the one that it takes back is never changed.

import { readExclusions, resolveWithdrawals } from "../sla/record-input.ts";
import type { ExclusionRecord } from "../sla/records.ts";
import { ExclusionCard, type Listed, listedOf } from "./exclusion-parts.tsx";
import { Form, Problems, TextField } from "./fields.tsx";
import { type Filled, typed } from "./form.ts";
import { type OpsPage, readOrNull, type Shown, type Visit } from "./ops-page.ts";
import { recordFilled } from "./recording.ts";

export const withdrawPage: OpsPage = {
  match: /^\/ops\/exclusions\/([1-9]\d{0,14})\/withdraw$/,
  menu: null,

  async get(visit, [id]): Promise<Shown> {
    const all = await knownTo(visit);
    const listed = all === null ? null : listedOf(all).find(({ record }) => record.id === Number(id));
    if (listed === undefined) return missing(visit);
    const filled: Filled = { key: visit.freshKey(), values: new URLSearchParams(), errors: [] };
    return { ...shown(visit, Number(id), listed, filled), status: listed === null ? 503 : 200 };
  },

  async post(visit, values, [id]) {
    const { config, who, now, records } = visit;
    const known = await knownTo(visit);
    const listed = known === null ? null : listedOf(known).find(({ record }) => record.id === Number(id));
    if (listed === undefined) return missing(visit);
    const recorded = await recordFilled(visit, values, {
      errors: [],
      read: (messageId) => {
        if (known === null || listed === null) throw new Error("what is withdrawn cannot be read");
        const said = { withdraws: Number(id), target: listed.record.target, reason: typed(values, "reason") };
        const read = readExclusions({ ...said, author: who, key: messageId }, { config, now, messageId });
        return read.ok ? resolveWithdrawals(read.events, known) : read;
      },
      append: records.appendExclusions,
      about: true,
    });
    if (recorded.ok) return { seeOther: `/ops/exclusions?recorded=${recorded.id}` };
    const page = shown(visit, Number(id), listed, recorded.filled);
    return { ...page, status: recorded.status, title: `${visit.words.errorTitle}${visit.words.colon}${page.title}` };
  },
};

function knownTo(visit: Visit): Promise<readonly ExclusionRecord[] | null> {
  const targets = visit.config.targets.map(({ id }) => id);
  return readOrNull(visit, "exclusions", visit.records.exclusionsOf(...targets));
}

/** `listed` null: it cannot be read now. */
function shown(visit: Visit, id: number, listed: Listed | null, filled: Filled): Omit<Shown, "status"> {
  const { words, config } = visit;
  const isGone = listed !== null && listed.withdrawal !== null;
  const body = (
    <>
      <Problems words={words} filled={filled} />
      <h1>{words.withdrawOf(id)}</h1>
      {listed === null ? (
        <p class="problems">{words.unreadable}</p>
      ) : (
        <ul>
          <ExclusionCard words={words} config={config} listed={listed} isOpen={false} />
        </ul>
      )}
      {isGone ? (
        <p class="more">{words.alreadyWithdrawn}</p>
      ) : (
        <>
          <p class="more">{words.withdrawMore}</p>
          <Form words={words} filled={filled} action={`/ops/exclusions/${id}/withdraw`} button={words.withdrawButton}>
            <TextField words={words} filled={filled} name="reason" max={2_000} />
          </Form>
        </>
      )}
    </>
  );
  return { title: words.withdrawOf(id), body };
}

function missing({ words }: Visit): Shown {
  const [title, more] = words.said.notFound;
  return {
    status: 404,
    title,
    body: (
      <>
        <h1>{title}</h1>
        <p>{more}</p>
      </>
    ),
  };
}
