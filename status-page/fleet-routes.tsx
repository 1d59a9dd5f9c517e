// The route /fleet: which place measured, when. Mounted by app.tsx where silences can be read. Reads the front row and at most a hundred
// silences; while D1 is away the page stays, with the last good ones and their age, or says that nothing is known of them.

import { createHash } from "node:crypto";

import { Hono } from "hono";

import type { PageContext, PageDoor, PageEnv } from "./door.ts";
import { controlHosts } from "./fleet-controls.ts";
import { placesView, regionNames, silencesView } from "./fleet-view.ts";
import type { SilenceList, SilenceReader } from "./fleet.ts";
import { htmlHeaders, securityOf } from "./headers.ts";
import { memory } from "./incidents-memory.ts";
import type { Remembered } from "./incidents-memory.ts";
import { isUtc, stamp } from "./instants.ts";
import { FleetPage } from "./pages/fleet.tsx";
import { toBytes } from "./render.tsx";
import { answer } from "./sla-answers.tsx";
import { fleetWordsOf } from "./words/languages.ts";

type ReadSilences = (c: PageContext) => Promise<Remembered<SilenceList> | null>;

export function fleetPages(door: PageDoor, reader: SilenceReader): Hono<PageEnv> {
  const remembered = memory<SilenceList>(door.now, door.report, 1);
  // Null: nothing was ever read. The rest of the page does not need it.
  const read: ReadSilences = (c) =>
    remembered("", () => reader.read(c.env)).catch((error: unknown) => {
      door.report(error);
      return null;
    });
  const app = new Hono<PageEnv>({ strict: false });
  for (const base of ["/fleet", ...door.languages.map((language) => `/${language}/fleet`)]) {
    app.get(base, (c) => fleet(c, door, read));
  }
  return app;
}

async function fleet(c: PageContext, door: PageDoor, read: ReadSilences): Promise<Response> {
  const [shown, silences] = await Promise.all([door.front(c), read(c)]);
  if (shown.kind === "unreadable") return door.plain(c, 503, "unreadable");
  const { config } = door;
  const snapshots = shown.front?.snapshots ?? [];
  const frame = door.frameOf(c, "/fleet");
  const { words, zone } = frame;
  const said = fleetWordsOf(words.language);
  const now = door.now();
  const telling = { words, said, now, zone };
  const composedAt = Math.min(...snapshots.map((snapshot) => snapshot.composed_at));
  const stale = shown.kind === "stale";
  const hasFigures = snapshots.length > 0;
  const places = placesView(config, snapshots, telling);
  const page = (
    <FleetPage
      {...frame}
      said={said}
      places={places}
      silences={silencesView(silences, regionNames(config, snapshots, words), telling)}
      controls={config === null ? null : controlHosts(config.controls)}
      asOf={
        hasFigures
          ? words.dataAsOf(
              stamp(composedAt, zone),
              isUtc(zone) ? null : stamp(composedAt, "UTC"),
              words.ago(now - composedAt),
            )
          : words.nothingYet
      }
      notice={!stale ? null : hasFigures ? words.databaseAway(stamp(composedAt, zone)) : words.databaseAwayEmpty}
      method={door.has("/method") ? `/${words.language}/method` : null}
    />
  );
  // The age in words may differ by less than a minute; whatever else is printed is of these.
  const minute = Math.floor(now / 60_000);
  const states = places.map((target) => target.rows.map((row) => row.because));
  const told = [
    words.language,
    zone,
    shown.front?.row.composedAt,
    stale,
    minute,
    states,
    silences?.value,
    silences?.stale,
  ];
  const etag = `W/"fleet-${createHash("sha256").update(JSON.stringify(told)).digest("hex").slice(0, 20)}"`;
  const headers = htmlHeaders(securityOf("desk"), words.tag);
  if (stale || silences?.stale !== false) headers.set("x-sonde-stale", "1");
  return answer(c, { bytes: toBytes(page), etag }, headers, false);
}
