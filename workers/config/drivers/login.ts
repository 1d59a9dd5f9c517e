// What must hold between a user and a password, for every service that logs in with both or with neither.

import type { Conflict, WrittenTarget } from "./rules.ts";

/** Half a login is none. `prefix` begins the names of its secrets. */
export function halfLogin({ secrets }: WrittenTarget, prefix: string): readonly Conflict[] {
  const [user, password] = ["user" in secrets, "password" in secrets];
  if (user === password) return [];
  const [missing, there] = user ? (["password", "user"] as const) : (["user", "password"] as const);
  const mend = `write ${missing}: "${prefix}_${missing.toUpperCase()}" beside ${there}`;
  return [{ path: ["credentials", missing], value: undefined, refusal: { problem: "is missing", mend } }];
}
