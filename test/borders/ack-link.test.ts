// Aim: a link in a message says what it would acknowledge and does nothing until somebody presses its button; then it acknowledges,
// once, in the name of whom it was sent to; whoever has no good link learns nothing. Method: the real door, and the link of a real
// message about an outage that a real Duty has found; a table of links that are not good; faked Duties for what no Duty does at will.

import { describe, expect, it } from "vitest";

import { tokenOf } from "../../workers/alerts/ack-link.ts";
import { linkKeyOf } from "../../workers/alerts/link-key.ts";
import type { DutyDoor } from "../../workers/console/duty-door.ts";
import { targetOf } from "../../workers/console/duty-door.ts";
import { must } from "../observations.ts";
import { NOON } from "../world.ts";
import { doors, ORIGIN, read } from "./acting-doors.ts";
import type { Doors } from "./acting-doors.ts";
import { GOOD, HOUR } from "./dutying.ts";

const PRESSED = {
  method: "POST",
  headers: { "content-type": "application/x-www-form-urlencoded" },
  body: "acknowledge=yes",
};
const KEY = `whsec_${btoa("0123456789abcdef0123456789abcdef")}`;
const ZH = { headers: { "accept-language": "zh-CN" } };

/** Path of the link in the page that was sent to `ops`. */
function linkOf({ on }: Doors): string {
  const url = String(must(on.receivers.got[0]).body.data["ack_url"]);
  expect(url).toMatch(/^https:\/\/status\.example\.com\/ack\/[\w-]+\.[\w-]{43}$/);
  return url.slice(ORIGIN.length);
}

async function made(
  more: { incident?: string; to?: string; expiresAt?: number; nonce?: string } = {},
  secret = KEY,
): Promise<string> {
  const key = must(linkKeyOf("X", () => secret) ?? undefined);
  const token = { incident: "chat-1", to: "ops", expiresAt: NOON + 20 * HOUR, nonce: "bWFkZQ", ...more };
  return `/ack/${await tokenOf(token, key)}`;
}

function expectSealed({ headers }: Response): void {
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("x-robots-tag")).toBe("noindex");
  expect(headers.get("referrer-policy")).toBe("no-referrer");
  expect(headers.get("content-security-policy")).toMatch(
    /^default-src 'none'; style-src 'sha256-[^ ]+'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'$/,
  );
}

