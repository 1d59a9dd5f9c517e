// What each driver can do and prove: the exhaustive map that drivers, collector and page share, so that nothing claims
// more than its driver can know. Pure data.

import type { DriverName, OkMeaning } from "../../schema/words.ts";
import type { Capabilities } from "./driver.ts";

export const CAPABILITIES: Readonly<Record<DriverName, Capabilities>> = {
  mqtt: {
    transports: ["ws", "wss"],
    qos: [0, 1],
    publishAck: "broker",
    ordered: true,
    push: true,
    // The protocol's own bound is 256 MB; brokers commonly take 1 MB, and a probe message is small.
    maxPayloadBytes: 32_768,
  },
};

/** What `ok` means in a series of this driver: only one that can receive may say "delivered". */
export function okMeaningOf(driver: DriverName): OkMeaning {
  const { push, publishAck } = CAPABILITIES[driver];
  if (push) return "delivered";
  return publishAck === "receiver" ? "acknowledged" : "accepted";
}
