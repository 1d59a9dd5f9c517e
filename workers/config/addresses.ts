// Addresses and topics: fills their placeholders and says what is wrong with them. An address never carries a secret.
// `targets.ts` fills addresses with it once; a round fills the topic for its own region.

import type { DriverName } from "../../schema/words.ts";
import { hasUnprintable, type Refusal } from "./problems.ts";

/** Schemes that each driver can dial. */
const SCHEMES: Readonly<Record<DriverName, readonly string[]>> = { mqtt: ["ws", "wss"] };
const ADDRESS_CHARS_MAX = 500;
/** Well below MQTT's 65,535 bytes, and enough for any broker's naming scheme. */
const TOPIC_CHARS_MAX = 200;
/** A query's key that says that its value opens a door. */
const SECRET_KEY = /pass|pwd|secret|token|api.?key|^key$|^auth|^sig/i;

/** Puts values where `{name}` stands; other braces stay as they are. `fillPlaceholders("a/{region}", { region: "weur" })`. */
export function fillPlaceholders(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{([a-z]+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? whole) : whole,
  );
}

/** What is wrong with one address, placeholders not yet filled; null: nothing. Never repeats the address. */
export function refusalOfAddress(address: string, driver: DriverName): Refusal | null {
  const filled = fillPlaceholders(address, { region: "weur" });
  const schemes = SCHEMES[driver].map((scheme) => `${scheme}://`).join(" or ");
  const mend = `write ${schemes.replace("ws:// or ", "")}broker.example.com/mqtt`;
  if (address === "" || address.length > ADDRESS_CHARS_MAX) {
    return { problem: `has ${address.length} characters`, mend: `write 1 to ${ADDRESS_CHARS_MAX} characters` };
  }
  if (/[{}]/.test(filled))
    return { problem: "holds a placeholder that is not known", mend: "the only one is {region}" };
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(filled)?.[1]?.toLowerCase();
  if (scheme === undefined || !SCHEMES[driver].includes(scheme)) {
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

/** What is wrong with a topic, placeholders not yet filled; null: nothing. */
export function refusalOfTopic(topic: string): Refusal | null {
  const example = "sonde/{target}/{region}";
  const mend = `write topic: "${example}"`;
  if (topic === "" || topic.length > TOPIC_CHARS_MAX) {
    return {
      problem: `has ${topic.length} characters`,
      mend: `write 1 to ${TOPIC_CHARS_MAX} characters, as in ${example}`,
    };
  }
  if (/[+#]/.test(topic)) return { problem: "holds a wildcard (+ or #): nobody can publish to it", mend };
  if (topic.startsWith("$")) return { problem: "begins with $, which brokers keep for themselves", mend };
  if (hasUnprintable(topic)) return { problem: "holds a NUL or another character that cannot be seen", mend };
  if (/[{}]/.test(fillPlaceholders(topic, { target: "", region: "" }))) {
    return { problem: "holds a placeholder that is not known", mend: "there are {target} and {region}" };
  }
  return null;
}
