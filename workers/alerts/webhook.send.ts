// Any receiver, signed after Standard Webhooks: HMAC-SHA256 of "id.timestamp.body". The id is the same on every try, so a receiver that
// knows it has the message once. A 2xx is its word; 410 means never again; all else is tried again. Called by the map of channels.
// Specification: github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md.

import { accepted, BACKOFF, byStatus, NEVER, quote, refused, type Said, unsent } from "./answer.ts";
import type { Alert, AlertKind, ChannelAnswer } from "./alert.ts";
import { deliver, secretValue, type Sender } from "./ask.send.ts";
import { safeKey } from "./safe-key.ts";
import { webhookSignature } from "./signing.ts";
import { FACT_NAME_CHARS_MAX, FACT_VALUE_CHARS_MAX, fit, oneLine, partsOf, sizeInBytes } from "./text.ts";

/** The specification wants less than 20 kB; with these it is 17 kB at most. */
const TITLE_BYTES_MAX = 500;
const SENTENCE_BYTES_MAX = 4_000;
const FACTS_MAX = 10;
const REGIONS_MAX = 50;

const TYPES: Readonly<Record<AlertKind, string>> = {
  trigger: "incident.triggered",
  update: "incident.updated",
  acknowledge: "incident.acknowledged",
  resolve: "incident.resolved",
  test: "incident.test",
};

/** The key: one `whsec_` secret, or two with a space between while it is changed. */
export const sendWebhook: Sender = async (alert, settings, world) => {
  const address = secretValue(world, settings, "urlSecret");
  if ("missing" in address) return address.missing;
  const key = secretValue(world, settings, "keySecret");
  if ("missing" in key) return key.missing;
  const now = world.outside.now();
  const id = safeKey(alert.key);
  const seconds = Math.floor(now / 1_000);
  const body = JSON.stringify({ type: TYPES[alert.kind], timestamp: instant(now), data: dataOf(alert) });
  const signature = webhookSignature(key.value, { id, seconds, body });
  if (signature === null) {
    return unsent(`Nothing was sent: ${settings.keySecret} is not whsec_ and 24 to 64 bytes of base64.`, NEVER);
  }
  const headers = { "webhook-id": id, "webhook-timestamp": String(seconds), "webhook-signature": signature };
  return deliver(
    world,
    { alert, url: address.value, headers, body, secrets: [key.value, ...signature.split(" ")] },
    judge,
  );
};

const instant = (ms: number): string => new Date(ms).toISOString();

function dataOf(alert: Alert): object {
  const { title, source, sentence, facts } = partsOf(alert);
  const short = (text: string, max: number): string => fit(text, { max, sizeOf: sizeInBytes });
  return {
    key: safeKey(alert.key),
    incident: safeKey(alert.incident),
    kind: alert.kind,
    severity: alert.severity,
    language: alert.language,
    source: short(source, FACT_VALUE_CHARS_MAX),
    target: short(oneLine(alert.target), FACT_VALUE_CHARS_MAX),
    regions: alert.regions.slice(0, REGIONS_MAX).map((region) => short(oneLine(region), FACT_NAME_CHARS_MAX)),
    title: short(title, TITLE_BYTES_MAX),
    sentence: short(sentence, SENTENCE_BYTES_MAX),
    facts: facts.slice(0, FACTS_MAX).map(({ name, value }) => ({
      name: short(name, FACT_NAME_CHARS_MAX),
      value: short(value, FACT_VALUE_CHARS_MAX),
    })),
    started_at: instant(alert.startedAt),
    ended_at: alert.endedAt === null ? null : instant(alert.endedAt),
    page_url: alert.pageUrl,
    ack_url: alert.ackUrl,
  };
}

function judge(said: Said): ChannelAnswer {
  if (said.status >= 200 && said.status < 300) return accepted(said, null, `HTTP ${said.status}`);
  const answer = byStatus(said);
  // A receiver that is being changed says 404 or 401 for a while; after the specification all but 410 is tried again.
  if (said.status >= 400 && !answer.disable && answer.again.when === "never") {
    return refused(said, null, `Not taken: HTTP ${said.status}${quote(said.body)}`, BACKOFF);
  }
  return answer;
}
