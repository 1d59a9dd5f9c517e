// Aim: what a stranger writes about maintenance is taken as meant, or refused with a pointer to each mistake and what to write
// instead. Method: tables of bodies, good, at the border and bad; callings off against records that are known.

import { describe, expect, test } from "vitest";
import type { Maintenance, MaintenanceWindow } from "../../workers/incidents/maintenance.ts";
import { readMaintenance } from "../../workers/incidents/maintenance-input.ts";

const DAY = 86_400_000;
const at = (text: string): number => Date.parse(text);

const once = (from: string, to: string): MaintenanceWindow => ({ kind: "once", fromAt: at(from), toAt: at(to) });
const TUESDAYS: MaintenanceWindow = {
  kind: "weekly",
  zone: "UTC",
  days: [2],
  fromMinute: 120,
  toMinute: 240,
  fromDay: "2031-01-01",
  untilDay: null,
};

function known(id: string, own: Partial<Maintenance> = {}): Maintenance {
  return {
    id,
    key: "k1",
    target: "chat",
    regions: null,
    title: { en: "New broker" },
    window: TUESDAYS,
    author: "Ada",
    recordedAt: at("2031-01-01T00:00Z"),
    withdraws: null,
    ...own,
  };
}

const NOW = at("2031-05-15T12:00Z");
const FACTS = {
  config: { regions: [{ id: "weur" }, { id: "oc" }], targets: [{ id: "chat" }, { id: "push" }] },
  known: [
    known("chat-m1", { regions: ["oc"] }),
    known("chat-m2", { key: "k2" }),
    known("chat-m3", { key: "k3", withdraws: "chat-m2" }),
    known("push-m1", { target: "push" }),
  ],
  now: NOW,
  messageId: "msg_1",
};
const ONCE = {
  target: "chat",
  title: { en: " New broker ", zh: "更换服务器" },
  window: { kind: "once", from: "2031-05-20T02:00:00+08:00", to: "2031-05-20T03:00:00+08:00" },
  author: "Ada",
};
const WEEKLY = {
  ...ONCE,
  window: { kind: "weekly", zone: "Asia/Shanghai", days: [5, 2], from: "23:30", to: "01:00", from_day: "2031-05-15" },
};
const OFF = { target: "chat", withdraws: "chat-m1", author: "Ada" };
const within = (window: Record<string, unknown>) => ({ ...ONCE, window: { ...ONCE.window, ...window } });
const inWeek = (window: Record<string, unknown>) => ({ ...WEEKLY, window: { ...WEEKLY.window, ...window } });

describe("what is taken", () => {
  test("once", () => {
    expect(readMaintenance(ONCE, FACTS)).toEqual({
      ok: true,
      record: {
        key: "msg_1",
        target: "chat",
        regions: null,
        title: { en: "New broker", zh: "更换服务器" },
        window: once("2031-05-19T18:00Z", "2031-05-19T19:00Z"),
        author: "Ada",
        withdraws: null,
      },
    });
  });
  test("weekly", () => {
    const body = { ...WEEKLY, key: "ours-7", regions: ["oc"], title: { zh: "维护" }, withdraws: null };
    expect(readMaintenance(body, FACTS)).toEqual({
      ok: true,
      record: {
        key: "ours-7",
        target: "chat",
        regions: ["oc"],
        title: { zh: "维护" },
        window: {
          kind: "weekly",
          zone: "Asia/Shanghai",
          days: [2, 5],
          fromMinute: 1410,
          toMinute: 60,
          fromDay: "2031-05-15",
          untilDay: null,
        },
        author: "Ada",
        withdraws: null,
      },
    });
  });
  test("called off: the rest repeats the record", () => {
    expect(readMaintenance(OFF, FACTS)).toEqual({
      ok: true,
      record: {
        key: "msg_1",
        target: "chat",
        regions: ["oc"],
        title: { en: "New broker" },
        window: TUESDAYS,
        author: "Ada",
        withdraws: "chat-m1",
      },
    });
    // Sent again with its key, it is the one that is known.
    expect(readMaintenance({ ...OFF, withdraws: "chat-m2", key: "k3" }, FACTS)).toMatchObject({ ok: true });
  });
  test.each([
    ["7 days ago", within({ from: NOW - 7 * DAY })],
    ["14 days", within({ from: NOW, to: NOW + 14 * DAY })],
    ["400 days ahead", within({ from: NOW + 400 * DAY, to: NOW + 401 * DAY })],
    ["a whole day", inWeek({ from: "00:00", to: "24:00" })],
    ["one day only", inWeek({ until_day: "2031-05-15" })],
    ["six whole days", inWeek({ days: [1, 2, 3, 4, 5, 6], from: "00:00", to: "24:00" })],
    ["day of seven days ago", inWeek({ from_day: "2031-05-08" })],
  ])("at its border: %s", (_, body) => {
    expect(readMaintenance(body, FACTS)).toMatchObject({ ok: true });
  });
});

