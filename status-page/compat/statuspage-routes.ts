// The routes below /api/v2: Statuspage's public API, read only. Mounted by app.tsx. Cost: the front row, which is mostly in memory, and
// for the list of all incidents the newest fifty. Keeps two laws: a failed read is the last good answer, marked, or a 503 that says so,
// and is never an empty list.

import { Hono } from "hono";

import type { PageContext, PageDoor, PageEnv } from "../door.ts";
import { IncidentsUnreadable } from "../incidents.ts";
import {
  answerText,
  answerTrouble,
  languageOfPath,
  machineHeaders,
  originOf,
  renderingOf,
} from "../machine-answers.ts";
import { renderings } from "../renderings.ts";
import type { Rendering } from "../renderings.ts";
import { latestIncidents } from "./latest.ts";
import type { Latest } from "./latest.ts";
import { DOCUMENTS, statuspageDocument } from "./statuspage.ts";
import type { DocumentName, NotKnown } from "./statuspage.ts";

/** As others keep theirs; clients of this API poll once a minute. */
const CACHED_STATUSPAGE = "public, max-age=30, stale-while-revalidate=60";

class NotThere extends Error {
  override readonly name = "NotThere";
  readonly what: NotKnown;
  constructor(what: NotKnown) {
    super(what);
    this.what = what;
  }
}

export function statuspagePages(door: PageDoor): Hono<PageEnv> {
  const { now, report, config, incidents } = door;
  const readLatest = latestIncidents(incidents, now, report);
  const rendered = renderings();
  const app = new Hono<PageEnv>({ strict: false });

  async function given(c: PageContext, name: DocumentName): Promise<Response> {
    const shown = await door.front(c);
    if (shown.kind === "unreadable") return answerTrouble(503, "database_unreadable");
    const { front } = shown;
    const latest: Latest | null = name === "incidents" ? await readLatest(c.env) : null;
    const stale = shown.kind === "stale" || (latest?.stale ?? false);
    const at = now();
    const origin = originOf(c, door);
    const language = languageOfPath(c, door);
    const key = [name, origin, latest?.readAt ?? ""].join(" ");
    const make = (): Rendering => {
      const list = latest?.incidents ?? null;
      const made = statuspageDocument(name, { front, stale, config, origin, language, now: at, latest: list });
      if (typeof made === "string") throw new NotThere(made);
      return renderingOf(JSON.stringify(made));
    };
    const headers = machineHeaders("application/json; charset=utf-8", CACHED_STATUSPAGE);
    return answerText(c, rendered({ key, front, stale, now: at }, make), headers, stale);
  }

  for (const name of DOCUMENTS) {
    app.get(`/api/v2/${name}.json`, async (c) => {
      try {
        return await given(c, name);
      } catch (error) {
        if (error instanceof NotThere) return answerTrouble(503, error.what);
        if (!(error instanceof IncidentsUnreadable)) throw error;
        report(error);
        return answerTrouble(503, "incidents_unreadable");
      }
    });
  }
  app.get("/api/v2/*", () => answerTrouble(404, "not_found"));
  return app;
}