describe("the link of a message", () => {
  it("changes nothing until its button is pressed, whoever opens it, and however", async () => {
    const all = await doors();
    const path = linkOf(all);
    const before = await all.events();
    const form = (body: string, type = "application/x-www-form-urlencoded") => ({
      method: "POST",
      headers: { "content-type": type },
      body,
    });
    const tries: readonly (readonly [RequestInit, status: number])[] = [
      [{}, 200],
      [{}, 200],
      [{ method: "HEAD" }, 200],
      [{ headers: { "user-agent": "Slackbot-LinkExpanding 1.0" } }, 200],
      [{ method: "POST" }, 422],
      [form(""), 422],
      [form("acknowledge="), 422],
      [form("acknowledge=no"), 422],
      [form("yes=acknowledge"), 422],
      [form("acknowledge=yes", "text/plain"), 422],
      [form('{"acknowledge":"yes"}', "application/json"), 422],
      [form(`${"a=b&".repeat(1_000)}acknowledge=yes`), 422],
      [{ method: "PUT" }, 405],
      [{ method: "DELETE" }, 405],
      [{ method: "OPTIONS" }, 405],
    ];
    for (const [init, status] of tries) {
      const answer = await all.link(path, init);
      expect([init, answer.status]).toEqual([init, status]);
      expectSealed(answer);
      const html = await answer.text();
      expect(html).not.toMatch(/<script|<img|<iframe| on[a-z]+=/);
      expect(html.includes('<form method="post">')).toBe(status !== 405 && init.method !== "HEAD");
    }
    expect([(await all.incident()).acked, await all.events()]).toEqual([null, before]);
    // Followed behind the address with a question mark, as mailers mark links.
    expect((await all.link(`${path}?utm_source=mail`)).status).toBe(200);
    console.log(`the link: ${tries.length} requests that change nothing`);
    expect(tries).toHaveLength(15);
  });

  it("says what it would acknowledge, and in whose name, in the reader's language", async () => {
    const all = await doors();
    const { sentence } = await all.incident();
    const en = await read(await all.link(linkOf(all)));
    expect(en).toContain(sentence.en.replaceAll("'", "&#39;"));
    expect(en).toMatch(/Acknowledge this incident\?.*Incident chat-1 Regions .*Since .* UTC Acknowledged by ops /);
    expect(en).toMatch(/Nothing has been done yet/);
    const zh = await all.link(linkOf(all), ZH);
    expect([zh.headers.get("content-language"), await read(zh)]).toEqual([
      "zh-Hans",
      expect.stringMatching(/确认这起事件？.*chat-1.*确认人 ops /),
    ]);
  });

  it("acknowledges once; says by whom and when; and is spent when the incident comes back", async () => {
    const all = await doors();
    const path = linkOf(all);
    const at = all.on.now();
    const [first, second] = await Promise.all([all.link(path, PRESSED), all.link(path, PRESSED)]);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(await read(first)).toMatch(/Acknowledged By ops, \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\. You have it in hand/);
    expect((await all.incident()).acked).toEqual({ at, by: "ops" });
    const events = await all.events();
    for (const init of [{}, PRESSED]) {
      const again = await all.link(path, init);
      expect([again.status, await read(again)]).toEqual([200, expect.stringMatching(/Acknowledged already By ops, /)]);
    }
    expect(await all.events()).toBe(events);
    const other = await made({ to: "lin" });
    for (const init of [{}, PRESSED]) {
      const answer = await all.link(other, init);
      expect(answer.status).toBe(409);
      expect(await read(answer)).toMatch(/Somebody else has acknowledged it By ops, .* It is in hand already/);
    }
    expect(await read(await all.link(other, ZH))).toMatch(/已由他人确认 ops，/);

    // Good again, and bad again: nobody has it in hand, and the old link does not say so anew.
    await all.on.minutes(6, GOOD);
    await all.on.during("chat", (duty) =>
      duty.act("chat", { incident: "chat-1", act: { kind: "reopen", note: "still" }, who: "lin", at: null, key: "r" }),
    );
    expect((await all.incident()).acked).toBeNull();
    for (const init of [{}, PRESSED]) {
      const answer = await all.link(path, init);
      expect([answer.status, await read(answer)]).toEqual([410, expect.stringMatching(/This link has been used/)]);
    }
    expect((await all.incident()).acked).toBeNull();
    expect((await all.link(other, PRESSED)).status).toBe(200);
    expect((await all.incident()).acked?.by).toBe("lin");
    expect(all.reports).toEqual([]);
  });

  it("of an incident that is over, says so", async () => {
    const all = await doors();
    await all.on.during("chat", (duty) => {
      const act = { kind: "resolve", note: "enough", force: true } as const;
      return duty.act("chat", { incident: "chat-1", act, who: "lin", at: null, key: "r" });
    });
    for (const init of [{}, PRESSED]) {
      const answer = await all.link(linkOf(all), init);
      expect([answer.status, await read(answer)]).toEqual([410, expect.stringMatching(/This incident is over/)]);
    }
  });
});

