// Throwaway certificates for the servers of driver tests, by the `openssl` program. `servers.setup.ts` makes them in a
// temporary folder before workerd starts and has workerd trust the one authority; `*.server.ts` find them through the environment.

import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { programOf } from "./programs.ts";

/** Paths of PEM files. */
export interface Certificate {
  readonly keyPath: string;
  readonly certPath: string;
}

export interface Tls {
  /** The authority that workerd trusts in driver tests. */
  readonly caPath: string;
  /** Signed by it, for 127.0.0.1 and localhost. */
  readonly trusted: Certificate;
  /** Signed by it, for a name that no test dials. */
  readonly misnamed: Certificate;
  /** For 127.0.0.1 and localhost, signed by an authority that nobody knows. */
  readonly stranger: Certificate;
}

/** Names the folder to the process that starts the servers; absent: no TLS here. */
export const TLS_FOLDER = "SONDE_TEST_TLS";

const HERE = "IP:127.0.0.1,DNS:localhost";
// Quick to make, and known to every server; RSA takes ten times as long.
const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** For `*.server.ts`: null where there is no openssl, and so no TLS. */
export function tlsFiles(): Tls | null {
  const folder = process.env[TLS_FOLDER];
  return folder === undefined ? null : filesIn(folder);
}

/** Makes them in `folder`; false where there is no openssl. */
export async function makeTls(folder: string): Promise<boolean> {
  const openssl = programOf("openssl");
  if (openssl === null) return false;
  const { caPath, trusted, misnamed, stranger } = filesIn(folder);
  const run = promisify(execFile);
  const authority = async (name: string, path: string): Promise<void> => {
    const subject = ["-subj", `/CN=Sonde test ${name}`, "-days", "2"];
    await run(openssl, ["req", "-x509", ...KEY, ...subject, "-keyout", `${path}.key`, "-out", path]);
  };
  const certificate = async (at: Certificate, signer: string, names: string): Promise<void> => {
    const request = `${at.certPath}.csr`;
    const extensions = `${at.certPath}.ext`;
    await writeFile(extensions, `subjectAltName=${names}\nbasicConstraints=CA:FALSE\n`);
    await run(openssl, ["req", "-new", ...KEY, "-subj", "/CN=sonde-test", "-keyout", at.keyPath, "-out", request]);
    const by = ["-CA", signer, "-CAkey", `${signer}.key`, "-set_serial", "2", "-days", "2", "-extfile", extensions];
    await run(openssl, ["x509", "-req", "-in", request, ...by, "-out", at.certPath]);
  };
  const strangerCa = join(folder, "stranger-ca.crt");
  await Promise.all([authority("authority", caPath), authority("stranger", strangerCa)]);
  await Promise.all([
    certificate(trusted, caPath, HERE),
    certificate(misnamed, caPath, "DNS:elsewhere.invalid"),
    certificate(stranger, strangerCa, HERE),
  ]);
  return true;
}

export function filesIn(folder: string): Tls {
  const pair = (name: string): Certificate => ({
    keyPath: join(folder, `${name}.key`),
    certPath: join(folder, `${name}.crt`),
  });
  return {
    caPath: join(folder, "ca.crt"),
    trusted: pair("trusted"),
    misnamed: pair("misnamed"),
    stranger: pair("stranger"),
  };
}
