// Aim: that readers of feeds get each incident once, updated in place, in the order and with the times of what happened, and nothing that
// a writer's text could break. Method: the real app in process; an independent parser (rss-parser) and a strict look at the XML's
// characters; hostile texts in every field. Nothing is patched.

import Parser from "rss-parser";
import { describe, expect, it, test } from "vitest";

import { FEEDS, feedLinks } from "../../status-page/feeds/feed-links.ts";
import type { IncidentChange, IncidentEvent } from "../../workers/incidents/incident.ts";
import { incidentOf } from "../../workers/incidents/life.ts";
import { NOW, frontRow, healthy } from "./fixtures.ts";
import { ALL, MINUTE, NOTE, PERSON, PLACES, eventsOf, incident, incidentWorld, openedAs } from "./incident-world.ts";
import { world } from "./world.ts";

const PATHS = FEEDS.map(([file]) => `/${file}`);
const XML = ["/history.atom", "/history.rss"];

interface Item {
  readonly id: string;
  readonly title: string;
  readonly link: string;
  readonly html: string;
  readonly published: string;
  readonly updated: string | null;
}

/** What a reader sees, whichever the format. RSS has no word for the last change. */
async function itemsOf(path: string, body: string): Promise<readonly Item[]> {
  if (path.includes(".json")) {
    const { items } = JSON.parse(body) as { items: Record<string, string>[] };
    return items.map((one) => ({
      id: one["id"] ?? "",
      title: one["title"] ?? "",
      link: one["url"] ?? "",
      html: one["content_html"] ?? "",
      published: one["date_published"] ?? "",
      updated: one["date_modified"] ?? "",
    }));
  }
  const parser = new Parser<object, Record<string, string>>({
    customFields: { item: ["published", "updated", "content:encoded"] },
  });
  const parsed = await parser.parseString(body);
  return parsed.items.map((one) => ({
    id: one["id"] ?? one.guid ?? "",
    title: one.title ?? "",
    link: one.link ?? "",
    html: one["content:encoded"] ?? one.content ?? "",
    published: new Date(one["published"] ?? one.pubDate ?? "").toISOString(),
    updated: one["updated"] ?? null,
  }));
}

const get = async (path: string, kept = ALL) => {
  const response = await incidentWorld(kept).get(path);
  return { response, body: await response.text() };
};

