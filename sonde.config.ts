// The one file that is yours: who measures, what is measured, and what the page holds it to. Everything that is wrong
// with it is said at once, by `npm start` and before a deploy. Never write a password here: write the NAME of a secret.
// It is published with the evidence, so that an auditor can see what was measured. (Default export: the one place where
// tools look for it.)

import { defineConfig } from "./workers/config/define.ts";

export default defineConfig({
  // What the page is called.
  name: "Example messaging",

  // Languages of the page; the first is its own, the reader may change. ["en"] or ["zh"] alone is fine.
  languages: ["en", "zh"],

  // Days and months on the page begin at this zone's midnight. Any IANA name: "Asia/Shanghai", "Europe/Berlin".
  timeZone: "UTC",

  // Where the probers stand: the seven places that Cloudflare really offers. Fewer cost less.
  // With your own name: { id: "frankfurt", label: { en: "Frankfurt", zh: "法兰克福" }, hint: "weur" }.
  // A prober that started in the wrong place (the page shows where) gets a new start with { id: "weur", generation: 2 }.
  regions: ["wnam", "enam", "weur", "eeur", "apac-ne", "apac-se", "oc"],

  targets: [
    {
      // Lower case letters, digits and dashes. Results are kept under it, so change the label rather than the id.
      id: "broker",
      label: { en: "Message broker", zh: "消息服务" },
      // Or nats, websocket, socketio, centrifugo, stomp, amqp, agora-rest, agora-sdk: docs/drivers.md says what each needs.
      driver: "mqtt",

      // ws://, wss://, mqtt:// or mqtts://. One for all regions, or "wss://{region}.example.com/mqtt", or one for each region:
      // { weur: "wss://eu.example.com/mqtt", enam: "wss://us.example.com/mqtt" } with `regions` listing the same.
      address: "wss://broker.example.com/mqtt",

      // Names of secrets. Put the values there: npx wrangler secret put MQTT_USER. No credentials: leave this out.
      credentials: { user: "MQTT_USER", password: "MQTT_PASSWORD" },

      // Left out, so these hold: options: { version: "3.1.1", qos: 0, topic: "sonde/{target}/{region}" }. The account needs to publish
      // and to subscribe to that topic, and should be allowed nothing else.

      // A round every 60 s: connect, subscribe, then 20 messages 50 ms apart, each lost unless it is back within 5 s.
      // `every` divides a minute or is a multiple of it, and a whole round must fit into it:
      // connectDeadline 3 s + 19 x 50 ms + deadline 5 s + 0.5 s to close = 9.45 s.
      every: "60s",
      messages: 20,
      gap: "50ms",
      deadline: "5s",
      connectDeadline: "3s",
      payloadBytes: 100,

      // What is exercised, one after the other; all of it must fit into `every`. Beside loop there are "connect" (time to a
      // usable session), "dialogue" (many turns), { journey: "room", subscribers: 100 } and "mesh" (from region to region).
      journeys: ["loop"],

      // Or what it is used for, which brings its journeys: scene: "voice-room", "one-to-one" or "ai-dialogue".

      // Left out here: regions: ["weur", "enam"], for a target that only some of the places measure.
    },
  ],

  objectives: {
    // Proportions, not percentages. 99.9 % a month is 43 minutes of downtime in 30 days.
    availability: 0.999,
    delivery: 0.9999,
    // Round trip and time to a usable session: 99 of 100 are faster than this. Deadlines must be far above.
    latencyP99: "200ms",
    connectP99: "600ms",
    // A minute is down when this share of its messages is lost or refused (4 of 20) ...
    downShare: 0.2,
    // ... and degraded, which still counts as up, when this share is lost, refused or later than latencyP99.
    degradedShare: 0.1,
    // Every minute keeps how many messages took longer than each of these; at most six.
    limits: ["200ms", "600ms"],
  },

  // What was promised, for reports that can be held against a provider: each month one, frozen when the month is over.
  // docs/contracts.md lists the presets and everything that may stand here. Whatever stands beside `preset` takes the
  // place of the preset's: objectives: [{ id: "availability", kind: "slots", target: 0.9995 }].
  contracts: [
    {
      // Part of the address of its page: /sla/standard.
      id: "standard",
      target: "broker",
      // The promise of the article that Sonde began with: 99.9 % of the minutes, 99.99 % of the messages, P99 below 200 ms.
      preset: "realtime-messaging",
      // Its first day, in the zone of its periods. Changed terms are a new entry with the same id, version: 2 and a later day.
      effective: { from: "2026-01-01" },

      // Left out here: page: "access", for a page that is not for everybody (then `access` below says who may come in), and
      // fee: { amount: 1000, currency: "CNY" }, which only such a page shows.
    },
  ],

  // Who is told when something happens: docs/alerts.md. `npm start` tells this terminal instead, and nobody else.
  // url: "https://status.example.com",
  // alerts: {
  //   channels: [{ id: "ops", channel: "slack", url: "SONDE_SLACK_URL" }],
  //   routes: [{ id: "all", to: ["ops"] }, { id: "ours", audience: "keepers", to: ["ops"] }],
  //   links: "SONDE_LINK_SECRET",
  // },

  // Left out here: access: { team: "acme", audience: "the 64 digits of the application's AUD tag" }, of Cloudflare Access.
  // The NAME of the secret that signs tickets and exclusions; without it nobody can record any. `npm start` takes its value
  // from the environment: SONDE_RECORDS_SECRET=whsec_... npm start.
  // records: { secret: "SONDE_RECORDS_SECRET" },
});
