// What our API answers with about now, as schemas: the types of the code and the components of the OpenAPI document are both made from
// these. Pure; owns names, units and meanings of fields, and reads nothing. Instants are whole ms since the epoch. Called by
// routes.ts, and by those who compose answers.

import { z } from "zod";

import { DRIVERS, JOURNEYS, OK_MEANINGS, STATES, UNITS } from "../../schema/words.ts";
import { LATENCY, at, count, label, ms, named, oddities, outcomes } from "./fields.ts";

const state = z.enum(STATES).describe("`unmeasured` is neither up nor down: nothing is known");
const why = z.string().nullable().describe("Why nothing is known, in a word; null unless `unmeasured`");

const late = count("Over the SLA's latency limit; part of `ok`");

const period = {
  from: at("Begin"),
  to: at("End, not part of it"),
  minutes_expected: count("Minutes with a slot by the schedule, so far"),
  minutes_whole: count("The same for the whole calendar period, the minutes still to come included"),
  minutes_up: count("Minutes"),
  minutes_degraded: count("Minutes"),
  minutes_down: count("Minutes"),
  minutes_unmeasured: count("Minutes of which nothing is known: expected - up - degraded - down"),
  scheduled: count("Due by the schedule: ok + lost + error + not_sent"),
  ...outcomes,
  ...oddities,
  late,
  late_of: count("How many of `ok` were held against that limit; left out where all were").optional(),
  latency: LATENCY,
  connect: LATENCY,
};

const PERIOD = named("period_figures", z.object(period));

const RECENT = named(
  "recent_figures",
  z.object({
    from: at("Begin"),
    to: at("End"),
    rounds: count("Rounds"),
    attempted: count("ok + lost + error"),
    ...outcomes,
    late,
    latency: LATENCY,
    failure: z.string().nullable().describe('The most frequent failure, "connect: tcp"; null: nothing was refused'),
    lag_ms_max: ms("The longest that a round began behind its slot: our own lag").optional(),
    controls: z
      .object({ at: at("When"), asked: count("Independent endpoints asked"), answered: count("Of these, answered") })
      .nullable()
      .optional()
      .describe("The newest look of the prober at the world beside the service; null: none among these rounds"),
  }),
);

const JOURNEY_PERIOD = named(
  "journey_figures",
  z.object({
    ...period,
    reconnects: count("Sessions opened anew because the service ended one"),
    phases: z
      .object({ handshake: LATENCY, login: LATENCY })
      .nullable()
      .describe("Parts of `connect`, of that journey only"),
  }),
);

const seen = {
  state,
  why,
  last_slot_at: at("Begin of the newest recorded slot; null: none yet").nullable(),
  stale_after_ms: ms("Nothing newer for so long makes it `unmeasured`"),
  measured_since: at("Since when it is measured at all").nullable(),
  recent: RECENT.nullable(),
};

const JOURNEY = named(
  "journey",
  z.object({
    journey: z.enum(JOURNEYS),
    unit: z.enum(UNITS).describe("What its counts count"),
    ok_means: z.enum(OK_MEANINGS),
    ...seen,
    today: JOURNEY_PERIOD,
    month: JOURNEY_PERIOD,
  }),
);

const region = {
  region: z.string(),
  label,
  journey: z.enum(JOURNEYS).describe("The one that the region is judged by"),
  ok_means: z.enum(OK_MEANINGS),
  place: z.string().describe('Where it was measured from, as observed; "" while unknown'),
  ...seen,
  today: PERIOD,
  month: PERIOD,
};

export const REGION = named(
  "region",
  z.object({
    target: z.string(),
    ...region,
    others: z
      .array(JOURNEY)
      .nullable()
      .describe("Its other journeys; null: they are not in the front row of this fleet"),
  }),
);
export type RegionAnswer = z.infer<typeof REGION>;

const OBJECTIVES = named(
  "objectives",
  z.object({
    availability: z.number().describe("Share of measured minutes, 0 to 1"),
    delivery: z.number().describe("Share of attempted messages, 0 to 1"),
    latency_ms_p99: ms("P99 of latency"),
    connect_ms_p99: ms("P99 of connecting"),
    down_share: z.number().describe("This share of a minute's messages lost or refused makes it down"),
    degraded_share: z.number().describe("This share late, lost or refused makes it degraded"),
  }),
);

const target = {
  label,
  driver: z.enum(DRIVERS),
  publish_ack: z.string().nullable().describe("What the service's acknowledgement of a message proves"),
  composed_at: at("When its figures were composed"),
  time_zone: z.string().describe("IANA zone of its days and months"),
  every_ms: ms("A round each"),
  messages: count("Messages a round"),
  gap_ms: ms("Between two of them"),
  deadline_ms: ms("A message that is not there by then is lost"),
  connect_deadline_ms: ms("As long as connecting may take"),
  objectives: OBJECTIVES,
};

export const TARGET = named(
  "target",
  z.object({
    id: z.string(),
    ...target,
    regions: z
      .object({
        up: count("Regions"),
        degraded: count("Regions"),
        down: count("Regions"),
        unmeasured: count("Regions"),
      })
      .describe("How many regions are in which state now"),
  }),
);
export type TargetAnswer = z.infer<typeof TARGET>;

const cell = {
  from: z.string().describe("Region that asks"),
  to: z.string().describe("Region that answers"),
  state,
  why,
  last_slot_at: at("Begin of the newest recorded slot").nullable(),
  rounds: count("Rounds in which both sides were there"),
  rounds_unmeasured: count("Rounds in which one was not"),
  sent: count("Questions that were written"),
  heard: count("Questions that the other side says it heard; sent - heard were lost on the way there"),
  ok: count("Answers; heard - ok were lost on the way back"),
  lost: count("Either way"),
  error: count("Refused"),
  late,
  latency: LATENCY,
};

export const CELL = named("matrix_cell", z.object({ target: z.string(), ...cell }));
export type CellAnswer = z.infer<typeof CELL>;

const DAY_COUNTS = z
  .tuple([z.int(), z.int(), z.int(), z.int(), z.int(), z.int()])
  .nullable()
  .describe("expected, up, degraded, down minutes; attempted, ok messages; null: nothing was due or recorded");

export const SNAPSHOT = named(
  "snapshot",
  z.object({
    version: z.literal(1),
    target: z.string(),
    ...target,
    today: z.string().describe("The last of `days`"),
    regions: z.array(
      z.object({ ...region, others: z.array(JOURNEY).optional(), days: z.array(DAY_COUNTS).describe("Oldest first") }),
    ),
    matrix: z.array(z.object(cell)),
  }),
);

/** RFC 9457. */
export const PROBLEM = named(
  "problem",
  z.object({
    type: z.string().describe("A name, not a page"),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe("What would be right"),
    errors: z.array(z.object({ parameter: z.string(), detail: z.string() })).optional(),
  }),
);
export type Problem = z.infer<typeof PROBLEM>;
