// Ways to spoil the good alerts of alert-config-world.ts, for the tables of bad ones. Checks nothing itself.

import { type Change, drop, set } from "./config-changes.ts";

/** What is wrong, how to get there, the exact entry, what it held, a part of the problem, a part of the mend. */
export type Refused = readonly [string, Change, string, string, string, string];

export const HIDDEN = "(not shown)";
export const ABSENT = "(absent)";

export const alerts = (path: string, value: unknown): Change => set(`alerts.${path}`, value);
export const gone = (path: string): Change => drop(`alerts.${path}`);
