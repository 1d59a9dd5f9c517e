// Aim: what people and their tools write about exclusions and tickets is taken exactly as meant, or refused with a pointer
// to each mistake and what to write instead. Method: tables of bodies, good and bad; withdrawals against records that are known.

import { describe, expect, it } from "vitest";

import { EXCLUSION_TYPES } from "../../workers/config/contracts/contract.ts";
import { EVENTS_MAX, instantOf } from "../../workers/sla/record-fields.ts";
import { readExclusions, readTicketEvents, resolveWithdrawals } from "../../workers/sla/record-input.ts";
import type { InputRead, NewExclusion } from "../../workers/sla/record-input.ts";
import { TICKET_EVENTS } from "../../workers/sla/records.ts";
import type { ExclusionRecord } from "../../workers/sla/records.ts";
import { must } from "../observations.ts";

const NOW = Date.UTC(2031, 4, 15, 12);
const DAY = 86_400_000;
const FACTS = {
  config: {
    regions: [{ id: "weur" }, { id: "oc" }],
    targets: [{ id: "chat" }, { id: "push" }],
    contracts: [
      { id: "standard", target: "chat" },
      { id: "standard", target: "chat" },
    ],
  },
  now: NOW,
  messageId: "msg_1",
};

const EXCLUSION = {
  target: "chat",
  type: "scheduled-maintenance",
  from: "2031-05-10T02:00:00Z",
  to: "2031-05-10T03:00:00Z",
  author: "Ada",
  reason: "new broker",
};
const TICKET = {
  contract: "standard",
  ticket: "OPS-7",
  kind: "opened",
  at: "2031-05-10T02:00:00+08:00",
  severity: "P1",
  by: "human",
  author: "Ada",
};
const FROM = Date.UTC(2031, 4, 10, 2);

function errorsOf(read: InputRead<unknown>): string[] {
  if (read.ok) throw new Error("was accepted");
  return read.errors.map(({ pointer, detail }) => `${pointer} ${detail}`);
}

function eventOf<T>(read: InputRead<T>): T {
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  return must(read.events[0]).event;
}

const without = (body: object, key: string): object =>
  Object.fromEntries(Object.entries(body).filter(([name]) => name !== key));

describe("instants", () => {
  const TABLE: readonly (readonly [unknown, number | null])[] = [
    ["2031-05-10T02:00:00Z", FROM],
    ["2031-05-10T10:00:00+08:00", FROM],
    ["2031-05-09T20:30:00-05:30", FROM],
    ["2031-05-10t02:00:00.250z", FROM + 250],
    // Whole milliseconds only: what is finer is cut.
    ["2031-05-10T02:00:00.2509999Z", FROM + 250],
    ["2032-02-29T00:00:00Z", Date.UTC(2032, 1, 29)],
    [FROM, FROM],
    [0, 0],
    ["2031-02-29T00:00:00Z", null],
    ["2031-04-31T00:00:00Z", null],
    ["2031-13-01T00:00:00Z", null],
    ["2031-05-10T24:00:00Z", null],
    ["2031-05-10T02:60:00Z", null],
    ["2031-05-10T02:00:00", null],
    ["2031-05-10T02:00Z", FROM],
    ["2031-05-10T10:00+08:00", FROM],
    ["2031-05-10T02Z", null],
    ["2031-05-10T02:00", null],
    ["2031-05-10T02:00.5Z", null],
    ["2031-05-10 02:00:00Z", null],
    ["2031-05-10", null],
    ["2031-05-10T02:00:00+0800", null],
    ["2031-05-10T02:00:00+08:00[Asia/Shanghai]", null],
    [" 2031-05-10T02:00:00Z", null],
    ["tomorrow", null],
    ["1936144800000", null],
    [1.5, null],
    [-1, null],
    [Infinity, null],
    [NaN, null],
    [true, null],
    [null, null],
    [{}, null],
  ];

  it.each(TABLE)("%j is %j", (value, at) => expect(instantOf(value)).toBe(at));

  it("were tried", () => expect(TABLE).toHaveLength(33));
});

