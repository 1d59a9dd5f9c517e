// Bundles and runs a small Worker with Agora's SDK in it, whatever wrangler.toml says of it: for `npm run agora:prove`, and for
// the tests of what can be proven without an App ID. Node only.

import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { convertV4MiniflareOptions, Miniflare } from "miniflare";

import { bundleEntry, runtimeRules } from "./bundle.server.ts";
import type { Aliases } from "./bundle.server.ts";

/**
 * The script that wrangler makes of `main`, in a folder of its own below `folder`. `sdk`: "absent" keeps the aliases of
 * wrangler.toml, "real" leaves out the one that stands for the SDK, and a path puts that file in the SDK's place.
 */
export async function bundleAgora(folder: string, name: string, main: string, sdk: string): Promise<string> {
  const own = join(folder, name);
  await mkdir(own, { recursive: true });
  const aliases = (before: Aliases): Aliases => {
    const { "agora-rtm": stub = "", ...others } = before;
    return sdk === "real" ? others : { ...others, "agora-rtm": sdk === "absent" ? stub : sdk };
  };
  const outDir = await bundleEntry(main, own, { minify: true, aliases });
  return readFile(join(outDir, "main.entry.js"), "utf8");
}

/** Called with each request that would leave the machine, in place of letting it. */
export type Outbound = (request: Request) => Promise<Response>;

/** Runs the script, hands it one request and gives back its answer. `outbound` null: what leaves, leaves. */
export async function askWorker<T>(
  script: string,
  asked: unknown,
  outbound: Outbound | null,
  onLog: (line: string) => void = () => {},
): Promise<T> {
  const { compatibility_date: compatibilityDate, compatibility_flags: compatibilityFlags } = runtimeRules();
  const worker = new Miniflare(
    convertV4MiniflareOptions({
      modules: [{ type: "ESModule", path: "main.entry.js", contents: script }],
      compatibilityDate,
      compatibilityFlags,
      cf: false,
      telemetry: { enabled: false },
      host: "127.0.0.1",
      port: 0,
      handleStructuredLogs: ({ message }) => onLog(message),
      ...(outbound === null ? {} : { outboundService: outbound as never }),
    }),
  );
  try {
    const { origin } = await worker.ready;
    const response = await fetch(origin, { method: "POST", body: JSON.stringify(asked) });
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as T;
  } finally {
    await worker.dispose();
  }
}
