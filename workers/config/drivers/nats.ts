// What a target of the driver `nats` may say.

import * as z from "zod";
import { field } from "../fields.ts";
import { fillPlaceholders, refusalOfPlaceholders } from "../placeholders.ts";
import { hasUnprintable, type Refusal } from "../problems.ts";
import type { Conflict, DriverRules, WrittenTarget } from "./rules.ts";

export interface NatsInput {
  readonly driver: "nats";
  /** One way: user and password; token; nkey; jwt and nkey; or creds. */
  readonly credentials?: {
    readonly user?: string;
    readonly password?: string;
    readonly token?: string;
    /** The secret holds the seed of a user's nkey: SU... */
    readonly nkey?: string;
    /** The secret holds a user's JWT; its nkey signs for it. */
    readonly jwt?: string;
    /** The secret holds the text of a .creds file, which is a JWT and its nkey. */
    readonly creds?: string;
  };
  readonly options?: {
    /** Default "sonde.{target}.{region}": regions must not hear each other. No wildcards. */
    readonly subject?: string;
    /** Default "pubsub". "request": the subscriber answers each message, and the way there and back is timed. */
    readonly pattern?: "pubsub" | "request";
    /** Default false. Only with tls://, for servers with `handshake_first`: TLS begins before the server's INFO. */
    readonly tlsFirst?: boolean;
  };
}

export const NATS_RULES: DriverRules = {
  schemes: ["nats", "tls", "ws", "wss"],
  example: "wss://nats.example.com",
  canReceive: true,
  credentials: ["user", "password", "token", "nkey", "jwt", "creds"],
  options: {
    pattern: field(z.enum(["pubsub", "request"]).optional(), 'pattern: "pubsub" or pattern: "request"'),
    tlsFirst: field(z.boolean().optional(), "tlsFirst: true"),
  },
  channel: { option: "subject", fallback: "sonde.{target}.{region}", judge: refusalOfSubject },
  conflicts: (target) => [...addressConflicts(target), ...credentialConflicts(target), ...journeyConflicts(target)],
};

/** A line of the protocol holds 4,096 bytes by default; two subjects, numbers and words stand in it. */
const SUBJECT_CHARS_MAX = 200;

/** docs.nats.io, subject-based messaging: parts between dots, none of them empty, no spaces, no wildcards. */
function refusalOfSubject(subject: string): Refusal | null {
  const example = "sonde.{target}.{region}";
  const mend = `write subject: "${example}"`;
  if (subject === "" || subject.length > SUBJECT_CHARS_MAX) {
    const chars = `write 1 to ${SUBJECT_CHARS_MAX} characters, as in ${example}`;
    return { problem: `has ${subject.length} characters`, mend: chars };
  }
  if (hasUnprintable(subject) || /\s/.test(subject)) return { problem: "holds a space or an unseen character", mend };
  if (/[*>]/.test(subject)) return { problem: "holds a wildcard (* or >): nobody can publish to it", mend };
  if (subject.startsWith("$")) return { problem: "begins with $, which servers keep for themselves", mend };
  if (/^_INBOX\b/i.test(subject)) return { problem: "begins with _INBOX, where replies go", mend };
  const filled = fillPlaceholders(subject, { target: "t", region: "r" });
  const unknown = refusalOfPlaceholders(subject);
  if (unknown !== null) return unknown;
  return filled.split(".").includes("") ? { problem: "has an empty part between its dots", mend } : null;
}

function addressConflicts({ addresses, options }: WrittenTarget): readonly Conflict[] {
  const found: Conflict[] = [];
  // What is no address at all was refused already.
  const bare = addresses.filter((address) => /^(nats|tls):/i.test(address) && URL.parse(address) !== null);
  const listed = bare.find((address) => address.includes(","));
  if (listed !== undefined) {
    const mend = "write one: a round must measure the server that it names; give others a target of their own";
    found.push({ path: ["address"], value: listed, refusal: { problem: "names several servers", mend } });
  }
  const deep = bare.find((address) => /^[a-z]+:\/\/[^/?]*[/?]./i.test(address));
  if (deep !== undefined) {
    const refusal = { problem: "has a path, which NATS has not outside of WebSocket", mend: "take it out" };
    found.push({ path: ["address"], value: deep, refusal });
  }
  if (options["tlsFirst"] === true && addresses.some((address) => /^(nats|wss?):/i.test(address))) {
    const mend = 'write address: "tls://...", or take tlsFirst out';
    const refusal = { problem: "is for tls:// alone: wss:// has TLS first anyway", mend };
    found.push({ path: ["options", "tlsFirst"], value: true, refusal });
  }
  return found;
}

/** Which subscriber hears a message shows in what it is given, and with request and reply it is given none. */
function journeyConflicts({ options, journeys }: WrittenTarget): readonly Conflict[] {
  if (options["pattern"] !== "request") return [];
  const problem = "needs a subscriber that hears messages, and with pattern request it only replies";
  const deaf = journeys.filter((journey) => journey === "mesh" || journey === "room");
  const refusal = { problem, mend: 'write pattern: "pubsub"' };
  return deaf.map((journey) => ({ path: ["journeys"], value: journey, refusal }));
}

const WAYS = "one of: user and password; token; nkey; jwt and nkey; creds";

function credentialConflicts({ secrets }: WrittenTarget): readonly Conflict[] {
  const named = Object.keys(secrets).sort().join(" ");
  if (["", "password user", "token", "nkey", "jwt nkey", "creds"].includes(named)) return [];
  const missing = MISSING[named];
  if (missing !== undefined) {
    const [name, mend] = missing;
    return [{ path: ["credentials", name], value: undefined, refusal: { problem: "is missing", mend } }];
  }
  const refusal = { problem: `mixes ways to log in (${named.replaceAll(" ", ", ")})`, mend: `name ${WAYS}` };
  return [{ path: ["credentials"], value: undefined, refusal }];
}

/** What lacks its other half, and what that is. */
const MISSING: Readonly<Record<string, readonly [string, string]>> = {
  user: ["password", 'write password: "NATS_PASSWORD" beside user'],
  password: ["user", 'write user: "NATS_USER" beside password'],
  jwt: ["nkey", 'write nkey: "NATS_NKEY" beside jwt: the server asks for its signature'],
};
