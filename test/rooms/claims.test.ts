// Aim: a credit can be claimed from and until the instants that the contract means, and the calendar feed tells them to any
// reader of RFC 5545. Method: a table of contracts by hand, summer time and short months included; the feed is taken apart
// by rules of its own (line ends, octets, properties), since no independent parser is at hand.

import { describe, expect, it } from "vitest";
import type { Claim, ClaimSpan, Contract, Period } from "../../workers/config/contracts/contract.ts";
import { claimLines } from "../../workers/sla/claim-words.ts";
import { claimsCalendar } from "../../workers/sla/claims-feed.ts";
import { claimOf } from "../../workers/sla/claims.ts";
import { periodNamed } from "./period-named.ts";
import type { ClaimResult } from "../../workers/sla/report-shape.ts";
import { contractOf } from "./golden-month.ts";

const isoOf = (at: number): string => new Date(at).toISOString().replace(":00.000Z", "Z");
const MONTHS: Period = { unit: "month", anchor: "calendar", anchorDay: null, zone: "UTC", clip: "none" };

function spanOf(text: string): ClaimSpan {
  const [count, unit] = text.split(" ");
  return { count: Number(count), unit: unit as ClaimSpan["unit"] };
}

function claimed(period: Partial<Period>, opens: string | null, deadline: string, own: Partial<Claim> = {}): Contract {
  const claim: Claim = {
    opensAfter: opens === null ? null : spanOf(opens),
    deadline: spanOf(deadline),
    from: "period-end",
    channel: "ticket",
    evidence: ["times", "region"],
    authority: "provider",
    calendar: null,
    ...own,
  };
  const goldenWeek = { zone: "Asia/Shanghai", hours: [{ days: [1, 2, 3, 4, 5], fromMinute: 540, toMinute: 1080 }] };
  return contractOf([], {
    effective: { from: "2026-01-17", to: null },
    period: { ...MONTHS, ...period },
    claim,
    calendars: {
      cn: { ...goldenWeek, holidays: ["2026-10-01", "2026-10-02", "2026-10-05"], workdays: ["2026-10-04"] },
    },
  });
}

const SHANGHAI = { zone: "Asia/Shanghai" };
const PACIFIC = { zone: "America/Los_Angeles" };
const NEW_YORK = { zone: "America/New_York" };
const TENCENT: Partial<Period> = { ...SHANGHAI, anchor: "service-start" };
const BILLED: Partial<Period> = { anchor: "billing-day", anchorDay: 1 };
const INCIDENT = { from: "incident" } as const;

