// Readers that are stricter than any browser, for what the page prints: markup whose every tag is looked at, tables whose every cell is,
// calendars and metrics line by line. Each says what is wrong, in words; [] is what one hopes for.

import { createHash } from "node:crypto";

/** C0 and C1 but tab and line ends, what turns the direction of its neighbours, and what no document may hold. */
const UNSEEN =
  // oxlint-disable-next-line no-control-regex -- these are what must not be there
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
const TAG = /<(\/?)([a-zA-Z][\w:-]*)((?:\s+[a-zA-Z][\w:.-]*(?:="[^"<]*")?)*)\s*(\/?)>/y;
const ATTRIBUTE = /([a-zA-Z][\w:.-]*)(?:="([^"]*)")?/g;
/** A text up to the next tag: each ampersand begins an entity that every parser knows. */
const TEXT = /(?:[^<&]|&(?:amp|lt|gt|quot|apos|#39|#x?[0-9a-fA-F]{2,6});)+/y;
const VOID = new Set(["br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"]);
const NEVER = new Set(["iframe", "object", "embed", "base", "applet", "frame", "portal", "foreignobject", "x-evil"]);
const ADDRESSES = new Set(["href", "src", "action", "formaction", "xlink:href", "poster", "cite", "data", "srcset"]);

const decoded = (text: string): string =>
  text
    .replace(/&#x([0-9a-f]+);/gi, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))
    .replace(/&#(\d+);/g, (_, digits: string) => String.fromCodePoint(Number(digits)))
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");

function attributeFaults(tag: string, attributes: string): string[] {
  return [...attributes.matchAll(ATTRIBUTE)].flatMap(([, name = "", value = ""]) => {
    const lower = name.toLowerCase();
    if (lower.startsWith("on") || lower === "style" || lower === "srcdoc") return [`<${tag} ${name}>`];
    if (!ADDRESSES.has(lower)) return [];
    // As a browser reads an address: what is not seen falls away.
    const address = decoded(value).replace(/[\p{Cc} ]/gu, "");
    const isOurs =
      /^(?:\/(?!\/)|#|\?|https?:\/\/|mailto:|$)/.test(address) || (tag === "link" && address.startsWith("data:image/"));
    return isOurs && !/\p{Cc}/u.test(decoded(value)) ? [] : [`${name} ${address.slice(0, 60)}`];
  });
}

/** `policy`: of the answer; what stands in <style> and <script> must be allowed by it. `isXml`: every tag has its end. */
export function markupFaults(
  text: string,
  { policy = "", isXml = false }: { policy?: string; isXml?: boolean },
): readonly string[] {
  const faults: string[] = [];
  const open: string[] = [];
  const head = /^\s*(?:<!doctype html>|<\?xml [^<>]*\?>\s*)?/.exec(text)?.[0] ?? "";
  const found = UNSEEN.exec(text);
  if (found !== null)
    faults.push(
      `holds U+${found[0].codePointAt(0)?.toString(16)} near ${text.slice(Math.max(0, found.index - 30), found.index)}`,
    );
  if (isXml && /[\ufffe\uffff]/.test(text)) faults.push("what no XML document may hold");
  let at = head.length;
  while (at < text.length && faults.length < 9) {
    if (isXml && text.startsWith("<![CDATA[", at)) {
      at = text.indexOf("]]>", at) + 3;
      continue;
    }
    TEXT.lastIndex = at;
    at += TEXT.exec(text)?.[0].length ?? 0;
    if (at >= text.length) break;
    TAG.lastIndex = at;
    const tag = TAG.exec(text);
    if (tag === null) return [...faults, `no markup: ${text.slice(at, at + 60)}`];
    const [whole, slash = "", name = "", attributes = "", empty = ""] = tag;
    at += whole.length;
    if (NEVER.has(name.toLowerCase())) faults.push(whole.slice(0, 60));
    if (slash === "/") {
      if (open.pop() !== name) faults.push(`${whole} ends another`);
      continue;
    }
    faults.push(...attributeFaults(name, attributes));
    if (!isXml && (name === "style" || name === "script")) {
      const end = text.indexOf(`</${name}>`, at);
      const hash = createHash("sha256").update(text.slice(at, end)).digest("base64");
      if (end < 0 || !policy.includes(`'sha256-${hash}'`)) faults.push(`a ${name} that is not allowed`);
      at = end;
    }
    if (empty !== "/" && (isXml || !VOID.has(name))) open.push(name);
  }
  return open.length === 0 ? faults : [...faults, `open at the end: ${open.join(" ")}`];
}

/** RFC 4180; no cell begins as a formula does, save numbers. */
export function csvFaults(text: string): readonly string[] {
  const faults: string[] = [];
  const rows: string[][] = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/y;
  const body = text.replace(/^\ufeff/, "");
  for (let at = 0; at < body.length;) {
    cell.lastIndex = at;
    const found = cell.exec(body);
    if (found === null || found[0] === "") return [`no table: ${body.slice(at, at + 60)}`];
    rows.at(-1)?.push((found[1] ?? found[2] ?? "").replaceAll('""', '"'));
    if (found[3] === "\r\n") rows.push([]);
    at += found[0].length;
  }
  const width = rows[0]?.length ?? 0;
  for (const row of rows.slice(0, -1)) if (row.length !== width) faults.push(`a row of ${row.length}, not ${width}`);
  for (const one of rows.flat()) {
    if (/^\s*[=+\-@]|^[\t\r\n]/.test(one) && !/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(one))
      faults.push(`a formula: ${one.slice(0, 40)}`);
  }
  return faults;
}

/** RFC 5545: lines of at most 75 octets, of names and values, and no more of anything than was there. */
export function calendarFaults(text: string, events: number): readonly string[] {
  const faults: string[] = [];
  const lines = text.split("\r\n");
  if (lines.pop() !== "") faults.push("no end of the last line");
  for (const line of lines) {
    if (new TextEncoder().encode(line).length > 75) faults.push(`too long: ${line.slice(0, 40)}`);
    if (!/^(?: |[A-Z-]+[;:])/.test(line) || /[\r\n]/.test(line) || UNSEEN.test(line))
      faults.push(`no line: ${line.slice(0, 40)}`);
  }
  const unfolded = text.replaceAll("\r\n ", "");
  const begun = unfolded.split("\r\n").filter((line) => line === "BEGIN:VEVENT").length;
  return begun === events ? faults : [...faults, `${begun} events, not ${events}`];
}

/** Prometheus' text format: a comment of ours, or a figure with labels. */
export function metricsFaults(text: string): readonly string[] {
  const line =
    /^(?:# (?:HELP|TYPE|UNIT) (?!evil)[a-z_]+ .+|# EOF|(?!evil)[a-z_]+(?:\{(?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*\})? [-+\d.eEInfNa]+)$/;
  return text
    .split("\n")
    .slice(0, -1)
    .flatMap((one) => (line.test(one) && !UNSEEN.test(one) ? [] : [`no line: ${one.slice(0, 80)}`]));
}
