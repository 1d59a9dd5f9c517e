// What a target of the driver `websocket` may say: which frames log in, subscribe and publish at this gateway, and how its
// answers are known. Shapes are in `websocket-shapes.ts`, what must hold between entries in `websocket-conflicts.ts`.

import * as z from "zod";
import { field } from "../fields.ts";
import { refusalOfPlaceholders } from "../placeholders.ts";
import { hasUnprintable, type Refusal } from "../problems.ts";
import type { DriverRules } from "./rules.ts";
import { conflictsOfGateway } from "./websocket-conflicts.ts";
import {
  flawsOfExchange,
  flawsOfHeaders,
  flawsOfProtocols,
  flawsOfReceive,
  flawsOfVars,
  shaped,
} from "./websocket-shapes.ts";

/** JSON pointer (RFC 6901) to what must stand there: a value, one of several, or just something (or nothing). */
export type JsonMatch = Readonly<
  Record<string, string | number | boolean | readonly (string | number | boolean)[] | { readonly present: boolean }>
>;
/** The whole frame, or how it begins and ends. */
export type TextMatch = { readonly text: string } | { readonly prefix?: string; readonly suffix?: string };
export type GatewayMatch = JsonMatch | TextMatch;

export interface WebSocketInput {
  readonly driver: "websocket";
  readonly credentials?: {
    readonly user?: string;
    readonly password?: string;
    readonly token?: string;
  };
  readonly options: {
    /** What a frame is. Default "json". */
    readonly format?: "json" | "text";
    /** Default "sonde-{target}-{region}": regions must not hear each other. In frames it is `${channel}`. */
    readonly room?: string;
    /** Sec-WebSocket-Protocol. May hold `${secret.token}` and `${var.x}`. */
    readonly protocols?: readonly string[];
    /** Of the upgrade request. May hold `${secret.token}` and `${var.x}`. */
    readonly headers?: Readonly<Record<string, string>>;
    /** Plain values for `${var.x}`. Published with the configuration: no secrets. */
    readonly vars?: Readonly<Record<string, string>>;
    /** First on every connection. Without `send` only the gateway's word is waited for. */
    readonly login?: { readonly send?: string; readonly ok: GatewayMatch; readonly fail?: GatewayMatch };
    /** Without `ok` a moment is waited; without `subscribe` the connection itself subscribes. */
    readonly subscribe?: { readonly send: string; readonly ok?: GatewayMatch; readonly fail?: GatewayMatch };
    /** `id`: where an answer names its message: a JSON pointer, or "rest" of a text frame. */
    readonly publish: {
      readonly send: string;
      readonly ok?: GatewayMatch;
      readonly fail?: GatewayMatch;
      readonly id?: string;
    };
    /** `payload`: where our text is in a frame that brings a message: a JSON pointer, or "rest" of a text frame. */
    readonly receive: { readonly match?: GatewayMatch; readonly payload: string };
  };
}

const ROOM_CHARS_MAX = 200;

/** What is wrong with a room, placeholders not yet filled; null: nothing. It is escaped wherever it goes. */
function refusalOfRoom(room: string): Refusal | null {
  const mend = 'write room: "sonde-{target}-{region}"';
  if (room.trim() === "" || room.length > ROOM_CHARS_MAX) {
    return { problem: `has ${room.length} characters`, mend: `write 1 to ${ROOM_CHARS_MAX}, not only spaces` };
  }
  if (hasUnprintable(room)) return { problem: "holds a character that cannot be seen", mend };
  return refusalOfPlaceholders(room);
}

export const WEBSOCKET_RULES: DriverRules = {
  schemes: ["ws", "wss"],
  example: "wss://gateway.example.com/ws",
  canReceive: true,
  credentials: ["user", "password", "token"],
  options: {
    format: field(z.enum(["json", "text"]).default("json"), 'format: "json" or format: "text"'),
    protocols: field(shaped(flawsOfProtocols, "optional"), 'protocols: ["chat.v1"]'),
    headers: field(shaped(flawsOfHeaders, "optional"), 'headers: { Authorization: "Bearer ${secret.token}" }'),
    vars: field(shaped(flawsOfVars, "optional"), 'vars: { app: "demo" }'),
    login: field(
      shaped(flawsOfExchange("login"), "optional"),
      'login: { send: \'{"type":"login","token":"${secret.token}"}\', ok: { "/type": "welcome" } }',
    ),
    subscribe: field(
      shaped(flawsOfExchange("subscribe"), "optional"),
      'subscribe: { send: \'{"type":"join","room":"${channel}"}\', ok: { "/type": "joined" } }',
    ),
    publish: field(
      shaped(flawsOfExchange("publish"), "required"),
      'publish: { send: \'{"type":"say","room":"${channel}","text":"${payload}"}\' }',
    ),
    receive: field(
      shaped(flawsOfReceive, "required"),
      'receive: { match: { "/type": "said" }, payload: "/text" }, or payload: "rest" with format: "text"',
    ),
  },
  channel: { option: "room", fallback: "sonde-{target}-{region}", judge: refusalOfRoom },
  conflicts: conflictsOfGateway,
};
