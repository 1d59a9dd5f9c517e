// Aim: whoever writes down a gateway is told every mistake, where it is and what to write instead, before a frame is sent; and
// no secret is repeated. Method: good targets in JSON and text and exactly what becomes of them; a table of bad ones, each a
// good one with one thing changed, with the exact entry and parts of the refusal; then random damage.

import { describe, expect, it } from "vitest";

import { defineConfig } from "../../workers/config/define.ts";
import { configOf, parseConfig } from "../../workers/config/parse.ts";
import { explainProblems, type Problem } from "../../workers/config/problems.ts";
import { canonicalJson } from "../../workers/config/canonical.ts";
import { CENTRIFUGO_OPTIONS, JSON_OPTIONS, SOCKET_IO_OPTIONS, TEXT_OPTIONS } from "../drivers/gateway-options.ts";
import { between, mulberry32, oneOf } from "../random.ts";
import { type Change, drop, set } from "./config-changes.ts";

const GOOD = defineConfig({
  name: "Acme",
  regions: ["weur"],
  targets: [
    {
      id: "chat",
      driver: "websocket",
      address: "wss://gateway.example.com/ws",
      credentials: { user: "GATEWAY_USER", password: "GATEWAY_PASSWORD", token: "GATEWAY_TOKEN" },
      options: {
        room: "probe-{region}",
        protocols: ["chat.v1", "bearer.${secret.token}"],
        headers: { Authorization: "Bearer ${secret.token}", "X-App": "${var.app}" },
        vars: { app: "demo", version: "2" },
        login: {
          send: '{"type":"login","user":"${secret.user}","password":"${secret.password}","v":${var.version}}',
          ok: { "/type": "welcome" },
          fail: { "/type": ["denied", "banned"] },
        },
        subscribe: {
          send: '{"type":"join","room":"${channel}","n":${seq}}',
          ok: { "/n": "${seq}", "/error": { present: false } },
        },
        publish: {
          send: '{"type":"say","room":"${channel}","id":"${id}","text":"${payload}"}',
          ok: { "/type": "ack" },
          fail: { "/type": "error" },
          id: "/ref",
        },
        receive: { match: { "/type": "said", "/room": "${channel}" }, payload: "/text" },
      },
    },
  ],
});

const AT = "targets[0].options";
const at = (path: string, value: unknown): Change => set(`targets.0.options.${path}`, value);
const all =
  (...changes: readonly Change[]): Change =>
  (config) =>
    changes.forEach((change) => change(config));

function changed(change: Change): unknown {
  const config: unknown = structuredClone(GOOD);
  change(config);
  return config;
}

function problemsOf(input: unknown): readonly Problem[] {
  const parsed = parseConfig(input);
  return parsed.ok ? [] : parsed.problems;
}

describe("a good gateway", () => {
  it("yields exactly this, defaults included", () => {
    const { options } = GOOD.targets[0] as unknown as { options: Record<string, unknown> };
    const { room, ...rest } = options;
    expect(configOf(GOOD).targets[0]).toMatchObject({
      driver: "websocket",
      channel: room,
      options: { ...rest, format: "json" },
      secrets: { user: "GATEWAY_USER", password: "GATEWAY_PASSWORD", token: "GATEWAY_TOKEN" },
    });
    expect(Object.keys(configOf(GOOD).targets[0]?.options ?? {}).sort()).toEqual(
      [...Object.keys(rest), "format"].sort(),
    );
  });

  it("needs no more than publish and receive", () => {
    const config = configOf(
      changed(
        all(
          drop("targets.0.credentials"),
          set("targets.0.options", {
            publish: { send: '["say","${payload}"]' },
            receive: { payload: "/1" },
          }),
        ),
      ),
    );
    expect(config.targets[0]).toMatchObject({
      channel: "sonde-{target}-{region}",
      secrets: {},
      options: { format: "json", publish: { send: '["say","${payload}"]' }, receive: { payload: "/1" } },
    });
  });

  it.each([
    ["JSON", JSON_OPTIONS, ["user", "password"]],
    ["text", TEXT_OPTIONS, ["token"]],
    ["Centrifugo", CENTRIFUGO_OPTIONS, ["token"]],
    ["Socket.IO", SOCKET_IO_OPTIONS, ["token"]],
  ])("the options of the driver's own tests are good: %s", (_, options, used) => {
    const credentials = Object.fromEntries(used.map((name) => [name, `GATEWAY_${name.toUpperCase()}`]));
    const config = changed(all(set("targets.0.options", options), set("targets.0.credentials", credentials)));
    expect(problemsOf(config)).toEqual([]);
    expect(configOf(config).targets[0]?.options).toEqual(options);
  });
});

