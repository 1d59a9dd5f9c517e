// What may be a topic, for every service that names its channels as MQTT does. Other drivers judge their own.

import { refusalOfPlaceholders } from "../placeholders.ts";
import { hasUnprintable, type Refusal } from "../problems.ts";

/** Well below MQTT's 65,535 bytes, and enough for any broker's naming scheme. */
const TOPIC_CHARS_MAX = 200;

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
  return refusalOfPlaceholders(topic);
}
