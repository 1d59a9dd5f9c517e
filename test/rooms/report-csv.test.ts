// Aim: a report opened in a spreadsheet is whole, exact and harmless. Method: read back by a small parser that knows only RFC 4180;
// every leaf of the report is looked for in the table; hostile texts in every place where people write; seeded cells read back.

import { describe, expect, test } from "vitest";
import { csvOf } from "../../workers/sla/csv.ts";
import type { Report } from "../../workers/sla/report-shape.ts";
import { reportCsv } from "../../workers/sla/report-csv.ts";
import { between, mulberry32, oneOf } from "../random.ts";
import { AT, REPORT } from "./report-literal.ts";

const iso = (at: number): string => new Date(at).toISOString().replace(".000Z", "Z");

/** Records of cells, by RFC 4180: quotes double inside of quotes, CRLF ends a record, the last one too. Error for anything else. */
function parse(text: string): string[][] {
  const records: string[][] = [];
  let cells: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell = "";
    if (text[at] === '"') {
      for (at += 1; ; at += 1) {
        if (at >= text.length) throw new SyntaxError("an open quote");
        if (text[at] === '"' && text[at + 1] === '"') at += 1;
        else if (text[at] === '"') break;
        cell += text[at];
      }
      at += 1;
    } else {
      while (at < text.length && !',"\r\n'.includes(text[at] ?? "")) cell += text[at++];
    }
    cells.push(cell);
    if (text[at] === ",") at += 1;
    else if (text.startsWith("\r\n", at)) {
      at += 2;
      records.push(cells);
      cells = [];
    } else throw new SyntaxError(`neither comma nor CRLF at ${at}`);
  }
  if (cells.length > 0) throw new SyntaxError("the last record does not end");
  return records;
}

/** Rows as objects by the header. */
function table(report: Report): Record<string, string>[] {
  const text = reportCsv(report);
  expect(text.startsWith("\ufeffcontract,period,revision,section,")).toBe(true);
  const [header = [], ...records] = parse(text.slice(1));
  return records.map((cells) => {
    expect(cells).toHaveLength(header.length);
    return Object.fromEntries(header.map((column, at) => [column, cells[at] ?? ""]));
  });
}
const rows = table(REPORT);
const find = (like: Record<string, string>): Record<string, string>[] =>
  rows.filter((row) => Object.entries(like).every(([column, value]) => row[column] === value));

/** Every string, number and boolean of a value; instants (large numbers) as their text. */
function leaves(value: unknown): string[] {
  if (value === null || value === undefined) return [];
  if (typeof value === "object") return Object.values(value).flatMap(leaves);
  return [typeof value === "number" && value > 1e12 ? iso(value) : String(value)];
}

