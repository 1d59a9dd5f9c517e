// One simulated year of eleven regions, from a seed: the truth, a fleet that measures it, two Duties that decide and tell (the
// target's and the keepers'), receivers that come and go, and people. No real time, no chance but the seed's. Answers all that
// happened, for `judge-incidents.ts` and `judge-alerts.ts`. Called by `simulate.ts`.

import type { BlindRegion } from "../../workers/incidents/look.ts";
import { lookAtBlind, lookAtRounds } from "../../workers/incidents/look.ts";
import { mulberry32 } from "../random.ts";
import { Agenda } from "./agenda.ts";
import { alertingOf, configOf, targetOf } from "./alertings.ts";
import { Duty } from "./duty.ts";
import type { Calling, DutyWorld } from "./duty.ts";
import { Fleet } from "./fleet.ts";
import { Receivers } from "./receivers.ts";
import type { Disk } from "./stores.ts";
import { drawTruth } from "./truth.ts";
import type { EveryMs, Truth } from "./truth.ts";

const KEEPERS = "fleet_keepers";
/** A year that never ends is a fault too. */
const STEPS_MAX = 1_500_000;

export interface Year {
  readonly seed: number;
  readonly truth: Truth;
  readonly service: Disk;
  readonly keepers: Disk;
  readonly receivers: Receivers;
  /** Intended send of the first message that a trouble cost, by `trouble/region`. */
  readonly firstLost: ReadonlyMap<string, number>;
  /** Of the target's Duty. */
  readonly deaths: readonly number[];
  readonly counts: {
    readonly rounds: number;
    readonly looks: number;
    readonly skippedLooks: number;
    readonly deaths: number;
    readonly steps: number;
  };
}

export interface YearOptions {
  readonly seed: number;
  readonly everyMs: EveryMs;
  /** How much of all that happens in a year; 1 unless said. */
  readonly share?: number;
  /** Hears the story, line by line. */
  readonly tell?: (line: string) => void;
}

export function liveYear({ seed, everyMs, share = 1, tell = () => {} }: YearOptions): Year {
  const truth = drawTruth(seed, everyMs, share);
  const random = mulberry32(seed);
  const agenda = new Agenda();
  const target = targetOf(everyMs);
  const alerting = alertingOf(seed);
  const config = configOf(target, alerting);
  const receivers = new Receivers(truth.channels, random);
  const world: DutyWorld = { agenda, random, config, alerting, receivers, tell };
  const keepers = new Duty(world, {
    name: KEEPERS,
    look: (input) => lookAtBlind({ ...input, keepers: KEEPERS }),
    confirm: () => {},
    blind: () => {},
    died: () => {},
  });
  let told: string | null = null;
  const calling: Calling = {
    name: target.id,
    look: (input, records) => lookAtRounds({ ...input, target, records, minutes: null, support: null }),
    confirm: (wanted, now) => fleet.confirm(wanted, now),
    blind: ({ blind }, now) => {
      const report = JSON.stringify(blind);
      if (report === told && blind.length === 0) return;
      told = report;
      reportTo(keepers, target.id, blind, now);
    },
    died: () => void (told = null),
  };
  const service = new Duty(world, calling);
  const fleet = new Fleet(truth, target, service, agenda, random);
  announce(truth, service, agenda);
  const steps = agenda.run(STEPS_MAX);
  const { looks, skippedLooks } = service.counts;
  return {
    seed,
    truth,
    service: service.disk,
    keepers: keepers.disk,
    receivers,
    firstLost: fleet.firstLost,
    deaths: service.deaths,
    counts: { rounds: fleet.rounds, looks, skippedLooks, deaths: service.deaths.length + keepers.deaths.length, steps },
  };
}

/** As the keepers' Duty takes a report: it remembers, and looks. */
function reportTo(keepers: Duty, target: string, blind: readonly BlindRegion[], now: number): void {
  keepers.remember({ ...keepers.memory, blind: { ...keepers.memory.blind, [target]: blind } });
  keepers.look(now);
}

function announce({ maintenance }: Truth, service: Duty, agenda: Agenda): void {
  for (const [i, { fromAt, toAt, regions, announcedAt }] of maintenance.entries()) {
    agenda.at(announcedAt, (now) => {
      service.disk.windows.push({
        id: `chat-m${i + 1}`,
        key: `m${i}`,
        target: "chat",
        regions,
        title: { en: "Work" },
        window: { kind: "once", fromAt, toAt },
        author: "lin",
        recordedAt: now,
        withdraws: null,
      });
    });
  }
}
