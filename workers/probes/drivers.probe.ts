// The exhaustive map of drivers: one line each. A library is loaded only when a target uses its driver.

import type { DriverName } from "../../schema/words.ts";
import type { Outside } from "../outside.ts";
import type { Driver } from "./driver.ts";

const DRIVERS: Readonly<Record<DriverName, (outside: Outside) => Promise<Driver>>> = {
  mqtt: async (outside) => (await import("./mqtt.probe.ts")).mqttDriver(outside),
  nats: async (outside) => (await import("./nats.probe.ts")).natsDriver(outside),
  websocket: async (outside) => (await import("./websocket.probe.ts")).websocketDriver(outside),
  socketio: async (outside) => (await import("./socketio.probe.ts")).socketioDriver(outside),
  centrifugo: async (outside) => (await import("./centrifugo.probe.ts")).centrifugoDriver(outside),
  stomp: async (outside) => (await import("./stomp.probe.ts")).stompDriver(outside),
  amqp: async (outside) => (await import("./amqp.probe.ts")).amqpDriver(outside),
  "agora-rest": async (outside) => (await import("./agora-rest.probe.ts")).agoraRestDriver(outside),
  "agora-sdk": async (outside) => (await import("./agora-sdk.probe.ts")).agoraSdkDriver(outside),
};

export function driverFor(name: DriverName, outside: Outside): Promise<Driver> {
  return DRIVERS[name](outside);
}
