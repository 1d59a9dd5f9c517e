// Aim: the method page says what is in force: each number of the configuration is on it, in both languages, and none that is not known is
// made up. Method: the real app in process, with configurations that differ in every number; both languages are compared piece by piece.

import { describe, expect, it, test } from "vitest";

import { factsFromFront, factsOf } from "../../status-page/method-facts.ts";
import { METHOD_SECTIONS } from "../../status-page/words/method-words.ts";
import type { MethodTold } from "../../status-page/words/method-words.ts";
import { methodWordsOf } from "../../status-page/words/languages.ts";
import { currentConfig } from "../../workers/config/current.ts";
import { configOf } from "../../workers/config/parse.ts";
import type { Config } from "../../workers/config/config.ts";
import { frontRow, healthy } from "./fixtures.ts";
import { missing, read, text, world } from "./world.ts";

const INPUT = {
  name: "Acme",
  timeZone: "Europe/Berlin",
  regions: ["weur", "enam", "oc"],
  controls: ["https://one.example/x?key=hunter3", "https://two.example/{region}", "https://{region}.three.example"],
  targets: [
    {
      id: "chat",
      label: { en: "Chat <b>", zh: "聊天" },
      driver: "mqtt",
      address: "mqtts://secret-host.example",
      every: "30s",
      messages: 7,
      gap: "130ms",
      deadline: "4s",
      connectDeadline: "2s",
      payloadBytes: 123,
      journeys: ["loop", { journey: "connect", attempts: 2 }],
    },
  ],
  objectives: {
    availability: 0.9985,
    delivery: 0.999,
    latencyP99: "777ms",
    connectP99: "1200ms",
    downShare: 0.31,
    degradedShare: 0.17,
  },
};
const config = (change: Record<string, unknown> = {}): Config => configOf({ ...INPUT, ...change });
const MESH = {
  targets: [{ ...INPUT.targets[0], every: "60s", journeys: ["loop", { journey: "mesh", messages: 3, gap: "900ms" }] }],
};

describe("the page", () => {
  test.each([
    ["en", "every 30 s, 7 messages 130 ms apart", "4 s for a message, 2 s for connecting", "123 bytes"],
    ["zh", "每 30 秒 7 条消息，间隔 130 ms", "每条消息 4 秒，建立连接 2 秒", "123 字节"],
  ])("says the numbers in force in %s", async (language, ...sayings) => {
    const w = world(new Error("D1 is away"), { config: config() });
    const answer = await w.get(`/${language}/method`);
    expect([answer.status, answer.headers.get("content-language")?.slice(0, 2), w.reads]).toEqual([200, language, 0]);
    const words = (await read(answer)).replaceAll("&#39;", "'");
    const numbers = ["99.85", "777", "31", "17", "Europe/Berlin", "299", "0.271", "1.2"];
    // 7 messages in each of 2,880 slots; 2,995 loss-free ones prove 99.9 % at 95 %; 5 of 14 are 31 %.
    expect(missing(words, ...sayings, ...numbers, "20,160", "2,995", "1/14")).toEqual([]);
    expect(missing(words, "secret-host", "hunter3", "<b>")).toHaveLength(3);
  });

  it("names each section in the contents, once", async () => {
    const html = await text(await world(null, { config: config(MESH) }).get("/en/method"));
    const anchors = [...html.matchAll(/<a href="#([a-z]+)">/g)].map((m) => m[1]).filter((id) => id !== "main");
    expect(anchors).toEqual([...METHOD_SECTIONS]);
    expect(anchors.map((id) => html.split(`id="${id}"`).length - 1)).toEqual(anchors.map(() => 1));
    expect(html).toContain("Chat &lt;b&gt;");
    const without = await text(await world(null, { config: config() }).get("/en/method"));
    expect(without).not.toContain('id="mesh"');
  });

  it("is 304 while nothing changes, without its body for HEAD, and another one for another configuration", async () => {
    const w = world(null, { config: config() });
    const first = await w.get("/method", { "accept-language": "zh" });
    const etag = first.headers.get("etag") ?? "";
    w.now += 86_400_000;
    const again = await w.get("/method", { "accept-language": "zh", "if-none-match": etag });
    expect([first.headers.get("content-language"), again.status, await again.text()]).toEqual(["zh-Hans", 304, ""]);
    const head = await w.get("/en/method", {}, "HEAD");
    expect([head.status, await head.text(), head.headers.get("cache-control")?.slice(0, 6)]).toEqual([
      200,
      "",
      "public",
    ]);
    const other = await world(null, { config: config({ timeZone: "Asia/Tokyo" }) }).get("/zh/method");
    expect(other.headers.get("etag")).not.toBe(etag);
  });

  it("says of a refused configuration what the figures tell, and that the rest is not known", async () => {
    const words = await read(await world(frontRow([healthy()])).get("/en/method"));
    const sayings = ["The configuration is refused", "SHA-256", "Payload not known", "hosts are asked is not known"];
    expect(missing(words, ...sayings)).toEqual(["SHA-256"]);
    const nothing = await world(null).get("/en/method");
    expect([nothing.status, missing(await read(nothing), "Nothing has been measured yet")]).toEqual([200, []]);
    expect((await world(new Error("away")).get("/en/method")).status).toBe(503);
  });

  it("leads only where something is", async () => {
    const w = world(frontRow([healthy()]), { config: config() });
    const html = await text(await w.get("/zh/method"));
    const hrefs = [...(/<main.*<\/main>/s.exec(html)?.[0] ?? "").matchAll(/href="(\/[^"]+)"/g)].map((m) => m[1] ?? "");
    expect(hrefs.length).toBeGreaterThan(2);
    for (const href of hrefs) expect([href, (await w.get(href)).status]).toEqual([href, 200]);
  });
});

