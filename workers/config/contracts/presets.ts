// The exhaustive map of the terms that come with Sonde: one line a preset. Read by `contracts.ts`, and by `targets.ts` for the journeys
// of a scene.

import type { Preset } from "./preset.ts";
import { type PresetName, PROVIDER_PRESETS, SCENES } from "./preset-names.ts";
import { AI_DIALOGUE } from "./presets/ai-dialogue.ts";
import { AWS_IOT_CORE } from "./presets/aws-iot-core.ts";
import { EMQX_CLOUD } from "./presets/emqx-cloud.ts";
import { GCP_PUBSUB } from "./presets/gcp-pubsub.ts";
import { ONE_TO_ONE } from "./presets/one-to-one.ts";
import { PUSHER_CHANNELS } from "./presets/pusher-channels.ts";
import { PUSHER_CHATKIT } from "./presets/pusher-chatkit.ts";
import { REALTIME_MESSAGING } from "./presets/realtime-messaging.ts";
import { STREAM } from "./presets/stream.ts";
import { TENCENT_IM } from "./presets/tencent-im.ts";
import { TWILIO } from "./presets/twilio.ts";
import { VOICE_ROOM } from "./presets/voice-room.ts";

export const PRESET_NAMES: readonly PresetName[] = [...PROVIDER_PRESETS, ...SCENES];

export const PRESETS: Readonly<Record<PresetName, Preset>> = {
  "realtime-messaging": REALTIME_MESSAGING,
  "tencent-im": TENCENT_IM,
  "aws-iot-core": AWS_IOT_CORE,
  "gcp-pubsub": GCP_PUBSUB,
  "pusher-channels": PUSHER_CHANNELS,
  "pusher-chatkit": PUSHER_CHATKIT,
  twilio: TWILIO,
  stream: STREAM,
  "emqx-cloud": EMQX_CLOUD,
  "voice-room": VOICE_ROOM,
  "one-to-one": ONE_TO_ONE,
  "ai-dialogue": AI_DIALOGUE,
};
