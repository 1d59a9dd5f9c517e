// PagerDuty by Events API v2. Its own word is 202 with `status: success`. One incident is one `dedup_key` from trigger to resolve;
// news about it are triggers under the same key, which PagerDuty adds to the alert that it has. Called by the map of channels.

import { accepted, byStatus, codeOf, NEVER, quote, refused, type Said } from "./answer.ts";
import type { Alert, AlertKind, ChannelAnswer } from "./alert.ts";
import { deliver, secretValue, type Sender } from "./ask.send.ts";
import { safeKey } from "./safe-key.ts";
import { FACT_NAME_CHARS_MAX, FACT_VALUE_CHARS_MAX, fit, linksOf, oneLine, partsOf } from "./text.ts";

const HOST = "events.pagerduty.com";
/** Events API v2, as its documentation has them. */
const SUMMARY_CHARS_MAX = 1_024;
const SENTENCE_CHARS_MAX = 4_000;

const ACTIONS = {
  trigger: "trigger",
  update: "trigger",
  acknowledge: "acknowledge",
  resolve: "resolve",
  test: "trigger",
} as const satisfies Readonly<Record<AlertKind, string>>;

/** Options: `host`, for accounts in Europe. The key is the integration's routing key. */
export const sendPagerduty: Sender = async (alert, settings, world) => {
  const key = secretValue(world, settings, "keySecret");
  if ("missing" in key) return key.missing;
  const address =
    settings.urlSecret === null
      ? { value: `https://${settings.options["host"] ?? HOST}/v2/enqueue` }
      : secretValue(world, settings, "urlSecret");
  if ("missing" in address) return address.missing;
  const body = JSON.stringify(bodyOf(alert, key.value));
  return deliver(world, { alert, url: address.value, body, secrets: [key.value] }, judge);
};

function bodyOf(alert: Alert, routingKey: string): object {
  const { title, source, sentence, facts } = partsOf(alert);
  const told = facts.map(
    ({ name, value }) => [fit(name, { max: FACT_NAME_CHARS_MAX }), fit(value, { max: FACT_VALUE_CHARS_MAX })] as const,
  );
  return {
    routing_key: routingKey,
    event_action: ACTIONS[alert.kind],
    dedup_key: safeKey(alert.incident),
    payload: {
      summary: fit(title, { max: SUMMARY_CHARS_MAX }),
      source: fit(oneLine(alert.target), { max: FACT_VALUE_CHARS_MAX }),
      severity: alert.severity,
      timestamp: new Date(alert.startedAt).toISOString(),
      component: fit(oneLine(alert.target), { max: FACT_VALUE_CHARS_MAX }),
      group: fit(oneLine(alert.regions.join(", ")), { max: FACT_VALUE_CHARS_MAX }),
      class: alert.kind === "test" ? "test" : "messaging",
      custom_details: { sentence: fit(sentence, { max: SENTENCE_CHARS_MAX }), ...Object.fromEntries(told) },
    },
    links: linksOf(alert).map(({ text, url }) => ({ href: url, text })),
    // Top level, not in the payload: there PagerDuty does not see them.
    client: fit(source, { max: FACT_NAME_CHARS_MAX }),
    ...(alert.pageUrl === null ? {} : { client_url: alert.pageUrl }),
  };
}

function judge(said: Said): ChannelAnswer {
  const word = codeOf(said.json?.["status"]);
  const errors = said.json?.["errors"];
  const words = quote(Array.isArray(errors) ? errors.join("; ") : said.json?.["message"]);
  if (said.status === 202 && word === "success") return accepted(said, word, "success");
  if (said.status === 400 || said.status === 401 || said.status === 403) {
    return refused(
      said,
      word,
      `PagerDuty refuses the event or its key${words}: check the integration's routing key.`,
      NEVER,
    );
  }
  return byStatus(said, word);
}
