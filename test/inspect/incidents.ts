// What each Duty has stored, and D1's copy of it: incidents that can be read, messages that were tried as their receipts say, and
// nothing told that it is over before it was told that it began. Believes no flag: it folds the events itself, counts the
// receipts, and compares the copy row by row with what the Duty holds.

import { incidentOf } from "../../workers/incidents/life.ts";
import type { Incident, IncidentChange, IncidentEvent } from "../../workers/incidents/incident.ts";
import type { Findings } from "./findings.ts";
import { text } from "./findings.ts";
import type { DutyState, FleetState } from "./state.ts";

type Entry = DutyState["outbox"][number];

export function inspectIncidents(state: FleetState, findings: Findings): void {
  for (const duty of state.duties) {
    findings.count("duties");
    const folded = inspectStories(duty, findings);
    inspectOutbox(duty, folded, findings);
    inspectCopy(duty, state.d1, findings);
    const heard = state.collectors.find(({ target }) => target === duty.target)?.envelopes ?? [];
    const newest = heard.reduce((most, { id }) => Math.max(most, id), 0);
    const cursor = duty.identity[0]?.cursor ?? 0;
    if (cursor > newest) findings.bad(`duty ${duty.target}: has looked up to envelope ${cursor} of ${newest}`);
  }
  inspectStrangers(state, findings);
  for (const table of ["incidents", "incidentEvents", "deliveries", "receipts", "maintenance"] as const)
    for (const row of state.d1[table])
      if (text(row).includes("/ack/")) findings.bad(`D1's ${table} hold a link that acknowledges: ${text(row)}`);
}

/** Answers each incident as its events make it. */
function inspectStories(duty: DutyState, findings: Findings): Map<string, Incident> {
  const what = `duty ${duty.target}`;
  const [head] = duty.identity;
  findings.equal(`${what}: heads`, duty.identity.length, 1);
  const folded = new Map<string, Incident>();
  const numbers = duty.incidents.map(({ number }) => number).toSorted((a, b) => a - b);
  findings.equal(`${what}: numbers of incidents`, numbers, upTo(head?.incidents ?? 0));
  const windows = duty.maintenance.map(({ id }) => Number(id.slice(`${duty.target}-m`.length)));
  findings.equal(
    `${what}: numbers of maintenance`,
    windows.toSorted((a, b) => a - b),
    upTo(head?.maintenance ?? 0),
  );
  for (const { id, number, live, notifiedAt } of duty.incidents) {
    findings.count("incidents");
    findings.equal(`${what}: id of incident ${number}`, id, `${duty.target}-${number}`);
    const events = eventsOf(duty, id);
    findings.equal(`${id}: numbers of its events`, numbersOf(events), upTo(events.length));
    events.forEach((event, i) => {
      findings.count("incident events");
      if (event.recordedAt < (events[i - 1]?.recordedAt ?? 0))
        findings.bad(`${id}: event ${i + 1} was written earlier`);
    });
    findings.holds(id, () => void folded.set(id, incidentOf(duty.target, events)));
    const own = duty.outbox.filter(({ incident }) => incident === id);
    const state = folded.get(id)?.state;
    if (!live && (state === "open" || state === "restored")) findings.bad(`${id}: is ${state}, and nobody looks at it`);
    if (!live && own.some((entry) => entry.state === "waiting")) findings.bad(`${id}: is done, and a message waits`);
    const pages = own.flatMap(({ kind, sentAt }) => (kind === "trigger" && sentAt !== null ? [sentAt] : []));
    findings.equal(`${id}: first told at`, notifiedAt, pages.length === 0 ? null : Math.min(...pages));
  }
  for (const { incident, key } of duty.events)
    if (!duty.incidents.some(({ id }) => id === incident)) findings.bad(`${what}: event ${key} of no incident`);
  return folded;
}

