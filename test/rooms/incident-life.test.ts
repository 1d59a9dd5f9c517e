// Aim: an incident's events add up to what happened, an order that may not be is a broken belief, and people may do what they may and
// nothing else. Method: lives as tables of events; refusals one by one; hostile texts.

import { describe, expect, test } from "vitest";
import { actOf, openDrill, TEXT_CHARS_MAX } from "../../workers/incidents/acts.ts";
import type { Act, Actor, Drill, RefusalWord } from "../../workers/incidents/acts.ts";
import type { Incident, IncidentChange, IncidentEvent } from "../../workers/incidents/incident.ts";
import { incidentOf } from "../../workers/incidents/life.ts";
import { must } from "../observations.ts";
import { MIN, T0 } from "./incident-world.ts";

const SENTENCE = { en: "Bad.", zh: "坏。" };
const OPENED = { kind: "opened", of: "outage", audience: "service", severity: "error", scope: "region" } as const;
const opened: IncidentChange = { ...OPENED, regions: ["a"], about: null, sentence: SENTENCE, drill: false };
const joined = (region: string): IncidentChange => ({ kind: "joined", region });
const left = (region: string): IncidentChange => ({ kind: "left", region });
const restored: IncidentChange = { kind: "restored" };
const resolved: IncidentChange = { kind: "resolved", note: "" };
const reopened = (region: string | null): IncidentChange => ({ kind: "reopened", region, note: "" });
const noted: IncidentChange = { kind: "noted", note: "Seen." };
const acked: IncidentChange = { kind: "acknowledged", note: "" };
const merged: IncidentChange = { kind: "merged", into: "chat-9" };
const absorbed: IncidentChange = { kind: "absorbed", incident: "chat-3", regions: ["b", "c"] };
const measured = (severity: "critical" | "error" | "warning", bad = 4): IncidentChange => {
  return { kind: "measured", severity, sentence: SENTENCE, impact: [{ region: "a", attempted: 20, bad }] };
};
const published = (text: string): IncidentChange => ({
  kind: "published",
  statement: "monitoring",
  text: { en: text },
});
const postmortem = (text: string): IncidentChange => ({ kind: "postmortem", text: { en: text } });

/** Minute, who, what; written down one minute later. */
type Step = readonly [minute: number, author: string, change: IncidentChange];

function eventsOf(steps: readonly Step[]): IncidentEvent[] {
  return steps.map(([minute, author, change], i) => {
    const at = T0 + minute * MIN;
    return { incident: "chat-7", number: i + 1, key: `k${i}`, at, recordedAt: at + MIN, author, change };
  });
}
const lifeOf = (...steps: Step[]): Incident => incidentOf("chat", eventsOf(steps));
const min = (minute: number): number => T0 + minute * MIN;

