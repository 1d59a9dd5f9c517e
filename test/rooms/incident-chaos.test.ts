// Aim: whatever regions show and people do, the laws of incidents hold, and when all is good for long enough each one ends. Method: seeded
// chaos; after each look the world checks that it is decided once, that no region is in two open incidents of a kind, that at most one is
// global, and that blindness is the keepers'. World: incident-world.ts.

import { expect, test } from "vitest";
import type { Act } from "../../workers/incidents/acts.ts";
import { between, mulberry32, oneOf } from "../random.ts";
import { act, MIN, T0, World } from "./incident-world.ts";

test("seeded chaos: regions and people in any order, and when all is good it ends", () => {
  const counts = { looks: 0, incidents: 0, globals: 0, merged: 0, reopened: 0, acts: 0, refused: 0 };
  for (let seed = 1; seed <= 80; seed++) {
    const random = mulberry32(seed);
    const size = between(random, 1, 6);
    const world = new World([..."abcdef"].slice(0, size), seed % 2 === 0);
    let at = T0;
    let signs = ".".repeat(size);
    for (let step = 0; step < 50; step++) {
      at += between(random, 1, 12) * 30_000;
      signs = [...signs].map((sign) => (random() < 0.35 ? oneOf(random, [..."....xxxfF~~??-"]) : sign)).join("");
      world.show(signs, at);
      world.look(at);
      counts.looks += 1;
      if (random() < 0.3 && world.kept.length > 0) {
        const all = world.all();
        const { id } = oneOf(random, all);
        const what = randomAct(random, oneOf(random, all));
        if (act(world, what, at, id)) counts.acts += 1;
        else counts.refused += 1;
      }
    }
    const isByWord = new Set(world.kept.filter(({ change }) => change.kind === "reopened" && change.region === null));
    for (const minutes of [1, 31, 62]) {
      world.show(".".repeat(size), at + minutes * MIN);
      world.look(at + minutes * MIN);
    }
    for (const incident of world.all()) {
      const isHeld = [...isByWord].some((event) => event.incident === incident.id) && incident.badRegions.length === 0;
      const isOver = incident.state === "resolved" || incident.state === "merged";
      expect(isOver || (isHeld && incident.state === "open"), `seed ${seed}: ${incident.id} ${incident.state}`).toBe(
        true,
      );
      if (incident.impactEnd !== null) expect(incident.impactEnd).toBeGreaterThanOrEqual(incident.impactStart);
      counts.incidents += 1;
      counts.globals += incident.scope === "global" ? 1 : 0;
      counts.merged += incident.state === "merged" ? 1 : 0;
      counts.reopened += incident.reopened;
    }
  }
  console.log(JSON.stringify(counts));
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(50);
});

function randomAct(random: () => number, into: ReturnType<World["incident"]>): Act {
  const note = "Seen.";
  return oneOf<Act>(random, [
    { kind: "acknowledge", note },
    { kind: "publish", statement: "monitoring", text: { en: note } },
    { kind: "note", note },
    { kind: "resolve", note, force: random() < 0.5 },
    { kind: "reopen", note },
    { kind: "merge", into },
    { kind: "postmortem", text: { zh: "学到了。" } },
  ]);
}
