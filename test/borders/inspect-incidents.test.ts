// Aim: the inspector sees what is wrong with incidents, messages and D1's copy of them. Method: a Duty that really had an outage,
// told it, had one channel fail and gave it up, read as it is stored; then each thing that it must notice is broken in the rows, one at a
// time, and it must object.

import { describe, expect, it } from "vitest";

import { inspect } from "../inspect.ts";
import type { D1State, FleetState } from "../inspect.ts";
import type { DutyState } from "../inspect/state.ts";
import type { NewMaintenance } from "../../workers/incidents/maintenance.ts";
import { must } from "../observations.ts";
import { ALERTS, BAD, GOOD, HOUR, MINUTE, onDuty, webhook } from "./dutying.ts";

let good: FleetState;

describe("the inspector of incidents", () => {
  it("accepts a Duty that told of an outage, and says how much it looked at", async () => {
    const on = await onDuty({
      ...ALERTS,
      channels: [webhook("ops"), webhook("gone"), webhook("mail"), webhook("ours")],
      routes: [
        { id: "service", to: ["ops", "gone"], fallback: "mail" },
        { id: "keepers", audience: "keepers", to: ["ours"] },
      ],
    });
    on.receivers.says = (channel) => (channel === "gone" ? 410 : 204);
    const record: NewMaintenance = {
      key: "work-1",
      target: "chat",
      regions: ["oc"],
      title: { en: "New certificates" },
      window: { kind: "once", fromAt: on.now() + HOUR, toAt: on.now() + 2 * HOUR },
      author: "lin@example.com",
      withdraws: null,
    };
    await on.during("chat", (duty) => duty.announce("chat", record));
    await on.minutes(3, { weur: BAD, enam: GOOD, oc: GOOD });
    await on.minutes(5, GOOD);
    while (await on.ring(on.now() + 10 * MINUTE));
    await on.look();
    good = await on.fleet.state();
    const report = inspect(good);
    console.log("inspected", report);
    for (const [what, least] of Object.entries({
      incidents: 1,
      "incident events": 3,
      messages: 4,
      receipts: 4,
      "resolves sent": 2,
      "incidents in D1": 1,
    }))
      expect(report[what], what).toBeGreaterThanOrEqual(least);
  });

  const chat = (change: (duty: DutyState) => Partial<DutyState>): FleetState => ({
    ...good,
    duties: good.duties.map((each) => (each.target === "chat" ? { ...each, ...change(each) } : each)),
  });
  const d1 = (change: (d1: D1State) => Partial<D1State>): FleetState => ({
    ...good,
    d1: { ...good.d1, ...change(good.d1) },
  });
  const first = <T>(list: readonly T[], change: (one: T) => T): T[] => [change(must(list[0])), ...list.slice(1)];
  const isSent = ({ state }: DutyState["outbox"][number]): boolean => state === "sent";
  /** The first message that these words fit, changed. */
  const message = (
    fits: (one: DutyState["outbox"][number]) => boolean,
    change: Partial<DutyState["outbox"][number]>,
  ): FleetState =>
    chat((c) => {
      const at = c.outbox.findIndex(fits);
      expect(at).toBeGreaterThanOrEqual(0);
      return { outbox: c.outbox.map((each, i) => (i === at ? { ...each, ...change } : each)) };
    });
  const resolves = (one: DutyState["outbox"][number]): boolean => one.kind === "resolve" && isSent(one);

  const broken: readonly (readonly [string, () => FleetState, RegExp])[] = [
    [
      "a Duty that has looked further than there is",
      () => chat((c) => ({ identity: first(c.identity, (one) => ({ ...one, cursor: 9_999 })) })),
      /has looked up to envelope 9999/,
    ],
    ["a Duty without a head", () => chat(() => ({ identity: [] })), /heads/],
    [
      "an incident that nobody counted",
      () => chat((c) => ({ identity: first(c.identity, (one) => ({ ...one, incidents: 0 })) })),
      /numbers of incidents/,
    ],
    [
      "maintenance that nobody counted",
      () => chat((c) => ({ identity: first(c.identity, (one) => ({ ...one, maintenance: 5 })) })),
      /numbers of maintenance/,
    ],
    [
      "an incident under another's name",
      () => chat((c) => ({ incidents: first(c.incidents, (one) => ({ ...one, id: "chat-8" })) })),
      /id of incident 1/,
    ],
    [
      "an event that is missing",
      () => chat((c) => ({ events: c.events.filter(({ number }) => number !== 2) })),
      /numbers of its events/,
    ],
    [
      "events that may not follow each other",
      () =>
        chat((c) => ({
          events: c.events.map((one, i) => ({ ...one, change: must(c.events[Math.max(0, i - 1)]).change })),
        })),
      /opens it a second time/,
    ],
    [
      "an event that was written before the one before",
      () => chat((c) => ({ events: c.events.map((one) => (one.number === 2 ? { ...one, recordedAt: 5 } : one)) })),
      /was written earlier/,
    ],
    [
      "an event of no incident",
      () => chat((c) => ({ events: [...c.events, { ...must(c.events[0]), incident: "chat-77", key: "stray" }] })),
      /event stray of no incident/,
    ],
    [
      "an open incident that nobody looks at",
      () =>
        chat((c) => ({
          incidents: first(c.incidents, (one) => ({ ...one, live: false })),
          events: c.events.filter(({ number }) => number === 1),
        })),
      /is open, and nobody looks at it/,
    ],
    [
      "a message that waits though all is done",
      () => {
        const state = message(isSent, { state: "waiting" });
        return {
          ...state,
          duties: state.duties.map((each) => ({
            ...each,
            incidents: each.incidents.map((one) => ({ ...one, live: false })),
          })),
        };
      },
      /is done, and a message waits/,
    ],
    [
      "a first page at another time",
      () => chat((c) => ({ incidents: first(c.incidents, (one) => ({ ...one, notifiedAt: 7 })) })),
      /first told at/,
    ],
    ["one message twice", () => chat((c) => ({ outbox: [...c.outbox, must(c.outbox[0])] })), /is there twice/],
    ["a message about no incident", () => message(isSent, { incident: "chat-77" }), /is about no incident/],
    ["a message that tells of what is still to come", () => message(isSent, { event: 99 }), /tells of event 99/],
    ["a message that was tried and says nothing", () => message(isSent, { alert: null }), /was tried and says nothing/],
    [
      "a message in another's words",
      () => message(isSent, { alert: JSON.stringify({ key: "another", title: "" }) }),
      /its words are of/,
    ],
    ["a try without a receipt", () => chat((c) => ({ receipts: c.receipts.slice(1) })), /: tries/],
    [
      "a receipt of what nobody planned",
      () => chat((c) => ({ receipts: [...c.receipts, { ...must(c.receipts[0]), key: "stray" }] })),
      /receipt 1 of stray, which nobody planned/,
    ],
    [
      "sent, and no receiver said so",
      () => chat((c) => ({ receipts: c.receipts.map((one) => ({ ...one, accepted: false })) })),
      /tries that were accepted/,
    ],
    ["sent at another time than it was taken", () => message(isSent, { sentAt: 7 }), /sent at/],
    [
      "dropped after it was tried",
      () => message(({ state }) => state === "given_up", { state: "dropped" }),
      /was dropped after it was tried/,
    ],
    [
      "an end for whom nobody told the beginning",
      () =>
        chat((c) => {
          const end = must(c.outbox.find(resolves));
          return { outbox: c.outbox.filter(({ kind, channel }) => kind !== "trigger" || channel !== end.channel) };
        }),
      /who has not been told that it began/,
    ],
    [
      "an event that D1 has not got",
      () => d1((d) => ({ incidentEvents: d.incidentEvents.slice(1) })),
      /is not owed, and D1/,
    ],
    [
      "an event that D1 has in other words",
      () => d1((d) => ({ incidentEvents: first(d.incidentEvents, (one) => ({ ...one, author: "mallory" })) })),
      /D1's event/,
    ],
    ["an incident that D1 has not got", () => d1(() => ({ incidents: [] })), /incident chat-1 is not owed, and D1/],
    [
      "an incident of which D1 knows too little",
      () => d1((d) => ({ incidents: first(d.incidents, (one) => ({ ...one, events: 1 })) })),
      /knows 1 events of/,
    ],
    [
      "an incident whose columns say something else",
      () => d1((d) => ({ incidents: first(d.incidents, (one) => ({ ...one, state: "merged" })) })),
      /columns of incident|D1's incident/,
    ],
    ["a message that D1 has not got", () => d1(() => ({ deliveries: [] })), /is not owed, and D1 has not got it/],
    [
      "a message that D1 calls otherwise",
      () => d1((d) => ({ deliveries: first(d.deliveries, (one) => ({ ...one, title: "All is well" })) })),
      /D1's message/,
    ],
    ["a receipt that D1 has not got", () => d1((d) => ({ receipts: d.receipts.slice(1) })), /receipt .* is not owed/],
    ["maintenance that D1 has not got", () => d1(() => ({ maintenance: [] })), /maintenance chat-m1 is not owed/],
    [
      "rows of D1 that are nobody's",
      () =>
        d1((d) => ({
          incidentEvents: [...d.incidentEvents, { ...must(d.incidentEvents[0]), key: "stray", number: 88 }],
        })),
      /event stray is nobody's/,
    ],
    [
      "a link that acknowledges in D1",
      () => d1((d) => ({ deliveries: first(d.deliveries, (one) => ({ ...one, title: "https://x/ack/abc" })) })),
      /a link that acknowledges/,
    ],
  ];

  it.each(broken)("objects to %s", (_what, state, words) => {
    expect(() => inspect(state())).toThrow(words);
  });

  it("has been tried with enough", () => {
    console.log(`inspect-incidents: ${broken.length} broken states`);
    expect(broken.length).toBeGreaterThanOrEqual(30);
  });
});
