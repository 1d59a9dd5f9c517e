// Aim: what is measured as lost is what was lost: every injected loss is counted once, and nothing else is. Method: the
// simulator loses exactly each 1,000th, 100th and fifth message; rounds of 2,000 in workerd, all three at once; the ledger,
// which knows each message, is compared with the round by sequence number.

import { describe, expect, it } from "vitest";

import { readLedgerLines, runOf } from "../../workers/local/ledger.ts";
import type { LossRegion, Simulated } from "./simulated.server.ts";
import { clean, serverOf, tryRound } from "./trial.ts";
import type { Tried } from "./trial.ts";

const MESSAGES = 2_000;
const service = await serverOf<Simulated>("simulated");
const regions = Object.keys(service.losses) as LossRegion[];

// 4 s of sending and 5 s of waiting for what will not come; far more than loopback needs, so that late is never lost.
const rounds = new Map<LossRegion, Tried>(
  await Promise.all(
    regions.map(async (region): Promise<[LossRegion, Tried]> => [
      region,
      await tryRound({
        driver: "mqtt",
        address: `ws://127.0.0.1:${service.ports[region]}/mqtt`,
        channel: `loss/${region}`,
        options: { qos: 1 },
        secrets: { user: service.user, password: service.password },
        messages: MESSAGES,
        gapMs: 2,
        deadlineMs: 5_000,
      }),
    ]),
  ),
);
const ledger = await fetch(`http://127.0.0.1:${service.controlPort}/ledger`);
// workerd warns of text() where the type is not text/*.
const entries = readLedgerLines(new TextDecoder().decode(await ledger.arrayBuffer()));

function droppedIn(region: LossRegion): number[] {
  return entries
    .filter((entry) => entry.topic === `loss/${region}` && entry.dropped)
    .map((entry) => runOf(entry.key)?.seq ?? -1)
    .toSorted((a, b) => a - b);
}

describe("injected loss", () => {
  it.for(regions)("%s: the measured loss is the injected one, to the message", (region) => {
    const injected = MESSAGES / service.losses[region];
    expect(droppedIn(region).length, "what the simulator says that it did").toBe(injected);
    expect(rounds.get(region)?.record).toMatchObject({
      ...clean(MESSAGES),
      ok: MESSAGES - injected,
      lost: injected,
    });
  });

  it.for(regions)("%s: the very messages that the ledger names are missing", (region) => {
    const messages = rounds.get(region)?.observation.messages ?? [];
    const missing = messages.filter((message) => message.receivedAt === null).map((message) => message.seq);
    expect(missing).toEqual(droppedIn(region));
  });
});
