// A target's journeys: those that it writes, or those that its scene brings. Called by `targets.ts`; what one journey may hold is read
// by `journey-fields.ts`.

import type { JourneyPlan } from "./config.ts";
import type { Scene } from "./contracts/preset-names.ts";
import { PRESETS } from "./contracts/presets.ts";
import { type AroundJourneys, readJourneys } from "./journey-fields.ts";
import { plainOf, type Plain } from "./plain.ts";
import { newReport, type Path, type Report } from "./problems.ts";

/** Own journeys win over the scene's, but must have each of them: a scene is judged by all it brings. `path`: of the target. */
export function readJourneysOf(
  written: { readonly journeys: Plain; readonly scene: Scene | undefined },
  path: Path,
  around: AroundJourneys,
  report: Report,
): readonly JourneyPlan[] {
  const { scene } = written;
  const entry = [...path, "journeys"];
  if (scene === undefined) return readJourneys(written.journeys, entry, around, report);
  const brought = plainOf(PRESETS[scene].journeys, newReport());
  if (written.journeys === undefined) {
    // What is wrong with them, here, is wrong with the choice of the scene.
    const atScene: Report = { ...report, add: (_, __, refusal) => report.add([...path, "scene"], scene, refusal) };
    return readJourneys(brought, entry, around, atScene);
  }
  const plans = readJourneys(written.journeys, entry, around, report);
  const needed = readJourneys(brought, entry, { ...around, canReceive: true }, newReport());
  const missing = needed.map(({ journey }) => journey).filter((one) => !plans.some(({ journey }) => journey === one));
  // Journeys that were refused are judged once they are mended.
  if (plans.length === 0 || missing.length === 0) return plans;
  report.add([...path, "scene"], scene, {
    problem: `needs ${missing.join(" and ")}, and this target's own journeys leave it out`,
    mend: `write journeys: [..., ${missing.map((journey) => `"${journey}"`).join(", ")}], or leave journeys to the scene`,
  });
  return plans;
}
