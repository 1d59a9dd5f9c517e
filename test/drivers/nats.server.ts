// Real nats-servers for the driver `nats`: Debian's 2.9, one process for each way to log in (they exclude each other), on
// loopback and free ports, with what they need in a temporary folder. Children, stopped by their pids. And a TLS front for
// one of them, as what `handshake_first` of 2.10 looks like from outside.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";

import { encodeAccount, encodeOperator, encodeUser, fmtCreds } from "@nats-io/jwt";
import { createAccount, createOperator, createUser } from "@nats-io/nkeys";

import { freePort } from "../free-port.ts";
import { NOT_HERE, programOf } from "./programs.ts";
import type { Started } from "./servers.cli.ts";
import { type Certificate, tlsFiles } from "./tls.ts";

export interface NatsPorts {
  readonly tcp: number;
  readonly ws: number;
}

type Secrets = Readonly<Record<string, string>>;

export interface Nats {
  /** Users and nkeys. Messages of more than MAX_PAYLOAD_BYTES are refused. */
  readonly users: NatsPorts;
  readonly token: NatsPorts;
  /** Operator mode, with the accounts in memory. */
  readonly operator: NatsPorts;
  /** One connection, and no more. */
  readonly full: NatsPorts;
  /** TLS after INFO on `tcp`, and wss; null without openssl. */
  readonly tls: NatsPorts | null;
  readonly misnamed: NatsPorts | null;
  readonly stranger: NatsPorts | null;
  /** TLS before INFO, in front of `users`. */
  readonly tlsFirst: number | null;
  readonly maxPayloadBytes: number;
  readonly secrets: {
    readonly whole: Secrets;
    /** May subscribe to everything, publish nothing but replies. */
    readonly listener: Secrets;
    /** May publish, subscribe to nothing but its inbox. */
    readonly speaker: Secrets;
    /** May do everything but answer. */
    readonly mute: Secrets;
    /** May do everything but have an inbox. */
    readonly deaf: Secrets;
    readonly nkey: Secrets;
    readonly strangersNkey: Secrets;
    readonly token: Secrets;
    readonly creds: Secrets;
    readonly jwt: Secrets;
    /** Signed by an account that the operator does not know. */
    readonly strangersCreds: Secrets;
    /** May publish to other subjects only, by its JWT. */
    readonly bounded: Secrets;
  };
}

const MAX_PAYLOAD_BYTES = 2_048;
/** -1 is without limit; what is not said is 0, and 0 is none. */
const USER = { subs: -1, data: -1, payload: -1 };
const ACCOUNT = { ...USER, conn: -1, leaf: -1, imports: -1, exports: -1, wildcards: true, disallow_bearer: false };
const TRIES = 200;
const PAUSE_MS = 25;

