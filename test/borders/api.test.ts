// Aim: our API works in workerd: history streams out of D1 through the Worker's own door, and the platform's counter refuses who asks too often,
// and nobody else. Method: the Worker as wrangler.toml has it, asked through its door; rows by hand in its D1.

import { createExecutionContext, env, waitOnExecutionContext } from "cloudflare:test";
import { expect, it } from "vitest";

import { LIMITS } from "../../status-page/api/limits.ts";
import type { Bindings } from "../../workers/bindings.ts";
import worker from "../../workers/main.entry.ts";
import { world } from "../world.ts";

const ORIGIN = "https://status.example.com";
const FROM = Date.UTC(2026, 10, 1);
const MINUTES = 10_000;

async function ask(path: string, address: string): Promise<Response> {
  const context = createExecutionContext();
  const request = new Request(`${ORIGIN}/api/v1/${path}`, { headers: { "cf-connecting-ip": address } });
  const response = await worker.fetch(
    request as Parameters<typeof worker.fetch>[0],
    env as unknown as Bindings,
    context,
  );
  await waitOnExecutionContext(context);
  return response;
}

it("streams what D1 holds, whole", async () => {
  await world();
  const { DB } = env as unknown as Bindings;
  await DB.batch([
    DB.prepare(
      "INSERT INTO series (id, target, region, journey, peer, unit, ok_means) VALUES (7, 'chat', 'weur', 'loop', '', 'message', 'delivered')",
    ),
    DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${MINUTES - 1})
       INSERT INTO minutes (id, as_of, revision, config, slots, rounds, scheduled, ok, lost, error, connect_fail, not_sent, duplicate,
         reordered, corrupt, foreign_messages, after_deadline, lag_ms_max, latency, connect, after_deadline_ms_max, unfit, place, over)
       SELECT ${7 * 2 ** 26 + FROM / 60_000} + i, 1, 0, 1, 6, 6, 24, 24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, x'00', x'00', 0, 0, 'FRA', '[]' FROM n`,
    ),
  ]);
  const range = "from=2026-11-01&to=2026-12-01";
  const lines = (await (await ask(`series/7/minutes?${range}&format=ndjson`, "192.0.2.9")).text())
    .trimEnd()
    .split("\n");
  expect(lines).toHaveLength(MINUTES);
  expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({ from: FROM + (MINUTES - 1) * 60_000, ok: 24 });
  const csv = await (await ask(`series/7/minutes?${range}&format=csv&latency=true`, "192.0.2.9")).text();
  expect(csv.trimEnd().split("\r\n")).toHaveLength(MINUTES + 1);
  const page = await (await ask(`series/7/minutes?${range}&limit=2&latency=true`, "192.0.2.9")).json();
  expect(page).toMatchObject({
    rows: [{ latency: { samples: 0, p50: null } }, {}],
    next: expect.stringContaining("from="),
  });
});

it("is counted by the platform, each address for itself", async () => {
  await world();
  const statuses = new Map<number, number>();
  const { limit } = LIMITS.API_RATE;
  // A minute of the counter may end in between: more than twice as many as are answered in one cannot all be answered.
  for (let i = 0; i < 2 * limit + 5; i++) {
    const response = await ask("openapi.json", "192.0.2.10");
    await response.body?.cancel();
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
  }
  expect([...statuses.keys()].toSorted()).toEqual([200, 429]);
  expect(statuses.get(200)).toBeGreaterThanOrEqual(limit);
  expect((await ask("openapi.json", "192.0.2.11")).status).toBe(200);
});
