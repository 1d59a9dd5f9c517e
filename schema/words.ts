// The vocabulary: each word that is stored, sent or shown, once. Unions are made from these lists, so that a switch
// over them is exhaustive. Imports nothing, computes nothing.

/** What became of one message. `late` is no outcome: it is part of `ok`, one count for each limit in force. */
export const OUTCOMES = ["ok", "lost", "error", "not_sent"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What a minute, a region or a target is. Unknown is its own word: `unmeasured` is neither up nor down. */
export const STATES = ["up", "degraded", "down", "unmeasured"] as const;
export type State = (typeof STATES)[number];

/** Why a round was run. Only `scheduled` rounds enter minutes. The position in this list is what is stored. */
export const PURPOSES = ["scheduled", "confirm", "control", "load"] as const;
export type Purpose = (typeof PURPOSES)[number];

/** What a round exercises. */
export const JOURNEYS = ["loop", "mesh", "room", "dialogue", "connect"] as const;
export type Journey = (typeof JOURNEYS)[number];

/** What one count in a series counts. */
export const UNITS = ["message", "delivery", "turn", "connection"] as const;
export type Unit = (typeof UNITS)[number];

/** What `ok` proves in a series: a REST gateway's 200 is not a delivery, and never shown as one. */
export const OK_MEANINGS = ["delivered", "acknowledged", "accepted"] as const;
export type OkMeaning = (typeof OK_MEANINGS)[number];

/** Where in a round a failure happened. */
export const PHASES = ["connect", "subscribe", "publish", "deliver", "close"] as const;
export type Phase = (typeof PHASES)[number];

/** What kind of failure it was. `aborted` and `platform` are the fleet's own. */
export const FAILURE_KINDS = [
  "config",
  "dns",
  "tcp",
  "tls",
  "handshake",
  "protocol",
  "auth",
  "subscribe",
  "publish",
  "rate_limit",
  "receiver_offline",
  "timeout",
  "closed",
  "aborted",
  "platform",
  "unknown",
] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

/** Why a round proves nothing about the service. The position in this list is what is stored; 0 is "it was fit". */
export const UNFIT_REASONS = [
  "none",
  "scheduler_lag",
  "clock_step",
  "platform",
  "configuration",
  "credentials",
  "controls",
  "moved",
  "peer",
] as const;
export type UnfitReason = (typeof UNFIT_REASONS)[number];

/**
 * Cloudflare's location hints that really place an object there. `sam`, `afr` and `me` are accepted by the platform and
 * spawn elsewhere, so they are refused here. Source: Cloudflare docs, Durable Objects, data location (2026-06-19).
 */
export const LOCATION_HINTS = ["wnam", "enam", "weur", "eeur", "apac-ne", "apac-se", "oc"] as const;
export type LocationHint = (typeof LOCATION_HINTS)[number];

/**
 * Drivers that exist. Adding one: this word, `probes/<name>.probe.ts` and `config/drivers/<name>.ts`, and a line in each of
 * the exhaustive maps that the compiler then asks for.
 */
export const DRIVERS = [
  "mqtt",
  "nats",
  "websocket",
  "socketio",
  "centrifugo",
  "stomp",
  "amqp",
  "agora-rest",
  "agora-sdk",
] as const;
export type DriverName = (typeof DRIVERS)[number];

/** Languages of the page. */
export const LANGUAGES = ["en", "zh"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Where alerts go. Adding one: this word, `alerts/<name>.send.ts`, and a line in each of the exhaustive maps that the compiler then asks for. */
export const CHANNELS = [
  "webhook",
  "slack",
  "teams",
  "discord",
  "telegram",
  "pagerduty",
  "alertmanager",
  "feishu",
  "dingtalk",
  "wecom",
  "email",
  "email-http",
] as const;
export type ChannelName = (typeof CHANNELS)[number];

/** How bad an incident is, worst first; PagerDuty's words. */
export const ALERT_SEVERITIES = ["critical", "error", "warning", "info"] as const;
export type AlertSeverity = (typeof ALERT_SEVERITIES)[number];
