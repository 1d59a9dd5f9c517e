// Centrifugo (client protocol 2, JSON) over ws and wss: centrifuge's client on a WebSocket that we opened ourselves, so that
// refusals keep their HTTP status. No reconnect, no token of another source: one session is one try. The acknowledgement of a
// publish is the service's reply. Tested against a fake of the documented protocol only (test/drivers/centrifugo.server.ts),
// never against a real Centrifugo.

import { Centrifuge, type Subscription } from "centrifuge";

import type { Outside } from "../outside.ts";
import { within } from "../outside.ts";
import { CAPABILITIES } from "./capabilities.ts";
import { disconnectedBy, refusedBy, unsubscribedBy } from "./centrifugo-failures.ts";
import { replyJudge } from "./centrifugo-replies.ts";
import { diagnose, hostOf } from "./diagnose.probe.ts";
import type { Answer, Driver, DriverContext, Endpoint, Failure, Session } from "./driver.ts";
import { failed } from "./failure.ts";
import { inTime, loginInTime, throughGate, timingOf } from "./opening.probe.ts";
import { SessionEnd } from "./session-end.ts";
import { handOver, type Line } from "./websocket-handed.probe.ts";
import { openWebSocket } from "./websocket-open.probe.ts";

/** The client's own waits: longer than any session, so that our deadlines are the only ones. */
const NEVER_MS = 3_600_000;
/** How much later than promised a ping may come: the client's own default. */
const PING_GRACE_MS = 10_000;

/** The driver, on a given outside. Secrets: `token` of the connection, `subscriptionToken` of the channel. */
export function centrifugoDriver(outside: Outside): Driver {
  return {
    capabilities: CAPABILITIES.centrifugo,
    connect: (endpoint, _role, context) => connect(outside, endpoint, context),
    diagnose: (endpoint, failure, context) => diagnose(outside, hostOf(endpoint.address), failure, context.gate),
  };
}

async function connect(outside: Outside, endpoint: Endpoint, context: DriverContext): Promise<Session> {
  const { connectMs } = context.deadlines;
  const opening = await throughGate(outside, context, () => openWebSocket(outside, endpoint.address, [], connectMs));
  const end = new SessionEnd();
  const judge = replyJudge((code) => end.because(disconnectedBy(code)));
  const line = handOver(outside, opening.value, {
    admit: (frame) => judge.admit(frame),
    sent: (frame) => judge.sent(frame),
    malformed: () => end.because(failed("protocol", "deliver", "the service sent what is not Centrifugo's protocol")),
    closed: (code) => end.because(disconnectedBy(code)),
  });
  const client = clientOn(line, endpoint, end);
  try {
    const loggedIn = new Promise<void>((resolve, reject) => {
      client.once("connected", () => resolve());
      end.hear((failure) => reject(unwelcome(failure, endpoint)));
    });
    client.connect();
    await loginInTime(outside, opening, context, "reply to the connect command", loggedIn);
  } catch (problem) {
    end.seal();
    client.disconnect();
    line.cut();
    throw problem;
  }
  const parts = { client, line, end, token: endpoint.secrets["subscriptionToken"] };
  return sessionOn(outside, parts, timingOf(outside, opening), context);
}

/** A service that knows no strangers calls a login without any token a bad request. */
function unwelcome(failure: Failure, { secrets }: Endpoint): Failure {
  if (failure.code !== 3501 || secrets["token"] !== undefined) return { ...failure, phase: "connect" };
  return failed("auth", "connect", "disconnected with code 3501: no token was given", { code: 3501, sure: false });
}

