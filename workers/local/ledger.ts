// The simulator's truth: one entry for each message that it saw on the way up, what it decided, and every write towards a
// subscriber. Owns the entry, the bounded list and the counts that tests and people compare Sonde's figures with. No
// clock: instants are arguments. Written by the network simulator, read by the control door and by tests.

/** One message. The three lists are parallel: one element for each write towards a subscriber, in order of writing. */
export interface LedgerEntry {
  /** The region it was published through: its faults decided the message's fate. */
  readonly region: string;
  readonly topic: string;
  /** `<runId>/<seq>` of Sonde's own messages, `hash:<hex>` of foreign ones. */
  readonly key: string;
  /** When the simulator read it from the publisher, ms since the epoch. */
  readonly seenAt: number;
  /** Decided when it was seen: it is written to no subscriber. */
  readonly dropped: boolean;
  /** From `seenAt` to the write, ms with three decimals, on a monotonic clock. */
  readonly delaysMs: readonly number[];
  /** The write's number among all writes of this ledger. */
  readonly writtenOrder: readonly number[];
  /** Which connection it was written to: copies to one connection are duplicates, to several are a fan-out. */
  readonly to: readonly number[];
}

export interface Ledger {
  /** Enters a message; the oldest entry leaves when the ledger is full. */
  enter(seen: { region: string; topic: string; key: string; seenAt: number; dropped: boolean }): LedgerEntry;
  /** Notes one write of an entry's message, `delayMs` after it was seen, to the connection numbered `to`. */
  wrote(entry: LedgerEntry, delayMs: number, to: number): void;
  /** Oldest first; a copy of the list, of live entries. */
  entries(): LedgerEntry[];
  /** How many entries have left because the ledger was full: above 0, the counts are not of everything. */
  left(): number;
}

/**
 * Seven regions with 20 messages a minute make 201,600 entries a day, of some 400 bytes each: this keeps about twelve
 * hours in 40 MB. When it is full the oldest leave, and `left()` says how many.
 */
export const LEDGER_CAP = 100_000;

/** An empty ledger of at most `cap` entries. */
export function createLedger(cap: number = LEDGER_CAP): Ledger {
  type Open = LedgerEntry & { delaysMs: number[]; writtenOrder: number[]; to: number[] };
  let list: Open[] = [];
  let first = 0;
  let left = 0;
  let writes = 0;
  const open = new WeakMap<LedgerEntry, Open>();
  return {
    enter(seen) {
      const { region, topic, key, seenAt, dropped } = seen;
      const entry: Open = { region, topic, key, seenAt, dropped, delaysMs: [], writtenOrder: [], to: [] };
      open.set(entry, entry);
      list.push(entry);
      if (list.length - first > cap) {
        first += 1;
        left += 1;
      }
      // Cut the dead front off now and then: a shift for each entry would move the whole list every time.
      if (first > cap) {
        list = list.slice(first);
        first = 0;
      }
      return entry;
    },
    wrote(entry, delayMs, to) {
      const target = open.get(entry);
      if (target === undefined) throw new Error("ledger: this entry was made by another ledger");
      target.delaysMs.push(Math.round(delayMs * 1_000) / 1_000);
      target.writtenOrder.push(writes);
      target.to.push(to);
      writes += 1;
    },
    entries: () => list.slice(first),
    left: () => left,
  };
}

/** How a payload is named: Sonde's begin with `sonde1 <runId> <seq> `; anything else by its hash. */
export function payloadKey(payload: Uint8Array): string {
  const head = new TextDecoder("latin1").decode(payload.subarray(0, 128));
  const match = /^sonde1 (\S{1,64}) (\d{1,10}) /.exec(head);
  if (match !== null) return `${match[1]}/${Number(match[2])}`;
  return `hash:${fingerprint(payload)}`;
}

/** FNV-1a twice, from two beginnings: 64 bits that tell messages of a test apart. No defence against a forger. */
function fingerprint(bytes: Uint8Array): string {
  let one = 0x811c9dc5;
  let two = 0x01234567;
  for (const byte of bytes) {
    one = Math.imul(one ^ byte, 0x01000193);
    two = Math.imul(two ^ byte, 0x01000193) + 1;
  }
  return [one, two].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}

/** Run and sequence number of a key, or null for a foreign message. */
export function runOf(key: string): { runId: string; seq: number } | null {
  const slash = key.lastIndexOf("/");
  return slash < 0 ? null : { runId: key.slice(0, slash), seq: Number(key.slice(slash + 1)) };
}

