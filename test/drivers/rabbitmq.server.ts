// A real RabbitMQ for the drivers `amqp`, `stomp` and `mqtt`: Debian's, as a node of its own in a temporary folder, with its own
// port mapper (epmd), on loopback only, without guest. Node and mapper are our children, and are stopped by their pids.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { freePorts } from "../free-port.ts";
import { NOT_HERE, programOf } from "./programs.ts";
import type { Started } from "./servers.cli.ts";
import { tlsFiles } from "./tls.ts";

export interface Account {
  readonly user: string;
  readonly password: string;
}

/** One for each protocol: AMQP, and STOMP and MQTT over WebSocket. */
export interface RabbitPorts {
  readonly amqp: number;
  readonly stomp: number;
  readonly mqtt: number;
}

export interface RabbitMq {
  readonly plain: RabbitPorts;
  /** Null where no certificates could be made. */
  readonly tls: RabbitPorts | null;
  /** Virtual hosts beside `/`: one that all accounts may enter, one that nobody may. */
  readonly vhosts: { readonly open: string; readonly barred: string };
  readonly accounts: {
    readonly whole: Account;
    /** May subscribe, not publish. */
    readonly listener: Account;
    /** May publish, not subscribe. */
    readonly speaker: Account;
  };
  /** Larger messages are refused. */
  readonly messageBytesMax: number;
}

/** Where Debian has what its wrapper in /usr/sbin starts; the wrapper itself insists on a certain user. */
const HOME = "/usr/lib/rabbitmq/lib";
const NODE = `sonde-${process.pid}@localhost`;
const MESSAGE_BYTES_MAX = 65_536;
const START_MS = 90_000;
const STOP_MS = 10_000;
const PAUSE_MS = 100;

export async function start(): Promise<Started> {
  const wrapper = programOf("rabbitmq-server");
  if (wrapper === null) return NOT_HERE;
  const program =
    (existsSync(HOME) ? readdirSync(HOME) : [])
      .map((name) => join(HOME, name, "sbin/rabbitmq-server"))
      .find((path) => existsSync(path)) ?? wrapper;
  const folder = await mkdtemp(join(tmpdir(), "sonde-rabbitmq-"));
  // Erlang makes its cookie here, and refuses one that others may read.
  await chmod(folder, 0o700);
  const names = ["amqp", "stomp", "mqtt", "amqps", "stomps", "mqtts", "epmdPort", "distPort"] as const;
  const { amqp, stomp, mqtt, amqps, stomps, mqtts, epmdPort, distPort } = await freePorts(names);
  const address: RabbitMq = {
    plain: { amqp, stomp, mqtt },
    tls: tlsFiles() === null ? null : { amqp: amqps, stomp: stomps, mqtt: mqtts },
    vhosts: { open: "a/b", barred: "barred" },
    accounts: {
      whole: { user: "sonde", password: "s0nde:whole % pass" },
      listener: { user: "listener", password: "listener-pass" },
      speaker: { user: "speaker", password: "speaker-pass" },
    },
    messageBytesMax: MESSAGE_BYTES_MAX,
  };
  await writeFiles(folder, address);
  const env = {
    PATH: process.env["PATH"] ?? "/usr/sbin:/usr/bin:/sbin:/bin",
    LANG: "C.UTF-8",
    HOME: folder,
    ERL_EPMD_PORT: String(epmdPort),
    ERL_EPMD_ADDRESS: "127.0.0.1",
    // Else the script stays between us and the node, and the pid is not the node's.
    RUNNING_UNDER_SYSTEMD: "true",
    RABBITMQ_NODENAME: NODE,
    RABBITMQ_DIST_PORT: String(distPort),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: "-kernel inet_dist_use_interface {127,0,0,1}",
    RABBITMQ_CONFIG_FILE: join(folder, "rabbitmq.conf"),
    RABBITMQ_CONF_ENV_FILE: join(folder, "none"),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, "none"),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, "enabled_plugins"),
    RABBITMQ_MNESIA_BASE: join(folder, "data"),
    RABBITMQ_LOG_BASE: join(folder, "log"),
    RABBITMQ_GENERATED_CONFIG_DIR: join(folder, "generated"),
  };
  const options = { env, cwd: folder, stdio: "ignore" } as const;
  const mapper = spawn("epmd", ["-port", String(epmdPort), "-address", "127.0.0.1"], options);
  const node = spawn(program, [], options);
  const orphaned = (): void => [node, mapper].forEach((child) => void child.kill("SIGKILL"));
  // Should this process end without a word, they would live on: Erlang does not notice.
  process.once("exit", orphaned);
  const stop = async (): Promise<void> => {
    process.off("exit", orphaned);
    await ended(node);
    await ended(mapper);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await Promise.all(
      [...Object.values(address.plain), ...Object.values(address.tls ?? {})].map((port) =>
        listening(port, node, folder),
      ),
    );
  } catch (problem) {
    await stop();
    throw problem;
  }
  return { address, stop };
}

