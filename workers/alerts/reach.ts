// Which addresses an alert may be sent to. An address is a secret that a person typed in, and whoever can make Sonde ask an
// address of their choice asks from inside: so no private, loopback, link-local or metadata address in any spelling, no
// user and password in it, and no other port than the channel's. Never asks DNS: a name is judged by its letters, and
// redirects are not followed, so that a name cannot lead elsewhere later. Called before each request of a channel.

export interface ReachRules {
  /** Ports besides 443. */
  readonly ports: readonly number[];
  /** For one machine and for tests: loopback, at any port, also without TLS. */
  readonly allowsLoopback: boolean;
}

/** Whatever the world has seen an address of: longer ones are mistakes or attacks. */
const ADDRESS_CHARS_MAX = 2_048;
/** Ends of names that mean "here" somewhere (RFC 2606, 6761, 6762, 8375, ICANN's private .internal) and of no public name. */
const INSIDE =
  /(^|\.)(localhost|localdomain|local|internal|intranet|private|corp|home|lan|arpa|test|example|invalid|onion|metadata\.goog)$/;
/** Names that say which address they resolve to: a private address in other letters. */
const SPELT_OUT = /(^|\.)(nip\.io|sslip\.io|xip\.io|localtest\.me|lvh\.me|vcap\.me|traefik\.me)$/;

/** Null: it may be asked. Else why not, in words without a letter of the address. */
export function refusalOfAddress(address: string, { ports, allowsLoopback }: ReachRules): string | null {
  if (address.length > ADDRESS_CHARS_MAX) return "the address is too long";
  // A parser forgives these, and two parsers that forgive differently see two hosts.
  if (/[\s\\\p{C}]/u.test(address)) return "the address has spaces, backslashes or control characters in it";
  const url = URL.parse(address);
  if (url === null) return "the address is not a URL";
  if (!/^https?:\/\/[^/?#]/i.test(address)) return "the address does not begin with https://";
  if (/^https?:\/\/[^/?#]*@/i.test(address)) return "the address has a user or a password in it";
  const host = url.hostname.replace(/\.+$/, "").toLowerCase();
  if (isLoopback(host)) return allowsLoopback ? null : "the address is this machine's own";
  if (url.protocol !== "https:") return "the address does not begin with https://";
  if (url.port !== "" && !ports.includes(Number(url.port))) return "the address has a port that is not 443";
  return refusalOfHost(host);
}

/** `host` as a URL parser has it: numbers in any spelling are four decimal octets by now, letters are small and punycoded. */
function refusalOfHost(host: string): string | null {
  if (host.startsWith("[")) {
    const words = wordsOfIpv6(host.slice(1, -1));
    return words !== null && isPublicIpv6(words) ? null : "the address is not one of the public internet";
  }
  const octets = octetsOf(host);
  if (octets !== null) return isPublicIpv4(octets) ? null : "the address is not one of the public internet";
  if (!host.includes(".")) return "the host has no domain: only public names may be asked";
  if (INSIDE.test(host) || SPELT_OUT.test(host)) return "the host is not a name of the public internet";
  return null;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || octetsOf(host)?.[0] === 127;
}

type Octets = readonly [number, number, number, number];

function octetsOf(host: string): Octets | null {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(host)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return null;
  const [a = 0, b = 0, c = 0, d = 0] = parts;
  return [a, b, c, d];
}

/** First address and prefix length of what is not globally reachable, after IANA's special-purpose registry (RFC 6890). */
const NOT_PUBLIC_IPV4: readonly (readonly [Octets, number])[] = [
  [[0, 0, 0, 0], 8],
  [[10, 0, 0, 0], 8],
  // Shared by carriers; Alibaba's metadata is in it.
  [[100, 64, 0, 0], 10],
  [[127, 0, 0, 0], 8],
  // Link-local; the metadata of most clouds.
  [[169, 254, 0, 0], 16],
  // Azure's own door inside each of its machines: public by the registry, inside by use.
  [[168, 63, 129, 16], 32],
  [[172, 16, 0, 0], 12],
  [[192, 0, 0, 0], 24],
  [[192, 0, 2, 0], 24],
  [[192, 31, 196, 0], 24],
  [[192, 52, 193, 0], 24],
  [[192, 88, 99, 0], 24],
  [[192, 168, 0, 0], 16],
  [[192, 175, 48, 0], 24],
  [[198, 18, 0, 0], 15],
  [[198, 51, 100, 0], 24],
  [[203, 0, 113, 0], 24],
  // Multicast, reserved and broadcast.
  [[224, 0, 0, 0], 3],
];

function isPublicIpv4(octets: Octets): boolean {
  const number = numberOf(octets);
  return !NOT_PUBLIC_IPV4.some(([first, bits]) => {
    const size = 2 ** (32 - bits);
    return Math.floor(number / size) === Math.floor(numberOf(first) / size);
  });
}

function numberOf([a, b, c, d]: Octets): number {
  return ((a * 256 + b) * 256 + c) * 256 + d;
}

/** Eight words of 16 bits. A URL parser has written an IPv4 tail as words already. */
function wordsOfIpv6(text: string): readonly number[] | null {
  const [head = "", tail, ...more] = text.split("::");
  if (more.length > 0) return null;
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const words = [...before, ...Array<string>(missing).fill("0"), ...after].map((word) => Number.parseInt(word, 16));
  return words.every((word) => word >= 0 && word <= 0xffff) ? words : null;
}

/**
 * Only global unicast, 2000::/3. That leaves out loopback, mapped and compatible IPv4, NAT64, unique local, link-local and
 * multicast at once; and within it what carries another address or is nobody's: 2001::/23 (Teredo and others), 2002::/16 (6to4),
 * 2001:db8::/32 and 3fff::/20 (documentation).
 */
function isPublicIpv6([first = 0, second = 0]: readonly number[]): boolean {
  if (first < 0x2000 || first > 0x3fff) return false;
  if (first === 0x2001 && (second < 0x0200 || second === 0x0db8)) return false;
  return first !== 0x2002 && !(first === 0x3fff && second < 0x1000);
}
