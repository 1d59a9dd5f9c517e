// A million messages through the whole loop, in rounds of 1,000 by several sessions at once, and not one of them measured as
// lost, doubled or out of order that was not: the broker (aedes, by WebSocket on loopback) loses nothing. Any other count, and
// the bench ends with 1. A million only on request (`npm run bench -- million`): it takes minutes.

import type { Simulated } from "../drivers/simulated.server.ts";
import type { Subject } from "./figure.ts";
import { countsOf, isClean, sumAnswers } from "./rounds/order.ts";
import type { RoundAnswer, RoundOrder } from "./rounds/order.ts";
import { withServices } from "./services.ts";
import { inPrivateFolder, startWorker } from "./workerd.ts";

const ASKED_FOR = 1_000_000;
const OTHERWISE = 20_000;
const A_ROUND = 1_000;
const SESSIONS = 4;
/** Far above what a full machine takes for a round of these: what is later than this would be called lost. */
const DEADLINE_MS = 20_000;
const SAY_EVERY_MS = 5_000;

export const million: Subject = {
  name: "million",
  about: `messages without one false loss, duplicate or reordering: ${OTHERWISE}, or by its name ${ASKED_FOR} (million=50000: so many)`,
  run: (report, progress, choice) =>
    inPrivateFolder((folder) =>
      withServices(async (services) => {
        const service = await services.start<Simulated>("simulated");
        if (service === null) throw new Error("the simulated service has no address");
        progress("bundling the bench's Worker");
        const entry = "test/bench/rounds/main.entry.ts";
        const worker = await startWorker({ entry, folder, objects: { SESSIONS: "RoundSession" } });
        try {
          const wanted = choice.size ?? (choice.named ? ASKED_FOR : OTHERWISE);
          const rounds = Math.ceil(wanted / A_ROUND);
          const from = performance.now();
          let sum = sumAnswers([]);
          let begun = 0;
          let saidMs = from;
          const session = async (number: number): Promise<void> => {
            while (begun < rounds) {
              begun += 1;
              const answer = await worker.ask<RoundAnswer>(`/${number}`, orderFor(service, number));
              if (!isClean(answer)) progress(`NOT CLEAN: ${JSON.stringify(countsOf(answer))}`);
              // Of a million latencies nothing is told here, so they are not kept.
              sum = sumAnswers([sum, { ...answer, latencyMs: [], sinceWriteMs: [] }]);
              if (performance.now() - saidMs < SAY_EVERY_MS) continue;
              saidMs = performance.now();
              const seconds = Math.round((saidMs - from) / 1_000);
              progress(`${sum.scheduled} of ${rounds * A_ROUND} after ${seconds} s, ${sum.scheduled - sum.ok} not ok`);
            }
          };
          await Promise.all(Array.from({ length: SESSIONS }, (_, number) => session(number)));
          const seconds = (performance.now() - from) / 1_000;
          const wrong = sum.lost + sum.error + sum.notSent + sum.duplicate + sum.reordered + sum.corrupt + sum.foreign;
          const met = wrong === 0 && sum.ok === sum.scheduled;
          report("messages that were not delivered once, whole and in order", wrong, "messages", {
            goal: 0,
            met,
            ...countsOf(sum),
            sessions: SESSIONS,
            seconds: Math.round(seconds),
          });
          report("messages a second through the loop", sum.ok / seconds, "messages/s", { sessions: SESSIONS });
          if (!met) process.exitCode = 1;
        } finally {
          await worker.stop();
        }
      }),
    ),
};

function orderFor(service: Simulated, session: number): RoundOrder {
  const { user, password, brokerPort } = service;
  return {
    driver: "mqtt",
    endpoint: { address: `ws://127.0.0.1:${brokerPort}/mqtt`, options: { qos: 1 }, secrets: { user, password } },
    channel: `bench/million/${session}`,
    rounds: 1,
    messages: A_ROUND,
    gapMs: 1,
    deadlineMs: DEADLINE_MS,
    payloadBytes: 100,
  };
}
