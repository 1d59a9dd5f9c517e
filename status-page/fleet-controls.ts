// Which hosts are asked as controls, as both pages about the fleet and the method name them. Pure. Never tells more of an address than its
// host: a path or a query may hold a key.

import { plainLabel } from "./labels.ts";

/** Hosts that are asked, without anything that may be secret in an address. May hold `{region}`. */
export function controlHosts(controls: readonly string[]): readonly string[] {
  return controls.flatMap((url) => {
    const host = /^https?:\/\/(?:[^/?#]*@)?([^/?#:@]+)/i.exec(url)?.[1];
    return host === undefined ? [] : [plainLabel(host, "?")];
  });
}
