// /ops/maintenance/chat-m3/call-off: one record of maintenance, and the button that calls it off. Pure: asking is given. What calls
// it off is a record of its own; the one that is called off is never changed.

import type { Maintenance } from "../incidents/maintenance.ts";
import { readMaintenance } from "../incidents/maintenance-input.ts";
import { announceFilled } from "./announcing.ts";
import { Form, Problems } from "./fields.tsx";
import type { Filled } from "./form.ts";
import { announcedOf, MaintenanceCard } from "./maintenance-parts.tsx";
import { type OpsPage, readOrNull, type Shown, type Visit } from "./ops-page.ts";

export const callOffPage: OpsPage = {
  match: /^\/ops\/maintenance\/([a-z][a-z0-9-]{0,30}-m[1-9]\d{0,14})\/call-off$/,
  menu: null,

  async get(visit, [id = ""]): Promise<Shown> {
    const known = await knownTo(visit, id);
    if (known !== null && find(known, id) === undefined) return missing(visit);
    const filled: Filled = { key: visit.freshKey(), values: new URLSearchParams(), errors: [] };
    return { ...shown(visit, id, known, filled), status: known === null ? 503 : 200 };
  },

  async post(visit, values, [id = ""]) {
    const { config, who, now, words } = visit;
    const known = await knownTo(visit, id);
    if (known !== null && find(known, id) === undefined) return missing(visit);
    const announced = await announceFilled(visit, values, [], (messageId) => {
      if (known === null) return Promise.reject(new Error("what is called off cannot be read"));
      const said = { withdraws: id, target: targetOf(id), author: who };
      return Promise.resolve(readMaintenance(said, { config, known, now, messageId }));
    });
    if (announced.ok) return { seeOther: `/ops/maintenance?recorded=${announced.id}` };
    const page = shown(visit, id, known, announced.filled);
    return { ...page, status: announced.status, title: `${words.errorTitle}${words.colon}${page.title}` };
  },
};

function targetOf(id: string): string {
  return id.replace(/-m\d+$/, "");
}

/** Null: it cannot be read now. Of a target that is not configured nothing is known. */
async function knownTo(visit: Visit, id: string): Promise<readonly Maintenance[] | null> {
  const target = visit.config.targets.find((each) => each.id === targetOf(id));
  if (target === undefined) return [];
  return readOrNull(visit, `maintenance of ${target.id}`, visit.fleet.maintenance(target.id));
}

function find(known: readonly Maintenance[], id: string): Maintenance | undefined {
  return known.find((each) => each.id === id && each.withdraws === null);
}

/** `known` null: it cannot be read now. */
function shown(visit: Visit, id: string, known: readonly Maintenance[] | null, filled: Filled): Omit<Shown, "status"> {
  const { words, config, now } = visit;
  const { duty } = words;
  const announced = known === null ? undefined : announcedOf(known, now).find(({ record }) => record.id === id);
  const isGone = announced !== undefined && announced.calledOff !== null;
  const body = (
    <>
      <Problems words={words} filled={filled} />
      <h1>{duty.callOffOf(id)}</h1>
      {announced === undefined ? (
        <p class="problems">{duty.noAnswer(targetOf(id))}</p>
      ) : (
        <>
          <h2 class="hidden">{words.menu.maintenance}</h2>
          <ul>
            <MaintenanceCard words={words} config={config} announced={announced} now={now} isOpen={false} />
          </ul>
        </>
      )}
      {isGone ? (
        <p class="more">{duty.alreadyCalledOff}</p>
      ) : (
        <>
          <p class="more">{duty.callOffMore}</p>
          <Form words={words} filled={filled} action={`/ops/maintenance/${id}/call-off`} button={duty.callOffButton}>
            {null}
          </Form>
        </>
      )}
    </>
  );
  return { title: duty.callOffOf(id), body };
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
