// Ways to spoil the good contracts of contract-worlds.ts, for the tables of bad ones. Checks nothing itself.

import { type Change, set } from "./config-changes.ts";

/** What is wrong, how to get there from GOOD, the exact entry, a part of the problem, a part of the mend. */
export type Refused = readonly [string, Change, string, string, string];

export const G = "contracts[0]";
export const S = "contracts[1]";

/** Puts something into the contract that says everything; into that of the preset; into an objective of the first. */
export const gold = (path: string, value: unknown): Change => set(`contracts.0.${path}`, value);
export const standard = (path: string, value: unknown): Change => set(`contracts.1.${path}`, value);
export const objective = (index: number, path: string, value: unknown): Change =>
  gold(`objectives.${index}.${path}`, value);

/** A mesh of `all` regions, and the contract that judges it in the first `some`. */
export const meshOf = (some: number, all: number): Change => {
  const ids = Array.from({ length: all }, (_, index) => `r${index + 1}`);
  const regions = ids.map((id) => ({ id, hint: "weur" }));
  return both(
    set("regions", regions),
    set("targets.0.regions", ids),
    gold("regions", ids.slice(0, some)),
    gold("regionRule", "each"),
  );
};

export const both =
  (...changes: readonly Change[]): Change =>
  (config) =>
    changes.forEach((change) => change(config));
