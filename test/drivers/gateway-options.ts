// How the gateways of gateway.server.ts are written down for the driver: options as a configuration would hold them.

import type { Options } from "../../workers/config/config.ts";

export const JSON_OPTIONS: Options = {
  format: "json",
  login: {
    send: '{"type":"login","user":"${secret.user}","password":"${secret.password}"}',
    ok: { "/type": "welcome", "/list/0/a": 1 },
    fail: { "/type": "denied" },
  },
  subscribe: {
    send: '{"type":"join","room":"${channel}","id":"${id}"}',
    ok: { "/type": "joined", "/ref": "${id}" },
    fail: { "/type": "refused", "/ref": "${id}" },
  },
  publish: {
    send: '{"type":"say","room":"${channel}","id":"${id}","at":${ts},"text":"${payload}"}',
    ok: { "/type": "ack" },
    fail: { "/type": "refused" },
    id: "/ref",
  },
  receive: { match: { "/type": "said", "/room": "${channel}" }, payload: "/text" },
};

export const TEXT_OPTIONS: Options = {
  format: "text",
  login: { send: "LOGIN ${secret.token}", ok: { text: "READY" }, fail: { prefix: "DENIED" } },
  subscribe: { send: "JOIN ${channel}", ok: { text: "JOINED ${channel}" }, fail: { prefix: "NO ${channel}" } },
  publish: { send: "SAY ${channel} ${seq} ${payload}", ok: { prefix: "ACK " }, fail: { prefix: "NO " }, id: "rest" },
  receive: { match: { prefix: "MSG ${channel} " }, payload: "rest" },
};

export const CENTRIFUGO_OPTIONS: Options = {
  format: "json",
  login: {
    send: '{"id":${seq},"connect":{"token":"${secret.token}"}}',
    ok: { "/id": "${seq}", "/connect": { present: true } },
    fail: { "/id": "${seq}", "/error/code": [101, 109] },
  },
  subscribe: {
    send: '{"id":${seq},"subscribe":{"channel":"${channel}"}}',
    ok: { "/id": "${seq}", "/subscribe": { present: true } },
    fail: { "/id": "${seq}", "/error": { present: true } },
  },
  publish: {
    send: '{"id":${seq},"publish":{"channel":"${channel}","data":{"text":"${payload}"}}}',
    ok: { "/publish": { present: true } },
    fail: { "/error": { present: true } },
    id: "/id",
  },
  receive: { match: { "/push/channel": "${channel}" }, payload: "/push/pub/data/text" },
};

/** Engine.IO 4 and Socket.IO 5 as they are on the wire: 40 connects, 42 is an event, 43 an acknowledgement. */
export const SOCKET_IO_OPTIONS: Options = {
  format: "text",
  login: { send: '40{"token":"${secret.token}"}', ok: { prefix: '40{"sid"' }, fail: { prefix: "44" } },
  subscribe: { send: '42${seq}["join","${channel}"]', ok: { text: '43${seq}["ok"]' } },
  publish: {
    send: '42${seq}["say","${channel}","${payload}"]',
    ok: { prefix: "43", suffix: '["ok"]' },
    id: "rest",
  },
  receive: { match: { prefix: '42["said","${channel}","', suffix: '"]' }, payload: "rest" },
};
