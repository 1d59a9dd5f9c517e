// What a person may ask the network simulator to break, and what that does to one message. Owns the grammar, its words
// and the fate of a message. No clock, no chance of its own, no network: chance is an argument, and the deterministic
// counts are consumed by returning the fault that is left. Called by the simulator, the control door and `fault.cli.ts`.

/** The faults in force in one region. Shares are proportions 0..1; counts say how many of the next messages. */
export interface Fault {
  /** `refuse`: the port is closed. `hang`: TCP is accepted and nothing is ever said. */
  readonly gate: "open" | "refuse" | "hang";
  /** The region reaches nothing at all: not the broker, and not its control checks either. */
  readonly blind: boolean;
  readonly outage: boolean;
  readonly lossShare: number;
  readonly delayMs: number;
  readonly jitterMs: number;
  readonly duplicateShare: number;
  readonly reorderShare: number;
  readonly dropNext: number;
  readonly lateNext: number;
  readonly lateMs: number;
  readonly doubleNext: number;
  readonly swapNext: number;
  /** Every message whose number is a multiple of this is lost; 0: none is. */
  readonly dropEvery: number;
  /** How many messages until then, that one included. */
  readonly dropIn: number;
}

export const CLEAR: Fault = {
  gate: "open",
  blind: false,
  outage: false,
  lossShare: 0,
  delayMs: 0,
  jitterMs: 0,
  duplicateShare: 0,
  reorderShare: 0,
  dropNext: 0,
  lateNext: 0,
  lateMs: 0,
  doubleNext: 0,
  swapNext: 0,
  dropEvery: 0,
  dropIn: 0,
};

/** What happens to one message on its way down. `hold`: it waits until the next one on its topic has been written. */
export interface Fate {
  readonly drop: boolean;
  readonly extraDelayMs: number;
  readonly copies: number;
  readonly hold: boolean;
}

/** A message delayed for longer than this has outlived every deadline that Sonde accepts (60 s is its longest round). */
export const MAX_DELAY_MS = 60_000;
/** A thousand bursts of twenty would take all day: more than this is meant as a share. */
export const MAX_COUNT = 9_999;

export const FAULT_HELP = `Usage: npm run fault -- <region|all> <words...>
       npm run fault                       what is in force now

Words, several at once; a new command replaces the region's old ones.

  outage            every message is lost; connections still work
  loss=20%          that share of messages is lost, silently: the publisher still gets its acknowledgement
  delay=300ms       every message takes this much longer (ms or s, up to 60s)
  jitter=40ms       every message takes up to this much longer, evenly spread
  duplicate[=10%]   that share (all, unless said) is delivered twice
  reorder=10%       that share is held until after the next message

  drop=3            exactly the next 3 messages are lost
  late=2:300ms      exactly the next 2 take 300 ms longer
  double=1          exactly the next one is delivered twice
  swap=1            exactly the next one is held until after the one that follows
                    (a message uses up one count at most, in the order drop, late, double, swap;
                    a message that uses one is left alone by the shares)
  every=1000        exactly each 1000th message from now on is lost, whatever else is in force; it uses up no count

  refuse            the port is closed: connections are refused, open ones are cut
  hang              connections are accepted, and nothing is ever answered
  blind             the region reaches nothing at all, its control checks neither: unmeasured, not down
  clear             everything works again
                    (these four stand alone)

Examples:
  npm run fault -- weur outage
  npm run fault -- apac-ne loss=5% delay=100ms
  npm run fault -- all clear

A fleet that was started with SONDE_HOME=path is found with the same SONDE_HOME.`;

type Change = Partial<Fault>;
type Refusal = { readonly refusal: string };

const ALONE: Readonly<Record<string, Change>> = {
  refuse: { gate: "refuse" },
  hang: { gate: "hang" },
  blind: { gate: "refuse", blind: true },
  clear: {},
};

/** Each word that may stand beside others: its right form, and what its value (null: none was given) changes. */
const WORDS: Readonly<Record<string, { form: string; read(value: string | null): Change | null }>> = {
  outage: { form: "outage", read: (value) => (value === null ? { outage: true } : null) },
  loss: { form: "loss=20%", read: (value) => share(value, "lossShare") },
  delay: { form: "delay=300ms or delay=6s, up to 60s", read: (value) => duration(value, "delayMs") },
  jitter: { form: "jitter=40ms, up to 60s", read: (value) => duration(value, "jitterMs") },
  duplicate: { form: "duplicate or duplicate=10%", read: (value) => share(value ?? "100%", "duplicateShare") },
  reorder: { form: "reorder=10%", read: (value) => share(value, "reorderShare") },
  drop: { form: `drop=3, up to ${MAX_COUNT}`, read: (value) => count(value, "dropNext") },
  late: { form: "late=2:300ms (how many, and by how much)", read: readLate },
  double: { form: `double=1, up to ${MAX_COUNT}`, read: (value) => count(value, "doubleNext") },
  swap: { form: `swap=1, up to ${MAX_COUNT}`, read: (value) => count(value, "swapNext") },
  every: { form: `every=1000, up to ${MAX_COUNT}`, read: readEvery },
};

