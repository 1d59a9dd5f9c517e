// One filled form from its reading to its record, for every form of the console: read by the API's own readers, written once, and
// shown again with what is wrong when it is not. Pure: reading and writing are given. Never writes twice what has one key, and
// never says that something was recorded when it is not known.

import type { InputRead } from "../sla/record-input.ts";
import { type FieldError, type Filled, keyOf, refusalsOf } from "./form.ts";
import type { Outcome, Visit } from "./ops-page.ts";

interface Recording<T> {
  /** Found while the body was made. */
  readonly errors: readonly FieldError[];
  /** `messageId` is the form's key. Rejects when the database does not answer. */
  readonly read: (messageId: string) => InputRead<T> | Promise<InputRead<T>>;
  readonly append: (records: readonly T[]) => Promise<Outcome>;
  /** Whether the form chooses target and contract in one field. */
  readonly about: boolean;
}

/** `id`: of what is recorded now. Else the form as it has to be shown again, with the answer's status. */
export type Recorded =
  | { readonly ok: true; readonly id: number }
  | { readonly ok: false; readonly status: 409 | 422 | 503; readonly filled: Filled };

/** Never rejects for the database. */
export async function recordFilled<T>(
  visit: Visit,
  values: URLSearchParams,
  { errors, read, append, about }: Recording<T>,
): Promise<Recorded> {
  const { refused } = visit.words;
  const again = (status: 409 | 422 | 503, key: string, all: readonly FieldError[]): Recorded => ({
    ok: false,
    status,
    filled: { key, values, errors: all },
  });
  const whole = (text: string): readonly FieldError[] => [{ field: null, text }];
  const key = keyOf(values);
  if (key === null) return again(422, visit.freshKey(), whole(refused.whole));
  try {
    const input = await read(key);
    const found = refusalsOf(input.ok ? [] : input.errors, errors, visit.words, about);
    if (!input.ok || found.length > 0) return again(422, key, found);
    const outcome = await append(input.events.map(({ event }) => event));
    // Somebody went back, changed what was recorded already, and sent it again: that would be another record.
    if (!outcome.ok) return again(409, visit.freshKey(), whole(refused.conflict));
    const [first] = outcome.recorded;
    if (first === undefined) return again(422, key, whole(refused.whole));
    if (!first.repeated) visit.onRecorded();
    return { ok: true, id: first.id };
  } catch (problem) {
    visit.report(`nothing is known to be recorded: ${String(problem)}`);
    return again(503, key, whole(refused.unknown));
  }
}
