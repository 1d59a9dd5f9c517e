// Aim: how long incidents took is told from what is known; what is unknown is counted apart, and what is no incident of its own is left
// out. Method: incidents by hand with their times in minutes, and the summaries worked out on paper.

import { expect, test } from "vitest";
import type { Incident } from "../../workers/incidents/incident.ts";
import { incidentOf } from "../../workers/incidents/life.ts";
import { summaryOfTimes, timesOf } from "../../workers/incidents/times.ts";
import type { TimedIncident, TimesSummary } from "../../workers/incidents/times.ts";
import { durationResult } from "../../workers/sla/durations.ts";
import { MIN, T0 } from "./incident-world.ts";

const opened = { kind: "opened", of: "outage", audience: "service", severity: "error", scope: "region" } as const;
const change = { ...opened, regions: ["a"], about: null, sentence: { en: "", zh: "" }, drill: false };
const event = { incident: "chat-1", number: 1, key: "k", at: T0, recordedAt: T0, author: "sonde", change };
const plain = incidentOf("chat", [event]);
const after = (minutes: number | null): number | null => (minutes === null ? null : T0 + minutes * MIN);

/** Minutes after the first bad message; null: not known. */
function timed(
  [detected, notified, acked, restored, resolved, published]: readonly (number | null)[],
  own: Partial<Incident> = {},
): TimedIncident {
  const incident = {
    ...plain,
    detected: T0 + (detected ?? 0) * MIN,
    firstAckedAt: after(acked ?? null),
    impactEnd: after(restored ?? null),
    resolvedAt: after(resolved ?? null),
    publishedAt: after(published ?? null),
    ...own,
  };
  return { incident, notifiedAt: after(notified ?? null) };
}

/** n, unknown, median, max; in minutes. */
function inMinutes({ incidents, ...rest }: TimesSummary) {
  const rows = Object.entries(rest).map(([name, { n, unknown, medianMs, maxMs }]) => {
    return [name, [n, unknown, medianMs === null ? null : medianMs / MIN, maxMs === null ? null : maxMs / MIN]];
  });
  return { incidents, ...Object.fromEntries(rows) };
}

test("what an objective about times is judged by", () => {
  const { incident, notifiedAt } = timed([2, 3, 8, 25, 60, 9]);
  const [detected, notified, acked, impactEnd] = [2, 3, 8, 25].map(after);
  expect(timesOf(incident, notifiedAt)).toEqual({
    impactStart: T0,
    detected,
    notified,
    acked,
    impactEnd,
    drill: false,
  });
  const objective = { id: "ack", kind: "duration", of: "ack", limitMs: 5 * MIN, stat: "max" } as const;
  expect(durationResult(objective, [timesOf(incident, notifiedAt)], true)).toMatchObject({
    value_ms: 5 * MIN,
    verdict: "met",
  });
  expect(durationResult(objective, [timesOf(incident, null)], true)).toMatchObject({ incidents: 1, known: 0 });
});

test.each<[string, readonly TimedIncident[], object]>([
  [
    "none",
    [],
    {
      incidents: 0,
      detect: [0, 0, null, null],
      acknowledge: [0, 0, null, null],
      restore: [0, 0, null, null],
      resolve: [0, 0, null, null],
      publish: [0, 0, null, null],
    },
  ],
  [
    "one that goes on, and that nobody has looked at",
    [timed([2, 3, null, null, null, null])],
    {
      incidents: 1,
      detect: [1, 0, 2, 2],
      acknowledge: [0, 1, null, null],
      restore: [0, 1, null, null],
      resolve: [0, 1, null, null],
      publish: [0, 1, null, null],
    },
  ],
  [
    "three: the middle one, not the mean",
    [timed([1, 2, 4, 10, 40, 5]), timed([2, 3, 4, 11, 41, null]), timed([9, null, 12, 500, 530, 30])],
    {
      incidents: 3,
      detect: [3, 0, 2, 9],
      acknowledge: [2, 1, 1.5, 2],
      restore: [3, 0, 11, 500],
      resolve: [3, 0, 41, 530],
      publish: [2, 1, 17.5, 30],
    },
  ],
  [
    "drills and merged ones are left out; acknowledged before the page arrived is 0",
    [
      timed([1, 5, 4, 10, 40, 5]),
      timed([99, 99, 999, 999, 999, 99], { drill: true }),
      timed([50], { state: "merged" }),
    ],
    {
      incidents: 1,
      detect: [1, 0, 1, 1],
      acknowledge: [1, 0, 0, 0],
      restore: [1, 0, 10, 10],
      resolve: [1, 0, 40, 40],
      publish: [1, 0, 5, 5],
    },
  ],
])("summary of %s", (_, list, expected) => {
  expect(inMinutes(summaryOfTimes(list))).toEqual(expected);
});
