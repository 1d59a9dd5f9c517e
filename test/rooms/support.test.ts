// Aim: support clocks say what the events of a ticket prove, by sla.md 7 and by the rules written at readClocks. Method: a
// table of timelines, each with the readings that a person would write down; the same events in other orders; seeded
// nonsense, which must never crash and never contradict itself.

import { describe, expect, it } from "vitest";
import type { Clock, Contract, PauseReason, Severity, SupportClock } from "../../workers/config/contracts/contract.ts";
import { CLOCKS, SEVERITIES } from "../../workers/config/contracts/contract.ts";
import { TICKET_EVENTS } from "../../workers/sla/records.ts";
import type { ClockReading, TicketEvent } from "../../workers/sla/records.ts";
import { readClocks, supportResults } from "../../workers/sla/support.ts";
import { between, mulberry32, oneOf, shuffled } from "../random.ts";
import { contractOf } from "./golden-month.ts";
import { TIMELINES } from "./support-timelines.ts";

const MINUTE = 60_000;
/** Thursday, half an hour before closing. The next opening is at minute 990, the one after at minute 5310 (Monday). */
const BASE = Date.parse("2026-11-19T16:30Z");

const line = (text: string, own: Partial<SupportClock> = {}): SupportClock => {
  const [severity, clock, minutes] = text.split(" ");
  const whole = { severity: severity as Severity, clock: clock as Clock, targetMs: Number(minutes) * MINUTE };
  return { ...whole, calendar: "24x7", pauseOn: [], stopOn: "human-reply", ...own };
};
const CUSTOMER: { pauseOn: PauseReason[] } = { pauseOn: ["waiting-customer"] };
const OFFICE = { calendar: "office" };
const OPEN = { zone: "UTC", hours: [{ days: [1, 2, 3, 4, 5], fromMinute: 540, toMinute: 1020 }] };

const CONTRACT = contractOf([], {
  calendars: { office: { ...OPEN, holidays: [], workdays: [] } },
  support: [
    line("P1 first-response 15"),
    line("P1 update 60", CUSTOMER),
    line("P1 workaround 120", CUSTOMER),
    line("P1 restore 240", { pauseOn: ["waiting-customer", "waiting-vendor"] }),
    line("P2 first-response 60", OFFICE),
    line("P2 workaround 240"),
    line("P2 restore 480", { ...OFFICE, ...CUSTOMER }),
    line("P3 first-response 30", { stopOn: "auto" }),
    line("P3 update 100", { stopOn: "auto" }),
  ],
});

/** "0 opened P1, 10 replied, 12 waiting customer, 20 replied automatic": minutes after BASE, ids in the order of the text. */
function eventsOf(text: string, own: Partial<TicketEvent> = {}): TicketEvent[] {
  return text.split(", ").map((each, at) => {
    const [minute, kind, word] = each.split(" ");
    const isGrade = kind === "opened" || kind === "regraded";
    return {
      id: at + 1,
      key: `${own.ticket ?? "T-1"} ${at}`,
      contract: "golden",
      ticket: "T-1",
      kind: kind as TicketEvent["kind"],
      at: BASE + Number(minute) * MINUTE,
      severity: isGrade && word !== undefined ? (word as Severity) : null,
      waiting: kind === "waiting" ? (`waiting-${word}` as PauseReason) : null,
      by: word === "automatic" ? "automatic" : "human",
      author: "desk",
      note: "",
      recordedAt: BASE,
      ...own,
    };
  });
}

const minuteOf = (at: number): number => (at - BASE) / MINUTE;

/** "P1 0-20 20/15 missed due 15": severity, from and to, counted of target, verdict, when it runs or ran out. */
function said(reading: ClockReading): string {
  const { severity, startedAt, stoppedAt, countedMs, targetMs, verdict, dueAt } = reading;
  const span = `${minuteOf(startedAt)}-${stoppedAt === null ? "" : minuteOf(stoppedAt)}`;
  const due = dueAt === null ? "" : ` due ${minuteOf(dueAt)}`;
  return `${severity} ${span} ${countedMs / MINUTE}/${targetMs / MINUTE} ${verdict}${due}`;
}

function read(clock: Clock, text: string, now: number, versions: readonly Contract[] = [CONTRACT]): string[] {
  const readings = readClocks(versions, eventsOf(text), BASE + now * MINUTE);
  return readings.filter((reading) => reading.clock === clock).map(said);
}

