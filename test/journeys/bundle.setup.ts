// Bundles the Worker once a run, as a deploy would, for all journeys; they find it by `inject("bundleDir")`. The folder is
// temporary, and removed after the last of them.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

import { buildWorker } from "../../workers/local/bundle.server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Holds main.entry.js and its modules. */
    readonly bundleDir: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "sonde-bundle-"));
  const bundleDir = join(folder, "bundle");
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  // A setup that fails has no teardown.
  await buildWorker(bundleDir).catch((problem: unknown) => remove().then(() => Promise.reject(problem)));
  project.provide("bundleDir", bundleDir);
  return remove;
}
