// The route /here: "is it just me?". Mounted by app.tsx. Never kept by anybody, since the answer depends on where its reader is; reads
// the front row and nothing else, and writes nothing down.

import { Hono } from "hono";

import type { PageContext, PageDoor, PageEnv } from "./door.ts";
import { PRIVATE, htmlHeaders, securityOf } from "./headers.ts";
import { whereaboutsOf } from "./here-near.ts";
import { choicesOf, chosenOf, hereView } from "./here-view.ts";
import { isUtc, stamp } from "./instants.ts";
import { HerePage } from "./pages/here.tsx";
import { toBytes } from "./render.tsx";
import { hereWordsOf } from "./words/languages.ts";

export function herePages(door: PageDoor): Hono<PageEnv> {
  const app = new Hono<PageEnv>({ strict: false });
  for (const base of ["/here", ...door.languages.map((language) => `/${language}/here`)]) {
    app.get(base, (c) => here(c, door));
  }
  return app;
}

async function here(c: PageContext, door: PageDoor): Promise<Response> {
  const shown = await door.front(c);
  if (shown.kind === "unreadable") return door.plain(c, 503, "unreadable");
  const snapshots = shown.front?.snapshots ?? [];
  const frame = door.frameOf(c, "/here");
  const { words, zone } = frame;
  const said = hereWordsOf(words.language);
  const now = door.now();
  const choices = choicesOf(door.config, snapshots, words);
  const at = whereaboutsOf(Reflect.get(c.req.raw, "cf"));
  const near = chosenOf(choices, c.req.query("region"), at);
  const composedAt = Math.min(...snapshots.map((snapshot) => snapshot.composed_at));
  const hasFigures = snapshots.length > 0;
  const page = (
    <HerePage
      {...frame}
      path={near?.by === "choice" ? `/here?region=${encodeURIComponent(near.region.id)}` : "/here"}
      view={near === null ? null : hereView(snapshots, near, at, { words, said, now, zone })}
      choices={choices}
      said={said}
      asOf={
        hasFigures
          ? words.dataAsOf(
              stamp(composedAt, zone),
              isUtc(zone) ? null : stamp(composedAt, "UTC"),
              words.ago(now - composedAt),
            )
          : words.nothingYet
      }
      notice={shown.kind === "stale" && hasFigures ? words.databaseAway(stamp(composedAt, zone)) : null}
    />
  );
  const headers = htmlHeaders(securityOf("desk"), words.tag);
  headers.set("cache-control", PRIVATE);
  headers.set("x-robots-tag", "noindex");
  if (shown.kind === "stale") headers.set("x-sonde-stale", "1");
  return new Response(toBytes(page), { headers });
}
