// Aim: support clocks run on incidents as on tickets: one that runs out is told once, ends with the answer, and never with Sonde's own
// words; what nobody can read changes nothing. Method: incidents as events by the minute, read by the real clocks and decided by the
// real rules; looks minute by minute, each twice.

import { describe, expect, test } from "vitest";

import type { Contract, SupportClock } from "../../workers/config/contracts/contract.ts";
import { decideAbout } from "../../workers/incidents/about.ts";
import { SONDE } from "../../workers/incidents/incident.ts";
import type { Incident, IncidentChange, IncidentEvent } from "../../workers/incidents/incident.ts";
import { incidentTickets } from "../../workers/incidents/incident-tickets.ts";
import { incidentOf } from "../../workers/incidents/life.ts";
import { openTickets, promisesOf, supportLook } from "../../workers/incidents/support-look.ts";
import type { TicketEvent } from "../../workers/sla/records.ts";
import { must } from "../observations.ts";
import { contractOf } from "./golden-month.ts";

const MIN = 60_000;
const T0 = Date.UTC(2026, 8, 10, 12);
const LIN = "lin@example.com";
const OPENED = {
  kind: "opened",
  of: "outage",
  audience: "service",
  severity: "error",
  scope: "region",
  regions: ["weur"],
  about: null,
  sentence: { en: "", zh: "" },
  drill: false,
} as const satisfies IncidentChange;
const BEGIN: readonly [number, string, IncidentChange] = [0, SONDE, OPENED];

/** Events in minutes after T0; the first is detected two minutes after it began. */
function eventsOf(list: readonly (readonly [number, string, IncidentChange])[], id = "chat-1"): IncidentEvent[] {
  return list.map(([minute, author, change], nth) => ({
    incident: id,
    number: nth + 1,
    key: `${id}/${nth}`,
    at: T0 + minute * MIN,
    recordedAt: T0 + (minute + (nth === 0 ? 2 : 0)) * MIN,
    author,
    change,
  }));
}
const measured = (severity: Incident["severity"]): IncidentChange => ({
  kind: "measured",
  severity,
  sentence: { en: "", zh: "" },
  impact: [],
});
const ACK = { kind: "acknowledged", note: "" } as const;
const WORD = { kind: "published", statement: "identified", text: { en: "We know." } } as const;
const RESTORED = { kind: "restored" } as const;
const RESOLVED = { kind: "resolved", note: "" } as const;
const AGAIN = { kind: "reopened", region: "weur", note: "" } as const;

const ticketOf = (list: readonly (readonly [number, string, IncidentChange])[]): string[] => {
  const events = eventsOf(list);
  return incidentTickets("gold", incidentOf("chat", events), events).map(
    ({ kind, at, severity, by, ticket, contract }) =>
      `${contract} ${ticket} ${kind}${severity === null ? "" : ` ${severity}`} ${by} ${(at - T0) / MIN}`,
  );
};

describe("an incident as a ticket", () => {
  test.each<[string, readonly (readonly [number, string, IncidentChange])[], readonly string[]]>([
    ["opened at detection", [BEGIN], ["opened P2 automatic 2"]],
    ["the severity of now, from the start", [BEGIN, [9, SONDE, measured("critical")]], ["opened P1 automatic 2"]],
    ["a brown-out is P3", [[0, SONDE, { ...OPENED, of: "brownout", severity: "warning" }]], ["opened P3 automatic 2"]],
    [
      "each word of a person is a reply, Sonde's are none",
      [BEGIN, [3, SONDE, WORD], [5, LIN, ACK], [8, LIN, WORD]],
      ["opened P2 automatic 2", "replied human 5", "replied human 8"],
    ],
    ["dated back before the detection", [BEGIN, [1, LIN, ACK]], ["opened P2 automatic 2", "replied human 2"]],
    [
      "resolved by a person",
      [BEGIN, [10, SONDE, RESTORED], [20, LIN, RESOLVED]],
      ["opened P2 automatic 2", "restored automatic 10", "closed human 20"],
    ],
    [
      "resolved by Sonde",
      [BEGIN, [1, SONDE, RESTORED], [40, SONDE, RESOLVED]],
      ["opened P2 automatic 2", "restored automatic 2", "closed automatic 40"],
    ],
    ["back again: it was not restored", [BEGIN, [10, SONDE, RESTORED], [12, SONDE, AGAIN]], ["opened P2 automatic 2"]],
  ])("%s", (_name, list, expected) => {
    expect(ticketOf(list)).toEqual(expected.map((each) => `gold chat-1 ${each}`));
  });

  test.each<[string, Partial<Incident>]>([
    ["a drill", { drill: true }],
    ["merged", { state: "merged" }],
    ["a budget", { kind: "budget" }],
    ["a support clock itself", { kind: "support", audience: "support" }],
    ["the keepers' own", { kind: "blind", audience: "keepers" }],
    ["of no severity that anybody promises about", { severity: "info" }],
  ])("none for %s", (_name, own) => {
    const events = eventsOf([BEGIN]);
    expect(incidentTickets("gold", { ...incidentOf("chat", events), ...own }, events)).toEqual([]);
  });
});

