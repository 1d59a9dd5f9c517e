// Ports for servers that must be told theirs, or be started again on the same one. Below the range from which systems give ports to
// outgoing connections (Linux: from 32768; IANA: from 49152): a port of that range that was free a moment ago may be anybody's now.

import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import type { Server } from "node:net";

const [LOWEST, HIGHEST] = [15_000, 32_000];
const TRIES = 100;

/** A port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  return (await freePorts(["one"])).one;
}

/** Several, none of them twice, by what they are for. */
export async function freePorts<Name extends string>(names: readonly Name[]): Promise<Readonly<Record<Name, number>>> {
  const all: [Name, Awaited<ReturnType<typeof held>>][] = [];
  for (const name of names) all.push([name, await held()]);
  await Promise.all(all.map(([, { server }]) => new Promise((done) => server.close(done))));
  return Object.fromEntries(all.map(([name, { port }]) => [name, port])) as Record<Name, number>;
}

async function held(): Promise<{ readonly port: number; readonly server: Server }> {
  for (let tries = 1; tries <= TRIES; tries++) {
    const port = randomInt(LOWEST, HIGHEST);
    const server = createServer();
    const isOurs = await new Promise<boolean>((done) => {
      server.once("error", () => done(false));
      server.listen(port, "127.0.0.1", () => done(true));
    });
    if (isOurs) return { port, server };
  }
  throw new Error(`no free port between ${LOWEST} and ${HIGHEST} in ${TRIES} tries`);
}
