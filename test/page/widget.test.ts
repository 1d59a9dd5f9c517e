// Aim: the widget may stand in any frame, and only the widget may; it says what the page says, and says when it cannot. The card is a
// picture of the same. Method: the real app in process.

import { createHash } from "node:crypto";

import { describe, expect, it, test } from "vitest";

import { linesOf } from "../../status-page/card.tsx";
import { FRESH_MS } from "../../status-page/last-good.ts";
import * as fixtures from "./fixtures.ts";
import { frontRow, healthy, many } from "./fixtures.ts";
import { missing, read, world } from "./world.ts";

const AWAY = new Error("D1 is away");

describe("the widget", () => {
  it("may be framed by anybody, by its policy, and has neither script nor form", async () => {
    const response = await world(frontRow([healthy()])).get("/en/widget");
    const html = await response.text();
    const style = /<style>(.*?)<\/style>/s.exec(html)?.[1] ?? "";
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("frame-ancestors *");
    expect(policy).toContain(`style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`);
    expect(policy).not.toMatch(/script-src|unsafe/);
    expect(html).not.toMatch(/<script|<form|\sstyle=/);
    expect(html).toContain('<meta http-equiv="refresh" content="60"/>');
    expect(html).toContain('href="/en" target="_blank" rel="noopener"');
    expect(Buffer.byteLength(html)).toBeLessThan(6000);
  });

  test.each(["/en", "/en/here", "/en/api", "/nothing", "/card.svg"])("%s may be framed by nobody", async (path) => {
    const { headers } = await world(frontRow([healthy()])).get(path);
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  });

  it("says the sentence, the states and the age, in both languages", async () => {
    const w = world(frontRow(many(12)));
    const en = await read(await w.get("/en/widget"));
    expect(en).toMatch(/and 4 more Data as of .* ago/);
    const zh = await read(await world(frontRow([fixtures.oneDown()])).get("/zh/widget"));
    expect(missing(zh, "西欧：消息正在丢失", "数据截至", "打开状态页")).toEqual([]);
  });

  it("is of one target where one is named", async () => {
    const w = world(frontRow(many(12)));
    expect(await (await w.get("/en/widget?target=service-8")).text()).toContain('href="/en/targets/service-8"');
    const none = await w.get("/en/widget?target=%3Cb%3E");
    expect([none.status, (await none.text()).includes("<b>")]).toEqual([404, false]);
  });

  it("answers 304, HEAD, and with its last good figures", async () => {
    const w = world(frontRow([healthy()]));
    const first = await w.get("/en/widget");
    const again = await w.get("/en/widget", { "if-none-match": first.headers.get("etag") ?? "" });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    expect((await w.get("/en/widget", {}, "HEAD")).status).toBe(200);
    w.row = AWAY;
    w.now += FRESH_MS;
    const stale = await w.get("/en/widget");
    expect([stale.headers.get("x-sonde-stale"), (await read(stale)).includes("cannot be read")]).toEqual(["1", true]);
    w.now += 3_600_000;
    expect(await read(await w.get("/en/widget"))).toContain("We cannot see any of the 7 regions");
  });

  it("says that it cannot know", async () => {
    const away = await world(AWAY).get("/en/widget");
    expect([away.status, away.headers.get("cache-control")]).toEqual([503, "no-store"]);
    expect(away.headers.get("content-security-policy")).toContain("frame-ancestors *");
    expect(await read(await world(null).get("/en/widget"))).toContain("Nothing has been measured yet");
  });

  it("lets no name be more than a name", async () => {
    const html = await (await world(frontRow([fixtures.hostile()])).get("/en/widget")).text();
    expect(html).not.toMatch(/<script|<img|\u202e|\u2067/);
  });
});

describe("the card", () => {
  it("is a picture of 1200 x 630 with sentence, state and instant", async () => {
    const w = world(frontRow([fixtures.oneDown()]));
    const response = await w.get("/en/card.svg");
    const svg = await response.text();
    expect(response.headers.get("content-type")).toBe("image/svg+xml; charset=utf-8");
    expect(
      missing(svg, 'width="1200" height="630"', "Western Europe: messages are being", ">Down<", "2026-11-22 12:00:14"),
    ).toEqual([]);
    expect((await w.get("/en/card.svg", { "if-none-match": response.headers.get("etag") ?? "" })).status).toBe(304);
    expect((await world(AWAY).get("/card.svg")).status).toBe(503);
    const evil = await (await world(frontRow([fixtures.hostile()])).get("/en/card.svg")).text();
    expect(evil).not.toMatch(/<script|<img|\u202e|\u2067/);
  });

  test.each([
    ["short", "All well", ["All well"]],
    [
      "two lines",
      "Western North America: connections are refused",
      ["Western North America: connections are", "refused"],
    ],
    ["Chinese breaks anywhere", "东".repeat(20), ["东".repeat(19), "东"]],
    ["one endless word", "x".repeat(100), [`${"x".repeat(37)}…`]],
  ] as const)("breaks lines: %s", (_, text, lines) => {
    expect(linesOf(text)).toEqual(lines);
  });

  it("never has more lines than there is room for", () => {
    const lines = linesOf("word ".repeat(200));
    expect([lines.length, lines.at(-1)?.endsWith(" …")]).toEqual([4, true]);
  });
});