describe("timelines", () => {
  it.each(TIMELINES)("%s: %s of %s, at %i", (_, clock, text, now, expected) => {
    expect(read(clock, text, now)).toEqual(expected);
  });

  it("are told whatever the order in which they are read, and however often", () => {
    const random = mulberry32(72);
    for (const [what, clock, text, now, expected] of TIMELINES) {
      const events = eventsOf(text);
      // The same record again, under a new id and with a slip: the first one counts.
      const again = events.map((event) => ({ ...event, id: event.id + 100, at: event.at + 7 * MINUTE, ticket: "T-9" }));
      const readings = readClocks([CONTRACT], shuffled(random, [...events, ...again]), BASE + now * MINUTE);
      expect(readings.filter((each) => each.clock === clock).map(said), what).toEqual(expected);
    }
    console.log(`support: ${TIMELINES.length} timelines`);
    expect(TIMELINES.length).toBeGreaterThan(25);
  });

  it("tickets come one after the other, and those of other contracts not at all", () => {
    const events = [
      ...eventsOf("30 opened P3", { ticket: "B" }),
      ...eventsOf("30 opened P3", { ticket: "A" }),
      ...eventsOf("10 opened P3", { ticket: "Z" }),
      ...eventsOf("0 opened P3", { ticket: "Y", contract: "other" }),
    ];
    const readings = readClocks([CONTRACT], events, BASE + 40 * MINUTE);
    expect(readings.map((reading) => reading.ticket)).toEqual(["Z", "A", "B"]);
  });
});

describe("versions", () => {
  const old = { ...CONTRACT, effective: { from: "2026-01-01", to: null } };
  const renewed = (from: string, own: Partial<Contract>): Contract => ({
    ...CONTRACT,
    version: 2,
    effective: { from, to: null },
    ...own,
  });
  const holiday = { calendars: { office: { ...OPEN, holidays: ["2026-11-20"], workdays: [] } } };
  const strict = { support: [line("P2 first-response 20", OFFICE), line("P1 update 5")] };

  it("the hours are those of each day's version", () => {
    const versions = [old, renewed("2026-11-20", holiday)];
    expect(read("first-response", "0 opened P2", 20, versions)).toEqual(["P2 0- 20/60 running due 5340"]);
    expect(read("first-response", "0 opened P2, 1020 replied", 9999, versions)).toEqual(["P2 0-1020 30/60 kept"]);
    // Afterwards holidays of a day that is over change nothing.
    expect(read("first-response", "0 opened P2", 20, [old, renewed("2026-11-21", holiday)])).toEqual([
      "P2 0- 20/60 running due 1020",
    ]);
  });

  it("a version that has lost the calendar works by the one before", () => {
    const versions = [old, renewed("2026-11-20", { calendars: {} })];
    expect(read("first-response", "0 opened P2", 20, versions)).toEqual(["P2 0- 20/60 running due 1020"]);
  });

  it("the target is that of the day on which the clock started", () => {
    const versions = [old, renewed("2026-11-20", strict)];
    expect(read("first-response", "0 opened P2, 1020 replied", 9999, versions)).toEqual(["P2 0-1020 60/60 kept"]);
    expect(read("first-response", "990 opened P2, 1020 replied", 9999, versions)).toEqual([
      "P2 990-1020 30/20 missed due 1010",
    ]);
    // Minute 450 is midnight: the stretch that began before is judged by the old text.
    expect(read("update", "400 opened P1, 440 replied, 460 replied, 470 replied", 999, versions).slice(0, 2)).toEqual([
      "P1 440-460 20/60 kept",
      "P1 460-470 10/5 missed due 465",
    ]);
  });

  it("without a version in force there is no promise", () => {
    const ended = { ...CONTRACT, effective: { from: "2026-01-01", to: "2026-11-18" } };
    expect(read("first-response", "0 opened P1", 20, [ended])).toEqual([]);
    expect(read("first-response", "-999 opened P1, -990 replied", 20, [ended])).toEqual(["P1 -999--990 9/15 kept"]);
    expect(read("first-response", "0 opened P1", 20, [renewed("2026-11-20", {})])).toEqual([]);
    expect(read("first-response", "0 opened P1", 20, [])).toEqual([]);
  });

  it("refuses a clock without its calendar", () => {
    expect(() => read("first-response", "0 opened P2", 20, [{ ...CONTRACT, calendars: {} }])).toThrow('"office"');
  });
});

