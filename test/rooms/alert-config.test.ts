// Aim: a configuration whose alerts lead nowhere never gets as far as an outage: whoever wrote it is told every mistake, where it is,
// what it held and what to write instead, and no secret is repeated. Method: one good configuration and exactly what becomes of it; a
// table of bad ones, each with one thing changed, with the exact entry and value, and with nothing else complained about; strangers.

import { describe, expect, it } from "vitest";
import { CHANNELS } from "../../schema/words.ts";
import { canonicalJson } from "../../workers/config/canonical.ts";
import { measuredOf } from "../../workers/config/config.ts";
import { configOf, parseConfig } from "../../workers/config/parse.ts";
import { explainProblems, type Problem } from "../../workers/config/problems.ts";
import { GOOD } from "./alert-config-world.ts";
import { CHANNEL_REFUSALS, URL_REFUSALS } from "./alert-channel-refusals.ts";
import { PEOPLE_REFUSALS } from "./alert-people-refusals.ts";
import { ROUTE_REFUSALS } from "./alert-route-refusals.ts";
import { type Change, drop, set } from "./config-changes.ts";

const ALERT_REFUSALS = [...URL_REFUSALS, ...CHANNEL_REFUSALS, ...PEOPLE_REFUSALS, ...ROUTE_REFUSALS];

function problemsAfter(...changes: readonly Change[]): readonly Problem[] {
  const config: unknown = structuredClone(GOOD);
  for (const change of changes) change(config);
  const parsed = parseConfig(config);
  return parsed.ok ? [] : parsed.problems;
}

/** Every entry below, as config-changes.ts writes paths. */
function pathsOf(value: unknown, path: string): readonly string[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, one]) => pathsOf(one, `${path}.${key}`))];
}

describe("good alerts", () => {
  it("yield exactly this: people, routes and times", () => {
    const { url, alerting } = configOf(GOOD);
    expect(url).toBe("https://status.example");
    const { channels, ...rest } = alerting ?? { channels: [] };
    expect(new Set(channels.map(({ channel }) => channel))).toEqual(new Set(CHANNELS));
    expect(rest).toEqual({
      contacts: [
        { id: "lin", channels: ["mail"] },
        { id: "ana", channels: ["ding", "pager"] },
      ],
      schedules: [
        {
          id: "primary",
          zone: "Europe/Berlin",
          rotations: [
            { from: "2026-01-05T09:00", everyDays: 7, contacts: ["lin", "ana"], only: null },
            {
              from: "2026-01-05T09:00",
              everyDays: 1,
              contacts: ["ana"],
              only: { days: [1, 5], fromMinute: 1320, toMinute: 420 },
            },
          ],
          overrides: [{ from: "2026-12-24T09:00", to: "2026-12-27T09:00", contact: "ana" }],
        },
      ],
      routes: [
        {
          id: "chat",
          audience: "service",
          targets: ["chat"],
          regions: ["weur"],
          severities: ["critical", "error"],
          tiers: ["gold"],
          levels: [
            { afterMs: 0, to: ["ops"] },
            { afterMs: 900_000, to: ["primary"] },
            { afterMs: 3_600_000, to: ["ana", "hook"] },
          ],
          quiet: {
            zone: "Europe/Berlin",
            days: [6, 7],
            fromMinute: 1320,
            toMinute: 420,
            except: ["critical", "error"],
          },
          fallback: "mail",
          next: true,
        },
        {
          id: "all",
          audience: "service",
          targets: null,
          regions: null,
          severities: null,
          tiers: null,
          levels: [{ afterMs: 0, to: ["ops"] }],
          quiet: null,
          fallback: null,
          next: false,
        },
        {
          id: "ours",
          audience: "keepers",
          targets: null,
          regions: null,
          severities: null,
          tiers: null,
          levels: [{ afterMs: 0, to: ["mail"] }],
          quiet: {
            zone: "Asia/Shanghai",
            days: [1, 2, 3, 4, 5, 6, 7],
            fromMinute: 0,
            toMinute: 510,
            except: ["critical"],
          },
          fallback: null,
          next: false,
        },
      ],
      groupMs: 45_000,
      updateMs: 600_000,
      repeatMs: 0,
      resolveMs: 3_600_000,
      blindMs: 300_000,
      linkSecret: "SONDE_LINK_SECRET",
      tokenSecret: "SONDE_OPS_TOKEN",
    });
  });

  it("yield exactly this: each kind of channel with what it needs, secrets by name", () => {
    const rows = configOf(GOOD).alerting?.channels.map(
      ({ id, channel, language, urlSecret, keySecret, options }) =>
        `${id}: ${channel} ${language} ${urlSecret} ${keySecret} ${JSON.stringify(options)}`,
    );
    expect(rows).toEqual([
      "ops: slack zh SONDE_SLACK_URL null {}",
      'pager: pagerduty en null SONDE_PAGERDUTY_KEY {"host":"events.eu.pagerduty.com"}',
      'mail: email en null null {"from":"sonde@example.com","to":"ops@example.com, lin@example.com"}',
      "hook: webhook en HOOK_URL HOOK_KEY {}",
      "teams: teams en TEAMS_URL null {}",
      "discord: discord en DISCORD_URL null {}",
      'telegram: telegram en null TELEGRAM_TOKEN {"chat":"-1001234567890"}',
      "prom: alertmanager en ALERTMANAGER_URL null {}",
      'feishu: feishu en FEISHU_URL null {"keyword":"Sonde"}',
      'ding: dingtalk en DING_URL DING_KEY {"keyword":"探测"}',
      "wecom: wecom en WECOM_URL null {}",
      'api: email-http en MAIL_URL MAIL_KEY {"from":"Sonde <sonde@example.com>","to":"a@example.com"}',
    ]);
  });

  it("need no more than channels and routes", () => {
    const { channels = [] } = GOOD.alerts ?? {};
    const alerting = configOf({
      ...GOOD,
      languages: ["zh", "en"],
      url: undefined,
      alerts: { channels: channels.slice(1, 2), routes: [{ id: "all", to: ["pager"] }] },
    }).alerting;
    expect(alerting).toMatchObject({
      channels: [{ id: "pager", language: "zh" }],
      contacts: [],
      schedules: [],
      routes: [{ id: "all", audience: "service", levels: [{ afterMs: 0, to: ["pager"] }] }],
      groupMs: 30_000,
      updateMs: 300_000,
      repeatMs: 14_400_000,
      resolveMs: 1_800_000,
      blindMs: 180_000,
      linkSecret: null,
      tokenSecret: null,
    });
  });

  it("do not change what is measured, and can be kept", () => {
    const [config, without] = [configOf(GOOD), configOf({ ...GOOD, url: undefined, alerts: undefined })];
    expect(without).toMatchObject({ url: null, alerting: null });
    expect(canonicalJson(measuredOf(config))).toBe(canonicalJson(measuredOf(without)));
    expect(canonicalJson(measuredOf(config))).not.toMatch(/alert|status\.example/);
    expect(configOf(JSON.parse(JSON.stringify(GOOD)))).toEqual(config);
  });

  it("may be of a page on one's own machine", () => {
    for (const url of [
      "http://127.0.0.1:8787",
      "http://localhost:8787",
      "http://[::1]:8787",
      "https://Status.Example/",
    ]) {
      expect(configOf({ ...GOOD, url }).url, url).toBe(url.toLowerCase().replace(/\/$/, ""));
    }
  });

  it("may leave nothing out of quiet hours, give one person two shifts a turn, and swap with nobody", () => {
    const changes = [
      set("alerts.routes.0.quiet.except", []),
      set("alerts.schedules.0.rotations.0.contacts", ["lin", "lin", "ana"]),
      set("alerts.schedules.0.overrides", []),
      set("alerts.routes.0.quiet.days", [1, 2, 3, 4, 5, 6, 7]),
    ];
    expect(problemsAfter(...changes)).toEqual([]);
  });
});

