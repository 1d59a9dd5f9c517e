// Aim: after a deploy that changes the style or the script, no browser is told that the page it has is still the page. Method: the real
// app; ETags of every page that stands by what it tells and not by its bytes, against an edition computed anew from what is inline.

import { expect, it } from "vitest";

import { EDITION, editionOf } from "../../status-page/headers.ts";
import { SCRIPT } from "../../status-page/script.ts";
import { STYLE } from "../../status-page/style.ts";
import { MORE_STYLES } from "../../status-page/styles.ts";
import { WIDGET_STYLE } from "../../status-page/widget-style.ts";
import { frontRow, healthy } from "./fixtures.ts";
import { world } from "./world.ts";

it("is another one as soon as one character of one of them is", () => {
  const texts = [STYLE, SCRIPT, WIDGET_STYLE, ...Object.values(MORE_STYLES)];
  expect(EDITION).toBe(editionOf(texts));
  const others = texts.map((_, changed) => editionOf(texts.map((text, at) => (at === changed ? `${text} ` : text))));
  // What moves from the end of one to the begin of the next is a change, too.
  const moved = editionOf([STYLE.slice(0, -1), STYLE.slice(-1) + SCRIPT, ...texts.slice(2)]);
  expect(new Set([EDITION, moved, ...others]).size).toBe(texts.length + 2);
  expect(EDITION).toMatch(/^[\w-]{8}$/);
});

it("is in the ETag of each page that is not known by its bytes, and what stands inline there is part of it", async () => {
  let pages = 0;
  for (const row of [frontRow([healthy()]), null]) {
    for (const path of ["/", "/en", "/zh", "/targets/rtm", "/widget", "/card.svg"]) {
      const response = await world(row, { knownTargets: ["rtm"] }).get(path);
      expect(response.status, path).toBe(200);
      expect(response.headers.get("etag"), path).toContain(`W/"${EDITION}-`);
      const inline = [...(await response.text()).matchAll(/<(style|script)>(.*?)<\/\1>/gs)].map(([, , text]) => text);
      const known = new Set<string | undefined>([STYLE, SCRIPT, WIDGET_STYLE, ...Object.values(MORE_STYLES)]);
      expect(
        inline.filter((text) => !known.has(text)),
        path,
      ).toEqual([]);
      pages++;
    }
  }
  expect(pages).toBe(12);
});