function inspectOutbox(duty: DutyState, folded: ReadonlyMap<string, Incident>, findings: Findings): void {
  const keys = new Set<string>();
  const receipts = Map.groupBy(duty.receipts, ({ key }) => key);
  for (const entry of duty.outbox) {
    const { key, incident, kind, event, state, tries, firstTriedAt, alert } = entry;
    findings.count("messages");
    if (keys.has(key)) findings.bad(`message ${key} is there twice`);
    keys.add(key);
    const known = folded.get(incident);
    if (kind !== "test" && known === undefined) findings.bad(`message ${key} is about no incident`);
    if (event > (known?.events ?? 0)) findings.bad(`message ${key} tells of event ${event} of ${known?.events}`);
    inspectTries(entry, receipts.get(key) ?? [], findings);
    if (tries > 0 && (alert === null || firstTriedAt === null))
      findings.bad(`message ${key} was tried and says nothing`);
    if (alert !== null)
      findings.equal(`message ${key}: its words are of`, (JSON.parse(alert) as { key: string }).key, key);
    if (state === "sent" && kind === "resolve") inspectResolve(entry, duty.outbox, findings);
  }
  for (const { key, attempt } of duty.receipts) {
    findings.count("receipts");
    if (!keys.has(key)) findings.bad(`receipt ${attempt} of ${key}, which nobody planned`);
  }
}

function inspectTries(entry: Entry, receipts: DutyState["receipts"], findings: Findings): void {
  const { key, state, tries, sentAt, firstTriedAt } = entry;
  const own = receipts.toSorted((a, b) => a.attempt - b.attempt);
  findings.equal(
    `message ${key}: tries`,
    own.map(({ attempt }) => attempt),
    upTo(tries),
  );
  const taken = own.filter(({ accepted }) => accepted);
  const last = own.at(-1);
  const expected = state === "sent" && last !== undefined ? [last.attempt] : [];
  findings.equal(
    `message ${key} (${state}): tries that were accepted`,
    taken.map(({ attempt }) => attempt),
    expected,
  );
  findings.equal(`message ${key}: sent at`, sentAt, state === "sent" ? (last?.at ?? "no receipt") : null);
  if (state === "dropped" && firstTriedAt !== null) findings.bad(`message ${key} was dropped after it was tried`);
}

/** Who hears that it is over was told before that it began, or may have been: a message of the same incident, episode and channel. */
function inspectResolve(resolve: Entry, outbox: readonly Entry[], findings: Findings): void {
  findings.count("resolves sent");
  const episodeOf = ({ key }: Entry): string | undefined => key.split("/")[1];
  const before = outbox.filter(
    (each) =>
      each.incident === resolve.incident && each.channel === resolve.channel && episodeOf(each) === episodeOf(resolve),
  );
  const isTold = before.some(
    ({ kind, sentAt, id, gaveUp }) =>
      kind === "trigger" &&
      id < resolve.id &&
      (gaveUp === "too_long" || (sentAt !== null && sentAt <= (resolve.sentAt ?? -Infinity))),
  );
  if (!isTold) findings.bad(`message ${resolve.key} was sent to who has not been told that it began`);
}

/** D1 has what is not owed, word by word; what is owed may be there in an older state, and never in another one. */
function inspectCopy(duty: DutyState, d1: FleetState["d1"], findings: Findings): void {
  const copies = new Map(d1.incidentEvents.map((row) => [`${row.incident}/${row.number}`, row]));
  for (const { owed, change, ...event } of duty.events) {
    const copy = copies.get(`${event.incident}/${event.number}`);
    const kind = (change as IncidentChange).kind;
    compare(`event ${event.key}`, copy, { ...event, kind, change: JSON.stringify(change) }, owed, findings);
  }
  const rows = new Map(d1.incidents.map((row) => [row.id, row]));
  for (const { id, notifiedAt } of duty.incidents) inspectRow(duty, id, notifiedAt, rows.get(id), findings);
  const deliveries = new Map(d1.deliveries.map((row) => [row.key, row]));
  for (const entry of duty.outbox) {
    const copy = deliveries.get(entry.key);
    if (copy === undefined || entry.owed) {
      if (!entry.owed) findings.bad(`message ${entry.key} is not owed, and D1 has not got it`);
      continue;
    }
    // What it says is settled just before the first try, and told with what came of that.
    const isTried = entry.alert !== null && entry.tries > 0;
    const title = isTried ? (JSON.parse(entry.alert ?? "") as { title: string }).title : copy.title;
    const { incident, channel, kind, state, plannedAt, sentAt, tries } = entry;
    const told = { target: duty.target, incident, channel, kind, state, plannedAt, sentAt, tries, title };
    const { key: _, asOf: __, via: ___, ...copied } = copy;
    findings.equal(`D1's message ${entry.key}`, sorted(copied), sorted(told));
  }
  const receipts = new Map(d1.receipts.map((row) => [`${row.key} ${row.attempt}`, row]));
  for (const { owed, ...receipt } of duty.receipts)
    compare(
      `receipt ${receipt.key} ${receipt.attempt}`,
      receipts.get(`${receipt.key} ${receipt.attempt}`),
      receipt,
      owed,
      findings,
    );
  const windows = new Map(d1.maintenance.map((row) => [row.id, row]));
  for (const { id, owed, recordedAt, body } of duty.maintenance) {
    const row = { id, target: duty.target, recordedAt, body: JSON.stringify(body) };
    compare(`maintenance ${id}`, windows.get(id), row, owed, findings);
  }
}

