// Aim: the OpenAPI document is valid, has every route, and says of every answer what it is: each documented example is asked for and held
// against the documented schema, with no key left over. Method: a foreign validator; a real D1 with the real migrations.

import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { z } from "zod";

import { ANSWERS, ROUTES, addressOf } from "../../status-page/api/routes.ts";
import { PROBLEM } from "../../status-page/api/shapes.ts";
import {
  DAY as DAY_ROW,
  HOUR as HOUR_ROW,
  MINUTE as MINUTE_ROW,
  MONTH as MONTH_ROW,
} from "../../status-page/api/shapes-rows.ts";
import { API_EN } from "../../status-page/words/api-en.ts";
import { API_ZH } from "../../status-page/words/api-zh.ts";
import { openD1 } from "../real-d1.ts";
import type { RealD1 } from "../real-d1.ts";
import { DAY, HOUR, MINUTE, apiApp, day, hour, minute, month, series } from "./api-world.ts";
import { NOW, frontRow, many, withJourneys } from "./fixtures.ts";

let database: RealD1;
let api: ReturnType<typeof apiApp>;

const FIRST = Date.UTC(2026, 10, 22);

beforeAll(async () => {
  database = await openD1();
  const { d1 } = database;
  await d1.batch([series(d1, 1), series(d1, 2, { journey: "mesh", peer: "r1" })]);
  const newest = Math.floor(NOW / MINUTE) * MINUTE;
  await d1.batch([
    ...Array.from({ length: 30 }, (_, i) => minute(d1, 1, newest - (i + 1) * MINUTE)),
    ...Array.from({ length: 60 }, (_, i) => minute(d1, 1, FIRST + i * MINUTE)),
    ...Array.from({ length: 40 }, (_, i) => hour(d1, 1, Math.floor(NOW / HOUR) * HOUR - i * HOUR)),
    ...Array.from({ length: 20 }, (_, i) => day(d1, 1, Math.floor(NOW / DAY) - i)),
    ...[10, 11].map((of) => month(d1, 1, 2026, of)),
  ]);
  api = apiApp({ DB: d1 });
}, 60_000);

afterAll(() => database.close());

/** As the document has it, no key more. */
function expectShape(schema: z.ZodType, value: unknown): void {
  const parsed = schema.safeParse(value);
  if (!parsed.success) expect.fail(z.prettifyError(parsed.error));
  expect(parsed.data).toEqual(value);
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, { readonly get: { readonly "x-examples": readonly string[] } }>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

const documentOf = async (): Promise<Document> => (await api.get("/api/v1/openapi.json")).json();

describe("the document", () => {
  it("is OpenAPI 3.1, to a foreign validator", async () => {
    const validator = new Validator();
    const found = await validator.validate((await documentOf()) as unknown as Record<string, unknown>);
    expect(found.errors ?? []).toEqual([]);
    expect([found.valid, validator.version]).toEqual([true, "3.1"]);
  });

  it("has every route that there is, and every reference leads somewhere", async () => {
    const document = await documentOf();
    expect(Object.keys(document.paths)).toEqual(ROUTES.map(({ path }) => path));
    const served = api.app.routes.filter(({ method, path }) => method === "GET" && path.startsWith("/api/v1/"));
    const documented = ROUTES.map(({ path }) => path.replace(/\{(\w+)\}/g, ":$1"));
    expect(new Set(served.map(({ path }) => path))).toEqual(new Set(documented));
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, id]) => id);
    expect(refs.length).toBeGreaterThan(60);
    expect(refs.filter((id) => document.components.schemas[id ?? ""] === undefined)).toEqual([]);
  });

  it("names the fleet's own things in its examples", async () => {
    const examples = Object.values((await documentOf()).paths).flatMap((path) => path.get["x-examples"]);
    expect(examples).toContain("/api/v1/verdicts?contract=messaging&limit=12");
    expect(examples.filter((each) => each.includes("secret"))).toEqual([]);
  });
});

