// Socket.IO 4 (protocol 5) over ws and wss: socket.io-client on a WebSocket that we opened ourselves, so that refusals keep
// their HTTP status. No polling, no upgrade, no reconnect: one session is one try. Events and their arguments are the
// application's: `socketio-settings.ts`. The acknowledgement of a publish is the application's callback.

import { Manager, type Socket, WebSocket as EngineTransport } from "socket.io-client";

import type { Outside } from "../outside.ts";
import { within } from "../outside.ts";
import { CAPABILITIES } from "./capabilities.ts";
import { diagnose, hostOf } from "./diagnose.probe.ts";
import type { Answer, Driver, DriverContext, Endpoint, Session } from "./driver.ts";
import { failed } from "./failure.ts";
import { inTime, loginInTime, throughGate, timingOf } from "./opening.probe.ts";
import { SessionEnd } from "./session-end.ts";
import { cutBy, endedBy, frameJudge, refusalIn, refusedConnect } from "./socketio-failures.ts";
import {
  authOf,
  engineAddress,
  joinArguments,
  messageIn,
  publishArguments,
  type SocketIoSettings,
  socketIoSettings,
} from "./socketio-settings.ts";
import { handOver, type Line } from "./websocket-handed.probe.ts";
import { openWebSocket } from "./websocket-open.probe.ts";

/** The driver, on a given outside. Secrets: `token`, `user`, `password`. */
export function socketioDriver(outside: Outside): Driver {
  return {
    capabilities: CAPABILITIES.socketio,
    connect: (endpoint, _role, context) => connect(outside, endpoint, context),
    diagnose: (endpoint, failure, context) => diagnose(outside, hostOf(endpoint.address), failure, context.gate),
  };
}

async function connect(outside: Outside, endpoint: Endpoint, context: DriverContext): Promise<Session> {
  const { connectMs } = context.deadlines;
  const settings = socketIoSettings(endpoint.options);
  const opening = await throughGate(outside, context, () =>
    openWebSocket(outside, engineAddress(endpoint.address), [], connectMs),
  );
  const end = new SessionEnd();
  const line = handOver(outside, opening.value, {
    admit: frameJudge(),
    malformed: () => end.because(failed("protocol", "deliver", "the service sent what is not Socket.IO")),
    closed: (code) => end.because(cutBy(code)),
  });
  const client = clientOn(line, settings, endpoint.secrets, end);
  try {
    const loggedIn = new Promise<void>((resolve, reject) => {
      client.once("connect", resolve);
      end.hear((failure) => reject({ ...failure, phase: "connect" }));
    });
    client.connect();
    await loginInTime(outside, opening, context, "Socket.IO session", loggedIn);
  } catch (problem) {
    end.seal();
    client.disconnect();
    line.cut();
    throw problem;
  }
  return sessionOn(outside, { client, line, settings, end }, timingOf(outside, opening), context);
}

function clientOn(line: Line, settings: SocketIoSettings, secrets: Endpoint["secrets"], end: SessionEnd): Socket {
  class OpenedTransport extends EngineTransport {
    override createSocket(): Line["socket"] {
      return line.socket;
    }
  }
  // No address: the socket is there already, and the client would listen to the whole isolate going "offline" for one.
  const manager = new Manager({
    autoConnect: false,
    reconnection: false,
    upgrade: false,
    transports: [OpenedTransport],
  });
  manager.timeout(false);
  const client = manager.socket(settings.namespace, { auth: authOf(settings, secrets) });
  const notSocketIo = failed("protocol", "deliver", "the service sent what is not Socket.IO", { transient: true });
  manager.on("error", () => end.because(notSocketIo));
  client.on("connect_error", (error: Error & { data?: unknown }) =>
    end.because(refusedConnect(error.message, error.data)),
  );
  client.on("disconnect", (reason) => {
    const failure = endedBy(reason);
    if (failure !== null) end.because(failure);
  });
  return client;
}

interface Parts {
  readonly client: Socket;
  readonly line: Line;
  readonly settings: SocketIoSettings;
  readonly end: SessionEnd;
}

function sessionOn(
  outside: Outside,
  { client, line, settings, end }: Parts,
  timing: Session["timing"],
  context: DriverContext,
): Session {
  const { subscribeMs, closeMs } = context.deadlines;
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  const waiting = new Set<(answer: Answer) => void>();
  const settle = (): void => {
    for (const resolve of waiting) resolve({ kind: "none" });
    waiting.clear();
  };
  end.hear(settle);
  return {
    timing,
    async subscribe(channel, onMessage) {
      client.on(settings.receiveEvent, (...given: unknown[]) => {
        const message = messageIn(settings, channel, given);
        if (message !== null) onMessage({ data: encoder.encode(message), receivedAt: line.arrivedAt() });
      });
      if (settings.joinEvent === "") return;
      const due = { phase: "subscribe", what: "word on the join", timeoutMs: subscribeMs } as const;
      await inTime(outside, due, joined(client, settings, channel, end));
    },
    publish(channel, data) {
      const given = publishArguments(settings, channel, decoder.decode(data));
      const sentAt = outside.now();
      if (!settings.ack || end.isOver) {
        if (!end.isOver) client.emit(settings.publishEvent, ...given);
        return { sentAt, answer: Promise.resolve({ kind: "none" }) };
      }
      const answer = new Promise<Answer>((resolve) => {
        waiting.add(resolve);
        client.emit(settings.publishEvent, ...given, (word: unknown) => {
          const receivedAt = line.arrivedAt();
          waiting.delete(resolve);
          const failure = refusalIn(word, "publish");
          resolve(failure === null ? { kind: "acknowledged", receivedAt } : { kind: "refused", failure });
        });
      });
      return { sentAt, answer };
    },
    onClosed: (listener) => end.hear(listener),
    async close() {
      if (!end.seal()) return;
      settle();
      client.disconnect();
      line.cut();
      await within(outside, closeMs, "close", line.gone).catch(() => {});
    },
  };
}

/** Resolves when the application has confirmed the join, by its callback or by an event. Rejects with a Failure. */
function joined(client: Socket, settings: SocketIoSettings, room: string, end: SessionEnd): Promise<void> {
  return new Promise((resolve, reject) => {
    end.hear((failure) => reject({ ...failure, phase: "subscribe" }));
    const given = joinArguments(settings, room);
    if (settings.joinedEvent !== "") {
      client.once(settings.joinedEvent, () => resolve());
      client.emit(settings.joinEvent, ...given);
      return;
    }
    client.emit(settings.joinEvent, ...given, (word: unknown) => {
      const failure = refusalIn(word, "subscribe");
      if (failure === null) resolve();
      else reject(failure);
    });
  });
}
