// How the gateways of gateway.server.ts speak: three dialects of the same small talk. Pure: text in, text out.

/** What a client asked for. */
export type Asked = {
  readonly step: "login" | "join" | "say";
  readonly user: string;
  readonly password: string;
  readonly token: string;
  readonly room: string;
  readonly text: string;
  /** What an answer repeats. */
  readonly ref: string | number;
};

export interface Dialect {
  read(frame: string): Asked | null;
  welcome(asked: Asked): string;
  denied(asked: Asked, echo: string): string;
  joined(asked: Asked): string;
  accepted(asked: Asked): string;
  refused(asked: Asked, echo: string): string;
  said(room: string, text: string): string;
}

const NOTHING: Asked = { step: "say", user: "", password: "", token: "", room: "", text: "", ref: "" };

/** `{"type":"login","user":"u","password":"p"}`, `{"type":"join","room":"r","id":"1"}`, `{"type":"say",...}`. */
export const jsonGateway: Dialect = {
  read(frame) {
    const { type, id = "", ...rest } = JSON.parse(frame) as { type: Asked["step"]; id?: string };
    return { ...NOTHING, ...rest, step: type, ref: id };
  },
  welcome: () => '{"type":"welcome","list":[{"a":1}]}',
  denied: (_, echo) => JSON.stringify({ type: "denied", why: `wrong: ${echo}` }),
  joined: ({ room, ref }) => JSON.stringify({ type: "joined", room, ref }),
  accepted: ({ ref }) => JSON.stringify({ type: "ack", ref }),
  refused: ({ ref }, echo) => JSON.stringify({ type: "refused", ref, why: `wrong: ${echo}` }),
  said: (room, text) => JSON.stringify({ type: "said", room, text }),
};

/** `LOGIN token`, `JOIN room`, `SAY room id text`. */
export const textGateway: Dialect = {
  read(frame) {
    const [verb = "", first = "", second = "", ...more] = frame.split(" ");
    if (verb === "LOGIN") return { ...NOTHING, step: "login", token: first };
    if (verb === "JOIN") return { ...NOTHING, step: "join", room: first, ref: first };
    return verb === "SAY" ? { ...NOTHING, room: first, ref: second, text: more.join(" ") } : null;
  },
  welcome: () => "READY",
  denied: (_, echo) => `DENIED wrong: ${echo}`,
  joined: ({ room }) => `JOINED ${room}`,
  accepted: ({ ref }) => `ACK ${ref} thank you`,
  refused: ({ ref }, echo) => `NO ${ref} wrong: ${echo}`,
  said: (room, text) => `MSG ${room} ${text}`,
};

/** After Centrifugo's JSON protocol: commands and replies with a number, pushes without. */
export const centrifugoLike: Dialect = {
  read(frame) {
    const { id, connect, subscribe, publish } = JSON.parse(frame) as {
      id: number;
      connect?: { token: string };
      subscribe?: { channel: string };
      publish?: { channel: string; data: { text: string } };
    };
    if (connect !== undefined) return { ...NOTHING, step: "login", token: connect.token, ref: id };
    if (subscribe !== undefined) return { ...NOTHING, step: "join", room: subscribe.channel, ref: id };
    if (publish === undefined) return null;
    return { ...NOTHING, room: publish.channel, text: publish.data.text, ref: id };
  },
  welcome: ({ ref }) => JSON.stringify({ id: ref, connect: { client: "c", ping: 25 } }),
  denied: ({ ref }) => JSON.stringify({ id: ref, error: { code: 101, message: "unauthorized" } }),
  joined: ({ ref }) => JSON.stringify({ id: ref, subscribe: {} }),
  accepted: ({ ref }) => JSON.stringify({ id: ref, publish: {} }),
  refused: ({ ref }) => JSON.stringify({ id: ref, error: { code: 103, message: "denied" } }),
  said: (channel, text) => JSON.stringify({ push: { channel, pub: { data: { text } } } }),
};
