// Prometheus Alertmanager by POST /api/v2/alerts. Its own word is 200. Labels are what it knows an alert by, so only what stays the
// same through an incident is one, save the severity, by which people route: see `alertsOf`. Called by the map of channels.
// The file is not called after its channel, since no file of ours may be called a manager.

import { ALERT_SEVERITIES } from "../../schema/words.ts";
import { accepted, byStatus, NEVER, quote, refused, type Said } from "./answer.ts";
import type { Alert, ChannelAnswer } from "./alert.ts";
import { deliver, secretValue, type Sender } from "./ask.send.ts";
import { safeKey } from "./safe-key.ts";
import { FACT_VALUE_CHARS_MAX, fit, letter, linksOf, oneLine, partsOf } from "./text.ts";

/** Where Alertmanager listens by itself. */
const PORT = 9093;
const DESCRIPTION_CHARS_MAX = 4_000;
const PATH = "/api/v2/alerts";
/** Without an end Alertmanager ends an alert after five minutes (`resolve_timeout`), and nobody repeats it: news come when there are any. */
const FIRES_FOR_MS = 7 * 86_400_000;
/** Nobody resolves a test. */
const TEST_MS = 5 * 60_000;

/** The key, if one is named, is a bearer token of whatever stands before it. */
export const sendAlertmanager: Sender = async (alert, settings, world) => {
  const address = secretValue(world, settings, "urlSecret");
  if ("missing" in address) return address.missing;
  const key = settings.keySecret === null ? null : secretValue(world, settings, "keySecret");
  if (key !== null && "missing" in key) return key.missing;
  const base = address.value.replace(/\/+$/, "");
  const url = base.endsWith(PATH) ? base : `${base}${PATH}`;
  const headers = key === null ? {} : { authorization: `Bearer ${key.value}` };
  const body = JSON.stringify(alertsOf(alert, world.outside.now()));
  return deliver(world, { alert, url, headers, body, secrets: [key?.value ?? null], ports: [PORT] }, judge);
};

/**
 * One alert for each severity: the one of now fires, the others have ended. So an incident that gets worse is not left behind under
 * its old severity, and one that is resolved ends whatever it was. Alertmanager tells nobody of an end whose begin it never told.
 */
function alertsOf(alert: Alert, now: number): readonly object[] {
  const { title, source, sentence } = partsOf(alert);
  const page = linksOf(alert)[0]?.url;
  const line = (text: string): string => fit(oneLine(text), { max: FACT_VALUE_CHARS_MAX });
  return ALERT_SEVERITIES.map((severity) => {
    const fires = alert.kind !== "resolve" && severity === alert.severity;
    const firesForMs = alert.kind === "test" ? TEST_MS : FIRES_FOR_MS;
    const endsAt = fires ? now + firesForMs : Math.max(alert.startedAt, alert.endedAt ?? now);
    return {
      labels: {
        alertname: alert.kind === "test" ? "SondeTest" : "SondeIncident",
        incident: safeKey(alert.incident),
        severity,
        source: line(source),
        target: line(alert.target),
      },
      annotations: {
        summary: fit(title, { max: FACT_VALUE_CHARS_MAX }),
        description: sentence === "" ? line(title) : letter(alert, { max: DESCRIPTION_CHARS_MAX, withoutTitle: true }),
        regions: line(alert.regions.join(", ")),
      },
      startsAt: new Date(alert.startedAt).toISOString(),
      endsAt: new Date(endsAt).toISOString(),
      ...(page === undefined ? {} : { generatorURL: page }),
    };
  });
}

function judge(said: Said): ChannelAnswer {
  // Its own 200 is empty; a page of somebody in between, who wants a password, is not.
  if (said.status === 200 && !said.body.trimStart().startsWith("<")) return accepted(said, null, "200 OK");
  if (said.status === 400) {
    return refused(said, null, `Alertmanager refuses the alert${quote(said.body)}.`, NEVER);
  }
  if (said.status === 401 || said.status === 403) {
    return refused(
      said,
      null,
      `What stands before Alertmanager lets nobody in${quote(said.body)}: set its token.`,
      NEVER,
    );
  }
  return byStatus(said);
}