describe("lives", () => {
  const begin: Step = [0, "sonde", opened];
  test.each<[string, readonly Step[], Partial<Incident>]>([
    ["opened", [begin], { id: "chat-7", target: "chat", state: "open", impactStart: T0, detected: min(1), events: 1 }],
    [
      "joined and left",
      [begin, [2, "sonde", joined("b")], [4, "sonde", left("a")]],
      { regions: ["a", "b"], badRegions: ["b"] },
    ],
    ["an earlier first bad message", [begin, [-3, "sonde", joined("b")]], { impactStart: min(-3), detected: min(1) }],
    ["restored", [begin, [5, "sonde", restored]], { state: "restored", impactEnd: min(5), badRegions: [] }],
    ["restored before it began", [begin, [-9, "sonde", restored]], { impactEnd: T0 }],
    [
      "restored before the end of one that left",
      [begin, [1, "sonde", joined("b")], [8, "sonde", left("b")], [6, "sonde", restored]],
      { impactEnd: min(8) },
    ],
    [
      "resolved",
      [begin, [5, "sonde", restored], [9, "lin", resolved]],
      { state: "resolved", impactEnd: min(5), endedByWord: false, resolvedAt: min(9) },
    ],
    [
      "resolved while bad: no end",
      [begin, [9, "lin", resolved]],
      { impactEnd: null, resolvedAt: min(9), badRegions: ["a"] },
    ],
    [
      "reopened by word, and ended by word",
      [begin, [5, "sonde", restored], [6, "lin", reopened(null)], [9, "lin", resolved]],
      { state: "resolved", impactEnd: min(9), endedByWord: true, reopened: 1 },
    ],
    [
      "back after it was resolved",
      [begin, [5, "sonde", restored], [9, "lin", resolved], [12, "sonde", reopened("b")]],
      { state: "open", impactEnd: null, resolvedAt: null, badRegions: ["b"], regions: ["a", "b"], reopened: 1 },
    ],
    [
      "an end before it came back is not the end",
      [
        begin,
        [2, "sonde", joined("b")],
        [30, "sonde", left("b")],
        [31, "sonde", restored],
        [40, "sonde", reopened("a")],
        [44, "sonde", restored],
      ],
      { impactEnd: min(44), reopened: 1 },
    ],
    ["reopened while open is no return", [begin, [2, "sonde", reopened("b")]], { reopened: 0, badRegions: ["a", "b"] }],
    [
      "the worst since it began",
      [begin, [1, "sonde", measured("critical")], [2, "sonde", measured("warning")]],
      { severity: "critical" },
    ],
    [
      "begins anew from how it was opened",
      [begin, [1, "sonde", measured("critical")], [2, "sonde", restored], [3, "sonde", reopened("a")]],
      { severity: "error" },
    ],
    [
      "newest numbers of each region",
      [begin, [1, "sonde", measured("error", 4)], [2, "sonde", measured("error", 9)]],
      { impact: [{ region: "a", attempted: 20, bad: 9 }] },
    ],
    [
      "acknowledged once",
      [begin, [1, "lin", acked], [2, "ana", acked]],
      { acked: { at: min(1), by: "lin" }, firstAckedAt: min(1) },
    ],
    [
      "asked again when it is back; the first stays for the figures",
      [begin, [1, "lin", acked], [5, "sonde", restored], [6, "sonde", reopened("a")]],
      { acked: null, firstAckedAt: min(1) },
    ],
    [
      "acknowledged again",
      [begin, [1, "lin", acked], [5, "sonde", restored], [6, "sonde", reopened("a")], [8, "ana", acked]],
      { acked: { at: min(8), by: "ana" }, firstAckedAt: min(1) },
    ],
    [
      "a person's first public word",
      [begin, [1, "sonde", published("x")], [3, "lin", published("y")], [4, "lin", published("z")]],
      { publishedAt: min(3) },
    ],
    [
      "the last lesson",
      [begin, [3, "lin", postmortem("x")], [4, "ana", postmortem("y")]],
      { postmortem: { at: min(4), author: "ana", text: { en: "y" } } },
    ],
    [
      "merged",
      [begin, [3, "sonde", merged], [9, "lin", noted]],
      { state: "merged", mergedInto: "chat-9", badRegions: [], events: 3 },
    ],
    [
      "absorbed",
      [begin, [3, "sonde", absorbed]],
      { absorbed: ["chat-3"], regions: ["a", "b", "c"], badRegions: ["a", "b", "c"] },
    ],
    ["flapping", [begin, [3, "sonde", { kind: "flapping", on: true }]], { flapping: true }],
    [
      "flapping no more",
      [begin, [3, "sonde", { kind: "flapping", on: true }], [4, "sonde", { kind: "flapping", on: false }]],
      { flapping: false },
    ],
  ])("%s", (_, steps, is) => {
    expect(lifeOf(...steps)).toMatchObject(is);
  });

  test("people may speak of what is over", () => {
    const over: Step[] = [begin, [5, "sonde", restored], [9, "sonde", resolved]];
    const incident = lifeOf(
      ...over,
      [10, "lin", published("x")],
      [11, "lin", noted],
      [12, "lin", postmortem("y")],
      [13, "lin", acked],
    );
    expect(incident).toMatchObject({ state: "resolved", events: 7, acked: { by: "lin" }, publishedAt: min(10) });
    expect(incident.statements).toHaveLength(1);
  });
});

describe("orders that may not be", () => {
  const begin: Step = [0, "sonde", opened];
  const over: Step = [9, "sonde", resolved];
  test.each<[string, readonly Step[], string]>([
    ["nothing", [], "does not begin with its opening"],
    ["no opening", [[0, "sonde", restored]], "does not begin with its opening"],
    ["two openings", [begin, begin], "opens it a second time"],
    ...[
      joined("b"),
      left("a"),
      restored,
      resolved,
      merged,
      absorbed,
      measured("error"),
      { kind: "flapping", on: true } as const,
    ].map((change): [string, Step[], string] => [
      `${change.kind} after resolved`,
      [begin, over, [10, "sonde", change]],
      "follows its resolution",
    ]),
    ...[joined("b"), restored, resolved, reopened("a"), acked, published("x"), postmortem("x"), measured("error")].map(
      (change): [string, Step[], string] => [
        `${change.kind} after merged`,
        [begin, [2, "sonde", merged], [3, "sonde", change]],
        "follows its merging",
      ],
    ),
  ])("%s", (_, steps, why) => {
    expect(() => lifeOf(...steps)).toThrow(RangeError);
    expect(() => lifeOf(...steps)).toThrow(why);
  });

  test("numbers with holes, and another incident's events", () => {
    const [one, two, three] = eventsOf([begin, [1, "sonde", joined("b")], [2, "lin", noted]]);
    expect(() => incidentOf("chat", [must(one), must(three)])).toThrow("follows event 1");
    expect(() => incidentOf("chat", [must(one), must(two), must(two)])).toThrow("follows event 2");
    expect(() => incidentOf("chat", [{ ...must(one), number: 2 }])).toThrow("has number 2");
    expect(() => incidentOf("chat", [must(one), { ...must(two), incident: "chat-8" }])).toThrow("is of chat-8");
  });
});

