// A user's terminal: starts npm commands in a process group of their own, reads what they print, presses Ctrl-C. Ends what
// it started, by process id. Owns no expectations.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { resolve } from "node:path";

import { until } from "./fleet.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const COMMAND_MS = 60_000;

export interface Said {
  readonly code: number | null;
  readonly text: string;
}

export interface Running {
  /** Everything that was printed so far, errors too. */
  text(): string;
  /** Waits for words, and answers when they were printed, on the scale of `performance.now()`. Throws if it ends first. */
  said(words: string, limitMs: number): Promise<number>;
  /** As Ctrl-C does: SIGINT to everything that runs in the terminal. */
  interrupt(): void;
  /** SIGKILL to everything that runs in the terminal. */
  kill(): void;
  readonly ended: Promise<number | null>;
}

type Environment = Readonly<Record<string, string>>;

/** `npm <args>` with these variables beside our own; runs until it ends or is ended. */
export function openNpm(args: readonly string[], env: Environment): Running {
  // CI changes what tools print, and a test is no CI to the user's command.
  const child = spawn("npm", args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let text = "";
  const printed: { at: number; end: number }[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      text += String(chunk);
      printed.push({ at: performance.now(), end: text.length });
    });
  }
  let isOver = false;
  const ended = new Promise<number | null>((done) => {
    child.on("close", (code) => {
      isOver = true;
      done(code);
    });
  });
  return {
    text: () => text,
    ended,
    said: (words, limitMs) =>
      until(
        `"${words}"`,
        limitMs,
        () => {
          const found = text.indexOf(words);
          if (found >= 0) return printed.find(({ end }) => end >= found + words.length)?.at ?? performance.now();
          if (isOver) throw new Error(`it ended without saying "${words}":\n${text}`);
          return null;
        },
        () => `it said:\n${text}`,
      ),
    interrupt: () => signal(child, "SIGINT"),
    kill: () => signal(child, "SIGKILL"),
  };
}

/** `npm <args>`, to its end. */
export async function runNpm(args: readonly string[], env: Environment): Promise<Said> {
  const running = openNpm(args, env);
  const timer = setTimeout(running.kill, COMMAND_MS);
  const code = await running.ended;
  clearTimeout(timer);
  return { code, text: running.text() };
}

/** To the group, which is ours: `detached` made the child its leader. One that has ended already is no news. */
function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, name);
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code !== "ESRCH") throw problem;
  }
}
