// Agora Signaling by its REST API: one POST a message, to a channel or to a user. REST cannot receive, so this driver never
// speaks of delivery: its `ok` is "accepted by the service", or "acknowledged by the receiver" where the configuration names a
// receiver (`peer`) and waits for it (`waitForAck`). Documented at docs.agora.io, Signaling, REST API; tried against our own
// fake of that document only.

import { fillPlaceholders } from "../config/placeholders.ts";
import type { Outside } from "../outside.ts";
import { failureOfMessage, failureOfOpening, type Wanted } from "./agora-answer.ts";
import { signAgoraTokenNow } from "./agora-sign.probe.ts";
import { CAPABILITIES, okMeaningOf } from "./capabilities.ts";
import { diagnose, hostOf } from "./diagnose.probe.ts";
import type { Answer, Driver, DriverContext, Endpoint, Session } from "./driver.ts";
import { failed } from "./failure.ts";
import { ask } from "./http-ask.probe.ts";

/** An answer is some 100 bytes. */
const ANSWER_BYTES_MAX = 8_192;
/** Agora: ids of users and names of channels. */
const NAME_BYTES_MAX = 64;
/** Where the caller sets no deadline of its own. */
const ANSWER_MS = 5_000;

/** Options: `appId`, `user`, and `peer`, `waitForAck`. Secrets: `appCertificate`, or `customerKey` and `customerSecret`. */
export function agoraRestDriver(outside: Outside): Driver {
  return {
    capabilities: CAPABILITIES["agora-rest"],
    connect: (endpoint, _role, context) => connect(outside, endpoint, context),
    diagnose: (endpoint, failure, context) => diagnose(outside, hostOf(endpoint.address), failure, context.gate),
  };
}

/** How to call: where, as whom, to whom, and what counts. */
interface Line {
  readonly base: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly peer: string | null;
  readonly wanted: Wanted;
}

/**
 * There is no connection to open. What makes a session usable is that the gateway can be reached and takes the credentials:
 * so one real call is made, of a message without content, which the gateway must refuse (400) and cannot deliver. Its time
 * is the connect time: to the gateway and back, on a connection that the runtime may have kept. Where the gateway looks at the
 * content before it looks at the credentials, bad ones show with the first message instead.
 */
async function connect(outside: Outside, endpoint: Endpoint, context: DriverContext): Promise<Session> {
  const line = await lineOf(outside, endpoint);
  const { connectMs } = context.deadlines;
  const askedAt = outside.now();
  const request = {
    ...requestOf(line, "sonde", ""),
    timeoutMs: connectMs,
    bodyBytesMax: ANSWER_BYTES_MAX,
    phase: "connect" as const,
  };
  const said = await ask(outside, context.gate, request).answer;
  if (said === "late") throw failed("timeout", "connect", `no answer within ${connectMs} ms`, { transient: true });
  if ("kind" in said) throw said;
  const failure = failureOfOpening(said.status, said.body);
  if (failure !== null) throw failure;
  const timing = { queuedMs: said.queuedMs, handshakeMs: said.receivedAt - askedAt - said.queuedMs, loginMs: 0 };
  return sessionOn(outside, line, timing, context);
}

async function lineOf(outside: Outside, endpoint: Endpoint): Promise<Line> {
  const { options, secrets } = endpoint;
  const fill = (name: string): string => fillPlaceholders(String(options[name] ?? ""), endpoint.names ?? {});
  const user = fill("user");
  const peer = options["peer"] === undefined ? null : fill("peer");
  for (const name of [user, peer ?? ""]) {
    const bytes = new TextEncoder().encode(name).length;
    if (bytes > NAME_BYTES_MAX) {
      throw failed("config", "connect", `a user id has ${bytes} bytes, and Agora takes ${NAME_BYTES_MAX}`);
    }
  }
  const appId = String(options["appId"]);
  const { appCertificate, customerKey = "", customerSecret = "" } = secrets;
  const proof =
    appCertificate === undefined
      ? { authorization: `Basic ${base64(`${customerKey}:${customerSecret}`)}` }
      : { "x-agora-token": await signAgoraTokenNow(outside, { appId, appCertificate, user }), "x-agora-uid": user };
  return {
    base: `${new URL(endpoint.address).origin}/dev/v2/project/${appId}/rtm/users/${encodeURIComponent(user)}`,
    headers: { "content-type": "application/json;charset=utf-8", ...proof },
    peer,
    wanted: okMeaningOf("agora-rest", options) === "acknowledged" ? "acknowledged" : "accepted",
  };
}

/** Nothing is kept for later: neither for a receiver who is offline, nor in a history. */
function requestOf(
  line: Line,
  channel: string,
  payload: string,
): Pick<Parameters<typeof ask>[2], "url" | "headers" | "body"> {
  const { base, headers, peer, wanted } = line;
  if (peer === null) {
    const body = JSON.stringify({ channel_name: channel, enable_historical_messaging: false, payload });
    return { url: `${base}/channel_messages`, headers, body };
  }
  const body = JSON.stringify({ destination: peer, enable_offline_messaging: false, payload });
  return { url: `${base}/peer_messages?wait_for_ack=${wanted === "acknowledged"}`, headers, body };
}

function sessionOn(outside: Outside, line: Line, timing: Session["timing"], context: DriverContext): Session {
  const open = new Set<() => void>();
  const decoder = new TextDecoder();
  const timeoutMs = context.deadlines.answerMs ?? ANSWER_MS;
  let ending = false;
  const answerOf = async (asked: ReturnType<typeof ask>): Promise<Answer> => {
    const said = await asked.answer;
    open.delete(asked.cancel);
    // Not by the deadline: whether it was accepted all the same is not known, and a message without an answer is lost.
    if (said === "late") return { kind: "none" };
    if ("kind" in said) return { kind: "refused", failure: said };
    const failure = failureOfMessage(said.status, said.body, line.wanted);
    return failure === null ? { kind: "acknowledged", receivedAt: said.receivedAt } : { kind: "refused", failure };
  };
  return {
    timing,
    subscribe: () => Promise.reject(failed("subscribe", "subscribe", "REST cannot receive")),
    publish(channel, data) {
      const request = requestOf(line, channel, decoder.decode(data));
      const sentAt = outside.now();
      if (ending) return { sentAt, answer: Promise.resolve({ kind: "none" }) };
      const asked = ask(outside, context.gate, {
        ...request,
        timeoutMs,
        bodyBytesMax: ANSWER_BYTES_MAX,
        phase: "publish",
      });
      open.add(asked.cancel);
      return { sentAt, answer: answerOf(asked) };
    },
    // There is no connection that could be closed.
    onClosed: () => {},
    async close() {
      ending = true;
      for (const cancel of open) cancel();
    },
  };
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
