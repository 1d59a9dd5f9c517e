// What a person says to `npm run record`, as the JSON that the door for records takes; and what the door answers, in one line
// or with the flag that is wrong. Pure; `record.cli.ts` reads files, signs and sends. It judges only what the door cannot see.

export const DEFAULT_URL = "http://127.0.0.1:8787";
const DEFAULT_SECRET = "SONDE_RECORDS_SECRET";

export const RECORD_HELP = `Usage: npm run record -- exclusion|ticket [--url <address>] [--secret-env <name>] <flags, or --file <record.json>>

Writes down that a stretch of time should not count, or what happened to a support ticket. Records are appended and never
changed; what is wrong is withdrawn by another record. The same record sent again is recorded once, also after it was
withdrawn: what is to count anew needs another --key.

  --url <address>         the page's address (default: ${DEFAULT_URL}); https, or http on this machine
  --secret-env <name>     variable of the environment that holds the signing secret (default: ${DEFAULT_SECRET})
  --key <text>            the record's own name, at most 200 characters (default: made of all that is said)
  --file <record.json>    one record, or { "events": [...] } of at most 100, as the API takes them; instead of flags

exclusion
  --target <id>           a target of sonde.config.ts (needed)
  --type <type>           scheduled-maintenance, force-majeure, customer-fault, third-party-network, ... (needed)
  --from, --to <instant>  2026-11-01T02:00:00+08:00; --to is not included (needed)
  --author <name>         who says so (needed)
  --reason <text>         why (needed)
  --announced <instant>   when the customers were told; without --proof of it, it counts from when it was recorded
  --contract <id>         only of this contract (default: of all of the target)
  --regions <id,id>       only in these regions (default: in all)
  --proof <file>          its SHA-256 is recorded, the file stays where it is; --proof-where <text> says where (default: its name)
  --withdraws <id>        takes back that record; then only --target, --author and --reason besides

ticket
  --contract <id>, --ticket <number>, --at <instant>, --author <name> (needed)
  --kind <kind>           opened, replied, waiting, resumed, workaround, restored, closed, reopened, regraded (needed)
  --by <human|automatic>  an automatic reply is no response (needed)
  --severity <P1..P4>     of opened and regraded; --waiting <waiting-customer|waiting-vendor>: of waiting; --note <text>

Examples
  npm run record -- exclusion --target broker --type scheduled-maintenance --from 2026-11-01T02:00:00+08:00 \\
    --to 2026-11-01T03:00:00+08:00 --announced 2026-10-25T10:00:00+08:00 --proof notice.html \\
    --author Ada --reason "new broker"
  npm run record -- exclusion --withdraws 4 --target broker --author Ada --reason "it was the day after"
  npm run record -- ticket --contract standard --ticket OPS-7 --kind opened --severity P1 --at 2026-11-01T02:00:00Z --by human --author Ada

Exit codes: 0 it is recorded, 1 it is not, or was withdrawn, 2 it is not known: run the same again.`;

export type RecordPath = "exclusions" | "tickets";

export interface RecordPlan {
  readonly path: RecordPath;
  readonly url: URL;
  readonly secretEnv: string;
  /** A file with the body, or the body from flags; `proofFile` is still to be hashed into it. */
  readonly body:
    | { readonly kind: "file"; readonly file: string }
    | { readonly kind: "said"; readonly event: Readonly<Record<string, unknown>>; readonly proof: ProofFile | null };
}

export interface ProofFile {
  readonly file: string;
  /** Null: the file's name. */
  readonly where: string | null;
}

export type RecordArgs =
  | { readonly kind: "help" }
  | { readonly kind: "refused"; readonly words: string }
  | { readonly kind: "plan"; readonly plan: RecordPlan };

const COMMON = ["url", "secret-env", "file", "key", "author"];
const TIMES = ["from", "to", "announced"];
const PLACES = ["target", "contract", "regions"];
const FLAGS: Readonly<Record<RecordPath, readonly string[]>> = {
  exclusions: [...COMMON, ...PLACES, ...TIMES, "type", "reason", "proof", "proof-where", "withdraws"],
  tickets: [...COMMON, "contract", "ticket", "kind", "severity", "waiting", "at", "by", "note"],
};
/** Flags that are another entry of the JSON, both ways. */
const ENTRIES: Readonly<Record<string, string>> = { announced: "announced_at" };

