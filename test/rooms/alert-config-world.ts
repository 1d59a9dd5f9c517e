// A good configuration whose alerts say everything that they can, for the tests of their parser. Checks nothing itself.

import { defineConfig } from "../../workers/config/define.ts";

export const GOOD = defineConfig({
  name: "Acme",
  timeZone: "Asia/Shanghai",
  regions: ["weur", "enam"],
  targets: [
    { id: "chat", driver: "mqtt", address: "wss://chat.example.com/mqtt" },
    { id: "calls", driver: "mqtt", address: "wss://calls.example.com/mqtt" },
  ],
  contracts: [
    { id: "gold", tier: "gold", target: "chat", preset: "realtime-messaging", effective: { from: "2026-01-01" } },
  ],
  url: "https://status.example",
  alerts: {
    channels: [
      { id: "ops", channel: "slack", url: "SONDE_SLACK_URL", language: "zh" },
      { id: "pager", channel: "pagerduty", key: "SONDE_PAGERDUTY_KEY", options: { host: "events.eu.pagerduty.com" } },
      { id: "mail", channel: "email", options: { from: "sonde@example.com", to: "ops@example.com, lin@example.com" } },
      { id: "hook", channel: "webhook", url: "HOOK_URL", key: "HOOK_KEY" },
      { id: "teams", channel: "teams", url: "TEAMS_URL" },
      { id: "discord", channel: "discord", url: "DISCORD_URL" },
      { id: "telegram", channel: "telegram", key: "TELEGRAM_TOKEN", options: { chat: "-1001234567890" } },
      { id: "prom", channel: "alertmanager", url: "ALERTMANAGER_URL" },
      { id: "feishu", channel: "feishu", url: "FEISHU_URL", options: { keyword: "Sonde" } },
      { id: "ding", channel: "dingtalk", url: "DING_URL", key: "DING_KEY", options: { keyword: "探测" } },
      { id: "wecom", channel: "wecom", url: "WECOM_URL" },
      {
        id: "api",
        channel: "email-http",
        url: "MAIL_URL",
        key: "MAIL_KEY",
        options: { from: "Sonde <sonde@example.com>", to: "a@example.com" },
      },
    ],
    contacts: [
      { id: "lin", channels: ["mail"] },
      { id: "ana", channels: ["ding", "pager"] },
    ],
    schedules: [
      {
        id: "primary",
        zone: "Europe/Berlin",
        rotations: [
          { from: "2026-01-05T09:00", contacts: ["lin", "ana"] },
          {
            from: "2026-01-05T09:00",
            everyDays: 1,
            contacts: ["ana"],
            only: { days: [5, 1], from: "22:00", to: "07:00" },
          },
        ],
        overrides: [{ from: "2026-12-24T09:00", to: "2026-12-27T09:00", contact: "ana" }],
      },
    ],
    routes: [
      {
        id: "chat",
        targets: ["chat"],
        regions: ["weur"],
        severities: ["critical", "error"],
        tiers: ["gold"],
        levels: [
          { after: "0s", to: ["ops"] },
          { after: "15m", to: ["primary"] },
          { after: "1h", to: ["ana", "hook"] },
        ],
        quiet: { zone: "Europe/Berlin", days: [6, 7], from: "22:00", to: "07:00", except: ["critical", "error"] },
        fallback: "mail",
        next: true,
      },
      { id: "all", to: ["ops"] },
      { id: "ours", audience: "keepers", to: ["mail"], quiet: { from: "00:00", to: "08:30" } },
    ],
    group: "45s",
    update: "10min",
    repeat: "0s",
    resolve: "1h",
    blind: "5m",
    links: "SONDE_LINK_SECRET",
    token: "SONDE_OPS_TOKEN",
  },
});
