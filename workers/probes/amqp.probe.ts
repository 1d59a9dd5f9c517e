// AMQP 0-9-1 over TCP and TLS, as RabbitMQ speaks it. The subscriber has a queue of its own, exclusive and deleted with it,
// bound to an exchange; the publisher asks for confirms, so that the answer to a message is the broker's word, and for unroutable ones back.

import type { AMQPChannel } from "@cloudamqp/amqp-client/amqp-channel";

import type { Outside } from "../outside.ts";
import { within } from "../outside.ts";
import { AmqpConnection } from "./amqp-connection.probe.ts";
import { failureOfEnding } from "./amqp-failures.ts";
import { FRAME_BYTES_MIN } from "./amqp-frames.ts";
import { CAPABILITIES } from "./capabilities.ts";
import { diagnose, hostOf } from "./diagnose.probe.ts";
import type { Answer, Driver, DriverContext, Endpoint, Failure, Session } from "./driver.ts";
import { failed, isFailure } from "./failure.ts";
import { inTime, loginInTime, throughGate, timingOf } from "./opening.probe.ts";
import { openSocket } from "./socket-open.probe.ts";

const CHANNEL = 1;

/** The driver, on a given outside. Options: `exchange`, `confirm`. Secrets: `user`, `password`. */
export function amqpDriver(outside: Outside): Driver {
  return {
    capabilities: CAPABILITIES.amqp,
    connect: (endpoint, role, context) => connect(outside, endpoint, role, context),
    diagnose: (endpoint, failure, context) => diagnose(outside, hostOf(endpoint.address), failure, context.gate),
  };
}

async function connect(
  outside: Outside,
  endpoint: Endpoint,
  role: "publisher" | "subscriber",
  context: DriverContext,
): Promise<Session> {
  const { connectMs } = context.deadlines;
  const opening = await throughGate(outside, context, () => openSocket(outside, hostOf(endpoint.address), connectMs));
  const connection = new AmqpConnection(outside, opening.value, {
    vhost: vhostOf(endpoint.address),
    // What every AMQP client says when nobody told it anything else.
    user: endpoint.secrets["user"] ?? "guest",
    password: endpoint.secrets["password"] ?? "guest",
  });
  const confirms = role === "publisher" && endpoint.options["confirm"] !== false;
  try {
    const channel = await loginInTime(outside, opening, context, "open channel", login(connection, confirms));
    return sessionOn(outside, connection, channel, { timing: timingOf(outside, opening), role, endpoint, context });
  } catch (problem) {
    const { ending } = connection;
    connection.end("cut");
    throw isFailure(problem) ? problem : failureOfEnding(ending ?? "garbage", "connect");
  }
}

/** "amqp://host/a%2Fb" is the virtual host "a/b"; no path, or a bare slash, is the default one. */
function vhostOf(address: string): string {
  return decodeURIComponent(new URL(address).pathname.slice(1)) || "/";
}

async function login(connection: AmqpConnection, confirms: boolean): Promise<AMQPChannel> {
  await connection.connect();
  if (connection.frameMax < FRAME_BYTES_MIN) throw new Error("frames that hold nothing");
  await connection.channel(CHANNEL);
  const channel = connection.channels[CHANNEL];
  if (channel === undefined) throw new Error("no channel");
  if (confirms) await channel.confirmSelect();
  return channel;
}

interface Opened {
  readonly timing: Session["timing"];
  readonly role: "publisher" | "subscriber";
  readonly endpoint: Endpoint;
  readonly context: DriverContext;
}

