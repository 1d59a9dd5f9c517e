// A table of bad contracts (who, when, where, by which preset, seen by whom) for
// contract-refusals.test.ts: each the good configuration with one thing changed. Checks nothing itself.

import { type Change, drop, set, top } from "./config-changes.ts";
import { both, G, gold, S, standard, type Refused } from "./contract-changes.ts";

/** A further version of the preset's contract. */
const version = (more: object): Change =>
  set("contracts.2", {
    id: "standard",
    version: 2,
    target: "calls",
    preset: "twilio",
    effective: { from: "2026-06-01" },
    ...more,
  });

export const CONTRACT_REFUSALS: readonly Refused[] = [
  // The list and what a contract is.
  ["contracts that are no list", top({ contracts: {} }), "contracts", "is not a list", "write contracts: [{ id:"],
  [
    "51 contracts",
    top({ contracts: Array.from({ length: 51 }, () => ({})) }),
    "contracts",
    "has 51 entries",
    "at most 50",
  ],
  ["a contract as text", set("contracts.1", "gold"), S, "is not an object", "write { id, version"],
  ["no id", drop("contracts.1.id"), `${S}.id`, "is missing", 'write id: "standard"'],
  ["an id in capitals", standard("id", "Standard"), `${S}.id`, "is not an id", "lower case letters"],
  ["the id of another page", standard("id", "feed"), `${S}.id`, "another page", 'id: "standard"'],
  ["the id index", standard("id", "index"), `${S}.id`, "another page", 'id: "standard"'],
  ["a misspelt key", standard("objektives", []), `${S}.objektives`, "not a key", "did you mean objectives?"],
  ["version 0", standard("version", 0), `${S}.version`, "less than 1", "version: 1"],
  ["version 1.5", standard("version", 1.5), `${S}.version`, "not a whole number", "version: 1"],
  ["a tier with a space", standard("tier", "very good"), `${S}.tier`, "is not an id", 'tier: "standard"'],
  ["a label of nothing", standard("label", " "), `${S}.label`, "has 1 characters", "1 to 80"],
  ["an unknown page", standard("page", "private"), `${S}.page`, "public, access", "public"],
  ["a page for nobody", drop("access"), `${G}.page`, "nobody could come in", 'write access: { team: "acme"'],
  ["no target", drop("contracts.1.target"), `${S}.target`, "is missing", 'target: "broker"'],
  ["an unknown target", standard("target", "cals"), `${S}.target`, "not the id of a target", 'did you mean "calls"?'],
  ["a target like none", standard("target", "zzzzzz"), `${S}.target`, "not the id", "an entry of targets"],
  ["an unknown preset", standard("preset", "tencent"), `${S}.preset`, "is not one of", 'did you mean "tencent-im"?'],
  ["no effective", drop("contracts.1.effective"), `${S}.effective`, "is missing", "from: "],
  ["no first day", drop("contracts.1.effective.from"), `${S}.effective.from`, "is missing", "2026-01-01"],
  ["30 February", standard("effective.from", "2026-02-30"), `${S}.effective.from`, "not a date", "2027-01-31"],
  [
    "a time for a day",
    standard("effective.from", "2026-01-01T00:00Z"),
    `${S}.effective.from`,
    "not a date",
    "2027-01-31",
  ],
  ["a day of 1999", standard("effective.from", "1999-12-31"), `${S}.effective.from`, "2000 to 2100", "2027-01-31"],
  ["a day of 2101", standard("effective.from", "2101-01-01"), `${S}.effective.from`, "2000 to 2100", "2027-01-31"],
  [
    "an end before the beginning",
    standard("effective.to", "2025-12-31"),
    `${S}.effective.to`,
    "is before 2026-01-01",
    "from 2026-01-01 on",
  ],
  ["a fee of 0", gold("fee.amount", 0), `${G}.fee.amount`, "not above 0", "for one period"],
  ["a fee as text", gold("fee.amount", "98765"), `${G}.fee.amount`, "not a number", "for one period"],
  ["a currency by its name", gold("fee.currency", "yuan"), `${G}.fee.currency`, "ISO 4217", 'currency: "CNY"'],
  ["an unknown key of a fee", gold("fee.sum", 98_765), `${G}.fee.sum`, "not a key", "known here: amount, currency"],

  // Versions.
  ["a version twice", version({ version: 1 }), "contracts[2].version", "twice for", "write version: 2"],
  [
    "a version that begins before its elder",
    version({ effective: { from: "2025-06-01" } }),
    "contracts[2].effective.from",
    "not after 2026-01-01",
    "takes over",
  ],
  [
    "two versions from one day",
    version({ effective: { from: "2026-01-01" } }),
    "contracts[2].effective.from",
    "not after 2026-01-01",
    "takes over",
  ],
  [
    "versions that overlap",
    both(standard("effective.to", "2026-06-01"), version({})),
    "contracts[2].effective.from",
    "the last day of version 1",
    'to: "2026-05-31"',
  ],
  [
    "a version about another target",
    version({ target: "chat" }),
    "contracts[2].target",
    "one promise is about one service",
    'target: "calls"',
  ],
  ["a version on another page", version({ page: "access" }), "contracts[2].page", "shown to others", 'page: "public"'],

  // Regions.
  [
    "an unknown region",
    gold("regions", ["weur", "enma"]),
    `${G}.regions[1]`,
    "not among the regions",
    "write some of: weur, oc",
  ],
  [
    "a region that does not measure it",
    gold("regions", ["weur", "enam"]),
    `${G}.regions[1]`,
    'does not measure the target "chat"',
    "weur, oc",
  ],
  ["a region twice", gold("regions", ["weur", "oc", "weur"]), `${G}.regions[2]`, "twice", "take one"],
  ["no region", gold("regions", []), `${G}.regions`, "at least one region", "all regions"],
  ["an unknown rule for regions", gold("regionRule", "most-down"), `${G}.regionRule`, "not a rule", "{ atLeast: 2 }"],
  ["at least none", gold("regionRule", { atLeast: 0 }), `${G}.regionRule.atLeast`, "less than 1", "atLeast: 2"],
  [
    "at least one and a half",
    gold("regionRule", { atLeast: 1.5 }),
    `${G}.regionRule.atLeast`,
    "whole number",
    "atLeast: 2",
  ],
  [
    "at least more than there are",
    gold("regionRule", { atLeast: 3 }),
    `${G}.regionRule.atLeast`,
    "the 2 regions",
    "atLeast: 2 or less",
  ],

  // The period.
  ["a week", gold("period.unit", "week"), `${G}.period.unit`, "month, quarter, year", "year"],
  ["an unknown zone", gold("period.zone", "Asia/Atlantis"), `${G}.period.zone`, "not a time zone", "Asia/Shanghai"],
  ["an offset for a zone", gold("period.zone", "+08:00"), `${G}.period.zone`, "not a time zone", "Asia/Shanghai"],
  [
    "a billing day without a day",
    drop("contracts.0.period.anchorDay"),
    `${G}.period.anchorDay`,
    "is missing",
    "anchorDay: 17",
  ],
  ["day 32", gold("period.anchorDay", 32), `${G}.period.anchorDay`, "more than 31", "anchorDay: 17"],
  ["day 0", gold("period.anchorDay", 0), `${G}.period.anchorDay`, "less than 1", "anchorDay: 17"],
  [
    "a day of a calendar month",
    gold("period.anchor", "calendar"),
    `${G}.period.anchorDay`,
    'anchor "calendar"',
    "billing-day",
  ],
  ["an unknown clip", gold("period.clip", "month"), `${G}.period.clip`, "calendar, none", "calendar"],

  // What a preset brings.
  [
    "a preset whose journey is not measured",
    standard("preset", "ai-dialogue"),
    `${S}.preset`,
    "does not measure it",
    'journeys: ["loop", "dialogue"]',
  ],
  [
    "a preset whose limit is not counted",
    set("objectives", { limits: ["300ms", "600ms", "1s"], latencyP99: "300ms" }),
    `${S}.preset`,
    'brings objectives[2].limit = "200ms", which is not among the limits',
    'limits: ["200ms", "300ms", "600ms", "1s"]',
  ],
  [
    "a preset that needs more messages",
    standard("preset", "pusher-chatkit"),
    `${S}.preset`,
    "needs 100, and a slot of 60s holds 20 of loop",
    "messages: 100 in the target",
  ],
  [
    "a preset whose slots are shorter than the rounds",
    set("targets.1.every", "2min"),
    `${S}.preset`,
    "brings objectives[0].slot",
    'every: "60s" or less',
  ],
  [
    "a preset's credits for an objective that was replaced",
    both(
      standard("preset", "tencent-im"),
      standard("objectives", [{ id: "up", kind: "slots", slot: "300s", target: 0.99 }]),
    ),
    `${S}.preset`,
    'brings credits[0].objective = "availability", which is not the id',
    '"up"',
  ],
  [
    "a day beside a preset's calendar",
    standard("period", { anchorDay: 5 }),
    `${S}.period.anchorDay`,
    'anchor "calendar"',
    "billing-day",
  ],

  // Who may see it, who may write.
  [
    "a team's host",
    top({ "access.team": "https://acme.cloudflareaccess.com/" }),
    "access.team",
    "not the name of a team",
    'team: "acme"',
  ],
  [
    "a team with dots",
    top({ "access.team": "acme.example.com" }),
    "access.team",
    "not the name of a team",
    'team: "acme"',
  ],
  ["a short audience", top({ "access.audience": "abc" }), "access.audience", "not an audience tag", "AUD"],
  [
    "an audience in capitals",
    top({ "access.audience": "ABCDEF0123456789".repeat(4) }),
    "access.audience",
    "not an audience",
    "AUD",
  ],
  ["no audience", drop("access.audience"), "access.audience", "is missing", "audience:"],
  [
    "a secret's value",
    top({ "records.secret": "whsec_hunter2" }),
    "records.secret",
    "looks like a value",
    "SONDE_RECORDS_SECRET",
  ],
  ["no secret", top({ records: {} }), "records.secret", "is missing", "SONDE_RECORDS_SECRET"],

  // Scenes.
  [
    "an unknown scene",
    set("targets.1.scene", "voice-rom"),
    "targets[1].scene",
    "is not one of",
    'did you mean "voice-room"?',
  ],
  [
    "a scene whose journey is left out",
    both(set("targets.1.scene", "voice-room"), set("targets.1.journeys", ["loop", "connect"])),
    "targets[1].scene",
    "needs room",
    '"room"',
  ],
  [
    "a scene that the driver cannot play",
    set("targets.1", {
      id: "calls",
      driver: "agora-rest",
      scene: "ai-dialogue",
      address: "https://api.agora.io",
      credentials: { appCertificate: "CERT" },
      options: { appId: "0123456789abcdef".repeat(2) },
      every: "60s",
      messages: 5,
      gap: "1s",
    }),
    "targets[1].scene",
    "needs a driver that can receive",
    "take it out",
  ],
];