export async function start(): Promise<Started> {
  const program = programOf("nats-server");
  if (program === null) return NOT_HERE;
  const folder = await mkdtemp(join(tmpdir(), "sonde-nats-"));
  const children: ChildProcess[] = [];
  const run = async (name: string, config: readonly string[], certificate?: Certificate): Promise<NatsPorts> => {
    const ports = { tcp: await freePort(), ws: await freePort() };
    const tls = certificate && `tls { cert_file: "${certificate.certPath}", key_file: "${certificate.keyPath}" }`;
    const file = join(folder, `${name}.conf`);
    const all = [
      `listen: "127.0.0.1:${ports.tcp}"`,
      `websocket { listen: "127.0.0.1:${ports.ws}", ${tls ?? "no_tls: true"} }`,
      tls ?? "",
      ...config,
    ];
    await writeFile(file, all.join("\n"));
    const child = spawn(program, ["-c", file], { stdio: "ignore" });
    children.push(child);
    for (const port of [ports.tcp, ports.ws]) await listening(port, child);
    return ports;
  };

  const nkey = createUser();
  const secrets = accounts();
  const users = [
    userLine(secrets.whole, ""),
    userLine(secrets.listener, 'permissions: { publish: "_INBOX.>", subscribe: ">" }'),
    userLine(secrets.speaker, 'permissions: { publish: ">", subscribe: "_INBOX.>" }'),
    userLine(secrets.mute, 'permissions: { publish: { deny: "_INBOX.>" } }'),
    userLine(secrets.deaf, 'permissions: { subscribe: { deny: "_INBOX.>" } }'),
    `{ nkey: ${nkey.getPublicKey()} }`,
  ];
  const withUsers = `authorization { users: [ ${users.join(",\n")} ] }`;
  const operator = await operatorMode();
  const files = tlsFiles();
  const [byUser, byToken, byOperator, full] = await Promise.all([
    run("users", [withUsers, `max_payload: ${MAX_PAYLOAD_BYTES}`]),
    run("token", [`authorization { token: "${secrets.token.token}" }`]),
    run("operator", operator.config),
    run("full", ["max_connections: 1"]),
  ]);
  const [tls = null, misnamed = null, stranger = null] = await Promise.all(
    files === null
      ? []
      : [files.trusted, files.misnamed, files.stranger].map((each, at) => run(`tls${at}`, [withUsers], each)),
  );
  const front = files === null ? null : await tlsFront(files.trusted, byUser.tcp);
  const address: Nats = {
    users: byUser,
    token: byToken,
    operator: byOperator,
    full,
    tls,
    misnamed,
    stranger,
    tlsFirst: front?.port ?? null,
    maxPayloadBytes: MAX_PAYLOAD_BYTES,
    secrets: {
      ...secrets,
      nkey: { nkey: new TextDecoder().decode(nkey.getSeed()) },
      strangersNkey: { nkey: new TextDecoder().decode(createUser().getSeed()) },
      ...operator.secrets,
    },
  };
  return {
    address,
    async stop() {
      await front?.stop();
      await Promise.all(children.map(ended));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function accounts() {
  const account = (user: string): { user: string; password: string } => ({ user, password: `${user}-s3cret-password` });
  return {
    whole: account("whole"),
    listener: account("listener"),
    speaker: account("speaker"),
    mute: account("mute"),
    deaf: account("deaf"),
    token: { token: "t0ken-that-nobody-may-see" },
  };
}

function userLine({ user, password }: { user: string; password: string }, permissions: string): string {
  return `{ user: "${user}", password: "${password}" ${permissions === "" ? "" : `, ${permissions}`} }`;
}

/** docs.nats.io, JWT authentication: an operator signs accounts, an account signs users. */
async function operatorMode() {
  const [operator, account, stranger, user] = [createOperator(), createAccount(), createAccount(), createUser()];
  const accountJwt = await encodeAccount("probes", account, { limits: ACCOUNT }, { signer: operator });
  const operatorJwt = await encodeOperator("sonde-test", operator);
  const userJwt = await encodeUser("probe", user, account, USER);
  const boundedJwt = await encodeUser("bounded", user, account, { ...USER, pub: { allow: ["elsewhere.>"] } });
  const strangersJwt = await encodeUser("probe", user, stranger, USER);
  const creds = (jwt: string): string => new TextDecoder().decode(fmtCreds(jwt, user));
  return {
    config: [
      `operator: ${operatorJwt}`,
      "resolver: MEMORY",
      `resolver_preload: { ${account.getPublicKey()}: ${accountJwt} }`,
    ],
    secrets: {
      creds: { creds: creds(userJwt) },
      jwt: { jwt: userJwt, nkey: new TextDecoder().decode(user.getSeed()) },
      bounded: { creds: creds(boundedJwt) },
      strangersCreds: { creds: creds(strangersJwt) },
    },
  };
}

async function tlsFront(at: Certificate, port: number): Promise<{ port: number; stop(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const options = { key: readFileSync(at.keyPath), cert: readFileSync(at.certPath) };
  const front = createTlsServer(options, (client) => {
    const server = connect({ host: "127.0.0.1", port });
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => {});
      socket.once("close", () => {
        client.destroy();
        server.destroy();
        sockets.delete(socket);
      });
    }
    client.pipe(server).pipe(client);
  });
  front.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
  return {
    port: (front.address() as AddressInfo).port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => front.close(resolve));
    },
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await exit;
}

async function listening(port: number, child: ChildProcess): Promise<void> {
  for (let attempt = 1; attempt <= TRIES && child.exitCode === null; attempt++) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: "127.0.0.1", port });
      socket.once("connect", () => resolve(true));
      socket.once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  throw new Error(`nats-server does not listen on ${port} (exit ${child.exitCode ?? "none"})`);
}