function share(value: string | null, field: "lossShare" | "duplicateShare" | "reorderShare"): Change | null {
  const digits = /^(\d{1,3}(?:\.\d{1,4})?)%$/.exec(value ?? "")?.[1];
  const hundredths = Number(digits);
  return digits !== undefined && hundredths > 0 && hundredths <= 100 ? { [field]: hundredths / 100 } : null;
}

function milliseconds(value: string | null): number | null {
  const match = /^(\d{1,5}(?:\.\d{1,3})?)(ms|s)$/.exec(value ?? "");
  if (match === null) return null;
  const ms = Number(match[1]) * (match[2] === "s" ? 1_000 : 1);
  return ms > 0 && ms <= MAX_DELAY_MS ? ms : null;
}

function duration(value: string | null, field: "delayMs" | "jitterMs"): Change | null {
  const ms = milliseconds(value);
  return ms === null ? null : { [field]: ms };
}

function count(
  value: string | null,
  field: "dropNext" | "lateNext" | "doubleNext" | "swapNext" | "dropEvery",
): Change | null {
  return value !== null && /^[1-9]\d{0,3}$/.test(value) ? { [field]: Number(value) } : null;
}

function readLate(value: string | null): Change | null {
  const [many = null, howLong = null, ...rest] = (value ?? "").split(":");
  const next = count(many, "lateNext");
  const lateMs = milliseconds(howLong);
  return next === null || lateMs === null || rest.length > 0 ? null : { ...next, lateMs };
}

function readEvery(value: string | null): Change | null {
  const change = count(value, "dropEvery");
  return change === null ? null : { ...change, dropIn: Number(value) };
}

/**
 * Reads the words of one command; they replace whatever was in force. A word may itself hold several, apart by spaces.
 * Never throws: a refusal says what was wrong and what would be right.
 */
export function parseFault(words: readonly string[]): Fault | Refusal {
  const parts = words.flatMap((word) => word.split(/\s+/)).filter((part) => part !== "");
  if (parts.length === 0) return { refusal: `no fault was named; say one or more of: ${knownWords()}` };
  const fault = { ...CLEAR };
  const seen = new Set<string>();
  for (const part of parts) {
    const equals = part.indexOf("=");
    const name = equals < 0 ? part : part.slice(0, equals);
    const value = equals < 0 ? null : part.slice(equals + 1);
    if (seen.has(name)) return { refusal: `"${name}" is said twice; say it once` };
    seen.add(name);
    const alone = Object.hasOwn(ALONE, name) ? ALONE[name] : undefined;
    if (alone !== undefined) {
      if (value !== null) return { refusal: `"${part}": ${name} takes no value; say "${name}"` };
      if (parts.length > 1) return { refusal: `"${name}" stands alone; leave the other words out` };
      Object.assign(fault, alone);
      continue;
    }
    const word = Object.hasOwn(WORDS, name) ? WORDS[name] : undefined;
    if (word === undefined) return { refusal: `"${part}" is no fault; say one or more of: ${knownWords()}` };
    const change = word.read(value);
    if (change === null) return { refusal: `"${part}" is not understood; say ${word.form}` };
    Object.assign(fault, change);
  }
  return fault;
}

function knownWords(): string {
  return [...Object.keys(WORDS), ...Object.keys(ALONE)].join(", ");
}

/**
 * Decides about one message, once. `chance` answers a number in [0, 1) and is asked only for what is in force.
 * `next` is the fault that is left for the message after this one: deterministic counts are used up one by one.
 */
