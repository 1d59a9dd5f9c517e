// Aim: nothing on the SLA board lies over anything else, whatever its width. Method: every kind of objective with its longest words, in
// both languages, in a real browser; each cell is asked whether its content is wider than itself.

import { expect, it } from "vitest";

import { launchChromium } from "../chromium.ts";
import { frontRow, healthy, NOW } from "./fixtures.ts";
import { boardObjective, boardPart } from "./part-fixtures.ts";
import { serve } from "./serve.ts";

it("fits its cells from phone to wide screen", { timeout: 120_000 }, async () => {
  const region = { id: "weur", label: { en: "Western Europe", zh: "西欧" }, of: 7 };
  const proof = { grade: "proven_breached", low: null, high: null, coverage: null } as const;
  const objectives = [
    boardObjective({ region, coverage: 0.0001 }),
    boardObjective({ id: "delivery", kind: "ratio", target: 0.9999, ...proof }),
    boardObjective({ id: "p99", kind: "quantile", target: 0.99, limit_ms: 200, direction: "delivery", ...proof }),
  ];
  const served = await serve(async () => frontRow([healthy()], NOW - 2_000, [boardPart({ objectives })]));
  const browser = await launchChromium();
  try {
    for (const language of ["en", "zh"]) {
      for (const width of [390, 640, 768, 1280, 2560]) {
        const page = await browser.newPage({ viewport: { width, height: 900 } });
        await page.goto(`${served.url}/${language}`);
        const [cells, over] = await page.evaluate<[number, string[]]>(`(() => {
          const all = [...document.querySelectorAll(".board th, .board td")];
          return [all.length, all.filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.textContent)];
        })()`);
        expect([language, width, cells, over]).toEqual([language, width, 24, []]);
        await page.close();
      }
    }
  } finally {
    await browser.close();
    await served.close();
  }
});