describe("the facts", () => {
  it("carry the hash that every record carries", async () => {
    const current = await currentConfig({ SONDE_CONFIG: JSON.stringify(INPUT) });
    expect(factsOf(current.config).hash).toBe(current.hash);
  });

  // 29,956 by the reference; 10 and 3 are the design effects that are assumed.
  test.each<[string, number, number, number, number | null]>([
    ["20 a minute, 99.99 %", 0.9999, 20, 50, 29_956],
    ["one each 3 s", 0.9999, 1, 3000, 29_956],
    ["99.9 %", 0.999, 20, 50, 2995],
    ["nine nines", 0.999999999, 20, 50, null],
  ])("%s: a proof needs %s ... %s", (_, delivery, messages, gapMs, needed) => {
    const every = messages === 1 ? "3s" : "60s";
    const target = { ...INPUT.targets[0], every, messages, gap: `${gapMs}ms`, journeys: ["loop"] };
    const quick = { deadline: "1s", connectDeadline: "1s" };
    const objectives = { ...INPUT.objectives, latencyP99: "200ms", connectP99: "400ms", delivery };
    const facts = factsOf(config({ targets: [{ ...target, ...quick }], objectives }));
    const proof = facts.targets[0]?.proof ?? null;
    expect(proof?.needed ?? null).toBe(needed);
    if (proof === null) return;
    expect([proof.perDay, proof.prior]).toEqual([28_800, messages === 1 ? 3 : 10]);
    // 1 - .05^(prior / n), cut off: never more than was proven.
    const exact = 100 * 0.05 ** (proof.prior / 28_800);
    const printed = proof.dayProves.units / 10 ** proof.dayProves.digits;
    expect(printed).toBeLessThanOrEqual(exact);
    expect(exact - printed).toBeLessThan(10 ** -proof.dayProves.digits);
  });

  it("are the same from the figures, as far as those know", () => {
    const facts = factsFromFront([healthy()]);
    expect(facts?.targets[0]).toMatchObject({ payloadBytes: null, roundsMsMax: null });
    expect([facts?.hash, facts?.controls, facts?.settings, facts?.limitsMs]).toEqual([null, null, null, null]);
    expect(factsFromFront([])).toBeNull();
  });
});

it("says neither more nor less in either language", () => {
  const addresses = { api: "/a", fleet: "/f", history: "/h", reports: "/r", incidents: "/i", files: ["/x"] };
  const front = factsFromFront([healthy()]);
  const all = [factsOf(config()), factsOf(config(MESH)), ...(front === null ? [] : [front])];
  let compared = 0;
  for (const facts of all) {
    const told: MethodTold = { ...facts, addresses, name: ({ id }) => id };
    const shape = (language: "en" | "zh") =>
      METHOD_SECTIONS.map((id) =>
        methodWordsOf(language)
          .sections[id].blocks(told)
          .map((block) => {
            compared++;
            if (block.kind === "list") return [block.kind, block.items.length];
            if (block.kind === "terms") return [block.kind, block.rows.length];
            if (block.kind === "table") return [block.kind, block.heads.length, ...block.rows.map((row) => row.length)];
            return block.kind === "links" ? [block.kind, block.links.map(([href]) => href)] : [block.kind];
          }),
      );
    expect(shape("zh")).toEqual(shape("en"));
    const english = METHOD_SECTIONS.flatMap((id) => methodWordsOf("zh").sections[id].blocks(told)).filter(
      (block) => block.kind === "text" && !/[\u4e00-\u9fff]/.test(block.text),
    );
    expect(english).toEqual([]);
  }
  console.log(`${compared} pieces compared`);
  expect([all.length, compared > 150]).toEqual([3, true]);
});
