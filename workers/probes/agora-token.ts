// Signs Agora's AccessToken2 ("007") for Signaling, so that no certificate leaves the Worker and no library is needed. Pure:
// issue time and salt are arguments. Format: AgoraIO/Tools, DynamicKey/AgoraDynamicKey, AccessToken2; all little-endian,
// a text is its length in two bytes and its bytes:
//   token = "007" + base64(zlib(text(signature) + info))
//   info = text(app id), u32 issued at, u32 expires after, u32 salt, u16 services = 1, service
//   service = u16 type = 2, u16 privileges = 1, { u16 login = 1, u32 expires after }, text(user)
//   signature = HMAC-SHA256(HMAC(salt, HMAC(issued at, certificate)), info), the key first

export interface AgoraGrant {
  readonly appId: string;
  readonly appCertificate: string;
  /** At most 64 bytes: who may log in, or send, with this token. */
  readonly user: string;
  readonly issuedAtS: number;
  /** From `issuedAtS` on. */
  readonly expiresAfterS: number;
  /** 1 to 99,999,999, by chance. */
  readonly salt: number;
}

/** The largest salt that Agora's own builder makes. */
export const SALT_MAX = 99_999_999;

const SIGNALING = 2;
const LOGIN = 1;
const encoder = new TextEncoder();

export async function signAgoraToken(grant: AgoraGrant): Promise<string> {
  const { appId, appCertificate, user, issuedAtS, expiresAfterS, salt } = grant;
  const service = [u16(SIGNALING), u16(1), u16(LOGIN), u32(expiresAfterS), text(encoder.encode(user))];
  const head = [text(encoder.encode(appId)), u32(issuedAtS), u32(expiresAfterS), u32(salt), u16(1)];
  const info = joined([...head, ...service]);
  const key = await hmac(u32(salt), await hmac(u32(issuedAtS), encoder.encode(appCertificate)));
  const signature = await hmac(key, info);
  return `007${base64(await deflated(joined([text(signature), info])))}`;
}

async function hmac(key: Uint8Array, message: Uint8Array): Promise<Uint8Array> {
  const secret = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", secret, message));
}

async function deflated(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new CompressionStream("deflate");
  const writer = stream.writable.getWriter();
  const written = writer.write(bytes).then(() => writer.close());
  const out = await new Response(stream.readable as ReadableStream<Uint8Array>).arrayBuffer();
  await written;
  return new Uint8Array(out);
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, (value >> 8) & 0xff);
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

function text(bytes: Uint8Array): Uint8Array {
  return joined([u16(bytes.length), bytes]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
