// The laws about clock, chance, network and timers. Pure files have none; files that touch the world have one door to
// them, workers/outside.ts, so that a test can hold the clock. Pure; called by house.test.ts and laws.test.ts.

import { type Finding, isDoor, isSource, isTwoDot, type Law, search } from "./law.ts";
import type { Source } from "./source.ts";

const CLOCK: Readonly<Record<string, RegExp>> = {
  "Date.now": /\bDate\s*(\?\.|\.)\s*now\b/g,
  // `Date as clock`, `Date["now"]`, `{ now } = Date`: the class handed on, other than to make or to test an instant.
  "Date in another way": /\bDate\s*\[|=\s*Date\b(?!\s*[.(\w])/g,
  "new Date() without an instant": /\bnew\s+Date\b(?!\s*\(\s*[^\s)])/g,
  "Date() as a function": /(?<![\w$.]|\bnew\s+|\bclass\s+|\bfunction\s+)\bDate\s*\(/g,
  performance: /(?<![\w$.])performance\s*\.|\bglobalThis\s*\.\s*performance\b/g,
  "Temporal.Now": /\bTemporal\s*\.\s*Now\b/g,
  "the clock of the process": /\bprocess\s*\.\s*(hrtime|uptime|nextTick)\b/g,
};

const CHANCE: Readonly<Record<string, RegExp>> = {
  "Math.random": /\bMath\s*(\.\s*random\b|\[)|=\s*Math\b(?!\s*\.)/g,
  "random bytes of crypto": /\b(getRandomValues|randomUUID|randomBytes)\b/g,
};

const TIMERS: Readonly<Record<string, RegExp>> = {
  "a timer":
    /(?<![\w$.])(setTimeout|setInterval|setImmediate)\b|\bglobalThis\s*\.\s*set(Timeout|Interval|Immediate)\b/g,
  "a timer of the platform": /\bAbortSignal\s*\.\s*timeout\b|(?<![\w$.])scheduler\s*\.\s*(wait|postTask)\b/g,
};

const NETWORK: Readonly<Record<string, RegExp>> = {
  "new WebSocket": /\bnew\s+WebSocket\b/g,
  "the fetch of globalThis": /\b(globalThis|self)\s*\.\s*fetch\b/g,
};

/** Runtime modules that bring their own clock, timers, chance or network. */
const WORLD_MODULES =
  /^(node:)?(net|tls|http|https|http2|dgram|dns|dns\/promises|timers|timers\/promises|perf_hooks)$|^cloudflare:sockets$/;

/** `fetch(...)` as a call of the global function; not a method called fetch, and not the fetch of an object. */
function fetchCalls(file: Source): Finding[] {
  return [...file.code.matchAll(/(?<![\w$.])fetch\s*\(/g)].flatMap((match) => {
    const after = afterParenthesis(file.code, match.index + match[0].length);
    const ahead = file.code.slice(0, match.index).trimEnd();
    const opensMember = /([{};,]|\b(async|override|public|private|protected|static|function))$/.test(ahead);
    // A method or function of this name goes on with a body or with the type of its result.
    if (opensMember && /^\s*[{:]/.test(file.code.slice(after))) return [];
    return [{ line: file.code.slice(0, match.index).split("\n").length, what: "uses fetch" }];
  });
}

/** The place after the parenthesis that was opened just before `from`. */
function afterParenthesis(code: string, from: number): number {
  let open = 1;
  for (let at = from; at < code.length; at += 1) {
    if (code[at] === "(") open += 1;
    else if (code[at] === ")") open -= 1;
    if (open === 0) return at + 1;
  }
  return code.length;
}

export const pureTouchesNothing: Law = {
  name: "pure files of workers/ and status-page/ use no clock, chance, network or timer",
  why: "time is an argument: what is pure can be replayed from its inputs, years later, by an auditor",
  covers: (path) => /^(workers|status-page)\//.test(path) && isSource(path) && !isTwoDot(path) && !isDoor(path),
  check: (file) => [
    ...search(file.code, {
      ...CLOCK,
      ...CHANCE,
      ...TIMERS,
      ...NETWORK,
      WebSocket: /(?<!\bnew\s+)(?<![\w$.])WebSocket\b/g,
    }),
    ...fetchCalls(file),
  ],
};

export const oneDoorToTheWorld: Law = {
  name: "two-dot files reach clock, chance, network and timers only through workers/outside.ts (workers/local/ aside)",
  why: "one door can be held: tests give the time, the dice and the answers without patching anything",
  // workers/local is Node on a developer's machine; the page's store is held to the same law as the fleet.
  covers: (path) => /^(workers|status-page)\//.test(path) && isTwoDot(path) && !path.startsWith("workers/local/"),
  check: (file) => [
    ...search(file.code, { ...CLOCK, ...CHANCE, ...TIMERS, ...NETWORK }),
    ...fetchCalls(file),
    ...file.imports
      .filter((one) => WORLD_MODULES.test(one.specifier))
      .map((one) => ({ line: one.line, what: `imports ${one.specifier}: that is outside` })),
  ],
};

export const WORLD_LAWS: readonly Law[] = [pureTouchesNothing, oneDoorToTheWorld];
