// Aim: every address of the public page answers as it should, whatever is asked of it and whatever its outside is like: status, type,
// headers, what it says, and what it may never say. Method: a table of requests (http-table-rows.ts), asked in process of five worlds in
// each language, by each method, and again with what was answered; a route of the app that no row reaches fails.

import { describe, expect, it } from "vitest";

import { TABLE, TYPES } from "./http-table-rows.ts";
import type { Keeps, Row } from "./http-table-rows.ts";
import { AWAY, PASS, WORLDS, tableWorld } from "./http-table-worlds.ts";
import type { TableWorld, WorldName } from "./http-table-worlds.ts";
import { NOTE, PERSON } from "./incident-world.ts";

/** Some thousand answers take a while on a busy machine. */
const SLOW_MS = 60_000;
const BASES = ["", "/en", "/zh"] as const;
const KEPT: Readonly<Record<Keeps, string>> = {
  c: "public, max-age=5, stale-while-revalidate=60, stale-if-error=86400",
  s: "public, max-age=30, stale-while-revalidate=60",
  f: "public, max-age=5",
  p: "private, no-store",
  n: "no-store",
};
/** Signs of a value that was printed without being looked at, of an error's inside, and of what is not for everybody. */
const NEVER = new RegExp(
  `${String.raw`undefined|NaN|\[object|Infinity|Invalid Date|null%|null ms|\bat \w+ \(|\.tsx?:\d|128000|12800`}|${[
    AWAY,
    "D1 is away",
    PERSON,
    NOTE,
    "o@example.com",
    "mqtts:",
    "<script>alert",
  ].join("|")}`,
);

const worldOf = async (name: WorldName): Promise<TableWorld> => {
  const world = tableWorld(name);
  if (name !== "stale") return world;
  for (const [path] of addresses(world)) await (await world.ask(path)).arrayBuffer();
  world.fail();
  return world;
};

/** The route of GET that has this address; null: none has. */
function routeOf(app: TableWorld["app"], path: string): string | null {
  // As the app does it: what stands behind "?" is no address, and a slash at the end is none.
  const address = path.replace(/\?.*/s, "").replace(/(?<=.)\/$/, "");
  const found = app.router.match("GET", address)[0].find(([[, { method }]]) => method === "GET");
  return found?.[0][1].path ?? null;
}

/** Each row's address, and the same in each language where the app has it. */
function addresses({ app }: TableWorld): readonly (readonly [path: string, row: Row, base: string])[] {
  return TABLE.flatMap((row) =>
    BASES.map((base) => [base === "" ? row.path : `${base}${row.path.replace(/^\/(?=\?|$)/, "")}`, row, base] as const)
      // What lies below a language and is no page of ours is asked for once.
      .filter(([path, , base]) => base === "" || routeOf(app, path)?.startsWith(base) === true),
  );
}

/** Headers that HEAD has as GET does. */
const SAME = ["content-type", "cache-control", "etag", "content-security-policy", "vary", "x-sonde-stale", "link"];

/** What an answer has and should have, by name. */
function pairsOf(
  response: Response,
  row: Row,
  expected: string,
  base: string,
): readonly (readonly [string, unknown, unknown])[] {
  const [, status = "", mark = ""] = /^(\d+)(\D?)$/.exec(expected) ?? [];
  const header = (name: string): string | null => response.headers.get(name);
  const isRight = status === "200";
  const [right, wrong] = TYPES[row.kind];
  const type = header("content-type");
  const keeps = KEPT[mark === "f" || mark === "c" ? mark : row.keeps];
  const cache = header("cache-control") ?? "";
  const isHtml = type?.startsWith("text/html") === true;
  const isMarked = header("etag") !== null && /^(W\/)?"[\x21\x23-\x7e]+"$/.test(header("etag") ?? "");
  return [
    ["status", String(response.status), status],
    [
      "type",
      row.kind === "metrics" ? type?.split(";")[0] : type,
      isRight ? right : mark === "h" ? TYPES.page[1] : (row.wrong ?? wrong),
    ],
    ["nosniff", header("x-content-type-options"), "nosniff"],
    ["policy", header("content-security-policy")?.startsWith("default-src 'none'; "), true],
    ["referrer", header("referrer-policy") !== null, true],
    ["opener", header("cross-origin-opener-policy"), "same-origin"],
    ...(isRight ? [["old", header("x-sonde-stale"), mark === "s" ? "1" : null] as const] : []),
    // Errors of today are not those of tomorrow; what is not there may be kept for seconds, if everybody may know it.
    [
      "cache",
      cache,
      isRight ? keeps : status === "404" && cache === KEPT.f ? KEPT.f : cache.includes("no-store") ? cache : KEPT.p,
    ],
    ["retry", header("retry-after") !== null, status === "503"],
    ["etag", isMarked, isRight && ["c", "s"].includes(row.keeps) && mark !== "f" ? true : isMarked && isRight],
    ["vary", isHtml ? header("vary") : "", isHtml ? "Accept-Language" : ""],
    ["language", isHtml ? header("content-language") : "", isHtml ? (base === "/zh" ? "zh-Hans" : "en") : ""],
  ];
}

/** What is wrong with an answer, in words; [] is what one hopes for. */
function faultsOf(response: Response, body: string, row: Row, expected: string, base: string): string[] {
  const faults = pairsOf(response, row, expected, base).flatMap(([name, is, should]) =>
    is === should ? [] : [`${name} is ${String(is)}, not ${String(should)}`],
  );
  const isHtml = response.headers.get("content-type")?.startsWith("text/html") === true;
  const lang = /<html lang="([^"]+)"/.exec(body)?.[1] ?? null;
  if (isHtml && lang !== response.headers.get("content-language")) faults.push(`lang is ${lang}`);
  const found = NEVER.exec(isHtml ? body.replace(/<(style|script)>.*?<\/\1>/gs, "") : body);
  if (found !== null) faults.push(`says ${body.slice(Math.max(0, found.index - 60), found.index + 60)}`);
  return faults;
}

