// The least that a Hono Worker can do with a page: one route that answers the same bytes and the same headers each time,
// with no database, no clock and no choice; and one that reads the front row first. What the status page is compared with. Bench
// only, never deployed.

import { Hono } from "hono";

interface Env {
  readonly BODY: string;
  /** JSON of [name, value] pairs. */
  readonly HEADERS: string;
  readonly DB: D1Database;
}

let bytes: Uint8Array | null = null;
let headers: Record<string, string> = {};

function page(env: Env): Response {
  if (bytes === null) {
    bytes = new TextEncoder().encode(env.BODY);
    headers = Object.fromEntries(JSON.parse(env.HEADERS) as [string, string][]);
  }
  return new Response(bytes, { headers });
}

const app = new Hono<{ Bindings: Env }>();
app.get("/", (c) => page(c.env));
app.get("/row", async (c) => {
  const row = await c.env.DB.prepare("SELECT composed_at, body FROM front WHERE id = 1").first<{ body: string }>();
  if (row === null || row.body.length === 0) throw new Error("no front row");
  return page(c.env);
});

export default app;
