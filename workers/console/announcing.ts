// One filled form of maintenance from its reading to its record: read by the API's own reader, given once to whoever keeps it, and
// shown again with what is wrong when it is not. Pure: asking is given. Never says that something was recorded when it is not known.

import { canonicalJson } from "../config/canonical.ts";
import type { Maintenance, NewMaintenance } from "../incidents/maintenance.ts";
import type { MaintenanceRead } from "../incidents/maintenance-input.ts";
import type { InputError } from "../sla/record-fields.ts";
import { type FieldError, type Filled, keyOf, refusalsOf } from "./form.ts";
import type { Visit } from "./ops-page.ts";
import type { Field } from "./words.ts";

/** `id`: of what is recorded now. Else the form as it has to be shown again, with the answer's status. */
type Announced =
  | { readonly ok: true; readonly id: string }
  | { readonly ok: false; readonly status: 409 | 422 | 503; readonly filled: Filled };

/** `read` is given the form's key, and rejects when what it needs cannot be had. `errors` is filled by it. Never rejects itself. */
export async function announceFilled(
  visit: Visit,
  values: URLSearchParams,
  errors: readonly FieldError[],
  read: (messageId: string) => Promise<MaintenanceRead>,
): Promise<Announced> {
  const { refused, duty } = visit.words;
  const again = (status: 409 | 422 | 503, key: string, all: readonly FieldError[]): Announced => ({
    ok: false,
    status,
    filled: { key, values, errors: all },
  });
  const whole = (text: string): readonly FieldError[] => [{ field: null, text }];
  const key = keyOf(values);
  if (key === null) return again(422, visit.freshKey(), whole(refused.whole));
  try {
    const input = await read(key);
    if (!input.ok && input.errors.some(({ pointer }) => pointer === "/withdraws")) {
      return again(409, key, whole(duty.alreadyCalledOff));
    }
    const found = refusalsOf(input.ok ? [] : placed(input.errors), errors, visit.words, false);
    if (!input.ok || found.length > 0) return again(422, key, found);
    const kept = await visit.fleet.announce(input.record);
    // Somebody went back, changed what was recorded already, and sent it again: that would be another record.
    if (!isSame(kept, input.record)) return again(409, visit.freshKey(), whole(refused.conflict));
    return { ok: true, id: kept.id };
  } catch (problem) {
    visit.report(`maintenance is not known to be recorded: ${String(problem)}`);
    return again(503, key, whole(duty.unknown));
  }
}

/** Fields of the forms by the reader's pointers; of a window that is weekly the times of the day are fields of their own. */
const FIELD_OF: Readonly<Record<string, Field>> = {
  "/target": "service",
  "/title": "title_en",
  "/title/en": "title_en",
  "/title/zh": "title_zh",
  "/window/from": "from",
  "/window/to": "to",
  "/window/from_time": "from_time",
  "/window/to_time": "to_time",
  "/window/zone": "time_zone",
  "/window/from_day": "from_day",
  "/window/until_day": "until_day",
};

/** Pointers into the form, each field once. */
function placed(errors: readonly InputError[]): readonly InputError[] {
  const byField = new Map<string, InputError>();
  for (const { pointer, detail } of errors) {
    // One of a list is said beside the list.
    const [, list] = /^\/(?:window\/)?(days|regions)(?:\/|$)/.exec(pointer) ?? [];
    const field = list ?? FIELD_OF[pointer] ?? "";
    if (!byField.has(field)) byField.set(field, { pointer: `/${field}`, detail });
  }
  return [...byField.values()];
}

function isSame(kept: Maintenance, sent: NewMaintenance): boolean {
  const { id: _, recordedAt: __, ...body } = kept;
  return canonicalJson(body) === canonicalJson(sent);
}
