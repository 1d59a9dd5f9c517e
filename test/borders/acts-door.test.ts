// Aim: what people do through the API is done once, in their name, by the incident's Duty; what is not understood, or may not be, is
// told where and why as data, and changes nothing; who is not known is told nothing. Method: the real door before a real Duty whose
// target has an outage; tables of acts and refusals, with the number of events after each; Duties that fail on the way.

import { describe, expect, it } from "vitest";

import type { DutyDoor } from "../../workers/console/duty-door.ts";
import { isActs } from "../../workers/console/acts.entry.ts";
import { REFUSALS } from "../../workers/incidents/acts.ts";
import { refusalSaid } from "../../workers/console/acts-words.ts";
import { must } from "../observations.ts";
import { doors, TOKEN } from "./acting-doors.ts";
import type { Doors } from "./acting-doors.ts";

interface Body {
  readonly type?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
  readonly repeated?: boolean;
  readonly incident?: Readonly<Record<string, unknown>>;
  readonly [name: string]: unknown;
}

type Answered = readonly [status: number, body: Body, headers: Headers];

const BEARER = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
const ACCESS = { "cf-access-jwt-assertion": "judged by the guard", "content-type": "application/json" };

async function told(answer: Response): Promise<Answered> {
  const { status, headers } = answer;
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("content-security-policy")).toBe("default-src 'none'");
  expect(headers.get("content-type")).toMatch(status === 200 ? /^application\/json/ : /^application\/problem\+json$/);
  const body = (await answer.json()) as Body;
  if (status !== 200)
    expect(body).toMatchObject({ status, type: expect.stringMatching(/^urn:sonde:problem:[a-z-]+$/) });
  return [status, body, headers];
}

let keys = 0;

/** An act as a program sends it, each time under another key. */
async function act(all: Doors, name: string, body: object, headers: object = {}, id = "chat-1"): Promise<Answered> {
  keys += 1;
  const said = JSON.stringify({ key: `k-${keys}`, who: "lin", ...body });
  return told(
    await all.api(`/incidents/${id}/${name}`, { method: "POST", headers: { ...BEARER, ...headers }, body: said }),
  );
}

