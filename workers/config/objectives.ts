// Reads `objectives`: what the page holds the service to. Sees that thresholds are in order and that the limit which
// makes a message late is always counted. Called by `parse.ts`; `targets.ts` compares deadlines with the result.

import * as z from "zod";
import type { Objectives } from "./config.ts";
import { duration, durationSchema, durationText } from "./durations.ts";
import { field, readFields, share } from "./fields.ts";
import type { Plain } from "./plain.ts";
import type { Path, Report } from "./problems.ts";

/** Each limit is one more count in every minute record that is kept. */
export const LIMITS_MAX = 6;
const LIMIT_MS_MAX = 600_000;
const LIMITS_DEFAULT = ["200ms", "600ms"];

/** What could be read; undefined: bad, and reported. */
export type ObjectivesRead = { readonly [K in keyof Objectives]: Objectives[K] | undefined };

const OBJECTIVE_FIELDS = {
  availability: share(0.999, "availability: .999", "below one"),
  delivery: share(0.9999, "delivery: .9999", "below one"),
  latencyP99: duration(1, LIMIT_MS_MAX, "200ms", "latencyP99"),
  connectP99: duration(1, LIMIT_MS_MAX, "600ms", "connectP99"),
  downShare: share(0.2, "downShare: .2", "one included"),
  degradedShare: share(0.1, "degradedShare: .1", "one included"),
  limits: field(
    z.array(durationSchema(1, LIMIT_MS_MAX, '"200ms"')).prefault(LIMITS_DEFAULT),
    'limits: ["200ms", "600ms"]',
  ),
};

/** Reads all objectives; what is absent has its default. */
export function readObjectives(value: Plain, path: Path, report: Report): ObjectivesRead {
  const read = readFields(OBJECTIVE_FIELDS, value === undefined ? {} : value, path, report);
  const { downShare, degradedShare } = read;
  if (downShare !== undefined && degradedShare !== undefined && degradedShare > downShare) {
    report.add([...path, "degradedShare"], degradedShare, {
      problem: `is above downShare (${downShare}): a minute would be down before it is degraded`,
      mend: `write degradedShare: ${downShare} or less`,
    });
  }
  return {
    availability: read.availability,
    delivery: read.delivery,
    latencyMsP99: read.latencyP99,
    connectMsP99: read.connectP99,
    downShare,
    degradedShare,
    limitsMs: limitsWith(read.latencyP99, read.limits, [...path, "limits"], report),
  };
}

function limitsWith(p99Ms: number | undefined, limits: readonly number[] | undefined, path: Path, report: Report) {
  if (limits === undefined) return undefined;
  limits.forEach((limitMs, index) => {
    const before = limits[index - 1];
    if (before === undefined || before < limitMs) return;
    const sorted = [...new Set(limits)].sort((a, b) => a - b).map((ms) => `"${durationText(ms)}"`);
    report.add([...path, index], durationText(limitMs), {
      problem: before === limitMs ? "stands here twice" : `comes after ${durationText(before)}, which is larger`,
      mend:
        sorted.length <= LIMITS_MAX ? `write limits: [${sorted.join(", ")}]` : "write the limits in ascending order",
    });
  });
  const all = new Set(p99Ms === undefined ? limits : [...limits, p99Ms]);
  if (all.size > LIMITS_MAX) {
    report.add(path, limits, {
      problem: `makes ${all.size} limits, latencyP99 included`,
      mend: `write at most ${LIMITS_MAX}: each is one more count in every minute that is kept`,
    });
  }
  return [...all].sort((a, b) => a - b);
}
