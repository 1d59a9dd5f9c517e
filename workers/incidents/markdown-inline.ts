// What stands within a paragraph or heading: strong, emphasised, code, links, line breaks. Part of `markdown.ts`, which hands over
// clean text. Pure, one pass: at most one of each kind is open, so that nothing is ever looked for backwards. Never makes a
// link of anything but http, https and mailto.

/** Counts what was looked at, so that a test can tell how the work grows with the text. */
export interface Meter {
  steps: number;
}

export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "break" }
  | { readonly kind: "strong" | "emphasis"; readonly of: readonly Inline[] }
  /** `href`: absolute, as the URL standard writes it; http, https or mailto. */
  | { readonly kind: "link"; readonly href: string; readonly of: readonly Inline[] };

/** A destination has no spaces and no brackets of its own: they are written %28 and %29. */
const DESTINATION = /\]\(([^\s()<>[\]]{1,2000})\)/y;
const PUNCTUATION = /[!-/:-@[-`{-~]/;
const WORD = /[\p{L}\p{N}]/u;

/** The inlines of one block. `text` may have several lines. */
export function inlinesOf(text: string, meter: Meter): readonly Inline[] {
  const reader = new InlineReader(text, meter);
  return reader.read();
}

/** The text of inlines; the address of a link behind it, where it is not the text itself. */
export function plainInlines(inlines: readonly Inline[]): string {
  return inlines
    .map((each) => {
      switch (each.kind) {
        case "text":
        case "code":
          return each.text;
        case "break":
          return "\n";
        case "strong":
        case "emphasis":
          return plainInlines(each.of);
        case "link": {
          const text = plainInlines(each.of);
          return text === each.href ? text : `${text} (${each.href})`;
        }
      }
    })
    .join("");
}

/** What is open: its sign, which is text again if it is never closed. The bottom one is the block itself. */
interface Frame {
  readonly sign: "" | "**" | "__" | "*" | "_" | "[";
  readonly of: Inline[];
}

class InlineReader {
  readonly #text: string;
  readonly #meter: Meter;
  /** Where the next run of backticks of the same length begins, by where one begins. */
  readonly #ticks: ReadonlyMap<number, { readonly length: number; readonly closedAt: number | null }>;
  readonly #root: Frame = { sign: "", of: [] };
  #open: Frame[] = [this.#root];
  #at = 0;

  constructor(text: string, meter: Meter) {
    this.#text = text;
    this.#meter = meter;
    this.#ticks = ticksOf(text);
    meter.steps += text.length;
  }

  read(): readonly Inline[] {
    while (this.#at < this.#text.length) {
      this.#meter.steps++;
      const char = this.#text[this.#at] ?? "";
      if (char === "\\") this.#escape();
      else if (char === "`") this.#code();
      else if (char === "*" || char === "_") this.#stress(char);
      else if (char === "[") this.#openLink();
      else if (char === "]") this.#closeLink();
      else if (char === "\n") {
        this.#top().of.push({ kind: "break" });
        this.#at++;
      } else this.#plain();
    }
    while (this.#open.length > 1) this.#giveUp(this.#open.length - 1);
    return this.#root.of;
  }

  #top(): Frame {
    return this.#open.at(-1) ?? this.#root;
  }

  #say(text: string): void {
    addText(this.#top().of, text);
    this.#at += text.length;
  }

  /** Up to the next sign. */
  #plain(): void {
    const sign = /[\\`*_[\]\n]/g;
    sign.lastIndex = this.#at;
    this.#say(this.#text.slice(this.#at, sign.exec(this.#text)?.index ?? this.#text.length));
  }

  #escape(): void {
    const next = this.#text[this.#at + 1] ?? "";
    if (!PUNCTUATION.test(next)) {
      this.#say("\\");
      return;
    }
    this.#at++;
    this.#say(next);
  }

  #code(): void {
    const run = this.#ticks.get(this.#at);
    // Behind a backslash the rest of a run is no run.
    const length = run?.length ?? 1;
    if (run === undefined || run.closedAt === null) {
      this.#say("`".repeat(length));
      return;
    }
    const inside = this.#text.slice(this.#at + length, run.closedAt).replaceAll("\n", " ");
    const isPadded = inside.startsWith(" ") && inside.endsWith(" ") && inside.trim() !== "";
    this.#top().of.push({ kind: "code", text: isPadded ? inside.slice(1, -1) : inside });
    this.#meter.steps += inside.length;
    this.#at = run.closedAt + length;
  }

  #stress(char: "*" | "_"): void {
    const isTriple = this.#text.startsWith(char.repeat(3), this.#at);
    // The end of ***both***: the inner one goes first.
    const isDouble = this.#text[this.#at + 1] === char && !(isTriple && this.#top().sign === char);
    const sign = isDouble ? (char === "*" ? "**" : "__") : char;
    const before = this.#text[this.#at - 1] ?? " ";
    const after = this.#text[this.#at + sign.length] ?? " ";
    // snake_case is a word.
    const isInWord = char === "_" && WORD.test(before) && WORD.test(after);
    const opened = this.#open.findIndex((frame) => frame.sign === sign);
    if (opened !== -1 && /\S/.test(before) && !isInWord && (this.#open[opened]?.of.length ?? 0) > 0) {
      this.#close(opened, (of) => ({ kind: isDouble ? "strong" : "emphasis", of }));
      this.#at += sign.length;
    } else if (opened === -1 && /\S/.test(after) && !isInWord) {
      this.#open.push({ sign, of: [] });
      this.#at += sign.length;
    } else this.#say(sign);
  }

  #openLink(): void {
    const opened = this.#open.findIndex(({ sign }) => sign === "[");
    // The innermost bracket is the link's.
    if (opened !== -1) this.#giveUp(opened);
    this.#open.push({ sign: "[", of: [] });
    this.#at++;
  }

  #closeLink(): void {
    const opened = this.#open.findIndex(({ sign }) => sign === "[");
    DESTINATION.lastIndex = this.#at;
    const said = opened === -1 ? null : DESTINATION.exec(this.#text);
    const href = said === null ? null : hrefOf(said[1] ?? "");
    this.#meter.steps += said?.[0].length ?? 0;
    if (said === null || href === null) {
      if (opened !== -1) this.#giveUp(opened);
      this.#say("]");
      return;
    }
    this.#close(opened, (of) => ({ kind: "link", href, of }));
    this.#at += said[0].length;
  }

  /** What was opened within it and is still open was no sign. */
  #close(opened: number, make: (of: readonly Inline[]) => Inline): void {
    while (this.#open.length > opened + 1) this.#giveUp(this.#open.length - 1);
    const frame = this.#open.pop() ?? this.#root;
    this.#top().of.push(make(frame.of));
  }

  /** The sign is text, and what stood behind it belongs to what is open around it. Each inline moves outwards only. */
  #giveUp(opened: number): void {
    const [frame] = this.#open.splice(opened, 1);
    const around = this.#open[opened - 1] ?? this.#root;
    if (frame === undefined) return;
    addText(around.of, frame.sign);
    for (const each of frame.of) around.of.push(each);
    this.#meter.steps += frame.of.length;
  }
}

/** Neighbouring texts are one. */
function addText(of: Inline[], text: string): void {
  const last = of.at(-1);
  if (last?.kind === "text") of[of.length - 1] = { kind: "text", text: last.text + text };
  else of.push({ kind: "text", text });
}

function ticksOf(text: string): Map<number, { readonly length: number; readonly closedAt: number | null }> {
  const runs = [...text.matchAll(/`+/g)].map((match) => ({ at: match.index, length: match[0].length }));
  const nextOfLength = new Map<number, number>();
  const ticks = new Map<number, { length: number; closedAt: number | null }>();
  for (const { at, length } of runs.reverse()) {
    ticks.set(at, { length, closedAt: nextOfLength.get(length) ?? null });
    nextOfLength.set(length, at);
  }
  return ticks;
}

/** As the URL standard writes it; null: it is no address that may be linked. */
function hrefOf(destination: string): string | null {
  if (!/^(https?:\/\/|mailto:)/i.test(destination)) return null;
  if (!URL.canParse(destination)) return null;
  const { href, username, password } = new URL(destination);
  // A name before the host makes one believe that it is the host.
  return username === "" && password === "" ? href : null;
}
