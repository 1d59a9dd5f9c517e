// What every group of routes is given by app.tsx: who asks, in which language and zone, the frame of a page, and the front row.
// Types only. A group is a function from this to a Hono app, in a `*-routes.tsx`, and one line in app.tsx.

import type { Context } from "hono";

import type { Language } from "../schema/words.ts";
import type { Config } from "../workers/config/config.ts";
import type { PageBindings } from "./front.ts";
import type { IncidentReader, Places } from "./incidents.ts";
import type { Shown } from "./last-good.ts";
import type { Frame } from "./parts/layout.tsx";

export type PageEnv = { Bindings: PageBindings };
export type PageContext = Context<PageEnv>;

export interface PageDoor {
  readonly now: () => number;
  /** Told of failed reads: the fleet's keepers want to know. */
  readonly report: (error: unknown) => void;
  readonly languages: readonly Language[];
  /** Null: it is refused. What was measured before is still shown. */
  readonly config: Config | null;
  /** Null: incidents have no pages. Every group that reads them remembers what it read (`rememberedIncidents`). */
  readonly incidents: IncidentReader | null;
  /** What incidents call targets, regions and their zone. */
  readonly places: Places;
  readonly languageOf: (c: PageContext) => Language;
  /** `path`: of this page, without its language and query; null: it has no address of its own. */
  readonly frameOf: (c: PageContext, path: string | null) => Frame;
  /** The front row: from memory, D1 or the spare copy. Costs one row of D1 at most. */
  readonly front: (c: PageContext) => Promise<Shown>;
  /** Whether the page has this route, as it is written: "/targets/:target". Known once all groups are mounted, so when one is asked. */
  readonly has: (route: string) => boolean;
  /** A page that says one thing. */
  readonly plain: (c: PageContext, status: 404 | 500 | 503, said: "notFound" | "unreadable" | "broken") => Response;
}