const ROW = { minutes: MINUTE_ROW, hours: HOUR_ROW, days: DAY_ROW, months: MONTH_ROW } as const;
const EXAMPLES = ROUTES.flatMap((route) =>
  route.examples.map((example) => ({
    route,
    address: addressOf(route, example, { contract: "messaging", incident: "rtm-9" }),
  })),
);

describe(`${EXAMPLES.length} examples`, () => {
  test.each(EXAMPLES)("$address is what the document says", async ({ route, address }) => {
    const response = await api.get(address);
    expect(response.status).toBe(200);
    const [type = ""] = (response.headers.get("content-type") ?? "").split(";");
    const body = await response.text();
    if (type === "application/json") expectShape(ANSWERS[route.id], JSON.parse(body));
    else if (type === "application/x-ndjson") {
      const lines = body.trimEnd().split("\n");
      expect(lines.length).toBeGreaterThan(10);
      for (const line of lines) expectShape(ROW[route.id as keyof typeof ROW], JSON.parse(line));
    } else expect(body.split("\r\n").length).toBeGreaterThan(10);
    const again = await api.get(address, { "if-none-match": response.headers.get("etag") ?? "" });
    expect([again.status, await again.text(), again.headers.get("content-type")]).toEqual([304, "", null]);
    const head = await api.get(address, {}, "HEAD");
    expect([head.status, await head.text(), head.headers.get("etag")]).toEqual([200, "", response.headers.get("etag")]);
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(response.headers.get("cache-control")).toContain("max-age=5");
  });

  it("find something, wherever the document says that there is something", async () => {
    const counted = await Promise.all(
      [
        "targets",
        "regions",
        "matrix?target=chat",
        "series",
        "series/1/minutes",
        "series/1/hours",
        "series/1/days",
        "series/1/months",
        "verdicts",
        "incidents",
      ].map(async (path) => {
        const body = (await (await api.get(`/api/v1/${path}`)).json()) as Record<string, unknown>;
        return [path, Object.values(body).some((value) => Array.isArray(value) && value.length > 0)];
      }),
    );
    expect(counted.filter(([, some]) => some !== true)).toEqual([]);
    expect(counted).toHaveLength(10);
  });
});

it("says the same of a fleet with other journeys, of a hundred targets, and of none", async () => {
  for (const row of [frontRow([withJourneys()]), frontRow(many(100)), null]) {
    const { get } = apiApp({ DB: database.d1 }, { read: () => Promise.resolve(row) });
    for (const id of ["targets", "regions", "matrix", "snapshot"] as const) {
      const path = ROUTES.find((route) => route.id === id)?.path ?? "";
      expectShape(ANSWERS[id], await (await get(path)).json());
    }
  }
});

it("refuses as the document says, too", async () => {
  const response = await api.get("/api/v1/series/9/minutes");
  expectShape(PROBLEM, await response.json());
});

it("is explained in both languages, each address and each parameter", async () => {
  for (const [language, said] of [
    ["en", API_EN],
    ["zh", API_ZH],
  ] as const) {
    const response = await api.get(`/${language}/api`);
    const page = await response.text();
    expect(response.status).toBe(200);
    expect(page).not.toMatch(/<script(?!>\{let d=document,)/);
    for (const route of ROUTES) {
      expect(page).toContain(`GET ${route.path}`);
      expect(page).toContain(said.routes[route.id].summary);
    }
    const etag = response.headers.get("etag") ?? "";
    expect((await api.get(`/${language}/api`, { "if-none-match": etag })).status).toBe(304);
  }
  // Nothing of the Chinese page is left in English: each sentence has a Chinese character.
  const chinese = [
    ...API_ZH.laws,
    ...Object.values(API_ZH.parameters).filter((each) => !each.startsWith("`loop`")),
    ...Object.values(API_ZH.costs).filter((each) => each !== "1"),
    ...Object.values(API_ZH.routes).flatMap(({ summary, about }) => [summary, about]),
    ...Object.values(API_ZH.heads),
  ];
  expect(chinese.filter((each) => !/\p{Script=Han}/u.test(each))).toEqual([]);
  expect(chinese.length).toBeGreaterThan(50);
});
