// The route of the widget: all targets, or one (?target=). Mounted by app.tsx. The one page that may stand in anybody's frame, and so the
// one without a form and without a script. Costs the front row; while the database is away it says so.

import { Hono } from "hono";

import type { PageContext, PageDoor, PageEnv } from "./door.ts";
import { CACHED, RETRY_AFTER_S, SECURITY, hashOf, htmlHeaders, matches } from "./headers.ts";
import { stamp } from "./instants.ts";
import { Widget } from "./pages/widget.tsx";
import { etagOf, pathOf, toBytes } from "./render.tsx";
import { pageView } from "./view.ts";
import { WIDGET_STYLE } from "./widget-style.ts";
import { hereWordsOf } from "./words/languages.ts";

const POLICY = [
  "default-src 'none'",
  `style-src ${hashOf(WIDGET_STYLE)}`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors *",
].join("; ");

/** Rows that a small frame has room for. */
const TARGETS_MAX = 8;

export function widgetPages(door: PageDoor): Hono<PageEnv> {
  const app = new Hono<PageEnv>({ strict: false });
  for (const base of ["/widget", ...door.languages.map((language) => `/${language}/widget`)]) {
    app.get(base, (c) => widget(c, door));
  }
  return app;
}

async function widget(c: PageContext, door: PageDoor): Promise<Response> {
  const { words, zone, zoneChosen, name, url } = door.frameOf(c, "/widget");
  const said = hereWordsOf(words.language);
  const headers = htmlHeaders({ ...SECURITY, "content-security-policy": POLICY }, words.tag);
  headers.set("cache-control", CACHED);
  headers.set("x-robots-tag", "noindex");
  const shown = await door.front(c);
  const known = shown.kind === "unreadable" ? [] : (shown.front?.snapshots ?? []);
  const asked = c.req.query("target");
  const target = known.find((snapshot) => snapshot.target === asked)?.target ?? null;
  if (shown.kind !== "unreadable" && asked !== undefined && target === null) return door.plain(c, 404, "notFound");
  const href = `${url ?? ""}/${words.language}${pathOf(target)}`;
  const same = { words, said, name, href };
  const none = { state: "unmeasured", targets: [], more: 0, asOf: null } as const;
  if (shown.kind === "unreadable") {
    headers.set("cache-control", "no-store");
    headers.set("retry-after", RETRY_AFTER_S);
    const page = <Widget {...same} {...none} sentence={words.unreadable} notice={words.unreadableMore} />;
    return new Response(toBytes(page), { status: 503, headers });
  }
  const stale = shown.kind === "stale";
  const now = door.now();
  const wanted = target === null ? known : known.filter((snapshot) => snapshot.target === target);
  const zoned = zoneChosen === true ? zone : null;
  const view = pageView(wanted, now, words, { target: pathOf, region: () => null, zone: zoned });
  const composedAt = view?.composedAt ?? now;
  const notice = stale ? words.databaseAway(stamp(composedAt, zone)) : null;
  const etag = etagOf(
    shown.front,
    words.language,
    view?.judged ?? "empty",
    Math.floor((now - composedAt) / 60_000),
    stale,
  );
  headers.set("etag", etag);
  if (stale) headers.set("x-sonde-stale", "1");
  if (matches(c.req.header("if-none-match"), etag)) {
    headers.delete("content-type");
    return new Response(null, { status: 304, headers });
  }
  const page =
    view === null ? (
      <Widget {...same} {...none} sentence={words.nothingYet} notice={notice} />
    ) : (
      <Widget
        {...same}
        state={view.state}
        sentence={view.sentence}
        targets={view.targets.length > 1 ? view.targets.slice(0, TARGETS_MAX) : []}
        more={Math.max(0, view.targets.length - TARGETS_MAX)}
        notice={notice}
        asOf={view.asOf}
      />
    );
  return new Response(toBytes(page), { headers });
}
