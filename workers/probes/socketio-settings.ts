// What a Socket.IO application is asked, and in which shape: the options of a target with their defaults, the arguments of
// an event that is sent, and the message in one that came. Pure. Socket.IO has no rooms that a client could join and no
// publish: both are events whose names and arguments are the application's.

import type { Options } from "../config/config.ts";
import { SOCKETIO_DEFAULTS, type SocketIoChoices } from "../config/drivers/socketio.ts";

export interface SocketIoSettings extends SocketIoChoices {
  /** Under which keys credentials stand in the handshake's `auth`, where not under their own names. */
  readonly authKeys: Readonly<Record<string, string>>;
}

/** What was written, as `config/drivers/socketio.ts` has read it, over the defaults. */
export function socketIoSettings(options: Options): SocketIoSettings {
  return { authKeys: {}, ...SOCKETIO_DEFAULTS, ...(options as Partial<SocketIoSettings>) };
}

/** The handshake's `auth`, secrets by the keys that the application reads. */
export function authOf(settings: SocketIoSettings, secrets: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(secrets).map(([name, value]) => [settings.authKeys[name] ?? name, value]));
}

/** Where Engine.IO listens: /socket.io/ unless the address names a path; its clients end a path with a slash. */
export function engineAddress(address: string): string {
  const url = new URL(address);
  if (url.pathname === "/") url.pathname = "/socket.io/";
  else if (!url.pathname.endsWith("/")) url.pathname += "/";
  url.searchParams.set("EIO", "4");
  url.searchParams.set("transport", "websocket");
  return url.href;
}

export function joinArguments({ payload, roomKey }: SocketIoSettings, room: string): unknown[] {
  return payload === "json" ? [{ [roomKey]: room }] : [room];
}

export function publishArguments(settings: SocketIoSettings, room: string, text: string): unknown[] {
  const { payload, roomKey, dataKey } = settings;
  return payload === "json" ? [{ [roomKey]: room, [dataKey]: text }] : [room, text];
}

/** The message in an event's arguments; null where there is none for this room. */
export function messageIn(settings: SocketIoSettings, room: string, given: readonly unknown[]): string | null {
  const { payload, roomKey, dataKey } = settings;
  const [first, second] = given;
  if (payload === "text") {
    // Some servers pass the room along, as it was sent.
    const message = first === room ? second : first;
    return typeof message === "string" ? message : null;
  }
  if (typeof first !== "object" || first === null) return null;
  const record = first as Readonly<Record<string, unknown>>;
  const elsewhere = Object.hasOwn(record, roomKey) && record[roomKey] !== room;
  const data = Object.hasOwn(record, dataKey) ? record[dataKey] : undefined;
  return !elsewhere && typeof data === "string" ? data : null;
}
