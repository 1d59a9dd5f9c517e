// Agora's own token library, with the types that it lacks: what our signer is compared with, and what our fake of the service
// verifies with. Node only.

import { createRequire } from "node:module";

import type { AgoraGrant } from "../workers/probes/agora-token.ts";

export interface LibraryService {
  add_privilege(privilege: number, expiresAfterS: number): void;
}

export interface LibraryToken {
  appId: string | Uint8Array;
  issueTs: number;
  expire: number;
  salt: number;
  readonly services: readonly object[];
  add_service(service: LibraryService): void;
  build(): string;
  from_string(token: string): boolean;
  verifySignature(appCertificate: string): boolean;
}

interface Library {
  readonly AccessToken2: new (
    appId: string,
    appCertificate: string,
    issuedAtS: number,
    expiresAfterS: number,
  ) => LibraryToken;
  readonly ServiceRtm: (new (user: string) => LibraryService) & { readonly kPrivilegeLogin: number };
}

const library = createRequire(import.meta.url)("agora-token/src/AccessToken2.js") as Library;
const { AccessToken2, ServiceRtm } = library;
export { AccessToken2 };

/** The token that Agora's library builds for the same grant. */
export function tokenByLibrary(grant: AgoraGrant): string {
  const { appId, appCertificate, user, issuedAtS, expiresAfterS, salt } = grant;
  const token = new AccessToken2(appId, appCertificate, issuedAtS, expiresAfterS);
  token.salt = salt;
  const service = new ServiceRtm(user);
  service.add_privilege(ServiceRtm.kPrivilegeLogin, expiresAfterS);
  token.add_service(service);
  return token.build();
}

/** Whose a Signaling token is, if Agora's library finds it good at `atS`: issued for this app, not forged, not expired. */
export function userOfToken(token: string, appId: string, appCertificate: string, atS: number): string | null {
  const read = new AccessToken2("", "", 0, 0);
  if (!read.from_string(token) || String(read.appId) !== appId || !read.verifySignature(appCertificate)) return null;
  if (atS >= read.issueTs + read.expire) return null;
  const [service] = read.services;
  // The library keeps it under this name and has no way to ask for it.
  return service === undefined ? null : String(Reflect.get(service, "__user_id"));
}
