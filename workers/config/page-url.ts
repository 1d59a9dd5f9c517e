// Reads `url`: where the page is for everybody, so that a message can lead to it. Never asks whether it answers. Called by `parse.ts`.

import * as z from "zod";
import { type Field, field, judged } from "./fields.ts";
import type { Refusal } from "./problems.ts";

const WRITE = 'url: "https://status.example"';
const CHARS_MAX = 200;

/** The origin alone, without a slash at its end. */
export const PAGE_URL: Field<string | undefined> = field(
  judged(z.string(), refusalOfPageUrl)
    .transform((text) => new URL(text).origin)
    .optional(),
  WRITE,
);

/** http only for the page on one's own machine: links that acknowledge are in it. */
function refusalOfPageUrl(text: string): Refusal | null {
  const url = text.length <= CHARS_MAX && /^https?:\/\/[^\s\\]+$/.test(text) ? URL.parse(text) : null;
  const mend = `write ${WRITE}`;
  if (url === null) return { problem: "is not an https address", mend };
  const isLocal = url.hostname === "127.0.0.1" || url.hostname === "localhost" || url.hostname === "[::1]";
  if (url.protocol === "http:" && !isLocal) return { problem: "is not an https address", mend };
  if (url.username !== "" || url.password !== "") return { problem: "holds a user or a password", mend };
  // A # or ? with nothing behind it is not in the parsed one.
  const isOrigin = url.pathname === "/" && !/[?#]/.test(text);
  return isOrigin ? null : { problem: "has something behind the host", mend: `write url: "${url.origin}"` };
}
