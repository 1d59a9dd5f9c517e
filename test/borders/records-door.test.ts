// Aim: only what is signed, fresh, short and of the right method comes through the door for records; everything else is told why
// as data, never as a page, and changes nothing. Method: the real handler on a real D1 against a table of refusals, with counts of
// rows after each; the Worker's own door for methods that it might take for a page's.

import { applyD1Migrations, createExecutionContext, reset } from "cloudflare:test";
import { beforeEach, describe, expect, inject, it } from "vitest";

import { recordsApi } from "../../workers/console/records.entry.ts";
import type { RecordsApiOptions } from "../../workers/console/records.entry.ts";
import worker from "../../workers/main.entry.ts";
import { recordsStore } from "../../workers/sla/records.store.ts";
import {
  ask,
  bindings,
  CONFIG,
  counts,
  d1,
  EXCLUSION,
  expectData,
  NOW,
  reports,
  request,
  SECRET,
} from "./records-sending.ts";

beforeEach(async () => {
  await reset();
  await applyD1Migrations(d1, inject("migrations"));
});

describe("the door", () => {
  const unsigned = { "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" };
  /** Signed for other bytes than it has. */
  const changed = (body: string | Uint8Array): Request => {
    const { url, headers } = request(EXCLUSION);
    return new Request(url, { method: "POST", headers, body });
  };
  const long = { ...EXCLUSION, reason: "r".repeat(70_000) };
  const streamed = (bytes: number): Request => {
    const chunks = Array.from({ length: bytes / 1_000 }, () => new Uint8Array(1_000));
    const body = new ReadableStream({
      pull(controller) {
        const chunk = chunks.pop();
        if (chunk === undefined) controller.close();
        else controller.enqueue(chunk);
      },
    });
    return new Request("https://sonde.example/api/v1/exclusions", { method: "POST", body });
  };
  type Case = readonly [what: string, sent: () => Request, status: number, more?: Partial<RecordsApiOptions>];
  const CASES: readonly Case[] = [
    ["no signature", () => request(EXCLUSION, { headers: { "webhook-signature": "" } }), 401],
    ["a forged one", () => request(EXCLUSION, { headers: unsigned }), 401],
    ["a body that was changed on its way", () => changed("{}"), 401],
    ["a request of ten minutes ago", () => request(EXCLUSION, { at: NOW - 600_000 }), 401],
    ["a body that is no UTF-8", () => changed(new Uint8Array([0xff, 0xfe])), 401],
    ["no JSON", () => request("{"), 400],
    ["a byte order mark", () => request("\ufeff{}"), 400],
    ["deep JSON", () => request("[".repeat(30_000) + "]".repeat(30_000)), 422],
    ["what is not understood", () => request({ ...EXCLUSION, type: "weather" }), 422],
    ["too long a body", () => request(long), 413],
    ["too long a body of unknown length", () => streamed(66_000), 413],
    ["another method", () => request(EXCLUSION, { method: "PUT", headers: {} }), 405],
    ["GET", () => request("", { method: "GET" }), 405],
    ["a closed door", () => request(EXCLUSION), 404, { config: { ...CONFIG, recordsSecret: null } }],
    ["no secret", () => request(EXCLUSION), 503, { secretOf: () => null }],
    ["a weak secret", () => request(EXCLUSION), 503, { secretOf: () => "whsec_c2hvcnQ=" }],
  ];

  const cases = CASES.map(([what, sent, status, more = {}]) => ({ what, sent, status, more }));

  it.each(cases)("answers $what with $status, and records nothing", async ({ sent, status, more }) => {
    const answer = await ask(sent(), more);
    expect(answer.status).toBe(status);
    expect(await counts()).toEqual([0, 0]);
    if (status === 404) expect(answer.body.detail).toMatch(/the configuration has no `records`/);
    if (status === 405) expect(answer.headers.get("allow")).toBe("POST");
    if (status === 401) {
      expect(answer.headers.get("www-authenticate")).toBe("StandardWebhooks");
      expect(answer.body).toEqual((await ask(request(EXCLUSION, { headers: unsigned }))).body);
    }
    for (const text of [JSON.stringify(answer.body), ...reports]) expect(text).not.toContain(SECRET.slice(6));
  });

  it.each(["GET", "HEAD", "PUT", "OPTIONS"])("is the Worker's own for %s, too, and no page", async (method) => {
    const recorded = {
      ...(JSON.parse(String(inject("sondeConfig"))) as object),
      records: { secret: "RECORDS_SECRET" },
    };
    const own = { ...bindings, SONDE_CONFIG: JSON.stringify(recorded) };
    for (const path of ["exclusions", "tickets"]) {
      const sent = request("", { path, method, headers: {} });
      const answer = await worker.fetch(sent as never, own as never, createExecutionContext());
      expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
      expectData(answer.headers as unknown as Headers);
    }
  });

  it("says nothing about other paths", async () => {
    const options = {
      now: () => NOW,
      config: CONFIG,
      secretOf: () => SECRET,
      store: recordsStore(d1),
      report: () => {},
    };
    for (const path of ["exclusion", "exclusions/", "tickets/1", "../v1"]) {
      expect(await recordsApi(options)(request(EXCLUSION, { path }))).toBeNull();
    }
    console.log(`the door: ${CASES.length} refusals`);
    expect(CASES).toHaveLength(16);
  });
});
