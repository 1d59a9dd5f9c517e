// What a target of the driver `centrifugo` may say.

import { refusalOfPlaceholders } from "../placeholders.ts";
import type { Refusal } from "../problems.ts";
import type { Conflict, DriverRules, WrittenTarget } from "./rules.ts";

export interface CentrifugoInput {
  readonly driver: "centrifugo";
  readonly credentials?: {
    /** The connection's JWT. */
    readonly token?: string;
    /** The subscription's JWT, for the one channel that it names. */
    readonly subscriptionToken?: string;
  };
  readonly options?: {
    /** Default "sonde:{target}-{region}": regions must not hear each other. What stands before the colon is the namespace. */
    readonly channel?: string;
  };
}

const FALLBACK = "sonde:{target}-{region}";
/** Centrifugo's own default for the longest channel. */
const CHANNEL_CHARS_MAX = 255;

/** Channel names: Centrifugo's documentation, "Channels and namespaces". */
function refusalOfChannel(channel: string): Refusal | null {
  const mend = `write channel: "${FALLBACK}"`;
  if (channel === "" || channel.length > CHANNEL_CHARS_MAX) {
    return { problem: `has ${channel.length} characters`, mend: `write 1 to ${CHANNEL_CHARS_MAX}, as in ${FALLBACK}` };
  }
  if (!/^[\x21-\x7e]+$/.test(channel)) return { problem: "holds a space or what is not ASCII", mend };
  const unknown = refusalOfPlaceholders(channel);
  if (unknown !== null) return unknown;
  // `*`, `&` and `/` are kept for the server's own use.
  if (/[*&/]/.test(channel)) return { problem: "holds *, & or /, which Centrifugo keeps for itself", mend };
  if (/^:|:$/.test(channel)) return { problem: "has nothing before or after the colon of its namespace", mend };
  // The client finds these in every object, and takes them for channels of its own.
  if (channel in {}) return { problem: "is a word that JavaScript has taken", mend };
  return null;
}

export const CENTRIFUGO_RULES: DriverRules = {
  schemes: ["ws", "wss"],
  example: "wss://centrifugo.example.com/connection/websocket",
  canReceive: true,
  credentials: ["token", "subscriptionToken"],
  options: {},
  channel: { option: "channel", fallback: FALLBACK, judge: refusalOfChannel },
  conflicts,
};

function conflicts({ addresses, channel, secrets, journeys }: WrittenTarget): readonly Conflict[] {
  const found: Conflict[] = [];
  if (secrets["subscriptionToken"] !== undefined && channel.includes("{region}")) {
    const problem = "differs by region, and a subscription token is signed for one channel";
    const mend = "write the channel that the token names, or take subscriptionToken out";
    found.push({ path: ["options", "channel"], value: channel, refusal: { problem, mend } });
  }
  const other = journeys.find((journey) => journey === "mesh" || journey === "room" || journey === "dialogue");
  if (secrets["subscriptionToken"] !== undefined && other !== undefined) {
    const problem = "subscribes to channels of its own, and a subscription token is signed for one channel";
    const mend = "take it out of journeys, or subscriptionToken out of credentials";
    found.push({ path: ["journeys"], value: other, refusal: { problem, mend } });
  }
  const binary = addresses.find((address) => /[?&](format|cf_protocol)=protobuf(&|$)/.test(address));
  if (binary !== undefined) {
    const problem = "asks for the binary protocol, and this driver speaks JSON";
    found.push({ path: ["address"], value: binary, refusal: { problem, mend: "take the format out of its query" } });
  }
  return found;
}
