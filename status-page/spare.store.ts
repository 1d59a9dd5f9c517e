// A copy of the last front row in this data centre's cache, for an isolate that has just started while D1 is away.
// Given to app.tsx by main.entry.ts. Best effort: the cache may forget at any time, and a failure here is no news to anybody.

import type { Spare } from "./last-good.ts";

// A name that no route of ours has and no resolver knows; the Cache API only wants a URL.
const KEY = "https://front.sonde.invalid/v1";
/** A day-old figure with its instant printed is still better than none. */
const KEEP_S = 86_400;

/** The Cache API as a spare. It is only touched when a request needs it, since a script may do no I/O as it starts. */
export function cacheSpare(): Spare {
  return {
    async get() {
      const found = await caches.default.match(KEY);
      const at = Number(found?.headers.get("x-composed-at") ?? Number.NaN);
      return found === undefined || !Number.isFinite(at) ? null : { composedAt: at, body: await found.text() };
    },
    async put(row) {
      const headers = { "cache-control": `max-age=${KEEP_S}`, "x-composed-at": String(row.composedAt) };
      await caches.default.put(KEY, new Response(row.body, { headers }));
    },
  };
}