const line = (severity: SupportClock["severity"], clock: SupportClock["clock"], minutes: number): SupportClock => ({
  severity,
  clock,
  targetMs: minutes * MIN,
  calendar: "24x7",
  pauseOn: [],
  stopOn: "human-reply",
});
const GOLD: Contract = {
  ...contractOf([], { id: "gold" }),
  target: "chat",
  regions: ["weur"],
  support: [line("P2", "first-response", 40), line("P2", "update", 60), line("P2", "restore", 100)],
};
const CONFIG = { contracts: [GOLD, { ...GOLD, id: "plain", support: [] }, { ...GOLD, target: "push" }] };

/**
 * Looks each minute until `to`, with what was kept until then; answers the support incidents' events: "41 chat-2 opened warning ...".
 * At `endedAt` a person resolves the newest of them.
 */
function watched(
  list: readonly (readonly [number, string, IncidentChange])[],
  to: number,
  ticketsAt: (minute: number) => Readonly<Record<string, readonly TicketEvent[]>> = () => ({ gold: [] }),
  config: { readonly contracts: readonly Contract[] } = CONFIG,
  endedAt = -1,
): string[] {
  const own = eventsOf(list);
  const kept: IncidentEvent[] = [];
  const told: string[] = [];
  for (let minute = 2; minute <= to; minute += 1) {
    const now = T0 + minute * MIN;
    const look = () => {
      const known = [...own.filter(({ recordedAt }) => recordedAt <= now), ...kept];
      const stories = [...Map.groupBy(known, ({ incident }) => incident)].map(([id, events]) => ({ id, events }));
      const incidents = stories.map(({ events }) => incidentOf("chat", events));
      const seen = supportLook({ config, target: "chat", tickets: ticketsAt(minute), incidents, stories, now });
      const facts = { target: "chat", kind: "support", audience: "support", regions: ["weur"], now } as const;
      return decideAbout(incidents, seen, { ...facts, nextNumber: stories.length + 1 });
    };
    const last = kept.at(-1)?.incident;
    const byWord = { at: now, author: LIN, change: { kind: "resolved", note: "seen" } } as const;
    const ended = minute !== endedAt || last === undefined ? [] : [{ incident: last, key: "word", ...byWord }];
    for (const event of [...ended, ...look()]) {
      const number = kept.filter(({ incident }) => incident === event.incident).length + 1;
      kept.push({ ...event, number, recordedAt: now });
      const { change } = event;
      const what =
        change.kind === "opened"
          ? ` ${change.severity} ${change.about}`
          : change.kind === "measured"
            ? ` ${change.severity}: ${change.sentence.en}`
            : "";
      told.push(`${minute} ${event.incident} ${change.kind}${what}`);
    }
    expect(look(), `decided twice at ${minute}`).toEqual([]);
  }
  return told;
}