const INSTANT = 'write an instant with its offset, as in "2026-11-01T02:00:00+08:00", or whole milliseconds since 1970';
const TITLE = "write what is done, 1 to 200 visible characters in one line, as { en, zh } or one of the two";
const DAYS = "write a list of days, 1 for Monday to 7 for Sunday, each once";
const CLOCK = 'write a time of the day, as in "02:30"; "24:00" is the end of the day';
const WHEN = 'write { "kind": "once", from, to } or { "kind": "weekly", zone, days, from, to, from_day, until_day }';

/** [what, body, mistakes] */
const REFUSED: readonly (readonly [string, unknown, readonly string[]])[] = [
  ["a list", [], [" is no JSON object"]],
  ["nothing", null, [" is no JSON object"]],
  [
    "an empty object",
    {},
    [
      "/target is missing: write the id of a target",
      "/author is missing: write who says so: 1 to 200 visible characters, in one line",
      `/title is missing: ${TITLE}`,
      `/window is missing: ${WHEN}`,
    ],
  ],
  ["an unknown key", { ...ONCE, titel: "x" }, ["/titel is not known here; did you mean title?"]],
  ["an unknown key in it", within({ form: 1 }), ["/window/form is not known here; did you mean from?"]],
  ["an unknown language", { ...ONCE, title: { en: "x", fr: "y" } }, ["/title/fr is not known here; there is en, zh"]],
  ["no title", { ...ONCE, title: {} }, [`/title is not understood: ${TITLE}`]],
  ["an empty title", { ...ONCE, title: { en: " " } }, [`/title/en is not understood: ${TITLE}`]],
  ["a long title", { ...ONCE, title: { en: "x".repeat(201) } }, [`/title/en is not understood: ${TITLE}`]],
  ["a title that turns round", { ...ONCE, title: { en: "a\u202eb" } }, [`/title/en is not understood: ${TITLE}`]],
  ["a title of two lines", { ...ONCE, title: { zh: "a\nb" } }, [`/title/zh is not understood: ${TITLE}`]],
  ["a title that is text", { ...ONCE, title: "x" }, [`/title is not understood: ${TITLE}`]],
  [
    "another target",
    { ...ONCE, target: "chatt" },
    ["/target there is no such target in the configuration; did you mean chat?"],
  ],
  [
    "another region",
    { ...ONCE, regions: ["oc", "weurr"] },
    ["/regions/1 there is no such region in the configuration; did you mean weur?"],
  ],
  ["a region twice", { ...ONCE, regions: ["oc", "oc"] }, ["/regions/1 stands there twice"]],
  [
    "no region",
    { ...ONCE, regions: [] },
    ["/regions is not understood: write a list of region ids, or leave it out: all regions"],
  ],
  [
    "a key with spaces",
    { ...ONCE, key: "a b" },
    ["/key is not understood: write 1 to 200 letters, digits and signs of ASCII, without spaces, or leave it out"],
  ],
  ["another kind", { ...ONCE, window: { kind: "daily" } }, [`/window/kind is not understood: ${WHEN}`]],
  ["a window that is text", { ...ONCE, window: "now" }, [`/window is not understood: ${WHEN}`]],
  ["no offset", within({ from: "2031-05-20T02:00:00" }), [`/window/from is not understood: ${INSTANT}`]],
  ["no end", within({ to: undefined }), [`/window/to is missing: ${INSTANT}`]],
  ["30 February", within({ to: "2031-02-30T02:00:00Z" }), [`/window/to is not understood: ${INSTANT}`]],
  ["ends as it begins", within({ to: ONCE.window.from }), ["/window/to is not after from"]],
  ["15 days", within({ from: NOW, to: NOW + 14 * DAY + 1 }), ["/window/to is more than 14 days after from"]],
  ["long ago", within({ from: NOW - 7 * DAY - 1, to: NOW }), ["/window/from is more than 7 days ago"]],
  [
    "far ahead",
    within({ from: NOW + 400 * DAY + 1, to: NOW + 401 * DAY }),
    ["/window/from is more than 400 days ahead"],
  ],
  ["no zone", inWeek({ zone: undefined }), ['/window/zone is missing: write an IANA name, as in "Asia/Shanghai"']],
  [
    "an offset for a zone",
    inWeek({ zone: "+08:00" }),
    ['/window/zone is not understood: write an IANA name, as in "Asia/Shanghai"'],
  ],
  ["no days", inWeek({ days: [] }), [`/window/days is not understood: ${DAYS}`]],
  ["day 8", inWeek({ days: [8] }), [`/window/days/0 is not understood: ${DAYS}`]],
  ["a day twice", inWeek({ days: [2, 2] }), [`/window/days is not understood: ${DAYS}`]],
  ["25:00", inWeek({ from: "25:00" }), [`/window/from is not understood: ${CLOCK}`]],
  ["24:01", inWeek({ to: "24:01" }), [`/window/to is not understood: ${CLOCK}`]],
  ["begins at 24:00", inWeek({ from: "24:00" }), ['/window/from write "00:00", and the days after']],
  [
    "ends when it begins",
    inWeek({ to: "23:30" }),
    ['/window/to is the time of from; a whole day is "00:00" to "24:00"'],
  ],
  [
    "all of the week",
    inWeek({ days: [1, 2, 3, 4, 5, 6, 7], from: "00:00", to: "24:00" }),
    ["/window/days is all of the time: nobody would ever be told of anything"],
  ],
  [
    "31 June",
    inWeek({ from_day: "2031-06-31" }),
    ['/window/from_day is not understood: write a day, as in "2027-01-31"'],
  ],
  ["ends before it begins", inWeek({ until_day: "2031-05-14" }), ["/window/until_day is before from_day"]],
  ["weekly since long ago", inWeek({ from_day: "2031-05-07" }), ["/window/from_day is more than 7 days ago"]],
  ["weekly from far ahead on", inWeek({ from_day: "2032-06-19" }), ["/window/from_day is more than 400 days ahead"]],
  [
    "keys of once in a week",
    inWeek({ kind: "once" }),
    [
      `/window/from is not understood: ${INSTANT}`,
      `/window/to is not understood: ${INSTANT}`,
      "/window/zone is not known here; there is kind, from, to",
      "/window/days is not known here; there is kind, from, to",
      "/window/from_day is not known here; did you mean from?",
    ],
  ],
  [
    "calls off nothing known",
    { ...OFF, withdraws: "chat-m9" },
    ['/withdraws there is no record "chat-m9" of this target'],
  ],
  [
    "calls off another target's",
    { ...OFF, withdraws: "push-m1" },
    ['/withdraws there is no record "push-m1" of this target'],
  ],
  ["calls off twice", { ...OFF, withdraws: "chat-m2" }, ["/withdraws was called off already, by record chat-m3"]],
  [
    "calls off a calling off",
    { ...OFF, withdraws: "chat-m3" },
    ["/withdraws calls one off itself: record the maintenance anew instead"],
  ],
  [
    "calls off a number",
    { ...OFF, withdraws: 3 },
    ["/withdraws is not understood: write the id of the record that is called off"],
  ],
  [
    "calls off with a title",
    { ...OFF, title: { en: "x" } },
    ["/title is not known here; there is key, target, author, withdraws"],
  ],
  [
    "calls off for no target",
    { ...OFF, target: "chatt" },
    ["/target there is no such target in the configuration; did you mean chat?"],
  ],
];

describe("what is refused, and why", () => {
  test.each(REFUSED)("%s", (_, body, mistakes) => {
    const read = readMaintenance(body, FACTS);
    expect(read.ok ? [] : read.errors.map(({ pointer, detail }) => `${pointer} ${detail}`)).toEqual(mistakes);
  });
  test("so many", () => {
    expect(REFUSED).toHaveLength(48);
  });
});
