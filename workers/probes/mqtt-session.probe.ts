// One MQTT session after its login: subscribes, publishes, and says why it ended. The client library is given; here its
// errors become failures, and every wait gets its deadline. Called by `mqtt.probe.ts`.

import type { Duplex } from "node:stream";
import type { MqttClient } from "mqtt";

import type { Outside } from "../outside.ts";
import { within } from "../outside.ts";
import type { ConnectTiming, Deadlines, Failure, Session } from "./driver.ts";
import { failed, isFailure } from "./failure.ts";
import { refusedSubscription, sentAway } from "./mqtt-failures.ts";
import { InFlight } from "./mqtt-inflight.probe.ts";
import type { Limits, Qos } from "./mqtt-limits.ts";
import { inTime } from "./opening.probe.ts";

/** A client that has logged in, and the connection that it speaks on. */
export interface LoggedIn {
  readonly client: MqttClient;
  readonly stream: Duplex;
  readonly timing: ConnectTiming;
  readonly qos: Qos;
  readonly limits: Limits;
}

export function sessionOn(outside: Outside, login: LoggedIn, deadlines: Deadlines): Session {
  const { client, stream, timing, qos, limits } = login;
  const inflight = new InFlight(outside, client, qos, limits);
  let ending = false;
  let failure: Failure | null = null;
  const listeners: ((failure: Failure) => void)[] = [];
  const ended = (why: Failure): void => {
    if (ending || failure !== null) return;
    failure = why;
    inflight.end(why);
    for (const tell of listeners) tell(why);
  };
  whenItEnds(client, ended);
  const onClosed = (listener: (failure: Failure) => void): void => {
    if (failure === null) listeners.push(listener);
    else listener(failure);
  };
  return {
    timing,
    async subscribe(channel, onMessage) {
      client.on("message", (topic, data) => {
        const receivedAt = outside.now();
        if (topic === channel) onMessage({ data, receivedAt });
      });
      // The library waits for ever for an answer that it could not read.
      const cut = new Promise<never>((_, reject) => onClosed(reject));
      const granted = Promise.race([client.subscribeAsync(channel, { qos }), cut]).catch((problem: unknown) => {
        throw refusedSubscribe(problem, failure);
      });
      await inTime(outside, { phase: "subscribe", what: "SUBACK", timeoutMs: deadlines.subscribeMs }, granted);
    },
    publish: (channel, data) => inflight.publish(channel, data),
    onClosed,
    async close() {
      if (ending) return;
      ending = true;
      inflight.end(null);
      // A polite DISCONNECT, where the service lets us; unacknowledged publishes must not hold the round.
      if (failure === null) await within(outside, deadlines.closeMs, "close", client.endAsync(false)).catch(() => {});
      // Once it is being polite the library takes no order to be quick: the connection itself is ended.
      stream.destroy();
    },
  };
}

/** Whatever comes first: the service's own words, or what is no MQTT, or the end of the connection. */
function whenItEnds(client: MqttClient, ended: (why: Failure) => void): void {
  client.on("disconnect", (packet) => ended(sentAway(packet.reasonCode ?? 0)));
  client.on("error", (error: Error & { code?: unknown }) => {
    // Text is the code of a socket that broke (ECONNRESET); the library's own are numbers, or none.
    if (typeof error.code === "string") ended(CLOSED);
    else ended(ODD_REFUSAL.test(error.message) ? REFUSED_ODDLY : NOT_MQTT);
  });
  client.on("close", () => ended(CLOSED));
}

const CLOSED = failed("closed", "deliver", "closed by the service", { transient: true });
// mosquitto 2.0 refuses what is too large by a code that PUBACK does not have, and the library reads no further: which
// message it was is gone, that it was refused is not.
const ODD_REFUSAL = /^Invalid pub(ack|rec) reason code$/;
const REFUSED_ODDLY = failed("publish", "publish", "a publish was refused by a code that PUBACK does not have", {
  sure: false,
});
const NOT_MQTT = failed("protocol", "deliver", "the service sent what is not MQTT", { transient: true });

function refusedSubscribe(problem: unknown, closed: Failure | null): Failure {
  if (closed !== null || isFailure(problem)) {
    const { kind, code } = closed ?? (problem as Failure);
    return failed(kind, "subscribe", "closed while subscribing", { transient: true, ...(code && { code }) });
  }
  const granted = (problem as { packet?: { granted?: readonly unknown[] } }).packet?.granted?.[0];
  if (typeof granted === "number" && granted >= 128) return refusedSubscription(granted);
  return failed("protocol", "subscribe", "the answer to SUBSCRIBE does not fit it", { transient: true });
}