export function readRecordArgs(args: readonly string[]): RecordArgs {
  if (args.length === 0 || args.includes("--help") || args.includes("-h")) return { kind: "help" };
  const [what, ...rest] = args;
  if (what !== "exclusion" && what !== "ticket") return refused(`Say exclusion or ticket first, not "${what}".`);
  const path = what === "exclusion" ? "exclusions" : "tickets";
  const said = readFlags(rest, FLAGS[path]);
  if (typeof said === "string") return refused(said);
  const { url: address = DEFAULT_URL, "secret-env": secretEnv = DEFAULT_SECRET, file, ...flags } = said;
  const url = safeUrl(address);
  if (typeof url === "string") return refused(url);
  if (file !== undefined) {
    const [other] = Object.keys(flags);
    if (other !== undefined) return refused(`--file says all of it: leave out --${other}.`);
    return { kind: "plan", plan: { path, url, secretEnv, body: { kind: "file", file } } };
  }
  const { proof: proofFile, "proof-where": where = null, ...entries } = flags;
  if (proofFile === undefined && where !== null) return refused("--proof-where needs --proof: the file to hash.");
  const event = Object.fromEntries(
    Object.entries(entries).map(([flag, value]) => [ENTRIES[flag] ?? flag, valueOf(flag, value)]),
  );
  const proof = proofFile === undefined ? null : { file: proofFile, where };
  return { kind: "plan", plan: { path, url, secretEnv, body: { kind: "said", event, proof } } };
}

/** What the door has answered: one line a record, and what to do about those that were withdrawn. */
export function recordedText(path: RecordPath, recorded: readonly RecordedAnswer[], isFile: boolean): string {
  const what = path === "exclusions" ? "exclusion" : "ticket event";
  const lines = recorded.map(({ id, key, repeated, withdrawn_by: by }) => {
    const withdrawn = by === undefined ? "" : `, and withdrawn by record ${by}`;
    return `${repeated ? "Recorded before" : "Recorded"}${withdrawn}: ${what} ${id} (key ${key})`;
  });
  const key = isFile ? 'a "key" of its own in the file' : "--key and a name that was not used before";
  const anew = `What was withdrawn does not count, and the same again is no new record. To record it anew, write ${key}.`;
  return [...lines, ...(recorded.some(isWithdrawn) ? [anew] : [])].join("\n");
}

/** Whether what was sent again is taken back: it does not count. */
export function isWithdrawn({ withdrawn_by: by }: RecordedAnswer): boolean {
  return by !== undefined;
}

export interface RecordedAnswer {
  readonly key: string;
  readonly id: number;
  readonly repeated: boolean;
  /** The record that took it back; absent: none did. */
  readonly withdrawn_by?: number;
}

export interface ProblemAnswer {
  readonly title: string;
  readonly detail: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

/** The door's refusal; entries under the names of their flags, unless they came from a file. */
export function problemText({ title, detail, errors = [] }: ProblemAnswer, isFile: boolean): string {
  const lines = errors.map(({ pointer, detail: why }) => {
    const [, name = "", more] = pointer.split("/");
    const flag = Object.keys(ENTRIES).find((each) => ENTRIES[each] === name) ?? name;
    const place = isFile || name === "" ? pointer : `--${flag}${more === undefined ? "" : ` (${more})`}`;
    return `  ${place} ${why}`.trimEnd();
  });
  return [`Not recorded: ${title}. ${detail}`, ...lines].join("\n");
}

/** Flags with their values; or why not. */
export function readFlags(args: readonly string[], known: readonly string[]): Record<string, string> | string {
  const flags: Record<string, string> = {};
  for (let at = 0; at < args.length; at += 1) {
    const [, name = "", joined] = /^--([a-z-]+)(?:=(.*))?$/s.exec(args[at] ?? "") ?? [];
    if (name === "secret")
      return "A secret is never given here, where everybody on this machine can read it: see --secret-env.";
    if (!known.includes(name)) return `"${args[at]}" is not understood here; there is --${known.join(", --")}.`;
    if (name in flags) return `--${name} is there twice.`;
    const value = joined ?? args[(at += 1)];
    if (value === undefined || (joined === undefined && value.startsWith("--"))) return `--${name} needs a value.`;
    flags[name] = value;
  }
  return flags;
}

/** What is signed can be read on its way, so it goes over https, or stays on this machine. */
export function safeUrl(address: string): URL | string {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null) return `"${address}" is no address; write --url ${DEFAULT_URL}`;
  const isHere = /^(localhost|\[::1\]|127\.\d{1,3}\.\d{1,3}\.\d{1,3})$/.test(url.hostname);
  if (url.username !== "" || url.password !== "") return "--url holds a name or a password; leave them out.";
  if (url.protocol === "https:" || (url.protocol === "http:" && isHere)) return url;
  return `${url.protocol}//${url.host} is neither https nor on this machine.`;
}

function valueOf(flag: string, value: string): unknown {
  if (flag === "regions") return value.split(",").map((each) => each.trim());
  if (/^(from|to|at|announced|withdraws)$/.test(flag) && /^\d{1,15}$/.test(value)) return Number(value);
  return value;
}

function refused(words: string): RecordArgs {
  return { kind: "refused", words };
}
