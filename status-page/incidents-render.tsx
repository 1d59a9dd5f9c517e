// From incidents to the bytes of a page or of its JSON. Pure: the present is an argument. Called by incidents-routes.tsx.

import { createHash } from "node:crypto";

import { storyView } from "./incident-story.ts";
import { listJson, storyJson } from "./incidents-json.ts";
import type { Remembered } from "./incidents-memory.ts";
import { listView, pathOfIncident } from "./incidents-view.ts";
import type { Telling } from "./incidents-view.ts";
import type { IncidentList, IncidentStory } from "./incidents.ts";
import { stamp } from "./instants.ts";
import { IncidentPage } from "./pages/incident.tsx";
import { IncidentsPage } from "./pages/incidents.tsx";
import type { Frame } from "./parts/layout.tsx";
import { toBytes } from "./render.tsx";
import type { Rendering } from "./renderings.ts";

// Of the bytes themselves: what an open incident says changes with the minute.
function rendering(bytes: Uint8Array, kind: string): Rendering {
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 24);
  return { bytes, etag: `W/"${kind}-${digest}"` };
}

/** What must be said first where the database is away: since when this may be old. */
function noticeOf({ stale, readAt }: Remembered<unknown>, { words, said, places, now }: Telling): string | null {
  return stale ? said.away(stamp(readAt, places.timeZone), words.ago(now - readAt)) : null;
}

/** A page of the list. `before`: as it was asked for. */
export function renderIncidents(
  frame: Frame,
  found: Remembered<IncidentList>,
  before: number | null,
  telling: Telling,
): Rendering {
  const { said, words } = telling;
  const { olderBefore } = found.value;
  const page = (
    <IncidentsPage
      {...frame}
      view={listView(found.value, before === null, telling)}
      said={said}
      notice={noticeOf(found, telling)}
      older={olderBefore === null ? null : `/${words.language}/incidents?before=${olderBefore}`}
      later={before !== null}
      json={`/incidents.json${before === null ? "" : `?before=${before}`}`}
    />
  );
  return rendering(toBytes(page), words.language);
}

/** The page of one incident. */
export function renderIncident(frame: Frame, found: Remembered<IncidentStory>, telling: Telling): Rendering {
  const page = (
    <IncidentPage
      {...frame}
      view={storyView(found.value, telling)}
      said={telling.said}
      notice={noticeOf(found, telling)}
      json={`${pathOfIncident(found.value.incident.id)}.json`}
    />
  );
  return rendering(toBytes(page), telling.words.language);
}

const bytesOf = (json: string): Uint8Array => new TextEncoder().encode(json);

export const listFile = (list: IncidentList): Rendering => rendering(bytesOf(listJson(list)), "json");
export const storyFile = (story: IncidentStory): Rendering => rendering(bytesOf(storyJson(story)), "json");
