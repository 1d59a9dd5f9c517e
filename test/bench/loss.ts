// Whether what is measured as lost is what was lost: the simulator loses exactly each 1,000th, 100th and fifth message, Sonde
// measures in workerd, and the simulator's ledger says what was injected. Exact, or the bench ends with 1. The same is a
// test, with fewer messages: test/drivers/loss.test.ts.

import { ledgerCounts, readLedgerLines } from "../../workers/local/ledger.ts";
import type { LossRegion, Simulated } from "../drivers/simulated.server.ts";
import type { Subject } from "./figure.ts";
import { countsOf } from "./rounds/order.ts";
import type { RoundAnswer, RoundOrder } from "./rounds/order.ts";
import { withServices } from "./services.ts";
import { inPrivateFolder, startWorker } from "./workerd.ts";

const MESSAGES = 5_000;
const GAP_MS = 2;
const DEADLINE_MS = 5_000;

export const loss: Subject = {
  name: "loss",
  about: `injected loss of 0.1 %, 1 % and 20 % of ${MESSAGES} messages each (loss=2000: so many), measured and by the ledger`,
  run: (report, progress, choice) =>
    inPrivateFolder((folder) =>
      withServices(async (services) => {
        const service = await services.start<Simulated>("simulated");
        if (service === null) throw new Error("the simulated service has no address");
        progress("bundling the bench's Worker");
        const entry = "test/bench/rounds/main.entry.ts";
        const worker = await startWorker({ entry, folder, objects: { SESSIONS: "RoundSession" } });
        try {
          const messages = choice.size ?? MESSAGES;
          const regions = Object.keys(service.losses) as LossRegion[];
          progress(`three losses at once, ${(messages * GAP_MS + DEADLINE_MS) / 1_000} s`);
          const answers = await Promise.all(
            regions.map((region) => worker.ask<RoundAnswer>(`/${region}`, orderFor(service, region, messages))),
          );
          const ledger = await fetch(`http://127.0.0.1:${service.controlPort}/ledger`);
          const entries = readLedgerLines(await ledger.text());
          for (const [at, region] of regions.entries()) {
            const answer = answers[at];
            if (answer === undefined) continue;
            const truth = ledgerCounts(
              entries.filter((one) => one.topic === channelOf(region)),
              { limitMs: DEADLINE_MS, deadlineMs: DEADLINE_MS },
            );
            const exact = answer.lost === truth.dropped && answer.ok === messages - truth.dropped;
            const met = exact && answer.duplicate + answer.reordered + answer.corrupt + answer.foreign === 0;
            report("messages measured as lost", answer.lost, "messages", {
              region,
              goal: truth.dropped,
              met,
              ...countsOf(answer),
            });
            if (!met) process.exitCode = 1;
          }
        } finally {
          await worker.stop();
        }
      }),
    ),
};

function channelOf(region: LossRegion): string {
  return `bench/loss/${region}`;
}

function orderFor(service: Simulated, region: LossRegion, messages: number): RoundOrder {
  const { user, password, ports } = service;
  return {
    driver: "mqtt",
    endpoint: {
      address: `ws://127.0.0.1:${ports[region]}/mqtt`,
      options: { qos: 1 },
      secrets: { user, password },
    },
    channel: channelOf(region),
    rounds: 1,
    messages,
    gapMs: GAP_MS,
    deadlineMs: DEADLINE_MS,
    payloadBytes: 100,
  };
}
