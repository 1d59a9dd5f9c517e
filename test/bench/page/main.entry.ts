// The front page rendered anew: each request reads the row of D1, parses it and renders a page on which every region has news: last
// rounds, today, the month, the newest day and the line of thirty. What the real page remembers by content (the words of closed days, the
// style) it remembers here too. Apps are taken in turn, each with a clock that has jumped since it last answered. Bench only.

import { statusPage } from "../../../status-page/app.tsx";
import type { PageBindings } from "../../../status-page/front.ts";
import { readFront } from "../../../status-page/read.store.ts";
import type { Snapshot } from "../../../workers/results/snapshot-shape.ts";

/** Further than any copy of the page is kept, there and back: a clock that only went ahead would soon see silent regions. */
const JUMP_MS = 5_000;

/** Each number a little more: another answer of the same shape. Strings, and what no page reads as a count, stay. */
function more(value: unknown, name = ""): unknown {
  if (typeof value === "number") return /^(from|to|at|version|generation)$/.test(name) ? value : value + 1;
  if (Array.isArray(value)) return value.map((each) => more(each));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, more(each, key)]));
}

let known: { readonly body: string; readonly other: string } | null = null;

/** The same row with other figures in every region: made once for each that was written. */
function otherOf(body: string): string {
  if (known?.body === body) return known.other;
  const front = JSON.parse(body) as { readonly snapshots: readonly Snapshot[] };
  const snapshots = front.snapshots.map((snapshot) => ({
    ...snapshot,
    regions: snapshot.regions.map((region) => ({
      ...region,
      recent: more(region.recent),
      today: more(region.today),
      month: more(region.month),
      days: [...region.days.slice(0, -1), more(region.days.at(-1))],
      ...(region.trend === undefined ? {} : { trend: [...region.trend.slice(0, -1), more(region.trend.at(-1))] }),
    })),
  }));
  known = { body, other: JSON.stringify({ ...front, snapshots }) };
  return known.other;
}

let turn = 0;

function freshApp() {
  let ahead = 0;
  let asked = 0;
  const app = statusPage({
    now: () => Date.now() + ahead,
    read: async (env) => {
      const row = await readFront(env);
      asked += 1;
      if (row === null) return null;
      turn += 1;
      // Another number makes it another row: one that is the same would not be parsed again.
      return { composedAt: row.composedAt + asked, body: turn % 2 === 0 ? row.body : otherOf(row.body) };
    },
    spare: null,
    report: (problem) => console.error(problem),
    incidents: { list: never, story: never },
  });
  return { app, jump: () => (ahead = JUMP_MS - ahead) };
}

const never = (): Promise<never> => Promise.reject(new Error("the front page asks for no incidents"));

const idle: ReturnType<typeof freshApp>[] = [];

export default {
  async fetch(request: Request, env: PageBindings, context: ExecutionContext): Promise<Response> {
    const taken = idle.pop() ?? freshApp();
    taken.jump();
    try {
      return await taken.app.fetch(request, env, context);
    } finally {
      idle.push(taken);
    }
  },
};
