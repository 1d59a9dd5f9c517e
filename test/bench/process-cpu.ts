// CPU time that a process has used so far, from Linux's /proc. All of it: kernel, event loop and garbage collection included.

import { readdirSync, readFileSync } from "node:fs";

/** Whether this machine tells. */
export function tellsCpu(): boolean {
  return process.platform === "linux" && cpuMsOf(process.pid) > 0;
}

/** Of all threads that live, ms with fractions (proc(5): schedstat, first field, ns). 0 where the kernel does not count. */
export function cpuMsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => sum + threadMs(pid, thread), 0);
}

function threadMs(pid: number, thread: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ", 1)[0]) / 1e6;
  } catch {
    // It ended while we looked, or nobody counts.
    return 0;
  }
}

/** Waits until the process has been idle for a moment, 5 s at most: what was begun before must not be in a figure. */
export async function untilIdle(pid: number): Promise<void> {
  const [pauseMs, idleMs, tries] = [50, 0.5, 100];
  let before = cpuMsOf(pid);
  for (let quiet = 0, attempt = 0; quiet < 2 && attempt < tries; attempt++) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    const now = cpuMsOf(pid);
    quiet = now - before < idleMs ? quiet + 1 : 0;
    before = now;
  }
}
