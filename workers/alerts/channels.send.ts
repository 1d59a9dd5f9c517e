// The map of channels, and the one way to send. Whatever happens inside, the caller gets an answer: it decides what is tried again.
// Keeps nothing, decides nothing about who is told. Called by Duty.

import type { ChannelName } from "../../schema/words.ts";
import type { ChannelSettings } from "../config/alerts/alerting.ts";
import type { Alert, ChannelAnswer } from "./alert.ts";
import { BACKOFF, unsent } from "./answer.ts";
import type { Sender, SendWorld } from "./ask.send.ts";
import { sendDingtalk } from "./dingtalk.send.ts";
import { sendDiscord } from "./discord.send.ts";
import { sendEmailHttp } from "./email-http.send.ts";
import { sendEmail } from "./email.send.ts";
import { sendFeishu } from "./feishu.send.ts";
import { sendPagerduty } from "./pagerduty.send.ts";
import { sendAlertmanager } from "./prometheus.send.ts";
import { sendSlack } from "./slack.send.ts";
import { sendTeams } from "./teams.send.ts";
import { sendTelegram } from "./telegram.send.ts";
import { sendWebhook } from "./webhook.send.ts";
import { sendWecom } from "./wecom.send.ts";

const SENDERS: Readonly<Record<ChannelName, Sender>> = {
  webhook: sendWebhook,
  slack: sendSlack,
  teams: sendTeams,
  discord: sendDiscord,
  telegram: sendTelegram,
  pagerduty: sendPagerduty,
  alertmanager: sendAlertmanager,
  feishu: sendFeishu,
  dingtalk: sendDingtalk,
  wecom: sendWecom,
  email: sendEmail,
  "email-http": sendEmailHttp,
};

/** One try. Never rejects; takes at most 15 s. No secret's value is in the answer. */
export async function send(alert: Alert, settings: ChannelSettings, world: SendWorld): Promise<ChannelAnswer> {
  try {
    return await SENDERS[settings.channel](alert, settings, world);
  } catch (problem) {
    // A fault of ours. Its name only: its words may hold what was being sent.
    const name = problem instanceof Error ? problem.name : typeof problem;
    return unsent(`Nothing is known to be sent: Sonde failed at it (${name.slice(0, 40)}).`, BACKOFF);
  }
}