describe("results", () => {
  it("are one line for each clock of the contract", () => {
    const events = [
      ...eventsOf("0 opened P1, 10 replied, 20 replied, 90 replied, 100 restored", { ticket: "A" }),
      ...eventsOf("0 opened P1, 21 replied", { ticket: "B" }),
      ...eventsOf("95 opened P1", { ticket: "C" }),
    ];
    const results = supportResults(CONTRACT, readClocks([CONTRACT], events, BASE + 100 * MINUTE));
    expect(results).toHaveLength(CONTRACT.support.length);
    const shown = (at: number) => {
      const { severity, clock, tickets, kept, missed, running, median_ms, max_ms } = results[at] ?? {};
      return [
        severity,
        clock,
        tickets,
        kept,
        missed,
        running,
        median_ms && median_ms / MINUTE,
        max_ms && max_ms / MINUTE,
      ];
    };
    expect(shown(0)).toEqual(["P1", "first-response", 3, 1, 1, 1, 15.5, 21]);
    // A: 10, 70, 10; B has none for 79 minutes, which is missed and has not stopped.
    expect(shown(1)).toEqual(["P1", "update", 2, 2, 2, 0, 10, 70]);
    expect(shown(3)).toEqual(["P1", "restore", 3, 1, 0, 2, 100, 100]);
    expect(results[4]).toEqual({
      severity: "P2",
      clock: "first-response",
      target_ms: 60 * MINUTE,
      calendar: "office",
      tickets: 0,
      kept: 0,
      missed: 0,
      running: 0,
      median_ms: null,
      max_ms: null,
    });
  });
});

it("nonsense never crashes, and no reading contradicts itself", () => {
  const random = mulberry32(73);
  const kinds = ["opened", ...TICKET_EVENTS];
  let cases = 0;
  let seen = 0;
  for (; cases < 400; cases++) {
    const text = Array.from({ length: between(random, 1, 14) }, () => {
      const kind = oneOf(random, kinds);
      const word =
        kind === "waiting" ? oneOf(random, ["customer", "vendor"]) : oneOf(random, ["automatic", "", ...SEVERITIES]);
      return `${between(random, -500, 3000)} ${kind} ${word}`.trim();
    }).join(", ");
    const events = eventsOf(text).map((event) => ({
      ...event,
      ticket: oneOf(random, ["A", "B"]),
      severity: random() < 0.2 ? oneOf(random, SEVERITIES) : event.severity,
    }));
    const now = BASE + between(random, -100, 4000) * MINUTE;
    const readings = readClocks([CONTRACT], events, now);
    const later = readClocks(
      [CONTRACT],
      events.filter((event) => event.at <= now),
      now + 999 * MINUTE,
    );
    for (const reading of readings) {
      seen++;
      const { startedAt, stoppedAt, countedMs, targetMs, verdict, dueAt } = reading;
      expect(startedAt, text).toBeLessThanOrEqual(stoppedAt ?? now);
      expect(countedMs, text).toBeGreaterThanOrEqual(0);
      expect(countedMs, text).toBeLessThanOrEqual((stoppedAt ?? now) - startedAt);
      expect(verdict, text).toBe(countedMs > targetMs ? "missed" : stoppedAt === null ? "running" : "kept");
      if (verdict === "kept") expect(dueAt, text).toBeNull();
      if (verdict === "missed") expect(dueAt, text).toBeLessThan(stoppedAt ?? now);
      // Used up to the last millisecond at closing time, it is missed only with the next opening.
      if (verdict === "running" && dueAt !== null) expect(dueAt >= now || countedMs === targetMs, text).toBe(true);
      // As things stand: if nothing happens, it is missed after that instant and not before.
      const same = later.find(
        (each) =>
          each.ticket === reading.ticket &&
          each.clock === reading.clock &&
          each.startedAt === startedAt &&
          each.severity === reading.severity,
      );
      if (verdict === "missed") expect(same?.verdict, text).toBe("missed");
      if (verdict === "running") {
        const isDue = dueAt !== null && dueAt < now + 999 * MINUTE;
        expect(same?.verdict === "missed", text).toBe(isDue && (same?.countedMs ?? 0) > targetMs);
      }
    }
  }
  console.log(`support: ${cases} random histories, ${seen} readings, clocks ${CLOCKS.join(", ")}`);
  expect(seen).toBeGreaterThan(300);
});
