// A logo as a data URL: whether it is a small picture that can do nothing, and how large it is drawn. Pure; called by `brand.ts`. SVG is
// text that may hold programs and addresses: only drawings without either are taken. (A browser runs nothing in an <img>; this is the
// second wall, and keeps a logo from asking strangers for anything.)

import type { Refusal } from "./problems.ts";

export interface Logo {
  /** data:image/png;base64,... or data:image/svg+xml;base64,... */
  readonly src: string;
  /** CSS pixels, as drawn. */
  readonly width: number;
  readonly height: number;
}

/** Bytes of the picture itself; it is in every page. */
export const LOGO_BYTES_MAX = 20_480;
/** In base64, four letters for three bytes, and what stands before them. */
export const LOGO_CHARS_MAX = Math.ceil(LOGO_BYTES_MAX / 3) * 4 + 40;
const HEIGHT = 28;
const WIDTH_MAX = 180;

const DATA_URL = /^data:image\/(png|svg\+xml);base64,([A-Za-z0-9+/]+={0,2})$/;
const MEND = 'write logo: "data:image/svg+xml;base64,..." or "data:image/png;base64,..." (base64 -w0 logo.svg)';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Null: it is a logo. */
export function refusalOfLogo(text: string): Refusal | null {
  const bytes = bytesOf(text);
  if (bytes === null) return { problem: "is not a picture as a data URL in base64", mend: MEND };
  if (bytes.data.length > LOGO_BYTES_MAX) {
    return { problem: `has ${bytes.data.length} bytes`, mend: `write a picture of at most ${LOGO_BYTES_MAX} bytes` };
  }
  if (bytes.kind === "svg+xml") {
    const active = activeIn(textOf(bytes.data));
    if (active !== null) return { problem: `holds ${active}`, mend: "take it out: a logo is only a drawing" };
  }
  if (sizeOf(bytes) !== null) return null;
  return bytes.kind === "png"
    ? { problem: "is not a PNG with a size", mend: MEND }
    : { problem: "is not an SVG with a viewBox", mend: 'write <svg xmlns="..." viewBox="0 0 120 28">' };
}

/** As it is drawn: 28 px high, or lower where it is very wide. Throws for what `refusalOfLogo` refuses. */
export function logoOf(text: string): Logo {
  const bytes = bytesOf(text);
  const size = bytes === null ? null : sizeOf(bytes);
  if (size === null) throw new Error("configuration: a logo without a size was not refused");
  const scale = Math.min(HEIGHT / size.height, WIDTH_MAX / size.width);
  return {
    src: text,
    width: Math.max(1, Math.round(size.width * scale)),
    height: Math.max(1, Math.round(size.height * scale)),
  };
}

interface Picture {
  readonly kind: string;
  readonly data: Uint8Array;
}

function bytesOf(text: string): Picture | null {
  const [, kind, letters] = DATA_URL.exec(text) ?? [];
  if (kind === undefined || letters === undefined || letters.length % 4 !== 0) return null;
  return { kind, data: Uint8Array.from(atob(letters), (letter) => letter.charCodeAt(0)) };
}

const textOf = (data: Uint8Array): string => new TextDecoder().decode(data);

/** What in it is more than a drawing, in words; null: nothing. Refuses rather too much. */
function activeIn(svg: string): string | null {
  if (/<[!?](?!--|xml\s)/i.test(svg)) return "a declaration of its own (DOCTYPE, ENTITY)";
  // With another name before the colon the same element would pass by its name.
  const strange = /<\/?\s*[a-z0-9_-]+:/i.exec(svg);
  if (strange !== null) return "an element of another vocabulary";
  const element =
    /<\s*(script|foreignObject|iframe|object|embed|audio|video|image|use|a|style|animate\w*|set|link|handler)\b/i;
  const found = element.exec(svg)?.[1];
  if (found !== undefined) return `<${found}>`;
  if (/[\s"'/]on[a-z]+\s*=/i.test(svg)) return "an event handler";
  if (/(?:href|src|base)\s*=\s*["']?\s*[^"'#\s]/i.test(svg)) return "an address";
  return /url\s*\(\s*["']?\s*[^"'#\s]|javascript:|@import|&#/i.test(svg) ? "an address" : null;
}

function sizeOf({ kind, data }: Picture): Size | null {
  return kind === "png" ? pngSize(data) : svgSize(textOf(data));
}

const PNG_START = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** PNG specification, 11.2.2: width and height are the first eight bytes of IHDR, which comes first. */
function pngSize(data: Uint8Array): Size | null {
  const isPng = data.length >= 33 && PNG_START.every((byte, at) => data[at] === byte);
  if (!isPng || textOf(data.subarray(12, 16)) !== "IHDR") return null;
  const view = new DataView(data.buffer, data.byteOffset);
  return sane({ width: view.getUint32(16), height: view.getUint32(20) });
}

function svgSize(svg: string): Size | null {
  const start = /^(?:\ufeff)?\s*(?:<\?xml\s[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<svg\s([^>]*)>/i.exec(svg);
  const box = /viewBox\s*=\s*["']\s*-?[\d.]+[\s,]+-?[\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)\s*["']/.exec(start?.[1] ?? "");
  return box === null ? null : sane({ width: Number(box[1]), height: Number(box[2]) });
}

/** Neither nothing nor a line. */
function sane(size: Size): Size | null {
  const ratio = size.width / size.height;
  return size.width > 0 && size.height > 0 && size.width <= 4096 && size.height <= 4096 && ratio > 0.05 && ratio < 40
    ? size
    : null;
}
