// The publishes of one MQTT session: at most so many without an answer at one time, since mqtt.js holds nothing back and
// brokers drop what is too much. The others wait here, in order; each is answered once, at the latest when the session ends.

import type { MqttClient } from "mqtt";

import type { Outside } from "../outside.ts";
import type { Answer, Failure } from "./driver.ts";
import { failed } from "./failure.ts";
import { refusedPublish, tooLarge } from "./mqtt-failures.ts";
import { type Limits, publishBytes, type Qos } from "./mqtt-limits.ts";

interface Waiting {
  readonly topic: string;
  readonly data: Uint8Array;
  readonly settle: (answer: Answer) => void;
}

const NONE: Answer = { kind: "none" };

export class InFlight {
  readonly #outside: Outside;
  readonly #client: MqttClient;
  readonly #qos: Qos;
  readonly #limits: Limits;
  readonly #waiting: Waiting[] = [];
  readonly #flying = new Set<(answer: Answer) => void>();
  #ended: Answer | null = null;

  constructor(outside: Outside, client: MqttClient, qos: Qos, limits: Limits) {
    this.#outside = outside;
    this.#client = client;
    this.#qos = qos;
    this.#limits = limits;
  }

  /**
   * `sentAt` is when it was asked for, also where it must wait for room: until the service has answered those before, it
   * takes no more, and that is its slowness, to be seen in the latency. Stamped at the late write, it would read as ours.
   */
  publish(topic: string, data: Uint8Array): { sentAt: number; answer: Promise<Answer> } {
    const sentAt = this.#outside.now();
    if (this.#ended !== null) return { sentAt, answer: Promise.resolve(this.#ended) };
    const { packetBytesMax, inflight } = this.#limits;
    const bytes = packetBytesMax === null ? 0 : publishBytes(topic, data.length, this.#qos);
    // A client must not send what is larger (MQTT 5.0, section 3.2.2.3.6): the service would cut the connection.
    if (packetBytesMax !== null && bytes > packetBytesMax) {
      return { sentAt, answer: Promise.resolve({ kind: "refused", failure: tooLarge(bytes, packetBytesMax) }) };
    }
    if (this.#qos === 0) {
      this.#client.publish(topic, data as Buffer, { qos: 0 });
      return { sentAt, answer: Promise.resolve(NONE) };
    }
    const answer = new Promise<Answer>((settle) => {
      const one = { topic, data, settle };
      if (this.#flying.size < inflight) this.#write(one);
      else this.#waiting.push(one);
    });
    return { sentAt, answer };
  }

  /** The session is over: what flies will not be answered, and what waits was never written. Null: by our own wish. */
  end(failure: Failure | null): void {
    if (this.#ended !== null) return;
    const { kind, transient } = failure ?? {};
    const unwritten =
      kind === undefined ? null : failed(kind, "publish", "the session ended", { transient: transient ?? true });
    this.#ended = unwritten === null ? NONE : { kind: "refused", failure: unwritten };
    for (const settle of this.#flying) settle(NONE);
    for (const { settle } of this.#waiting) settle(this.#ended);
    this.#flying.clear();
    this.#waiting.length = 0;
  }

  #write({ topic, data, settle }: Waiting): void {
    this.#flying.add(settle);
    // Called at PUBACK or PUBCOMP, which give room (MQTT 5.0, section 4.9), and when the library gives up.
    this.#client.publish(topic, data as Buffer, { qos: this.#qos }, (problem?: Error & { code?: unknown }) => {
      const receivedAt = this.#outside.now();
      if (!this.#flying.delete(settle)) return;
      const code = problem?.code;
      if (problem === undefined || problem === null) settle({ kind: "acknowledged", receivedAt });
      else if (typeof code === "number") settle({ kind: "refused", failure: refusedPublish(code) });
      // No answer of the service: the connection is gone, and `end` comes next.
      else return settle(NONE);
      const next = this.#waiting.shift();
      if (next !== undefined) this.#write(next);
    });
  }
}
