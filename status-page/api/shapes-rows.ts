// What our API answers with from history, as schemas: series, and their minutes, hours, days and months as they were written. Pure; owns
// names, units and meanings of fields. Called by routes.ts, streams.ts and raw.store.ts.

import { z } from "zod";

import { FAILURE_KINDS, JOURNEYS, OK_MEANINGS, PHASES, UNFIT_REASONS, UNITS } from "../../schema/words.ts";
import { LATENCY, at, count, ms, named, oddities, outcomes } from "./fields.ts";

export const SERIES = named(
  "series",
  z.object({
    id: z.int().describe("Never used again for anything else"),
    target: z.string(),
    region: z.string(),
    journey: z.string().describe(`One of ${JOURNEYS.join(", ")}`),
    peer: z.string().describe('The other region of `mesh`; "" in all others'),
    unit: z.string().describe(`What its counts count: ${UNITS.join(", ")}`),
    ok_means: z.string().describe(`What \`ok\` proves: ${OK_MEANINGS.join(", ")}`),
    measured_since: at("Begin of the first schedule; null: it was never scheduled").nullable(),
    measured_until: at("End of the last schedule; null: it is still measured, or never was").nullable(),
    schedules: z
      .array(z.object({ from: at("Begin"), to: at("End; null: it lasts").nullable(), every_ms: ms("A round each") }))
      .describe("When it was due. A minute that was due and has no row is unmeasured, never zero"),
  }),
);
export type SeriesAnswer = z.infer<typeof SERIES>;

const row = {
  from: at("Begin"),
  to: at("End, not part of it"),
  scheduled: count("Due by the schedule: ok + lost + error + not_sent"),
  ...outcomes,
  connect_fail: count("Of `error`: because there was no connection"),
  ...oddities,
  foreign: count("Came and were not ours"),
  after_deadline: count("Came when they were counted as lost already"),
  latency_ms_max: ms("Largest delivered; null: none was").nullable(),
  lag_ms_max: ms("Latest start of a round, after its slot"),
  heard: count("`mesh`: questions that the peer says it heard; null in all others").nullable(),
  reconnects: count("`dialogue`: sessions opened anew"),
};

const histograms = {
  latency: LATENCY.optional().describe("With `latency=true` only"),
  connect: LATENCY.optional().describe("With `latency=true` only"),
};

export const MINUTE = named(
  "minute",
  z.object({
    ...row,
    slots: count("Slots by the schedule"),
    rounds: count("Rounds that came"),
    revision: count("Grows when rounds came late"),
    config: count("Number of the configuration that made it"),
    unfit: z.enum(UNFIT_REASONS).describe("`none`: it was fit. Else the minute proves nothing: it is unmeasured"),
    place: z.string().describe("Where it was measured from, as observed"),
    queued_ms_max: ms("Longest that a message waited to be written"),
    after_deadline_ms_max: ms("Latest of those that came after the deadline"),
    over: z.array(z.object({ limit_ms: ms("Limit"), count: count("Delivered later than that") })),
    failures: z.array(z.object({ phase: z.enum(PHASES), kind: z.enum(FAILURE_KINDS), count: count("Refused") })),
    loss_runs: z
      .array(
        z.object({
          length: count("Messages lost one after the other"),
          first_bad_at: at("The first lost one was sent"),
          next_good_at: at("The next good one was sent; null: not in this minute").nullable(),
        }),
      )
      .nullable()
      .describe("Null: there are too many to be listed here"),
    ...histograms,
  }),
);

const rollup = {
  ...row,
  minutes_up: count("Minutes"),
  minutes_degraded: count("Minutes"),
  minutes_down: count("Minutes"),
  minutes_unmeasured: count("Minutes recorded as unmeasured; silent ones have no record and are not in here"),
  over: z.array(
    z.object({
      limit_ms: ms("Limit"),
      count: count("Delivered later than that"),
      of: count("Delivered and held against it"),
    }),
  ),
  ...histograms,
};

const HOUR_MINUTE = z.object({
  from: at("Begin"),
  scheduled: count("Due by the schedule: ok + lost + error + not_sent"),
  ok: count("Delivered by the deadline"),
  lost: count("Sent, and not delivered by the deadline"),
  error: count("Refused, or without a session"),
  not_sent: count("Due, and not sent on the fleet's own account: proves nothing"),
  connect_fail: count("Of `error`: because there was no connection"),
  over: z.array(z.object({ limit_ms: ms("Limit"), count: count("Delivered later than that") })),
  unfit: z.enum(UNFIT_REASONS).describe("`none`: it was fit. Else the minute proves nothing: it is unmeasured"),
  revision: count("Grows when rounds came late"),
});

export const HOUR = named(
  "hour",
  z.object({
    ...rollup,
    minutes: z
      .array(HOUR_MINUTE)
      .optional()
      .describe("With `minutes=true` only: what each minute of it counted, as long as hours are kept"),
  }),
);
const CALENDAR = z.object({ ...rollup, zone: z.string().describe("IANA zone in which it begins and ends") });
export const DAY = named("day", CALENDAR);
export const MONTH = named("month", z.object(CALENDAR.shape));

export type MinuteAnswer = z.infer<typeof MINUTE>;
export type HourAnswer = z.infer<typeof HOUR>;
export type CalendarAnswer = z.infer<typeof DAY>;
export type RowAnswer = MinuteAnswer | HourAnswer | CalendarAnswer;
