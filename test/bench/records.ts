// What a record weighs on its way and at rest: an envelope of one round, the record in it, a prober's row, an hour's strip.
// A day of one series, made from a seed through the same functions as in production.

import { SOFTWARE } from "../../workers/config/software.ts";
import { decodeEnvelope, encodeEnvelope } from "../../workers/results/envelope.ts";
import type { Envelope } from "../../workers/results/envelope.ts";
import { encodeStrip } from "../../workers/results/strip.ts";
import { packWake } from "../../workers/results/wake.ts";
import { mulberry32 } from "../random.ts";
import { edges, inTurn, mean, timed } from "./figure.ts";
import type { Subject } from "./figure.ts";
import { FIRST_MINUTE, MESSAGES, minuteOf, roundOf, roundTrips, SEED } from "./month.ts";

const DAY = 1_440;
const ROUNDS = 7;

export const records: Subject = {
  name: "records",
  about: "bytes of an envelope, of the record in it, of an hour's strip",
  async run(report) {
    const random = mulberry32(SEED);
    const series = { target: "broker", region: "weur", journey: "loop", peer: "" } as const;
    const rounds = Array.from({ length: DAY }, (_, i) =>
      roundOf(series, FIRST_MINUTE + i, roundTrips(random, MESSAGES, "whole ms"), random),
    );
    const about = { rounds: DAY, messages: MESSAGES, seed: SEED };
    const envelopes = rounds.map((record, i) => encodeEnvelope(envelopeOf([record], i + 1)));
    report("bytes of an envelope with one round", mean(envelopes.map((bytes) => bytes.length)), "B", about);
    const wakes = envelopes.map((envelope) => packWake([{ target: series.target, envelope }]));
    report("bytes of a prober's row", mean(wakes.map((bytes) => bytes.length)), "B", about);
    // In an envelope of many the head and the series' names weigh nothing: what is left is the record itself.
    report("bytes of a record among many", encodeEnvelope(envelopeOf(rounds, 1)).length / DAY, "B", about);

    const minutes = rounds.map(minuteOf);
    const hours = Array.from({ length: DAY / 60 }, (_, hour) => minutes.slice(hour * 60, hour * 60 + 60));
    const strips = hours.map((hour) => encodeStrip(new Map(hour.map((minute, i) => [i, minute] as const))));
    report("bytes of an hour's strip", mean(strips.map((bytes) => bytes.length)), "B", {
      ...about,
      hours: strips.length,
    });

    const ms = await inTurn(ROUNDS, {
      "encode 1,440 envelopes": () =>
        timed(() => rounds.map((record, i) => encodeEnvelope(envelopeOf([record], i + 1)))),
      "decode 1,440 envelopes": () => timed(() => envelopes.map(decodeEnvelope)),
    });
    for (const [figure, spread] of Object.entries(ms))
      report(figure, spread.median, "ms", { ...about, ...edges(spread), turns: ROUNDS });
  },
};

function envelopeOf(list: Envelope["records"], sequence: number): Envelope {
  const configHash = list[0]?.configHash ?? "";
  return {
    prober: "weur.0",
    generation: 1,
    software: SOFTWARE,
    configHash,
    sequence,
    dropped: 0,
    records: list,
    signature: null,
  };
}