describe("a link that is not good", () => {
  it("is told its own words and nothing of the incident, and does nothing", async () => {
    const all = await doors();
    const good = linkOf(all);
    const { config } = await all.on.fleet.current();
    const alerting = must(config.alerting ?? undefined);
    const none = { config: { ...config, alerting: { ...alerting, linkSecret: null } } };
    const unknown = [404, /^There is no such link There is no such link /, /没有这个链接/] as const;
    const swapped = `${good.slice(0, -1)}${good.endsWith("A") ? "B" : "A"}`;
    type Case = readonly [
      string,
      path: string,
      status: number,
      en: RegExp,
      zh: RegExp,
      more?: Parameters<Doors["link"]>[2],
    ];
    const cases: readonly Case[] = [
      ["forged", swapped, ...unknown],
      ["cut off", good.slice(0, -4), ...unknown],
      ["no token", "/ack/hello", ...unknown],
      ["nothing", "/ack/", ...unknown],
      ["nothing at all", "/ack", ...unknown],
      ["deeper", `${good}/more`, ...unknown],
      ["endless", `/ack/${"a".repeat(5_000)}`, ...unknown],
      ["of another secret", await made({}, `whsec_${btoa("another-secret-of-32-bytes-here!")}`), ...unknown],
      ["of an incident that never was", await made({ incident: "chat-99" }), ...unknown],
      ["of a target that never was", await made({ incident: "none-1" }), ...unknown],
      ["of what is no incident", await made({ incident: "chat" }), ...unknown],
      ["where nothing signs", good, ...unknown, none],
      ["where there are no alerts", good, ...unknown, { config: { ...config, alerting: null } }],
      ["where the secret is not set", good, ...unknown, { secretOf: () => null }],
      ["where the secret is weak", good, ...unknown, { secretOf: () => "whsec_c2hvcnQ=" }],
      ["expired", await made({ expiresAt: NOON }), 410, /This link has expired/, /此链接已过期/],
      ["where the configuration is refused", good, 503, /It is not known whether/, /尚不清楚/, { config: null }],
    ];
    const before = await all.events();
    for (const [what, path, status, en, zh, more] of cases) {
      for (const init of [{}, { method: "HEAD" }, PRESSED]) {
        const answer = await all.link(path, init, more);
        expect([what, answer.status]).toEqual([what, status]);
        expectSealed(answer);
        const said = await read(answer);
        if (init.method !== "HEAD") expect(said).toMatch(en);
        expect(said).not.toMatch(/chat|weur|ops|outage/i);
        expect(answer.headers.get("retry-after") !== null).toBe(status === 503);
      }
      expect(await read(await all.link(path, ZH, more))).toMatch(zh);
    }
    expect([(await all.incident()).acked, await all.events()]).toEqual([null, before]);
    console.log(`the link: ${cases.length} that are not good, 4 requests each`);
    expect(cases).toHaveLength(17);
  });

  it("says that nothing is known where the Duty does not answer, and does not log the token", async () => {
    const all = await doors();
    const dead = () => Promise.reject(new Error("object reset"));
    const away = { dutyOf: () => ({ link: dead, follow: dead }) as unknown as DutyDoor };
    for (const init of [{}, PRESSED]) {
      const answer = await all.link(linkOf(all), init, away);
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
      expect(await read(answer)).toMatch(/It is not known whether this is done/);
    }
    expect(all.reports).toHaveLength(2);
    for (const line of all.reports) expect(line).not.toContain(linkOf(all).slice(5, 30));
  });

  it("asks the Duty that the incident's name says, the keepers' too", async () => {
    const all = await doors();
    const asked: string[] = [];
    const dutyOf = (name: string): DutyDoor => {
      asked.push(name);
      const refuse = () => Promise.resolve({ ok: false, refused: "already_acknowledged", before: null });
      return { link: refuse, follow: refuse } as unknown as DutyDoor;
    };
    const names: readonly (readonly [string, string | null])[] = [
      ["chat-7", "chat"],
      ["fleet_keepers-3", "fleet_keepers"],
      ["chat-2-15", "chat-2"],
      ["chat", null],
      ["chat-", null],
      ["chat-0", null],
      ["-1", null],
      ["a b-1", null],
    ];
    for (const [incident, target] of names) {
      expect([incident, targetOf(incident)]).toEqual([incident, target]);
      const answer = await all.link(await made({ incident }), {}, { dutyOf });
      // Nobody is named where it is not known who was first.
      expect(answer.status).toBe(target === null ? 404 : 409);
    }
    expect(asked).toEqual(["chat", "fleet_keepers", "chat-2"]);
    expect(names).toHaveLength(8);
  });
});
