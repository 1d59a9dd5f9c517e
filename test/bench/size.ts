// What each driver weighs in the script that is uploaded: bundled by wrangler as a deploy would, from an entry that knows this
// driver only, minified, and with gzip as Cloudflare counts it; the whole Worker beside it as it is deployed, not minified.

import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { DRIVERS } from "../../schema/words.ts";
import { buildWorker, bundleEntry, ROOT } from "../../workers/local/bundle.server.ts";
import type { Context, Subject } from "./figure.ts";
import { inPrivateFolder } from "./workerd.ts";

/** A Worker's script, gzip, on the Free and the Paid plan (Cloudflare docs, Workers, limits; the newest page says 64 MiB). */
const LIMITS = { free_gzip_bytes: 3 * 1_048_576, paid_gzip_bytes: 10 * 1_048_576 } as const;

export const size: Subject = {
  name: "size",
  about: "bytes of each driver's bundle, minified and gzip, and of the whole Worker",
  run: async (report, progress) => {
    const both = (figure: string, script: Buffer, more: Context): void => {
      report(figure, script.length, "B", more);
      report(`${figure}, gzip`, gzipSync(script).length, "B", { ...more, ...LIMITS });
    };
    // What an entry weighs without any driver: part of each figure below.
    both("a bundle without a driver", await bundled(null), { minified: true });
    for (const driver of DRIVERS) {
      try {
        both("a bundle with one driver", await bundled(driver), { driver, minified: true });
      } catch (problem) {
        progress(`LEFT OUT: ${driver}: ${String(problem).split("\n").slice(0, 12).join("\n")}`);
      }
    }
    const whole = await inPrivateFolder(async (folder) => {
      await buildWorker(folder);
      const names = (await readdir(folder)).filter((name) => /\.(js|sql|wasm)$/.test(name));
      return Buffer.concat(await Promise.all(names.map((name) => readFile(join(folder, name)))));
    });
    both("the whole Worker as deployed", whole, { minified: false });
  },
};

function bundled(driver: string | null): Promise<Buffer> {
  return inPrivateFolder(async (folder) => {
    const probe = JSON.stringify(join(ROOT, `workers/probes/${driver}.probe.ts`));
    // A namespace that is handed on is kept whole; a name alone would be shaken out of the bundle.
    const lines =
      driver === null
        ? ["export default { fetch: () => Response.json([]) };"]
        : [
            `import * as driver from ${probe};`,
            "export default { fetch: () => Response.json(Object.values(driver).map(String)) };",
          ];
    await writeFile(join(folder, "main.ts"), lines.join("\n"));
    return readFile(join(await bundleEntry(join(folder, "main.ts"), folder, { minify: true }), "main.js"));
  });
}
