// What a target of the driver `stomp` may say.

import * as z from "zod";
import { field, judged } from "../fields.ts";
import { refusalOfPlaceholders } from "../placeholders.ts";
import { hasUnprintable, type Refusal } from "../problems.ts";
import { halfLogin } from "./login.ts";
import type { Conflict, DriverRules, WrittenTarget } from "./rules.ts";

export interface StompInput {
  readonly driver: "stomp";
  readonly credentials?: {
    readonly user?: string;
    readonly password?: string;
  };
  readonly options?: {
    /** Default "/topic/sonde.{target}.{region}": regions must not hear each other. No wildcards. */
    readonly destination?: string;
    /** The header `host` of CONNECT, which is RabbitMQ's virtual host. Default: none is sent. */
    readonly host?: string;
    /** Default true: the service answers each message with a receipt. A subscription always asks for one. */
    readonly receipt?: boolean;
  };
}

export const STOMP_RULES: DriverRules = {
  schemes: ["ws", "wss"],
  example: "wss://broker.example.com/ws",
  canReceive: true,
  credentials: ["user", "password"],
  options: {
    host: field(judged(z.string(), refusalOfHost).optional(), 'host: "vhost"'),
    receipt: field(z.boolean().optional(), "receipt: true or receipt: false"),
  },
  channel: { option: "destination", fallback: "/topic/sonde.{target}.{region}", judge: refusalOfDestination },
  conflicts: (target) => [...halfLogin(target, "STOMP"), ...queueConflicts(target)],
};

/** Services make queue names of them; RabbitMQ's have 255 bytes at most. */
const CHARS_MAX = 200;

function refusalOfDestination(destination: string): Refusal | null {
  const example = "/topic/sonde.{target}.{region}";
  const mend = `write destination: "${example}"`;
  if (destination === "" || destination.length > CHARS_MAX) {
    return { problem: `has ${destination.length} characters`, mend: `write 1 to ${CHARS_MAX}, as in ${example}` };
  }
  if (hasUnprintable(destination) || /\s/.test(destination))
    return { problem: "holds a space or an unseen character", mend };
  if (/[*#>]/.test(destination)) return { problem: "holds a wildcard (*, # or >): nobody can publish to it", mend };
  if (/^\/(temp-queue|reply-queue)\//.test(destination)) {
    return { problem: "is private to one connection: nobody else would hear it", mend };
  }
  return refusalOfPlaceholders(destination);
}

/** As RabbitMQ names them: each message of a queue goes to one of those who listen to it, and not to all. */
function queueConflicts({ channel, journeys }: WrittenTarget): readonly Conflict[] {
  if (!/^\/(amq\/)?queue\//.test(channel)) return [];
  const why = journeys.includes("room")
    ? "is a queue, which gives each message to one subscriber, and all of a room must hear it"
    : channel.includes("{region}")
      ? null
      : "is one queue for all regions, and each message goes to one of them";
  if (why === null) return [];
  const mend = `write destination: "/topic/sonde.{target}.{region}"`;
  return [{ path: ["options", "destination"], value: channel, refusal: { problem: why, mend } }];
}

function refusalOfHost(host: string): Refusal | null {
  const mend = 'write host: "/" or another virtual host of at most 200 characters, or leave it out';
  if (host === "" || host.length > CHARS_MAX) return { problem: `has ${host.length} characters`, mend };
  return hasUnprintable(host) ? { problem: "holds a character that cannot be seen", mend } : null;
}
