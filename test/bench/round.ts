// How long a prober is awake for a round of 20 messages, in workerd, through the embedded broker and the network simulator:
// seven regions, every 10 s, four slots. Active seconds dominate the bill, so they are measured where they are made: from
// the records that the collector kept. Delays are the simulator's, so these are no figures of any real service.

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import sondeConfig from "../../sonde.config.ts";
import { buildWorker } from "../../workers/local/bundle.server.ts";
import { startFleet } from "../../workers/local/fleet.server.ts";
import { LOCAL_SECRETS, localConfig } from "../../workers/local/local-config.ts";
import { startLocalWorld } from "../../workers/local/world.server.ts";
import { decodeEnvelope } from "../../workers/results/envelope.ts";
import type { RoundRecord } from "../../workers/results/records.ts";
import { edges, spreadOf } from "./figure.ts";
import type { Subject } from "./figure.ts";
import { inPrivateFolder } from "./workerd.ts";

const EVERY_MS = 10_000;
const SLOTS = 4;
const MESSAGES = 20;
/** A wake of the platform's smallest machine: 128 MB for as long as it lasts. */
const GB = 0.128;

interface Taken {
  readonly record: RoundRecord;
  readonly receivedAt: number;
}

export const round: Subject = {
  name: "round",
  about: "how long a prober is awake for a round of 20 messages, seven regions in workerd",
  run: (report, progress) =>
    inPrivateFolder(async (folder) => {
      progress("bundling, then four slots of 10 s");
      const taken = await measured(folder);
      const about = { rounds: taken.length, regions: 7, messages: MESSAGES, gap_ms: 50 };
      const figure = (name: string, of: (each: Taken) => number): number => {
        const spread = spreadOf(taken.map(of));
        report(name, spread.median, "ms", { ...about, ...edges(spread, 0) });
        return spread.median;
      };
      figure("from the slot to the start", ({ record }) => record.startedAt - record.slotAt);
      figure("connect and subscribe", ({ record }) => (record.readyAt ?? Number.NaN) - record.startedAt);
      figure("the whole round", ({ record }) => record.endedAt - record.startedAt);
      figure(
        "from the round's end until its collector has it",
        ({ record, receivedAt }) => receivedAt - record.endedAt,
      );
      const awakeMs = figure(
        "from the slot until its collector has it",
        ({ record, receivedAt }) => receivedAt - record.slotAt,
      );
      const computed = "median x 0.128 GB x 7 regions x 1,440 a day";
      report("active time of probers at one round a minute", (awakeMs / 1_000) * GB * 7 * 1_440, "GB-s a day", {
        computed,
      });
    }),
};

async function measured(folder: string): Promise<Taken[]> {
  const regions = sondeConfig.regions.map((region) => (typeof region === "string" ? region : region.id));
  const bundleDir = join(folder, "bundle");
  await buildWorker(bundleDir);
  const world = await startLocalWorld(regions, join(folder, "ports.json"));
  try {
    const local = localConfig(sondeConfig, world.network.ports, world.controlPort);
    const config = { ...local, targets: local.targets.map((target) => ({ ...target, messages: MESSAGES })) };
    const secrets = { [LOCAL_SECRETS.user]: world.user, [LOCAL_SECRETS.password]: world.password };
    const dataDir = join(folder, "data");
    const fleet = await startFleet({
      bundleDir,
      dataDir,
      port: 0,
      bindings: { SONDE_CONFIG: JSON.stringify(config), ...secrets },
    });
    try {
      await fleet.watch();
      // The first slot may be a whole interval away, and the last round needs a second and a half.
      await new Promise((resolve) => setTimeout(resolve, (SLOTS + 0.5) * EVERY_MS));
    } finally {
      await fleet.stop();
    }
    return await takenBy(join(dataDir, "do/sonde-Collector"));
  } finally {
    await world.stop();
  }
}

/** Everything that the collectors below this folder have kept. */
async function takenBy(folder: string): Promise<Taken[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sqlite") && name !== "metadata.sqlite");
  const taken = names.flatMap((name) => {
    const db = new DatabaseSync(join(folder, name), { readOnly: true });
    const rows = db.prepare("SELECT received_at, bytes FROM envelopes").all() as {
      received_at: number;
      bytes: Uint8Array;
    }[];
    db.close();
    return rows.flatMap((row) =>
      decodeEnvelope(row.bytes).records.map((record) => ({ record, receivedAt: row.received_at })),
    );
  });
  const bad = taken.find(({ record }) => record.ok !== MESSAGES);
  if (bad !== undefined)
    throw new Error(`a round of ${bad.record.series.region} delivered ${bad.record.ok} of ${MESSAGES}`);
  return taken;
}