/**
 * Counts of messages: seen = delivered + afterDeadline + dropped + unwritten. Judged by the first write of each message;
 * the prober, which stands further out, reads a little more.
 */
export interface LedgerCounts {
  readonly seen: number;
  readonly dropped: number;
  /** First write within the deadline. */
  readonly delivered: number;
  /** Part of delivered: first write later than the limit. */
  readonly overLimit: number;
  /** First write later than the deadline. */
  readonly afterDeadline: number;
  /** Not dropped, and still never written: no subscriber, or it had left (after its own deadline, say). */
  readonly unwritten: number;
  /** Extra copies: writes to a connection that had the message already. */
  readonly duplicated: number;
  /** RFC 4737: written below the highest sequence number of its run on that connection, extra copies aside. */
  readonly reordered: number;
}

export interface LedgerLimits {
  readonly limitMs: number;
  readonly deadlineMs: number;
}

/** Counts over all entries. */
export function ledgerCounts(entries: readonly LedgerEntry[], limits: LedgerLimits): LedgerCounts {
  const count = { seen: 0, dropped: 0, delivered: 0, overLimit: 0, afterDeadline: 0, unwritten: 0, duplicated: 0 };
  for (const entry of entries) {
    const firstMs = entry.delaysMs[0];
    count.seen += 1;
    count.duplicated += entry.to.length - new Set(entry.to).size;
    if (entry.dropped) count.dropped += 1;
    else if (firstMs === undefined) count.unwritten += 1;
    else if (firstMs > limits.deadlineMs) count.afterDeadline += 1;
    else {
      count.delivered += 1;
      if (firstMs > limits.limitMs) count.overLimit += 1;
    }
  }
  return { ...count, reordered: reorderedWrites(entries) };
}

function reorderedWrites(entries: readonly LedgerEntry[]): number {
  const writes: { order: number; seq: number; stream: string }[] = [];
  for (const entry of entries) {
    const run = runOf(entry.key);
    if (run === null) continue;
    const had = new Set<number>();
    entry.to.forEach((to, i) => {
      if (had.has(to)) return;
      had.add(to);
      writes.push({ order: entry.writtenOrder[i] as number, seq: run.seq, stream: `${to} ${run.runId}` });
    });
  }
  writes.sort((a, b) => a.order - b.order);
  const highest = new Map<string, number>();
  let reordered = 0;
  for (const write of writes) {
    const top = highest.get(write.stream) ?? -1;
    if (write.seq < top) reordered += 1;
    else highest.set(write.stream, write.seq);
  }
  return reordered;
}

/** Counts by region, or by run (then foreign messages are left out). */
export function ledgerCountsBy(
  by: "region" | "run",
  entries: readonly LedgerEntry[],
  limits: LedgerLimits,
): Map<string, LedgerCounts> {
  const groups = new Map<string, LedgerEntry[]>();
  for (const entry of entries) {
    const name = by === "region" ? entry.region : runOf(entry.key)?.runId;
    if (name === undefined) continue;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [entry]);
    else group.push(entry);
  }
  return new Map([...groups].map(([name, group]) => [name, ledgerCounts(group, limits)]));
}

/** One entry as a line of NDJSON, with its line end. */
export function ledgerLine(entry: LedgerEntry): string {
  const { region, topic, key, seenAt, dropped, delaysMs, writtenOrder, to } = entry;
  const line = { region, topic, key, seen_at: seenAt, dropped, delays_ms: delaysMs, written_order: writtenOrder, to };
  return `${JSON.stringify(line)}\n`;
}

/** The entries of an NDJSON text that `ledgerLine` made. Throws when a line is not one of ours. */
export function readLedgerLines(text: string): LedgerEntry[] {
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line, i) => {
    const row = JSON.parse(line) as Record<string, unknown>;
    const { region, topic, key, seen_at: seenAt, dropped, delays_ms: delaysMs, written_order: writtenOrder, to } = row;
    if (typeof region !== "string" || typeof topic !== "string" || typeof key !== "string") throw broken(i);
    if (typeof seenAt !== "number" || typeof dropped !== "boolean") throw broken(i);
    if (!isNumbers(delaysMs) || !isNumbers(writtenOrder) || !isNumbers(to)) throw broken(i);
    if (delaysMs.length !== to.length || writtenOrder.length !== to.length) throw broken(i);
    return { region, topic, key, seenAt, dropped, delaysMs, writtenOrder, to };
  });
}

function broken(index: number): Error {
  return new Error(`ledger: line ${index + 1} is not a ledger entry`);
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => typeof item === "number");
}
