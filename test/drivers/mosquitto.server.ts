// A real mosquitto for the MQTT driver: Debian's, by its own configuration in a temporary folder, with two users, an access
// list and limits, on loopback by ws, wss, tcp and tls. Started as a child, stopped by its pid. Not here: address null.

import { execFile, spawn } from "node:child_process";
import { pbkdf2Sync, randomBytes } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { freePort } from "../free-port.ts";
import { NOT_HERE, programOf } from "./programs.ts";
import type { Started } from "./servers.cli.ts";
import { type Certificate, tlsFiles } from "./tls.ts";

export interface Mosquitto {
  /** May publish and read below `sonde/`, only read `guarded/no-write`, only publish to `guarded/no-read`. */
  readonly user: string;
  readonly password: string;
  /** Addresses by transport; null where there is no openssl. */
  readonly ws: string;
  readonly tcp: string;
  readonly wss: string | null;
  readonly tls: string | null;
  /** Its certificate is of an authority that nobody knows, or for another name. */
  readonly stranger: string | null;
  readonly misnamed: string | null;
  /** Takes `MESSAGE_BYTES_MAX` a message, and `INFLIGHT_MAX` in flight. */
  readonly strict: string;
  /** Takes `PACKET_BYTES_MAX` a packet, and says so to clients of MQTT 5. */
  readonly narrow: string;
  /** Refuses subscriptions that its roles do not allow; null where its plugin is not found. The access list refuses none. */
  readonly guarded: string | null;
}

// The access list lets the user publish and read below this, read only, or publish only.
const FREE = "sonde/#";
const NO_WRITE = "guarded/no-write";
const NO_READ = "guarded/no-read";

const INFLIGHT_MAX = 5;
const MESSAGE_BYTES_MAX = 2_000;
const PACKET_BYTES_MAX = 3_000;
const TRIES = 400;
const PAUSE_MS = 25;

export async function start(): Promise<Started> {
  const program = programOf("mosquitto");
  if (program === null) return NOT_HERE;
  const folder = await mkdtemp(join(tmpdir(), "sonde-mosquitto-"));
  const user = "sonde-user";
  const password = randomBytes(12).toString("hex");
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    await Promise.allSettled(stops.map((one) => one()));
    await rm(folder, { recursive: true, force: true });
  };
  const passwords = join(folder, "passwords");
  await promisify(execFile)("mosquitto_passwd", ["-c", "-b", passwords, user, password]);
  const access = join(folder, "access");
  const rules = [`user ${user}`, `topic readwrite ${FREE}`, `topic read ${NO_WRITE}`, `topic write ${NO_READ}`, ""];
  await writeFile(access, rules.join("\n"));
  const common = [
    // Started by root it would become another user, who may not read this folder.
    `user ${userInfo().username}`,
    "persistence false",
    // Else it waits 40 ms for an acknowledgement between the tickets of TLS 1.3 and its CONNACK.
    "set_tcp_nodelay true",
    "log_dest none",
    "allow_anonymous false",
  ];
  const byList = [`password_file ${passwords}`, `acl_file ${access}`];
  const run = async (name: string, lines: readonly string[], ports: readonly number[]): Promise<void> => {
    const path = join(folder, `${name}.conf`);
    await writeFile(path, [...common, ...lines, ""].join("\n"));
    const child = spawn(program, ["-c", path], { stdio: "ignore" });
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    stops.push(() => {
      child.kill();
      return ended;
    });
    await Promise.all(ports.map((port) => untilItListens(port, () => child.exitCode)));
  };

  const tls = tlsFiles();
  const listeners: string[] = [];
  const ports: number[] = [];
  const listen = async (scheme: string, certificate: Certificate | null): Promise<string> => {
    const port = await freePort();
    ports.push(port);
    // Without its domain a WebSocket listener ignores its bind address and listens everywhere.
    listeners.push(`listener ${port} 127.0.0.1`, "socket_domain ipv4");
    if (scheme.startsWith("ws")) listeners.push("protocol websockets");
    if (certificate !== null) listeners.push(`certfile ${certificate.certPath}`, `keyfile ${certificate.keyPath}`);
    return `${scheme}://127.0.0.1:${port}${scheme.startsWith("ws") ? "/mqtt" : ""}`;
  };
  const [strict, narrow, guarded] = [await freePort(), await freePort(), await freePort()];
  const plugin = rolesPlugin();
  try {
    const address: Mosquitto = {
      user,
      password,
      ws: await listen("ws", null),
      tcp: await listen("mqtt", null),
      wss: tls && (await listen("wss", tls.trusted)),
      tls: tls && (await listen("mqtts", tls.trusted)),
      stranger: tls && (await listen("mqtts", tls.stranger)),
      misnamed: tls && (await listen("mqtts", tls.misnamed)),
      strict: `mqtt://127.0.0.1:${strict}`,
      narrow: `mqtt://127.0.0.1:${narrow}`,
      guarded: plugin && `mqtt://127.0.0.1:${guarded}`,
    };
    await run("main", [...byList, ...listeners], ports);
    const limits = [`max_inflight_messages ${INFLIGHT_MAX}`, `message_size_limit ${MESSAGE_BYTES_MAX}`];
    await run("strict", [...byList, ...limits, `listener ${strict} 127.0.0.1`], [strict]);
    await run("narrow", [...byList, `max_packet_size ${PACKET_BYTES_MAX}`, `listener ${narrow} 127.0.0.1`], [narrow]);
    if (plugin !== null) {
      const roles = join(folder, "roles.json");
      await writeFile(roles, JSON.stringify(rolesFor(user, password)));
      const lines = [`listener ${guarded} 127.0.0.1`, `plugin ${plugin}`, `plugin_opt_config_file ${roles}`];
      await run("guarded", lines, [guarded]);
    }
    return { address, stop };
  } catch (problem) {
    await stop();
    throw problem;
  }
}

/** Debian keeps it in the folder of its architecture. */
function rolesPlugin(): string | null {
  if (!existsSync("/usr/lib")) return null;
  const paths = readdirSync("/usr/lib").map((name) => join("/usr/lib", name, "mosquitto_dynamic_security.so"));
  return paths.find((path) => existsSync(path)) ?? null;
}

/** The file of mosquitto's dynamic security: one user, who may not subscribe to `NO_READ`. */
function rolesFor(username: string, password: string): unknown {
  const [salt, iterations] = [randomBytes(12), 101];
  const hash = pbkdf2Sync(password, salt, iterations, 64, "sha512").toString("base64");
  const client = { username, password: hash, salt: salt.toString("base64"), iterations };
  const denied = { acltype: "subscribeLiteral", topic: NO_READ, priority: 9, allow: false };
  return {
    defaultACLAccess: { publishClientSend: true, publishClientReceive: true, subscribe: true, unsubscribe: true },
    clients: [{ ...client, roles: [{ rolename: "tester", priority: 1 }] }],
    groups: [],
    roles: [{ rolename: "tester", acls: [denied] }],
  };
}

async function untilItListens(port: number, exitCode: () => number | null): Promise<void> {
  for (let attempt = 1; !(await listens(port)); attempt++) {
    if (attempt === TRIES || exitCode() !== null) {
      throw new Error(`mosquitto does not listen on ${port} (exit ${exitCode() ?? "none"})`);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
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