const BY: Actor = { who: "lin", at: min(20), now: min(20), key: "k", isKept: false };
const begin: Step = [0, "sonde", opened];
const open = lifeOf(begin);
const good = lifeOf(begin, [5, "sonde", restored]);
const over = lifeOf(begin, [5, "sonde", restored], [9, "sonde", resolved]);
const gone = lifeOf(begin, [5, "sonde", merged]);
const inHand = lifeOf(begin, [1, "ana", acked]);
const other: Incident = { ...open, id: "chat-8" };
const NOTE = "Why.";

describe("acts", () => {
  test.each<[string, Incident, Act, readonly (readonly [string, string])[]]>([
    ["acknowledge", open, { kind: "acknowledge", note: "" }, [["k", "acknowledged"]]],
    ["acknowledge what is over", over, { kind: "acknowledge", note: NOTE }, [["k", "acknowledged"]]],
    ["publish", good, { kind: "publish", statement: "resolved", text: { zh: "好了。" } }, [["k", "published"]]],
    ["note what is merged", gone, { kind: "note", note: "a\n\tb" }, [["k", "noted"]]],
    ["resolve", good, { kind: "resolve", note: "", force: false }, [["k", "resolved"]]],
    [
      "resolve by force",
      open,
      { kind: "resolve", note: NOTE, force: true },
      [
        ["k/forced", "noted"],
        ["k", "resolved"],
      ],
    ],
    ["reopen", over, { kind: "reopen", note: NOTE }, [["k", "reopened"]]],
    ["reopen in the peace", good, { kind: "reopen", note: NOTE }, [["k", "reopened"]]],
    [
      "merge",
      open,
      { kind: "merge", into: other },
      [
        ["k", "merged"],
        ["k/absorbed", "absorbed"],
      ],
    ],
    [
      "merge a worse one",
      { ...open, severity: "critical" },
      { kind: "merge", into: other },
      [
        ["k", "merged"],
        ["k/absorbed", "absorbed"],
        ["k/worse", "measured"],
      ],
    ],
    [
      "merge a brown-out into the outage after it",
      { ...open, kind: "brownout", impactStart: T0 - MIN },
      { kind: "merge", into: other },
      [
        ["k", "merged"],
        ["k/absorbed", "absorbed"],
      ],
    ],
    ["a lesson", over, { kind: "postmortem", text: { en: "Learnt." } }, [["k", "postmortem"]]],
    [
      "end a drill",
      { ...open, drill: true },
      { kind: "resolve", note: "", force: false },
      [
        ["k/restored", "restored"],
        ["k", "resolved"],
      ],
    ],
  ])("%s", (_, incident, act, expected) => {
    const events = actOf(incident, act, BY);
    if ("refused" in events) throw new Error(events.refused);
    expect(events.map(({ key, change }) => [key, change.kind])).toEqual(expected);
    expect(events.every(({ author, at }) => author === "lin" && at === BY.at)).toBe(true);
    expect(actOf(incident, act, { ...BY, isKept: true })).toEqual([]);
  });

  const note = (text: string): Act => ({ kind: "note", note: text });
  const resolve = (text: string, force: boolean): Act => ({ kind: "resolve", note: text, force });
  const merge = (into: Partial<Incident>): Act => ({ kind: "merge", into: { ...other, ...into } });
  const publish = (text: { en?: string; zh?: string }): Act => ({ kind: "publish", statement: "identified", text });
  test.each<[RefusalWord, Incident, Act, Partial<Actor>]>([
    ["already_acknowledged", inHand, { kind: "acknowledge", note: "" }, {}],
    ["still_bad", open, resolve(NOTE, false), {}],
    ["no_text", open, resolve("", true), {}],
    ["not_open", over, resolve("", false), {}],
    ["not_over", open, { kind: "reopen", note: NOTE }, {}],
    ["no_text", over, { kind: "reopen", note: "" }, {}],
    ["is_merged", gone, { kind: "acknowledge", note: "" }, {}],
    ["is_merged", gone, publish({ en: "x" }), {}],
    ["is_merged", gone, resolve("", false), {}],
    ["is_merged", gone, { kind: "reopen", note: NOTE }, {}],
    ["is_merged", gone, merge({}), {}],
    ["is_merged", gone, { kind: "postmortem", text: { en: "x" } }, {}],
    ["merge_into_itself", open, merge({ id: "chat-7" }), {}],
    ["merge_into_another_target", open, merge({ target: "voice" }), {}],
    ["merge_into_another_kind", open, merge({ kind: "blind", audience: "keepers" }), {}],
    ["merge_into_another_kind", { ...open, kind: "blind", audience: "keepers" }, merge({}), {}],
    ["merge_into_another_kind", open, merge({ kind: "brownout" }), {}],
    ["merge_into_another_kind", open, merge({ drill: true }), {}],
    ["merge_into_one_that_is_over", open, merge({ state: "restored" }), {}],
    ["merge_into_one_that_is_over", open, merge({ state: "merged" }), {}],
    ["merge_into_one_that_is_over", open, merge({ state: "resolved" }), {}],
    ["merge_into_a_later_one", open, merge({ impactStart: T0 + 1 }), {}],
    ["not_open", over, merge({}), {}],
    ["no_text", open, note(""), {}],
    ["no_text", open, note(" \n\t "), {}],
    ["no_text", open, publish({}), {}],
    ["no_text", open, publish({ en: "x", zh: " " }), {}],
    ["text_too_long", open, note("x".repeat(TEXT_CHARS_MAX + 1)), {}],
    ["text_unprintable", open, note("a\u0000b"), {}],
    ["text_unprintable", open, note("a\r\nb"), {}],
    ["text_unprintable", open, note("a\u001b[31m"), {}],
    ["text_unprintable", open, note("a\u0085b"), {}],
    ["text_unprintable", open, publish({ en: "x", zh: "\u007f" }), {}],
    ["at_in_the_future", open, note(NOTE), { at: min(20) + 1 }],
    ["at_before_the_impact", open, note(NOTE), { at: T0 - 1 }],
    ["not_a_person", open, note(NOTE), { who: "sonde" }],
    ["not_a_person", open, note(NOTE), { who: " " }],
    ["not_public", { ...open, drill: true }, publish({ en: "x" }), {}],
    ["not_public", { ...over, kind: "budget" }, { kind: "postmortem", text: { en: "x" } }, {}],
    ["not_public", { ...open, kind: "blind", audience: "keepers" }, publish({ zh: "x" }), {}],
  ])("%s", (refused, incident, act, by) => {
    expect(actOf(incident, act, { ...BY, ...by })).toMatchObject({ refused });
  });

  test("who was first, and when; the longest text is let through", () => {
    const before = { at: min(1), by: "ana" };
    expect(actOf(inHand, { kind: "acknowledge", note: "" }, BY)).toEqual({ refused: "already_acknowledged", before });
    expect(actOf(open, note("x".repeat(TEXT_CHARS_MAX)), BY)).toHaveLength(1);
  });

  test("force says which regions were bad", () => {
    const events = actOf({ ...open, badRegions: ["a", "b"] }, resolve(NOTE, true), BY);
    expect(events).toMatchObject([
      { change: { note: "Resolved although measured bad: a, b." } },
      { change: { note: NOTE } },
    ]);
  });

  test("a drill is opened marked, by a person", () => {
    const drill: Drill = {
      id: "chat-7",
      of: "outage",
      severity: "critical",
      scope: "region",
      regions: ["a"],
      sentence: SENTENCE,
    };
    const events = openDrill(drill, BY);
    if ("refused" in events) throw new Error(events.refused);
    const kept = events.map((event) => ({ ...event, number: 1, recordedAt: BY.at }));
    expect(incidentOf("chat", kept)).toMatchObject({
      drill: true,
      state: "open",
      severity: "critical",
      impactStart: BY.at,
    });
    expect(openDrill(drill, { ...BY, isKept: true })).toEqual([]);
    expect(openDrill(drill, { ...BY, at: BY.now + 1 })).toMatchObject({ refused: "at_in_the_future" });
    expect(openDrill({ ...drill, sentence: { en: "x", zh: "" } }, BY)).toMatchObject({ refused: "no_text" });
  });
});