export function fateOf(inForce: Fault, chance: () => number): Fate & { readonly next: Fault } {
  const isNth = inForce.dropEvery > 0 && inForce.dropIn <= 1;
  const fault =
    inForce.dropEvery > 0 ? { ...inForce, dropIn: isNth ? inForce.dropEvery : inForce.dropIn - 1 } : inForce;
  const extraDelayMs = fault.delayMs + (fault.jitterMs > 0 ? chance() * fault.jitterMs : 0);
  const plain = { drop: false, extraDelayMs, copies: 1, hold: false, next: fault };
  if (fault.outage || isNth) return { ...plain, drop: true };
  if (fault.dropNext > 0) return { ...plain, drop: true, next: { ...fault, dropNext: fault.dropNext - 1 } };
  if (fault.lateNext > 0) {
    const lateNext = fault.lateNext - 1;
    const next = { ...fault, lateNext, lateMs: lateNext === 0 ? 0 : fault.lateMs };
    return { ...plain, extraDelayMs: extraDelayMs + fault.lateMs, next };
  }
  if (fault.doubleNext > 0) return { ...plain, copies: 2, next: { ...fault, doubleNext: fault.doubleNext - 1 } };
  if (fault.swapNext > 0) return { ...plain, hold: true, next: { ...fault, swapNext: fault.swapNext - 1 } };
  const happens = (probability: number): boolean => probability > 0 && chance() < probability;
  return {
    ...plain,
    drop: happens(fault.lossShare),
    copies: happens(fault.duplicateShare) ? 2 : 1,
    hold: happens(fault.reorderShare),
  };
}

/** The fault as a command that makes it again: `loss=5% delay=100ms`; `clear` when nothing is wrong. */
export function faultWords(fault: Fault): string {
  const words: string[] = [];
  if (fault.gate !== "open") words.push(fault.blind ? "blind" : fault.gate);
  if (fault.outage) words.push("outage");
  if (fault.lossShare > 0) words.push(`loss=${percent(fault.lossShare)}%`);
  if (fault.delayMs > 0) words.push(`delay=${fault.delayMs}ms`);
  if (fault.jitterMs > 0) words.push(`jitter=${fault.jitterMs}ms`);
  if (fault.duplicateShare > 0) words.push(`duplicate=${percent(fault.duplicateShare)}%`);
  if (fault.reorderShare > 0) words.push(`reorder=${percent(fault.reorderShare)}%`);
  if (fault.dropNext > 0) words.push(`drop=${fault.dropNext}`);
  if (fault.lateNext > 0) words.push(`late=${fault.lateNext}:${fault.lateMs}ms`);
  if (fault.doubleNext > 0) words.push(`double=${fault.doubleNext}`);
  if (fault.swapNext > 0) words.push(`swap=${fault.swapNext}`);
  if (fault.dropEvery > 0) words.push(`every=${fault.dropEvery}`);
  return words.length === 0 ? "clear" : words.join(" ");
}

/** The same for people: the rest of a sentence that begins with the region's name. */
export function faultSentence(fault: Fault): string {
  const next = (many: number): string => (many === 1 ? "the next message" : `the next ${many} messages`);
  const clauses: string[] = [];
  if (fault.blind) clauses.push("reaches nothing at all");
  else if (fault.gate === "refuse") clauses.push("refuses every connection");
  if (fault.gate === "hang") clauses.push("accepts connections and says nothing");
  if (fault.outage) clauses.push("loses every message");
  if (fault.lossShare > 0) clauses.push(`loses ${percent(fault.lossShare)} % of messages`);
  if (fault.delayMs > 0) clauses.push(`delays every message by ${fault.delayMs} ms`);
  if (fault.jitterMs > 0) clauses.push(`delays every message by up to ${fault.jitterMs} ms more`);
  if (fault.duplicateShare > 0) clauses.push(`delivers ${percent(fault.duplicateShare)} % of messages twice`);
  if (fault.reorderShare > 0) clauses.push(`holds ${percent(fault.reorderShare)} % of messages until after the next`);
  if (fault.dropNext > 0) clauses.push(`will lose ${next(fault.dropNext)}`);
  if (fault.lateNext > 0) clauses.push(`will delay ${next(fault.lateNext)} by ${fault.lateMs} ms`);
  if (fault.doubleNext > 0) clauses.push(`will deliver ${next(fault.doubleNext)} twice`);
  if (fault.swapNext > 0) clauses.push(`will hold ${next(fault.swapNext)} until after the one that follows`);
  if (fault.dropEvery > 0) clauses.push(`loses one message in ${fault.dropEvery}, by count`);
  if (clauses.length === 0) return "works without faults";
  const last = clauses.pop() as string;
  return clauses.length === 0 ? last : `${clauses.join(", ")} and ${last}`;
}

function percent(proportion: number): number {
  // The grammar takes four decimals of a percent, so six of a proportion; the division by 100 left noise behind them.
  return Number((proportion * 100).toFixed(4));
}