/** An incident's row says what its first events make, as many as it knows; all of them, once nothing of it is owed. */
function inspectRow(
  duty: DutyState,
  id: string,
  notifiedAt: number | null,
  row: FleetState["d1"]["incidents"][number] | undefined,
  findings: Findings,
): void {
  const events = eventsOf(duty, id);
  const isOwed =
    duty.events.some(({ incident, owed }) => incident === id && owed) ||
    duty.outbox.some(({ incident, owed }) => incident === id && owed);
  if (row === undefined) {
    if (!isOwed) findings.bad(`incident ${id} is not owed, and D1 has not got it`);
    return;
  }
  if (row.events > events.length || (!isOwed && row.events < events.length))
    findings.bad(`D1's incident ${id} knows ${row.events} events of ${events.length}`);
  findings.count("incidents in D1");
  findings.holds(`D1's incident ${id}`, () => {
    const { target, kind, audience, state, impactStart, impactEnd, ...incident } = incidentOf(
      duty.target,
      events.slice(0, row.events),
    );
    const columns = { target, kind, audience, state, impactStart, impactEnd };
    findings.equal(`D1's incident ${id}`, sorted(JSON.parse(row.body) as object), sorted({ ...incident, ...columns }));
    const { id: _, events: __, notifiedAt: ___, body: ____, ...written } = row;
    findings.equal(`D1's columns of incident ${id}`, sorted(written), sorted(columns));
  });
  if (!isOwed || row.notifiedAt !== null)
    findings.equal(`D1's incident ${id}: first told at`, row.notifiedAt, notifiedAt);
}

/** What D1 has is somebody's. */
function inspectStrangers({ duties, d1 }: FleetState, findings: Findings): void {
  const events = new Set(duties.flatMap((duty) => duty.events.map(({ key }) => key)));
  const messages = new Set(duties.flatMap(({ outbox }) => outbox.map(({ key }) => key)));
  const tries = new Set(duties.flatMap(({ receipts }) => receipts.map(({ key, attempt }) => `${key} ${attempt}`)));
  for (const { key } of d1.incidentEvents) if (!events.has(key)) findings.bad(`D1's event ${key} is nobody's`);
  for (const { key } of d1.deliveries) if (!messages.has(key)) findings.bad(`D1's message ${key} is nobody's`);
  for (const { key, attempt } of d1.receipts)
    if (!tries.has(`${key} ${attempt}`)) findings.bad(`D1's receipt ${attempt} of ${key} is nobody's`);
}

/** Rows that are written once: there or not yet, and never different. */
function compare(what: string, copy: object | undefined, own: object, owed: boolean, findings: Findings): void {
  if (copy !== undefined) findings.equal(`D1's ${what}`, sorted(copy), sorted(own));
  else if (!owed) findings.bad(`${what} is not owed, and D1 has not got it`);
}

function eventsOf(duty: DutyState, id: string): IncidentEvent[] {
  return duty.events
    .filter(({ incident }) => incident === id)
    .toSorted((a, b) => a.number - b.number)
    .map(({ owed: _owed, change, ...event }) => ({ ...event, change: change as IncidentChange }));
}

function numbersOf(events: readonly IncidentEvent[]): number[] {
  return events.map(({ number }) => number);
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i + 1);
}

/** Its entries by name: columns come in the order of the table. */
function sorted(row: object): [string, unknown][] {
  return Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
