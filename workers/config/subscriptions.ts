// Reads `subscriptions`: which ways visitors may be told of public incidents and maintenance. Called by `parse.ts` after `alerts`, of
// which it needs the channel that mail leaves by and the secret that signs links. Holds no address and no secret's value.

import * as z from "zod";
import type { Alerting } from "./alerts/alerting.ts";
import { field, readFields } from "./fields.ts";
import type { Plain } from "./plain.ts";
import type { Path, Report } from "./problems.ts";

export interface Subscriptions {
  /** Id of the channel that mail leaves by, with its sender; who it goes to is the subscriber. Null: no mail. */
  readonly email: string | null;
  readonly webhooks: boolean;
  readonly slack: boolean;
}

/** What it is held against. `alerting`: null where it is refused or not there. */
export interface AroundSubscriptions {
  readonly alerting: Alerting | null;
  readonly hasAlerts: boolean;
  readonly hasUrl: boolean;
}

const FIELDS = {
  email: field(z.string().optional(), 'email: "lin-mail"'),
  webhooks: field(z.boolean().default(false), "webhooks: true"),
  slack: field(z.boolean().default(false), "slack: true"),
};

/** Null: absent, or bad and reported. */
export function readSubscriptions(
  value: Plain,
  path: Path,
  around: AroundSubscriptions,
  report: Report,
): Subscriptions | null {
  if (value === undefined) return null;
  const before = report.list().length;
  const { email, webhooks, slack } = readFields(FIELDS, value, path, report);
  const refuse = (at: Path, problem: string, mend: string): void => report.addHidden(at, { problem, mend });
  if (!around.hasUrl) {
    refuse(
      path,
      "needs the page's address, since each message has a link to end it",
      'write url: "https://status.example"',
    );
  }
  const { alerting } = around;
  // Alerts that are refused are reported already.
  if (alerting === null && around.hasAlerts) return null;
  if (alerting === null || alerting.linkSecret === null) {
    refuse(path, "needs a secret that signs links", 'write alerts: { links: "SONDE_LINK_SECRET", ... }');
  }
  if (email === undefined && webhooks === false && slack === false && report.list().length === before) {
    refuse(path, "offers no way to be told", "write email: the id of a channel, webhooks: true or slack: true");
  }
  if (email !== undefined && alerting !== null) {
    const channel = alerting.channels.find(({ id }) => id === email)?.channel;
    const mend = `write the id of a channel "email" or "email-http" of alerts.channels`;
    if (channel === undefined) refuse([...path, "email"], "is the id of no channel", mend);
    else if (channel !== "email" && channel !== "email-http") refuse([...path, "email"], "sends no mail", mend);
  }
  if (report.list().length > before || webhooks === undefined || slack === undefined) return null;
  return { email: email ?? null, webhooks, slack };
}
