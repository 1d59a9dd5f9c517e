// What a target of the driver `socketio` may say. Socket.IO leaves rooms, publishing and their answers to the application:
// the options say which events its server knows, and in which shape.

import * as z from "zod";
import { field, judged } from "../fields.ts";
import { refusalOfPlaceholders } from "../placeholders.ts";
import { hasUnprintable, type Refusal } from "../problems.ts";
import type { Conflict, DriverRules, WrittenTarget } from "./rules.ts";

export interface SocketIoInput {
  readonly driver: "socketio";
  /** They become the connection's `auth`: see `options.authKeys`. */
  readonly credentials?: {
    readonly token?: string;
    readonly user?: string;
    readonly password?: string;
  };
  readonly options?: {
    /** Default "/". */
    readonly namespace?: string;
    /** Default "sonde-{target}-{region}": regions must not hear each other. */
    readonly room?: string;
    /** What the subscriber emits to enter the room. Default "join"; "" where the server itself sees to that. */
    readonly joinEvent?: string;
    /** The event by which the server confirms a join. Default: the callback of the join does. */
    readonly joinedEvent?: string;
    /** What the publisher emits. Default "message". */
    readonly publishEvent?: string;
    /** What the server then emits to the room. Default "message". */
    readonly receiveEvent?: string;
    /** "text": (room, text), and (text) or (room, text) back. "json": ({ room, data }) both ways. Default "text". */
    readonly payload?: "text" | "json";
    /** Keys of "json". Default "room" and "data". */
    readonly roomKey?: string;
    readonly dataKey?: string;
    /** Whether the server calls back for each message. Default false. */
    readonly ack?: boolean;
    /** Under which keys of `auth` the credentials stand. Default their own names. */
    readonly authKeys?: { readonly token?: string; readonly user?: string; readonly password?: string };
  };
}

/** What is asked of the application, whatever was written. */
export interface SocketIoChoices {
  readonly namespace: string;
  /** "": nobody joins; whoever is connected receives. */
  readonly joinEvent: string;
  /** The event that confirms a join; "": the callback of the join does. */
  readonly joinedEvent: string;
  readonly publishEvent: string;
  readonly receiveEvent: string;
  readonly payload: "text" | "json";
  readonly roomKey: string;
  readonly dataKey: string;
  readonly ack: boolean;
}

export const SOCKETIO_DEFAULTS: SocketIoChoices = {
  namespace: "/",
  joinEvent: "join",
  joinedEvent: "",
  publishEvent: "message",
  receiveEvent: "message",
  payload: "text",
  roomKey: "room",
  dataKey: "data",
  ack: false,
};

const CREDENTIALS = ["token", "user", "password"];
/** Socket.IO keeps these for itself, on both sides. */
const RESERVED: ReadonlySet<string> = new Set([
  "connect",
  "connect_error",
  "disconnect",
  "disconnecting",
  "newListener",
  "removeListener",
]);
const ROOM_CHARS_MAX = 200;
const NAME_CHARS_MAX = 100;

function refusalOfRoom(room: string): Refusal | null {
  const example = "sonde-{target}-{region}";
  if (room === "" || room.length > ROOM_CHARS_MAX) {
    return { problem: `has ${room.length} characters`, mend: `write 1 to ${ROOM_CHARS_MAX}, as in ${example}` };
  }
  if (hasUnprintable(room)) {
    return { problem: "holds a character that cannot be seen", mend: `write room: "${example}"` };
  }
  return refusalOfPlaceholders(room);
}