describe("an exclusion", () => {
  it("becomes a record with whole fields, trimmed, at our own time", () => {
    expect(eventOf(readExclusions({ ...EXCLUSION, author: " Ada " }, FACTS))).toEqual({
      key: "msg_1/0",
      target: "chat",
      contract: null,
      type: "scheduled-maintenance",
      fromAt: FROM,
      toAt: FROM + 3_600_000,
      regions: null,
      announcedAt: null,
      author: "Ada",
      reason: "new broker",
      proof: null,
      recordedAt: NOW,
      withdraws: null,
    });
    const proof = { where: "https://ex.example/1", sha256: "A".repeat(64) };
    const all = { ...EXCLUSION, key: "k-1", contract: "standard", regions: ["oc"], announced_at: NOW, proof };
    expect(eventOf(readExclusions({ ...all, withdraws: null }, FACTS))).toMatchObject({
      key: "k-1",
      contract: "standard",
      regions: ["oc"],
      announcedAt: NOW,
      proof: { where: "https://ex.example/1", sha256: "a".repeat(64) },
    });
  });

  it("may be of every type", () => {
    for (const type of EXCLUSION_TYPES)
      expect(eventOf(readExclusions({ ...EXCLUSION, type }, FACTS))).toMatchObject({ type });
    expect(EXCLUSION_TYPES).toHaveLength(11);
  });

  const REFUSED: readonly (readonly [change: object, pointer: string, says: RegExp])[] = [
    [{ target: "chatt" }, "/target", /no such target.*did you mean chat\?/],
    [{ target: 7 }, "/target", /is not understood: write the id of a target/],
    [{ contract: "gold" }, "/contract", /no such contract.*there is standard/],
    [{ contract: "standard", target: "push" }, "/contract", /is about another target/],
    [{ type: "weather" }, "/type", /one of scheduled-maintenance/],
    [{ type: "toString" }, "/type", /one of/],
    [{ from: "yesterday" }, "/from", /an instant with its offset/],
    [{ from: EXCLUSION.to }, "/to", /is not after from/],
    [{ to: EXCLUSION.from }, "/to", /is not after from/],
    [{ from: NOW - 400 * DAY - 1 }, "/from", /more than 400 days ago/],
    [{ to: NOW + 400 * DAY + 1 }, "/to", /more than 400 days ahead/],
    // Seconds in place of milliseconds are in 1970.
    [{ from: Math.floor(FROM / 1000) }, "/from", /more than 400 days ago/],
    [{ regions: [] }, "/regions", /leave it out: all regions/],
    [{ regions: ["weur", "eur"] }, "/regions/1", /no such region.*did you mean weur\?/],
    [{ regions: ["oc", "oc"] }, "/regions/1", /stands there twice/],
    [{ regions: [3] }, "/regions/0", /is not understood/],
    [{ regions: "oc" }, "/regions", /a list of region ids/],
    [{ announced_at: NOW + 300_001 }, "/announced_at", /in the future/],
    [{ announced_at: 1_900_000_000 }, "/announced_at", /more than 800 days ago/],
    [{ author: "   " }, "/author", /who says so/],
    [{ author: "A".repeat(201) }, "/author", /1 to 200/],
    [{ author: "Ada\u202e" }, "/author", /visible characters/],
    [{ reason: "two\nlines" }, "/reason", /in one line/],
    [{ reason: "r".repeat(2_001) }, "/reason", /1 to 2000/],
    [{ reason: "\ud800" }, "/reason", /visible characters/],
    [{ proof: { where: "x" } }, "/proof/sha256", /64 hex digits/],
    [{ proof: { where: "x", sha256: "a".repeat(63) } }, "/proof/sha256", /64 hex digits/],
    [{ proof: { where: "x", sha256: "a".repeat(64), who: "y" } }, "/proof/who", /is not known here/],
    [{ proof: "photo.png" }, "/proof", /where it lies/],
    [{ key: "a b" }, "/key", /without spaces/],
    [{ key: "" }, "/key", /1 to 200/],
    [{ key: null }, "/key", /1 to 200/],
    [{ anounced: 1 }, "/anounced", /is not known here; did you mean announced_at\?/],
    [{ announcedAt: 1 }, "/announcedAt", /did you mean announced_at\?/],
    [{ recorded_at: 1 }, "/recorded_at", /is not known here/],
    [{ id: 1 }, "/id", /is not known here/],
    [{ "a/b~c": 1 }, "/a~1b~0c", /is not known here/],
    [JSON.parse('{"__proto__": 1}') as object, "/__proto__", /is not known here/],
    [{ withdraws: 0 }, "/withdraws", /the id of the record/],
    [{ withdraws: "5" }, "/withdraws", /the id of the record/],
    // A withdrawal repeats nothing by itself.
    [{ withdraws: 5 }, "/type", /is not known here/],
  ];

  it.each(REFUSED)("%j is refused at %s", (change, pointer, says) => {
    const errors = errorsOf(readExclusions({ ...EXCLUSION, ...change }, FACTS));
    expect(errors.filter((each) => each.startsWith(`${pointer} `)).join()).toMatch(says);
  });

  it.each(Object.keys(EXCLUSION))("without %s is refused", (key) => {
    expect(errorsOf(readExclusions(without(EXCLUSION, key), FACTS))).toEqual([
      expect.stringMatching(new RegExp(`^/${key} is missing: write `)),
    ]);
  });

  it("is refused for all its mistakes at once, and counted", () => {
    expect(errorsOf(readExclusions({}, FACTS))).toHaveLength(6);
    console.log(`exclusions: ${REFUSED.length} refused in a table, ${Object.keys(EXCLUSION).length} by leaving out`);
    expect(REFUSED).toHaveLength(41);
  });

  it("stands on the very edge of what is allowed", () => {
    const edge = { ...EXCLUSION, from: NOW - 400 * DAY, to: NOW + 400 * DAY, announced_at: NOW + 300_000 };
    expect(eventOf(readExclusions(edge, FACTS))).toMatchObject({ announcedAt: NOW + 300_000 });
  });
});

