// The routes of the feeds and of the maintenance calendar, without a language and with each. Mounted by app.tsx. The feeds cost the newest
// fifty incidents of what was asked for, the calendar the front row. A failed read is the last good file, marked, or a 503, and never an empty one.

import { Hono } from "hono";

import { recordsOf } from "../compat/statuspage-maintenance.ts";
import { latestIncidents } from "../compat/latest.ts";
import type { PageContext, PageDoor, PageEnv } from "../door.ts";
import type { Front } from "../front.ts";
import { CACHED } from "../headers.ts";
import { IncidentsUnreadable } from "../incidents.ts";
import { plainLabel } from "../labels.ts";
import {
  answerText,
  answerTrouble,
  isTarget,
  languageOfPath,
  machineHeaders,
  originOf,
  renderingOf,
} from "../machine-answers.ts";
import { renderings } from "../renderings.ts";
import { entriesOf } from "./entries.tsx";
import { feedFile } from "./feed-files.ts";
import { FEEDS } from "./feed-links.ts";
import type { FeedFormat } from "./feed-links.ts";
import { maintenanceCalendar } from "./maintenance-calendar.ts";

export function feedPages(door: PageDoor): Hono<PageEnv> {
  const { incidents, languages, report } = door;
  const app = new Hono<PageEnv>({ strict: false });
  const calendar = calendarAnswer(door);
  const feed = feedAnswer(door);
  for (const base of ["", ...languages.map((language) => `/${language}`)]) {
    app.get(`${base}/maintenance.ics`, (c) => calendar(c));
    // A feed that can never have an entry would say that all is well.
    if (incidents === null) continue;
    for (const [file, format, type] of FEEDS) {
      app.get(`${base}/${file}`, async (c) => {
        try {
          return await feed(c, format, `${type}; charset=utf-8`);
        } catch (error) {
          if (!(error instanceof IncidentsUnreadable)) throw error;
          report(error);
          return answerTrouble(503, "incidents_unreadable");
        }
      });
    }
  }
  return app;
}

/** `?target=`: null is all; undefined: there is no such one. */
function targetAsked(c: PageContext, door: PageDoor): string | null | undefined {
  const asked = c.req.query("target");
  if (asked === undefined) return null;
  return isTarget(asked, door) ? asked : undefined;
}

function feedAnswer(door: PageDoor): (c: PageContext, format: FeedFormat, type: string) => Promise<Response> {
  const { now, report, config, incidents, places } = door;
  const readLatest = latestIncidents(incidents, now, report);
  const rendered = renderings();
  return async (c, format, type) => {
    const target = targetAsked(c, door);
    if (target === undefined) return answerTrouble(404, "not_found");
    const latest = await readLatest(c.env, target);
    const origin = originOf(c, door);
    const language = languageOfPath(c, door);
    const site = { origin, language, places, name: plainLabel(config?.name, "Sonde"), target };
    const key = [format, origin, language, target ?? "", latest.readAt].join(" ");
    const rendering = rendered({ key, front: null, stale: latest.stale, now: now() }, () =>
      renderingOf(feedFile(format, entriesOf(latest.incidents, site), site)),
    );
    return answerText(c, rendering, machineHeaders(type, CACHED), latest.stale);
  };
}

function calendarAnswer(door: PageDoor): (c: PageContext) => Promise<Response> {
  const { now, config, places } = door;
  const rendered = renderings();
  return async (c) => {
    const target = targetAsked(c, door);
    if (target === undefined) return answerTrouble(404, "not_found");
    const shown = await door.front(c);
    if (shown.kind === "unreadable") return answerTrouble(503, "database_unreadable");
    const { front } = shown;
    if (lacksMaintenance(front, target)) return answerTrouble(503, "maintenance_unreadable");
    const stale = shown.kind === "stale";
    const at = now();
    const origin = originOf(c, door);
    const language = languageOfPath(c, door);
    const rendering = rendered({ key: [origin, language, target ?? ""].join(" "), front, stale, now: at }, () => {
      const parts = [...(front?.parts.maintenance.values() ?? [])];
      const records = parts.filter((part) => target === null || part.target === target).flatMap(recordsOf);
      const site = { origin, language, places, name: config?.name ?? "Sonde", now: at };
      return renderingOf(maintenanceCalendar(records, site));
    });
    return answerText(c, rendering, machineHeaders("text/calendar; charset=utf-8", CACHED), stale);
  };
}

function lacksMaintenance(front: Front | null, target: string | null): boolean {
  const keys = front?.parts.leftOut.filter((key) => key.startsWith("maintenance/")) ?? [];
  return target === null ? keys.length > 0 : keys.includes(`maintenance/${target}`);
}
