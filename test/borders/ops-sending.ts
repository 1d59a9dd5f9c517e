// What the tests of the console's door share: what its forms send, what becomes of it in D1, and a D1 that fails. Checks nothing
// but the headers that every answer must have.

import { env } from "cloudflare:workers";
import { expect } from "vitest";

import type { Bindings } from "../../workers/bindings.ts";
import type { OpsOptions } from "../../workers/console/ops.entry.tsx";
import { recordsStore } from "../../workers/sla/records.store.ts";
import { must } from "../observations.ts";
import { NOW, opsWorld } from "../page/ops-world.ts";
import type { OpsWorld } from "../page/ops-world.ts";
import type { Way } from "./breaking.ts";

export const bindings = env as unknown as Bindings;
export const d1 = bindings.DB;
export const KEY = `ops-${"k".repeat(32)}`;
export const ADA = "ada@acme.example";

export const EXCLUSION = {
  key: KEY,
  about: "chat/standard",
  type: "scheduled-maintenance",
  from: "2031-05-10T04:00",
  from_zone: "Europe/Berlin",
  to: "2031-05-10T03:00",
  to_zone: "UTC",
  announced_at: "2031-05-01T00:00",
  announced_at_zone: "UTC",
  regions: "weur",
  reason: "new broker, 新",
  where: "notice.pdf",
  sha256: "A".repeat(64),
};
export const TICKET = {
  key: KEY,
  contract: "standard",
  ticket: "OPS-7",
  kind: "opened",
  at: "2031-05-15T11:30",
  at_zone: "UTC",
  severity: "P1",
  waiting: "",
  by: "human",
  note: "",
};
export const STORED = {
  key: "before",
  target: "chat",
  contract: "standard",
  type: "scheduled-maintenance",
  fromAt: Date.UTC(2031, 4, 10, 2),
  toAt: Date.UTC(2031, 4, 10, 3),
  regions: ["weur"],
  announcedAt: Date.UTC(2031, 4, 1),
  author: ADA,
  reason: "new broker, 新",
  proof: { where: "notice.pdf", sha256: "a".repeat(64) },
  recordedAt: NOW,
  withdraws: null,
} as const;

export const FORMS: readonly (readonly [path: string, values: Record<string, string>])[] = [
  ["/ops/exclusions", EXCLUSION],
  ["/ops/exclusions/1/withdraw", { key: KEY, reason: "wrong day" }],
  ["/ops/tickets", TICKET],
];

/** The door to Ada. */
export const open = (more: Partial<OpsOptions> = {}): OpsWorld => opsWorld({ records: recordsStore(d1), ...more });

/** Rows of exclusions, and of events of tickets. */
export async function counts(): Promise<readonly number[]> {
  const tables = ["exclusions", "ticket_events"];
  const all = await d1.batch<{ n: number }>(tables.map((table) => d1.prepare(`SELECT count(*) AS n FROM "${table}"`)));
  return all.map((each) => must(each.results[0]).n);
}

const cutting = /<style>.*?<\/style>|<[^>]*>/gs;
/** What a person reads: no markup, no style. */
export const said = async (answer: Response): Promise<string> =>
  (await answer.text()).replace(cutting, " ").replace(/\s+/g, " ");

/** A D1 whose next batch fails that way. */
export function broken(way: Way): D1Database {
  let isBroken = true;
  return new Proxy(d1, {
    get(real, name): unknown {
      const own: unknown = Reflect.get(real, name);
      if (typeof own !== "function") return own;
      if (name !== "batch") return own.bind(real);
      return async (statements: D1PreparedStatement[]) => {
        if (!isBroken) return real.batch(statements);
        isBroken = false;
        if (way === "kept") await real.batch(statements);
        throw new Error("D1_ERROR: Network connection lost.");
      };
    },
  });
}

/** Nobody keeps it, nothing runs in it, nobody frames it. */
export function expectSealed({ headers }: Response): void {
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("content-security-policy")).toMatch(
    /^default-src 'none'; style-src 'sha256-[^ ]+'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'$/,
  );
  expect(headers.get("referrer-policy")).toBe("same-origin");
}
