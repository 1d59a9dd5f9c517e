// The exhaustive map of what each driver's configuration may hold: one line a driver. Read by `targets.ts`; the types that
// an editor completes are beside the rules.

import type { DriverName } from "../../schema/words.ts";
import { type AgoraRestInput, AGORA_REST_RULES } from "./drivers/agora-rest.ts";
import { type AgoraSdkInput, AGORA_SDK_RULES } from "./drivers/agora-sdk.ts";
import { type AmqpInput, AMQP_RULES } from "./drivers/amqp.ts";
import { type CentrifugoInput, CENTRIFUGO_RULES } from "./drivers/centrifugo.ts";
import { type MqttInput, MQTT_RULES } from "./drivers/mqtt.ts";
import { type NatsInput, NATS_RULES } from "./drivers/nats.ts";
import type { DriverRules } from "./drivers/rules.ts";
import { type SocketIoInput, SOCKETIO_RULES } from "./drivers/socketio.ts";
import { type StompInput, STOMP_RULES } from "./drivers/stomp.ts";
import { type WebSocketInput, WEBSOCKET_RULES } from "./drivers/websocket.ts";

export const DRIVER_RULES: Readonly<Record<DriverName, DriverRules>> = {
  mqtt: MQTT_RULES,
  nats: NATS_RULES,
  websocket: WEBSOCKET_RULES,
  socketio: SOCKETIO_RULES,
  centrifugo: CENTRIFUGO_RULES,
  stomp: STOMP_RULES,
  amqp: AMQP_RULES,
  "agora-rest": AGORA_REST_RULES,
  "agora-sdk": AGORA_SDK_RULES,
};

/** The part of a target that depends on its driver. */
export type DriverInput =
  | MqttInput
  | NatsInput
  | WebSocketInput
  | SocketIoInput
  | CentrifugoInput
  | StompInput
  | AmqpInput
  | AgoraRestInput
  | AgoraSdkInput;