describe("bad alerts", () => {
  it(`are refused with entry, value, why, and a mend, ${ALERT_REFUSALS.length} ways, and with nothing else`, () => {
    expect(ALERT_REFUSALS.length).toBeGreaterThanOrEqual(100);
    console.log(`alert-config.test.ts: ${ALERT_REFUSALS.length} bad alerts`);
    for (const [what, change, entry, value, problem, mend] of ALERT_REFUSALS) {
      const problems = problemsAfter(change);
      const text = `${what}: ${entry}, ${problem}, ${mend}\n${explainProblems(problems)}`;
      const found = problems.find((one) => one.entry === entry && one.problem.includes(problem));
      expect.soft(found?.mend, text).toContain(mend);
      expect.soft(found?.value, text).toBe(value);
      expect.soft([...new Set(problems.map((one) => one.entry))], text).toEqual([entry]);
      expect.soft(JSON.stringify(problems), text).not.toMatch(/hunter2|98765/);
    }
  });

  it("are told all their problems at once, with those of the rest of the configuration", () => {
    const problems = problemsAfter(
      set("objectives", { availability: 99.9 }),
      set("alerts.channels.0.channel", "slak"),
      set("alerts.contacts.0.channels.0", "male"),
      set("alerts.routes.1.to.0", "opps"),
      set("alerts.blind", "soon"),
    );
    expect(problems.map(({ entry }) => entry)).toEqual([
      "objectives.availability",
      "alerts.blind",
      "alerts.channels[0].channel",
      "alerts.contacts[0].channels[0]",
      "alerts.routes[1].to[0]",
    ]);
  });

  it("do not hear of a bad channel from all who refer to it, nor of tiers while the contracts are bad", () => {
    expect(problemsAfter(drop("alerts.channels.0.channel")).map(({ entry }) => entry)).toEqual([
      "alerts.channels[0].channel",
    ]);
    expect(problemsAfter(drop("contracts.0.effective")).map(({ entry }) => entry)).toEqual(["contracts[0].effective"]);
  });

  it("never make the parser crash, nor repeat a secret, whatever stands in any of their entries", () => {
    const secret = "hunter2-4a8e-9d0e";
    const strangers: readonly unknown[] = [null, -1, Number.NaN, "x".repeat(300), [], {}];
    const paths = [...pathsOf(GOOD.alerts, "alerts"), "url"];
    let accepted = 0;
    for (const path of paths) {
      for (const stranger of strangers) {
        const config = structuredClone(GOOD);
        set(path, stranger)(config);
        const parsed = parseConfig(config);
        if (parsed.ok) {
          accepted += 1;
          expect(() => canonicalJson(parsed.config), `${path} = ${JSON.stringify(stranger)}`).not.toThrow();
        } else expect(explainProblems(parsed.problems).length, path).toBeLessThan(40_000);
      }
      if (/\.(url|key|links|token|chat)$/.test(path)) {
        expect(explainProblems(problemsAfter(set(path, secret))), path).not.toContain(secret);
      }
    }
    console.log(`alert-config.test.ts: ${paths.length} entries x ${strangers.length} strangers, ${accepted} harmless`);
    expect(paths.length).toBeGreaterThan(140);
    // An empty list or object where one may be; true for `next`.
    expect(accepted).toBeLessThan(20);
  });
});
