// What Centrifugo's client may see of a service's frames: replies of its JSON protocol, rebuilt from the fields that this
// driver needs, each of its type. Pure. The client throws, where nobody can catch it, at replies of other shapes; and so no
// text of the server's gets to it, save that of a message. Protocol: Centrifugo's documentation, "Client protocol".

import { parsedJson, recordIn, type Words } from "./json-words.ts";

const UINT32_MAX = 0xffff_ffff;
/** An hour: above it, a promise of pings is none. */
const PING_S_MAX = 3_600;

export interface ReplyJudge {
  /** Notes the commands of a frame that was written, so that their replies are known. */
  sent(frame: unknown): void;
  /** One or more replies, a line each: rebuilt; "" if nothing is left. Null: malformed. */
  admit(frame: string | ArrayBuffer): string | null;
}

/** What is known of one connection. */
interface Known {
  /** Names of commands without a reply, by their number. */
  readonly asked: Map<number, string>;
  /** Channels that were asked for. */
  readonly channels: Set<string>;
  readonly onDisconnect: (code: number) => void;
}

/** For one connection. `onDisconnect` hears of a pushed one, which the client in some states keeps to itself. */
export function replyJudge(onDisconnect: (code: number) => void): ReplyJudge {
  const known: Known = { asked: new Map(), channels: new Set(), onDisconnect };
  return {
    sent(frame) {
      if (typeof frame !== "string") return;
      for (const line of frame.split("\n")) {
        // The client's own JSON: the command's name first, its number last.
        const [, name, id] = /^\{"([a-z_]+)":.*"id":(\d+)\}$/s.exec(line) ?? [];
        if (name !== undefined) known.asked.set(Number(id), name);
        if (name === "subscribe") known.channels.add(String(recordIn(recordIn(parsedJson(line))?.[name])?.["channel"]));
      }
    },
    admit(frame) {
      if (typeof frame !== "string") return null;
      const kept: string[] = [];
      for (const line of frame.split("\n")) {
        if (line.trim() === "") continue;
        const reply = rebuilt(line, known);
        if (reply === null) return null;
        if (reply !== undefined) kept.push(JSON.stringify(reply));
      }
      return kept.join("\n");
    },
  };
}

/** Null: malformed. Undefined: nothing that concerns us. */
function rebuilt(line: string, known: Known): object | null | undefined {
  const reply = recordIn(parsedJson(line));
  if (reply === null) return null;
  const { id, push } = reply;
  if (id !== undefined && id !== 0) return whole(id) ? answered(id, reply, known.asked) : null;
  // A reply without a number and without a push is a ping.
  if (push === undefined || push === null) return {};
  const pushed = recordIn(push);
  return pushed === null ? null : pushOf(pushed, known);
}

function answered(id: number, reply: Words, asked: Map<number, string>): object | null | undefined {
  const name = asked.get(id);
  if (name === undefined) return undefined;
  asked.delete(id);
  if (reply["error"] !== undefined && reply["error"] !== null) {
    const error = recordIn(reply["error"]);
    // Below 100 are the client's own.
    if (error === null || !whole(error["code"]) || error["code"] < 100) return null;
    return { id, error: { code: error["code"], message: "", temporary: error["temporary"] === true } };
  }
  if (name !== "connect" && name !== "subscribe") return { id, [name]: {} };
  const result = recordIn(reply[name]);
  if (result === null) return null;
  if (name === "subscribe") return { id, subscribe: whole(result["id"]) ? { id: result["id"] } : {} };
  const { client, ping, pong } = result;
  const pings = typeof ping === "number" && ping > 0 && ping <= PING_S_MAX;
  return {
    id,
    // Expiry is left out: the service itself ends what has expired, and there is no other token to give.
    connect: { client: typeof client === "string" ? client : "", ...(pings && { ping, pong: pong === true }) },
  };
}

function pushOf(push: Words, known: Known): object | null | undefined {
  const { channel, id, pub, unsubscribe, disconnect } = push;
  // A channel is named, or has a number. The client finds names that nobody asked for in every object: "constructor".
  const to = typeof channel === "string" ? { channel } : whole(id) && id > 0 ? { id } : null;
  const isOurs = to !== null && (!("channel" in to) || known.channels.has(to.channel));
  if (pub !== undefined && pub !== null) {
    const body = recordIn(pub);
    if (body === null) return null;
    const { data } = body;
    // Others may publish what they like: it is handed on as its own text, and is foreign.
    const text = typeof data === "string" ? data : (JSON.stringify(data) ?? "");
    return isOurs ? { push: { ...to, pub: { data: text } } } : undefined;
  }
  for (const [name, given] of Object.entries({ unsubscribe, disconnect })) {
    if (given === undefined || given === null) continue;
    const code = recordIn(given)?.["code"] ?? 0;
    if (recordIn(given) === null || !whole(code)) return null;
    if (name === "disconnect") known.onDisconnect(code);
    else if (!isOurs) return undefined;
    return { push: { ...to, [name]: { code, reason: "" } } };
  }
  return undefined;
}

function whole(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= UINT32_MAX;
}
