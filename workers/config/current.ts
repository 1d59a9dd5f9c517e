// The configuration in force: the text in SONDE_CONFIG if there is one, else the bundled sonde.config.ts. Parsed once an
// isolate, with the hash that every record carries. Bad configuration throws ConfigError, which stops the start.

import sondeConfig from "../../sonde.config.ts";
import { canonicalJson } from "./canonical.ts";
import { measuredOf } from "./config.ts";
import type { Config } from "./config.ts";
import { sha256Of } from "./hex.ts";
import { configOf } from "./parse.ts";

export interface CurrentConfig {
  readonly config: Config;
  /** SHA-256 of `body`, 64 hex digits. */
  readonly hash: string;
  /** Canonical JSON of what decides a measurement: names of secrets, never values. Contracts have hashes of their own. */
  readonly body: string;
}

// What was parsed, never a promise of it: one that was begun in an object or request that has died meanwhile is never
// settled, and everybody else in the isolate would wait for it for ever.
let last: { readonly text: string | undefined; readonly current: CurrentConfig } | null = null;

/** Rejects with ConfigError (all problems in one text) or SyntaxError (SONDE_CONFIG is not JSON). */
export async function currentConfig(bindings: { readonly SONDE_CONFIG?: string }): Promise<CurrentConfig> {
  const text = bindings.SONDE_CONFIG;
  if (last !== null && last.text === text) return last.current;
  const current = await read(text);
  last = { text, current };
  return current;
}

async function read(text: string | undefined): Promise<CurrentConfig> {
  const config = configOf(text === undefined ? sondeConfig : JSON.parse(text));
  const body = canonicalJson(measuredOf(config));
  return { config, hash: await sha256Of(body), body };
}
