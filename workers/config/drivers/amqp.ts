// What a target of the driver `amqp` may say.

import * as z from "zod";
import { field, judged } from "../fields.ts";
import { fillPlaceholders, refusalOfPlaceholders } from "../placeholders.ts";
import { hasUnprintable, type Refusal } from "../problems.ts";
import { halfLogin } from "./login.ts";
import type { Conflict, DriverRules, WrittenTarget } from "./rules.ts";

export interface AmqpInput {
  readonly driver: "amqp";
  /** Without them: guest, guest. */
  readonly credentials?: {
    readonly user?: string;
    readonly password?: string;
  };
  readonly options?: {
    /** Default "sonde.{target}.{region}": regions must not hear each other. No wildcards. */
    readonly routingKey?: string;
    /** Default "amq.topic". It has to be there; the subscriber binds a queue of its own to it. */
    readonly exchange?: string;
    /** Default true: the broker confirms each message. */
    readonly confirm?: boolean;
  };
}

export const AMQP_RULES: DriverRules = {
  schemes: ["amqp", "amqps"],
  example: "amqps://broker.example.com/vhost",
  canReceive: true,
  credentials: ["user", "password"],
  options: {
    exchange: field(judged(z.string(), refusalOfExchange).optional(), 'exchange: "amq.topic"'),
    confirm: field(z.boolean().optional(), "confirm: true or confirm: false"),
  },
  channel: { option: "routingKey", fallback: "sonde.{target}.{region}", judge: refusalOfRoutingKey },
  conflicts: (target) => [...addressConflicts(target), ...halfLogin(target, "AMQP")],
};

/** Names and keys are short strings: at most 255 bytes (AMQP 0-9-1 specification, 4.2.5.3). */
const SHORT_BYTES_MAX = 255;
/** The longest id there is. */
const LONGEST_ID = "x".repeat(31);

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

function refusalOfRoutingKey(key: string): Refusal | null {
  const example = "sonde.{target}.{region}";
  const mend = `write routingKey: "${example}"`;
  const filled = fillPlaceholders(key, { target: LONGEST_ID, region: LONGEST_ID });
  if (key === "" || bytesOf(filled) > SHORT_BYTES_MAX) {
    const bytes = `write 1 to ${SHORT_BYTES_MAX} bytes, ids filled in, as in ${example}`;
    return { problem: `has up to ${bytesOf(filled)} bytes`, mend: bytes };
  }
  if (hasUnprintable(key)) return { problem: "holds a character that cannot be seen", mend };
  if (/[*#]/.test(key)) return { problem: "holds a wildcard (* or #): others would be heard, too", mend };
  return refusalOfPlaceholders(key);
}

function refusalOfExchange(name: string): Refusal | null {
  const mend = 'write exchange: "amq.topic", or the name of an exchange of your own';
  if (name === "") return { problem: "is the default exchange, to which nothing can be bound", mend };
  if (bytesOf(name) > SHORT_BYTES_MAX) return { problem: `has ${bytesOf(name)} bytes`, mend };
  return hasUnprintable(name) ? { problem: "holds a character that cannot be seen", mend } : null;
}

/** amqp://host:port/vhost, and no more: https://www.rabbitmq.com/docs/uri-spec. */
function addressConflicts({ addresses }: WrittenTarget): readonly Conflict[] {
  for (const address of addresses) {
    const refusal = refusalOfUri(address);
    if (refusal !== null) return [{ path: ["address"], value: address, refusal }];
  }
  return [];
}

function refusalOfUri(address: string): Refusal | null {
  const [, path = ""] = /^[a-z]+:\/\/[^/?]*\/?([^?]*)/i.exec(address) ?? [];
  if (address.includes("?")) return { problem: "has a query, which this driver does not read", mend: "take it out" };
  if (path.includes("/")) {
    return {
      problem: "has a path of several parts, and a virtual host is one",
      mend: "write a slash in its name as %2F: amqps://broker.example.com/a%2Fb",
    };
  }
  const mend = "write the virtual host percent-encoded: amqps://broker.example.com/vhost";
  const vhost = decoded(path);
  if (vhost === null) return { problem: "has a percent sign that encodes nothing", mend };
  if (bytesOf(vhost) > SHORT_BYTES_MAX) return { problem: "has a virtual host of more than 255 bytes", mend };
  return hasUnprintable(vhost) ? { problem: "has a virtual host with a character that cannot be seen", mend } : null;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