describe("claims", () => {
  // [what, contract, period, end of the last down run, opens at, too late at]
  it.each<[string, Contract, string, string | null, string, string]>([
    [
      "Tencent: from the 5th working day after 16 December (a Wednesday), within 60 days",
      claimed(TENCENT, "5 business-day", "60 day"),
      "2026-11-17",
      null,
      "2026-12-22T16:00Z",
      "2027-02-14T16:00Z",
    ],
    [
      "the same where months are clipped to the calendar",
      claimed({ ...TENCENT, clip: "calendar" }, "5 business-day", "60 day"),
      "2026-11-17",
      null,
      "2026-12-06T16:00Z",
      "2027-01-29T16:00Z",
    ],
    [
      "working days of a calendar: the holiday week, and the Sunday that is worked",
      claimed(SHANGHAI, "2 business-day", "3 business-day", { calendar: "cn" }),
      "2026-09",
      null,
      "2026-10-05T16:00Z",
      "2026-10-07T16:00Z",
    ],
    [
      "AWS: until the end of the second billing cycle after",
      claimed(BILLED, null, "2 billing-cycle"),
      "2026-11-01",
      null,
      "2026-12-01T00:00Z",
      "2027-02-01T00:00Z",
    ],
    [
      "billing cycles through a short February",
      claimed({ anchor: "billing-day", anchorDay: 31 }, null, "1 billing-cycle"),
      "2026-12-31",
      null,
      "2027-01-31T00:00Z",
      "2027-02-28T00:00Z",
    ],
    [
      "Google: 30 days from the incident, and the rest of that day",
      claimed(PACIFIC, null, "30 day", INCIDENT),
      "2026-11",
      "2026-11-10T14:07Z",
      "2026-11-10T14:07Z",
      "2026-12-11T08:00Z",
    ],
    [
      "an incident that ended with the day belongs to that day",
      claimed(PACIFIC, null, "30 day", INCIDENT),
      "2026-11",
      "2026-11-11T08:00Z",
      "2026-11-11T08:00Z",
      "2026-12-11T08:00Z",
    ],
    [
      "no run is known: from the end of the period",
      claimed(PACIFIC, null, "30 day", INCIDENT),
      "2026-11",
      null,
      "2026-12-01T08:00Z",
      "2026-12-31T08:00Z",
    ],
    [
      "from the period's end, whatever the incident",
      claimed(PACIFIC, null, "30 day"),
      "2026-11",
      "2026-11-10T14:07Z",
      "2026-12-01T08:00Z",
      "2026-12-31T08:00Z",
    ],
    [
      "days over the beginning of summer time",
      claimed(NEW_YORK, null, "30 day"),
      "2026-02",
      null,
      "2026-03-01T05:00Z",
      "2026-03-31T04:00Z",
    ],
    [
      "an incident's billing cycle, and two more, over the end of summer time",
      claimed(NEW_YORK, null, "2 billing-cycle", INCIDENT),
      "2026-09",
      "2026-09-10T12:00Z",
      "2026-09-10T12:00Z",
      "2026-12-01T05:00Z",
    ],
    [
      "opens when a day has passed, or a cycle",
      claimed({}, "1 day", "1 billing-cycle"),
      "2026-11",
      null,
      "2026-12-02T00:00Z",
      "2027-01-01T00:00Z",
    ],
  ])("%s", (_, contract, name, incident, opens, deadline) => {
    const period = periodNamed([contract], name);
    if (period === null) throw new Error(`no period ${name}`);
    const claim = claimOf(contract, [contract], period, incident === null ? null : Date.parse(incident));
    expect(claim && [isoOf(claim.opens_at), isoOf(claim.deadline_at)]).toEqual([opens, deadline]);
    expect(claim).toMatchObject({ channel: "ticket", evidence: ["times", "region"], authority: "provider" });
  });

  it("a contract without claims has none, and a calendar that is missing is no Monday to Friday", () => {
    expect(claimOf(contractOf([]), [], { toMinute: 0 }, null)).toBeNull();
    const lost = claimed({}, null, "1 business-day", { calendar: "gone" });
    expect(() => claimOf(lost, [lost], { toMinute: 0 }, null)).toThrow('no calendar "gone"');
  });
});

type Reports = Parameters<typeof claimsCalendar>[0];

function reportOf(id: string, claim: Partial<ClaimResult> | null, own: { pct?: number; provisional?: boolean } = {}) {
  const label = { en: `Promise, "${id}"; part\\1\r\nX-BAD:1`, zh: `承诺 ${id}` };
  const contract = { id, label, tier: "standard", page: "public", target: "broker" } as const;
  const at = { from: 0, to: 0, zone: "Asia/Shanghai", closed: true, through: 0 };
  const whole: ClaimResult = {
    opens_at: Date.parse("2026-12-06T16:00Z"),
    deadline_at: Date.parse("2027-01-29T16:00Z"),
    channel: "ticket",
    evidence: ["times", "logs of all requests, with their ids; and whatever else the provider has asked for 😀 before"],
    authority: "provider",
    ...claim,
  };
  return {
    contract: { ...contract, target_label: label, region_rule: "each", source: null },
    period: { ...at, name: "2026-11" },
    revision: 3,
    claim: claim === null ? null : whole,
    credit: {
      lines: [],
      terms_written: true,
      pct: own.pct ?? 10,
      capped: false,
      terms: contractOf([]).creditTerms,
      provisional: own.provisional ?? false,
    },
  } satisfies Reports[number];
}

function feed(reports: Reports, language: "en" | "zh" = "en"): string {
  return claimsCalendar(reports, {
    name: "Sonde, claims; all\r\nX-BAD:2",
    url: (contract, period) => `https://status.example/sla/${contract}/${period}?only=a,b;c`,
    stampAt: Date.parse("2026-12-01T00:10:00Z"),
    language,
  });
}

/** Logical lines, as RFC 5545 3.1 unfolds them. */
const unfolded = (text: string): string[] => text.replaceAll("\r\n ", "").split("\r\n").slice(0, -1);

