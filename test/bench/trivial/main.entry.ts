// The least that a Hono Worker can do with a page: one route that answers the same bytes and the same headers each time,
// with no database, no clock and no choice. What the status page is compared with. Bench only, never deployed.

import { Hono } from "hono";

interface Env {
  readonly BODY: string;
  /** JSON of [name, value] pairs. */
  readonly HEADERS: string;
}

let bytes: Uint8Array | null = null;
let headers: Record<string, string> = {};

const app = new Hono<{ Bindings: Env }>();
app.get("/", (c) => {
  if (bytes === null) {
    bytes = new TextEncoder().encode(c.env.BODY);
    headers = Object.fromEntries(JSON.parse(c.env.HEADERS) as [string, string][]);
  }
  return new Response(bytes, { headers });
});

export default app;
