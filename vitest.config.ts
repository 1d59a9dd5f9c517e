// Seven kinds of tests. `rooms`: pure code, laws, the local servers and the page, in Node. `browsers`: the page in a real browser.
// `borders`: in workerd, with real D1, Durable Objects and alarms. `drivers`: each driver in workerd against real servers. `journeys`:
// the whole fleet as `npm start` runs it, one file at a time. `truth`: the same, message by message. `faults`: the same, killed again and
// again.

import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/** As `alias` in wrangler.toml, which says why; and what is the runtime's own stays outside of the bundle. */
const runtimeStreams = {
  name: "runtime-streams",
  resolveId: (source: string) => {
    if (source === "readable-stream") return { id: "node:stream", external: true };
    return source.startsWith("node:") ? { id: source, external: true } : null;
  },
};

/** Bundled before it runs, as for a deploy: read file by file, CommonJS dependencies are loaded twice. */
const bundled = {
  optimizer: {
    ssr: {
      enabled: true,
      include: [
        "mqtt/lib/client",
        "@cloudamqp/amqp-client/amqp-base-client",
        "@cloudamqp/amqp-client/amqp-view",
        "@nats-io/nats-core/internal",
        "@stomp/stompjs",
        "centrifuge",
        "socket.io-client",
      ],
      rolldownOptions: { plugins: [runtimeStreams] },
    },
  },
};

const BROWSERS = ["test/page/**/*browser.test.ts"];
/** Each message is told apart by when it came: first of all, while the machine has little else to do. */
const TRUTH = ["test/journeys/truth.test.ts"];

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
          exclude: BROWSERS,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "browsers",
          include: BROWSERS,
          // A browser each would be too much for small machines.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
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
          deps: bundled,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        plugins: [cloudflareTest({ wrangler: { configPath: "./wrangler.toml" }, miniflare: { cf: false } })],
        test: {
          name: "drivers",
          // Real servers beside other tests: a deadline that a busy machine misses once is no fault of a driver.
          retry: 1,
          include: ["test/drivers/**/*.test.ts"],
          globalSetup: ["test/drivers/servers.setup.ts"],
          deps: bundled,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "truth",
          include: TRUTH,
          globalSetup: ["test/journeys/bundle.setup.ts"],
          testTimeout: 900_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "journeys",
          include: ["test/journeys/**/*.test.ts"],
          exclude: TRUTH,
          globalSetup: ["test/journeys/bundle.setup.ts"],
          fileParallelism: false,
          testTimeout: 900_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "faults",
          include: ["test/faults/**/*.test.ts"],
          globalSetup: ["test/journeys/bundle.setup.ts"],
          testTimeout: 900_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