function sessionOn(outside: Outside, connection: AmqpConnection, channel: AMQPChannel, opened: Opened): Session {
  const { subscribeMs, closeMs } = opened.context.deadlines;
  const exchange = String(opened.endpoint.options["exchange"] ?? "amq.topic");
  const pending = new Map<string, (answer: Answer) => void>();
  let published = 0;
  let subscribing = false;
  let leaving = false;
  let failure: Failure | null = null;
  let tell: ((failure: Failure) => void) | null = null;
  const settle = (id: string | undefined, answer: Answer): void => {
    pending.get(id ?? "")?.(answer);
    pending.delete(id ?? "");
  };
  connection.onEnding = (ending) => {
    // A close names the reason: then what is out was refused for it. Otherwise nobody knows, and nothing is said.
    const refused = typeof ending === "object" && ending.of === "channel" && opened.role === "publisher";
    failure = failureOfEnding(ending, subscribing ? "subscribe" : refused ? "publish" : "deliver");
    for (const id of pending.keys()) settle(id, refused ? { kind: "refused", failure } : { kind: "none" });
    if (!leaving) tell?.(failure);
  };
  channel.onReturn = ({ replyCode, properties }) => {
    const code = replyCode ?? 312;
    const why = failed("publish", "publish", `returned with ${code}: no queue takes it`, { code });
    settle(properties.messageId, { kind: "refused", failure: why });
  };
  // Closed between the channel's opening and here: the promises' turns lie between.
  if (connection.ending !== null) connection.onEnding(connection.ending);

  const listen = async (routingKey: string, onMessage: Parameters<Session["subscribe"]>[1]): Promise<void> => {
    const { name } = await channel.queueDeclare("", { durable: false, autoDelete: true, exclusive: true });
    await channel.queueBind(name, exchange, routingKey);
    // In place of the library's own, which waits a turn and by then may have forgotten the consumer: a message that came
    // in one piece with a close would be lost here, and not at the service.
    channel.deliver = (message) => {
      if (message.routingKey === routingKey && message.body !== null)
        onMessage({ data: message.body, receivedAt: connection.readAt });
    };
    const consumer = await channel.basicConsume(name, { noAck: true }, () => {});
    // Rejects when the service takes the consumer away, alone or with the connection.
    consumer.wait().catch(() => connection.end("cancelled"));
  };
  return {
    timing: opened.timing,
    async subscribe(routingKey, onMessage) {
      subscribing = true;
      try {
        const due = { phase: "subscribe", what: "consumer", timeoutMs: subscribeMs } as const;
        await inTime(outside, due, listen(routingKey, onMessage));
      } catch (problem) {
        throw isFailure(problem) ? problem : (failure ?? failureOfEnding("garbage", "subscribe"));
      } finally {
        subscribing = false;
      }
    },
    publish(routingKey, data) {
      const id = String(++published);
      const answer = new Promise<Answer>((resolve) => pending.set(id, resolve));
      const sentAt = outside.now();
      // Written before it returns. Mandatory: what no queue takes comes back, instead of being dropped.
      channel.basicPublish(exchange, routingKey, data, { messageId: id }, true).then(
        // 0: the channel confirms nothing, whatever was asked for.
        (tag) => tag > 0 && settle(id, { kind: "acknowledged", receivedAt: connection.readAt }),
        () => settle(id, leaving ? { kind: "none" } : refusal(connection, failure)),
      );
      return { sentAt, answer };
    },
    onClosed(listener) {
      tell = listener;
      if (failure !== null) listener(failure);
    },
    async close() {
      if (leaving) return;
      leaving = true;
      // Before the library rejects what is out: that the channel closes is our own doing, and no refusal.
      for (const id of pending.keys()) settle(id, { kind: "none" });
      // A polite Connection.Close, where the service lets us.
      await within(outside, closeMs, "close", connection.close()).catch(() => {});
      connection.end("cut");
    },
  };
}

/** Why the library rejected a publish while the channel stood, or after it had gone. */
function refusal(connection: AmqpConnection, failure: Failure | null): Answer {
  if (failure !== null) return { kind: "none" };
  const why =
    connection.blocked === undefined
      ? failed("publish", "publish", "basic.nack: the service did not take it", { transient: true })
      : failed("rate_limit", "publish", "the service blocks publishers: it is short of memory or disk", {
          transient: true,
        });
  return { kind: "refused", failure: why };
}