describe("the table", () => {
  test("nothing of the report is left out", () => {
    const text = rows.flatMap((row) => Object.values(row)).join("\n");
    // The table's own words for them stand below.
    const { version: _, ...report } = REPORT;
    const wanted = [...new Set(leaves(report))];
    const missing = wanted.filter((leaf) => !text.includes(leaf));
    console.log(`report-csv: ${wanted.length} leaves in ${rows.length} rows`);
    expect(missing).toEqual([]);
    expect(wanted.length).toBeGreaterThan(150);
  });

  test("every row says whose it is", () => {
    expect(rows.every((row) => row["contract"] === "standard" && row["period"] === "2026-09")).toBe(true);
    expect(rows.every((row) => row["revision"] === "2" && row["section"] !== "" && row["name"] !== "")).toBe(true);
  });

  test.each<[string, Record<string, string>, string, string]>([
    ["with exclusions", { section: "with_exclusions", name: "down" }, "58", "slot"],
    ["without", { section: "without_exclusions", name: "down" }, "78", "slot"],
    ["a share to its last digit", { section: "with_exclusions", name: "value" }, String(42_872 / 42_930), "share"],
    ["a target", { section: "objective", name: "target" }, "0.999", "share"],
    ["a rule in words", { section: "objective", name: "down_if" }, "rate >= 0.2", ""],
    ["a number below 0 is a number", { section: "budget", name: "left" }, "-14.8", "minute"],
    ["an unknown value is empty", { section: "budget", name: "exhausted_at" }, "", ""],
    ["unmeasured minutes by reason", { section: "unmeasured", name: "silent" }, "45", "minute"],
    ["runs that are left out", { section: "down_run", name: "runs_left_out" }, "3", "run"],
    ["a percentile", { section: "latency", item: "loop", name: "p95" }, "180.5", "ms"],
    ["a percentile among the lost", { section: "latency", item: "loop", name: "p99" }, "> 5000", "ms"],
    ["too few samples for a percentile", { section: "latency", item: "mesh", name: "p99" }, "", "ms"],
  ])("one region: %s", (_, like, value, unit) => {
    const found = find({ region: "weur", contract_version: "3", ...like });
    expect(found.map((row) => [row["value"], row["unit"]])).toEqual([[value, unit]]);
  });

  test.each<[string, Record<string, string>, string, string]>([
    ["delivery", { objective: "delivery", section: "with_exclusions", name: "bad" }, "1082", "message"],
    ["its grade", { objective: "delivery", section: "with_exclusions", name: "grade" }, "proven_breached", ""],
    ["a budget of messages", { objective: "delivery", section: "budget", name: "used" }, "58", "message"],
    ["a quantile's limit", { objective: "latency", section: "objective", name: "limit_ms" }, "200", "ms"],
    ["a run-out", { objective: "latency", section: "budget", name: "exhausted_at" }, iso(AT + 77_777_777), ""],
    ["a duration", { objective: "restore", section: "objective", name: "max_ms" }, "720950", "ms"],
    ["a credit line", { section: "credit_line", item: "1", name: "pct" }, "10.5", "percent"],
    ["its tier", { section: "credit_line", item: "1", name: "tier_below" }, "0.9991", "share"],
  ])("all regions: %s", (_, like, value, unit) => {
    const found = find({ region: "(all)", contract_version: "3", ...like });
    expect(found.map((row) => [row["value"], row["unit"]])).toEqual([[value, unit]]);
  });

  test("a run is one row, from minute to minute in UTC", () => {
    const runs = find({ section: "down_run", region: "weur", name: "down" });
    expect(runs.map((row) => [row["item"], row["value"], row["from"], row["to"], row["note"]])).toEqual([
      [
        "1",
        "12",
        "2026-09-04T11:20:00Z",
        "2026-09-04T11:32:00Z",
        "240 of 241 messages bad; first bad 2026-09-04T11:20:00.050Z; next good 2026-09-04T11:32:01Z",
      ],
      ["2", "0.75", "2026-09-14T21:20:00Z", "2026-09-14T21:21:00Z", "15 of 20 messages bad"],
    ]);
  });

  test("an exclusion has a row for each thing that was said", () => {
    const said = find({ section: "exclusion", item: "17", region: "weur enam", from: "2026-09-18T08:40:00Z" });
    expect(Object.fromEntries(said.map((row) => [row["name"], row["value"]]))).toEqual({
      minutes: "179",
      type: "scheduled-maintenance",
      refused: "over_cap",
      announced_at: "2026-08-25T00:00:00Z",
      recorded_at: "2026-08-26T00:00:00Z",
      author: "ops@example.com",
      reason: 'disks, "new" ones',
      proof_where: "https://proof.example/a?b=1,2",
      proof_sha256: "12".repeat(32),
    });
    expect(find({ section: "exclusion", item: "18", region: "(all)", name: "reason" })[0]?.["value"]).toBe(
      "flood\r\nsecond line",
    );
  });

  test.each([true, false])("a row says whether credit terms are written down: %s", (written) => {
    const report = { ...REPORT, credit: { ...REPORT.credit, terms_written: written } };
    const found = table(report).filter((row) => row["section"] === "credit" && row["name"] === "terms_written");
    expect(found.map((row) => row["value"])).toEqual([String(written)]);
  });

  test("what is not there has no rows", () => {
    const bare = table({ ...REPORT, replaces: null, claim: null, support: [], exclusions: [] });
    const sections = new Set(bare.map((row) => row["section"]));
    expect(["claim", "support", "exclusion"].filter((section) => sections.has(section))).toEqual([]);
    expect(bare.find((row) => row["name"] === "replaces_hash")?.["value"]).toBe("");
  });

  test("the same report gives the same bytes, whatever the order of its fields", () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .map(([key, own]) => [key, reversed(own)] as const)
          .reverse(),
      );
    };
    expect(reportCsv(reversed(REPORT) as Report)).toBe(reportCsv(REPORT));
  });
});

