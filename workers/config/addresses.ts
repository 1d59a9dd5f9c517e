// Addresses: says what is wrong with one. It never carries a secret. Called by `targets.ts`.

import type { DriverName } from "../../schema/words.ts";
import { DRIVER_RULES } from "./driver-rules.ts";
import { fillPlaceholders } from "./placeholders.ts";
import { hasUnprintable, type Refusal } from "./problems.ts";

const ADDRESS_CHARS_MAX = 500;
/** A query's key that says that its value opens a door. */
const SECRET_KEY = /pass|pwd|secret|token|api.?key|^key$|^auth|^sig/i;

/** What is wrong with one address, placeholders not yet filled; null: nothing. Never repeats the address. */
export function refusalOfAddress(address: string, driver: DriverName): Refusal | null {
  const filled = fillPlaceholders(address, { region: "weur" });
  const { schemes: known, example } = DRIVER_RULES[driver];
  const schemes = known.map((scheme) => `${scheme}://`).join(" or ");
  const mend = `write ${example}`;
  if (address === "" || address.length > ADDRESS_CHARS_MAX) {
    return { problem: `has ${address.length} characters`, mend: `write 1 to ${ADDRESS_CHARS_MAX} characters` };
  }
  if (/[{}]/.test(filled))
    return { problem: "holds a placeholder that is not known", mend: "the only one is {region}" };
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(filled)?.[1]?.toLowerCase();
  if (scheme === undefined || !known.includes(scheme)) {
    return { problem: `is not an address that the driver ${driver} can dial: it accepts ${schemes}`, mend };
  }
  // The URL parser drops tabs and line breaks and turns backslashes: two readers would dial two places.
  if (/[\s\\]/.test(filled) || hasUnprintable(filled)) return { problem: "holds spaces or unseen characters", mend };
  const url = URL.parse(filled);
  if (url === null || url.port === "0") return { problem: "is not an address", mend };
  if (url.username !== "" || url.password !== "") {
    return {
      problem: "holds a user or a password, and the configuration is published with the evidence",
      mend: 'write credentials: { user: "MQTT_USER", password: "MQTT_PASSWORD" } and put the values into secrets of that name',
    };
  }
  if ([...url.searchParams.keys()].some((key) => SECRET_KEY.test(key))) {
    return { problem: "holds what looks like a secret in its query", mend: "take it out; credentials name secrets" };
  }
  return filled.includes("#")
    ? { problem: "holds a fragment (#), which no server ever sees", mend: "take it out" }
    : null;
}
