// Aim: the MQTT driver at a broker that nobody wrote for it. Method: a real RabbitMQ with its MQTT plugin, over WebSocket, with
// authentication; 1,000 messages at each quality of service that it has, and the refusals that it alone words in its way.

import { describe, expect, it } from "vitest";

import type { RabbitMq } from "./rabbitmq.server.ts";
import { clean, foreignServerOf, tryRound } from "./trial.ts";

const rabbit = await foreignServerOf<RabbitMq>("rabbitmq", "rabbitmq-server");

describe.skipIf(rabbit === null)("RabbitMQ's MQTT", () => {
  const plain = `ws://127.0.0.1:${rabbit?.plain.mqtt}/ws`;
  const secure = `wss://127.0.0.1:${rabbit?.tls?.mqtt}/ws`;
  const whole = rabbit?.accounts.whole;
  const secrets = { user: whole?.user ?? "", password: whole?.password ?? "" };

  it.each([[0, plain], [1, plain], ...(rabbit?.tls === null ? [] : [[1, secure] as const])] as const)(
    "1,000 messages at QoS %i over %s: each comes once, in order",
    async (qos, address) => {
      for (let i = 0; i < 2; i++) {
        const five = await Promise.all(
          Array.from({ length: 5 }, (_, at) =>
            tryRound({
              driver: "mqtt",
              address,
              channel: `rabbit/${qos}/${i}/${at}`,
              options: { qos },
              secrets,
              messages: 100,
            }),
          ),
        );
        for (const { record } of five) expect(record).toMatchObject(clean(100));
      }
    },
  );

  it("a wrong password", async () => {
    const trial = { driver: "mqtt", address: plain, channel: "rabbit/none" } as const;
    const { observation, record } = await tryRound({ ...trial, secrets: { ...secrets, password: "wrong-on-purpose" } });
    // RabbitMQ 3.10 closes the WebSocket (1002) where a CONNACK 4 was due, so that nobody can tell why.
    expect(observation.failure).toMatchObject({ phase: "connect", kind: "closed" });
    expect(record).toMatchObject({ error: 8, connectFail: 8, unfit: "none" });
    expect(JSON.stringify(observation)).not.toContain("wrong-on-purpose");
  });
});