const HOSTILE = [
  '=HYPERLINK("https://evil.example","click")',
  "=1+1",
  "+1+1",
  "-2+3",
  "@SUM(A1)",
  "\t=1+1",
  "\r=1+1",
  "\n=1+1",
  "  =1+1",
  "\u00a0=1+1",
  "＝1+1",
  "－1",
  "=cmd|'/c calc'!A0",
  '","=1+1',
  '"',
  '""',
  "a\r\n=1+1",
  "a;=1+1",
  "標準,版",
  "",
] as const;

describe("hostile texts", () => {
  test.each(HOSTILE)("%j stays a text in every cell that people write", (text) => {
    const [first, second] = REPORT.exclusions;
    if (first === undefined || second === undefined || REPORT.claim === null) throw new RangeError("no such record");
    const proof = { where: text, sha256: "00".repeat(32) };
    const hostile: Report = {
      ...REPORT,
      contract: { ...REPORT.contract, label: { en: text, zh: text }, tier: text },
      exclusions: [{ ...first, author: text, reason: text, proof }, second],
      claim: { ...REPORT.claim, channel: text, evidence: [text] },
    };
    const read = table(hostile);
    expect(read).toHaveLength(rows.length - 1);
    const cells = read.filter((row) =>
      ["label_en", "label_zh", "tier", "author", "reason", "proof_where", "channel", "evidence"].includes(
        row["name"] ?? "",
      ),
    );
    const own = cells.map((row) => row["value"] ?? "").filter((value) => value.endsWith(text));
    expect(own.length).toBeGreaterThanOrEqual(8);
    for (const row of read) {
      for (const [column, value] of Object.entries(row)) {
        const isNumber = /^-?\d+(\.\d+)?$/.test(value) && column === "value" && row["unit"] !== "";
        if (!isNumber) expect(value).not.toMatch(/^\s*[=+\-@＝＋－＠]|^[\t\r\n]/);
      }
    }
  });

  test("any cells are read back as they were, but for the apostrophe", () => {
    const random = mulberry32(8);
    const pieces = ["a", ",", '"', "\r\n", "\n", ";", " ", "=", "-", "\t", "標", "1", "'"];
    let guarded = 0;
    for (let round = 0; round < 2_000; round++) {
      const cells = Array.from({ length: 3 }, () =>
        oneOf(random, [
          Array.from({ length: between(random, 0, 6) }, () => oneOf(random, pieces)).join(""),
          between(random, -500, 500) / 8,
          random() < 0.5,
          null,
        ]),
      );
      const [a = null, b = null, c = null] = cells;
      const [, record = []] = parse(csvOf(["a", "b", "c"], [{ a, b, c }]).slice(1));
      for (const [at, cell] of cells.entries()) {
        const read = record[at];
        if (typeof cell === "string" && read === `'${cell}`) guarded++;
        else expect(read).toBe(cell === null ? "" : String(cell));
      }
    }
    console.log(`report-csv: ${HOSTILE.length} hostile texts, 6000 random cells, ${guarded} with an apostrophe`);
    expect(guarded).toBeGreaterThan(300);
  });
});
