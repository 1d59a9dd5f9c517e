// Aim: a driver's library is loaded only when a target uses that driver. Method: every import of every file of the Worker:
// a driver is reached by a dynamic import from its line in the map alone, and its library from its own files alone.

import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";

import { DRIVERS } from "../../schema/words.ts";

const WORKERS = join(import.meta.dirname, "../../workers");
/** Which driver a package belongs to. */
const LIBRARIES: Readonly<Record<string, string>> = {
  mqtt: "mqtt",
  "@nats-io": "nats",
  "socket.io-client": "socketio",
  "engine.io-client": "socketio",
  centrifuge: "centrifugo",
  "@stomp": "stomp",
  "@cloudamqp": "amqp",
  "agora-rtm": "agora",
};

const files = readdirSync(WORKERS, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !path.startsWith("local/"))
  .map((path) => ({ path, text: readFileSync(join(WORKERS, path), "utf8") }));
/** Static imports that are left when types are gone. */
const staticImports = (text: string): string[] =>
  [...text.matchAll(/^(?:import|export) (?!type\b)[^;]*?from "([^"]+)";|^import "([^"]+)";/gms)].map(
    ([, from, bare]) => from ?? bare ?? "",
  );

describe("libraries", () => {
  it("are imported by the files of their own driver alone", () => {
    let found = 0;
    for (const { path, text } of files) {
      for (const specifier of staticImports(text)) {
        const library = Object.keys(LIBRARIES).find((name) => specifier === name || specifier.startsWith(`${name}/`));
        if (library === undefined) continue;
        found += 1;
        expect(basename(path).startsWith(LIBRARIES[library] ?? "?"), `${path} imports ${specifier}`).toBe(true);
      }
    }
    console.log(`drivers.test.ts: ${files.length} files, ${found} imports of libraries`);
    expect(found).toBeGreaterThanOrEqual(6);
  });
});

describe("drivers", () => {
  it.each(DRIVERS)("%s is reached by its line in the map alone, when it is asked for", (driver) => {
    const probe = `./${driver}.probe.ts`;
    const map = files.find(({ path }) => path === "probes/drivers.probe.ts")?.text ?? "";
    expect(map).toContain(`await import("${probe}")`);
    const others = files.filter(({ text }) => staticImports(text).some((each) => each.endsWith(`/${driver}.probe.ts`)));
    expect(others.map(({ path }) => path)).toEqual([]);
  });
});
