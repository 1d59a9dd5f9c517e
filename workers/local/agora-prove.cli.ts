// `AGORA_APP_ID=... AGORA_APP_CERTIFICATE=... npm run agora:prove`: one round through each driver of Agora, in workerd, against
// the real service, and what happened in words. Proves for who has an App ID what our tests cannot. Prints no secret.

import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { okMeaningOf } from "../probes/capabilities.ts";
import type { Endpoint } from "../probes/driver.ts";
import type { Observation } from "../probes/observation.ts";
import type { ProofAsked, ProofSeen } from "./agora/main.entry.ts";
import { askWorker, bundleAgora, type Outbound } from "./agora-worker.server.ts";

export interface Proven {
  readonly exitCode: 0 | 1;
  readonly text: string;
}

const HELP = `Set AGORA_APP_ID and AGORA_APP_CERTIFICATE (Agora Console, your project), then run this again. Optional:
AGORA_PEER           a user who is online: REST messages then go there, and count when acknowledged
AGORA_REST_ADDRESS   default https://api.agora.io
Six messages go to the channel "sonde-prove" by REST, and six by the SDK; they count as usage of your project.`;

const PLAN: ProofAsked["plan"] = {
  channel: "sonde-prove",
  messages: 6,
  gapMs: 500,
  deadlineMs: 5_000,
  connectDeadlineMs: 10_000,
  payloadBytes: 100,
};

/** `outbound`: for tests, in place of the Internet. */
export async function proveAgora(
  env: Readonly<Record<string, string | undefined>>,
  outbound: Outbound | null = null,
  plan: ProofAsked["plan"] = PLAN,
): Promise<Proven> {
  const { AGORA_APP_ID: appId, AGORA_APP_CERTIFICATE: appCertificate, AGORA_PEER: peer } = env;
  if (!appId || !appCertificate) return { exitCode: 1, text: HELP };
  const secrets = { appCertificate };
  const receiver = peer ? { peer, waitForAck: true } : {};
  const rest: Endpoint = {
    address: env["AGORA_REST_ADDRESS"] ?? "https://api.agora.io",
    options: { appId, user: "sonde-prove", ...receiver },
    secrets,
  };
  const sdk = {
    address: env["AGORA_SDK_ADDRESS"] ?? "https://ap-web-1.agora.io",
    options: { appId, user: "sonde-prove" },
    secrets,
  };
  const folder = await mkdtemp(join(tmpdir(), "sonde-prove-"));
  try {
    const main = join(import.meta.dirname, "agora/main.entry.ts");
    const script = await bundleAgora(folder, "prove", main, "real");
    const seen = await askWorker<ProofSeen>(script, { rest, sdk, plan } satisfies ProofAsked, outbound);
    const lines = [
      said("agora-rest", okMeaningOf("agora-rest", rest.options), seen.rest),
      said("agora-sdk", "delivered", seen.sdk),
    ];
    const good = [seen.rest, seen.sdk].every((each) => okOf(each) === plan.messages);
    return { exitCode: good ? 0 : 1, text: lines.join("\n") };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function okOf(seen: Observation): number {
  return seen.messages.filter((message) => message.receivedAt !== null).length;
}

/** One driver in a few lines: the way there, the messages, their times, and every failure in our own words. */
function said(driver: string, meaning: string, seen: Observation): string {
  const connects = seen.connects.map((each) => ("failure" in each ? "refused" : `${each.connectMs} ms`)).join(", ");
  const times = seen.messages.flatMap(({ intendedAt, receivedAt }) =>
    receivedAt === null ? [] : [`${receivedAt - intendedAt}`],
  );
  const failures = [seen.failure, ...seen.messages.map((message) => message.failure)].flatMap((failure) =>
    failure === null ? [] : [`${failure.phase}: ${failure.kind}: ${failure.detail}`],
  );
  return [
    `${driver}: connect ${connects}; ${times.length} of ${seen.messages.length} messages ${meaning}`,
    ...(times.length === 0 ? [] : [`  ms from the intended send: ${times.join(" ")}`]),
    ...[...new Set(failures)].map((failure) => `  ${failure}`),
  ].join("\n");
}

if (process.argv[1] !== undefined && (await realpath(process.argv[1])) === fileURLToPath(import.meta.url)) {
  const { exitCode, text } = await proveAgora(process.env);
  (exitCode === 0 ? process.stdout : process.stderr).write(`${text}\n`);
  process.exitCode = exitCode;
}
