// What a target of the driver `agora-rest` may say: whom its messages go to, how it proves who it is, and a pace at which its
// requests cannot queue.

import * as z from "zod";
import { durationText } from "../durations.ts";
import { field } from "../fields.ts";
import { APP_ID, refusalOfName, refusedAddresses, USER, USER_FALLBACK } from "./agora.ts";
import type { Conflict, DriverRules, WrittenTarget } from "./rules.ts";

export interface AgoraRestInput {
  readonly driver: "agora-rest";
  /** Either the App Certificate, with which a token is signed for each round, or a customer key and its secret. */
  readonly credentials?:
    | { readonly appCertificate: string }
    | { readonly customerKey: string; readonly customerSecret: string };
  readonly options: {
    /** 32 hexadecimal digits. */
    readonly appId: string;
    /** Who sends. Default "sonde-{target}-{region}". */
    readonly user?: string;
    /** Messages go to this channel. Default "sonde-{target}-{region}". */
    readonly channel?: string;
    /** Messages go to this user instead, who must be online. May hold `{target}` and `{region}`. */
    readonly peer?: string;
    /** With `peer`: a message counts when the receiver has acknowledged it. Default false. */
    readonly waitForAck?: boolean;
  };
}

const EXAMPLE = "https://api.agora.io";
const CHANNEL = "sonde-{target}-{region}";
/** Platform: connections of one Durable Object that may wait for an answer's headers. A seventh would queue unseen. */
const REQUESTS_AT_ONCE = 6;

export const AGORA_REST_RULES: DriverRules = {
  schemes: ["https", "http"],
  example: EXAMPLE,
  canReceive: false,
  alone: true,
  credentials: ["appCertificate", "customerKey", "customerSecret"],
  options: {
    appId: APP_ID,
    user: field(USER.default(USER_FALLBACK), `user: "${USER_FALLBACK}"`),
    peer: field(USER.optional(), 'peer: "receiver-{region}"'),
    waitForAck: field(z.boolean().optional(), "waitForAck: true"),
  },
  channel: { option: "channel", fallback: CHANNEL, judge: refusalOfName },
  conflicts: (target) => [
    ...refusedAddresses(target.addresses, EXAMPLE),
    ...refusedCredentials(target),
    ...refusedReceiver(target),
    ...refusedPace(target),
  ],
};

function refusedCredentials({ secrets }: WrittenTarget): Conflict[] {
  const { appCertificate, customerKey, customerSecret } = secrets;
  const token = appCertificate !== undefined;
  const key = customerKey !== undefined;
  const secret = customerSecret !== undefined;
  const mend =
    'write credentials: { appCertificate: "AGORA_APP_CERTIFICATE" }, or { customerKey: "AGORA_KEY", customerSecret: "AGORA_SECRET" }';
  const refused = (problem: string): Conflict[] => [{ path: ["credentials"], value: null, refusal: { problem, mend } }];
  if (token && (key || secret)) return refused("names two ways to prove who we are");
  if (!token && key !== secret) return refused("names half of a customer key and its secret");
  return token || key ? [] : refused("is missing: the gateway takes no message without it");
}

function refusedReceiver({ options, channel }: WrittenTarget): Conflict[] {
  if (options["peer"] === undefined) {
    if (options["waitForAck"] !== true) return [];
    const refusal = {
      problem: "waits for a receiver, and none is named: a channel acknowledges nothing",
      mend: 'write peer: "the user id of a receiver that is always online", or leave waitForAck out',
    };
    return [{ path: ["options", "waitForAck"], value: true, refusal }];
  }
  if (channel === CHANNEL) return [];
  const refusal = { problem: "stands beside a peer: a message goes to one of them", mend: "take one of them out" };
  return [{ path: ["options", "channel"], value: channel, refusal }];
}

/**
 * A message is a request that waits for its answer, at most until its deadline. Were more than six to wait, the seventh would
 * queue in our own runtime, and its time there would look like the service's. So the pace must make that impossible.
 */
function refusedPace({ messages, gapMs, deadlineMs }: WrittenTarget): Conflict[] {
  if (messages === undefined || gapMs === undefined || deadlineMs === undefined) return [];
  const atOnce = Math.min(messages, gapMs === 0 ? messages : Math.floor(deadlineMs / gapMs) + 1);
  if (atOnce <= REQUESTS_AT_ONCE) return [];
  const refusal = {
    problem:
      `lets ${atOnce} requests wait for an answer at once (deadline ${deadlineMs} / gap ${gapMs}), and the platform ` +
      `${REQUESTS_AT_ONCE}: the next would queue, and its wait would look like the service's`,
    mend: `write gap: "${durationText(Math.floor(deadlineMs / REQUESTS_AT_ONCE) + 1)}" or more, or messages: ${REQUESTS_AT_ONCE} or fewer`,
  };
  return [{ path: ["gap"], value: durationText(gapMs), refusal }];
}
