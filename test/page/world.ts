// The page with its outside in the hand of the test: what the database holds, what time it is, how often it was read.
// Used by the tests that look at answers; not a fake of D1, since the app takes a reader, not a database.

import { statusPage, type StatusPageOptions } from "../../status-page/app.tsx";
import { type FrontRow, type PageBindings } from "../../status-page/front.ts";
import { NOW } from "./fixtures.ts";

const ENV = {} as PageBindings;

export interface World {
  now: number;
  row: FrontRow | null | Error;
  reads: number;
  readonly reports: unknown[];
  readonly get: (path: string, headers?: Record<string, string>, method?: string) => Promise<Response>;
}

/** The app with its row, its clock and its reports in the hand of the test. */
export function world(row: World["row"], options: Partial<StatusPageOptions> = {}): World {
  const app = statusPage({
    now: () => w.now,
    read: () => {
      w.reads++;
      return w.row instanceof Error ? Promise.reject(w.row) : Promise.resolve(w.row);
    },
    spare: null,
    report: (error) => w.reports.push(error),
    ...options,
  });
  const w: World = {
    now: NOW,
    row,
    reads: 0,
    reports: [],
    get: async (path, headers = {}, method = "GET") => app.request(path, { headers, method }, ENV),
  };
  return w;
}

/** The body, with plain spaces. */
export const text = async (response: Response): Promise<string> => (await response.text()).replaceAll("\u00a0", " ");
/** What a person reads: no markup, no style. */
export const read = async (response: Response): Promise<string> =>
  (await text(response))
    .replace(/<(style|script)>.*?<\/\1>/gs, "")
    .replace(/<[^>]*>/g, " ")
    .replaceAll("&gt;", ">")
    .replace(/\s+/g, " ");
/** Which of the sayings are missing: [] is what one hopes for, and a failure does not print the whole page. */
export const missing = (words: string, ...sayings: readonly string[]): readonly string[] =>
  sayings.filter((s) => !words.includes(s));
