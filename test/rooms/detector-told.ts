// Reads timelines: what a region's rounds were, and what the detector says to each. Rounds are counts and signs (`16.4x`: sixteen good
// ones, then four lost; `o`: late; `c 3x`: a confirm round; `! platform`: unfit; `-`: nothing came, and the clock was told; `~`: nothing
// came, and nobody looked; `30* 20.`: that thirty times). What is said: the states it went through, or the one that it stays in; `ask 3`:
// three confirm rounds are wanted; what began and ended when, in seconds, and how many were bad or late. Used by detector.test.ts.

import { advance, tick } from "../../workers/incidents/detector.ts";
import type { Advanced, DetectorSettings } from "../../workers/incidents/detector.ts";
import type { Change, DetectorState } from "../../workers/incidents/detection.ts";
import { newDetector } from "../../workers/incidents/detection.ts";
import type { Signal } from "../../workers/incidents/signal.ts";
import { NOON, signal, upDetector } from "./detector-world.ts";

export const BURST: DetectorSettings = { messages: 20, everyMs: 60_000 };
export const SMALL: DetectorSettings = { messages: 4, everyMs: 10_000 };
export const SPREAD: DetectorSettings = { messages: 1, everyMs: 3_000 };

/** What is said to each line, the first round being at 0 s. `fresh`: nothing was ever measured before. */
export function told(settings: DetectorSettings, happens: readonly string[], fresh = false): string[] {
  let state = fresh ? newDetector(NOON) : upDetector(settings, NOON);
  let slotAt = NOON - settings.everyMs;
  let confirms = 0;
  return happens.map((line) => {
    const [, times = "1", what = ""] = /^(?:(\d+)\* )?(.*)$/.exec(line) ?? [];
    const changes: Change[] = [];
    for (let nth = 0; nth < Number(times); nth++) {
      confirms = what.startsWith("c ") ? confirms + 1 : 0;
      if (confirms === 0) slotAt += settings.everyMs;
      if (what === "~") continue;
      const advanced = after(state, what, confirms === 0 ? slotAt : slotAt + confirms * 8_000, settings);
      state = advanced.state;
      changes.push(...advanced.changes);
    }
    return [pathOf(state, changes), ...changes.flatMap(wordsOf)].join(", ");
  });
}

function after(state: DetectorState, what: string, at: number, settings: DetectorSettings): Advanced {
  if (what === "-") return tick(state, at + settings.everyMs, settings);
  const unfit = what.startsWith("! ") ? (what.slice(2) as Signal["unfit"]) : null;
  const confirm = what.startsWith("c ");
  const signs = unfit === null ? signsOf(confirm ? what.slice(2) : what) : ".".repeat(settings.messages);
  return advance(state, signal({ slotAt: at, signs, unfit, confirm, gapMs: confirm ? 1_000 : 50 }), settings);
}

function signsOf(counts: string): string {
  return counts.replaceAll(/(\d+)([.ox])/g, (_, count: string, sign: string) => sign.repeat(Number(count)));
}

/** Each state that it came to on the way, and the one it is in now. */
function pathOf(state: DetectorState, changes: readonly Change[]): string {
  const path = changes.flatMap((change) => (change.kind === "state" ? [change.to] : []));
  return path.length === 0 ? state.state : path.join(" > ");
}

function wordsOf(change: Change): string[] {
  const seconds = (at: number | null): string => `${((at ?? Number.NaN) - NOON) / 1_000} s`;
  switch (change.kind) {
    case "state":
      return [];
    case "confirm":
      return [`ask ${change.rounds}`];
    case "flapping":
      return [change.on ? "flapping" : "flaps no more"];
    case "opened":
      return [`${change.of} from ${seconds(change.episode.startedAt)}`];
    case "closed": {
      const { endedAt, bad, late, attempted } = change.episode;
      return [`${change.of} to ${seconds(endedAt)}: ${bad + late} of ${attempted}`];
    }
  }
}
