// Aim: nothing that anybody writes is more than text: no markup, no address of a script, no header, no line, no cell and no event of his
// own in any format, no turned text, and no answer without end. Method: each of TEXTS in every field at once, every route of the table,
// strict readers (hostile-read.ts); what a visitor sends; what the configuration refuses. The database is what it might hold anyway.

import { describe, expect, it } from "vitest";

import type { PageBindings } from "../../status-page/front.ts";
import { parseConfig } from "../../workers/config/parse.ts";
import { calendarFaults, csvFaults, markupFaults, metricsFaults } from "./hostile-read.ts";
import { TEXTS, hostileWorld } from "./hostile-world.ts";
import { TABLE } from "./http-table-rows.ts";

const SLOW_MS = 60_000;
/** Each address that answers, once, and each that says which file is meant. */
const PATHS = [
  ...new Map(
    TABLE.filter(({ answers }) => answers[0]?.startsWith("200") === true).map(({ path }) => [
      path.replace(/\/?(?:\?(?!format|label|journey|target).*)?$/, ""),
      path,
    ]),
  ).values(),
];

/** The longest that an answer may be in bytes, whatever was written: pages and files cut texts off. */
const BYTES_MOST = 400_000;
/** What is handed on as it is stored: a report has its hash. A row of D1 holds two megabytes. */
const STORED = /^\/sla\/\w+\/2026-10\.(json|csv)|^\/api\/v1\/snapshot\.json/;
const STORED_MOST = 4_000_000;

async function faultsOf(response: Response, path: string): Promise<readonly string[]> {
  const type = response.headers.get("content-type") ?? "";
  const bytes = new Uint8Array(await response.arrayBuffer());
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  const odd = [...response.headers].find(([name, value]) => name === "set-cookie" || /evil|alert|cmd/.test(value));
  const faults = response.status === 200 ? [] : [`status ${response.status}`];
  if (odd !== undefined) faults.push(`header ${odd.join(": ")}`);
  if (bytes.length > (STORED.test(path) ? STORED_MOST : BYTES_MOST)) faults.push(`${bytes.length} bytes`);
  const policy = response.headers.get("content-security-policy") ?? "";
  if (type.startsWith("text/html")) return [...faults, ...markupFaults(text, { policy })];
  if (type.includes("xml")) return [...faults, ...markupFaults(text, { isXml: true })];
  if (type.startsWith("text/csv")) return [...faults, ...csvFaults(text)];
  if (type.startsWith("text/calendar")) return [...faults, ...calendarFaults(text, path.startsWith("/sla") ? 1 : 2)];
  if (type.startsWith("text/plain; version")) return [...faults, ...metricsFaults(text)];
  if (type.startsWith("application/x-ndjson")) for (const line of text.trimEnd().split("\n")) JSON.parse(line);
  else if (type.includes("json")) {
    const read = JSON.parse(text) as { items?: readonly { content_html: string }[] };
    for (const item of read.items ?? []) faults.push(...markupFaults(item.content_html, {}));
  }
  return faults;
}

/** For a terminal. */
const seen = (text: string): string =>
  text.slice(0, 250).replace(/[^ -~]/g, (one) => `\\u${one.charCodeAt(0).toString(16)}`);

describe(`${Object.keys(TEXTS).length} texts in every field`, () => {
  it.each(Object.entries(TEXTS).map(([name, evil], i) => [name, evil, i] as const))(
    "stay texts: %s",
    { timeout: SLOW_MS },
    async (_, evil, i) => {
      const world = hostileWorld(evil);
      const faults: string[] = [];
      for (const path of PATHS) {
        // Every second one in the second language, where there is one.
        const other = `/zh${path.replace(/^\/(?=\?|$)/, "")}`;
        const isThere = world.app.router
          .match("GET", other.replace(/\?.*/, ""))[0]
          .some(([[, { method }]]) => method === "GET");
        const response = await world.ask(i % 2 === 1 && isThere ? other : path);
        const found = await faultsOf(response, path);
        if (found.length > 0) faults.push(`${path}: ${seen(found.join("; "))}`);
      }
      expect(faults).toEqual([]);
      expect(PATHS.length).toBeGreaterThan(60);
    },
  );
});

/** What may stand in a header: a client sends nothing else, and what it sends is bytes. */
const asHeader = (text: string): string =>
  Buffer.from(text.replace(/[\0\r\n]/g, " ").trim())
    .toString("latin1")
    .slice(0, 8_000);
const HEADERS =
  "accept accept-language if-none-match x-forwarded-host x-forwarded-proto forwarded x-original-url".split(" ");
const ADDRESSES =
  `/ /here /widget /method /fleet /api /subscribe /badge.svg /badge.json /card.svg /metrics /healthz /incidents
  /targets/rtm/history /targets/rtm/regions/weur /history.atom /feed.json /maintenance.ics /sla/kept/2026-10 /api/v1/regions
  /api/v1/series/1/minutes /api/v2/summary.json`.split(/\s+/);
