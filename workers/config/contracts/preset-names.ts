// Names of the terms that come with Sonde. A new one: a word here, a file in `presets/`, a line in `presets.ts`.

/** Texts of providers, and the article's promise that Sonde began with. */
export const PROVIDER_PRESETS = [
  "realtime-messaging",
  "tencent-im",
  "aws-iot-core",
  "gcp-pubsub",
  "pusher-channels",
  "pusher-chatkit",
  "twilio",
  "stream",
  "emqx-cloud",
] as const;

/** What each scene of real-time messaging weighs most: journeys for a target, objectives for a contract. */
export const SCENES = ["voice-room", "one-to-one", "ai-dialogue"] as const;

export type Scene = (typeof SCENES)[number];
export type PresetName = (typeof PROVIDER_PRESETS)[number] | Scene;