describe("a feed", () => {
  test.each([
    ["/history.atom", "application/atom+xml; charset=utf-8"],
    ["/history.rss", "application/rss+xml; charset=utf-8"],
    ["/feed.json", "application/feed+json; charset=utf-8"],
  ])("%s has an entry for each incident, the newest first, without names, notes and drills", async (path, type) => {
    const { response, body } = await get(path);
    expect([response.status, response.headers.get("content-type")]).toEqual([200, type]);
    const items = await itemsOf(path, body);
    expect(items.map((one) => one.id)).toEqual(
      ["rtm-9", "rtm-8", "rtm-5", "rtm-2"].map((id) => `tag:localhost,2026:incident/${id}`),
    );
    expect(items.map((one) => one.link).slice(0, 2)).toEqual([
      "http://localhost/en/incidents/rtm-9",
      "http://localhost/en/incidents/rtm-8",
    ]);
    expect(items[0]?.title).toBe("Outage of Messaging: open");
    expect([PERSON, NOTE].filter((hidden) => body.includes(hidden))).toEqual([]);
    const published = items.map((one) => one.published);
    expect(published).toEqual(published.toSorted().toReversed());
    expect(items[1]?.html).toContain("<strong>lost messages</strong>");
  });

  it("says when something last happened, not when it was read, and changes with that only", async () => {
    const w = incidentWorld();
    const first = await (await w.get("/history.atom")).text();
    const items = await itemsOf("/history.atom", first);
    expect(items[0]?.updated).toBe(new Date(NOW - 17 * MINUTE - 5000 + 40_000).toISOString());
    w.now += 3_600_000;
    const later = await w.get("/history.atom");
    expect(await later.text()).toBe(first);
    for (const path of PATHS) {
      const etag = (await w.get(path)).headers.get("etag") ?? "";
      const again = await w.get(path, { "if-none-match": etag });
      expect([again.status, await again.text()]).toEqual([304, ""]);
      expect((await w.get(path, {}, "HEAD")).headers.get("etag")).toBe(etag);
    }
  });

  it("keeps an entry's id while the entry changes, and dates the change", async () => {
    const start = NOW - 60 * MINUTE;
    const before = incident("rtm-3", start);
    const after = incident("rtm-3", start, {
      state: "resolved",
      impactEnd: start + 20 * MINUTE,
      resolvedAt: start + 50 * MINUTE,
      statements: [{ at: start + 30 * MINUTE, author: PERSON, statement: "identified", text: { en: "A node." } }],
    });
    const read = async (one: typeof before) =>
      (
        await itemsOf(
          "/history.atom",
          (await get("/history.atom", [{ incident: one, notifiedAt: null, events: [] }])).body,
        )
      )[0];
    const [old, now] = [await read(before), await read(after)];
    expect(now?.id).toBe(old?.id);
    expect(now?.published).toBe(old?.published);
    expect([old?.updated, now?.updated]).toEqual([
      new Date(start + 40_000).toISOString(),
      new Date(start + 50 * MINUTE).toISOString(),
    ]);
    expect(now?.title).toBe("Outage of Messaging: resolved");
    const order = ["Resolved", "Identified", "Monitoring", "Investigating"].map(
      (word) => now?.html.indexOf(word) ?? -1,
    );
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(order[0]).toBeGreaterThan(0);
  });

  it("is never dated back: what comes back is newer than its end was, in the feeds and in Statuspage's list", async () => {
    const start = NOW - 60 * MINUTE;
    const event = (number: number, after: number, change: IncidentChange): IncidentEvent => {
      const at = start + after * MINUTE;
      return {
        incident: "rtm-3",
        number,
        key: `rtm-3/${number}`,
        at,
        recordedAt: at + 20_000,
        author: "sonde",
        change,
      };
    };
    const events: readonly IncidentEvent[] = [
      ...eventsOf("rtm-3", start, [[0, "sonde", openedAs(incident("rtm-3", start))]]),
      event(2, 5, { kind: "measured", severity: "critical", sentence: { en: "x", zh: "x" }, impact: [] }),
      event(3, 20, { kind: "restored" }),
      event(4, 30, { kind: "reopened", region: "weur", note: "" }),
      event(5, 40, { kind: "restored" }),
      event(6, 45, { kind: "published", statement: "resolved", text: { en: "Over." } }),
      event(7, 45, { kind: "resolved", note: "" }),
      event(8, 46, { kind: "reopened", region: null, note: "" }),
    ];
    const dates: string[] = [];
    for (let known = 1; known <= events.length; known++) {
      const kept = [{ incident: incidentOf("rtm", events.slice(0, known)), notifiedAt: null, events: [] }];
      const [item] = await itemsOf("/history.atom", (await get("/history.atom", kept)).body);
      const { body } = await get("/api/v2/incidents.json", kept);
      const { incidents } = JSON.parse(body) as { incidents: { updated_at: string }[] };
      expect(incidents[0]?.updated_at, `event ${known}`).toBe(item?.updated);
      dates.push(item?.updated ?? "");
    }
    expect(dates).toEqual(dates.toSorted());
    // A measurement of every few minutes is no news; all else is.
    expect(new Set(dates).size).toBe(6);
    expect(dates.at(-1)).toBe(new Date(start + 46 * MINUTE + 20_000).toISOString());
  });

  it("of one target has its newest fifty, whatever happened to others since", async () => {
    const of = (target: string, count: number, from: number) =>
      Array.from({ length: count }, (_, i) => {
        const one = incident(`${target}-${count - i}`, from - i * MINUTE);
        return { incident: one, notifiedAt: null, events: [] };
      });
    const kept = [...of("rtm", 80, NOW - MINUTE), ...of("quotes", 60, NOW - 100 * MINUTE)];
    const w = incidentWorld(kept);
    let files = 0;
    for (const path of PATHS) {
      const all = await itemsOf(path, await (await w.get(path)).text());
      expect([all.length, all.every((one) => one.id.includes("/rtm-"))]).toEqual([50, true]);
      const own = await itemsOf(path, await (await w.get(`${path}?target=quotes`)).text());
      expect(own.map((one) => one.id)).toEqual(
        Array.from({ length: 50 }, (_, i) => `tag:localhost,2026:incident/quotes-${60 - i}`),
      );
      files++;
    }
    expect([files, w.reader.reads]).toEqual([3, 6]);
  });

  it("is in the language of its path, and of one target", async () => {
    for (const path of PATHS) {
      const zh = await itemsOf(path, (await get(`/zh${path}`)).body);
      expect(zh[0]?.title).toBe("实时消息：中断（进行中）");
      expect(zh[0]?.link).toBe("http://localhost/zh/incidents/rtm-9");
      const one = await itemsOf(path, (await get(`${path}?target=rtm`)).body);
      expect(one).toHaveLength(4);
      expect(await itemsOf(path, (await get(`${path}?target=other`)).body)).toEqual([]);
      expect((await get(`${path}?target=%3Cx%3E`)).response.status).toBe(404);
    }
  });

  it("with nothing in it is well formed and never dated now", async () => {
    for (const path of PATHS) {
      const { body } = await get(path, []);
      expect(await itemsOf(path, body)).toEqual([]);
      expect(body).not.toContain("2026-11-22");
    }
    expect((await get("/history.atom", [])).body).toContain("<updated>1970-01-01T00:00:00.000Z</updated>");
  });

  it("that cannot be read is the last one, marked, or 503, and never an empty one", async () => {
    for (const path of PATHS) {
      const w = incidentWorld();
      w.reader.away = true;
      const failed = await w.get(path);
      expect([failed.status, failed.headers.get("retry-after"), await failed.text()]).toEqual([
        503,
        "10",
        '{"error":"incidents_unreadable"}',
      ]);
      w.reader.away = false;
      await w.get(path);
      w.reader.away = true;
      w.now += 10_000;
      const stale = await w.get(path);
      expect([stale.status, stale.headers.get("x-sonde-stale")]).toEqual([200, "1"]);
      expect(await itemsOf(path, await stale.text())).toHaveLength(4);
    }
    expect((await world(frontRow([healthy()])).get("/history.atom")).status).toBe(404);
  });

  it("is where the head of a page says", async () => {
    const w = incidentWorld();
    const links = [...feedLinks("en", true), ...feedLinks("zh", true, "rtm")];
    for (const { href, type } of links)
      expect((await w.get(href)).headers.get("content-type")).toBe(`${type}; charset=utf-8`);
    expect(links).toHaveLength(8);
    expect(feedLinks("en", false).map((one) => one.href)).toEqual(["/en/maintenance.ics"]);
  });
});

