// Three kinds of tests. `rooms`: pure code, laws, the local servers and the page, in Node. `borders`: in workerd, with
// real D1, Durable Objects and alarms. `journeys`: the whole fleet as `npm start` runs it, one file at a time.

import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/** As `alias` in wrangler.toml, which says why. */
const runtimeStreams = {
  name: "runtime-streams",
  resolveId: (source: string) => (source === "readable-stream" ? { id: "node:stream", external: true } : null),
};

export default defineConfig({
  test: {
    reporters: ["default"],
    // Border tests crash objects on purpose; what was pending in one then rejects with nobody left to hear it.
    onUnhandledError: (error) => ("durableObjectReset" in error ? false : undefined),
    projects: [
      {
        test: {
          name: "rooms",
          include: ["test/{laws,rooms,local,page}/**/*.test.ts"],
          testTimeout: 60_000,
        },
      },
      {
        plugins: [
          cloudflareTest(({ inject }) => ({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              cf: false,
              bindings: { SONDE_CONFIG: inject("sondeConfig"), ...inject("secrets") },
            },
          })),
        ],
        test: {
          name: "borders",
          include: ["test/borders/**/*.test.ts"],
          globalSetup: ["test/borders/network.setup.ts"],
          // One network for all of them: a fault that one file asks for must not be another's.
          fileParallelism: false,
          // Bundled before it runs, as for a deploy: read file by file, mqtt.js's CommonJS dependencies are loaded twice.
          deps: {
            optimizer: {
              ssr: {
                enabled: true,
                include: ["mqtt/lib/client"],
                rolldownOptions: { plugins: [runtimeStreams] },
              },
            },
          },
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "journeys",
          include: ["test/{journeys,faults}/**/*.test.ts"],
          globalSetup: ["test/journeys/bundle.setup.ts"],
          fileParallelism: false,
          testTimeout: 900_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
