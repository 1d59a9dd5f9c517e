// Reads what depends on the driver: `credentials` (names of secrets), `options` and the channel, by the driver's own rules.
// Called by `targets.ts`. Never sees a secret, and refuses what looks like one.

import * as z from "zod";
import type { DriverName, Journey } from "../../schema/words.ts";
import type { Options, OptionValue, Target } from "./config.ts";
import { DRIVER_RULES } from "./driver-rules.ts";
import { field, isRecord, judged, readFields } from "./fields.ts";
import { type Plain, REFUSED } from "./plain.ts";
import type { Path, Report } from "./problems.ts";
import { secretName } from "./secret-names.ts";

const SECRET_NAME = secretName("MQTT_PASSWORD");

/** What stands in the target, not yet read. */
export interface WrittenDriver {
  readonly driver: DriverName;
  readonly address: Plain;
  readonly credentials: Plain;
  readonly options: Plain;
  /** As they were read. */
  readonly journeys: readonly Journey[];
  readonly payloadBytes: number | undefined;
  readonly messages: number | undefined;
  /** ms */
  readonly gap: number | undefined;
  readonly deadline: number | undefined;
}

/** The driver's part of a target; whole only when nothing was reported. */
export function readDriver(
  written: WrittenDriver,
  path: Path,
  report: Report,
): Pick<Target, "channel" | "options" | "secrets"> {
  const rules = DRIVER_RULES[written.driver];
  const before = report.list().length;
  const credentialFields = Object.fromEntries(
    rules.credentials.map((name) => [
      name,
      field(SECRET_NAME.optional(), `${name}: "${written.driver.toUpperCase().replace("-", "_")}_${nameOf(name)}"`),
    ]),
  );
  const { option, fallback, judge } = rules.channel;
  const optionFields = {
    ...rules.options,
    [option]: field(judged(z.string(), judge).default(fallback), `${option}: "${fallback}"`),
  };
  const secrets = present(readFields(credentialFields, orEmpty(written.credentials), [...path, "credentials"], report));
  const { [option]: channel = fallback, ...options } = present(
    readFields(optionFields, orEmpty(written.options), [...path, "options"], report),
  );
  if (rules.conflicts !== undefined && report.list().length === before && written.payloadBytes !== undefined) {
    const found = rules.conflicts({
      addresses: addressesOf(written.address),
      secrets: secrets as Target["secrets"],
      options,
      channel: String(channel),
      journeys: written.journeys,
      payloadBytes: written.payloadBytes,
      messages: written.messages,
      gapMs: written.gap,
      deadlineMs: written.deadline,
    });
    for (const { path: below, value, refusal } of found) report.add([...path, ...below], value, refusal);
  }
  return { channel: String(channel), options, secrets: secrets as Target["secrets"] };
}

/** customerKey: CUSTOMER_KEY. */
function nameOf(option: string): string {
  return option.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

function present(read: Readonly<Record<string, unknown>>): Options {
  return Object.fromEntries(
    Object.entries(read).flatMap(([key, value]) => (value === undefined ? [] : [[key, value as OptionValue] as const])),
  );
}

/** Absent is empty; null is a mistake, and stays one. */
function orEmpty(value: Plain): Plain {
  return value === undefined ? {} : value;
}

function addressesOf(address: Plain): string[] {
  const all = isRecord(address) ? Object.values(address) : [address];
  return all.filter((one) => one !== REFUSED && typeof one === "string");
}
