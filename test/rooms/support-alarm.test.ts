// Aim: a support clock that is about to run out, or has, is told with its numbers, and no other one is. Method: tickets as the help
// desk writes them down, read by the real clocks; a table of moments and what is to be seen at each; looks in steps.

import { describe, expect, test } from "vitest";
import type { Clock, PauseReason, Severity, SupportClock } from "../../workers/config/contracts/contract.ts";
import { supportSeen } from "../../workers/incidents/support-alarm.ts";
import type { TicketEvent } from "../../workers/sla/records.ts";
import { readClocks } from "../../workers/sla/support.ts";
import { contractOf } from "./golden-month.ts";

const MINUTE = 60_000;
/** Thursday, half an hour before closing. The next opening is at minute 990. */
const BASE = Date.parse("2026-11-19T16:30Z");

const line = (text: string, own: Partial<SupportClock> = {}): SupportClock => {
  const [severity, clock, minutes] = text.split(" ");
  const whole = { severity: severity as Severity, clock: clock as Clock, targetMs: Number(minutes) * MINUTE };
  return { ...whole, calendar: "24x7", pauseOn: [], stopOn: "human-reply", ...own };
};
const CUSTOMER: { pauseOn: PauseReason[] } = { pauseOn: ["waiting-customer"] };
const OPEN = { zone: "UTC", hours: [{ days: [1, 2, 3, 4, 5], fromMinute: 540, toMinute: 1020 }] };
const CONTRACT = contractOf([], {
  calendars: { office: { ...OPEN, holidays: [], workdays: [] } },
  support: [
    line("P1 first-response 20"),
    line("P1 restore 240", CUSTOMER),
    line("P2 first-response 60", { calendar: "office" }),
    line("P2 update 100"),
    line("P3 restore 2880"),
  ],
});

/** "0 opened P1, 10 replied": minutes after BASE. */
function eventsOf(text: string, ticket = "T-1"): TicketEvent[] {
  return text.split(", ").map((each, at) => {
    const [minute, kind, word] = each.split(" ");
    const isGrade = kind === "opened" || kind === "regraded";
    return {
      id: at + 1,
      key: `${ticket} ${at}`,
      contract: "golden",
      ticket,
      kind: kind as TicketEvent["kind"],
      at: BASE + Number(minute) * MINUTE,
      severity: isGrade && word !== undefined ? (word as Severity) : null,
      waiting: kind === "waiting" ? (`waiting-${word}` as PauseReason) : null,
      by: word === "automatic" ? "automatic" : "human",
      author: "desk",
      note: "",
      recordedAt: BASE,
    };
  });
}

const seenAt = (events: readonly TicketEvent[], now: number, lookedAt: number) =>
  supportSeen("golden", readClocks([CONTRACT], events, BASE + now * MINUTE), BASE + lookedAt * MINUTE);
/** "error T-1 first-response due 20". */
const short = (events: readonly TicketEvent[], now: number, lookedAt: number): string =>
  seenAt(events, now, lookedAt)
    .map(({ severity, ticket, clock, dueAt }) => `${severity} ${ticket} ${clock} due ${(dueAt - BASE) / MINUTE}`)
    .join("; ");

/** [what, events, now, the look before, what is seen] */
const MOMENTS: readonly (readonly [string, string, number, number, string])[] = [
  ["just opened", "0 opened P1", 0, -9, ""],
  ["a quarter of a short clock is not yet left", "0 opened P1", 14.9, 0, ""],
  ["a quarter of it is left", "0 opened P1", 15, 0, "warning T-1 first-response due 20"],
  ["the last moment", "0 opened P1", 20, 0, "warning T-1 first-response due 20"],
  ["run out", "0 opened P1", 20.1, 0, "error T-1 first-response due 20"],
  ["run out long ago", "0 opened P1", 200, 199, "error T-1 first-response due 20"],
  ["answered in time", "0 opened P1, 19 replied", 25, 0, ""],
  ["answered in time, by a robot", "0 opened P1, 1 replied automatic", 25, 0, "error T-1 first-response due 20"],
  ["answered too late since the last look", "0 opened P1, 21 replied", 25, 19, "error T-1 first-response due 20"],
  [
    "answered too late, not known at the last moment",
    "0 opened P1, 21 replied",
    25,
    20,
    "error T-1 first-response due 20",
  ],
  ["answered too late, as known", "0 opened P1, 21 replied", 25, 20.1, ""],
  ["15 minutes of a long clock", "0 opened P1, 1 replied", 224.9, 0, ""],
  ["not an hour of it", "0 opened P1, 1 replied", 225, 0, "warning T-1 restore due 240"],
  ["paused just before", "0 opened P1, 1 replied, 230 waiting customer", 900, 0, ""],
  ["paused when it had run out", "0 opened P1, 1 replied, 250 waiting customer", 900, 899, "error T-1 restore due 240"],
  [
    "goes on after a pause",
    "0 opened P1, 1 replied, 10 waiting customer, 110 resumed",
    325,
    0,
    "warning T-1 restore due 340",
  ],
  ["restored in time", "0 opened P1, 1 replied, 230 restored", 900, 0, ""],
  ["evening, with time for it tomorrow", "0 opened P2", 600, 0, ""],
  ["minutes of the next morning", "0 opened P2", 1004.9, 0, ""],
  ["the last 15 of them", "0 opened P2", 1005, 0, "warning T-1 first-response due 1020"],
  ["warned over night", "-20 opened P2", 31, 0, "warning T-1 first-response due 1000"],
  ["each stretch of updates", "0 opened P2, 1 replied", 101, 0, "warning T-1 update due 101"],
  ["the next stretch", "0 opened P2, 1 replied, 99 replied", 150, 0, ""],
  ["missed as P1, then graded down", "0 opened P1, 30 regraded P2", 31, 19, "error T-1 first-response due 20"],
  ["known, then graded down", "0 opened P1, 30 regraded P2", 31, 25, ""],
  ["no such clock", "0 opened P4", 9_999, 0, ""],
  ["never opened", "0 replied", 9_999, 0, ""],
];

