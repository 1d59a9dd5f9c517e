// Finds the workerd that a process of ours runs: the child of Miniflare's process. By parentage, never by name alone, so
// that another fleet on this machine is left in peace.

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** Ids of the workerd processes that `parent` started; none once they have ended. */
export function workerdsOf(parent: number): number[] {
  return processes()
    .filter((each) => each.parent === parent && /(^|\/)workerd$/.test(each.name))
    .map((each) => each.pid);
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
}

function processes(): Process[] {
  return process.platform === "linux" ? fromProc() : fromPs();
}

function fromProc(): Process[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid): Process[] => {
      try {
        // pid (name) state parent ...: the name may hold spaces and parentheses, so it ends at the last one.
        const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
        const end = stat.lastIndexOf(")");
        const [state, parent] = stat.slice(end + 2).split(" ");
        const name = stat.slice(stat.indexOf("(") + 1, end);
        // A zombie has ended; only its parent has not asked yet.
        return state === "Z" ? [] : [{ pid: Number(pid), parent: Number(parent), name }];
      } catch {
        // It ended while we looked.
        return [];
      }
    });
}

function fromPs(): Process[] {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid=,comm="], { encoding: "utf8" }).trim().split("\n");
  return lines.flatMap((line) => {
    const [, pid, parent, name] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), name: name.trim() }];
  });
}
