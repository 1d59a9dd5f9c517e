// From a front row to the bytes of a page. Pure: the present is an argument. Called by app.tsx, which keeps what this
// makes for as long as it stays true.
/* @jsxImportSource ./jsx */

import { boardViews } from "./board-view.ts";
import type { Front, FrontParts } from "./front.ts";
import { newsView, placesOf } from "./front-view.ts";
import { EDITION } from "./headers.ts";
import { stamp } from "./instants.ts";
import { toUtf8 } from "./jsx/jsx-runtime.ts";
import { PlainPage } from "./pages/plain.tsx";
import { StatusPage } from "./pages/status.tsx";
import type { Frame } from "./parts/layout.tsx";
import type { Rendering } from "./renderings.ts";
import { pageView } from "./view.ts";
import type { Onward } from "./view.ts";
import { frontSaidOf } from "./words/languages.ts";
import type { Words } from "./words/words.ts";

/** The pages that say one thing. */
export type Said = "nothingYet" | "notFound" | "unreadable" | "broken";

export interface StatusInput {
  readonly frame: Frame;
  readonly onward: Onward;
  /** Null: the database was read, and nothing has been measured yet. */
  readonly front: Front | null;
  /** One target's own page; null for the front page. */
  readonly target: string | null;
  /** The database could not be read: these are the last good figures. */
  readonly stale: boolean;
  readonly now: number;
}

/** The address of a page without its language. */
export function pathOf(target: string | null): string {
  return target === null ? "" : `/targets/${encodeURIComponent(target)}`;
}

/** Weak: equal tags mean equal news, though the age in words may differ by less than a minute. */
export function etagOf(front: Front | null, ...parts: readonly (string | number | boolean)[]): string {
  return `W/"${[EDITION, (front?.row.composedAt ?? 0).toString(36), ...parts].join("-")}"`;
}

/** No component of these pages is asynchronous, so the string is there at once. */
export function toBytes(page: { toString(): string | Promise<string> }): Uint8Array {
  return toUtf8(`<!doctype html>${page.toString() as string}`);
}

/** A page that says one thing. */
export function renderPlain(frame: Frame, said: Said, notice: string | null): Uint8Array {
  const { words } = frame;
  const texts: Readonly<Record<Said, readonly [string, string]>> = {
    nothingYet: [words.nothingYet, words.nothingYetMore],
    notFound: [words.notFound, words.notFoundMore],
    unreadable: [words.unreadable, words.unreadableMore],
    broken: [words.broken, words.brokenMore],
  };
  const [sentence, more] = texts[said];
  return toBytes(<PlainPage {...frame} sentence={sentence} more={more} notice={notice} />);
}

/** A page with figures; or the one that says that there are none yet. */
export function renderStatus({ frame, onward, front, target, stale, now }: StatusInput): Rendering {
  const { words, zone } = frame;
  const all = front?.snapshots ?? [];
  const wanted = target === null ? all : all.filter((snapshot) => snapshot.target === target);
  const view = pageView(wanted, now, words, {
    target: (id) => `/${words.language}${pathOf(id)}`,
    region: (id, region) =>
      onward.regions ? `/${words.language}${pathOf(id)}/regions/${encodeURIComponent(region)}` : null,
    zone: frame.zoneChosen === true ? zone : null,
  });
  const notice = stale ? noticeOf(front, words) : null;
  if (view === null) {
    const bytes = renderPlain(frame, "nothingYet", notice);
    return { bytes, etag: etagOf(front, words.language, "empty", stale) };
  }
  const said = frontSaidOf(words.language);
  const targets = wanted.map((snapshot) => snapshot.target);
  const parts = front?.parts ?? NO_PARTS;
  const telling = { words, places: placesOf(wanted, zone), now, zone, ...said };
  const page = (
    <StatusPage
      {...frame}
      view={view}
      news={newsView(parts, targets, { ...telling, said: said.incident })}
      boards={boardViews(parts.boards, targets, { words, zone, ...said })}
      boardsCut={parts.leftOut.some((key) => key.startsWith("board/"))}
      said={said}
      onward={onward}
      notice={notice}
      back={target !== null && all.length > 1}
    />
  );
  // A region that falls silent changes the page though no new row came; so does a minute of age.
  const age = Math.floor((now - view.composedAt) / 60_000);
  return { bytes: toBytes(page), etag: etagOf(front, words.language, view.judged, age, stale) };
}

const NO_PARTS: FrontParts = { incidents: new Map(), maintenance: new Map(), boards: [], leftOut: [] };

function noticeOf(front: Front | null, words: Words): string {
  if (front === null) return words.databaseAwayEmpty;
  return words.databaseAway(stamp(front.row.composedAt, front.snapshots[0]?.time_zone ?? "UTC"));
}