async function writeFiles(folder: string, address: RabbitMq): Promise<void> {
  const { accounts, vhosts, plain, tls } = address;
  const { whole, listener, speaker } = accounts;
  await mkdir(join(folder, "data"));
  await mkdir(join(folder, "log"));
  await writeFile(join(folder, "enabled_plugins"), "[rabbitmq_web_stomp,rabbitmq_web_mqtt].\n");
  const config = [
    `listeners.tcp.1 = 127.0.0.1:${plain.amqp}`,
    "stomp.listeners.tcp = none",
    "mqtt.listeners.tcp = none",
    "mqtt.allow_anonymous = false",
    "web_stomp.tcp.ip = 127.0.0.1",
    `web_stomp.tcp.port = ${plain.stomp}`,
    "web_mqtt.tcp.ip = 127.0.0.1",
    `web_mqtt.tcp.port = ${plain.mqtt}`,
    `load_definitions = ${join(folder, "definitions.json")}`,
    `max_message_size = ${MESSAGE_BYTES_MAX}`,
    // A test machine is small: an alarm would block every publisher.
    "disk_free_limit.absolute = 1MB",
    "vm_memory_high_watermark.relative = 0.9",
    "log.file.level = error",
    ...(tls === null ? [] : tlsLines(tls)),
    "",
  ];
  await writeFile(join(folder, "rabbitmq.conf"), config.join("\n"));
  const all = ".*";
  // What the plugins and `queue.declare` call the queues of subscribers: binding one takes the right to write to it.
  const queues = "^(amq\\.gen|stomp-subscription|mqtt-subscription).*";
  const may = (account: Account, vhost: string, write: string, read: string): object => ({
    user: account.user,
    vhost,
    configure: all,
    write,
    read,
  });
  const definitions = {
    users: Object.values(accounts).map(({ user, password }) => ({ name: user, password, tags: "" })),
    vhosts: ["/", vhosts.open, vhosts.barred].map((name) => ({ name })),
    permissions: [
      ...["/", vhosts.open].map((vhost) => may(whole, vhost, all, all)),
      may(listener, "/", queues, all),
      may(speaker, "/", all, "^$"),
    ],
  };
  await writeFile(join(folder, "definitions.json"), JSON.stringify(definitions));
}

function tlsLines(ports: RabbitPorts): string[] {
  const files = tlsFiles();
  if (files === null) return [];
  const pem = (prefix: string): string[] => [
    `${prefix}.cacertfile = ${files.caPath}`,
    `${prefix}.certfile = ${files.trusted.certPath}`,
    `${prefix}.keyfile = ${files.trusted.keyPath}`,
  ];
  const web = (plugin: string, port: number): string[] => [
    `${plugin}.ssl.ip = 127.0.0.1`,
    `${plugin}.ssl.port = ${port}`,
    ...pem(`${plugin}.ssl`),
  ];
  return [
    `listeners.ssl.1 = 127.0.0.1:${ports.amqp}`,
    ...pem("ssl_options"),
    ...web("web_stomp", ports.stomp),
    ...web("web_mqtt", ports.mqtt),
  ];
}

/** Asked to end, then made to. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const timer = setTimeout(() => void child.kill("SIGKILL"), STOP_MS);
  await gone;
  clearTimeout(timer);
}

async function listening(port: number, node: ChildProcess, folder: string): Promise<void> {
  const untilAt = Date.now() + START_MS;
  while (!(await answers(port))) {
    if (node.exitCode !== null || Date.now() > untilAt) {
      const log = await readFile(join(folder, "log", `${NODE}.log`), "utf8").catch(() => "");
      throw new Error(`RabbitMQ does not listen on ${port} (exit ${node.exitCode ?? "none"}):\n${log.slice(-2_000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
