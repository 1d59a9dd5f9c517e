// The messaging services that driver tests talk to, each started when a test first asks for it and ended with this process:
// `POST /start/<name>` imports `<name>.server.ts`, calls its `start()`, and answers what that gives (ports, users) as JSON.
// Loopback only, free ports only. Prints its own URL in one line, and ends when its standard input does.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What each `<name>.server.ts` exports as `start`. */
export interface Started {
  /** What tests need to know of it; plain JSON. */
  readonly address: unknown;
  stop(): Promise<void>;
}

const started = new Map<string, Promise<Started>>();

const server = createServer((request, response) => {
  const name = /^\/start\/([a-z0-9-]+)$/.exec(request.url ?? "")?.[1];
  if (name === undefined || request.method !== "POST") return void response.writeHead(404).end();
  const starting = started.get(name) ?? start(name);
  started.set(name, starting);
  starting.then(
    ({ address }) => response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(address)),
    (problem: unknown) => response.writeHead(500).end(String(problem)),
  );
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);

process.stdin.resume();
process.stdin.once("end", () => void stop());
process.once("SIGTERM", () => void stop());

async function start(name: string): Promise<Started> {
  const module = (await import(`./${name}.server.ts`)) as { start: () => Promise<Started> };
  return module.start();
}

async function stop(): Promise<void> {
  server.close();
  await Promise.allSettled([...started.values()].map(async (one) => (await one).stop()));
  process.exit(0);
}
