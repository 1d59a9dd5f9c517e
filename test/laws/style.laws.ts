// The laws about how files look: size, names, first words, and what must not stand in them. And two about the tree as a
// whole: READMEs, and a file for each driver. Pure; called by house.test.ts and laws.test.ts.

import { type Examined, isSource, type Law, search } from "./law.ts";

export const LINES_MAX = 400;

const defaultExports = /\bexport\s+default\b|\bas\s+default\b(?=[^;]*})/g;

export const filesAreShort: Law = {
  name: `no source file is longer than ${LINES_MAX} lines (migrations aside)`,
  why: "a file should fit into one head; most are near 100",
  covers: (path) => isSource(path) || (/\.(css|sql)$/.test(path) && !path.startsWith("schema/migrations/")),
  check: ({ text }) => {
    const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
    return lines <= LINES_MAX ? [] : [{ line: lines, what: `has ${lines} lines` }];
  },
};

export const exportsHaveNames: Law = {
  name: "no default exports, except in *.config.ts and main.entry.ts, where a tool looks for them",
  why: "a name that is the same everywhere can be searched for",
  covers: (path) => isSource(path) && !path.endsWith(".config.ts") && !path.endsWith("/main.entry.ts"),
  check: ({ code }) => search(code, { "a default export": defaultExports }),
};

export const promisesHaveReasons: Law = {
  name: "TODO and FIXME give their reason after a colon",
  why: "a note that does not say why is never done and never removed",
  covers: isSource,
  check: ({ comments }) =>
    search(comments, { "a note without a reason": /\b(TODO|FIXME)\b(?!(\([^)]*\))?:[ \t]*\S)/g }),
};

export const filesHaveSpeakingNames: Law = {
  name: "no file is called manager, helper, util or common, or index.ts",
  why: "such a name says nothing about what is inside, so everything ends up inside",
  covers: isSource,
  check: ({ path }) => {
    const name = path.split("/").at(-1) ?? "";
    const bad = /manager|helper|util|\bcommons?\b/i.test(name) || /^index\.(tsx?|m?js)$/.test(name);
    return bad ? [{ line: 1, what: "has such a name" }] : [];
  },
};

export const filesIntroduceThemselves: Law = {
  name: "every source file begins with a comment",
  why: "what it owns, what it never does, who calls it: the first thing a tired reader needs",
  covers: isSource,
  check: ({ text }) => {
    const first = text.replace(/^\ufeff?(#![^\n]*\n)?\s*/, "");
    return /^(\/\/[ \t]*\S|\/\*)/.test(first) ? [] : [{ line: 1, what: "begins with something else" }];
  },
};

export const typesAreTypes: Law = {
  name: "no enum and no any",
  why: "enums are not erasable, so Node cannot run them; any switches off what TypeScript is for",
  covers: isSource,
  check: ({ code }) =>
    search(code, {
      "an enum": /(?<![\w$.])enum\s+[A-Za-z_$][\w$]*\s*\{/g,
      // The looking ahead keeps the word "any" of a page's text out of it.
      any: /(:|\bas|\bsatisfies|<|,|\||&|=>|\bis|\bextends)\s*any(?=\s*([;,)=\]}>|&[{]|$|\n))/g,
    }),
};

export const noMachineInTheTree: Law = {
  name: "no file names a path of the machine it was written on",
  why: "the tree must be the same everywhere, and says nothing about who wrote it where",
  covers: () => true,
  check: ({ text }) =>
    search(text, {
      "an absolute path of one machine": /((?<![\w.:)}\]/~-])|(?<=file:\/\/))\/(work|tmp|home|Users|root)\/[\w.-]/g,
    }),
};

export const STYLE_LAWS: readonly Law[] = [
  filesAreShort,
  exportsHaveNames,
  promisesHaveReasons,
  filesHaveSpeakingNames,
  filesIntroduceThemselves,
  typesAreTypes,
  noMachineInTheTree,
];

/** Every top-level folder (hidden ones aside) has a README.md. `checked` counts folders. */
export function foldersHaveReadmes(paths: readonly string[]): Examined {
  const folders = [...new Set(paths.filter((path) => path.includes("/")).map((path) => path.split("/")[0] ?? ""))];
  const visible = folders.filter((folder) => !folder.startsWith("."));
  const missing = visible.filter((folder) => !paths.includes(`${folder}/README.md`));
  return { checked: visible.length, violations: missing.map((folder) => `${folder}/ has no README.md`) };
}

/** Each driver has its file. `checked` counts drivers. */
export function driversHaveFiles(drivers: readonly string[], paths: readonly string[]): Examined {
  const missing = drivers.filter((driver) => !paths.includes(`workers/probes/${driver}.probe.ts`));
  return {
    checked: drivers.length,
    violations: missing.map((driver) => `workers/probes/${driver}.probe.ts is missing`),
  };
}