describe("hostile texts", () => {
  const FORBIDDEN =
    // oxlint-disable-next-line no-control-regex -- these are what must not be there
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\u202a-\u202e\u2066-\u2069]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
  const EVIL = [
    "]]>",
    "<![CDATA[x]]>",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "&lt;script&gt; &amp;amp; &#0; &bogus;",
    "\u0000\u0001\u0008\u000b\u001b\u007f\u0085",
    "\ud800 lone \udfff",
    "\ufffe\uffff",
    "\u202eevil\u2066\u2069",
    '[x](javascript:alert(1)) [y](data:text/html,z) [z](https://e.example/"onmouseover=x)',
    "```\n]]></content><x>\n```",
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]>&a;",
    "😀".repeat(3000),
  ];

  test.each(EVIL.map((evil, i) => [i, evil] as const))(
    "leave it well formed and without markup of theirs, case %i",
    async (_, evil) => {
      const one = incident("rtm-4", NOW - 30 * MINUTE, {
        sentence: { en: evil, zh: evil },
        regions: [evil, "weur"],
        statements: [
          { at: NOW - 20 * MINUTE, author: PERSON, statement: "identified", text: { en: `a ${evil} z`, zh: evil } },
        ],
        postmortem: { at: NOW - 10 * MINUTE, author: PERSON, text: { zh: evil } },
      });
      const places = { ...PLACES, targets: [{ id: "rtm", label: { en: evil, zh: evil } }] };
      let read = 0;
      for (const prefix of ["", "/zh"]) {
        for (const path of PATHS) {
          const w = incidentWorld([{ incident: one, notifiedAt: null, events: [] }], { places });
          const body = await (await w.get(`${prefix}${path}`)).text();
          const text = path.includes(".json")
            ? JSON.stringify(JSON.parse(body)).replaceAll(
                /\\u[0-9a-f]{4}/g,
                (found) => JSON.parse(`"${found}"`) as string,
              )
            : body;
          expect(FORBIDDEN.exec(text)?.index ?? null, path).toBeNull();
          const [item] = await itemsOf(path, body);
          expect(item?.id, path).toBe("tag:localhost,2026:incident/rtm-4");
          // In HTML of readers: no element but ours, no address but of the web.
          const tags = [...(item?.html ?? "").matchAll(/<\/?([a-z0-9]+)/gi)].map(
            (match) => match[1]?.toLowerCase() ?? "",
          );
          expect(tags.filter((tag) => !OURS.has(tag))).toEqual([]);
          expect(item?.html).not.toMatch(/href="(?!https?:\/\/|mailto:)/);
          expect(item?.html).not.toMatch(/<[^>]*\son[a-z]+=/i);
          read++;
        }
      }
      expect(read).toBe(6);
    },
  );

  const OURS = new Set([
    "p",
    "ul",
    "ol",
    "li",
    "h3",
    "h4",
    "h5",
    "h6",
    "div",
    "strong",
    "em",
    "a",
    "code",
    "pre",
    "br",
    "blockquote",
  ]);

  it("in the fixtures of incidents too", async () => {
    for (const path of XML) expect(FORBIDDEN.exec((await get(path)).body)?.index ?? null).toBeNull();
  });
});