describe("an act", () => {
  it("of each kind is done, in the name of who is said, and answers the incident", async () => {
    const all = await doors();
    const { now } = all.on;
    const at = now() - 10_000;
    const [status, { repeated, incident }] = await act(all, "acknowledge", { note: "on it", at });
    expect([status, repeated]).toEqual([200, false]);
    expect(incident).toMatchObject({
      id: "chat-1",
      target: "chat",
      state: "open",
      bad_regions: ["weur"],
      acked: { at, by: "api:lin" },
      first_acked: at,
      merged_into: null,
      published: null,
    });
    expect(Object.keys(must(incident)).every((name) => /^[a-z_]+$/.test(name))).toBe(true);
    const text = { en: "We know.\r\nMore soon.", zh: "已知。" };
    const [, published] = await act(all, "publish", { statement: "identified", text });
    expect(published.incident).toMatchObject({
      published: now(),
      statements: [{ by: "api:lin", statement: "identified", text: { en: "We know.\nMore soon.", zh: "已知。" } }],
    });
    expect((await act(all, "note", { note: "the broker's disk is full" }))[0]).toBe(200);
    const [, resolved] = await act(all, "resolve", { note: "moved away", force: true });
    expect(resolved.incident).toMatchObject({ state: "resolved", resolved: now() });
    expect((await act(all, "postmortem", { text: { en: "A disk." } }))[1].incident).toMatchObject({
      postmortem: { by: "api:lin", text: { en: "A disk." } },
    });
    expect((await act(all, "reopen", { note: "again" }))[1].incident).toMatchObject({ state: "open", acked: null });
    const report = await all.on.during("chat", (duty) => duty.incident("chat", "chat-1"));
    const people = must(report ?? undefined).events.filter(({ author }) => author !== "sonde");
    expect(people.map(({ author, change }) => [author, change.kind])).toEqual(
      ["acknowledged", "published", "noted", "noted", "resolved", "postmortem", "reopened"].map((kind) => [
        "api:lin",
        kind,
      ]),
    );
  });

  it("of who signed in with Access is that one's, and nobody else's", async () => {
    const all = await doors();
    const send = async (body: object): Promise<Answered> =>
      told(
        await all.api("/incidents/chat-1/acknowledge", { method: "POST", headers: ACCESS, body: JSON.stringify(body) }),
      );
    const [status, body] = await send({ key: "a", who: "eve" });
    expect([status, body.errors]).toEqual([422, [{ pointer: "/who", detail: "leave it out: you are who signed in" }]]);
    expect((await send({ key: "a" }))[1].incident).toMatchObject({ acked: { by: "ada@acme.example" } });
  });

  it("sent again is done once; its key stands for nothing else; the header may hold it", async () => {
    const all = await doors();
    const note = (body: object, headers: object = {}) => act(all, "note", body, headers);
    const first = await note({ key: "n-1", note: "one" });
    const events = await all.events();
    const again = await note({ key: "n-1", note: "one" });
    expect([first[1].repeated, again[1].repeated, again[0]]).toEqual([false, true, 200]);
    const others: readonly (readonly [name: string, body: object])[] = [
      ["note", { note: "two" }],
      ["note", { note: "one", who: "ana" }],
      ["note", { note: "one", at: all.on.now() - 1_000 }],
      ["acknowledge", { note: "one" }],
      ["acknowledge", {}],
      ["publish", { statement: "monitoring", text: { en: "one" } }],
      ["postmortem", { text: { en: "one" } }],
      ["resolve", { note: "one", force: true }],
      ["reopen", { note: "one" }],
    ];
    for (const [name, body] of others) {
      const [status, { type }] = await act(all, name, { key: "n-1", ...body });
      expect([name, status, type]).toEqual([name, 409, "urn:sonde:problem:key-is-used"]);
    }
    expect(await all.events()).toBe(events);
    // A name of one of Sonde's own events, or of a link's.
    for (const key of ["chat-1", "link/x", "api/chat-1/n-1"]) {
      expect((await note({ key, note: key }))[1].repeated).toBe(false);
    }
    const headed = (value: string, key: string | null) => note({ key, note: "h" }, { "idempotency-key": value });
    expect((await headed('"h-1"', null))[1].repeated).toBe(false);
    expect((await headed("h-1", null))[1].repeated).toBe(true);
    expect((await headed("h-1", "h-1"))[1].repeated).toBe(true);
    for (const [value, key] of [
      ["h-1", "h-2"],
      ["a b", null],
      ["", null],
      ['""', null],
    ] as const) {
      expect((await headed(value, key))[0]).toBe(422);
    }
    expect(others).toHaveLength(9);
  });

  it("that may not be is refused with its word, and changes nothing", async () => {
    const all = await doors();
    const { now } = all.on;
    const text = { en: "x" };
    await act(all, "acknowledge", {});
    type Case = readonly [name: string, body: object, word: string, pointer: string | null];
    const cases: readonly Case[] = [
      ["acknowledge", {}, "already-acknowledged", null],
      ["resolve", { note: "x" }, "still-bad", null],
      ["reopen", { note: "x" }, "not-over", null],
      ["merge", { into: "chat-1" }, "merge-into-itself", "/into"],
      ["note", { note: " " }, "no-text", "/note"],
      ["note", { note: "a\u0007b" }, "text-unprintable", "/note"],
      ["note", { note: "x".repeat(20_001) }, "text-too-long", "/note"],
      ["publish", { statement: "monitoring", text: {} }, "no-text", "/text"],
      ["postmortem", { text: { zh: "" } }, "no-text", "/text"],
      ["publish", { statement: "monitoring", text, at: now() + 1 }, "at-in-the-future", "/at"],
      ["note", { note: "x", at: "2020-01-01T00:00:00Z" }, "at-before-the-impact", "/at"],
    ];
    const before = await all.events();
    for (const [name, body, word, pointer] of cases) {
      const [status, said] = await act(all, name, body);
      expect([name, status, said.type]).toEqual([name, 409, `urn:sonde:problem:${word}`]);
      expect(said.errors?.map((each) => each.pointer) ?? [null]).toEqual([pointer]);
    }
    expect((await act(all, "acknowledge", {}))[1].detail).toMatch(
      /^It is acknowledged already\. By api:lin, at 20.*Z\.$/,
    );
    expect(await all.events()).toBe(before);
    for (const word of REFUSALS) expect(refusalSaid(word, "note").sentence).toMatch(/^[A-Z].*\.$/);
    console.log(`acts: ${cases.length} refused by the incident`);
    expect(cases).toHaveLength(11);
  });

  it("that is not understood is told where and why, all of it at once, and changes nothing", async () => {
    const all = await doors();
    const before = await all.events();
    type Case = readonly [name: string, body: unknown, pointers: readonly string[], id?: string];
    const who = "lin";
    const cases: readonly Case[] = [
      ["note", { note: "x" }, ["/who", "/key"]],
      ["note", { who, key: "", note: "x" }, ["/key"]],
      ["note", { who, key: "a b", note: "x" }, ["/key"]],
      ["note", { who, key: "k".repeat(151), note: "x" }, ["/key"]],
      ["note", { who: " ", key: "k", note: "x" }, ["/who"]],
      ["note", { who: "w".repeat(101), key: "k", note: "x" }, ["/who"]],
      ["note", { who: "a\u202eb", key: "k", note: "x" }, ["/who"]],
      ["note", { who, key: "k" }, ["/note"]],
      ["note", { who, key: "k", note: 7 }, ["/note"]],
      ["note", { who, key: "k", note: "x", at: "yesterday" }, ["/at"]],
      ["note", { who, key: "k", note: "x", at: 1.5 }, ["/at"]],
      ["note", { who, key: "k", note: "x", note_: "y" }, ["/note_"]],
      ["note", { who, key: "k", note: "x", "a/b~": 1 }, ["/a~1b~0"]],
      ["publish", { who, key: "k" }, ["/statement", "/text"]],
      ["publish", { who, key: "k", statement: "fine", text: { en: "x" } }, ["/statement"]],
      ["publish", { who, key: "k", statement: "resolved", text: "x" }, ["/text"]],
      ["publish", { who, key: "k", statement: "resolved", text: { en: 1 } }, ["/text/en"]],
      ["publish", { who, key: "k", statement: "resolved", text: { fr: "x" } }, ["/text/fr"]],
      ["resolve", { who, key: "k", force: "yes" }, ["/force"]],
      ["merge", { who, key: "k" }, ["/into"]],
      ["merge", { who, key: "k", into: "chat-99" }, ["/into"]],
      ["postmortem", { who, key: "k", text: [] }, ["/text"]],
      ["acknowledge", [], [""]],
      ["acknowledge", null, [""]],
      ["acknowledge", "x", [""]],
    ];
    for (const [name, body, pointers, id = "chat-1"] of cases) {
      const sent = { method: "POST", headers: BEARER, body: JSON.stringify(body) };
      const [status, said] = await told(await all.api(`/incidents/${id}/${name}`, sent));
      expect([body, status, said.errors?.map(({ pointer }) => pointer)]).toEqual([body, 422, pointers]);
      for (const { detail } of said.errors ?? []) expect(detail).not.toBe("");
    }
    expect(await all.events()).toBe(before);
    console.log(`acts: ${cases.length} not understood`);
    expect(cases).toHaveLength(25);
  });

  it("that comes in another shape is refused, and changes nothing", async () => {
    const all = await doors();
    const before = await all.events();
    const body = '{"key":"k","who":"lin"}';
    const post = (more: RequestInit = {}): RequestInit => ({ method: "POST", headers: BEARER, body, ...more });
    const path = "/incidents/chat-1/acknowledge";
    const untyped = (type: string) => post({ headers: { ...BEARER, "content-type": type } });
    const cases: readonly (readonly [path: string, init: RequestInit, status: number])[] = [
      [path, { headers: BEARER }, 405],
      [path, { method: "PUT", headers: BEARER, body }, 405],
      [path, untyped("text/plain"), 415],
      [path, untyped("application/x-www-form-urlencoded"), 415],
      [path, untyped("multipart/form-data; boundary=x"), 415],
      [path, post({ body: "{" }), 400],
      [path, post({ body: "\ufeff{}" }), 400],
      [path, post({ body: new Uint8Array([0x22, 0xff, 0x22]) }), 400],
      [path, post({ body: "" }), 400],
      [path, post({ body: "[".repeat(30_000) + "]".repeat(30_000) }), 422],
      [path, post({ body: `"${"x".repeat(66_000)}"` }), 413],
      ["/incidents/chat-1/close", post(), 404],
      ["/incidents/chat-99/acknowledge", post(), 404],
      ["/incidents/none-1/acknowledge", post(), 404],
      ["/incidents/chat/acknowledge", post(), 404],
      ["/incidents/chat%2d1/acknowledge", post(), 404],
      ["/incidents/%00/acknowledge", post(), 404],
      ["/alerts/none", post(), 404],
      ["/alerts/test", { headers: BEARER }, 405],
      ["/alerts/channels", post(), 405],
      ["/alerts/deliveries", post(), 405],
    ];
    for (const [to, init, status] of cases) {
      const [got, , headers] = await told(await all.api(to, init));
      expect([to, init, got]).toEqual([to, init, status]);
      expect(headers.get("allow") !== null).toBe(status === 405);
    }
    expect([(await all.incident()).acked, await all.events()]).toEqual([null, before]);
    // A name that never was has not become somebody on duty.
    expect((await all.on.fleet.state()).duties.map(({ target }) => target).toSorted()).not.toContain("none");
    const isOurs = (to: string): boolean => isActs(`/api/v1${to}`);
    expect(
      ["/incidents.json", "/incidents/chat-1.json", "/snapshot.json", "/alerts", "/incidents/chat-1"].map(isOurs),
    ).toEqual(Array.from({ length: 5 }, () => false));
    console.log(`acts: ${cases.length} of another shape`);
    expect(cases).toHaveLength(21);
  });

  it("is not known to be done where the Duty does not answer; the same again is done once", async () => {
    const all = await doors();
    const real = all.on.fleet.duty("chat") as unknown as DutyDoor;
    const lost = () => Promise.reject(new Error("object reset"));
    const door = (broken: Partial<DutyDoor>) => ({
      dutyOf: () => ({ incident: (...args: [string, string]) => real.incident(...args), ...broken }) as DutyDoor,
    });
    const body = JSON.stringify({ key: "k", who: "lin", note: "x" });
    const send = async (more?: object) =>
      told(await all.api("/incidents/chat-1/note", { method: "POST", headers: BEARER, body }, more));
    const before = await all.events();
    for (const broken of [door({ incident: lost }), door({ act: lost })]) {
      const [status, said, headers] = await send(broken);
      expect([status, headers.get("retry-after")]).toEqual([503, "10"]);
      expect(said.detail).toMatch(/not known whether this was done: send the same again/);
    }
    expect(await all.events()).toBe(before);
    // Done, and only its answer got lost.
    const halfway = door({ act: async (...args) => (await real.act(...args), lost()) });
    expect((await send(halfway))[0]).toBe(503);
    expect((await send())[1].repeated).toBe(true);
    expect(await all.events()).toBe(before + 1);
    expect(all.reports).toHaveLength(3);
    const [refused] = await send({ config: null });
    expect(refused).toBe(503);
  });
});