describe("a body", () => {
  it("of several events is read in order, each with a place and a key", () => {
    const events = [{ ...EXCLUSION, key: "mine" }, EXCLUSION, { ...EXCLUSION, target: "push" }];
    const read = readExclusions({ events }, FACTS);
    if (!read.ok) throw new Error("was refused");
    expect(read.events.map(({ at, event }) => [at, event.key, event.target])).toEqual([
      ["/events/0", "mine", "chat"],
      ["/events/1", "msg_1/1", "chat"],
      ["/events/2", "msg_1/2", "push"],
    ]);
  });

  it("names the event that is wrong", () => {
    expect(errorsOf(readExclusions({ events: [EXCLUSION, { ...EXCLUSION, author: "" }, 3] }, FACTS))).toEqual([
      expect.stringMatching(/^\/events\/1\/author /),
      "/events/2 is no JSON object",
    ]);
  });

  it.each([
    [{ events: [] }, /^\/events write a list of 1 to 100/],
    [{ events: {} }, /^\/events write a list/],
    [{ events: Array.from({ length: EVENTS_MAX + 1 }, () => EXCLUSION) }, /^\/events write a list/],
    [{ events: [EXCLUSION], dry_run: true }, /^\/dry_run is not known here/],
    [
      {
        events: [
          { ...EXCLUSION, key: "k" },
          { ...EXCLUSION, key: "k" },
        ],
      },
      /^\/events\/1\/key stands in this request twice/,
    ],
    [
      {
        events: [5, 5].map((withdraws) => ({ withdraws, target: "chat", author: "Ada", reason: "wrong day" })),
      },
      /^\/events\/1\/withdraws stands in this request twice/,
    ],
    [[EXCLUSION], /^ is no JSON object/],
    [null, /^ is no JSON object/],
    ["x", /^ is no JSON object/],
    [3, /^ is no JSON object/],
  ])("%j is refused", (body, says) =>
    expect(errorsOf(readExclusions(body, FACTS))).toEqual([expect.stringMatching(says)]),
  );

  it("full of nonsense is answered with the first hundred mistakes", () => {
    const nonsense = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`k${i}`, 1]));
    expect(errorsOf(readExclusions(nonsense, FACTS))).toHaveLength(100);
  });

  it("may hold as many as are allowed", () => {
    const read = readExclusions({ events: Array.from({ length: EVENTS_MAX }, () => EXCLUSION) }, FACTS);
    expect(read.ok && read.events.length).toBe(100);
  });
});