function refusalOfNamespace(namespace: string): Refusal | null {
  const mend = 'write a slash and a name: namespace: "/chat"';
  if (!namespace.startsWith("/")) return { problem: "does not begin with a slash", mend };
  // The protocol ends a namespace with a comma, and cuts it off at a question mark.
  if (/[,?#\s]/.test(namespace) || hasUnprintable(namespace)) {
    return { problem: "holds a comma, a question mark, # or a space", mend };
  }
  return namespace.length > NAME_CHARS_MAX ? tooLong(namespace) : null;
}

function refusalOfEvent(event: string): Refusal | null {
  if (RESERVED.has(event)) {
    const mend = "name the event that your server listens to or emits";
    return { problem: "is an event that Socket.IO keeps for itself", mend };
  }
  return refusalOfName(event);
}

function refusalOfName(name: string): Refusal | null {
  if (hasUnprintable(name)) return { problem: "holds a character that cannot be seen", mend: "take it out" };
  return name === "" || name.length > NAME_CHARS_MAX ? tooLong(name) : null;
}

function tooLong(name: string): Refusal {
  return { problem: `has ${name.length} characters`, mend: `write 1 to ${NAME_CHARS_MAX} characters` };
}

/** A key of `auth` stands in the published configuration, so it must not be the secret itself by mistake. */
function refusalOfKey(key: string): Refusal | null {
  if (/^[A-Za-z_][\w-]{0,39}$/.test(key)) return null;
  const mend =
    'write the key that your server reads, as in authKeys: { token: "jwt" }: letters, digits, _ and -, at most 40';
  return { problem: "is no key of an object, and looks like a value", mend };
}

const event = judged(z.string(), refusalOfEvent);
const name = judged(z.string(), refusalOfName);
const authKey = judged(z.string(), refusalOfKey).optional();

export const SOCKETIO_RULES: DriverRules = {
  schemes: ["ws", "wss"],
  example: "wss://chat.example.com/socket.io/",
  canReceive: true,
  credentials: CREDENTIALS,
  options: {
    namespace: field(judged(z.string(), refusalOfNamespace).optional(), 'namespace: "/chat"'),
    joinEvent: field(
      judged(z.string(), (text) => (text === "" ? null : refusalOfEvent(text))).optional(),
      'joinEvent: "join", or "" where the server itself puts clients into the room',
    ),
    joinedEvent: field(event.optional(), 'joinedEvent: "joined"'),
    publishEvent: field(event.optional(), 'publishEvent: "message"'),
    receiveEvent: field(event.optional(), 'receiveEvent: "message"'),
    payload: field(z.enum(["text", "json"]).optional(), 'payload: "text" or payload: "json"'),
    roomKey: field(name.optional(), 'roomKey: "room"'),
    dataKey: field(name.optional(), 'dataKey: "data"'),
    ack: field(z.boolean().optional(), "ack: true or ack: false"),
    authKeys: field(
      z.strictObject({ token: authKey, user: authKey, password: authKey }).optional(),
      'authKeys: { token: "jwt", user: "username", password: "password" }',
    ),
  },
  channel: { option: "room", fallback: "sonde-{target}-{region}", judge: refusalOfRoom },
  conflicts,
};

function conflicts({ options, secrets }: WrittenTarget): readonly Conflict[] {
  const found: Conflict[] = [];
  const add = (key: string, problem: string, mend: string): void => {
    found.push({ path: ["options", key], value: options[key], refusal: { problem, mend } });
  };
  const { payload, roomKey, dataKey, joinEvent, joinedEvent, receiveEvent } = { ...SOCKETIO_DEFAULTS, ...options };
  for (const key of ["roomKey", "dataKey"]) {
    if (options[key] === undefined || payload === "json") continue;
    add(key, "is a key of JSON, and the payload is text", 'write payload: "json", or take it out');
  }
  if (roomKey === dataKey) {
    const key = options["dataKey"] === undefined ? "roomKey" : "dataKey";
    add(key, "is the key of the room and of the message alike", 'write two keys: roomKey: "room", dataKey: "data"');
  }
  if (joinedEvent !== "" && joinEvent === "") {
    add("joinedEvent", "confirms a join, and nobody joins", "take it out, or name a joinEvent");
  }
  if (joinedEvent === receiveEvent) {
    add("joinedEvent", "is the event of the messages as well", "name the event that confirms a join alone");
  }
  const authKeys = (options["authKeys"] ?? {}) as Readonly<Record<string, string>>;
  for (const [credential, key] of Object.entries(authKeys)) {
    if (secrets[credential] !== undefined) continue;
    const problem = "is the key of a credential that is not there";
    const mend = `name its secret: credentials: { ${credential}: "SOCKETIO_${credential.toUpperCase()}" }, or take it out`;
    found.push({ path: ["options", "authKeys", credential], value: key, refusal: { problem, mend } });
  }
  const keys = Object.keys(secrets).map((credential) => authKeys[credential] ?? credential);
  if (new Set(keys).size < keys.length) {
    add("authKeys", "gives two credentials the same key", "give each credential a key of its own");
  }
  return found;
}
