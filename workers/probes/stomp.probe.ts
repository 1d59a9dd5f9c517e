// STOMP 1.2 (and 1.1) over ws and wss. Receipts are the service's answers: one for the subscription, always, and one for each
// message unless the option `receipt` is false. A refusal is an ERROR frame, after which a service closes.

import type { Outside } from "../outside.ts";
import { within } from "../outside.ts";
import { CAPABILITIES } from "./capabilities.ts";
import { diagnose, hostOf } from "./diagnose.probe.ts";
import type { Answer, Driver, DriverContext, Endpoint, Session } from "./driver.ts";
import { failed, isFailure } from "./failure.ts";
import { inTime, loginInTime, throughGate, timingOf } from "./opening.probe.ts";
import { StompConnection } from "./stomp-connection.probe.ts";
import { openWebSocket } from "./websocket-open.probe.ts";

/** The driver, on a given outside. Options: `host`, `receipt`. Secrets: `user`, `password`. */
export function stompDriver(outside: Outside): Driver {
  return {
    capabilities: CAPABILITIES.stomp,
    connect: (endpoint, _role, context) => connect(outside, endpoint, context),
    diagnose: (endpoint, failure, context) => diagnose(outside, hostOf(endpoint.address), failure, context.gate),
  };
}

async function connect(outside: Outside, endpoint: Endpoint, context: DriverContext): Promise<Session> {
  const headers = connectHeaders(endpoint);
  const { connectMs } = context.deadlines;
  const wire = new AbortController();
  const opening = await throughGate(outside, context, () =>
    openWebSocket(outside, endpoint.address, ["v12.stomp", "v11.stomp"], connectMs, {}, wire),
  );
  const connection = new StompConnection(outside, opening.value, wire, headers);
  try {
    await loginInTime(outside, opening, context, "CONNECTED", connection.login());
  } catch (problem) {
    connection.cut();
    throw problem;
  }
  const timing = timingOf(outside, opening);
  return sessionOn(outside, connection, { timing, context, receipts: endpoint.options["receipt"] !== false });
}

function connectHeaders({ secrets, options }: Endpoint): Record<string, string> {
  const { user, password } = secrets;
  // CONNECT is the one frame whose headers are not escaped (STOMP 1.2, value encoding): a line break would begin another.
  if (/[\r\n\0]/.test(`${user ?? ""}${password ?? ""}`)) {
    throw failed("config", "connect", "a credential holds a line break, which STOMP cannot carry");
  }
  return {
    ...(user === undefined ? {} : { login: user }),
    ...(password === undefined ? {} : { passcode: password }),
    ...(options["host"] === undefined ? {} : { host: String(options["host"]) }),
  };
}

interface Opened {
  readonly timing: Session["timing"];
  readonly receipts: boolean;
  readonly context: DriverContext;
}

function sessionOn(outside: Outside, connection: StompConnection, opened: Opened): Session {
  const { client } = connection;
  const { subscribeMs, closeMs } = opened.context.deadlines;
  const pending = new Map<string, (answer: Answer) => void>();
  let published = 0;
  let leaving = false;
  let tell: Parameters<Session["onClosed"]>[0] | null = null;
  let refuseSubscription: (problem: unknown) => void = () => {};
  let subscribing = false;
  connection.doing = () => (subscribing ? "subscribe" : pending.size > 0 ? "publish" : "deliver");
  const settle = (id: string, answer: Answer): void => {
    pending.get(id)?.(answer);
    pending.delete(id);
  };
  connection.onEnded = (failure) => {
    // After an ERROR the service takes nothing more.
    const answer: Answer = !leaving && failure.kind === "publish" ? { kind: "refused", failure } : { kind: "none" };
    for (const id of pending.keys()) settle(id, answer);
    refuseSubscription(failure);
    if (!leaving) tell?.(failure);
  };
  const receipt = (id: string, then: () => void): string => {
    client.watchForReceipt(id, () => {
      connection.framed();
      then();
    });
    return id;
  };
  return {
    timing: opened.timing,
    async subscribe(destination, onMessage) {
      subscribing = true;
      const confirmed = new Promise<void>((resolve, reject) => {
        refuseSubscription = reject;
        if (connection.failure !== null) return reject(connection.failure);
        const headers = { id: "sonde", ack: "auto", receipt: receipt("subscribed", resolve) };
        client.subscribe(
          destination,
          ({ binaryBody }) => {
            connection.framed();
            onMessage({ data: binaryBody, receivedAt: connection.readAt });
          },
          headers,
        );
      });
      try {
        await inTime(outside, { phase: "subscribe", what: "receipt", timeoutMs: subscribeMs }, confirmed);
      } catch (problem) {
        if (isFailure(problem)) throw problem;
        // The library's word for a socket that has gone.
        throw connection.failure ?? failed("closed", "subscribe", "closed while subscribing", { transient: true });
      } finally {
        subscribing = false;
      }
    },
    publish(destination, data) {
      // An ERROR is about what was said last: without receipts nothing is ever said of the one before.
      if (!opened.receipts) settle(`m${published}`, { kind: "none" });
      const id = `m${++published}`;
      const body = bodyOf(data);
      const answer = new Promise<Answer>((resolve) => pending.set(id, resolve));
      const acknowledged = (): void => settle(id, { kind: "acknowledged", receivedAt: connection.readAt });
      const sentAt = outside.now();
      try {
        const headers = opened.receipts ? { receipt: receipt(id, acknowledged) } : {};
        client.publish({ destination, headers, ...body });
      } catch {
        // The socket has gone; its end tells why.
        settle(id, { kind: "none" });
      }
      return { sentAt, answer };
    },
    onClosed(listener) {
      tell = listener;
      if (connection.failure !== null) listener(connection.failure);
    },
    async close() {
      if (leaving) return;
      leaving = true;
      // A polite DISCONNECT, where the service lets us.
      await within(outside, closeMs, "close", connection.leave()).catch(() => {});
      connection.cut();
      for (const id of pending.keys()) settle(id, { kind: "none" });
    },
  };
}

/** Text where it is text: some services read no binary WebSocket frames. */
function bodyOf(data: Uint8Array): { body: string } | { binaryBody: Uint8Array } {
  try {
    return { body: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data) };
  } catch {
    return { binaryBody: data };
  }
}
