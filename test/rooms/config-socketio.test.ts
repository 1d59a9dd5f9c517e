// Aim: a target of the driver `socketio` is read exactly, and each mistake in it is told with its entry, its value and what
// to write. Method: good targets and what becomes of them; a table of bad ones, each a good one with one thing changed.

import { describe, expect, it } from "vitest";

import { driverConfig } from "./driver-config.ts";

const { read, problemsOf } = driverConfig("socketio", "wss://chat.example.com");

describe("a good target", () => {
  it("needs an address alone", () => {
    expect(read({})).toEqual({
      channel: "sonde-{target}-{region}",
      options: {},
      secrets: {},
      address: { weur: "wss://chat.example.com" },
    });
  });

  it("keeps what was written", () => {
    const options = {
      namespace: "/chat",
      joinEvent: "enter",
      joinedEvent: "entered",
      publishEvent: "say",
      receiveEvent: "said",
      payload: "json",
      roomKey: "channel",
      dataKey: "body",
      ack: true,
      authKeys: { token: "jwt", user: "username" },
    };
    const credentials = { token: "CHAT_TOKEN", user: "CHAT_USER" };
    expect(
      read({ address: "ws://127.0.0.1:3000/socket.io/", credentials, options: { room: "a {region}", ...options } }),
    ).toEqual({
      channel: "a {region}",
      options,
      secrets: credentials,
      address: { weur: "ws://127.0.0.1:3000/socket.io/" },
    });
  });

  it("may leave the joining to its server", () => {
    expect(read({ options: { joinEvent: "" } })).toMatchObject({ options: { joinEvent: "" } });
  });
});

const LONG = "x".repeat(201);
const BAD: readonly (readonly [object, string, string])[] = [
  [{ address: "https://chat.example.com" }, "targets[0].address", "write wss://chat.example.com/socket.io/"],
  [{ credentials: { token: "hunter2" } }, "targets[0].credentials.token", "write the name"],
  [{ credentials: { apiKey: "KEY" } }, "targets[0].credentials.apiKey", "known here: token, user, password"],
  [{ options: { room: "" } }, "targets[0].options.room", "write 1 to 200"],
  [{ options: { room: LONG } }, "targets[0].options.room", "write 1 to 200"],
  [{ options: { room: "a\u0000b" } }, "targets[0].options.room", 'write room: "sonde-{target}-{region}"'],
  [{ options: { room: "{place}" } }, "targets[0].options.room", "there are {target} and {region}"],
  [{ options: { namespace: "chat" } }, "targets[0].options.namespace", 'namespace: "/chat"'],
  [{ options: { namespace: "/a,b" } }, "targets[0].options.namespace", 'namespace: "/chat"'],
  [{ options: { namespace: `/${LONG}` } }, "targets[0].options.namespace", "write 1 to 100"],
  [{ options: { publishEvent: "disconnect" } }, "targets[0].options.publishEvent", "your server listens to"],
  [{ options: { receiveEvent: "" } }, "targets[0].options.receiveEvent", "write 1 to 100"],
  [{ options: { joinEvent: "connect" } }, "targets[0].options.joinEvent", "your server listens to"],
  [{ options: { joinEvent: 1 } }, "targets[0].options.joinEvent", 'write joinEvent: "join"'],
  [{ options: { joinedEvent: "" } }, "targets[0].options.joinedEvent", "write 1 to 100"],
  [{ options: { payload: "xml" } }, "targets[0].options.payload", 'payload: "text" or payload: "json"'],
  [{ options: { ack: "yes" } }, "targets[0].options.ack", "ack: true or ack: false"],
  [{ options: { even: "message" } }, "targets[0].options.even", "known here"],
  [{ options: { event: "message" } }, "targets[0].options.event", "known here"],
  [{ options: { authKeys: "jwt" } }, "targets[0].options.authKeys", 'authKeys: { token: "jwt"'],
  [{ options: { authKeys: { api: "jwt" } } }, "targets[0].options.authKeys", 'authKeys: { token: "jwt"'],
  [
    { options: { authKeys: { token: "eyJhbGciOiJIUzI1NiJ9.e30.abc" } } },
    "targets[0].options.authKeys.token",
    "the key that your server reads",
  ],
  [{ options: { dataKey: "body" } }, "targets[0].options.dataKey", 'write payload: "json"'],
  [{ options: { payload: "json", dataKey: "room" } }, "targets[0].options.dataKey", "write two keys"],
  [{ options: { payload: "json", roomKey: "data" } }, "targets[0].options.roomKey", "write two keys"],
  [{ options: { joinEvent: "", joinedEvent: "in" } }, "targets[0].options.joinedEvent", "name a joinEvent"],
  [{ options: { joinedEvent: "message" } }, "targets[0].options.joinedEvent", "confirms a join alone"],
  [
    { options: { authKeys: { token: "jwt" } } },
    "targets[0].options.authKeys.token",
    'credentials: { token: "SOCKETIO_TOKEN" }',
  ],
  [
    { credentials: { user: "A_USER", password: "A_PASSWORD" }, options: { authKeys: { user: "password" } } },
    "targets[0].options.authKeys",
    "a key of its own",
  ],
];

describe("a bad target", () => {
  it.each(BAD)("%j", (target, entry, mend) => {
    const problems = problemsOf(target);
    expect(problems).toEqual([expect.objectContaining({ entry, mend: expect.stringContaining(mend) })]);
    expect(JSON.stringify(problems)).not.toContain("hunter2");
  });
});
