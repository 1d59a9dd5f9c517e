// What a law is, and which files are what. Pure: the laws look at {path, text}, wherever it came from, so that
// laws.test.ts can run them on made-up offenders and house.test.ts on the house.

import { lineAt, type Source } from "./source.ts";

export interface Law {
  /** The law itself, in a sentence. */
  readonly name: string;
  /** Why the house keeps it. */
  readonly why: string;
  readonly covers: (path: string) => boolean;
  readonly check: (file: Source) => readonly Finding[];
}

export interface Finding {
  readonly line: number;
  readonly what: string;
}

export interface Examined {
  /** How many files the law covered: a law that checked nothing must fail. */
  readonly checked: number;
  /** "workers/x/y.ts:12 uses Date.now" */
  readonly violations: readonly string[];
}

/** Holds files against one law. */
export function examine(law: Law, files: readonly Source[]): Examined {
  const covered = files.filter((file) => law.covers(file.path));
  const violations = covered.flatMap((file) => law.check(file).map((one) => `${file.path}:${one.line} ${one.what}`));
  return { checked: covered.length, violations };
}

/** All places where one of the patterns is found in `where`; each pattern needs the flag g. */
export function search(where: string, patterns: Readonly<Record<string, RegExp>>): Finding[] {
  return Object.entries(patterns).flatMap(([what, pattern]) =>
    [...where.matchAll(pattern)].map((match) => ({ line: lineAt(where, match.index), what: `uses ${what}` })),
  );
}

/** Files that touch the world, by suffix. Any other name is pure, an unknown suffix too. */
export function isTwoDot(path: string): boolean {
  return /\.(store|do|probe|send|entry|cli|server)\.tsx?$/.test(path);
}

/** The doors to the outside and to the platform's bindings: one dot, but not pure. */
export function isDoor(path: string): boolean {
  return path === "workers/outside.ts" || path === "workers/bindings.ts";
}

/** May carry things between rooms. */
export function isCorridor(path: string): boolean {
  return /\.(do|entry)\.tsx?$/.test(path);
}

export function isSource(path: string): boolean {
  return (
    /\.(tsx?|mts|js|mjs)$/.test(path) &&
    !path.startsWith("schema/migrations/") &&
    /^(schema|workers|status-page|test|[^/]+$)/.test(path)
  );
}

/** "config" for workers/config/parse.ts, "" for a file of workers/ itself, null elsewhere. */
export function roomOf(path: string): string | null {
  const match = /^workers\/(?:([^/]+)\/)?/.exec(path);
  return match === null ? null : (match[1] ?? "");
}