const ASKED = "zone region target label show service journey before revision from format deep".split(" ");
/** What stands ahead of a name in an address. */
const UNDER = " targets/ en/targets/ incidents/ sla/ sla/kept/ targets/rtm/history/ api/v1/series/ subscription/".split(
  " ",
);
/** What has addresses of ours in it. */
const LINKED = "/en /history.atom /feed.json /maintenance.ics /api/v2/summary.json /sla/breached/claims.ics".split(" ");
/** What tells of an incident. */
const TOLD =
  `/en /incidents /incidents/rtm-9 /incidents.json /incidents/rtm-9.json /history.atom /history.rss /feed.json
  /api/v1/incidents/rtm-9 /api/v2/summary.json /api/v2/incidents.json`.split(/\s+/);

describe("what a visitor sends", () => {
  it("is nothing but what was asked for: no markup and no header of his", { timeout: SLOW_MS }, async () => {
    const world = hostileWorld("plain");
    const faults: string[] = [];
    let tried = 0;
    for (const evil of Object.values(TEXTS)) {
      const query = ASKED.map((name) => `${name}=${encodeURIComponent(evil.toWellFormed().slice(0, 2_000))}`).join("&");
      const path = encodeURIComponent(evil.toWellFormed().slice(0, 2_000));
      const headers = Object.fromEntries(HEADERS.map((name) => [name, asHeader(evil)]));
      for (const address of ADDRESSES) {
        const response = await world.ask(`${address}?${query}`, headers);
        const found = await faultsOf(response, address);
        faults.push(
          ...found.filter((one) => !/^status (?:400|404|406|503)$/.test(one)).map((one) => `${address}: ${seen(one)}`),
        );
        tried++;
      }
      for (const under of UNDER) {
        const response = await world.ask(`/${under}${path}`, headers);
        if (response.status >= 500) faults.push(`/${under}: ${response.status}`);
        const found = await faultsOf(response, "");
        faults.push(...found.filter((one) => !/^status (?:40\d)$/.test(one)).map((one) => `/${under}: ${seen(one)}`));
        tried++;
      }
    }
    console.log(`${tried} hostile requests`);
    expect(faults).toEqual([]);
    expect(tried).toBeGreaterThan(500);
  });

  it("is shown again in the form as a text", async () => {
    const world = hostileWorld("plain");
    for (const evil of Object.values(TEXTS)) {
      const body = new URLSearchParams({ channel: "email", address: evil, target: evil, region: evil, language: evil });
      const init = { method: "POST", body, headers: { "content-type": "application/x-www-form-urlencoded" } };
      const response = await world.app.fetch(
        new Request("https://status.example/en/subscribe", init),
        {} as PageBindings,
      );
      // Longer forms are not read.
      const isShown = body.toString().length <= 16_384;
      expect(response.status).toBe(isShown ? 422 : 403);
      expect(await faultsOf(response, "")).toEqual([`status ${response.status}`]);
    }
  });

  it("has no say in where our addresses lead", async () => {
    const world = hostileWorld("plain");
    for (const path of LINKED) {
      const body = await (
        await world.ask(path, { "x-forwarded-host": "evil.example", forwarded: "host=evil.example" })
      ).text();
      expect([path, body.includes("evil.example")]).toEqual([path, false]);
      const elsewhere = await world.app.fetch(new Request(`https://evil.example${path}`), {} as PageBindings);
      expect([path, (await elsewhere.text()).includes("evil.example")]).toEqual([path, false]);
    }
  });
});

describe("a text without end", () => {
  it("of ten megabytes is cut off in every format, in little time", { timeout: SLOW_MS }, async () => {
    for (const text of ["# x\n\n- *a* [b](https://c.example) `d`\n> ".repeat(260_000), "*[".repeat(5_000_000)]) {
      const world = hostileWorld("plain", { update: text });
      for (const path of TOLD) {
        expect(await faultsOf(await world.ask(path), path)).toEqual([]);
      }
    }
  });
});

describe("the configuration", () => {
  it("refuses names that cannot be printed as they are, and takes all others as texts", () => {
    const target = {
      id: "rtm",
      label: { en: "x", zh: "x" },
      driver: "mqtt",
      address: "mqtts://b.example",
      journeys: ["loop"],
    };
    const whole = { name: "Sonde", regions: ["weur"], targets: [target] };
    const isTaken = (config: object): boolean => parseConfig(config).ok;
    expect(isTaken(whole)).toBe(true);
    const taken = Object.entries(TEXTS).flatMap(([name, evil]) => {
      const ways = [
        { ...whole, name: evil },
        { ...whole, targets: [{ ...target, label: { en: evil, zh: "x" } }] },
      ];
      return ways.some(isTaken) ? [name] : [];
    });
    console.log(`${Object.keys(TEXTS).length} names, taken: ${taken.join(", ")}`);
    const refused = new Set(
      "header, controls, marks of our own, surrogates, turned text, line separators, calendar, nothing, spaces only, long".split(
        ", ",
      ),
    );
    expect(taken.filter((name) => refused.has(name))).toEqual([]);
    for (const evil of Object.values(TEXTS)) {
      if (evil === "plain") continue;
      // What is part of an address.
      expect([evil.slice(0, 20), isTaken({ ...whole, targets: [{ ...target, id: evil }] })]).toEqual([
        evil.slice(0, 20),
        false,
      ]);
      expect(isTaken({ ...whole, url: `https://status.example/x${evil}` })).toBe(false);
    }
  });
});