describe("the feed", () => {
  it("is lines of at most 75 octets that end in CRLF, in both languages", () => {
    let folded = 0;
    for (const language of ["en", "zh"] as const) {
      const text = feed([reportOf("standard", {}), reportOf("x".repeat(200), {})], language);
      expect(text.endsWith("END:VCALENDAR\r\n")).toBe(true);
      expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
      for (const each of text.split("\r\n")) {
        // A character cut in two would come back as another one.
        expect(Buffer.byteLength(each)).toBeLessThanOrEqual(75);
        expect(each).not.toContain("\ufffd");
        if (each.startsWith(" ")) folded++;
      }
      expect(unfolded(text).every((each) => /^[A-Z-]+(;[A-Z-]+=[^:;]+)*:/.test(each))).toBe(true);
      expect(unfolded(text).filter((each) => each.startsWith("X-BAD"))).toEqual([]);
    }
    expect(folded).toBeGreaterThan(10);
  });

  it("has what RFC 5545 requires, once", () => {
    const lines = unfolded(feed([reportOf("standard", {})]));
    const wanted = [
      "BEGIN:VCALENDAR",
      "VERSION:2.0",
      "PRODID:-//sonde//claims//EN",
      "METHOD:PUBLISH",
      "NAME:Sonde\\, claims\\; all X-BAD:2",
      "BEGIN:VEVENT",
      "UID:claim/standard/2026-11",
      "SEQUENCE:3",
      "DTSTAMP:20261201T001000Z",
      "DTSTART:20270129T150000Z",
      "DTEND:20270129T160000Z",
      'SUMMARY:Claim deadline: Promise\\, "standard"\\; part\\\\1 X-BAD:1 2026-11 (10 % of the fee)',
      "TRANSP:TRANSPARENT",
      "URL;VALUE=URI:https://status.example/sla/standard/2026-11?only=a%2Cb%3Bc",
      "END:VEVENT",
      "END:VCALENDAR",
    ];
    for (const each of wanted) expect(lines.filter((one) => one === each)).toEqual([each]);
    const description = lines.find((one) => one.startsWith("DESCRIPTION:"));
    expect(description).toContain(
      "Claims are accepted from 2026-12-07 00:00 until 2027-01-30 00:00 (Asia/Shanghai).\\nWhere: ticket\\nBring along: times",
    );
    expect(description).toContain("\\nThe provider’s records decide.");
  });

  it("speaks Chinese", () => {
    const lines = unfolded(feed([reportOf("standard", { evidence: [], authority: "joint" })], "zh"));
    expect(lines).toContain("SUMMARY:索赔截止：承诺 standard 2026-11（费用的 10%）");
    expect(lines).toContain(
      "DESCRIPTION:索赔受理时间：2026-12-07 00:00 至 2027-01-30 00:00（Asia/Shanghai）。\\n提交方式：ticket\\n以双方共同认定的记录为准。",
    );
  });

  it("says the offset only in an hour that comes twice, and deadlines at their instant", () => {
    const claim = {
      opens_at: Date.parse("2026-10-25T00:30Z"),
      deadline_at: Date.parse("2026-10-25T01:30Z"),
      channel: "ticket",
      evidence: [],
      authority: "joint",
    } as const;
    expect(claimLines(claim, "Europe/Berlin", "en")).toEqual([
      "Claims are accepted from 2026-10-25 02:30 +02:00 until 2026-10-25 02:30 +01:00 (Europe/Berlin).",
      "Where: ticket",
      "Both sides’ records decide together.",
    ]);
    expect(claimLines(claim, "Asia/Shanghai", "zh")[0]).toBe(
      "索赔受理时间：2026-10-25 08:30 至 2026-10-25 09:30（Asia/Shanghai）。",
    );
  });

  it.each([
    [10, "10"],
    [2.3, "2.3"],
    [13.5199, "13.51"],
    [99.999, "99.99"],
    [1200, "1200"],
  ])("%d percent is printed as %s, never rounded up", (pct, text) => {
    expect(unfolded(feed([reportOf("standard", {}, { pct })])).join("\n")).toContain(`(${text} % of the fee)`);
  });

  it("has no event where nothing can be claimed, or not yet for certain", () => {
    const text = feed([reportOf("a", null), reportOf("b", {}, { provisional: true }), reportOf("c", {})]);
    expect(unfolded(text).filter((each) => each.startsWith("UID"))).toEqual(["UID:claim/c/2026-11"]);
    expect(unfolded(feed([]))).toEqual(expect.arrayContaining(["BEGIN:VCALENDAR", "END:VCALENDAR"]));
  });

  it("is the same bytes each time, and names no amount of money", () => {
    const reports = [reportOf("standard", {}), reportOf("enterprise", {})];
    expect(feed(reports)).toBe(feed(reports));
    expect(feed(reports)).not.toMatch(/CNY|USD|amount/i);
  });
});