describe(`${TABLE.length} rows`, () => {
  it("reach every route that the app has", () => {
    const world = tableWorld("rich");
    const reached = new Set(addresses(world).map(([path]) => routeOf(world.app, path)));
    const routes = [...new Set(world.app.routes.filter(({ method }) => method === "GET").map(({ path }) => path))];
    console.log(`${routes.length} routes of GET`);
    expect(routes.filter((path) => !reached.has(path))).toEqual([]);
    expect(routes.length).toBeGreaterThan(110);
  });

  it.each(WORLDS)("are answered as they should: %s", { timeout: SLOW_MS }, async (name) => {
    const world = await worldOf(name);
    const faults: string[] = [];
    let tried = 0;
    for (const [path, row, base] of addresses(world)) {
      const response = await world.ask(path);
      const body = await response.text();
      const all = faultsOf(response, body, row, row.answers[WORLDS.indexOf(name)] ?? "", base);
      if (name === "rich" && base !== "/zh" && !row.says.test(body))
        all.push(`does not say ${row.says}: ${body.replace(/<style>.*?<\/style>/s, "").slice(0, 200)}`);
      const head = await world.ask(path, {}, "HEAD");
      if ((await head.text()) !== "" || head.status !== response.status)
        all.push(`HEAD is ${head.status} or has a body`);
      for (const each of SAME)
        if (head.headers.get(each) !== response.headers.get(each)) all.push(`HEAD has another ${each}`);
      if (all.length > 0) faults.push(`${path.slice(0, 90)}: ${all.join("; ")}`);
      tried++;
    }
    console.log(`${name}: ${tried} addresses, by GET and HEAD`);
    expect(faults).toEqual([]);
    expect(tried).toBeGreaterThan(200);
  });

  it("are not sent again to who has them, and are to everybody else", { timeout: SLOW_MS }, async () => {
    const world = tableWorld("rich");
    const faults: string[] = [];
    // One address of each route.
    const seen = new Set<string | null>();
    let tried = 0;
    for (const [path, , base] of addresses(world)) {
      const route = routeOf(world.app, path);
      if (base === "/zh" || seen.has(route)) continue;
      const first = await world.ask(path);
      await first.body?.cancel();
      const etag = first.headers.get("etag");
      if (first.status !== 200 || etag === null) continue;
      seen.add(route);
      const opaque = etag.replace(/^W\//, "");
      for (const known of [etag, opaque, `W/${opaque}`, `"x", ${etag} ,"y"`, "*"]) {
        const again = await world.ask(path, { "if-none-match": known });
        const said = [again.status, await again.text(), again.headers.get("etag"), again.headers.get("content-type")];
        const kept = ["cache-control", "vary"].every((name) => again.headers.get(name) === first.headers.get(name));
        if (JSON.stringify(said) !== JSON.stringify([304, "", etag, null]) || !kept)
          faults.push(`${path} for ${known}: ${said.join(" ").slice(0, 90)}`);
        tried++;
      }
      for (const other of ['"x"', "", opaque.slice(1, -1), `"${"x".repeat(9_000)}"`, 'W/"x', "\u00ff", "W/*"]) {
        const again = await world.ask(path, { "if-none-match": other });
        await again.body?.cancel();
        if (again.status !== 200) faults.push(`${path} for ${other.slice(0, 20)}: ${again.status}`);
        tried++;
      }
    }
    console.log(`${tried} conditional requests of ${seen.size} routes`);
    expect(faults).toEqual([]);
    expect([seen.size > 60, tried > 700]).toEqual([true, true]);
  });

  it("are only for reading, save the forms; files may be asked for by pages of any origin", async () => {
    const world = tableWorld("rich");
    const faults: string[] = [];
    let tried = 0;
    let open = 0;
    for (const [path, , base] of addresses(world)) {
      if (base === "/zh") continue;
      const isForm = /^(\/en)?\/subscri/.test(path);
      const isRoute = routeOf(world.app, path) !== null;
      const isApi = path.startsWith("/api/v1");
      for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
        tried++;
        const response = await world.ask(path, { origin: "https://elsewhere.example" }, method);
        const body = await response.text();
        const allow = response.headers.get("allow");
        const seen = `${method} ${path.slice(0, 60)}: ${response.status}, allow ${allow}, ${body.slice(0, 60)}`;
        if (response.headers.get("x-content-type-options") !== "nosniff") faults.push(`${seen}: no headers`);
        if (isForm && method === "POST") {
          // A form of another origin, without a body.
          if (![403, 404].includes(response.status)) faults.push(seen);
        } else if (method === "OPTIONS" && isRoute) {
          const isOpen = response.headers.get("access-control-allow-origin") === "*";
          const reads = response.headers.get("access-control-allow-headers")?.includes("if-none-match") === true;
          const given = await world.ask(path);
          await given.body?.cancel();
          const isGiven = given.headers.get("access-control-allow-origin") === "*";
          if (response.status !== 204 || body !== "" || allow?.includes("GET") !== true) faults.push(seen);
          if (isOpen !== reads || (isGiven && !isOpen)) faults.push(`${seen}: no preflight`);
          if (isOpen) open++;
        } else if (isRoute || (isApi && response.status === 405)) {
          if (response.status !== 405 || allow?.startsWith("GET, HEAD") !== true) faults.push(seen);
          if (isApi !== (response.headers.get("content-type") === "application/problem+json")) faults.push(seen);
        } else if (response.status !== 404) faults.push(seen);
        if (!isApi && isRoute && !isForm && body.length > 60) faults.push(`${seen}: a body that pretends`);
      }
    }
    console.log(`${tried} requests by other methods, ${open} preflights`);
    expect(faults).toEqual([]);
    expect([tried > 1000, open > 60]).toEqual([true, true]);
  });

  it("are in the language of the path, else in the visitor's, else in the first", async () => {
    const world = tableWorld("rich");
    const cases: readonly (readonly [path: string, accept: string | null, tag: string])[] = [
      ["/", null, "en"],
      ["/", "zh", "zh-Hans"],
      ["/", "ZH-tw;q=0.9, en;q=0.1", "zh-Hans"],
      ["/", "de, fr;q=0.9", "en"],
      ["/", "*", "en"],
      ["/", "zh;q=0", "en"],
      ["/", "zh;q=NaN, zh;q=-1, \u00ff;;;=,,", "en"],
      ["/", `${"x,".repeat(5_000)}zh`, "en"],
      ["/en", "zh", "en"],
      ["/zh", "en", "zh-Hans"],
      ["/nope", "zh", "zh-Hans"],
      ["/zh/nope", "en", "zh-Hans"],
      ["/sla/secret", "zh", "zh-Hans"],
      ["/incidents/nope", "zh", "zh-Hans"],
      ["/targets/rtm/history/nope", "zh", "zh-Hans"],
      ["/subscription/nope", "zh", "zh-Hans"],
    ];
    for (const [path, accept, tag] of cases) {
      const response = await world.ask(path, accept === null ? {} : { "accept-language": accept });
      const lang = /<html lang="([^"]+)"/.exec(await response.text())?.[1];
      expect([path, accept, response.headers.get("content-language"), lang]).toEqual([path, accept, tag, tag]);
    }
    // Files are the same for whoever carries them.
    for (const path of ["/badge.json", "/history.atom", "/maintenance.ics"]) {
      const [one, other] = [await world.ask(path), await world.ask(path, { "accept-language": "zh" })];
      expect(await one.text()).toBe(await other.text());
    }
  });

  it("of a closed contract are for who is let in, and are kept by nobody", async () => {
    const world = tableWorld("rich");
    const paths = [
      "/sla",
      "/sla/secret",
      "/sla/secret/2026-10",
      "/sla/secret/2026-10.json",
      "/sla/secret/2026-10.csv",
      "/sla/secret/claims.ics",
    ];
    for (const path of paths) {
      const response = await world.ask(path, { ...PASS, "if-none-match": "*" });
      const seen = ["cache-control", "etag", "access-control-allow-origin"].map((name) => response.headers.get(name));
      expect([path, response.status, ...seen]).toEqual([path, 200, "private, no-store", null, null]);
      expect(await response.text()).toMatch(/secret/);
    }
    expect(await (await world.ask("/sla")).text()).not.toContain("secret");
  });
});
