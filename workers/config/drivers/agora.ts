// What both drivers for Agora Signaling ask of a configuration: App ID, names of users and channels, where the address leads.

import * as z from "zod";
import { type Field, field, judged } from "../fields.ts";
import { fillPlaceholders, refusalOfPlaceholders } from "../placeholders.ts";
import { hasUnprintable, type Refusal } from "../problems.ts";
import type { Conflict } from "./rules.ts";

/** Agora: "must not exceed 64 characters". */
const NAME_CHARS_MAX = 64;
/** Of Agora's characters for names, those that are not at home in a placeholder. */
const NAME = /^[A-Za-z0-9 !#$%&()+\-:;<=.>?@[\]^_|~,]*$/;

/** 32 hexadecimal digits. An App ID is no secret: each client of the app carries it. */
export const APP_ID: Field<string> = field(
  judged(z.string(), (text) =>
    /^[0-9a-f]{32}$/i.test(text)
      ? null
      : { problem: "is not an App ID", mend: "write the 32 hexadecimal digits that Agora Console shows" },
  ),
  'appId: "0123456789abcdef0123456789abcdef" (from Agora Console)',
);

/** Each region its own, so that none is logged out by another. */
export const USER_FALLBACK = "sonde-{target}-{region}";

/** A user id, perhaps with placeholders. */
export const USER: z.ZodType<string> = judged(z.string(), refusalOfName);

/** What is wrong with the name of a user or a channel, placeholders not yet filled; null: nothing. */
export function refusalOfName(name: string): Refusal | null {
  const mend = `write 1 to ${NAME_CHARS_MAX} letters, digits, dashes, dots or colons, as in ${USER_FALLBACK}`;
  const filled = fillPlaceholders(name, { target: "", region: "" });
  if (name === "" || filled.length > NAME_CHARS_MAX) return { problem: `has ${name.length} characters`, mend };
  const unknown = refusalOfPlaceholders(name);
  if (unknown !== null) return unknown;
  if (hasUnprintable(name) || !NAME.test(filled))
    return { problem: "holds a character that Agora does not take", mend };
  if (name.trim() !== name || name === "null") return { problem: "is a name that Agora does not take", mend };
  return null;
}

/** Credentials travel in each request: plain http may not leave this machine. The path is the driver's. */
export function refusedAddresses(addresses: readonly string[], example: string): Conflict[] {
  return addresses.flatMap((address): Conflict[] => {
    const refusal = refusalOfHost(fillPlaceholders(address, { region: "weur" }), example);
    return refusal === null ? [] : [{ path: ["address"], value: address, refusal }];
  });
}

function refusalOfHost(address: string, example: string): Refusal | null {
  const url = URL.parse(address);
  if (url === null) return null;
  if (url.protocol === "http:" && !["127.0.0.1", "localhost", "[::1]"].includes(url.hostname)) {
    return { problem: "would send credentials in the clear: http is for 127.0.0.1 only", mend: `write ${example}` };
  }
  if (url.pathname !== "/" || url.search !== "") {
    return { problem: "holds more than a host, and the driver knows the path itself", mend: `write ${example}` };
  }
  return null;
}
