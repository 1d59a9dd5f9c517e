// Signs a server's nonce with a user's nkey, by the runtime's own Ed25519. The library does it in JavaScript, which took
// 8 ms a login warm and 35 cold, and all of it would count as the service's connect time. Format: docs.nats.io, NKeys;
// Ed25519: RFC 8032 and 8410; base32: RFC 4648. It gives the same bytes as the library (test/rooms/nats-login.test.ts).

export interface Signed {
  /** The public key: U... */
  readonly nkey: string;
  /** Of the nonce, in base64. */
  readonly sig: string;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/** What an nkey's first letter is made of: S for a seed, U for a user. */
const SEED = 18 << 3;
const USER = 20 << 3;
/** 2 bytes, 32 of the key and 2 of the checksum, five bits a letter. */
const SEED_CHARS = 58;
const CRC_BYTES = 2;
/** PKCS #8 around a raw Ed25519 key: RFC 8410, section 7. */
const PKCS8 = Uint8Array.from([48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32]);

/** Null: the text is not the seed of a user's nkey. Without a nonce the signature is empty. */
export async function signNonce(seed: string, nonce: string | undefined): Promise<Signed | null> {
  const raw = rawSeedOf(seed);
  if (raw === null) return null;
  const pkcs8 = Uint8Array.from([...PKCS8, ...raw]);
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", true, ["sign"]);
  const { x } = (await crypto.subtle.exportKey("jwk", key)) as { x?: string };
  const nkey = base32Of(withCrc(Uint8Array.from([USER, ...fromBase64Url(x ?? "")])));
  if (nonce === undefined) return { nkey, sig: "" };
  const signature = await crypto.subtle.sign("Ed25519", key, new TextEncoder().encode(nonce));
  return { nkey, sig: btoa(String.fromCharCode(...new Uint8Array(signature))) };
}

/** Two bytes say "seed of a user" in five bits each, then the key, then the checksum. */
function rawSeedOf(seed: string): Uint8Array | null {
  const bytes = seed.length === SEED_CHARS ? bytesOf(seed) : null;
  if (bytes === null) return null;
  const [first = 0, second = 0] = bytes;
  if ((first & 0xf8) !== SEED || (((first & 7) << 5) | (second >> 3)) !== USER) return null;
  const body = bytes.subarray(0, -CRC_BYTES);
  return withCrc(body).every((byte, at) => byte === bytes[at]) ? body.subarray(2) : null;
}

/** CRC-16/XMODEM, low byte first. */
function withCrc(body: Uint8Array): Uint8Array {
  let crc = 0;
  for (const byte of body) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  return Uint8Array.from([...body, crc & 0xff, crc >> 8]);
}

function bytesOf(base32: string): Uint8Array | null {
  const bytes: number[] = [];
  let [held, bits] = [0, 0];
  for (const letter of base32) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) return null;
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 0xff);
  }
  return Uint8Array.from(bytes);
}

function base32Of(bytes: Uint8Array): string {
  let [text, held, bits] = ["", 0, 0];
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += ALPHABET[(held >> (bits - 5)) & 31];
  }
  return bits === 0 ? text : text + ALPHABET[(held << (5 - bits)) & 31];
}

function fromBase64Url(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}