describe("moments", () => {
  test.each(MOMENTS)("%s", (_, text, now, lookedAt, seen) => {
    expect(short(eventsOf(text), now, lookedAt)).toBe(seen);
  });
  test("so many", () => {
    expect(MOMENTS).toHaveLength(27);
  });
});

test("several tickets by when they run out, none of another contract", () => {
  const events = [
    ...eventsOf("0 opened P1", "T-1"),
    ...eventsOf("-5 opened P1", "T-2"),
    ...eventsOf("9 opened P1", "T-3"),
  ];
  const foreign = eventsOf("0 opened P1", "T-4").map((event) => ({ ...event, contract: "other" }));
  expect(short([...events, ...foreign], 18, 0)).toBe(
    "error T-2 first-response due 15; warning T-1 first-response due 20",
  );
});

test("what is said, and the names it has", () => {
  const seen = (text: string, now: number) => seenAt(eventsOf(text), now, 0)[0];
  expect(seen("0 opened P1", 16)).toEqual({
    key: `support/golden/first-response/T-1/P1/${BASE}`,
    about: "golden/first-response",
    ticket: "T-1",
    clock: "first-response",
    dueAt: BASE + 20 * MINUTE,
    stoppedAt: null,
    severity: "warning",
    sentence: {
      en: "Ticket T-1 (P1): the first response is due by 2026-11-19 16:50 UTC; 4 min left.",
      zh: "工单 T-1（P1）：首次响应应于 UTC 2026-11-19 16:50 前完成，剩余 4 分钟。",
    },
  });
  expect(seen("0 opened P1", 30)?.sentence).toEqual({
    en: "Ticket T-1 (P1): no first response within 20 min; it was due by 2026-11-19 16:50 UTC.",
    zh: "工单 T-1（P1）：未在 20 分钟内完成首次响应，应于 UTC 2026-11-19 16:50 前完成。",
  });
  const late = seen("0 opened P1, 95.5 replied", 100);
  expect(late?.stoppedAt).toBe(BASE + 95.5 * MINUTE);
  expect(late?.sentence).toEqual({
    en: "Ticket T-1 (P1): the first response took 1 h 35 min of at most 20 min; it was due by 2026-11-19 16:50 UTC.",
    zh: "工单 T-1（P1）：首次响应用时 1 小时 35 分钟，超过 20 分钟的时限，应于 UTC 2026-11-19 16:50 前完成。",
  });
  expect(seen("0 opened P3", 3_000)?.sentence.en).toContain("no restored service within 2 d;");
  // Cut off: 59 seconds are no minute.
  expect(seen("0 opened P1", 19.9)?.sentence.en).toContain("; 0 min left.");
});

test("whatever the steps of the looks, each missed clock is told, and under one key", () => {
  const events = [
    ...eventsOf("0 opened P1, 21 replied, 239 restored", "T-1"),
    ...eventsOf("3 opened P1, 5 replied, 300 restored", "T-2"),
    ...eventsOf("7 opened P2, 8 replied, 120 replied, 130 restored", "T-3"),
  ];
  const missed = ["first-response/T-1/P1", "restore/T-2/P1", "update/T-3/P2"];
  let looks = 0;
  for (let step = 1; step <= 97; step += 4) {
    const keys = new Map<string, number>();
    for (let now = step; now <= 400 + step; now += step) {
      looks++;
      for (const { key, severity } of seenAt(events, now, now - step)) {
        if (severity === "error") keys.set(key.replace(/\/\d+$/, ""), (keys.get(key.replace(/\/\d+$/, "")) ?? 0) + 1);
      }
    }
    expect([...keys.keys()].sort()).toEqual(missed.map((each) => `support/golden/${each}`));
  }
  console.log(`${looks} looks`);
  expect(looks).toBeGreaterThan(500);
});
