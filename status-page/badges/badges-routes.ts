// The routes of badges, as SVG and as the JSON that shields.io reads: of all targets, and of one. Mounted by app.tsx; they cost the front
// row. The answer is always 200, since who shows a picture shows none for an error: what is wrong stands in the badge.

import { Hono } from "hono";

import type { PageContext, PageDoor, PageEnv } from "../door.ts";
import type { Front } from "../front.ts";
import { CACHED } from "../headers.ts";
import { answerText, isTarget, languageOfPath, machineHeaders, renderingOf } from "../machine-answers.ts";
import { feedWordsOf, wordsOf } from "../words/languages.ts";
import { badgeJson, badgeSvg } from "./badge-svg.tsx";
import { SHOWS, badgeOf, faultBadge } from "./badge.ts";
import type { Badge, Show } from "./badge.ts";

const FORMATS = [
  ["badge.svg", "image/svg+xml; charset=utf-8"],
  ["badge.json", "application/json; charset=utf-8"],
] as const;
/** Of what is wrong: it may be right the next time. */
const FAULT_CACHED = "public, max-age=5";

export function badgePages(door: PageDoor): Hono<PageEnv> {
  const app = new Hono<PageEnv>({ strict: false });
  for (const base of ["", ...door.languages.map((language) => `/${language}`)]) {
    for (const [file, type] of FORMATS) {
      const isSvg = file === "badge.svg";
      app.get(`${base}/${file}`, (c) => badge(c, door, null, isSvg, type));
      app.get(`${base}/targets/:target/${file}`, (c) => badge(c, door, c.req.param("target") ?? "", isSvg, type));
    }
  }
  return app;
}

async function badge(
  c: PageContext,
  door: PageDoor,
  target: string | null,
  isSvg: boolean,
  type: string,
): Promise<Response> {
  const words = wordsOf(languageOfPath(c, door));
  const shown = await door.front(c);
  const made = shown.kind === "unreadable" ? fault(c, door, "unreadable") : judged(c, door, target, shown.front);
  const headers = machineHeaders(type, made.isError ? FAULT_CACHED : CACHED);
  headers.set("content-language", words.tag);
  const text = isSvg ? badgeSvg(made, words.tag) : badgeJson(made);
  return answerText(c, renderingOf(text), headers, shown.kind === "stale");
}

const badged = (c: PageContext, door: PageDoor) => {
  const language = languageOfPath(c, door);
  const words = wordsOf(language);
  return { words, said: feedWordsOf(language), label: c.req.query("label") ?? null, now: door.now() };
};

const fault = (c: PageContext, door: PageDoor, which: "target" | "region" | "show" | "unreadable"): Badge =>
  faultBadge(which, badged(c, door));

function judged(c: PageContext, door: PageDoor, target: string | null, front: Front | null): Badge {
  const asked = c.req.query("show") ?? "status";
  const show = SHOWS.find((one): one is Show => one === asked);
  if (show === undefined) return fault(c, door, "show");
  const all = front?.snapshots ?? [];
  const own = target === null ? all : all.filter((snapshot) => snapshot.target === target);
  if (target !== null && own.length === 0 && !isTarget(target, door)) return fault(c, door, "target");
  const region = c.req.query("region") ?? null;
  const found = badgeOf(show, own, region, badged(c, door));
  if (found !== null) return found;
  // A region that is configured exists before anything was measured there.
  const isKnown = door.config?.regions.some((one) => one.id === region) ?? false;
  return isKnown ? (badgeOf(show, [], null, badged(c, door)) ?? fault(c, door, "region")) : fault(c, door, "region");
}
