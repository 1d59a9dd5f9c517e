// The way into the console of a fleet on a developer's own machine, where Cloudflare Access does not stand before it. Pure.
// Honoured only at a loopback address, only with a pass that `npm start` has made for this one run, and never where Access is
// configured: a deployed Worker has neither the address nor the pass. Called by the console's door before it asks the guard.

import { isSame } from "./signature.ts";
import type { Visitor } from "./visitor.ts";

/** What a developer's records are signed with. */
const DEVELOPER = "developer on this machine";
const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);
/** Shorter ones are made up by people. */
const PASS_CHARS_MIN = 24;

export interface PassFacts {
  readonly url: URL;
  /** Of the request; null: none. */
  readonly cookie: string | null;
  /** The binding; null: not set, as in every deployed Worker. */
  readonly pass: string | null;
  /** Whether the configuration names an application of Cloudflare Access. */
  readonly hasAccess: boolean;
}

/** Null: this is no developer's own machine, or the pass was not brought along; whoever that is, the guard has to know. */
export function developerOf(facts: PassFacts): Visitor | null {
  if (!isOpen(facts)) return null;
  const brought = (facts.cookie ?? "")
    .split(";")
    .map((each) => each.trim())
    .find((each) => each.startsWith(`${cookieName(facts.url)}=`))
    ?.slice(cookieName(facts.url).length + 1);
  return isSame(brought ?? "", facts.pass) ? { ok: true, who: DEVELOPER } : null;
}

/** The cookie to set for whoever comes with `?pass=` and the right pass; null for anybody else. */
export function passCookie(facts: PassFacts): string | null {
  if (!isOpen(facts) || !isSame(facts.url.searchParams.get("pass") ?? "", facts.pass)) return null;
  return `${cookieName(facts.url)}=${facts.pass}; Path=/ops; HttpOnly; SameSite=Strict`;
}

function isOpen(facts: PassFacts): facts is PassFacts & { readonly pass: string } {
  const { url, pass, hasAccess } = facts;
  return !hasAccess && LOOPBACK.has(url.hostname) && pass !== null && pass.length >= PASS_CHARS_MIN;
}

/** With the port, since cookies know none: two fleets of one machine do not take each other's. */
function cookieName(url: URL): string {
  return `sonde-dev-${url.port === "" ? "default" : url.port}`;
}