describe("a withdrawal", () => {
  const known: ExclusionRecord[] = [
    { ...(eventOf(readExclusions({ ...EXCLUSION, key: "a" }, FACTS)) as NewExclusion), id: 4, recordedAt: 1 },
    { ...(eventOf(readExclusions({ ...EXCLUSION, key: "b" }, FACTS)) as NewExclusion), id: 5, recordedAt: 2 },
    {
      ...(eventOf(readExclusions({ ...EXCLUSION, key: "c" }, FACTS)) as NewExclusion),
      id: 6,
      recordedAt: 3,
      withdraws: 5,
    },
  ];
  const said = { key: "w", withdraws: 4, target: "chat", author: "Bo", reason: "wrong day" };
  const resolve = (change: object): InputRead<NewExclusion> => {
    const read = readExclusions({ ...said, ...change }, FACTS);
    return read.ok ? resolveWithdrawals(read.events, known) : read;
  };

  it("repeats the record that it takes back, with its own author, reason and time", () => {
    expect(eventOf(resolve({}))).toEqual({
      ...eventOf(readExclusions(EXCLUSION, FACTS)),
      ...said,
      recordedAt: NOW,
    });
  });

  it("told again is the same one: its own record does not stand in its way", () => {
    expect(eventOf(resolve({ key: "c", withdraws: 5 }))).toMatchObject({ key: "c", withdraws: 5 });
  });

  it.each([
    [{ withdraws: 3 }, "/withdraws there is no record 3 of this target"],
    [{ target: "push" }, "/withdraws there is no record 4 of this target"],
    [{ withdraws: 6 }, "/withdraws is a withdrawal itself: record the exclusion anew instead"],
    [{ withdraws: 5 }, "/withdraws was withdrawn already, by record 6"],
    [{ target: "nowhere" }, "/target there is no such target in the configuration; there is chat, push"],
  ])("%j is refused", (change, says) => expect(errorsOf(resolve(change))).toEqual([says]));
});

describe("an event of a ticket", () => {
  it("becomes a record", () => {
    expect(eventOf(readTicketEvents(TICKET, FACTS))).toEqual({
      key: "msg_1/0",
      contract: "standard",
      ticket: "OPS-7",
      kind: "opened",
      at: FROM - 8 * 3_600_000,
      severity: "P1",
      waiting: null,
      by: "human",
      author: "Ada",
      note: "",
      recordedAt: NOW,
    });
  });

  it("has a severity when it is graded, and somebody to wait for when it waits, and else neither", () => {
    let tried = 0;
    for (const kind of TICKET_EVENTS) {
      for (const severity of [null, "P2"]) {
        for (const waiting of [null, "waiting-vendor"]) {
          tried += 1;
          const grades = kind === "opened" || kind === "regraded";
          const isGood = grades === (severity !== null) && (kind === "waiting") === (waiting !== null);
          const read = readTicketEvents({ ...TICKET, kind, severity, waiting }, FACTS);
          expect(read.ok, `${kind} ${severity} ${waiting}`).toBe(isGood);
        }
      }
    }
    console.log(`ticket events: ${tried} combinations of kind, severity and waiting`);
    expect(tried).toBe(36);
  });

  it.each([
    [{ contract: "gold" }, "/contract", /no such contract/],
    [{ ticket: "" }, "/ticket", /help desk/],
    [{ ticket: "1\u200b2" }, "/ticket", /visible/],
    [{ kind: "solved" }, "/kind", /one of opened, replied/],
    [{ at: NOW + 300_001 }, "/at", /in the future/],
    [{ at: NOW - 400 * DAY - 1 }, "/at", /more than 400 days ago/],
    [{ severity: "P5" }, "/severity", /one of P1/],
    [{ by: "robot" }, "/by", /human or automatic/],
    [{ note: "a\u0007" }, "/note", /at most 2000/],
    [{ withdraws: 1 }, "/withdraws", /is not known here/],
  ])("%j is refused", (change, pointer, says) => {
    const errors = errorsOf(readTicketEvents({ ...TICKET, ...change }, FACTS));
    expect(errors.filter((each) => each.startsWith(`${pointer} `)).join()).toMatch(says);
  });

  it.each(Object.keys(TICKET))("without %s is refused", (key) => {
    expect(errorsOf(readTicketEvents(without(TICKET, key), FACTS))).toEqual([
      expect.stringMatching(new RegExp(`^/${key} is missing: write `)),
    ]);
  });

  it("cannot be recorded where there is no contract", () => {
    const config = { ...FACTS.config, contracts: [] };
    expect(errorsOf(readTicketEvents(TICKET, { ...FACTS, config }))).toEqual([
      "/contract there is no contract in the configuration",
    ]);
  });
});