// Each row: what is wrong, how to get there from GOOD, the exact entry, parts of problem and mend.
const say = '{"text":"${payload}"}';
const TEXT = all(set("targets.0.credentials", { token: "GATEWAY_TOKEN" }), set("targets.0.options", TEXT_OPTIONS));
const BAD: readonly (readonly [string, Change, string, RegExp, RegExp])[] = [
  ["no publish", drop("targets.0.options.publish"), `${AT}.publish`, /missing/, /send/],
  ["no receive", drop("targets.0.options.receive"), `${AT}.receive`, /missing/, /payload/],
  ["no options", drop("targets.0.options"), `${AT}.publish`, /missing/, /send/],
  ["an unknown format", at("format", "xml"), `${AT}.format`, /json, text/, /format: "json"/],
  [
    "another scheme",
    set("targets.0.address", "https://gateway.example.com"),
    "targets[0].address",
    /ws:\/\/ or wss:\/\//,
    /wss/,
  ],
  ["an unknown key", at("publsh", {}), `${AT}.publsh`, /not a key/, /publish/],
  ["an unknown key inside", at("publish.sned", say), `${AT}.publish`, /sned/, /did you mean send/],
  ["a login without ok", drop("targets.0.options.login.ok"), `${AT}.login.ok`, /missing/, /ok/],
  ["a subscribe without send", drop("targets.0.options.subscribe.send"), `${AT}.subscribe.send`, /missing/, /send/],
  ["a publish without send", drop("targets.0.options.publish.send"), `${AT}.publish.send`, /missing/, /send/],
  [
    "a receive without payload",
    drop("targets.0.options.receive.payload"),
    `${AT}.receive.payload`,
    /missing/,
    /payload/,
  ],
  ["send that is an object", at("publish.send", { a: 1 }), `${AT}.publish.send`, /not text/, /quotes/],
  ["send that is empty", at("publish.send", ""), `${AT}.publish.send`, /0 characters/, /frame/],
  ["a step that is text", at("login", "hello"), `${AT}.login`, /not an object/, /\{/],
  [
    "an unknown placeholder",
    at("publish.send", '{"a":"${paylod}"}'),
    `${AT}.publish.send`,
    /\$\{paylod\}/,
    /\$\{payload\}/,
  ],
  [
    "a placeholder of another place",
    at("login.send", '{"a":"${channel}"}'),
    `${AT}.login.send`,
    /channel/,
    /known here/,
  ],
  [
    "a secret in a match",
    at("login.ok", { "/a": "${secret.token}" }),
    `${AT}.login.ok["/a"]`,
    /secret\.token/,
    /known here/,
  ],
  ["a secret of no kind", at("publish.send", '{"a":"${secret.key}"}'), `${AT}.publish.send`, /secret\.key/, /secret\./],
  ["an open placeholder", at("publish.send", '["${payload"]'), `${AT}.publish.send`, /without its \}/, /payload/],
  [
    "half a character",
    at("publish.send", '{"a":"\ud800${payload}"}'),
    `${AT}.publish.send`,
    /half a character/,
    /take/,
  ],
  ["half a character in a match", at("receive.match", { "/a": "\udc00" }), `${AT}.receive.match["/a"]`, /half/, /take/],
  ["half a character in a place", at("receive.payload", "/\udc00"), `${AT}.receive.payload`, /half/, /take/],
  ["no JSON", at("publish.send", '{"text":${payload},"id":"${id}"}'), `${AT}.publish.send`, /not JSON/, /quotes/],
  ["no JSON: text", at("publish.send", "say ${id} ${payload}"), `${AT}.publish.send`, /not JSON/, /format: "text"/],
  ["no JSON by a var", at("vars", { app: "demo", version: "two" }), `${AT}.login.send`, /not JSON/, /quotes/],
  ["no payload", at("publish.send", '{"id":"${id}"}'), `${AT}.publish.send`, /no \$\{payload\}/, /payload/],
  ["no id to answer to", at("publish.send", say), `${AT}.publish.send`, /neither/, /\$\{id\}/],
  ["ok without id", drop("targets.0.options.publish.id"), `${AT}.publish.id`, /missing/, /"\/id"/],
  [
    "id without ok",
    all(drop("targets.0.options.publish.ok"), drop("targets.0.options.publish.fail")),
    `${AT}.publish.id`,
    /without ok/,
    /ok:/,
  ],
  [
    "fail without ok",
    all(drop("targets.0.options.subscribe.ok"), at("subscribe.fail", { "/a": 1 })),
    `${AT}.subscribe.ok`,
    /missing/,
    /write ok/,
  ],
  ["ok and fail alike", at("publish.fail", { "/type": "ack" }), `${AT}.publish.fail`, /same as ok/, /refusal/],
  ["an empty match", at("publish.ok", {}), `${AT}.publish.ok`, /every frame/, /"\/type"/],
  [
    "a name in place of a pointer",
    at("receive.match", { type: "said" }),
    `${AT}.receive.match.type`,
    /JSON pointer/,
    /"\/type"/,
  ],
  ["a bad ~", at("receive.payload", "/a~b"), `${AT}.receive.payload`, /~0/, /"\/text"/],
  ["rest in JSON", at("receive.payload", "rest"), `${AT}.receive.payload`, /JSON pointer/, /format: "text"/],
  ["null as a value", at("receive.match", { "/a": null }), `${AT}.receive.match["/a"]`, /compared/, /present: false/],
  ["an object as a value", at("receive.match", { "/a": { b: 1 } }), `${AT}.receive.match["/a"]`, /compared/, /present/],
  ["an empty list", at("receive.match", { "/a": [] }), `${AT}.receive.match["/a"]`, /compared/, /"welcome"/],
  [
    "a pointer in text",
    all(TEXT, at("login.ok", { "/type": "x" })),
    `${AT}.login.ok`,
    /no match of a text/,
    /text: "READY"/,
  ],
  ["a number in text", all(TEXT, at("publish.ok", { prefix: 7 })), `${AT}.publish.ok.prefix`, /not text/, /prefix/],
  [
    "text with a prefix",
    all(TEXT, at("publish.ok", { text: "a", prefix: "b" })),
    `${AT}.publish.ok`,
    /no match/,
    /prefix/,
  ],
  [
    "a pointer to the payload in text",
    all(TEXT, at("receive.payload", "/text")),
    `${AT}.receive.payload`,
    /no place/,
    /"rest"/,
  ],
  ["no credential", drop("targets.0.credentials.token"), `${AT}.headers.Authorization`, /no token/, /GATEWAY_TOKEN/],
  [
    "a credential without use",
    all(at("headers", { "X-App": "a" }), at("protocols", ["a"])),
    "targets[0].credentials.token",
    /used by no/,
    /secret\.token/,
  ],
  [
    "another credential",
    set("targets.0.credentials.key", "KEY"),
    "targets[0].credentials.key",
    /not a key/,
    /known here/,
  ],
  ["no var", drop("targets.0.options.vars.app"), `${AT}.headers["X-App"]`, /no app/, /vars: \{ app/],
  ["a var that is no text", at("vars", { app: 1, version: "2" }), `${AT}.vars.app`, /not text/, /quotes/],
  ["a var with a bad name", at("vars", { "a-b": "1" }), `${AT}.vars`, /a name that is none/, /letters/],
  ["a var called constructor", at("vars", { constructor: "1" }), `${AT}.vars`, /JavaScript/, /another/],
  ["a header of the handshake", at("headers", { Upgrade: "x" }), `${AT}.headers`, /Upgrade/, /take it out/],
  ["a header without a name", at("headers", { "a b": "x" }), `${AT}.headers`, /no header/, /X-App/],
  ["a header with a line break", at("headers", { "X-A": "a\r\nB: c" }), `${AT}.headers`, /printable/, /take it out/],
  ["a header that is no text", at("headers", { "X-A": 1 }), `${AT}.headers`, /not text/, /text/],
  [
    "too many headers",
    at("headers", Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`X-${i}`, "a"]))),
    `${AT}.headers`,
    /21/,
    /20/,
  ],
  ["a placeholder in a header", at("headers", { "X-A": "${id}" }), `${AT}.headers`, /X-A.*\$\{id\}/, /secret/],
  ["protocols that are text", at("protocols", "chat.v1"), `${AT}.protocols`, /not a list/, /\["chat/],
  ["a protocol twice", at("protocols", ["a", "a"]), `${AT}.protocols[1]`, /twice/, /out/],
  ["a protocol with a space", at("protocols", ["a b"]), `${AT}.protocols[0]`, /subprotocol/, /chat\.v1/],
  ["an empty room", at("room", " "), `${AT}.room`, /characters/, /1 to 200/],
  ["a room with an unknown placeholder", at("room", "a-{rgion}"), `${AT}.room`, /not known/, /\{region\}/],
  ["a room with unseen characters", at("room", "a\u0000"), `${AT}.room`, /cannot be seen/, /sonde-/],
];

const OPEN = "hunter2-opens-it";
const SECRETS: readonly (readonly [string, Change, string, RegExp])[] = [
  [
    "in the login",
    at("login.send", `{"password":"${OPEN}","u":"\${secret.user}\${secret.password}"}`),
    `${AT}.login.send.password`,
    /openly/,
  ],
  [
    "in publish, deep",
    at("publish.send", `{"a":[{"api_key":"${OPEN}"}],"t":"\${payload}","id":"\${id}"}`),
    `${AT}.publish.send.api_key`,
    /openly/,
  ],
  ["in a header", at("headers", { "X-Api-Key": OPEN }), `${AT}.headers`, /openly/],
  ["in a cookie", at("headers", { Cookie: `sid=${OPEN}` }), `${AT}.headers`, /openly/],
  ["in a header with another fault", at("headers", { "X-App": `${OPEN}\n` }), `${AT}.headers`, /printable/],
  ["in a var", at("vars", { token: OPEN }), `${AT}.vars.token`, /secret/],
];

describe("a bad gateway", () => {
  it.each(BAD)("%s", (_, change, entry, problem, mend) => {
    const problems = problemsOf(changed(change));
    const found = problems.find((one) => one.entry === entry && problem.test(one.problem));
    expect(found, explainProblems(problems)).toBeDefined();
    expect(found?.mend).toMatch(mend);
    expect(found?.value).not.toBe("");
  });

  it.each(SECRETS)(
    "a secret that stands there openly is refused and never repeated: %s",
    (_, change, entry, problem) => {
      const problems = problemsOf(changed(change));
      expect(problems.map((one) => one.entry)).toContain(entry);
      expect(problems.find((one) => one.entry === entry)?.problem).toMatch(problem);
      expect(explainProblems(problems)).not.toContain("hunter2");
    },
  );

  it("random damage is refused or taken, never a crash; and what is taken can be hashed", () => {
    const random = mulberry32(21);
    const JUNK = [
      undefined,
      null,
      0,
      "",
      "${",
      "${x}",
      "/a~",
      [],
      {},
      { "/a": [{}] },
      [[1]],
      "\ud800",
      true,
      { present: true },
      "x".repeat(2_001),
    ];
    const PATHS = Object.entries(GOOD.targets[0]?.options ?? {}).flatMap(([name, one]) =>
      typeof one === "object" && one !== null ? [name, ...Object.keys(one).map((key) => `${name}.${key}`)] : [name],
    );
    let refused = 0;
    for (let i = 0; i < 3_000; i += 1) {
      const path = oneOf(random, PATHS);
      const change =
        random() < 0.5
          ? at(path, JUNK[between(random, 0, JUNK.length - 1)])
          : at(path, { [String(JUNK[between(random, 0, JUNK.length - 1)])]: oneOf(random, PATHS) });
      const parsed = parseConfig(changed(change));
      if (parsed.ok) canonicalJson(parsed.config);
      else {
        refused += 1;
        expect(parsed.problems.every((one) => one.mend !== "" && one.problem !== "")).toBe(true);
      }
    }
    console.log(`config-websocket.test.ts: ${refused} of 3,000 damaged gateways refused`);
    expect(refused).toBeGreaterThan(1_000);
  });
});