describe("clocks on incidents", () => {
  test("about to run out, run out, answered: one incident that ends with the answer", () => {
    expect(watched([BEGIN, [50, LIN, ACK]], 60)).toEqual([
      "32 chat-2 opened warning gold/first-response/chat-1",
      "43 chat-2 measured error: Incident chat-1 (P2): no first response within 40 min; it was due by 2026-09-10 12:42 UTC.",
      "50 chat-2 restored",
    ]);
  });

  test("resolved by a person while it only will run out: it is told again when it has", () => {
    expect(watched([BEGIN], 44, undefined, CONFIG, 35)).toEqual([
      "32 chat-2 opened warning gold/first-response/chat-1",
      "35 chat-2 resolved",
      "43 chat-3 opened error gold/first-response/chat-1",
    ]);
  });

  test("answered in time: nobody is told; the next update and the restoring are owed from there", () => {
    expect(watched([BEGIN, [5, LIN, ACK], [90, LIN, WORD]], 104)).toEqual([
      "50 chat-2 opened warning gold/update/chat-1",
      "66 chat-2 measured error: Incident chat-1 (P2): no next update within 1 h; it was due by 2026-09-10 13:05 UTC.",
      "87 chat-3 opened warning gold/restore/chat-1",
      "90 chat-2 restored",
      "103 chat-3 measured error: Incident chat-1 (P2): no restored service within 1 h 40 min; it was due by 2026-09-10 13:42 UTC.",
    ]);
  });

  test("Sonde's own resolving answers nobody, a person's does", () => {
    const over = (by: string) => watched([BEGIN, [10, SONDE, RESTORED], [45, by, RESOLVED]], 50);
    expect(over(SONDE).map((each) => each.split(" ").slice(0, 3).join(" "))).toEqual([
      "32 chat-2 opened",
      "43 chat-2 measured",
    ]);
    expect(over(LIN).at(-1)).toBe("45 chat-2 restored");
  });

  test("another region's incident is no business of the contract; without promises there is nothing to see", () => {
    const elsewhere = { ...OPENED, regions: ["enam"] };
    expect(watched([[0, SONDE, elsewhere]], 60)).toEqual([]);
    expect(watched([BEGIN], 60, () => ({}), { contracts: [must(CONFIG.contracts[1])] })).toEqual([]);
    expect([...promisesOf(CONFIG, "chat").keys()]).toEqual(["gold"]);
  });
});

const ticket = (minute: number, kind: TicketEvent["kind"], name = "T-1"): TicketEvent => ({
  id: minute + 1_000,
  key: `${name} ${minute}`,
  contract: "gold",
  ticket: name,
  kind,
  at: T0 + minute * MIN,
  severity: kind === "opened" ? "P2" : null,
  waiting: null,
  by: "human",
  author: "desk",
  note: "what the customer said",
  recordedAt: T0,
});

describe("clocks on tickets", () => {
  const quiet = [BEGIN, [3, LIN, ACK]] as const;
  const opened = ticket(0, "opened");

  test("a ticket is told as a ticket, beside the incident's own clocks", () => {
    const tickets = (minute: number) => ({ gold: minute < 48 ? [opened] : [opened, ticket(47, "replied")] });
    expect(watched(quiet, 47 + 2, tickets).filter((each) => each.includes("chat-2"))).toEqual([
      "30 chat-2 opened warning gold/first-response/T-1",
      "41 chat-2 measured error: Ticket T-1 (P2): no first response within 40 min; it was due by 2026-09-10 12:40 UTC.",
      "48 chat-2 restored",
    ]);
  });

  test("where nobody can read them, what is open stays open, and what is over does not come back", () => {
    const away = (minute: number) => (minute < 45 ? { gold: [opened] } : minute < 55 ? {} : { gold: [] });
    expect(watched(quiet, 58, away).filter((each) => each.includes("chat-2"))).toEqual([
      "30 chat-2 opened warning gold/first-response/T-1",
      expect.stringMatching(/^41 chat-2 measured error/),
      "55 chat-2 restored",
    ]);
    const later = (minute: number) => (minute < 45 ? { gold: [opened] } : minute < 50 ? { gold: [] } : {});
    expect(watched(quiet, 58, later).findLast((each) => each.includes("chat-2"))).toBe("45 chat-2 restored");
  });

  test("a ticket that is named after the incident is one story with it", () => {
    const tickets = () => ({ gold: [ticket(1, "opened", "chat-1")] });
    expect(watched([BEGIN], 43, tickets)).toEqual([
      "31 chat-2 opened warning gold/first-response/chat-1",
      expect.stringMatching(/^42 chat-2 measured error: Ticket chat-1 /),
    ]);
  });

  test("only those are kept that a clock runs on, without what was said in them", () => {
    const answered = [ticket(0, "opened", "T-2"), ticket(1, "replied", "T-2"), ticket(2, "closed", "T-2")];
    const kept = openTickets([GOLD], [opened, ...answered, ticket(4, "opened", "T-3")], T0 + 5 * MIN);
    expect(kept.map(({ ticket: name, kind, note }) => [name, kind, note])).toEqual([
      ["T-1", "opened", ""],
      ["T-3", "opened", ""],
    ]);
    expect(openTickets([GOLD], [opened], T0 + 500 * MIN), "missed, and owed still").toHaveLength(1);
  });
});
