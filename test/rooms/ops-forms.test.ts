// Aim: a local time becomes the one instant that it names, and is refused with both where it names none or two; the console's
// words are those of the reports; nothing that is deployed holds a developer's pass. Method: tables over zones that change their
// clocks by an hour, by half an hour and at midnight; every quarter of an hour of such days there and back; words held side by side.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { slaWordsOf } from "../../status-page/words/languages.ts";
import { instantIn, isoOf, stampIn } from "../../workers/console/local-time.ts";
import { OPS_EN } from "../../workers/console/words-en.ts";
import { OPS_ZH } from "../../workers/console/words-zh.ts";

const ROOT = join(import.meta.dirname, "../..");
const at = (iso: string): number => Date.parse(iso);

describe("a local time", () => {
  it.each([
    ["2026-11-22T20:00", "Asia/Shanghai", "2026-11-22T12:00:00Z"],
    ["2026-11-22 20:00", "UTC", "2026-11-22T20:00:00Z"],
    ["2026-07-01T00:00:59", "Europe/Berlin", "2026-06-30T22:00:59Z"],
    ["2026-07-01T00:00:59.5", "Asia/Kathmandu", "2026-06-30T18:15:59.500Z"],
    ["2026-03-29T03:00", "Europe/Berlin", "2026-03-29T01:00:00Z"],
    ["2026-10-25T03:00", "Europe/Berlin", "2026-10-25T02:00:00Z"],
    ["2028-02-29T12:00", "UTC", "2028-02-29T12:00:00Z"],
  ])("%s in %s is %s", (text, zone, instant) => {
    expect(instantIn(text, zone)).toEqual({ ok: true, at: at(instant) });
  });

  it.each([
    ["2026-03-29T02:30", "Europe/Berlin", "skipped", "2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z"],
    ["2026-03-29T02:00", "Europe/Berlin", "skipped", "2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z"],
    ["2026-10-25T02:30", "Europe/Berlin", "twice", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"],
    ["2026-10-25T02:00", "Europe/Berlin", "twice", "2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z"],
    ["2026-10-04T02:10", "Australia/Lord_Howe", "skipped", "2026-10-03T15:10:00Z", "2026-10-03T15:40:00Z"],
    ["2026-04-05T01:45", "Australia/Lord_Howe", "twice", "2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z"],
    ["2026-09-06T00:30", "America/Santiago", "skipped", "2026-09-06T03:30:00Z", "2026-09-06T04:30:00Z"],
    ["2011-12-30T12:00", "Pacific/Apia", "skipped", "2011-12-29T22:00:00Z", "2011-12-30T22:00:00Z"],
  ])("%s in %s is %s", (text, zone, why, first, second) => {
    expect(instantIn(text, zone)).toEqual({ ok: false, why, candidates: [at(first), at(second)] });
  });

  const MALFORMED = ["", "now", "2026-11-22", "20:00", "2026-02-30T10:00", "2026-13-01T10:00", "2026-11-22T24:00"];
  MALFORMED.push("2026-11-22T10:60", "2026-11-22T10:00:60", "2026-11-22T10:00Z", "2026-11-22T10:00+01:00");
  MALFORMED.push("+002026-11-22T10:00", " 2026-11-22T10:00", "2026-11-22T10:00[UTC]", "2026-11-22T10:00:00.1234");
  it.each(MALFORMED)("%j is none", (text) => {
    expect(instantIn(text, "Europe/Berlin")).toEqual({ ok: false, why: "malformed" });
  });

  it("is read as it is printed, in each quarter of an hour around a change, or is said to come twice", () => {
    let tried = 0;
    let twice = 0;
    for (const [zone, from] of [
      ["Europe/Berlin", "2026-03-28T12:00:00Z"],
      ["Europe/Berlin", "2026-10-24T12:00:00Z"],
      ["Australia/Lord_Howe", "2026-04-04T00:00:00Z"],
      ["America/Santiago", "2026-04-04T12:00:00Z"],
    ] as const) {
      for (let instant = at(from); instant < at(from) + 36 * 3_600_000; instant += 900_000) {
        const [day, time] = stampIn(instant, zone).split(" ");
        const read = instantIn(`${day}T${time}`, zone);
        if (!read.ok && read.why === "twice") twice += 1;
        expect(read.ok ? [read.at] : read.why === "twice" ? read.candidates : []).toContain(instant);
        tried += 1;
      }
    }
    console.log(`local times: ${tried} there and back, ${twice} of them come twice`);
    // An hour twice, half an hour twice, an hour twice: each quarter is met in both of its instants.
    expect([tried, twice]).toEqual([576, 8 + 4 + 8]);
  });

  it("is printed with its offset, and with seconds only where there are some", () => {
    expect(stampIn(at("2026-10-25T00:30:00Z"), "Europe/Berlin")).toBe("2026-10-25 02:30 +02:00");
    expect(stampIn(at("2026-10-25T01:30:09.7Z"), "Europe/Berlin")).toBe("2026-10-25 02:30:09 +01:00");
    expect(stampIn(at("2026-10-25T01:30:00Z"), "UTC")).toBe("2026-10-25 01:30 UTC");
    expect(isoOf(at("2026-10-25T01:30:00Z"))).toBe("2026-10-25T01:30:00Z");
  });
});

describe("the words of the console", () => {
  it.each([OPS_EN, OPS_ZH])("are those of the reports, in $language", (words) => {
    const { types, clocks, verdicts, says } = slaWordsOf(words.language);
    expect([words.types, words.clocks, words.verdicts, words.contractSays]).toEqual([types, clocks, verdicts, says]);
  });

  it("cut spans off", () => {
    const spans = [0, 999, 59_999, 3_599_999, 5_400_000, 86_400_000, 90_061_000, 200 * 86_400_000];
    expect(spans.map((ms) => OPS_EN.span(ms).replaceAll("\u00a0", " "))).toEqual([
      "0 s",
      "0 s",
      "59 s",
      "59 min 59 s",
      "1 h 30 min",
      "1 d",
      "1 d 1 h",
      "200 d",
    ]);
  });
});

it("a developer's pass is in nothing that is deployed: only npm start makes one", () => {
  const files = ["wrangler.toml", "sonde.config.ts", "package.json", ".gitignore"];
  for (const file of files) expect(readFileSync(join(ROOT, file), "utf8")).not.toMatch(/DEV_PASS/i);
  expect(readFileSync(join(ROOT, "workers/local/start.cli.ts"), "utf8")).toMatch(/SONDE_DEV_PASS/);
});
