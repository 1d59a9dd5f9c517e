// A real mosquitto for `mosquitto.test.ts`: Debian's, by its own configuration in a temporary folder, with one user, a
// TCP and a WebSocket listener on loopback. Started as a child, stopped by its pid.

import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

export interface Mosquitto {
  readonly address: { readonly wsPort: number; readonly tcpPort: number };
  stop(): Promise<void>;
}

/** Debian keeps it outside of the PATH of ordinary users. */
const PLACES = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto", "/opt/homebrew/sbin/mosquitto"];
const TRIES = 200;
const PAUSE_MS = 25;

/** Null when there is none on this machine. Rejects when there is one and it does not start. */
export async function startMosquitto(account: { user: string; password: string }): Promise<Mosquitto | null> {
  const program = PLACES.find((place) => existsSync(place));
  if (program === undefined) return null;
  const folder = await mkdtemp(join(tmpdir(), "sonde-mosquitto-"));
  const [wsPort, tcpPort] = [await freePort(), await freePort()];
  const passwords = join(folder, "passwords");
  await promisify(execFile)("mosquitto_passwd", ["-c", "-b", passwords, account.user, account.password]);
  const config = [
    // Started by root it would become another user, who may not read this folder.
    `user ${userInfo().username}`,
    "persistence false",
    "log_dest none",
    "allow_anonymous false",
    `password_file ${passwords}`,
    `listener ${tcpPort} 127.0.0.1`,
    `listener ${wsPort} 127.0.0.1`,
    "protocol websockets",
    // Without it a WebSocket listener ignores its bind address and listens everywhere (reference/drivers.md, 2).
    "socket_domain ipv4",
    "",
  ];
  await writeFile(join(folder, "mosquitto.conf"), config.join("\n"));
  const child = spawn(program, ["-c", join(folder, "mosquitto.conf")], { stdio: "ignore" });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  for (const port of [tcpPort, wsPort]) {
    for (let attempt = 1; !(await listens(port)); attempt++) {
      if (attempt === TRIES || child.exitCode !== null) {
        await stop();
        throw new Error(`mosquitto does not listen on ${port} (exit ${child.exitCode ?? "none"})`);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
  return { address: { wsPort, tcpPort }, stop };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
