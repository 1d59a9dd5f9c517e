// Whether the instrument reads what is there: the same messages through the same broker on loopback, measured in turn by Sonde
// in workerd, by the same library in plain Node, by bare packets, and by mosquitto's own clients. Goals: Sonde's P50 within
// 1 ms and its P99 within 3 ms of Node's on loopback; both within 4 % behind 50 ms. workerd's clock has steps of 1 ms: its
// percentiles are whole ms and +-1 ms, its means are unbiased (reference: drivers.md, section 7).

import { CAPABILITIES } from "../../workers/probes/capabilities.ts";
import type { Mosquitto } from "../drivers/mosquitto.server.ts";
import type { Simulated } from "../drivers/simulated.server.ts";
import { flyBurst } from "./burst.ts";
import type { Burst, Plan } from "./burst.ts";
import { hasNativeClients, libraryDial, nativeDial, wallClock } from "./burst-clients.ts";
import type { Way } from "./burst-clients.ts";
import { reportFidelity } from "./fidelity-figures.ts";
import type { Subject } from "./figure.ts";
import type { RoundAnswer, RoundOrder } from "./rounds/order.ts";
import { withServices } from "./services.ts";
import { thinDial } from "./thin-client.ts";
import { inPrivateFolder, startWorker } from "./workerd.ts";
import type { Running } from "./workerd.ts";

const PLAN: Plan = { messages: 300, gapMs: 20, payloadBytes: 104 };
const ROUNDS = 3;
const TOPIC = "sonde/fidelity";
const WARM_UP: Plan = { ...PLAN, messages: 50 };

export interface Measured {
  readonly way: string;
  readonly client: "sonde" | "node" | "thin" | "mosquitto_sub";
  readonly bursts: readonly Burst[];
}

type Client = (plan: Plan) => Promise<Burst>;

export const fidelity: Subject = {
  name: "fidelity",
  about:
    "latencies of the same messages as Sonde, Node, bare packets and mosquitto's clients see them (fidelity=50: so many a burst)",
  run: (report, progress, choice) =>
    inPrivateFolder((folder) =>
      withServices(async (services) => {
        const service = await services.start<Simulated>("simulated");
        if (service === null) throw new Error("the simulated service has no address");
        const mosquitto = await services.start<Mosquitto>("mosquitto");
        progress("bundling the bench's Worker");
        const entry = "test/bench/rounds/main.entry.ts";
        const worker = await startWorker({ entry, folder, objects: { SESSIONS: "RoundSession" } });
        try {
          const plan = { ...PLAN, messages: choice.size ?? PLAN.messages };
          const own = { user: service.user, password: service.password, topic: TOPIC };
          const ways: Record<string, Way> = {
            "aedes ws": { ...own, address: `ws://127.0.0.1:${service.brokerPort}/mqtt` },
            "aedes ws behind 50 ms": { ...own, address: `ws://127.0.0.1:${service.ports.far}/mqtt` },
          };
          if (mosquitto === null) progress("LEFT OUT: mosquitto is not installed, so nothing is measured over TCP");
          else {
            const { tcp: address, user, password } = mosquitto;
            ways["mosquitto tcp"] = { address, user, password, topic: TOPIC };
          }
          const measured = await inTurns(await clientsOf(ways, worker, progress), plan, progress);
          reportFidelity(report, measured, {
            rounds: ROUNDS,
            messages: plan.messages,
            gap_ms: plan.gapMs,
            payload_bytes: plan.payloadBytes,
          });
        } finally {
          await worker.stop();
        }
      }),
    ),
};

async function clientsOf(
  ways: Readonly<Record<string, Way>>,
  worker: Running,
  progress: (words: string) => void,
): Promise<readonly (Omit<Measured, "bursts"> & { readonly fly: Client })[]> {
  const native = await hasNativeClients();
  if (!native) progress("LEFT OUT: mosquitto_pub and mosquitto_sub are not installed (Debian: mosquitto-clients)");
  const monotonic = (): number => performance.now();
  return Object.entries(ways).flatMap(([name, way]) => {
    const isTcp = way.address.startsWith("mqtt:");
    const known = CAPABILITIES.mqtt.transports.includes(isTcp ? "tcp" : "ws");
    if (!known) progress(`LEFT OUT: Sonde over ${name}, which its driver does not speak`);
    const sonde = known ? [{ way: name, client: "sonde" as const, fly: sondeOn(worker, way) }] : [];
    // Behind a delay a tenth of a ms is not looked for.
    const isDirect = !name.includes("behind");
    const thin = (plan: Plan): Promise<Burst> => flyBurst(thinDial(way), plan, monotonic);
    const mosquitto = (plan: Plan): Promise<Burst> => flyBurst(nativeDial(way), plan, wallClock());
    return [
      ...sonde,
      { way: name, client: "node" as const, fly: (plan: Plan) => flyBurst(libraryDial(way), plan, monotonic) },
      ...(isDirect ? [{ way: name, client: "thin" as const, fly: thin }] : []),
      ...(isTcp && native ? [{ way: name, client: "mosquitto_sub" as const, fly: mosquitto }] : []),
    ];
  });
}

function sondeOn(worker: Running, way: Way): Client {
  const { address, user, password, topic: channel } = way;
  return async ({ messages, gapMs, payloadBytes }) => {
    const endpoint = { address, options: { qos: 1 }, secrets: { user, password } };
    const plan = { messages, gapMs, payloadBytes, deadlineMs: 5_000 };
    const order: RoundOrder = { driver: "mqtt", endpoint, channel, rounds: 1, ...plan };
    const answer = await worker.ask<RoundAnswer>("/fidelity", order);
    if (answer.failure !== null) throw new Error(`a round of ${address} failed: ${answer.failure}`);
    const { latencyMs, sinceWriteMs, scheduled, ok } = answer;
    return { latencyMs, sinceWriteMs, missing: scheduled - ok };
  };
}

/** A B C A B C, after a short turn of each that warms up and is not counted. */
async function inTurns(
  clients: readonly (Omit<Measured, "bursts"> & { readonly fly: Client })[],
  plan: Plan,
  progress: (words: string) => void,
): Promise<readonly Measured[]> {
  for (const { fly } of clients) await fly(WARM_UP);
  const bursts = clients.map((): Burst[] => []);
  for (let round = 1; round <= ROUNDS; round++) {
    progress(`round ${round} of ${ROUNDS}: ${clients.length} clients, ${(plan.messages * plan.gapMs) / 1_000} s each`);
    for (const [at, { fly }] of clients.entries()) bursts[at]?.push(await fly(plan));
  }
  return clients.map(({ way, client }, at) => ({ way, client, bursts: bursts[at] ?? [] }));
}
