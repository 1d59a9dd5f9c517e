// What the Worker is given: bindings of wrangler.toml, the configuration, and secrets by the names that it uses.

import type { EmailBinding } from "./alerts/ask.send.ts";
import type { Duty } from "./alerts/duty.do.ts";
import type { Herald } from "./alerts/herald.do.ts";
import type { Collector } from "./results/collector.do.ts";
import type { Prober } from "./rounds/prober.do.ts";
import type { Judge } from "./sla/judge.do.ts";

export interface Bindings {
  readonly PROBER: DurableObjectNamespace<Prober>;
  readonly COLLECTOR: DurableObjectNamespace<Collector>;
  readonly JUDGE: DurableObjectNamespace<Judge>;
  readonly DUTY: DurableObjectNamespace<Duty>;
  readonly HERALD: DurableObjectNamespace<Herald>;
  readonly DB: D1Database;
  /** Cloudflare's e-mail service, where wrangler.toml has a [[send_email]] named EMAIL. */
  readonly EMAIL?: EmailBinding;
  /** How often one address may ask our API. */
  readonly API_RATE?: RateLimit;
  readonly API_STREAM_RATE?: RateLimit;
  readonly SUBSCRIBE_RATE?: RateLimit;
  /** Configuration as JSON, in place of the bundled sonde.config.ts. */
  readonly SONDE_CONFIG?: string;
}

/** The value of a secret, or null when nobody has set it. Values never leave the driver that asked. */
export function secretOf(bindings: Bindings, name: string): string | null {
  const value = (bindings as unknown as Readonly<Record<string, unknown>>)[name];
  return typeof value === "string" && value !== "" ? value : null;
}