describe("a test of a channel", () => {
  const test = async (all: Doors, body: object, headers: object = BEARER): Promise<Answered> =>
    told(
      await all.api("/alerts/test", {
        method: "POST",
        headers: headers as Record<string, string>,
        body: JSON.stringify(body),
      }),
    );

  it("goes to the receiver at once, marked, and answers what it said; both are among what was sent", async () => {
    const all = await doors();
    const [status, said] = await test(all, { channel: "ops" });
    expect(all.reports).toEqual([]);
    expect([status, said]).toEqual([
      200,
      {
        channel: "ops",
        key: expect.stringMatching(/^test\//),
        accepted: true,
        http_status: 204,
        code: null,
        said: expect.any(String),
        took_ms: expect.any(Number),
      },
    ]);
    expect(must(all.on.receivers.got.at(-1))).toMatchObject({ channel: "ops", type: "incident.test" });
    all.on.receivers.says = () => 500;
    expect((await test(all, { channel: "ours", target: "fleet_keepers", who: "lin" }))[1]).toMatchObject({
      accepted: false,
      http_status: 500,
    });
    const [, { deliveries, complete }] = await told(await all.api("/alerts/deliveries", { headers: BEARER }));
    const lines = (deliveries as readonly Record<string, unknown>[]).map((each) =>
      [each["target"], each["channel"], each["kind"], each["state"], (each["receipts"] as unknown[]).length].join(" "),
    );
    expect([lines.toSorted(), complete]).toEqual([
      ["chat ops test sent 1", "chat ops trigger sent 1", "fleet_keepers ours test given_up 1"],
      true,
    ]);
    expect((deliveries as readonly object[])[0]).toMatchObject({
      receipts: [{ attempt: 1, accepted: expect.any(Boolean), http_status: expect.any(Number) }],
    });
  });

  it("of a channel or target that there is not, names those that there are; none is listed with an address", async () => {
    const all = await doors();
    const [status, { errors }] = await test(all, { channel: "opps", target: "chta", x: 1 });
    expect([status, errors?.map(({ pointer }) => pointer)]).toEqual([422, ["/x"]]);
    expect((await test(all, { channel: "opps", target: "chta" }))[1].errors).toEqual([
      { pointer: "/channel", detail: "there is no such channel in the configuration; did you mean ops?" },
      { pointer: "/target", detail: "there is no such target in the configuration; did you mean chat?" },
    ]);
    expect((await test(all, {}))[1].errors?.[0]?.pointer).toBe("/channel");
    const answer = await all.api("/alerts/channels", { headers: BEARER });
    expect((await told(answer))[1]).toEqual({
      channels: ["ops", "ours"].map((id) => ({ id, channel: "webhook", language: "en" })),
    });
  });

  it("that was sent by somebody whose Duty is away is an error, and no empty list", async () => {
    const all = await doors();
    const real = all.on.fleet.duty("chat") as unknown as DutyDoor;
    const away = { deliveries: () => Promise.reject(new Error("object reset")) } as unknown as DutyDoor;
    const dutyOf = (name: string): DutyDoor => (name === "push" ? away : real);
    const [status] = await told(await all.api("/alerts/deliveries", { headers: BEARER }, { dutyOf }));
    expect(status).toBe(503);
  });
});