function clientOn(line: Line, endpoint: Endpoint, end: SessionEnd): Centrifuge {
  // Called with `new`; what it returns takes the place of the new object.
  function OpenedSocket(): Line["socket"] {
    return line.socket;
  }
  const { token } = endpoint.secrets;
  const client = new Centrifuge(endpoint.address, {
    websocket: OpenedSocket,
    name: "sonde",
    timeout: NEVER_MS,
    minReconnectDelay: NEVER_MS,
    maxReconnectDelay: NEVER_MS,
    maxServerPingDelay: PING_GRACE_MS,
    // Else each client listens to the whole isolate.
    networkEventTarget: new EventTarget(),
    pageEventTarget: new EventTarget(),
    ...(token !== undefined && { token }),
  });
  client.on("error", ({ type, error }) => {
    if (type === "connect" && error.code >= 100) end.because(refusedBy(error.code, "connect"));
  });
  client.on("connecting", ({ code }) => {
    // Our own call has 0. All others would be a second try.
    if (code === 0) return;
    end.because(
      code === 2
        ? failed("timeout", "deliver", "no ping from the service in the time that it promised", { transient: true })
        : endedWith(code),
    );
    client.disconnect();
  });
  client.on("disconnected", ({ code }) => {
    if (code !== 0) end.because(endedWith(code));
  });
  return client;
}

/** Codes of the client's events: errors of the connect command from 100, disconnects from 3000, its own below. */
function endedWith(code: number): Failure {
  if (code >= 3_000) return disconnectedBy(code);
  if (code >= 100) return refusedBy(code, "connect");
  return failed("protocol", "deliver", "the client gave the connection up", { transient: true, sure: false });
}

interface Parts {
  readonly client: Centrifuge;
  readonly line: Line;
  readonly end: SessionEnd;
  readonly token: string | undefined;
}

function sessionOn(
  outside: Outside,
  { client, line, end, token }: Parts,
  timing: Session["timing"],
  context: DriverContext,
): Session {
  const { subscribeMs, closeMs } = context.deadlines;
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  return {
    timing,
    async subscribe(channel, onMessage) {
      const subscription = client.newSubscription(channel, {
        minResubscribeDelay: NEVER_MS,
        maxResubscribeDelay: NEVER_MS,
        ...(token !== undefined && { token }),
      });
      subscription.on("publication", ({ data }) =>
        onMessage({ data: encoder.encode(String(data)), receivedAt: line.arrivedAt() }),
      );
      const due = { phase: "subscribe", what: "reply to the subscribe command", timeoutMs: subscribeMs } as const;
      await inTime(outside, due, subscribed(client, subscription, end));
    },
    publish(channel, data) {
      const text = decoder.decode(data);
      const sentAt = outside.now();
      // A client that is not connected would keep the message until it is.
      if (end.isOver) return { sentAt, answer: Promise.resolve({ kind: "none" }) };
      const answer = client.publish(channel, text).then(
        (): Answer => ({ kind: "acknowledged", receivedAt: line.arrivedAt() }),
        ({ code }: { code: number }): Answer =>
          code >= 100 ? { kind: "refused", failure: refusedBy(code, "publish") } : { kind: "none" },
      );
      return { sentAt, answer };
    },
    onClosed: (listener) => end.hear(listener),
    async close() {
      if (!end.seal()) return;
      client.disconnect();
      line.cut();
      await within(outside, closeMs, "close", line.gone).catch(() => {});
    },
  };
}

/** Resolves when the service has confirmed the subscription. What becomes of it later ends the session. */
function subscribed(client: Centrifuge, subscription: Subscription, end: SessionEnd): Promise<void> {
  return new Promise((resolve, reject) => {
    let confirmed = false;
    end.hear((failure) => reject({ ...failure, phase: "subscribe" }));
    subscription.on("subscribed", () => {
      confirmed = true;
      resolve();
    });
    subscription.on("error", ({ error }) => {
      if (!confirmed && error.code >= 100) reject(refusedBy(error.code, "subscribe"));
    });
    subscription.on("unsubscribed", ({ code }) => {
      if (confirmed) end.because(unsubscribedBy(code));
      // The client says 1 of its own for a token that has expired (109).
      else reject(refusedBy(code === 1 ? 109 : code, "subscribe"));
    });
    subscription.on("subscribing", ({ code }) => {
      if (!confirmed || code < 100) return;
      end.because(unsubscribedBy(code));
      client.disconnect();
    });
    subscription.subscribe();
  });
}
